#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Deferred triggers of Dynamic PCM: the mode that is asked for, and what the
# queues of the front ends say after pcm-test has played on them. Needs root, and
# debugfs for the queues; close all streams first.

cd "$(dirname "$0")" || exit 4
. ../kselftest/ktap_helpers.sh

mode=/sys/module/snd_soc_core/parameters/dpcm_deferred_trigger
queues="/sys/kernel/debug/asoc/*/*/deferred_trigger"

ktap_print_header
if [ ! -w $mode ]; then
	ktap_skip_all "no deferred triggers in this kernel, or not root"
	exit "$KSFT_SKIP"
fi
before=$(cat $mode)
trap 'echo "$before" >$mode' EXIT

takes() {
	echo "$1" >$mode && [ "$(cat $mode)" = "$1" ]
}

refuses() {
	takes "$before" && ! echo "$1" 2>/dev/null >$mode && [ "$(cat $mode)" = "$before" ]
}

# of all queues; words as the file has them, without the colon
sum() {
	awk -v key="$1:" '$1 == key { n += $2 } END { print n + 0 }' $queues
}

# nothing waits, and all that was queued was run or cancelled
accounts() {
	awk '
		$1 == "mode:" { if ($2 !~ /^(off|auto|stop|all)$/) bad = 1; seen++ }
		$1 == "depth:" { if ($2) bad = 1 }
		$1 == "max_depth:" { if ($2 > 8) bad = 1 }
		$1 == "queued:" { queued = $2 }
		$1 == "run:" { run = $2 }
		$1 == "cancelled:" { if (queued != run + $2) bad = 1 }
		$1 == "inline:" || $1 == "failed:" { if ($2 > run) bad = 1 }
		END { exit bad || !seen }' $queues
}

# played MODE QUEUES: does pcm-test move the queues, or leave them alone?
played() {
	takes "$1" || return
	was=$(sum queued)
	./pcm-test | sed 's/^/# /'
	now=$(sum queued)
	ktap_print_msg "mode $1: $((now - was)) triggers queued"
	if [ "$2" = used ]; then [ "$now" -gt "$was" ]; else [ "$now" -eq "$was" ]; fi
}

result() {
	if "$@"; then ktap_test_pass "$*"; else ktap_test_fail "$*"; fi
}

ktap_set_plan 10
for m in off auto stop all; do result takes $m; done
result refuses none

# shellcheck disable=SC2086
if ls $queues >/dev/null 2>&1; then
	result accounts
	result played off unused
	result played stop used
	result played all used
	result accounts
else
	for t in accounts "played off unused" "played stop used" "played all used" accounts; do
		ktap_test_skip "$t"
	done
fi

ktap_finished
