#!/bin/bash
# Tests of tools/dpcm-latency: its unit tests, then the whole program on traces that mkdat writes.
# usage: run.sh [BUILD-DIR]. The last line is "N passed, N failed"; the exit code is 1 if any failed.
#        run.sh --seeds DIR [BUILD-DIR]: only writes a few small traces there, for tests/fuzz
#        run.sh --compare FILE [BUILD-DIR]: only what the tool says of that recording, against trace-cmd's text
set -u
here=$(cd "$(dirname "$0")" && pwd)
compare=
seeds=
if [ "${1-}" = --seeds ]; then
	seeds=$(realpath "${2:?which directory?}") || exit 1
	shift 2
fi
if [ "${1-}" = --compare ]; then
	compare=$(realpath "${2:?which file?}") || exit 1
	shift 2
fi
build=$(realpath -m "${1:-${BUILD:-$here/../../build}/tools}")
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp" || exit 1
export LC_ALL=C

passed=0
failed=0
ok() { # NAME, and the result of the command before it
	if [ "$2" = 0 ]; then
		passed=$((passed + 1))
		echo "ok - $1"
	else
		failed=$((failed + 1))
		echo "not ok - $1"
		sed 's/^/#   /' out err 2>/dev/null | head -n 20
	fi
}
finish() {
	echo "$passed passed, $failed failed"
	[ "$failed" = 0 ] && [ "$passed" != 0 ]
	exit
}

plain=$build/dpcm-latency
asan=$build/dpcm-latency.d-asan/dpcm-latency
mkdat=$build/mkdat
tool=$plain

