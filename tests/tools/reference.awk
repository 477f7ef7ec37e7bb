# What `dpcm-latency report --format csv` must say of a trace without losses, worked out again from
# the text of `trace-cmd report -t`: lines "KEY VALUE", for sort and rank.awk.
# A synchronous trigger's end is decided here when the next one begins, from the whole list of its calls.
function word(cmd) {
	split("STOP START 2 PAUSE_PUSH PAUSE_RELEASE SUSPEND RESUME DRAIN", words, " ")
	return words[cmd + 1]
}
function put(card, fe, stream, cmd, how, phase, ns) {
	printf "%s,%s,%s,%s,%s,%s %.0f\n", card, fe, stream, cmd, how, phase, ns
}
function flush_sync(k,    p) {
	if ((k in sync_cmd) && sync_last[k] < sync_first[k])
		delete sync_cmd[k]	# its BE call has no end
	if (k in sync_cmd) {
		split(k, p, SUBSEP)
		put(p[1], p[2], p[3], word(sync_cmd[k]), "sync", "total", sync_last[k] - sync_first[k])
		delete sync_cmd[k]
	}
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
	stream = v["stream"] == 0 ? "playback" : "capture"
	cmd = word(v["cmd"])
	trig = v["card"] SUBSEP v["fe"] SUBSEP stream
	task = pid ? pid : "cpu" cpu
	count[event]++
}
event == "dpcm_trigger_queue" {
	for (k in sync_cmd)
		if (index(k, trig SUBSEP) == 1)
			flush_sync(k)
}
event == "dpcm_trigger_run" {
	how[trig, v["seq"]] = v["inline"] ? "inline" : "worker"
	put(v["card"], v["fe"], stream, cmd, how[trig, v["seq"]], "wait", v["wait_ns"])
	put(v["card"], v["fe"], stream, cmd, how[trig, v["seq"]], "lock", v["lock_ns"])
}
event == "dpcm_trigger_done" { put(v["card"], v["fe"], stream, cmd, how[trig, v["seq"]], "total", v["total_ns"]) }
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
	}
	sync_bes[k] = sync_bes[k] v["be"] " "
}
event == "dpcm_be_trigger_end" && ((trig, v["seq"], v["be"], v["seq"] ? "" : task) in begun) {
	put(v["card"], v["fe"], stream, cmd, v["seq"] ? how[trig, v["seq"]] : "sync", "be:" v["be"],
	    ts - begun[trig, v["seq"], v["be"], v["seq"] ? "" : task])
	if (!v["seq"])
		sync_last[trig, task] = ts
}
event == "vcard_xrun" { put(v["card"], v["fe"], stream, "-", "irq", "irq_off", v["irq_ns"]) }
event == "vcard_floor" {
	put("-", "-", "-", "-", "floor", "queue", v["queue_ns"])
	put("-", "-", "-", "-", "floor", "wake", v["wake_ns"])
}
event == "vcard_be_trigger" && stock { put(v["card"], "-", stream, cmd, "sync", "be:" v["be"], v["ns"]) }
event == "be_dai_trigger" {
	d = ++depth[task]
	call[task, d] = ts
	call_row[task, d] = stream SUBSEP cmd
}
event == "be_dai_trigger_ret" && depth[task] {
	d = depth[task]--
	split(call_row[task, d], row, SUBSEP)
	put("-", "-", row[1], row[2], "sync", "total", ts - call[task, d])
}
END {
	for (k in sync_cmd)
		flush_sync(k)
}
