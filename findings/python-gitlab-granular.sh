#!/usr/bin/env bash
# python-gitlab 8.6.0 and GitLab's fine-grained tokens, which are made with `granular_scopes` and refuse `scopes` beside them (19.6).
# Seen: a user's manager of tokens sends no request without `scopes`, "Missing attributes: scopes"; the client's plain POST does it.
# Needs Python 3 with pip.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target packages python-gitlab==8.6.0
cat >make.py <<'PY'
import http.server
import json
import threading

import gitlab

asked = []


class Server(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        asked.append(sorted(json.loads(self.rfile.read(int(self.headers["content-length"])))))
        body = b'{"id": 1, "granular": true}'
        self.send_response(201)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
client = gitlab.Gitlab(f"http://127.0.0.1:{server.server_port}", private_token="any")
token = {"name": "narrow", "granular_scopes": [{"access": "user", "permissions": ["read_user"]}], "expires_at": "2027-01-01"}
try:
    client.users.get(1, lazy=True).personal_access_tokens.create(token)
    seen = "made"
except AttributeError as error:
    seen = str(error)
print(f"the manager: {seen}, after {len(asked)} requests")
assert (seen, asked) == ("Missing attributes: scopes", []), (seen, asked)
print("a plain POST:", client.http_post("/users/1/personal_access_tokens", post_data=token), "asked with", *asked)
assert asked == [["expires_at", "granular_scopes", "name"]], asked
PY
PYTHONPATH=packages python3 make.py