# trace-cmd mounts tracefs where it finds none: in a name space of its own
tracecmd() {
	unshare -m trace-cmd "$@"
}
# The next three run a thousand times: no process but the tool's own.
run() { # CODE ARGS...: run the tool; out, err; true if it exits with CODE and no sanitizer complains
	local want=$1
	shift
	timeout 300 "$tool" "$@" >out 2>err
	code=$?
	mapfile -t said <err
	[ "$code" = "$want" ] && [[ ! ${said[*]} =~ Sanitizer|runtime\ error ]]
}
ends() { # PATTERN: of the last line of stderr
	((${#said[@]})) && [[ ${said[-1]} =~ $1 ]]
}
# Like run, for what must fail: nothing on stdout, and the last line of stderr is ours
fails() {
	run "$@" && [ ! -s out ] && ends '^(dpcm-latency|usage): '
}
csv() { # FILE...: the table only
	run 0 report --format csv "$@" && mv out table
}
row() { # KEY COUNT,...: is that row in the table?
	grep -q -x -F -e "$1,$2" table || { echo "no row $1,$2" >>err; cat table >>err; return 1; }
}
pairs() { # the line of pair counts
	grep -q -x -F -e "pairs: $1" err out
}
dat() { # FILE: from the script on stdin
	"$mkdat" "$1"
}

# --- the answers are right: against an independent computation from the text of trace-cmd report
reference() { # FILE
	tracecmd report -N -t "$1" 2>/dev/null | awk -f "$here/reference.awk" |
		sort -k1,1 -k2,2n | awk -f "$here/rank.awk" | sort
}
random() { # SEED N KIND: a random trace
	awk -v seed="$1" -v n="$2" -v kind="$3" -f "$here/gen.awk" | sort -s -n -k1,1 | sed '1i cpus 4'
}
same_as_reference() { # FILE
	tool=$plain csv "$1" && reference "$1" >want && [ -s want ] &&
		tail -n +2 table | sort | diff want - >out
}
build_mkdat() {
	${CC:-gcc} -O1 -Wall -Wextra -Werror -o "$mkdat" "$here/mkdat.c"
}
if [ -n "$seeds" ]; then
	set -e
	make -s -C "$here/../../tools/dpcm-latency" all BUILD="$build"
	build_mkdat
	random 1 6 ours | dat "$seeds/ours.dat"
	random 2 8 stock | dat "$seeds/stock.dat"
	(echo "endian big"; random 3 4 ours) | dat "$seeds/big-endian.dat"
	(echo "long 4"; echo absolute; random 4 4 ours) | dat "$seeds/long4.dat"
	dat "$seeds/others.dat" <<-'END'
	1000 0 100 dpcm_trigger_queue card=c fe=FE0 seq=1
	gap 1 5
	1100 1 7 sched_switch prev_comm=a prev_pid=7 next_comm=kworker next_pid=9
	1150 1 7 irq_handler_entry irq=3 name=timer
	1160 1 7 irq_handler_exit irq=3
	1170 0 7 sched_waking comm=kworker pid=9
	1180 0 8 lock_release name=&card->pcm_mutex
	1200 1 9 dpcm_trigger_run card=c fe=FE0 seq=1 wait_ns=200 lock_ns=90
	1300 1 9 dpcm_trigger_done card=c fe=FE0 seq=1 total_ns=300
	buffer more
	1400 1 9 dpcm_be_trigger_start card=c fe=FE0 be=BE0
	1500 1 9 dpcm_be_trigger_end card=c fe=FE0 be=BE0
	END
	for how in none zstd; do
		for f in ours others; do
			tracecmd convert -i "$seeds/$f.dat" -o "$seeds/$f-7-$how.dat" --file-version 7 --compression $how >/dev/null 2>&1
		done
	done
	"$plain" export "$seeds/ours.dat" >"$seeds/export.json"
	exit
fi
if [ -n "$compare" ]; then
	if make -s -C "$here/../../tools/dpcm-latency" all BUILD="$build" >out 2>err && run 0 report --strict "$compare"; then
		same_as_reference "$compare"
	else
		false	# also if events were lost: nothing is known then
	fi
	ok "${compare##*/}: the same as from trace-cmd report" $?
	finish
fi

make -s -C "$here/../../tools/dpcm-latency" all BUILD="$build" >out 2>err &&
	make -s -C "$here/../../tools/dpcm-latency" all ASAN=1 BUILD="$build" >>out 2>>err &&
	build_mkdat >>out 2>>err
ok "build, also with sanitizers and -Werror" $?
[ "$failed" = 0 ] || finish
make -s -C "$here/../../tools/dpcm-latency" check ASAN=1 BUILD="$build" >out 2>err
ok "unit tests" $?
tool=$asan
for seed in 1 2 3; do
	random $seed 2000 ours | dat ours.dat && same_as_reference ours.dat
	ok "random deferred and synchronous triggers, seed $seed: the same as from trace-cmd report" $?
	random $seed 2000 stock | dat stock.dat && same_as_reference stock.dat
	ok "random stock kprobes and vcard events, seed $seed: the same as from trace-cmd report" $?
done
random 4 20000 ours | dat big.dat && same_as_reference big.dat
ok "20000 triggers: the same as from trace-cmd report" $?
cp table table.6
for how in none zstd; do
	tracecmd convert -i big.dat -o v7.dat --file-version 7 --compression $how >/dev/null 2>&1 &&
		[ "$(head -c 11 v7.dat | tail -c 1)" = 7 ] && csv v7.dat && diff table.6 table >out
	ok "version 7 of the file, compression $how: the same table" $?
done
tracecmd convert -i big.dat -o v7.dat --file-version 7 --compression none >/dev/null 2>&1 &&
	printf '\x00\x20' | dd of=v7.dat bs=1 seek=14 conv=notrunc status=none && csv v7.dat && diff table.6 table >out
ok "version 7 of the file, buffers with pages of another size than the machine's: the same table" $?
random 1 300 ours | dat a.dat && random 2 300 ours | dat b.dat && csv a.dat && cp table one && csv a.dat b.dat &&
	[ "$(awk -F, '{ n += $8 } END { print n }' table)" -gt "$(awk -F, '{ n += $8 } END { print n }' one)" ]
ok "several files are counted together" $?

# --- the traces that are in the repository, and what the documentation says of them
for f in "$here"/traces/*.dat; do
	same_as_reference "$f"
	ok "${f##*/}: the same as from trace-cmd report" $?
done
doc=$here/../../docs/latency-analysis.md
(cd "$here/traces" && PATH=$build:$PATH awk -f "$here/doc.awk" "$doc") | diff "$doc" - >out
ok "docs/latency-analysis.md: its commands print what it says" $?

# --- every kind of row, with answers known beforehand
cat >known.txt <<'END'
stat 0 overrun: 0
1000000 0 100 dpcm_trigger_queue card=vcard fe=FE0 stream=0 cmd=0 seq=1 depth=1
1000500 0 0 xrun card=0
1020000 1 201 dpcm_trigger_run card=vcard fe=FE0 stream=0 cmd=0 seq=1 inline=0 wait_ns=20000 lock_ns=300
1021000 1 201 dpcm_be_trigger_start card=vcard fe=FE0 be=BE0 stream=0 cmd=0 seq=1
1041000 1 201 dpcm_be_trigger_end card=vcard fe=FE0 be=BE0 stream=0 cmd=0 seq=1
1042000 1 201 dpcm_trigger_done card=vcard fe=FE0 stream=0 cmd=0 seq=1 bes=1 total_ns=42000
2000000 0 100 dpcm_trigger_queue card=vcard fe=FE0 stream=0 cmd=3 seq=2 depth=1
2000100 0 300 dpcm_trigger_run card=vcard fe=FE0 stream=0 cmd=3 seq=2 inline=1 wait_ns=100 lock_ns=0
2000200 0 300 dpcm_trigger_done card=vcard fe=FE0 stream=0 cmd=3 seq=2 bes=0 total_ns=200 ret=4294967274
3000000 0 100 dpcm_be_trigger_start card=vcard fe=FE1 be=BE0 stream=1 cmd=1 seq=0
3001000 0 100 dpcm_be_trigger_end card=vcard fe=FE1 be=BE0 stream=1 cmd=1 seq=0
3001100 0 100 dpcm_be_trigger_start card=vcard fe=FE1 be=BE1 stream=1 cmd=1 seq=0
3003100 1 100 dpcm_be_trigger_end card=vcard fe=FE1 be=BE1 stream=1 cmd=1 seq=0
3004000 1 100 vcard_be_trigger card=vcard be=BE1 stream=1 cmd=1 ns=1999
4000000 1 0 vcard_xrun card=vcard fe=FE1 stream=1 irq_ns=77 hardirq=1
4100000 1 0 vcard_xrun card=vcard fe=FE1 stream=1 irq_ns=78 hardirq=0
5000000 1 0 vcard_floor queue_ns=5 wake_ns=600
END
dat known.dat <known.txt && csv known.dat && [ "$(head -n 1 table)" = card,fe,stream,mode,cmd,how,phase,count,p50_ns,p90_ns,p99_ns,p999_ns,max_ns ] &&
	[ "$(wc -l <table)" = 18 ] &&
	row vcard,FE0,playback,stop/all,STOP,worker,wait 1,20000,20000,20000,,20000 &&
	row vcard,FE0,playback,stop/all,STOP,worker,lock 1,300,300,300,,300 &&
	row vcard,FE0,playback,stop/all,STOP,worker,be:BE0 1,20000,20000,20000,,20000 &&
	row vcard,FE0,playback,stop/all,STOP,worker,total 1,42000,42000,42000,,42000 &&
	row vcard,FE0,playback,stop/all,PAUSE_PUSH,inline,wait 1,100,100,100,,100 &&
	row vcard,FE0,playback,stop/all,PAUSE_PUSH,inline,lock 1,0,0,0,,0 &&
	row vcard,FE0,playback,stop/all,PAUSE_PUSH,inline,total 1,200,200,200,,200 &&
	row vcard,FE1,capture,off,START,sync,be:BE0 1,1000,1000,1000,,1000 &&
	row vcard,FE1,capture,off,START,sync,be:BE1 1,2000,2000,2000,,2000 &&
	row vcard,FE1,capture,off,START,sync,total 1,3100,3100,3100,,3100 &&
	row vcard,FE1,capture,-,-,irq,irq_off 2,77,78,78,,78 &&
	row -,-,-,-,-,floor,queue 1,5,5,5,,5 &&
	row -,-,-,-,-,floor,wake 1,600,600,600,,600 &&
	pairs "cancelled 0, never run 0, without end 0, without start 0, discarded 0, failed 1"
ok "every kind of row" $?
grep -q 'vcard_be_trigger measures the same and is not counted' err && grep -q '1 of 2 vcard_xrun came from a thread' err &&
	grep -q '^lost events: none$' err && grep -q '^sources: .*snd_pcm:xrun 1' err
ok "the notes say what was used, and what was not" $?
run 0 report known.dat && [ ! -s err ] && head -n 1 out | grep -q '^lost events' && grep -q 'total .* 42.00 ' out &&
	[ "$(sed -n '/^card/,/^$/p' out | sed '$d' | awk '{ print length }' | sort -u | wc -l)" = 1 ]
ok "text: aligned, in us, lost events first" $?

dat pairs.dat <<'END'
1000 0 0 dpcm_trigger_queue card=c fe=FE0 seq=1
2000 0 0 dpcm_trigger_queue card=c fe=FE0 cmd=3 seq=2
2100 0 0 dpcm_trigger_cancel card=c fe=FE0 cmd=3 seq=2
3000 0 0 dpcm_trigger_queue card=c fe=FE0 seq=3
3100 0 9 dpcm_trigger_run card=c fe=FE0 seq=3
3200 0 9 dpcm_be_trigger_start card=c fe=FE0 be=BE0 seq=3
3300 0 9 dpcm_be_trigger_end card=c fe=FE0 be=BE1 seq=3
4000 0 9 dpcm_trigger_done card=c fe=FE0 seq=4
4100 0 9 dpcm_be_trigger_start card=c fe=FE0 be=BE0 seq=0
END
csv pairs.dat && pairs "cancelled 1, never run 1, without end 3, without start 2, discarded 0, failed 0" &&
	[ "$(grep -c -e total -e be: table)" = 0 ]
ok "cancelled, never run, without end, without start are counted and not measured" $?
trigger() { # TS FE CMD SEQ: one that is deferred, or synchronous (SEQ 0)
	if [ "$4" = 0 ]; then
		echo "$1 0 5 dpcm_be_trigger_start card=c fe=$2 be=BE0 cmd=$3"
		echo "$(($1 + 10)) 0 5 dpcm_be_trigger_end card=c fe=$2 be=BE0 cmd=$3"
	else
		echo "$1 0 5 dpcm_trigger_queue card=c fe=$2 cmd=$3 seq=$4"
		echo "$(($1 + 5)) 0 9 dpcm_trigger_run card=c fe=$2 cmd=$3 seq=$4 wait_ns=5"
		echo "$(($1 + 10)) 0 9 dpcm_trigger_done card=c fe=$2 cmd=$3 seq=$4 total_ns=10"
	fi
}
{
	trigger 100 FE0 1 0; trigger 200 FE0 0 1
	trigger 300 FE1 1 1; trigger 400 FE1 0 2
	trigger 500 FE2 0 1
	trigger 600 FE3 1 1; trigger 700 FE3 0 0
	trigger 800 FE4 4 0; trigger 900 FE4 6 1
	trigger 1000 FE5 1 0; trigger 1100 FE5 3 0
} | dat modes.dat && csv modes.dat && [ "$(tail -n +2 table | cut -d, -f2,4 | sort -u | tr '\n' ' ')" = \
	"FE0,stop FE1,all FE2,stop/all FE3,mixed FE4,mixed FE5,off " ] && same_as_reference modes.dat
ok "the mode, from what each FE's stream did" $?
dat comma.dat <<'END'
1 0 0 vcard_xrun card=a,b fe="x" irq_ns=1
END
csv comma.dat && row '"a,b","""x""",playback,-,-,irq,irq_off' 1,1,1,1,,1
ok "csv: names with commas and quotes" $?

# --- losses
dat gap.dat <<'END'
stat 0 overrun: 5
stat 1 commit overrun: 1
stat 1 dropped events: 2
1000 1 9 dpcm_trigger_run card=c fe=FE0 seq=1 wait_ns=7
1100 1 9 dpcm_be_trigger_start card=c fe=FE0 be=BE0 seq=1
1200 0 5 dpcm_be_trigger_start card=c fe=FE1 be=BE0 cmd=1 seq=0
gap 1 5
1300 1 9 dpcm_be_trigger_end card=c fe=FE0 be=BE0 seq=1
1400 0 5 dpcm_be_trigger_end card=c fe=FE1 be=BE0 cmd=1 seq=0
1500 1 9 dpcm_trigger_done card=c fe=FE0 seq=1 total_ns=600
1550 0 0 dpcm_trigger_queue card=c fe=FE0 seq=2
1600 1 9 dpcm_trigger_run card=c fe=FE0 seq=2 wait_ns=50
1700 1 9 dpcm_be_trigger_start card=c fe=FE0 be=BE0 seq=2
1800 1 9 dpcm_be_trigger_end card=c fe=FE0 be=BE0 seq=2
1900 1 9 dpcm_trigger_done card=c fe=FE0 seq=2 total_ns=350
2000 1 5 dpcm_be_trigger_start card=c fe=FE1 be=BE1 cmd=1 seq=0
2100 1 5 dpcm_be_trigger_end card=c fe=FE1 be=BE1 cmd=1 seq=0
3000 0 0 dpcm_trigger_queue card=c fe=FE0 seq=3
gap 1 0
4000 1 0 sched_wakeup pid=1
END
csv gap.dat && row c,FE0,playback,stop/all,STOP,worker,be:BE0 1,100,100,100,,100 &&
	row c,FE0,playback,stop/all,STOP,worker,wait 2,7,50,50,,50 && row c,FE0,playback,stop/all,STOP,worker,total 1,350,350,350,,350 &&
	row c,FE1,playback,-,START,sync,be:BE0 1,200,200,200,,200 &&
	row c,FE1,playback,-,START,sync,be:BE1 1,100,100,100,,100 &&
	pairs "cancelled 0, never run 0, without end 0, without start 1, discarded 4, failed 0"
ok "nothing is paired across a gap; what it may have cut is discarded" $?
[ "$(head -n 1 err)" = "LOST EVENTS: at least 6 at 2 gaps; by the per-CPU statistics 8" ]
ok "lost events are said first, by both accounts" $?
run 3 report --strict gap.dat && head -n 1 out | grep -q '^LOST EVENTS' && grep -q worker out &&
	ends '^dpcm-latency: events were lost'
ok "--strict: the report all the same, and exit code 3" $?
run 0 report --strict known.dat
ok "--strict without losses: exit code 0" $?
dat stat.dat <<'END'
stat 1 overrun: 12
1 0 0 vcard_floor queue_ns=1 wake_ns=1
END
run 3 report --strict stat.dat && head -n 1 out | grep -q 'statistics 12$'
ok "losses that only the statistics know" $?
{
	echo "cpus 4"
	random 5 3000 ours | grep -v -e cpus | awk '{ if (NR % 500 == 0) printf "gap %d %d\n", NR / 500 % 4, NR % 3; print }'
} >script && dat gaps.dat <script && tracecmd report -t gaps.dat >report.txt 2>/dev/null &&
	run 0 report --format csv gaps.dat &&
	grep -q " at $(grep -c 'EVENTS DROPPED' report.txt) gaps" err
ok "many gaps: as many as trace-cmd report sees" $?

{
	echo absolute
	sed 's/^stat.*//' known.txt
	printf 'gap 0 7\n6000000 0 0 vcard_floor\ngap 1 0\n7000000 1 0 vcard_floor\n'
} >script.absolute && dat absolute.dat <script.absolute && run 3 report --strict absolute.dat && head -n 1 out | grep -q '^LOST EVENTS: at least 8 at 2 gaps$' &&
	tracecmd convert -i absolute.dat -o v7.dat --file-version 7 --compression none >/dev/null 2>&1 &&
	run 3 report --strict v7.dat && head -n 1 out | grep -q '^LOST EVENTS: at least 8 at 2 gaps$'
ok "gaps before events with time stamps of their own, which libtraceevent does not see" $?
{
	echo 'stat 0 overrun: 7'
	cat script.absolute
} | dat absolute.dat && tracecmd convert -i absolute.dat -o v7.dat --file-version 7 --compression zstd >/dev/null 2>&1 &&
	run 3 report --strict v7.dat && head -n 1 out | grep -q '^LOST EVENTS: at least 8 at 2 gaps; by the per-CPU statistics 7$'
ok "the same in a compressed file" $?

# --- what the file and its recording are like
dat buffers.dat <<'END'
1000 0 0 vcard_floor queue_ns=1 wake_ns=10
2000 0 5 dpcm_be_trigger_start card=c fe=FE0 be=BE0 seq=0
buffer extra
2500 0 5 dpcm_be_trigger_end card=c fe=FE0 be=BE0 seq=0
3000 1 0 vcard_xrun card=c fe=FE1 irq_ns=77 hardirq=1
buffer more
500 1 0 vcard_floor queue_ns=3 wake_ns=30
END
csv buffers.dat && row -,-,-,-,-,floor,wake 2,10,30,30,,30 && row c,FE1,playback,-,-,irq,irq_off 1,77,77,77,,77 &&
	grep -q 'warning: dpcm_vcard:vcard_floor is in several buffers' err &&
	pairs "cancelled 0, never run 0, without end 1, without start 1, discarded 0, failed 0"
ok "several buffers: all are read, none is paired with another" $?
printf 'clock local\n1 0 0 vcard_floor wake_ns=1\n' | dat local.dat && run 0 report local.dat &&
	grep -q 'warning: the local clock .*-C mono' out && ! grep -q warning: <(run 0 report known.dat; cat out)
ok "a warning about the local clock, and none about mono" $?
printf 'clock counter\n1 0 0 vcard_floor wake_ns=1\n' | dat counter.dat && run 0 report counter.dat &&
	grep -q 'warning: this clock does not count ns' out
ok "a warning about clocks that do not count ns" $?
printf 'without asoc_dpcm\nwithout snd_pcm\n1 0 5 be_dai_trigger cmd=1\n9 0 5 be_dai_trigger_ret\n' | dat s.dat &&
	run 0 report s.dat && grep -q 'not known: when xruns were found: .*SND_PCM_XRUN_DEBUG' out &&
	grep -q 'not known: queue, mutex and worker: no asoc_dpcm events' out && grep -q ' START .* sync ' out
ok "a stock kernel: says that there is no queue, and why there are no xruns" $?

# --- what cannot be read
printf '1 0 0 sched_wakeup pid=1\n' | dat none.dat && fails 1 report none.dat &&
	grep -q 'none.dat: .*trace-cmd record -e asoc_dpcm -e snd_pcm:xrun' err
ok "none of our events: says what to record" $?
fails 1 report known.dat none.dat
ok "the same for the second file" $?
: >empty
fails 1 report empty && grep -q 'empty: the file is empty' err
ok "an empty file" $?
fails 1 report "$here/run.sh" && grep -q 'not a trace.dat file' err
ok "not a trace.dat file" $?
fails 1 report "$tmp" && grep -q 'a directory' err
ok "a directory" $?
fails 1 report absent && grep -q 'absent: No such file' err
ok "a file that is not there" $?
mkfifo fifo && fails 1 report fifo && grep -q 'not a regular file' err
ok "a pipe" $?
printf '\x17\x08\x44tracing9\0\0\x08\0\x10\0\0' >nine && fails 1 report nine && grep -q "version '9'" err
ok "a version that is not known" $?
sed 's/flyrecord\x00/latency  \x00/' known.dat >text6.dat && fails 1 report text6.dat && grep -q 'a latency trace (text), not events' err &&
	tracecmd convert -i known.dat -o v7.dat --file-version 7 --compression none >/dev/null 2>&1 &&
	sed 's/\x03\x00\(.\x00\x00\x00........\x00mono\x00\)/\x16\x00\1/' v7.dat >text7.dat &&
	fails 1 report text7.dat && grep -q 'a latency trace (text), not events' err
ok "what trace-cmd makes of a latency tracer" $?
printf 'rename asoc_dpcm:dpcm_trigger_run.wait_ns waited\n1 0 0 dpcm_trigger_run seq=1\n' | dat renamed.dat &&
	fails 1 report renamed.dat && grep -q "dpcm_trigger_run has no field 'wait_ns'" err
ok "an event without a field that is needed" $?
printf 'rename asoc_dpcm:dpcm_trigger_run.wait_ns wait_nsec\n1 0 0 dpcm_trigger_run seq=1\n' | dat renamed.dat &&
	fails 1 report renamed.dat && grep -q "has no field 'wait_ns' (but 'wait_nsec')" err
ok "the same, with one that is near" $?
sed 's/dpcm_trigger_done/dpcm_trigger_dome/' known.dat >typo.dat && run 0 report typo.dat &&
	grep -q 'event asoc_dpcm:dpcm_trigger_dome is not known and not used; did you mean dpcm_trigger_done?' err
ok "an event of our system that is none of ours: the near one is named" $?

# Cut at every STEP bytes, and just before the end: refused with a message, or nothing of the trace is
# missing (version 7 ends with a list of the sections' names, for people) and the table is the same.
truncations() { # FILE STEP VERSION
	local size n
	size=$(stat -c %s "$1")
	csv "$1" && mv table whole || return 1
	for n in $(seq 64) $(seq 65 "$2" $((size - 1))) $((size - 1)); do
		head -c "$n" "$1" >cut.dat
		if fails 1 report --format csv cut.dat; then
			ends '^dpcm-latency: cut.dat: ' && continue
		elif [ "$code" = 0 ] && [ "$3" = 7 ] && [ "$n" -gt $((size - 200)) ] && diff whole out >/dev/null; then
			continue
		fi
		echo "cut at $n of $size: exit code $code" >>err
		return 1
	done
}
truncations known.dat 149 6
ok "version 6 cut off at any place is refused" $?
truncations buffers.dat 307 6
ok "version 6 with several buffers cut off at any place is refused" $?
for how in none zstd; do
	tracecmd convert -i known.dat -o v7.dat --file-version 7 --compression $how >/dev/null 2>&1 && truncations v7.dat 149 7
	ok "version 7, compression $how, cut off at any place is refused" $?
done

# Bytes changed at random: anything may come of it but a crash, silence or half a report.
damage() { # FILE N
	local i
	for ((i = 0; i < $2; i++)); do
		awk -v seed="$i" -v size="$(stat -c %s "$1")" 'BEGIN {
			srand(seed)
			for (i = 0; i < 1 + seed % 7; i++)
				printf "%d %03o\n", rand() * (seed % 2 ? size : 6000), rand() * 256
		}' >where
		cp "$1" damaged.dat
		while read -r at byte; do
			printf "%b" "\\0$byte" | dd of=damaged.dat bs=1 seek="$at" conv=notrunc status=none
		done <where
		if run 0 report damaged.dat; then
			[ -s out ] && continue
		elif [ "$code" = 1 ]; then
			fails 1 report damaged.dat && ends '^dpcm-latency: damaged.dat: ' && continue
		fi
		echo "damage $i: exit code $code" >>err
		return 1
	done
}
damage known.dat 60
ok "damaged files, version 6: a message or a report" $?
damage v7.dat 60
ok "damaged files, version 7: a message or a report" $?
for f in "$here"/../fuzz/found/*; do
	[ -f "$f" ] || continue
	run 0 report "$f" || run 1 report "$f"
	ok "what fuzzing found: ${f##*/}" $?
