#!/bin/bash
# Can the harness fail? Scenarios that must not pass, each with the exit code
# that boot owes it:  tests/qemu/selftest.sh BUILDDIR
. "$(dirname "$0")/../../scripts/lib.sh"

kernel=${1:?BUILDDIR}
mkdir -p "$BUILD/runs"
failed=0
while read -r scenario want; do
	rc=0
	"$TOP/tests/qemu/boot" --build "$kernel" --scenario "selftest-$scenario" \
		--out "$BUILD/runs/selftest/$scenario" >"$BUILD/runs/selftest-$scenario.log" 2>&1 || rc=$?
	if [ $rc = "$want" ]; then
		echo "ok selftest-$scenario: exit $rc"
	else
		echo "not ok selftest-$scenario: exit $rc, expected $want: $BUILD/runs/selftest-$scenario.log"
		failed=1
	fi
done <<END
report 1
late 1
dies 3
exits 3
silent 3
END
exit $failed
