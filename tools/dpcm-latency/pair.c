// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events to durations.
 *
 * A deferred trigger is known by card, FE, stream and seq. wait, lock and total
 * were measured by the kernel and stand in one event each; the time of a BE is
 * between two events.
 *
 * A synchronous one (seq 0) has no number. Its BE calls are joined by the task
 * that makes them, or the CPU where that is the idle task. Calls for the same
 * card, FE, stream and command by the same task make up one trigger, until a BE
 * comes again, the command changes or the FE's stream queues a trigger.
 *
 * Where events were lost on a CPU nothing is joined across that gap.
 */
#include <stdlib.h>
#include <string.h>

#include "pair.h"
#include "util.h"

#define MAX_GROUP_BES 64
#define MAX_NESTED 8

struct pair_cpu {
	uint64_t gap;		/* when the latest gap ended */
	bool has_gap;
	bool cut;		/* the synchronous trigger that comes first may lack its first BEs */
};

struct trigger_key {
	uint32_t card, fe, stream, seq;
};

struct trigger {
	uint64_t ts;		/* of its latest event, */
	int cpu;		/* and where that was */
	bool open, running;
	uint32_t how;
};

struct be_key {
	uint32_t card, fe, stream, seq, be, task;
};

struct be_call {
	uint64_t ts;
	int cpu;
	bool open;
};

struct stream_key {
	uint32_t card, fe, stream, task;
};

struct group {
	uint64_t first, last;
	uint64_t epoch;
	uint32_t card, fe, stream, cmd;
	int cpu;
	unsigned int starts, ends;
	bool open, cut;
	uint32_t be[MAX_GROUP_BES];
};

struct stock_calls {
	unsigned int depth;
	struct stock_call {
		uint64_t ts;
		int cpu;
		uint32_t stream, cmd;
	} call[MAX_NESTED];
};

void pair_init(struct pair *p)
{
	*p = (struct pair) {
		.rows = MAP_INIT(struct row_key, struct dist),
		.triggers = MAP_INIT(struct trigger_key, struct trigger),
		.be_calls = MAP_INIT(struct be_key, struct be_call),
		.groups = MAP_INIT(struct stream_key, struct group),
		.epochs = MAP_INIT(struct stream_key, uint64_t),
		.stock = MAP_INIT(uint32_t, struct stock_calls),
	};
}

static struct pair_cpu *cpu_of(struct pair *p, int cpu)
{
	if (cpu >= p->nr_cpus) {
		p->cpu = xrealloc(p->cpu, cpu + 1, sizeof(*p->cpu));
		memset(p->cpu + p->nr_cpus, 0, (cpu + 1 - p->nr_cpus) * sizeof(*p->cpu));
		p->nr_cpus = cpu + 1;
	}
	return &p->cpu[cpu];
}

/* Interrupts carry the number of the task they interrupt; idle tasks all have number 0. */
static uint32_t task_of(const struct event *ev)
{
	return ev->pid ? (uint32_t)ev->pid : 1U << 31 | ev->cpu;
}

static bool gap_after(struct pair *p, int cpu, uint64_t ts)
{
	const struct pair_cpu *c = cpu_of(p, cpu);

	return c->has_gap && c->gap > ts;
}

/* Is there a gap between the event at @ts on @cpu and @ev, on either's CPU? */
static bool across_gap(struct pair *p, uint64_t ts, int cpu, const struct event *ev)
{
	return gap_after(p, cpu, ts) || gap_after(p, ev->cpu, ts);
}

static void count_no_start(struct pair *p)
{
	if (p->gap_seen)
		p->counts.discarded++;
	else
		p->counts.no_start++;
}

static void count_no_end(struct pair *p, uint64_t ts, uint64_t *counter)
{
	if (p->gap_seen && p->last_gap > ts)
		p->counts.discarded++;
	else
		(*counter)++;
}

static void add(struct pair *p, struct row_key key, uint64_t ns)
{
	dist_add(map_get(&p->rows, &key), ns);
}

static struct row_key row(const struct event *ev, enum how how, enum phase phase)
{
	return (struct row_key) { .card = ev->card, .fe = ev->fe, .stream = ev->stream, .cmd = ev->cmd,
				  .how = how, .phase = phase };
}

static struct trigger_key trigger_key(const struct event *ev)
{
	return (struct trigger_key) { ev->card, ev->fe, ev->stream, ev->seq };
}

static uint64_t *epoch_of(struct pair *p, const struct event *ev)
{
	struct stream_key key = { ev->card, ev->fe, ev->stream, 0 };

	return map_get(&p->epochs, &key);
}

/* Ends one synchronous trigger, and counts it if it is known to be whole. */
static void close_group(struct pair *p, struct group *g)
{
	struct row_key key = { .card = g->card, .fe = g->fe, .stream = g->stream, .cmd = g->cmd,
			       .how = HOW_SYNC, .phase = PH_TOTAL };

	if (!g->open)
		return;
	if (g->cut || gap_after(p, g->cpu, g->first))
		p->counts.discarded++;
	else if (g->starts == g->ends)		/* else its BE call is counted as one without end */
		add(p, key, g->last - g->first);
	g->open = false;
}