done

# --- exports, and what is made of them
random 11 400 ours >ours.txt && dat ours.dat <ours.txt && csv ours.dat && cp table ours.csv &&
	run 0 export ours.dat && cp out ours.json && csv ours.json && diff ours.csv table
ok "an export gives the same table as its trace" $?
jq -e '.schema == "dpcm-latency/1" and ([.rows[] | keys[] | select(test("^(min|max|p[0-9]+|values)"))] | all(endswith("_ns")))
	and ([.rows[] | (.values_ns | map(.[1]) | add) == .count] | all) and ([.rows[] | .p999_ns == null] | all)' ours.json >out
ok "export: a version, units in the names of keys, all the values" $?
random 12 400 ours | dat other.dat && csv ours.dat other.dat && cp table both && run 0 export -o other.json other.dat && [ ! -s out ] &&
	run 0 merge --output merged.json ours.dat other.json && csv merged.json && diff both table &&
	[ "$(jq -c '[.files[].name]' merged.json)" = '["ours.dat","other.dat"]' ]
ok "merge of a trace and an export: the same table as of two traces" $?
run 0 export gap.dat && cp out gap.json && run 3 report --strict gap.json && head -n 1 out |
	grep -q '^LOST EVENTS: at least 6 at 2 gaps; by the per-CPU statistics 8$'
