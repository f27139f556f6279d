#!/usr/bin/env bash
# @gitbeaker/rest 43.8.0, `all({ perPage: 1 })` of a list of five. Seen: 5 requests and 5 rows; with `page: 1` too, 1 and 1.
# Needs npm.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund @gitbeaker/rest@43.8.0 >/dev/null
cat >look.mjs <<'JS'
import { createServer } from "node:http";
import { Gitlab } from "@gitbeaker/rest";
let requests = 0;
const server = createServer((request, response) => {
  requests += 1;
  const url = new URL(request.url, `http://${request.headers.host}`);
  const page = Number(url.searchParams.get("page") ?? 1);
  url.searchParams.set("page", String(page + 1));
  const link = page < 5 ? { link: `<${url}>; rel="next"` } : {};
  response.writeHead(200, { "content-type": "application/json", ...link }).end(JSON.stringify([{ id: page }]));
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const gitlab = new Gitlab({ host: `http://127.0.0.1:${server.address().port}`, token: "any" });
const seen = [];
for (const options of [{ perPage: 1 }, { perPage: 1, page: 1 }]) {
  requests = 0;
  const rows = await gitlab.Pipelines.all(1, options);
  seen.push(`${JSON.stringify(options)}: ${requests} requests, ${rows.length} rows`);
}
console.log(seen.join("\n"));
process.exit(seen.join().match(/\d requests, \d rows/g).join() === "5 requests, 5 rows,1 requests, 1 rows" ? 0 : 1);
JS
node look.mjs
