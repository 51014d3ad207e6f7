#!/usr/bin/env bash
# Runs every check and test from a fresh clone: lint, types, dead code, unit, command-line and integration tests.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

bash scripts/prerequisites.sh
[ -d node_modules/typescript ] || npm ci
npm run --silent build
npm run --silent check
node --import tsx test/support/run.ts "$@"