ok "an export keeps what was lost" $?
random 13 100 stock | dat st.dat && run 0 merge st.dat ours.dat && cp out mixed.json && csv mixed.json &&
	grep -q '^-,0x1000,' table && grep -q '^vcard,FE0,' table
ok "merge of a stock kernel's results and ours: both stay" $?
fails 1 timeline ours.json && grep -q 'no single triggers' err && fails 1 export --format csv ours.json &&
	fails 1 report --skip 1 ours.json && grep -q -e 'with --skip, --from or --to' err
ok "what needs single triggers refuses an export" $?
echo '{' >bad.json && fails 1 report bad.json && grep -q 'bad.json: not JSON' err &&
	echo '{"a": 1}' >bad.json && fails 1 report bad.json && grep -q 'it has no "schema"' err &&
	sed 's,dpcm-latency/1,dpcm-latency/9,' ours.json >bad.json && fails 1 report bad.json && grep -q 'its schema is dpcm-latency/9' err &&
	sed '0,/"count": /s//"count": 1/' ours.json >bad.json && fails 1 report bad.json && grep -q 'a row is not as it should be' err &&
	accepted= && for change in '.rows[0].cmd = "STOPP"' '.rows[0].cmd = "3x"' 'del(.rows[0].min_ns)' '.rows[0].min_ns = -1' 'del(.rows[0].exact)' \
		'.rows[0].values_ns[0][1] = 0' '.events["snd_pcm:xrun"] = -1' '.events["snd_pcm:xrun"] = "1"' 'del(.lost.gaps)'; do
		jq "$change" ours.json >bad.json
		fails 1 report bad.json && grep -q 'bad.json: not an export of this tool, or damaged' err || accepted+=" $change"
	done && echo "accepted:$accepted" >>err && [ -z "$accepted" ]
