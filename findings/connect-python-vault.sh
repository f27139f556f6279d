#!/usr/bin/env bash
# 1Password's Connect SDK for Python, onepasswordconnectsdk 2.1.1, which has a class of errors for vaults. Seen where no vault has a
# title: FailedToRetrieveItemException, "Found 0 vaults with name Nowhere"; for a vault by its id the class for vaults.
# Needs Python 3 with pip.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target packages onepasswordconnectsdk==2.1.1
cat >look.py <<'PY'
import http.server
import threading

from onepasswordconnectsdk import new_client


class Server(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        is_list = "?" in self.path
        body = b"[]" if is_list else b'{"status": 404, "message": "vault not found"}'
        self.send_response(200 if is_list else 404)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
client = new_client(f"http://127.0.0.1:{server.server_port}", "any")
seen = []
for look in (lambda: client.get_vault_by_title("Nowhere"), lambda: client.get_vault("v" * 26)):
    try:
        look()
    except Exception as error:
        seen.append(type(error).__name__)
        print(type(error).__name__, " ".join(str(error).split()))
assert seen == ["FailedToRetrieveItemException", "FailedToRetrieveVaultException"], seen
PY
PYTHONPATH=packages python3 look.py
