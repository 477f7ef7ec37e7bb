# The tables of make bench, from results.tsv (see plots.gp). What is missing is
# an error; so is what must not depend on the machine.

BEGIN { FS = "\t" }
{
	k = $1 SUBSEP $2 SUBSEP $3 SUBSEP $4
	samples[k] = $5; p50[k] = $6; least[k] = $7; most[k] = $8; p99[k] = $9; max[k] = $10
	if (!(($1, $3) in seen)) {
		seen[$1, $3] = 1
		xs[$1] = xs[$1] " " $3
	}
}

function bad(why) {
	if (!(why in said))
		errors[++nr_errors] = why
	said[why] = 1
}
function get(a, curve, mode, x, metric) {
	if (!((curve, mode, x, metric) in a)) {
		bad("not measured: " curve " " mode " " x " " metric)
		return 0
	}
	return a[curve, mode, x, metric]
}
function us(n) { return sprintf(n > 0 && n < 10 ? "%.1f" : "%.0f", n) }
function name(mode) { return mode == "threaded" ? "fe_nonatomic" : mode }

function counted_load(metric) { return get(p50, "counted-load", "all", "idle", metric) }
function counted(mode, x, metric) { return get(p50, "counted-bes", mode, x, metric) }

# a row of medians with their spread
function row(title, curve, mode, metric,   list, n, i, line) {
	n = split(xs[curve], list, " ")
	line = sprintf("  %-24s", title)
	for (i = 1; i <= n; i++)
		line = line sprintf(" %17s", us(get(p50, curve, mode, list[i], metric)) " (" \
			us(get(least, curve, mode, list[i], metric)) "-" us(get(most, curve, mode, list[i], metric)) ")")
	print line
}
function row99(title, curve, mode, metric,   list, n, i, line) {
	n = split(xs[curve], list, " ")
	line = sprintf("  %-24s", title)
	for (i = 1; i <= n; i++)
		line = line sprintf(" %17s", us(get(p99, curve, mode, list[i], metric)))
	print line
}
function head(title, curve,   list, n, i, line) {
	n = split(xs[curve], list, " ")
	line = sprintf("  %-24s", title)
	for (i = 1; i <= n; i++)
		line = line sprintf(" %17s", list[i])
	print line
}
function slope(mode, curve) {
	return sprintf("%.2f (%.2f to %.2f)", get(p50, "slope", mode, curve, "irq"), \
		get(least, "slope", mode, curve, "irq"), get(most, "slope", mode, curve, "irq"))
}
function ratio(a, b) { return b ? sprintf("%.2f", a / b) : "-" }

