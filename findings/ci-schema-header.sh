#!/usr/bin/env bash
# check-jsonschema 0.39.0 and a CI/CD file with a header (spec), which GitLab wants as a YAML document of its own. Seen: the file is
# not read ("ComposerError: expected a single document in the stream"), with --builtin-schema vendor.gitlab-ci as well.
# Needs Python 3 with pip.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target packages check-jsonschema==0.39.0
cat >.gitlab-ci.yml <<'YAML'
spec:
  inputs:
    stack: { default: prod }
---
build:
  script: echo $[[ inputs.stack ]]
YAML
said=$(PYTHONPATH=packages python3 -m check_jsonschema --builtin-schema vendor.gitlab-ci .gitlab-ci.yml 2>&1) && exit 1
echo "$said"
[[ $said == *"expected a single document in the stream"* ]]