ok "exports that are none, of another version or damaged: say what is wrong" $?
run 0 export --format csv ours.dat && [ "$(head -n 1 out)" = start_ns,card,fe,stream,cmd,how,seq,phase,ns ] &&
	awk -F, 'NR > 1 && $8 == "total" { print $2 "," $3 "," $4 "," $5 "," $6 "," $8, $9 }' out | sort -k1,1 -k2,2n |
	awk -f "$here/rank.awk" | sort >want &&
	awk -F, 'NR > 1 && $7 == "total" { print $1 "," $2 "," $3 "," $5 "," $6 "," $7 "," $8 "," $9 "," $10 "," $11 "," $12 "," $13 }' ours.csv | sort | diff want - >out
ok "export csv: the single triggers give the percentiles of the table" $?
run 0 export --fe FE1 --how worker ours.dat && cp out fe1.json && csv fe1.json && cp table fe1.csv && csv --fe FE1 --how worker ours.dat &&
	[ "$(wc -l <table)" -gt 5 ] && cut -d, -f1-3,5- table >want && cut -d, -f1-3,5- fe1.csv | diff want - >out
ok "export of what is asked for only" $?
fails 1 export --fe FEO ours.dat && grep -q 'did you mean FE0' err && fails 1 export --format csv --fe FEO ours.dat &&
	fails 1 export --format perfetto --from 99 ours.dat && grep -q 'no trigger began between' err