END {
	split("off stop all threaded", modes, " ")
	split("highpri unbound ordered fifo", workers, " ")
	print "All times in us: median of the runs' medians (least-most of the runs); p99 of all samples."

	print "\n1. Time in the interrupt that finds the xrun; BEs of 50 us"
	head("BEs", "bes")
	for (i = 1; i <= 4; i++)
		row(name(modes[i]), "bes", modes[i], "irq")
	row("a period without xrun", "bes", "off", "period")
	print "  for each BE: off " slope("off", "bes") ", stop " slope("stop", "bes") ", all " slope("all", "bes")

	print "\n2. The same; 4 BEs, against the us that each takes"
	head("us", "cost")
	for (i = 1; i <= 4; i++)
		row(name(modes[i]), "cost", modes[i], "irq")
	print "  for each us of a BE: off " slope("off", "cost") ", stop " slope("stop", "cost") ", all " slope("all", "cost")
	head("us, asleep", "sleep")
	row("all", "sleep", "all", "irq")

	print "\n3. Added latency of the STOP; BEs of 50 us"
	head("BEs", "bes")
	for (i = 2; i <= 3; i++) {
		row(modes[i] ": until it runs", "bes", modes[i], "wait")
		row(modes[i] ": last BE stopped", "bes", modes[i], "total")
		row99("  p99", "bes", modes[i], "total")
	}

	print "\n4. The same with 1 BE, while DAPM sleeps so long under the mutex to power another FE's BE up or down, again and again"
	head("us", "mutex")
	row("all: for the mutex", "mutex", "all", "lock")
	row("all: last BE stopped", "mutex", "all", "total")
	row99("  p99", "mutex", "all", "total")

	print "\n5. Added latency over the floor; 1 BE that takes no time"
	head("load", "load")
	row("floor: queue it", "floor", "highpri", "queue")
	row("floor: until it runs", "floor", "highpri", "wake")
	row99("  p99", "floor", "highpri", "wake")
	row("all: until it runs", "load", "all", "wait")
	row99("  p99", "load", "all", "wait")
	row("all: last BE stopped", "load", "all", "total")
	row99("  p99", "load", "all", "total")
	row("all, SCHED_FIFO thread", "load", "all-fifo", "total")
	row99("  p99", "load", "all-fifo", "total")

	print "\n6. The floor by who runs the work item"
	head("load", "floor")
	for (i = 1; i <= 4; i++) {
		row(workers[i] ": queue it", "floor", workers[i], "queue")
		row(workers[i] ": until it runs", "floor", workers[i], "wake")
		row99("  p99", "floor", workers[i], "wake")
	}

	print "\n7. From the interrupt of a period to the application on a CPU; 4 BEs, no xrun"
	for (i = 1; i <= 4; i++)
		printf "  %-24s %17s   p99 %s   %s of off\n", name(modes[i]), \
			us(get(p50, "wake", modes[i], 4, "app")) " (" us(get(least, "wake", modes[i], 4, "app")) "-" \
			us(get(most, "wake", modes[i], 4, "app")) ")", us(get(p99, "wake", modes[i], 4, "app")), \
			ratio(get(p50, "wake", modes[i], 4, "app"), get(p50, "wake", "off", 4, "app"))

	print "\n8. Instructions instead of time (icount, 1 CPU, idle); BEs that take no time"
	head("BEs", "counted-bes")
	n = split("stock off stop all threaded", modes, " ")
	for (i = 1; i <= n; i++)
		row(name(modes[i]) ": xrun", "counted-bes", modes[i], "irq")
	for (i = 1; i < n; i++)
		row(modes[i] ": period", "counted-bes", modes[i], "period")
	print "  1 BE, mode all: " counted_load("total") " from queued to stopped, of which " counted_load("wait") " until it runs; an empty work item: " \
		get(p50, "counted-floor", "highpri", "idle", "wake") ", of which " get(p50, "counted-floor", "highpri", "idle", "queue") \
		" to queue it (fifo: " get(p50, "counted-floor", "fifo", "idle", "wake") ", " get(p50, "counted-floor", "fifo", "idle", "queue") ")"

	print "\nWhat this shows"
	print "- Interrupt time for each further BE: off " slope("off", "bes") " us, stop " slope("stop", "bes") ", all " slope("all", "bes") "."
	for (i = 1; i <= 3; i++) {
		m = modes[i + 1]
		each[m] = (counted(m, 16, "irq") - counted(m, 1, "irq")) / 15
	}
	printf "  Instructions: off %.1f, stop %.1f, all %.1f.\n", each["off"], each["stop"], each["all"]
	off16 = get(p50, "bes", "off", 16, "irq")
	all16 = get(p50, "bes", "all", 16, "irq")
	print "- 16 BEs of 50 us: off " us(off16) " us, all " us(all16) ": " ratio(off16, all16) " times as long. Of the " us(all16) \
		" a period without xrun has " us(get(p50, "bes", "all", 16, "period")) ", waking a worker " \
		us(get(p50, "floor", "highpri", "idle", "queue")) "; the rest is the PCM core's stop."
	m = split(xs["load"], list, " ")
	for (i = 1; i <= m; i++)
		print "- Added latency over the floor, " list[i] ": p50 " \
			ratio(get(p50, "load", "all", list[i], "total"), get(p50, "floor", "highpri", list[i], "wake")) " times, p99 " \
			ratio(get(p99, "load", "all", list[i], "total"), get(p99, "floor", "highpri", list[i], "wake")) " times, longest " \
			us(get(max, "load", "all", list[i], "total")) " us; with a SCHED_FIFO thread p50 " \
			ratio(get(p50, "load", "all-fifo", list[i], "total"), get(p50, "floor", "highpri", list[i], "wake")) " times, p99 " \
			ratio(get(p99, "load", "all-fifo", list[i], "total"), get(p99, "floor", "highpri", list[i], "wake")) " times, longest " \
			us(get(max, "load", "all-fifo", list[i], "total")) " us."
	period = counted("off", 1, "period")
	print "- A period without xrun: all and stop " counted("all", 1, "period") - period " and " \
		counted("stop", 1, "period") - period " instructions more than off; off " period - counted("stock", 1, "period") " more than stock."
	print "- The xrun's stop, off more than stock: " counted("off", 1, "irq") - counted("stock", 1, "irq") " instructions with 1 BE, " \
		each["off"] - (counted("stock", 16, "irq") - counted("stock", 1, "irq")) / 15 " for each further one."
	print "- The application wakes up after " us(get(p50, "wake", "off", 4, "app")) " us in off, " us(get(p50, "wake", "all", 4, "app")) \
		" in all, " us(get(p50, "wake", "threaded", 4, "app")) " with fe_nonatomic."

	for (k in p50) {
		split(k, part, SUBSEP)
		if (part[1] == "counted-bes" && (part[4] == "irq" || part[4] == "period") && least[k] != most[k])
			bad("two runs count differently: " part[2] " " part[4] " with " part[3] " BEs: " least[k] ", " most[k])
	}
	if (each["stop"] || each["all"])
		bad("a deferred stop costs instructions for each BE")
	if (counted("stop", 1, "period") != period || counted("all", 1, "period") != period)
		bad("deferring costs instructions in a period without xrun")
	if (get(p50, "slope", "all", "bes", "irq") * 20 > get(p50, "slope", "off", "bes", "irq"))
		bad("a deferred stop costs time for each BE")

	for (i = 1; i <= nr_errors; i++)
		print "error: " errors[i] >"/dev/stderr"
	exit nr_errors > 0
}
