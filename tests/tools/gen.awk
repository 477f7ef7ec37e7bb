# A mkdat script of N random triggers (-v seed= -v n= -v kind=ours|stock), to be sorted by time.
# Deferred and synchronous triggers of several FEs on several CPUs at once, pauses that cancel, errors.
function rnd(from, to) { return from + int(rand() * (to - from + 1)) }
function ev(ts, cpu, pid, text) { printf "%.0f %d %d %s\n", ts, cpu, pid, text }
function trigger(f, s, c, q) { return "card=vcard fe=FE" f " stream=" s " cmd=" c " seq=" q }

function deferred(f, s, c, t,    q, start, end, cpu, run, pid, what, nbes, b, inline, cost) {
	q = ++seq[f, s]
	what = trigger(f, s, c, q)
	cpu = rnd(0, cpus - 1)
	pid = rnd(0, 1) * 100
	if (c == 0 && rand() < 0.5)
		ev(t - rnd(100, 900), cpu, pid, "xrun card=0 stream=" s)
	ev(t, cpu, pid, "dpcm_trigger_queue " what " depth=1")
	start = t
	if (rand() < 0.05) {
		ev(t + 500, rnd(0, cpus - 1), 0, "dpcm_trigger_cancel " what)
		return t + 500
	}
	run = t + rnd(1000, 90000)
	cpu = rnd(0, cpus - 1)
	inline = rand() < 0.2
	pid = inline ? 300 : 200 + cpu
	ev(run, cpu, pid, "dpcm_trigger_run " what " inline=" inline " wait_ns=" run - start " lock_ns=" rnd(10, 999))
	t = run
	nbes = rnd(1, 4)
	for (b = 0; b < nbes; b++) {
		t += rnd(100, 900)
		ev(t, cpu, pid, "dpcm_be_trigger_start " what " be=BE" b)
		cost = rnd(1000, 60000)
		t += cost
		ev(t, cpu, pid, "dpcm_be_trigger_end " what " be=BE" b " ret=" (rand() < 0.02 ? 4294967291 : 0))
		if (rand() < 0.3)
			ev(t, cpu, pid, "vcard_be_trigger card=vcard be=BE" b " stream=" s " cmd=" c " ns=" cost)
	}
	t += rnd(100, 900)
	ev(t, cpu, pid, "dpcm_trigger_done " what " bes=" nbes " total_ns=" t - start)
	return t
}

function synchronous(f, s, c, t,    cpu, pid, what, nbes, b) {
	what = trigger(f, s, c, 0)
	cpu = rnd(0, cpus - 1)
	pid = rnd(0, 1) * (100 + f * 2 + s)
	nbes = rnd(1, 4)
	if (c == 0 && rand() < 0.5)
		ev(t, cpu, pid, "xrun card=0 stream=" s)
	for (b = 0; b < nbes; b++) {
		t += rnd(100, 900)
		ev(t, cpu, pid, "dpcm_be_trigger_start " what " be=BE" b)
		t += rnd(1000, 60000)
		ev(t, cpu, pid, "dpcm_be_trigger_end " what " be=BE" b)
	}
	return t
}

# What an interrupt on top of it does comes first, then its BEs.
function stock(s, c, t, depth,    cpu, pid, nbes, b, period) {
	cpu = lane
	pid = depth ? pid_above : (pid_above = rnd(0, 1) * (100 + lane))
	period = c == 0 && rand() < 0.5
	if (period) {
		ev(t, cpu, pid, "period_elapsed substream=" 8192 + s)
		if (rand() < 0.8)
			ev(t + 10, cpu, pid, "pcm_xrun substream=" 8192 + s)
		if (rand() < 0.5)
			ev(t + 20, cpu, pid, "xrun card=0 stream=" s)
		t += rnd(30, 900)
	}
	ev(t, cpu, pid, "be_dai_trigger fe=" 4096 + s " stream=" s " cmd=" c)
	if (!depth && rand() < 0.2)
		t = stock(rnd(0, 1), 0, t + rnd(100, 5000), 1)
	nbes = bes ? rnd(0, 4) : 0
	for (b = 0; b < nbes; b++) {
		t += rnd(100, 900)
		ev(t, cpu, pid, "pcm_trigger substream=" 12288 + b " cmd=" c)
		t += rnd(100, 60000)
		ev(t, cpu, pid, "pcm_trigger_ret ret=0")
	}
	t += rnd(100, 100000)
	if (rand() < 0.5)
		ev(t - 50, cpu, pid, "vcard_be_trigger card=vcard be=BE" rnd(0, 3) " stream=" s " cmd=" c " ns=" rnd(100, 99999))
	ev(t, cpu, pid, "be_dai_trigger_ret ret=0")
	if (bes && rand() < 0.3) {
		# the FE's own half
		ev(t + 10, cpu, pid, "pcm_trigger substream=" 8192 + s " cmd=" c)
		ev(t + 90, cpu, pid, "pcm_trigger_ret ret=0")
		t += 90
	}
	if (period) {
		t += rnd(100, 900)
		ev(t, cpu, pid, "period_elapsed_ret")
	}
	return t
}

BEGIN {
	srand(seed)
	cpus = 4
	bes = rnd(0, 1)
	split("0 1 3 4 5 6 7", cmds, " ")
	for (i = 0; i < n; i++) {
		lane = rnd(0, 3)
		c = cmds[rnd(1, 7)]
		t = next_ts[lane] + rnd(1000, 200000000)
		if (kind == "stock")
			t = stock(lane % 2, c, t, 0)
		else if (rand() < 0.6)
			t = deferred(int(lane / 2), lane % 2, c, t)
		else
			t = synchronous(int(lane / 2), lane % 2, c, t)
		next_ts[lane] = t
		if (rand() < 0.1) {
			if (kind != "stock" || !bes)
				ev(t + 10, 0, 0, "vcard_xrun card=vcard fe=FE" int(lane / 2) " stream=" lane % 2 " irq_ns=" rnd(1000, 999999) " hardirq=1")
			ev(t + 20, 1, 0, "vcard_floor queue_ns=" rnd(100, 9999) " wake_ns=" rnd(100, 99999))
			ev(t + 30, 2, 7, "xrun card=0")
			ev(t + 40, 3, 7, "sched_wakeup pid=1 prio=2")
		}
	}
}
