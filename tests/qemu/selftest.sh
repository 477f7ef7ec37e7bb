#!/bin/bash
# Can the harness fail? First the judge alone, on what a made-up guest says; then
# real guests that must not pass:  tests/qemu/selftest.sh BUILDDIR
. "$(dirname "$0")/../../scripts/lib.sh"

kernel=${1:?BUILDDIR}
runs=$BUILD/runs/selftest
failed=0
mkdir -p "$runs"

# try WHAT WANT SCENARIO: the exit code that boot owes us
try() {
	local rc=0
	"$TOP/tests/qemu/boot" --build "$kernel" --scenario "$3" --out "$runs/$1" \
		${timeout:+--timeout "$timeout"} >"$runs/$1.log" 2>&1 || rc=$?
	if [ $rc = "$2" ]; then
		echo "ok $1: exit $rc"
	else
		echo "not ok $1: exit $rc, expected $2: $runs/$1.log"
		failed=1
	fi
}

side=ours
case $(basename "$kernel") in *-stock) side=stock;; esac
said="side $side
xruns 0
reports 0
report_kasan 0"

# judge WHAT WANT VERDICT [CONSOLE]: QEMU is a script that says just that
judge() {
	cat >"$runs/qemu" <<-END
	#!/bin/sh
	cd "$runs/$1" && printf '%s' '$3' >verdict && echo '${4:-}' >console.log
	${files:-tar -cf files.tar -T /dev/null}
	${timeout:+sleep 100}
	END
	chmod +x "$runs/qemu"
	QEMU=$runs/qemu try "$1" "$2" "${scenario:-smoke}"
}

judge passes 0 "$said
PASS"
judge fails 1 "$said
FAIL for a reason"
judge says-nothing 3 ""
judge stops-short 3 "$said"
files=: judge no-files 1 "$said
PASS"
files="echo these >files.tar" judge broken-files 1 "$said
PASS"
judge unfit 1 "$said
UNFIT for its clocks"
judge wrong-side 1 "${said/side $side/side other}
PASS"
judge console-knows-better 1 "$said
PASS" "[    1.000000] BUG: KASAN: slab-use-after-free in f"
# only a released kernel may die, and only of what it is to show
scenario=selftest-died
if [ $side = stock ]; then want=0; else want=3; fi
judge died $want "" "[    1.000000] BUG: KASAN: slab-use-after-free in f"
judge died-of-another 3 "" "[    1.000000] BUG: KASAN: slab-use-after-free in g"
scenario=
timeout=1 judge hangs 3 "$said
PASS"

# it takes until its timeout
try silent 3 selftest-silent >"$runs/silent.said" &
try report 1 selftest-report
try late 1 selftest-late
try dies 3 selftest-dies
try exits 3 selftest-exits
wait
cat "$runs/silent.said"
if ! grep -q '^ok' "$runs/silent.said"; then failed=1; fi
exit $failed
