#!/usr/bin/env bash
# @gitbeaker/rest 43.8.0 and a server that answers 429 with "Retry-After: 30", as GitLab does when a limit is reached. Seen: 10
# requests within 0.6 seconds, then "Could not successfully complete this request after 10 retries".
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
const server = createServer((_, response) => {
  requests += 1;
  response.writeHead(429, { "retry-after": "30", "content-type": "text/plain" }).end("Retry later\n");
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const gitlab = new Gitlab({ host: `http://127.0.0.1:${server.address().port}`, token: "any" });
const since = Date.now();
const said = await gitlab.Metadata.show().catch(({ message }) => message);
const seconds = (Date.now() - since) / 1000;
console.log(`${requests} requests in ${seconds} s: ${said}`);
process.exit(requests === 10 && seconds < 10 ? 0 : 1);
JS
node look.mjs