static bool group_has_be(const struct group *g, uint32_t be)
{
	for (unsigned int i = 0; i < g->starts; i++)
		if (g->be[i] == be)
			return true;
	return false;
}

static struct group *group_of(struct pair *p, const struct event *ev)
{
	struct stream_key key = { ev->card, ev->fe, ev->stream, task_of(ev) };

	return map_get(&p->groups, &key);
}

static void group_start(struct pair *p, const struct event *ev)
{
	struct group *g = group_of(p, ev);
	struct pair_cpu *c = cpu_of(p, ev->cpu);
	uint64_t epoch = *epoch_of(p, ev);

	if (g->open && (g->cmd != ev->cmd || g->epoch != epoch || g->starts == MAX_GROUP_BES ||
			group_has_be(g, ev->be)))
		close_group(p, g);
	if (!g->open) {
		*g = (struct group) { .open = true, .first = ev->ts, .cmd = ev->cmd, .epoch = epoch, .card = ev->card,
				      .fe = ev->fe, .stream = ev->stream, .cut = c->cut };
		c->cut = false;
	}
	g->be[g->starts++] = ev->be;
	g->cpu = ev->cpu;
}

static void group_end(struct pair *p, const struct event *ev)
{
	struct group *g = group_of(p, ev);

	if (g->open && g->cmd == ev->cmd && group_has_be(g, ev->be)) {
		g->ends++;
		g->last = ev->ts;
		g->cpu = ev->cpu;
	}
}

static struct be_key be_key(const struct event *ev)
{
	return (struct be_key) { ev->card, ev->fe, ev->stream, ev->seq, ev->be, ev->seq ? 0 : task_of(ev) };
}

static void be_start(struct pair *p, const struct event *ev)
{
	struct be_key key = be_key(ev);
	struct be_call *call = map_get(&p->be_calls, &key);

	if (call->open)
		count_no_end(p, call->ts, &p->counts.no_end);
	*call = (struct be_call) { .ts = ev->ts, .cpu = ev->cpu, .open = true };
	if (!ev->seq)
		group_start(p, ev);
}

static void be_end(struct pair *p, const struct event *ev)
{
	struct trigger_key tkey = trigger_key(ev);
	const struct trigger *t = ev->seq ? map_find(&p->triggers, &tkey) : NULL;
	struct be_key key = be_key(ev);
	struct be_call *call = map_find(&p->be_calls, &key);
	struct row_key r = row(ev, t ? t->how : HOW_SYNC, PH_BE);

	if (!call) {
		count_no_start(p);
		if (!ev->seq)
			cpu_of(p, ev->cpu)->cut = true;
		return;
	}
	if (!ev->seq)
		group_end(p, ev);
	r.be = ev->be;
	if (across_gap(p, call->ts, call->cpu, ev))
		p->counts.discarded++;
	else if (ev->seq && (!t || !t->running))
		count_no_start(p);	/* of the run: worker or in line is not known */
	else
		add(p, r, ev->ts - call->ts);
	map_del(&p->be_calls, &key);
}

static void end_trigger(struct pair *p, const struct trigger *t)
{
	if (t->open)
		count_no_end(p, t->ts, t->running ? &p->counts.no_end : &p->counts.never_run);
}

static void queue(struct pair *p, const struct event *ev)
{
	struct trigger_key key = trigger_key(ev);
	struct trigger *t = map_get(&p->triggers, &key);

	end_trigger(p, t);
	*t = (struct trigger) { .ts = ev->ts, .cpu = ev->cpu, .open = true };
	++*epoch_of(p, ev);
}

static void run(struct pair *p, const struct event *ev)
{
	enum how how = ev->in_line ? HOW_INLINE : HOW_WORKER;
	struct trigger_key key = trigger_key(ev);
	struct trigger *t = map_get(&p->triggers, &key);

	if (!t->open)
		count_no_start(p);
	*t = (struct trigger) { .ts = ev->ts, .cpu = ev->cpu, .open = true, .running = true, .how = how };
	add(p, row(ev, how, PH_WAIT), ev->wait_ns);
	add(p, row(ev, how, PH_LOCK), ev->lock_ns);
}

static void done(struct pair *p, const struct event *ev)
{
	struct trigger_key key = trigger_key(ev);
	const struct trigger *t = map_find(&p->triggers, &key);

	if (ev->ret < 0)
		p->counts.failed++;
	if (!t || !t->running)
		count_no_start(p);
	else if (across_gap(p, t->ts, t->cpu, ev))
		p->counts.discarded++;
	else
		add(p, row(ev, t->how, PH_TOTAL), ev->total_ns);
	map_del(&p->triggers, &key);
}

static void cancel(struct pair *p, const struct event *ev)
{
	struct trigger_key key = trigger_key(ev);

	p->counts.cancelled++;
	map_del(&p->triggers, &key);
}

