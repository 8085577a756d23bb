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

# How a target is built. What a case of the large ones runs through is mostly comparisons: to note each of them
# takes half of the time, and their seeds and words know what a comparison could teach.
options() {
  case $1 in
    handle | piece | scenario) echo "--sanitizer none --no-trace-compares --target-dir fuzz/target/large" ;;
    *) echo "--sanitizer none" ;;
  esac
}
export -f options

cargo run --quiet --manifest-path fuzz/Cargo.toml --example seeds
for target in "${targets[@]}"; do
  # shellcheck disable=SC2046
  cargo +nightly fuzz build $(options "$target") "$target"
done
mkdir -p fuzz/target/logs

one() {
  local target=$1 log=fuzz/target/logs/$1.log longest
  case $target in
    scenario | exchange | piece) longest=4096 ;; # files
    handle) longest=2048 ;;                      # several requests
    *) longest=1024 ;;
  esac
  # shellcheck disable=SC2046
  # A case may take 10 s and the process 1 GiB, which is far more than either ever takes.
  if nice -n 10 cargo +nightly fuzz run $(options "$target") "$target" -- -runs="${RUNS:-1000000}" \
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