ok "export of nothing: an error, not an empty file" $?

# --- the Trace Event Format: each field, and that slices nest as a reader sees them, which cuts times to ns
perfetto() { # ARGS...: the events of each phase have what they need, and no more
	run 0 export --format perfetto "$@" && jq -e '
		def whole: type == "number" and . == floor and . >= 0 and . < 2147483648;
		def text: type == "string" and length > 0;
		def has_just($want): keys == ($want | sort);
		(keys == ["displayTimeUnit", "otherData", "traceEvents"]) and (.displayTimeUnit | IN("ms", "ns")) and
		(.otherData | type == "object") and (.traceEvents | length > 0) and
		(.traceEvents | all((.name | text) and (.pid | whole) and (.tid | whole) and
			(if .ph == "M" then has_just(["name", "ph", "pid", "tid", "args"]) and (.name | IN("process_name", "thread_name")) and
				(.args | has_just(["name"]) and (.name | text))
			 else (.ts | type == "number" and . >= 0) and (.cat | text) and
				if .ph == "B" then has_just(["name", "cat", "ph", "ts", "pid", "tid", "args"]) and
					(.args | (.how | text) and (.seq | type == "number") and (.ret | type == "number") and
						(.start_ns | type == "number"))
				elif .ph == "E" then has_just(["name", "cat", "ph", "ts", "pid", "tid"])
				elif .ph == "b" or .ph == "e" then has_just(["name", "cat", "ph", "id", "ts", "pid", "tid"]) and (.id | text)
				else false end
			 end)))' out >out2 && jq -e '
		# a stack for each track: of a thread, or of a wait
		reduce (.traceEvents | map(select(.ph != "M") | .ts = (.ts * 1000 | trunc)) | sort_by(.ts)[]) as $e ({};
			(if $e.id then "\($e.pid) \($e.cat) \($e.id)" else "\($e.pid) \($e.tid)" end) as $track |
			if $e.ph == "B" or $e.ph == "b" then .[$track] += [$e]
			elif .[$track][-1].name == $e.name and .[$track][-1].ts <= $e.ts then .[$track] |= .[:-1]
			else .bad += [$e] end) |
		all(.[]; length == 0)' out >out2
}
ids() { # every wait is by itself, and every stream has a track with a name
	jq -e '[.traceEvents[] | select(.ph == "b" and .name == "wake") | .id] as $ids | ($ids | length > 0 and length == (unique | length)) and
		([.traceEvents[] | select(.ph == "B") | [.pid, .tid]] | unique) ==
		([.traceEvents[] | select(.ph == "M" and .name == "thread_name") | [.pid, .tid]] | unique)' out >out2
}
perfetto --how worker ours.dat && ids && [ "$(jq '[.traceEvents[] | select(.ph == "M" and .name == "thread_name")] | length' out)" = 4 ] &&
	perfetto ours.dat other.dat && ids
ok "export perfetto: every wait has an end and an id, every stream a track" $?
for f in "$here"/traces/*.dat st.dat known.dat; do
	perfetto "$f"
	ok "export perfetto, ${f##*/}: as the format says, and slices nest" $?
done
awk 'NR > 1 { printf "179000000%010d", $1; $1 = ""; print }' known.txt | dat tai.dat && csv tai.dat && grep -q ',worker,total,1,42000' table &&
	perfetto tai.dat
ok "export perfetto: of a clock beyond what a reader's numbers can tell apart, slices nest" $?
run 0 export --format csv ours.dat && awk -F, 'NR > 1 && $8 == "total" && $7 == 0 { print $1 }' out | sort -n >want && [ -s want ] &&
	run 0 export --format perfetto --how sync ours.dat && jq '.traceEvents[] | select(.ph == "B" and (.name | startswith("FE"))) | .args.start_ns' out |
	sort -n | diff want -
ok "export perfetto: start_ns is the time of the trace" $?

# --- Linux 7.0 numbers the commands anew
{ echo "uname Linux host 7.3.4 #1 SMP x86_64"; sed 's/cmd=3/cmd=2/; s/cmd=4/cmd=3/; s/cmd=5/cmd=4/; s/cmd=6/cmd=5/; s/cmd=7/cmd=6/' known.txt; } | dat seven.dat &&
	{ echo "uname Linux host 6.12.9 #1 SMP x86_64"; cat known.txt; } | dat six.dat && grep -q cmd=3 known.txt &&
	csv known.dat && mv table known.csv && csv six.dat && cmp -s table known.csv && csv seven.dat && cmp -s table known.csv
ok "commands by the numbers of the kernel that recorded them" $?

# --- which triggers
csv --skip 1 known.dat && ! grep -q -e total table && csv --skip 1 pairs.dat && run 0 report --skip 1 known.dat && grep -q '^warm-up: the first 1 of each' out &&
	[ "$(grep -c 'STOP.*total' out)" = 1 ]
ok "--skip: the warm-up is in a table of its own" $?
csv --from 0.002 --to 0.003 known.dat && cut -d, -f5 table | sort -u | tr '\n' ' ' | grep -q '^PAUSE_PUSH cmd $' &&
	csv --from +0.001 --to +0.002 known.dat && cut -d, -f5 table | sort -u | tr '\n' ' ' | grep -q '^PAUSE_PUSH cmd $' &&
	grep -q 'note: [0-9]* triggers began before --from or after --to' err
ok "--from and --to: time stamps, and seconds into the file" $?
fails 1 report --from 99 known.dat && grep -q 'no trigger began between' err
ok "--from after the end: says so" $?
fails 1 report --fe FEO known.dat && grep -q "nothing measured with --fe FEO; did you mean FE0?; there is: .*FE0" err &&
	fails 1 report --phase totl known.dat && grep -q 'did you mean total' err && fails 2 report --cmd STOPP known.dat
