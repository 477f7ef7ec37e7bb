# What `dpcm-latency report --format csv` must say of a trace without losses, worked out again from
# the text of `trace-cmd report -t`: lines "KEY VALUE", for sort and rank.awk.
# A synchronous trigger's end is decided here when the next one begins, from the whole list of its calls.
function word(cmd) {
	split("STOP START 2 PAUSE_PUSH PAUSE_RELEASE SUSPEND RESUME DRAIN", words, " ")
	return words[cmd + 1]
}
function direction(stream) { return stream == 0 ? "playback" : "capture" }
# FROM: asoc, vcard or stock; printed at the end, when it is known which of them count
function put(from, card, fe, stream, cmd, how, phase, ns,    s, starts) {
	lines++
	line_from[lines] = from
	line_stream[lines] = s = from SUBSEP card SUBSEP fe SUBSEP stream
	line_start[lines] = card "," fe "," stream
	line_end[lines] = cmd "," how "," phase
	line_phase[lines] = phase
	line_ns[lines] = ns
	starts = cmd == "START" || cmd == "PAUSE_RELEASE" || cmd == "RESUME"
	if (phase == "wait")
		deferred[s, starts]++
	if (phase == "total" && how == "sync")
		sync[s, starts]++
}
function mode(s) {
	if (!deferred[s, 0] && !deferred[s, 1])
		return sync[s, 0] || sync[s, 1] ? "off" : "-"
	if (sync[s, 0])
		return "mixed"
	if (sync[s, 1])
		return deferred[s, 0] ? "stop" : "mixed"
	return deferred[s, 1] ? "all" : "stop/all"
}
function counts(l) {
	if (line_phase[l] == "irq_off")
		return line_from[l] != "stock" || !count["vcard_xrun"]
	if (line_from[l] == "stock")
		return !asoc
	return line_from[l] == "asoc" || substr(line_phase[l], 1, 3) != "be:" || !(asoc || count["pcm_trigger"])
}
function flush_sync(k,    p, total) {
	if ((k in sync_cmd) && sync_last[k] < sync_first[k])
		delete sync_cmd[k]	# its BE call has no end
	if (k in sync_cmd) {
		split(k, p, SUBSEP)
		put("asoc", p[1], p[2], p[3], word(sync_cmd[k]), "sync", "total", sync_last[k] - sync_first[k])
		if (sync_xrun[k]) {
			put("asoc", p[1], p[2], p[3], word(sync_cmd[k]), "sync", "xrun", sync_first[k] - sync_xrun[k])
			put("asoc", p[1], p[2], p[3], word(sync_cmd[k]), "sync", "since_xrun", sync_last[k] - sync_xrun[k])
		}
		delete sync_cmd[k]
	}
}
# The xrun that a STOP of this task, on this CPU, comes from
function xrun_before(    x) {
	if (v["cmd"] != 0 || !(task in xrun_at) || xrun_cpu[task] != cpu || ts - xrun_at[task] > 5e7 ||
	    (xrun_stream[task] != "" && xrun_stream[task] != stream))
		return 0
	x = xrun_at[task]
	delete xrun_at[task]
	return x
}
function xrun(dir,    d) {
	xrun_at[task] = ts
	xrun_cpu[task] = cpu
	xrun_stream[task] = dir
	for (d = depth[task]; d > 0; d--)
		if (call_kind[task, d] == "period")
			call_stops[task, d] = 1
}
function call(kind,    d) {
	d = ++depth[task]
	call_at[task, d] = ts
	call_kind[task, d] = kind
	call_stops[task, d] = 0
	call_bes[task, d] = 0
	return d
}
function ret(kind,    d) {
	for (d = depth[task]; d > 0 && call_kind[task, d] != kind; d--)
		;
	if (d)
		depth[task] = d - 1
	return d
}
/^cpus=/ { next }
{
	if (!match($0, /-[0-9]+ +\[[0-9]+\] +[0-9]+\.[0-9]+: [a-z_]+: /))
		next
	rest = substr($0, RSTART + RLENGTH)
	text = substr($0, RSTART + 1, RLENGTH - 1)
	gsub(/\[|\]|:/, " ", text)
	split(text, head, " ")
	pid = head[1]
	cpu = head[2]
	ts = head[3]
	sub(/\./, "", ts)
	ts += 0
	event = head[4]
	delete v
	n = split(rest, pairs, " ")
	for (i = 1; i <= n; i++)
		if (split(pairs[i], kv, "=") == 2)
			v[kv[1]] = kv[2]
	stream = direction(v["stream"])
	cmd = word(v["cmd"])
	trig = v["card"] SUBSEP v["fe"] SUBSEP stream
	task = pid + 0 ? pid : "cpu" cpu
	count[event]++
}
event == "xrun" { xrun(match(rest, /pcmC[0-9]+D[0-9]+[pc]/) ? (substr(rest, RSTART + RLENGTH - 1, 1) == "p" ? "playback" : "capture") : stream) }
event == "pcm_xrun" { xrun("") }
event == "dpcm_trigger_queue" {
	for (k in sync_cmd)
		if (index(k, trig SUBSEP) == 1)
			flush_sync(k)
	queued[trig, v["seq"]] = ts
	queued_xrun[trig, v["seq"]] = xrun_before()
}
event == "dpcm_trigger_run" {
	h = how[trig, v["seq"]] = v["inline"] ? "inline" : "worker"
	wait[trig, v["seq"]] = v["wait_ns"]
	put("asoc", v["card"], v["fe"], stream, cmd, h, "wait", v["wait_ns"])
	put("asoc", v["card"], v["fe"], stream, cmd, h, "wake", v["wait_ns"] - v["lock_ns"])
	put("asoc", v["card"], v["fe"], stream, cmd, h, "lock", v["lock_ns"])
	if (queued_xrun[trig, v["seq"]])
		put("asoc", v["card"], v["fe"], stream, cmd, h, "xrun", queued[trig, v["seq"]] - queued_xrun[trig, v["seq"]])
}
event == "dpcm_trigger_done" {
	h = how[trig, v["seq"]]
	put("asoc", v["card"], v["fe"], stream, cmd, h, "total", v["total_ns"])
	put("asoc", v["card"], v["fe"], stream, cmd, h, "run", v["total_ns"] - wait[trig, v["seq"]])
	if (queued_xrun[trig, v["seq"]])
		put("asoc", v["card"], v["fe"], stream, cmd, h, "since_xrun", ts - queued_xrun[trig, v["seq"]])
}
event == "dpcm_be_trigger_start" {
	begun[trig, v["seq"], v["be"], v["seq"] ? "" : task] = ts
	if (v["seq"])
		next
	k = trig SUBSEP task
	if ((k in sync_cmd) && (sync_cmd[k] != v["cmd"] || index(sync_bes[k], " " v["be"] " ")))
		flush_sync(k)
	if (!(k in sync_cmd)) {
		sync_first[k] = ts
		sync_bes[k] = " "
		sync_cmd[k] = v["cmd"]
		sync_xrun[k] = xrun_before()
	}
	sync_bes[k] = sync_bes[k] v["be"] " "
}
event == "dpcm_be_trigger_end" && ((trig, v["seq"], v["be"], v["seq"] ? "" : task) in begun) {
	put("asoc", v["card"], v["fe"], stream, cmd, v["seq"] ? how[trig, v["seq"]] : "sync", "be:" v["be"],
	    ts - begun[trig, v["seq"], v["be"], v["seq"] ? "" : task])
	if (!v["seq"])
		sync_last[trig, task] = ts
}
event == "vcard_xrun" { put("vcard", v["card"], v["fe"], stream, "-", "irq", "irq_off", v["irq_ns"]) }
event == "vcard_floor" {
	put("vcard", "-", "-", "-", "-", "floor", "queue", v["queue_ns"])
	put("vcard", "-", "-", "-", "-", "floor", "wake", v["wake_ns"])
}
event == "vcard_be_trigger" { put("vcard", v["card"], "-", stream, cmd, "sync", "be:" v["be"], v["ns"]) }
event == "be_dai_trigger" {
	d = call("trigger")
	call_fe[task, d] = v["fe"] != "" ? v["fe"] : "-"
	call_row[task, d] = stream SUBSEP cmd
	call_xrun[task, d] = xrun_before()
}
event == "be_dai_trigger_ret" {
	d = ret("trigger")
	if (!d)
		next
	split(call_row[task, d], row, SUBSEP)
	fe = call_fe[task, d]
	put("stock", "-", fe, row[1], row[2], "sync", "total", ts - call_at[task, d])
	for (i = 1; i <= call_bes[task, d]; i++)
		put("stock", "-", fe, row[1], row[2], "sync", "be:" call_be[task, d, i], call_be_ns[task, d, i])
	if (call_xrun[task, d]) {
		put("stock", "-", fe, row[1], row[2], "sync", "xrun", call_at[task, d] - call_xrun[task, d])
		put("stock", "-", fe, row[1], row[2], "sync", "since_xrun", ts - call_xrun[task, d])
	}
}
event == "pcm_trigger" {
	d = call("be")
	call_fe[task, d] = v["substream"]
}
event == "pcm_trigger_ret" {
	d = ret("be")
	if (d > 1 && call_kind[task, d - 1] == "trigger") {
		i = ++call_bes[task, d - 1]
		call_be[task, d - 1, i] = call_fe[task, d]
		call_be_ns[task, d - 1, i] = ts - call_at[task, d]
	}
}
event == "period_elapsed" {
	d = call("period")
	call_fe[task, d] = v["substream"]
}
event == "period_elapsed_ret" {
	d = ret("period")
	if (!d || !call_stops[task, d])
		next
	delete xrun_at[task]
	put("stock", "-", call_fe[task, d], "-", "-", "irq", "irq_off", ts - call_at[task, d])
}
END {
	for (k in sync_cmd)
		flush_sync(k)
	asoc = count["dpcm_be_trigger_start"] || count["dpcm_be_trigger_end"]
	for (l = 1; l <= lines; l++)
		if (counts(l))
			printf "%s,%s,%s %.0f\n", line_start[l], mode(line_stream[l]), line_end[l], line_ns[l]
}
