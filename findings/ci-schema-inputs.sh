#!/usr/bin/env bash
# check-jsonschema 0.39.0, its copy of GitLab's schema of CI/CD files. Seen: a header with `regex: /^[a-z]+$/` is valid, although
# GitLab gives that text to RE2 as it is, so that no value fits; `tags: $[[ inputs.tags ]]` and `access: $[[ inputs.access ]]` are not,
# although GitLab puts inputs there ("is not of type 'array'", "is not one of ['none', 'developer', 'maintainer', 'all']").
# Needs Python 3 with pip.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target packages check-jsonschema==0.39.0
judge() { PYTHONPATH=packages python3 -m check_jsonschema --builtin-schema vendor.gitlab-ci "$1" 2>&1 || true; }
cat >header.yml <<'YAML'
spec:
  inputs:
    stack:
      default: prod
      regex: /^[a-z]+$/
YAML
cat >jobs.yml <<'YAML'
build:
  script: echo
  tags: $[[ inputs.tags ]]
  artifacts:
    paths: [x]
    access: $[[ inputs.access ]]
YAML
header=$(judge header.yml)
jobs=$(judge jobs.yml)
echo "$header"
echo "$jobs"
[[ $header == *"validation done"* ]]
[[ $jobs == *"is not of type 'array'"*"is not one of"* ]]
