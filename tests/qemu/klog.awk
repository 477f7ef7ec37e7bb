# Counts the reports of a kernel log; the guest runs it on dmesg, the host on
# the console, so that neither has to believe the other. Only lines with a
# kernel time stamp count: what user space prints on the console does not.
#
# Output: "report_<class> N" for every class, "reports N" (their sum),
# "stock_races N" for data races that the released kernel has as well, and
# "logged_<kind> N" for each kind of BE protocol violation the virtual card
# warned of (both are findings, not kernel reports). With -v first=1 only the number
# and text of the first line that is a report.

function is(class) { count[class]++; if (!hit) { hit = NR; text = $0 } }

BEGIN {
	n = split("kasan race lockdep sleep stall hung ubsan odebug list oops bug warning memory", order, " ")
	m = split("start_running stop_stopped pause_stopped prepare_running hw_free_running " \
		  "shutdown_running overlap runtime_null runtime_freed trigger_closed " \
		  "trigger_unprepared left_running silent_be resume_swallowed", kinds, " ")

	# docs/proofs.md says of what
	races_of_stock = " in (lapic_cal_handler / setup_boot_APIC_clock|" \
			 "tick_nohz_handler / tick_nohz_idle_got_tick|" \
			 "poll_schedule_timeout[^ ]* / pollwake|" \
			 "do_nanosleep / hrtimer_wakeup|" \
			 "snd_soc_pcm_component_trigger / snd_soc_pcm_component_trigger)"
}

!/\[ *[0-9]+\.[0-9][0-9][0-9][0-9][0-9][0-9]\]/ { next }

# The check's message and its WARNING line come apart when two CPUs print:
# pair them by number, not by neighbourhood.
/ dpcm-vcard: [a-z_]+:/ {
	for (i = 1; i <= m; i++)
		if (index($0, " dpcm-vcard: " kinds[i] ":")) {
			violations++
			logged[kinds[i]]++
			next
		}
}
/WARNING: .*(dpcm-vcard\.c:|vcard_violation\+)/		{ vcard_warnings++; vcard_line = NR; vcard_text = $0; next }

/BUG: KASAN|BUG: KFENCE/		{ is("kasan"); next }
/BUG: KCSAN: data-race/ {
	if ($0 ~ races_of_stock) stock_races++
	else is("race")
	next
}
/possible circular locking|possible recursive locking|inconsistent lock state/ { is("lockdep"); next }
/suspicious RCU usage|lock order detected|lock inversion|bad unlock balance/ { is("lockdep"); next }
/nvalid wait context|held lock freed|locks still held|still has locks held|lock held when/ { is("lockdep"); next }
/non-static key|turning off the locking correctness|bad contention/ { is("lockdep"); next }
/sleeping function called|scheduling while atomic|Voluntary context switch/ { is("sleep"); next }
/soft lockup|hard LOCKUP|workqueue lockup|rcu.* stall/ { is("stall"); next }
/blocked for more than/			{ is("hung"); next }
/UBSAN: /				{ is("ubsan"); next }
/ODEBUG: /				{ is("odebug"); next }
/list_(add|del) corruption|list_(add|del).*double/ { is("list"); next }
/Oops: |general protection|Kernel panic|kernel BUG at|[Uu]nable to handle|Internal error: |SError Interrupt/ { is("oops"); next }
/BUG: /					{ is("bug"); next }
/WARNING: /				{ is("warning"); next }
/page allocation failure|Out of memory|new suspected memory leaks/ { is("memory"); next }

END {
	if (vcard_warnings > violations) {
		count["warning"] += vcard_warnings - violations
		if (!hit) { hit = vcard_line; text = vcard_text }
	}
	if (first) {
		if (hit)
			print hit, text
		exit
	}
	for (i = 1; i <= n; i++) {
		print "report_" order[i], count[order[i]] + 0
		sum += count[order[i]]
	}
	print "reports", sum + 0
	print "stock_races", stock_races + 0
	for (i = 1; i <= m; i++)
		print "logged_" kinds[i], logged[kinds[i]] + 0
}