ok "names that were not measured: the near ones are named" $?
csv --cmd STOP --how worker --phase be known.dat && [ "$(wc -l <table)" = 2 ] && grep -q be:BE0 table
ok "--cmd, --how, --phase" $?
awk 'BEGIN { for (i = 0; i < 999; i++) print i * 1000, 0, 0, "vcard_floor queue_ns=" i " wake_ns=" 999 - i; print 2000000, 0, 0, "vcard_xrun card=c fe=F irq_ns=1" }' | dat n999.dat &&
	csv n999.dat && row -,-,-,-,-,floor,queue 999,499,899,989,,998 &&
	awk 'BEGIN { for (i = 0; i < 1000; i++) print i * 1000, 0, 0, "vcard_floor queue_ns=" i " wake_ns=" 999 - i }' | dat n1000.dat &&
	csv n1000.dat && row -,-,-,-,-,floor,queue 1000,499,899,989,998,999
ok "p99.9 of 1000 values, and not of 999" $?
printf 'repeat 20000 1000\n1000 0 0 vcard_floor queue_ns=1000000 wake_ns=5\nend\n30000000 0 0 vcard_floor queue_ns=7777777 wake_ns=5\n' | dat many.dat &&
	run 0 report many.dat && grep -q '^~: of more than 4096 values' out && grep -q 'queue *~ *20001 .* 7777.78$' out &&
	csv many.dat && awk -F, '$7 == "queue" { exit !($9 >= 1000000 && $9 <= 1002000 && $13 == 7777777) }' table
ok "more values than are kept: marked, within 0.2 %, the longest exact" $?
run 0 report --format csv --worst 1 --skip 1 pairs.dat && ! grep -q longest out && run 0 report --format csv --worst 1 known.dat &&
	! grep -q longest out && grep -q 'the longest 1, by total' err && run 0 report --format csv --skip 1 known.dat &&
	! grep -q -e '^warm-up' out && grep -q '^warm-up: the first 1 of each' err
ok "csv: what is not the table goes to stderr, --worst and --skip too" $?
run 0 report --worst 0 known.dat && ! grep -q 'the longest' out && run 0 report --worst 1 known.dat &&
	grep -A 2 'the longest 1, by total' out | grep -q '42.00 us at 0.001000000: vcard FE0 playback STOP worker seq 1'
ok "--worst" $?
for variant in "endian big" "long 4" absolute; do
	(echo "$variant"; cat ours.txt) | dat v.dat && csv v.dat && diff ours.csv table >out
	ok "recorded with '$variant': the same table" $?
done
(printf 'endian big\nlong 4\n'; cat script.absolute) | dat v.dat && run 3 report --strict v.dat &&
	head -n 1 out | grep -q '^LOST EVENTS: at least 8 at 2 gaps'
ok "gaps on a big-endian 32-bit machine" $?

# --- what stood in the way
mkdir seeds && "$here/run.sh" --seeds "$tmp/seeds" "$build" >/dev/null && run 0 report seeds/others.dat &&
	grep -q 'mutex: held by task-8 until 0.02 us before the run (lock_release)' out &&
	grep -q 'on CPU 1 from queued to run:.* kworker-9 0.10 us' out
ok "who held the mutex and what ran on the CPU" $?

# --- hist, timeline
run 0 hist --cmd STOP --how worker ours.dat && awk '/^\[/ { sub(/ *[|].*/, ""); n += $NF } /: [0-9]+, from/ { sub(/.*total: /, ""); m += $1 } END { exit !(n == m && n) }' out
ok "hist: all that was measured is in the buckets" $?
for args in "hist --format svg ours.dat" "hist --format svg --phase be --cmd START ours.dat" "timeline ours.dat" \
	"timeline --how sync ours.dat" "timeline --how worker seeds/others.dat" "timeline st.dat" "hist --format svg known.dat"; do
	# shellcheck disable=SC2086
	run 0 $args && rsvg-convert out -o picture.png && [ -s picture.png ]
	ok "$args: can be drawn" $?
done
fails 2 hist --format svg --columns 100 ours.dat && grep -q -e '--columns is of text' err && run 0 hist --columns 40 ours.dat &&
	! awk '{ exit length > 41 }' out
ok "hist --columns" $?
run 0 timeline --seq 1 --fe FE0 known.dat && grep -q 'seq 1: 42 us from queued to done' out && fails 1 timeline --seq 77 known.dat
ok "timeline of one trigger by its number" $?

# --- diff, check
scaled() { # PERCENT N: N deferred stops of about 100 us
	awk -v p="$1" -v n="$2" 'BEGIN {
		srand(7)
		for (i = 1; i <= n; i++) {
			t = int((80000 + rand() * 40000) * p / 100)
			print i * 1000000, 0, 0, "dpcm_trigger_queue card=c fe=FE0 seq=" i
			print i * 1000000 + 1000, 0, 9, "dpcm_trigger_run card=c fe=FE0 wait_ns=1000 seq=" i
			print i * 1000000 + t, 0, 9, "dpcm_trigger_done card=c fe=FE0 seq=" i " total_ns=" t
		}
	}'
}
scaled 100 600 | dat one.dat && scaled 130 600 | dat slow.dat && scaled 104 600 | dat near.dat && scaled 130 8 | dat few.dat
run 4 diff --phase total one.dat slow.dat && grep -q 'p50 .*+30.0 % *SLOWER' out && run 0 diff --phase total slow.dat one.dat && grep -q 'p99 .*faster' out
ok "diff: slower is exit code 4, faster is not" $?
run 0 diff --phase total one.dat near.dat && grep -q 'p50 .* same' out && run 4 diff --phase total --tolerance 2 one.dat near.dat &&
	run 0 diff --tolerance 50 one.dat slow.dat
ok "diff --tolerance" $?
run 0 diff --phase total one.dat few.dat && grep -q 'p99 .* unsure' out && run 0 diff one.dat one.dat
ok "diff: too few values to be sure, and no difference at all" $?
fails 1 diff known.dat n1000.dat; run 0 diff --phase total known.dat pairs.dat || run 1 diff known.dat one.dat && grep -q 'no row in common' err
ok "diff: nothing in common is an error" $?
random 14 300 stock | dat st2.dat && run 1 diff --phase total st2.dat one.dat && { run 0 diff --across --cmd STOP --phase total st2.dat one.dat || [ "$code" = 4 ]; } &&
	grep -q '^playback STOP sync total: ' out
ok "diff --across: a stock kernel with deferred triggers" $?
fails 2 diff one.dat && fails 2 diff one.dat one.dat one.dat
ok "diff of one, or three: exit code 2" $?
run 0 check --max-p99 200us one.dat && grep -q '^ok c FE0 playback STOP worker total: p99 1[0-9.]* us, limit 200.000 us, of 600$' out &&
	run 4 check --max-p99 100us one.dat && grep -q '^EXCEEDED ' out && run 4 check --phase wait --max 999ns one.dat &&
	run 0 check --phase wait --max 1us one.dat && run 0 check --max-p50 1ms --max-p90 1ms --max-p99 1ms --max 1s one.dat