/* Calls from before a gap: it may have held their ends. */
static void drop_stock_calls(struct pair *p, struct stock_calls *calls, const struct event *ev)
{
	while (calls->depth && across_gap(p, calls->call[calls->depth - 1].ts, calls->call[calls->depth - 1].cpu, ev)) {
		calls->depth--;
		p->counts.discarded++;
	}
}

static void stock_call(struct pair *p, const struct event *ev)
{
	uint32_t task = task_of(ev);
	struct stock_calls *calls = map_get(&p->stock, &task);

	drop_stock_calls(p, calls, ev);
	if (calls->depth == MAX_NESTED) {
		/* An interrupt in an interrupt at most: the oldest one's return was missed. */
		p->counts.no_end++;
		memmove(calls->call, calls->call + 1, (MAX_NESTED - 1) * sizeof(calls->call[0]));
		calls->depth--;
	}
	calls->call[calls->depth++] = (struct stock_call) { ev->ts, ev->cpu, ev->stream, ev->cmd };
}

static void stock_return(struct pair *p, const struct event *ev)
{
	uint32_t task = task_of(ev);
	struct stock_calls *calls = map_get(&p->stock, &task);
	const struct stock_call *call;

	if (!calls->depth) {
		count_no_start(p);
		return;
	}
	call = &calls->call[calls->depth - 1];
	if (across_gap(p, call->ts, call->cpu, ev)) {
		drop_stock_calls(p, calls, ev);
		return;
	}
	calls->depth--;
	add(p, (struct row_key) { .stream = call->stream, .cmd = call->cmd, .how = HOW_SYNC, .phase = PH_TOTAL,
				  .source = FROM_STOCK }, ev->ts - call->ts);
}

static void vcard_xrun(struct pair *p, const struct event *ev)
{
	struct row_key key = row(ev, HOW_IRQ, PH_IRQ_OFF);

	key.cmd = NO_CMD;
	key.source = FROM_VCARD;
	p->counts.threaded_xruns += !ev->hardirq;
	add(p, key, ev->ns);
}

static void vcard_be(struct pair *p, const struct event *ev)
{
	struct row_key key = row(ev, HOW_SYNC, PH_BE);

	key.be = ev->be;
	key.source = FROM_VCARD;
	add(p, key, ev->ns);
}

static void vcard_floor(struct pair *p, const struct event *ev)
{
	struct row_key key = { .stream = NO_STREAM, .cmd = NO_CMD, .how = HOW_FLOOR, .phase = PH_QUEUE,
			       .source = FROM_VCARD };

	add(p, key, ev->queue_ns);
	key.phase = PH_WAKE;
	add(p, key, ev->wake_ns);
}

void pair_event(struct pair *p, const struct event *ev)
{
	static void (* const handle[EV_KINDS])(struct pair *p, const struct event *ev) = {
		[EV_QUEUE] = queue, [EV_RUN] = run, [EV_BE_START] = be_start, [EV_BE_END] = be_end,
		[EV_DONE] = done, [EV_CANCEL] = cancel, [EV_VCARD_XRUN] = vcard_xrun, [EV_VCARD_BE] = vcard_be,
		[EV_VCARD_FLOOR] = vcard_floor, [EV_STOCK] = stock_call, [EV_STOCK_RET] = stock_return,
	};

	if (handle[ev->kind])
		handle[ev->kind](p, ev);
}

void pair_gap(struct pair *p, int cpu, uint64_t ts)
{
	struct pair_cpu *c = cpu_of(p, cpu);

	c->has_gap = true;
	c->gap = ts;
	c->cut = true;
	p->gap_seen = true;
	p->last_gap = ts;
}

static void last_trigger(const void *key, void *value, void *arg)
{
	(void)key;
	end_trigger(arg, value);
}

static void last_be_call(const void *key, void *value, void *arg)
{
	struct be_call *call = value;
	struct pair *p = arg;

	(void)key;
	if (call->open)
		count_no_end(p, call->ts, &p->counts.no_end);
}

static void last_group(const void *key, void *value, void *arg)
{
	(void)key;
	close_group(arg, value);
}

static void last_stock_calls(const void *key, void *value, void *arg)
{
	struct stock_calls *calls = value;
	struct pair *p = arg;

	(void)key;
	for (unsigned int i = 0; i < calls->depth; i++)
		count_no_end(p, calls->call[i].ts, &p->counts.no_end);
}

void pair_end_buffer(struct pair *p)
{
	map_each(&p->triggers, last_trigger, p);
	map_each(&p->be_calls, last_be_call, p);
	map_each(&p->groups, last_group, p);
	map_each(&p->stock, last_stock_calls, p);
	map_clear(&p->triggers);
	map_clear(&p->be_calls);
	map_clear(&p->groups);
	map_clear(&p->epochs);
	map_clear(&p->stock);
	free(p->cpu);
	p->cpu = NULL;
	p->nr_cpus = 0;
	p->gap_seen = false;
	p->last_gap = 0;
}

static void free_row(const void *key, void *value, void *arg)
{
	(void)key;
	(void)arg;
	dist_free(value);
}

void pair_free(struct pair *p)
{
	pair_end_buffer(p);
	map_each(&p->rows, free_row, NULL);
	map_clear(&p->rows);
}
