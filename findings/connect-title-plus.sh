#!/usr/bin/env bash
# 1Password's Connect SDKs for JavaScript (@1password/connect 1.4.2) and Python (onepasswordconnectsdk 2.1.1), items by title. Both put
# the title into the query as it is but for blanks and quotes. Seen by the server, for `C++`: title eq "C  "; by Python's for `100%25`:
# title eq "100%". So such an item is not found, or another one is. Needs npm, and Python 3 with pip.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund @1password/connect@1.4.2 >/dev/null
python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target packages onepasswordconnectsdk==2.1.1
cat >look.py <<'PY'
import sys
from onepasswordconnectsdk import new_client

for title in ("C++", "100%25"):
    try:
        new_client(sys.argv[1], "any").get_item_by_title(title, "v" * 26)
    except Exception:
        pass
PY
cat >look.mjs <<'JS'
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import sdk from "@1password/connect";
const filters = [];
const server = createServer((request, response) => {
  filters.push(new URL(request.url, "http://any").searchParams.get("filter"));
  response.writeHead(200, { "content-type": "application/json" }).end("[]");
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const serverURL = `http://127.0.0.1:${server.address().port}`;
await sdk.OnePasswordConnect({ serverURL, token: "any" }).getItemByTitle("v".repeat(26), "C++").catch(() => {});
const env = { ...process.env, PYTHONPATH: "packages" };
const python = spawn("python3", ["look.py", serverURL], { stdio: "inherit", env });
await new Promise((resolve) => python.once("close", resolve));
console.log(filters.join("\n"));
const wanted = ['title eq "C  "', 'title eq "C  "', 'title eq "100%"'];
process.exit(JSON.stringify(filters) === JSON.stringify(wanted) ? 0 : 1);
JS
node look.mjs