ok "check: within and beyond limits" $?
run 2 check one.dat; a=$?; run 2 check --max-p99 200 one.dat; b=$?; run 1 check --max-p999 1ms one.dat && grep -q 'too few for p99.9' err &&
	fails 1 check --phase irq_off --max 1s one.dat && [ $a$b = 00 ]
ok "check: no limit, no unit, too few values, nothing measured" $?
run 4 check --strict --max 1ns gap.dat && run 3 check --strict --max 1s gap.dat
ok "check --strict" $?

# --- trace-cmd's plugin, completion
make -s -C "$here/../../tools/trace-plugin" BUILD="$build" >out 2>err && mkdir -p home/.local/lib/traceevent/plugins &&
	cp "$build/plugin_asoc_dpcm.so" home/.local/lib/traceevent/plugins && HOME=$tmp/home tracecmd report known.dat >out 2>err &&
	grep -q 'vcard FE0 playback STOP #1 queued, 1 in the queue$' out &&
	grep -q 'STOP #1 run by the worker after 20.000 us, 0.300 us of it for the mutex$' out &&
	grep -q 'PAUSE_PUSH (7.0: PAUSE_RELEASE) #2 done in 0.200 us, 0 BEs, failed: -22 (Invalid argument)$' out &&
	grep -q 'vcard FE1 capture START: BE1 starts, not deferred$' out && grep -q 'vcard FE1 capture xrun, 0.078 us in a thread$' out
ok "trace-cmd's plugin: commands, results and times in words" $?
complete_words() { # WORDS...: what completion offers for the last of them
	(PATH=$build:$PATH && . "$here/../../tools/dpcm-latency/dpcm-latency.bash" &&
		COMP_WORDS=(dpcm-latency "$@") COMP_CWORD=$# && _dpcm_latency && echo "${COMPREPLY[*]}")
}
[ "$(complete_words rep)" = report ] && [ "$(complete_words report --str)" = "--strict --stream" ] &&
	[ "$(complete_words report --stream ca)" = capture ] && complete_words help '' | grep -q 'record report hist' &&
	[ "$(DPCM_TRACE_CONFIGS=$here/../../trace-configs complete_words record -c xrun)" = xrun-stop ]
ok "bash completion: commands, options, values, configurations" $?

# --- the command line
fails 2 && fails 2 reprot known.dat && grep -q "did you mean 'report'" err && fails 2 frobnicate
ok "unknown commands: exit code 2, and the near one is named" $?
fails 2 report --strikt known.dat && grep -q 'did you mean --strict' err && fails 2 report -x && fails 2 report --format
ok "unknown options: the same" $?
fails 2 report --format xml known.dat && grep -q 'one of: text, csv' err
ok "a value that is not allowed: those that are" $?
fails 2 report
ok "no file: exit code 2" $?
run 0 help && grep -q report out && run 0 --help && run 0 version && run 0 --version && run 0 report --help && cp out help1 &&
	run 0 help report && diff help1 out && fails 2 help reprot
ok "help and version" $?
missing=
for word in card fe stream mode cmd how phase count p50_ns p90_ns p99_ns p999_ns max_ns worker inline sync irq floor \
	xrun wait wake lock run be: total since_xrun irq_off queue START STOP PAUSE_PUSH PAUSE_RELEASE SUSPEND RESUME \
	DRAIN --strict --format; do
	for text in help1 "$build/man/dpcm-latency-report.1"; do
		sed 's/\\//g' "$text" | grep -q -e "$word" || missing="$missing $word"
	done
done
echo "missing:$missing" >err
[ -z "$missing" ]
ok "help and manual page define every column, word and option" $?
tool=$plain run 1 report known.dat
# what is read may be what is written, and what was there stays when nothing comes of it
cp ours.dat self.dat && run 0 merge -o self.dat self.dat && csv self.dat && diff ours.csv table &&
	echo keep >kept && fails 1 hist -o kept bad.json && fails 1 export --format csv --fe FEO -o kept ours.dat && [ "$(cat kept)" = keep ] &&
	ln -s kept link && fails 1 hist -o link bad.json && [ -L link ] && [ ! -e kept.part ] && [ ! -e link.part ] &&
	fails 1 hist -o missing/file ours.dat && grep -q 'cannot write missing/file' err && fails 1 hist -o . ours.dat
ok "--output over what is read, and after an error" $?
timeout 300 "$plain" report known.dat >/dev/full 2>err
[ $? = 1 ] && grep -q 'cannot write' err
ok "output that cannot be written: exit code 1" $?
if command -v man >/dev/null; then
	for page in "$build"/man/*.1; do
		man --warnings -l "$page" >/dev/null 2>>man.err
	done
	[ ! -s man.err ]
	ok "manual pages without warnings" $?
fi
make -s -C "$here/../../tools/dpcm-latency" install BUILD="$build" DESTDIR="$tmp/dest" PREFIX=/usr >out 2>err &&
	[ -x dest/usr/bin/dpcm-latency ] && [ -f dest/usr/share/dpcm-latency/trace-configs/xrun-stop ] &&
	run_installed() { dest/usr/bin/dpcm-latency record -c xrun-stap 2>&1; } && run_installed | grep -q "did you mean 'xrun-stop'" &&
	for verb in $(dest/usr/bin/dpcm-latency help | awk '/^commands:/ { on = 1; next } !NF { on = 0 } on && $1 !~ /help|version/ { print $1 }'); do
		[ -f "dest/usr/share/man/man1/dpcm-latency-$verb.1" ] || { echo "no page for $verb" >>err; false; break; }
	done
ok "make install" $?
# into an empty directory over the system's, which nobody else sees
mkdir -p "$(pkg-config --variable=libdir libtraceevent)/traceevent/plugins"
unshare -m sh -c 'mount -t tmpfs none "$1" && make -s -C "$2" install BUILD="$3" && trace-cmd report known.dat' - \
	"$(pkg-config --variable=libdir libtraceevent)/traceevent/plugins" "$here/../../tools/trace-plugin" "$build" >out 2>err &&
	grep -q 'playback STOP #1 queued' out
ok "make install of the plugin: trace-cmd finds it" $?
finish
