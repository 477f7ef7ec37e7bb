#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Checks the model of the deferred triggers, dpcm.pml, with spin: each
# configuration holds, and each mutant, a way to get the design wrong, is
# rejected.  One line for each run; the last line counts.
#   run.sh [--quick] [PATTERN]	only the runs whose name matches; without the long ones
# Needs spin and gcc; installs nothing.  BUILD: where to work (build).
here=$(cd "$(dirname "$0")" && pwd) || exit 1
work=${BUILD:-build}/model
quick=
if [[ ${1:-} == --quick ]]; then quick=1; shift; fi
only=${1:-}
passed=0 failed=0

missing=
for tool in spin gcc; do
	command -v "$tool" >/dev/null || missing+=" $tool"
done
if [[ $missing ]]; then
	echo "not ok model: missing:$missing (apt-get install$missing)"
	echo "0 passed, 1 failed"
	exit 1
fi
mkdir -p "$work" && work=$(cd "$work" && pwd) || exit 1

verdict() {
	local how=$1
	shift
	if [[ $how == ok ]]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
	echo "$how $*"
}

# figure REGEX: the first number that follows in spin's report
figure() { sed -nE "s/$1/\\1/p" out | head -n 1; }

# check NAME good|bad DEFINES...: the run is exhaustive and without an error,
# or it ends with one
check() {
	local name=$1 want=$2 flags=(-O0 -DSAFETY) args=(-n -m1000000 -w22) states deep error fast info
	shift 2
	[[ $name =~ $only ]] || return 0
	rm -rf "${work:?}/$name" && mkdir "$work/$name" && cd "$work/$name" || exit 1
	if [[ " $* " == *" -DLIVE "* ]]; then
		flags=(-O0 -DNFAIR=8) args+=(-a -f)
	fi
	# to optimize takes 14 s, which only millions of states are worth
	[[ $name == two-* ]] && flags[0]=-O1
	if ! { spin -a "$@" "$here/dpcm.pml" &&
		gcc -w -DCOLLAPSE -DMEMLIM=2500 "${flags[@]}" -o pan pan.c; } >log 2>&1; then
		verdict "not ok" "$name: does not build: $(tail -n 1 log)"
		return
	fi
	timeout 600 ./pan "${args[@]}" >out 2>&1
	states=$(figure '^ *([0-9.e+]+) states, stored.*')
	deep=$(figure '.*depth reached ([0-9]+).*')
	fast=$(figure '.*elapsed time ([0-9.]+) seconds.*')
	info="$states states, depth $deep, $(figure '^max queue depth ([0-9]+)') queued at most, ${fast:-?} s"
	error=$(figure '^pan:[0-9]+: (.*) \(at depth.*')
	if [[ $want == bad && $error ]]; then
		verdict ok "mutant $name rejected: $error"
	elif [[ $want == bad ]]; then
		verdict "not ok" "mutant $name accepted ($info)"
	elif [[ $error ]]; then
		verdict "not ok" "$name: $error; spin -t -p $* dpcm.pml with $work/$name/dpcm.pml.trail shows how"
	elif ! grep -q 'errors: 0' out || grep -qE 'max search depth too small|limit|interrupted' out; then
		verdict "not ok" "$name: not exhaustive"
	else
		verdict ok "$name: $info"
	fi
}

long() { [[ $quick ]] || check "$@"; }

all=(-DPAUSES -DDRAINS -DSUSPENDS)
two=(-DNFE=2 -DFEW -DSTAY)

for order in PRE POST; do
	check "one-$order" good "-D$order" "${all[@]}"
	check "fail-$order" good "-D$order" "${all[@]}" -DFAIL
	check "fail-linked-$order" good "-D$order" "${all[@]}" -DFAIL -DLINKED
	check "routes-$order" good "-D$order" -DPAUSES -DROUTES -DNBE=2
	long "two-$order" good "-D$order" "${two[@]}" -DROUTES
done
check unbind good -DPRE "${all[@]}" -DUNBINDS
check fail-two-BEs good -DPOST -DPAUSES -DFAIL -DNBE=2
check stop-one good -DPRE "${all[@]}" -DMODE_STOP
check stop-two good -DPOST "${two[@]}" -DMODE_STOP
check live good -DPRE -DPAUSES -DLIVE

check prepare-no-drain bad -DPRE -DPAUSES -DM_PREPARE
check close-no-drain bad -DPRE -DPAUSES -DM_CLOSE
check sync_stop-no-drain bad -DPRE -DPAUSES -DM_SYNC_STOP
check suspend-no-drain bad -DPRE "${all[@]}" -DM_SUSPEND
check drain-in-the-middle bad -DPOST "${two[@]}" -DROUTES -DM_MIDDLE
check stop-overtakes bad -DPRE -DPAUSES -DM_OVERTAKE
check fe-half-overtakes bad -DPOST -DPAUSES -DM_FE_HALF
check start-overtakes bad -DPRE -DPAUSES -DMODE_STOP -DM_START_SYNC
check cancel-the-running bad -DPRE -DPAUSES -DM_CANCEL_RUNNING
check never-cancel bad -DPRE -DPAUSES -DM_NO_CANCEL
check single-slot bad -DPRE -DPAUSES -DM_SLOT
check work-survives-unbind bad -DPRE -DUNBINDS -DM_UNBIND
check reference-not-held bad -DPOST "${two[@]}" -DROUTES -DM_REFERENCE
check runtime-without-BE-lock bad -DPOST "${two[@]}" -DMODE_STOP -DM_RUNTIME
check fail-while-paused bad -DPRE -DPAUSES -DFAIL -DNBE=2 -DM_FAIL_PAUSED
check fail-no-sync_stop bad -DPRE -DPAUSES -DFAIL -DM_FAIL_SYNC
check fail-keeps-queue bad -DPOST "${all[@]}" -DFAIL -DM_FAIL_KEEP
check drain-until-empty bad -DPRE -DPAUSES -DLIVE -DM_UNTIL_EMPTY
check work-not-queued bad -DPRE -DPAUSES -DM_NO_WORK
check fail-drops-too-early bad -DPRE -DPAUSES -DFAIL -DLINKED -DM_FAIL_WINDOW
check fail-bound-before-stop bad -DPRE -DPAUSES -DFAIL -DM_FAIL_BOUND

echo "$passed passed, $failed failed"
((failed == 0 && passed > 0))
