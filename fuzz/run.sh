#!/usr/bin/env bash
# Makes the seeds, then fuzzes the targets named, or all of them, for RUNS cases each (a million unless told
# otherwise), AT_ONCE of them at a time (two). Needs a nightly toolchain and cargo-fuzz. What a target found lies
# in fuzz/artifacts/TARGET, what it printed in fuzz/target/logs/TARGET.log.
set -euo pipefail
cd "$(dirname "$0")/.."
targets=("$@")
if [ $# -eq 0 ]; then
  mapfile -t targets < <(cargo +nightly fuzz list)
fi

cargo run --quiet --manifest-path fuzz/Cargo.toml --example seeds
cargo +nightly fuzz build --sanitizer none
mkdir -p fuzz/target/logs

one() {
  local target=$1 log=fuzz/target/logs/$1.log longest
  case $target in
    scenario | exchange | piece) longest=4096 ;; # files
    handle) longest=2048 ;;                      # several requests
    *) longest=1024 ;;
  esac
  # A case may take 10 s and the process 1 GiB, which is far more than either ever takes.
  if nice -n 10 cargo +nightly fuzz run --sanitizer none "$target" -- -runs="${RUNS:-1000000}" \
    -max_len=$longest -timeout=10 -rss_limit_mb=1024 -print_final_stats=1 \
    -dict=fuzz/dictionaries/words.dict >"$log" 2>&1; then
    printf '%-16s %s\n' "$target" "$(grep -aE '^(Done|stat::(average|peak|slowest))' "$log" | tr -s ' \n' ' ')"
  else
    printf '%-16s FAILED, see %s\n' "$target" "$log" >&2
    return 1
  fi
}
export -f one
printf '%s\n' "${targets[@]}" | xargs -P "${AT_ONCE:-2}" -I{} bash -c 'one {}'
