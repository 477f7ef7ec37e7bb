#!/bin/bash
# Speed and memory of dpcm-latency against trace-cmd report on the same files, one
# after the other, and limits on both. usage: speed.sh [BUILD-DIR [TIMES]]
# TIMES makes the traces that many times smaller.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$(realpath -m "${1:-${BUILD:-$here/../../build}/tools}")
times=${2:-1}
tool=$build/dpcm-latency
make -s -C "$here/../../tools/dpcm-latency" all BUILD="$build"
${CC:-gcc} -O2 -Wall -Wextra -Werror -o "$build/mkdat" "$here/mkdat.c"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
export LC_ALL=C

# A deferred STOP of two BEs that begins at $1: 9 events, about 100 bytes each
trigger() {
	cat <<-END
	$(($1 + 100)) 0 100 xrun card=0 common_flags=8
	$(($1 + 200)) 0 100 dpcm_trigger_queue card=vcard fe=FE0 seq=1 depth=1 common_flags=8
	$(($1 + 20200)) 1 201 dpcm_trigger_run card=vcard fe=FE0 seq=1 wait_ns=20000 lock_ns=300
	$(($1 + 20300)) 1 201 dpcm_be_trigger_start card=vcard fe=FE0 be=BE0 seq=1
	$(($1 + 30300)) 1 201 dpcm_be_trigger_end card=vcard fe=FE0 be=BE0 seq=1
	$(($1 + 30400)) 1 201 dpcm_be_trigger_start card=vcard fe=FE0 be=BE1 seq=1
	$(($1 + 40400)) 1 201 dpcm_be_trigger_end card=vcard fe=FE0 be=BE1 seq=1
	$(($1 + 40500)) 1 201 dpcm_trigger_done card=vcard fe=FE0 seq=1 bes=2 total_ns=40300
	END
}
# N of: what a busy system records of sched and irq, and a trigger for every 1000 events
few() {
	echo "repeat $1 2000000"
	for ((i = 0; i < 496; i++)); do
		echo "$((i * 3000)) $((i & 1)) $((300 + i % 7)) sched_switch prev_comm=a prev_pid=$((300 + i % 7)) next_comm=task next_pid=$((300 + (i + 1) % 7))"
		echo "$((i * 3000 + 500)) $((i & 1)) $((300 + (i + 1) % 7)) sched_waking comm=task pid=$((300 + i % 5))"
	done
	trigger 1600000
	echo end
}
all() {
	echo "repeat $1 100000"
	trigger 0
	echo end
}

# measure CMD...: "SECONDS KB": processor time, which a busy machine does not change much, and peak memory
measure() {
	local best="" s kb
	for _ in 1 2 3; do
		/usr/bin/time -o time -f '%U %S %M' "$@" >out 2>err || { cat err >&2; return 1; }
		read -r s kb < <(awk '{ print $1 + $2, $3 }' time)
		best=$(awk -v a="${best:-$s}" -v b="$s" 'BEGIN { print a < b ? a : b }')
	done
	echo "$best $kb"
}
failed=0
# compare NAME FILE EVENTS AT-LEAST
compare() {
	local t tkb o okb
	read -r t tkb < <(measure unshare -m trace-cmd report -N "$2")
	read -r o okb < <(measure "$tool" report "$2")
	awk -v name="$1" -v n="$3" -v t="$t" -v tkb="$tkb" -v o="$o" -v okb="$okb" -v least="$4" 'BEGIN {
		printf "%s: %.1f million events: trace-cmd report %.2f M/s %d KB, dpcm-latency report %.2f M/s %d KB: %.1f times (at least %s)\n",
		       name, n / 1e6, n / t / 1e6, tkb, n / o / 1e6, okb, t / o, least
		exit t / o < least }' || failed=1
}
# The same memory for a small and a large file, but for the values that are kept: up to 32 KB a row, of eight rows?
memory() {
	local small large
	small=$(measure "$tool" report "$2" | cut -d" " -f2)
	large=$(measure "$tool" report "$3" | cut -d" " -f2)
	printf '%s: peak memory %d KB for %d MB, %d KB for %d MB (at most 512 KB more)\n' "$1" "$small" $(($(stat -c %s "$2") >> 20)) \
		"$large" $(($(stat -c %s "$3") >> 20))
	((large <= small + 512)) || failed=1
}

cd "$tmp"
few $((5000 / times)) | "$build/mkdat" few.dat
all $((250000 / times)) | "$build/mkdat" all.dat
compare "few of ours" few.dat $((5000000 / times)) 8
compare "all of ours" all.dat $((2000000 / times)) 4
rm few.dat all.dat
few $((1240 / times)) | "$build/mkdat" small.dat
few $((12400 / times)) | "$build/mkdat" large.dat
memory "few of ours" small.dat large.dat
all $((125000 / times)) | "$build/mkdat" small.dat
all $((1250000 / times)) | "$build/mkdat" large.dat
memory "all of ours" small.dat large.dat
exit $failed
