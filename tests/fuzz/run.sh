#!/bin/bash
# Fuzzes the analyser's files with libFuzzer, ASan and UBSan on one core.
#   tests/fuzz/run.sh [SECONDS [BUILD-DIR]]
# The corpus grows in BUILD-DIR/fuzz/corpus from run to run; what crashes is left in
# BUILD-DIR/fuzz/found and belongs, once mended, in tests/fuzz/found. The last line
# counts executions and crashes.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
seconds=${1:-60}
build=$(realpath -m "${2:-${BUILD:-$here/../../build}/tools}")
out=$build/fuzz
command -v clang >/dev/null || { echo "error: clang is missing: apt-get install clang libclang-rt-dev" >&2; exit 1; }
mkdir -p "$out/corpus" "$out/found"
make -s -C "$here/../../tools/dpcm-latency" fuzz BUILD="$build"
"$here/../tools/run.sh" --seeds "$out/corpus" "$build" >/dev/null
cp "$here"/found/* "$out/corpus" 2>/dev/null || :
log=$out/$(date +%Y%m%d-%H%M%S).log
rc=0
nice -n 19 "$build/dpcm-latency.d-fuzz/fuzz" -max_total_time="$seconds" -timeout=25 -rss_limit_mb=2048 -max_len=65536 \
	-dict="$here/dict" -artifact_prefix="$out/found/" -close_fd_mask=3 -print_final_stats=1 "$out/corpus" >"$log" 2>&1 || rc=$?
n=$(awk '/stat::number_of_executed_units/ { print $2 }' "$log")
echo "$n executions, $(find "$out/found" -type f ! -name 'slow-unit-*' | wc -l) crashes, log $log"
exit $rc
