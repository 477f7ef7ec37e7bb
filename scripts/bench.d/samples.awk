# What a guest recorded, as one sample a line: curve, mode, x, metric, run, ns.
#   awk -v run=N -v skip=N [-v counted=1] -f samples.awk samples
# counted: the ns are instructions, and the curve is called counted-...
#
# Every stop of a point is an xrun's, and the last command of a point is a STOP:
# that tells which number of this kernel's the command has.

# put METRIC NS: the first of a point, in which emulated code is translated and
# caches are filled, are left out
function put(metric, ns) {
	if (++seen[metric] > skip)
		print curve, mode, x, metric, run, ns
}

function flush(   i) {
	for (i = 1; i <= commands; i++) {
		if (cmd_of[i] != last_cmd)
			continue
		put("wait", wait[i])
		put("lock", lock[i])
		put("total", total[i])
	}
	commands = 0
}

BEGIN { OFS = "\t" }

$1 == "point" {
	flush()
	curve = (counted ? "counted-" : "") $2; mode = $3; x = $4
	split("", seen)
	expired = woken = 0
	next
}

{
	# task-pid [cpu] flags time: event: key=value ...
	if (!match($0, / [0-9]+\.[0-9]+: [a-z_]+: /)) {
		print "samples: line " NR " is no event: " $0 >"/dev/stderr"
		exit failed = 1
	}
	split(substr($0, RSTART + 1), word, /: /)
	time = word[1]
	event = word[2]
	split("", v)
	for (i = 4; i <= NF; i++) {
		n = index($i, "=")
		if (n)
			v[substr($i, 1, n - 1)] = substr($i, n + 1)
	}
}

event == "vcard_xrun" { put(v["hardirq"] == 1 ? "irq" : "thread", v["irq_ns"]) }
# to wake its thread is all that such an interrupt does
event == "vcard_period" { put(mode == "threaded" ? "irq" : "period", v["irq_ns"]) }

event == "dpcm_trigger_run" {
	commands++
	cmd_of[commands] = last_cmd = v["cmd"]
	wait[commands] = v["wait_ns"]
	lock[commands] = v["lock_ns"]
	by_seq[v["fe"], v["seq"]] = commands
}
event == "dpcm_trigger_done" { total[by_seq[v["fe"], v["seq"]]] = v["total_ns"] }

event == "vcard_floor" {
	put("queue", v["queue_ns"])
	put("wake", v["wake_ns"])
}

# interrupt, application woken, application on a CPU
event == "hrtimer_expire_entry" && v["function"] == "vcard_fe_timer" { expired = time; woken = 0 }
event == "sched_waking" && expired { woken = 1 }
event == "sched_switch" && woken {
	put("app", sprintf("%d", (time - expired) * 1e9))
	expired = woken = 0
}

END { if (!failed) flush() }
