#!/usr/bin/env bash
# Has an independent judge of JSON:API read what the server answers as Adobe Learning Manager.
# Usage: tests/jsonapi/run.sh [BINARY]. Needs Node.js 20 or newer and npm; what it installs goes below target/.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

if [ $# -gt 0 ]; then
  binary=$(realpath "$1")
else
  cargo build --locked --manifest-path "$root/Cargo.toml"
  binary=${CARGO_TARGET_DIR:-$root/target}/debug/enrollmock
fi

place=$root/target/jsonapi
mkdir -p "$place"
cp "$here"/package.json "$here"/package-lock.json "$here"/*.js "$place"
(cd "$place" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
exec node "$place/walk.js" "$binary"
