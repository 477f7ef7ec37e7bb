#!/bin/bash
# The trace configurations, record and top in a guest: boots the scenario
# trace-configs and looks at what it brings back.
#   tests/tools/guest.sh BUILD-DIR-OF-A-KERNEL [MODE [OUT]]
. "$(dirname "$0")/../../scripts/lib.sh"

kernel=${1:?usage: guest.sh build/SERIES-PROFILE[-stock] [MODE [OUT]]}
mode=${2:--}
out=${3:-$BUILD/runs/$(basename "$kernel")/trace-configs}
tool=$BUILD/tools/dpcm-latency
make -s -C "$TOP/tools/dpcm-latency" BUILD="$BUILD/tools"

rm -rf "$out"
opt=$out/guest/opt
mkdir -p "$opt/tools/lib"
cp -r "$TOP/trace-configs" "$opt"
cp "$tool" "$opt/tools"
ldd "$tool" | grep -o '/[^ ]*lib\(jansson\|zstd\|m\|tracefs\|traceevent\)\.so[^ ]*' | xargs cp -L -t "$opt/tools/lib"

if [ -n "${BOOTCONFIG:-}" ]; then
	# tests/qemu/boot calls it in QEMU's place
	export QEMU=$TOP/tests/tools/qemu-bootconfig BOOTCONFIG
	set -- --append bootconfig
else
	set --
fi
"$TOP/tests/qemu/boot" --build "$kernel" --scenario trace-configs --mode "$mode" --overlay "$out/guest" --out "$out" "$@"

# want FILE WORDS...: a row in the text that has all of them
want() {
	local f=$1 rows word
	shift
	rows=$(cat "$out/$f.txt")
	for word; do
		rows=$(grep -E -e "$word" <<<"$rows") || die "$f: no row with '$word' ($*): see $out/$f.txt"
	done
}
# same FILE: the table of that trace is the same as from trace-cmd's text
same() { "$TOP/tests/tools/run.sh" --compare "$out/trace-$1.dat" || die "$1: not the same as from trace-cmd report"; }

if [ -n "${BOOTCONFIG:-}" ]; then
	want boot.bootconfig STOP total
	same boot.bootconfig
	echo "boot.bootconfig: recorded from the boot on"
	exit
fi
want stock STOP sync total
want stock STOP sync 'be:0x'
# where triggers are deferred the probes see no xrun that a stop follows
case $mode in -|off) want stock STOP sync xrun;; esac
want stock irq irq_off
want stock-min STOP sync total
want record STOP total
configs="stock stock-min record"
if [[ $kernel != *-stock ]]; then
	deferred=worker
	if [ "$mode" = off ]; then deferred=sync; fi
	for c in xrun-stop full wakeup; do
		want $c STOP $deferred total
		want $c STOP $deferred since_xrun
		configs+=" $c"
	done
	if [ "$mode" != off ]; then
		want full 'on CPU [0-9] from queued to run:'
		want minimal 'cmd: +0, total_ns: '
		want minimal-since-xrun 'stream: +0, cmd: +0, ns: '
	fi
	if grep -q '^CONFIG_LOCKDEP=y' "$kernel/.config"; then
		want full-lockdep STOP $deferred total
		configs+=" full-lockdep"
	fi
	if grep -q '^CONFIG_IRQSOFF_TRACER=y' "$kernel/.config"; then
		want irqs-off STOP $deferred total
		want irqs-off 'latency: [0-9]+ us'
		configs+=" irqs-off"
	fi
	want top STOP total
fi
for c in $configs; do same "$c"; done
echo "$(ls "$out"/*.txt | wc -l) of trace configurations, record and top: $(basename "$kernel"), mode $mode"
