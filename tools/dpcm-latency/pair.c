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
 * An xrun belongs to the next STOP of the same direction that the same task, or
 * the interrupt on top of it, queues or begins on that CPU.
 *
 * On stock kernels kprobes give calls and returns, which nest within a task.
 *
 * Where events were lost on a CPU nothing is joined across that gap.
 */
#include <stdlib.h>
#include <string.h>

#include "pair.h"
#include "util.h"

enum { MAX_NESTED = 8 };
/* The stop follows its xrun at once, in the same context: what comes later is another's. */
#define MAX_XRUN_TO_STOP 50000000ULL

struct pair_cpu {
	uint64_t gap;		/* when the latest gap ended */
	bool has_gap;
	bool cut;		/* the synchronous trigger that comes first may lack its first BEs */
};

struct trigger_key {
	uint32_t card, fe, stream, seq;
};

struct queued {
	struct trigger t;
	uint64_t ts;		/* of its latest event, */
	int last_cpu;		/* and where that was */
	bool open, running;
	bool lacks_be;		/* one of its BE calls is not known in whole */
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
	struct trigger t;
	uint64_t epoch;
	unsigned int ends;
	int last_cpu;
	bool open, cut;
};

enum call_kind { CALL_PERIOD, CALL_TRIGGER, CALL_BE };

struct stock_calls {
	unsigned int depth;
	struct stock_call {
		enum call_kind kind;
		uint64_t ts, xrun;
		int cpu;
		uint32_t stream, cmd, fe, be;
		enum part part;
		bool stops;		/* of a period: it found an xrun */
		bool counts;		/* of a BE: called by the trigger above it */
		unsigned int nr_bes;
		struct be_span span[MAX_BES];
	} call[MAX_NESTED];
};

struct xrun {
	uint64_t ts;
	uint32_t stream;
	int cpu;
	bool in_irq, probe;
};

struct seen_key {
	uint32_t card, fe, stream, cmd, source;
};

void pair_init(struct pair *p, const struct params *par, const struct pair_sink *sink)
{
	*p = (struct pair) {
		.sink = *sink,
		.from = par->from,
		.to = par->to,
		.skip = par->skip,
		.base = NOT_SET,
		.seen = MAP_INIT(struct seen_key, uint64_t),
		.triggers = MAP_INIT(struct trigger_key, struct queued),
		.be_calls = MAP_INIT(struct be_key, struct be_call),
		.groups = MAP_INIT(struct stream_key, struct group),
		.epochs = MAP_INIT(struct stream_key, uint64_t),
		.stock = MAP_INIT(uint32_t, struct stock_calls),
		.xruns = MAP_INIT(uint32_t, struct xrun),
	};
}

void pair_begin_file(struct pair *p)
{
	p->base = NOT_SET;
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

/* Is there a gap between the event at @ts on @cpu and @ev, on either's CPU? Or did time go back, in a damaged file? */
static bool across_gap(struct pair *p, uint64_t ts, int cpu, const struct event *ev)
{
	return ev->ts < ts || gap_after(p, cpu, ts) || gap_after(p, ev->cpu, ts);
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

static bool before(const struct pair *p, uint64_t ts, const struct moment *m)
{
	return m->relative ? ts < p->base || ts - p->base < m->ns : ts < m->ns;
}

/* Of what begins at @start: is it asked for? */
static enum part part_of(struct pair *p, uint64_t start, const struct row_key *key)
{
	struct seen_key s = { key->card, key->fe, key->stream, key->cmd, key->source };
	uint64_t *seen;

	if ((p->from.ns != NOT_SET && before(p, start, &p->from)) || (p->to.ns != NOT_SET && !before(p, start, &p->to))) {
		p->counts.outside++;
		return PART_OUTSIDE;
	}
	if (!p->skip)
		return PART_MAIN;
	seen = map_get(&p->seen, &s);
	return (*seen)++ < p->skip ? PART_WARM_UP : PART_MAIN;
}

static void add(struct pair *p, const struct row_key *key, enum part part, uint64_t ns)
{
	if (part != PART_OUTSIDE)
		p->sink.sample(key, part, ns, p->sink.arg);
}

static struct row_key event_row(const struct event *ev, enum how how, enum phase phase)
{
	return (struct row_key) { .card = ev->card, .fe = ev->fe, .stream = ev->stream, .cmd = ev->cmd,
				  .how = how, .phase = phase };
}

static struct row_key trigger_row(const struct trigger *t, enum phase phase)
{
	return (struct row_key) { .card = t->card, .fe = t->fe, .stream = t->stream, .cmd = t->cmd, .how = t->how,
				  .phase = phase, .source = t->source };
}

static void add_phase(struct pair *p, const struct trigger *t, enum phase phase, uint64_t ns)
{
	struct row_key key = trigger_row(t, phase);

	add(p, &key, t->part, ns);
}

static void add_be(struct pair *p, const struct trigger *t, uint32_t be, uint64_t ns)
{
	struct row_key key = trigger_row(t, PH_BE);

	key.be = be;
	add(p, &key, t->part, ns);
}

static void tell(struct pair *p, const struct trigger *t)
{
	if (t->part == PART_MAIN)
		p->sink.trigger(t, p->sink.arg);
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

/* When the xrun was found that the STOP @ev comes from, or 0. Each is used once. */
static uint64_t take_xrun(struct pair *p, const struct event *ev)
{
	uint32_t task = task_of(ev);
	const struct xrun *x = ev->cmd ? NULL : map_find(&p->xruns, &task);
	uint64_t ts;

	if (!x || x->cpu != ev->cpu || (x->stream != NO_STREAM && x->stream != ev->stream) ||
	    ev->ts - x->ts > MAX_XRUN_TO_STOP || across_gap(p, x->ts, x->cpu, ev))
		return 0;
	/* a kprobe that is a breakpoint looks like an interrupt wherever it is */
	if (x->in_irq != ev->in_irq && !x->probe && ev->kind != EV_STOCK)
		return 0;
	ts = x->ts;
	map_del(&p->xruns, &task);
	return ts;
}

static struct trigger new_trigger(const struct event *ev, enum how how)
{
	return (struct trigger) { .card = ev->card, .fe = ev->fe, .stream = ev->stream, .cmd = ev->cmd, .seq = ev->seq,
				  .how = how, .cpu = ev->cpu, .run_cpu = ev->cpu, .run_pid = ev->pid, .start = ev->ts };
}

static void add_span(struct trigger *t, uint32_t be, uint64_t start, uint64_t end, int64_t ret)
{
	if (t->nr_bes < MAX_BES)
		t->be[t->nr_bes++] = (struct be_span) { be, start, end, ret };
}

/* Ends one synchronous trigger, and counts it if it is known to be whole. */
static void close_group(struct pair *p, struct group *g)
{
	struct trigger *t = &g->t;

	if (!g->open)
		return;
	g->open = false;
	if (g->cut || (g->ends && t->end < t->start) || gap_after(p, g->last_cpu, t->start)) {
		p->counts.discarded++;
	} else if (t->nr_bes == g->ends) {	/* else its BE call is counted as one without end */
		t->total_ns = t->end - t->start;
		add_phase(p, t, PH_TOTAL, t->total_ns);
		if (t->xrun) {
			add_phase(p, t, PH_XRUN, t->start - t->xrun);
			add_phase(p, t, PH_SINCE_XRUN, t->end - t->xrun);
		}
		tell(p, t);
	}
}

static struct be_span *group_be(struct group *g, uint32_t be)
{
	for (unsigned int i = 0; i < g->t.nr_bes; i++)
		if (g->t.be[i].be == be)
			return &g->t.be[i];
	return NULL;
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

	if (g->open && (g->t.cmd != ev->cmd || g->epoch != epoch || g->t.nr_bes == MAX_BES || group_be(g, ev->be)))
		close_group(p, g);
	if (!g->open) {
		struct row_key key = event_row(ev, HOW_SYNC, PH_TOTAL);

		*g = (struct group) { .open = true, .t = new_trigger(ev, HOW_SYNC), .epoch = epoch, .cut = c->cut };
		g->t.part = part_of(p, ev->ts, &key);
		g->t.xrun = take_xrun(p, ev);
		c->cut = false;
	}
	add_span(&g->t, ev->be, ev->ts, 0, 0);
	g->last_cpu = ev->cpu;
}

/* The group that this BE call ended in, or NULL */
static struct group *group_end(struct pair *p, const struct event *ev)
{
	struct group *g = group_of(p, ev);
	struct be_span *span = g->open && g->t.cmd == ev->cmd ? group_be(g, ev->be) : NULL;

	if (!span)
		return NULL;
	span->end = ev->ts;
	span->ret = ev->ret;
	g->ends++;
	g->t.end = ev->ts;
	g->last_cpu = ev->cpu;
	return g;
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
	struct queued *q = ev->seq ? map_find(&p->triggers, &tkey) : NULL;
	struct be_key key = be_key(ev);
	struct be_call *call = map_find(&p->be_calls, &key);
	struct group *g = NULL;

	if (!call) {
		count_no_start(p);
		if (!ev->seq)
			cpu_of(p, ev->cpu)->cut = true;
		else if (q)
			q->lacks_be = true;
		return;
	}
	if (!ev->seq)
		g = group_end(p, ev);
	if (across_gap(p, call->ts, call->cpu, ev)) {
		p->counts.discarded++;
		if (q)
			q->lacks_be = true;
	} else if (ev->seq && (!q || !q->running)) {
		count_no_start(p);	/* of the run: worker or in line is not known */
	} else if (q) {
		add_be(p, &q->t, ev->be, ev->ts - call->ts);
		add_span(&q->t, ev->be, call->ts, ev->ts, ev->ret);
	} else {
		/* without a group: an interrupt's trigger of the same stream has taken its place */
		struct trigger t = g ? g->t : new_trigger(ev, HOW_SYNC);

		add_be(p, &t, ev->be, ev->ts - call->ts);
	}
	map_del(&p->be_calls, &key);
}

static void end_trigger(struct pair *p, const struct queued *q)
{
	if (q->open)
		count_no_end(p, q->ts, q->running ? &p->counts.no_end : &p->counts.never_run);
}

static void queue(struct pair *p, const struct event *ev)
{
	struct row_key row = event_row(ev, HOW_WORKER, PH_TOTAL);
	struct trigger_key key = trigger_key(ev);
	struct queued *q = map_get(&p->triggers, &key);

	end_trigger(p, q);
	*q = (struct queued) { .t = new_trigger(ev, HOW_WORKER), .ts = ev->ts, .last_cpu = ev->cpu, .open = true };
	q->t.part = part_of(p, ev->ts, &row);
	q->t.xrun = take_xrun(p, ev);
	++*epoch_of(p, ev);
}

static void run(struct pair *p, const struct event *ev)
{
	struct trigger_key key = trigger_key(ev);
	struct queued *q = map_get(&p->triggers, &key);
	struct row_key row = event_row(ev, HOW_WORKER, PH_TOTAL);
	struct trigger *t = &q->t;

	if (!q->open || q->running) {
		if (!q->open)
			count_no_start(p);
		*t = new_trigger(ev, HOW_WORKER);
		t->start = ev->ts - ev->wait_ns;
		t->part = part_of(p, t->start, &row);
	}
	q->ts = ev->ts;
	q->last_cpu = ev->cpu;
	q->open = true;
	q->running = true;
	t->how = ev->in_line ? HOW_INLINE : HOW_WORKER;
	t->run = ev->ts;
	t->run_cpu = ev->cpu;
	t->run_pid = ev->pid;
	t->wait_ns = ev->wait_ns;
	t->lock_ns = ev->lock_ns;
	add_phase(p, t, PH_WAIT, t->wait_ns);
	add_phase(p, t, PH_WAKE, t->wait_ns > t->lock_ns ? t->wait_ns - t->lock_ns : 0);
	add_phase(p, t, PH_LOCK, t->lock_ns);
	if (t->xrun)
		add_phase(p, t, PH_XRUN, t->start - t->xrun);
}

static void done(struct pair *p, const struct event *ev)
{
	struct trigger_key key = trigger_key(ev);
	struct queued *q = map_find(&p->triggers, &key);

	if (ev->ret < 0)
		p->counts.failed++;
	if (!q || !q->running) {
		count_no_start(p);
	} else if (across_gap(p, q->ts, q->last_cpu, ev)) {
		p->counts.discarded++;
	} else {
		struct trigger *t = &q->t;

		t->total_ns = ev->total_ns;
		t->end = ev->ts;
		t->ret = ev->ret;
		add_phase(p, t, PH_TOTAL, t->total_ns);
		add_phase(p, t, PH_RUN, t->total_ns > t->wait_ns ? t->total_ns - t->wait_ns : 0);
		if (t->xrun)
			add_phase(p, t, PH_SINCE_XRUN, t->end - t->xrun);
		if (!q->lacks_be)
			tell(p, t);
	}
	map_del(&p->triggers, &key);
}

static void cancel(struct pair *p, const struct event *ev)
{
	struct trigger_key key = trigger_key(ev);

	p->counts.cancelled++;
	map_del(&p->triggers, &key);
}

static struct stock_calls *stock_calls_of(struct pair *p, const struct event *ev)
{
	uint32_t task = task_of(ev);

	return map_get(&p->stock, &task);
}

static void found_xrun(struct pair *p, const struct event *ev)
{
	uint32_t task = task_of(ev);
	struct stock_calls *calls = map_find(&p->stock, &task);
	struct xrun *x = map_get(&p->xruns, &task);

	*x = (struct xrun) { .ts = ev->ts, .cpu = ev->cpu, .in_irq = ev->in_irq,
			     .stream = ev->kind == EV_PCM_XRUN ? ev->stream : NO_STREAM,
			     .probe = ev->kind != EV_PCM_XRUN };
	for (unsigned int i = calls ? calls->depth : 0; i--; )
		if (calls->call[i].kind == CALL_PERIOD)
			calls->call[i].stops = true;
}

/* Calls from before a gap: it may have held their ends. */
static void drop_stock_calls(struct pair *p, struct stock_calls *calls, const struct event *ev)
{
	while (calls->depth && across_gap(p, calls->call[calls->depth - 1].ts, calls->call[calls->depth - 1].cpu, ev)) {
		calls->depth--;
		p->counts.discarded++;
	}
}

static struct stock_call *push_call(struct pair *p, const struct event *ev, enum call_kind kind)
{
	struct stock_calls *calls = stock_calls_of(p, ev);
	struct stock_call *call;

	drop_stock_calls(p, calls, ev);
	if (calls->depth == MAX_NESTED) {
		/* A few interrupts on top of each other at most: the oldest one's return was missed. */
		p->counts.no_end++;
		memmove(calls->call, calls->call + 1, (MAX_NESTED - 1) * sizeof(calls->call[0]));
		calls->depth--;
	}
	call = &calls->call[calls->depth++];
	call->kind = kind;
	call->ts = ev->ts;
	call->cpu = ev->cpu;
	call->stream = ev->stream;
	call->cmd = ev->cmd;
	call->fe = ev->fe;
	call->be = ev->be;
	call->xrun = 0;
	call->stops = false;
	call->counts = calls->depth > 1 && call[-1].kind == CALL_TRIGGER;
	call->nr_bes = 0;
	return call;
}

/* The call that @ev returns from, with those that it made above it: without a return they end here. Or NULL */
static struct stock_call *pop_call(struct pair *p, const struct event *ev, enum call_kind kind)
{
	struct stock_calls *calls = stock_calls_of(p, ev);
	unsigned int i = calls->depth;

	while (i && calls->call[i - 1].kind != kind)
		i--;
	if (!i) {
		count_no_start(p);
		return NULL;
	}
	if (across_gap(p, calls->call[i - 1].ts, calls->call[i - 1].cpu, ev)) {
		drop_stock_calls(p, calls, ev);
		return NULL;
	}
	p->counts.no_end += calls->depth - i;
	calls->depth = i - 1;
	return &calls->call[i - 1];
}

static void stock_call(struct pair *p, const struct event *ev)
{
	struct row_key key = event_row(ev, HOW_SYNC, PH_TOTAL);
	struct stock_call *call = push_call(p, ev, CALL_TRIGGER);

	key.source = FROM_STOCK;
	call->part = part_of(p, ev->ts, &key);
	call->xrun = take_xrun(p, ev);
}

static void stock_return(struct pair *p, const struct event *ev)
{
	const struct stock_call *call = pop_call(p, ev, CALL_TRIGGER);
	struct trigger t;

	if (!call)
		return;
	t = (struct trigger) { .fe = call->fe, .stream = call->stream, .cmd = call->cmd, .how = HOW_SYNC,
			       .source = FROM_STOCK, .part = call->part, .xrun = call->xrun, .start = call->ts,
			       .end = ev->ts, .total_ns = ev->ts - call->ts, .ret = ev->ret, .cpu = call->cpu,
			       .run_cpu = ev->cpu, .run_pid = ev->pid, .nr_bes = call->nr_bes };
	memcpy(t.be, call->span, sizeof(t.be[0]) * t.nr_bes);
	add_phase(p, &t, PH_TOTAL, t.total_ns);
	for (unsigned int i = 0; i < t.nr_bes; i++)
		add_be(p, &t, t.be[i].be, t.be[i].end - t.be[i].start);
	if (t.xrun) {
		add_phase(p, &t, PH_XRUN, t.start - t.xrun);
		add_phase(p, &t, PH_SINCE_XRUN, t.end - t.xrun);
	}
	tell(p, &t);
}

static void stock_be(struct pair *p, const struct event *ev)
{
	push_call(p, ev, CALL_BE);
}

static void stock_be_return(struct pair *p, const struct event *ev)
{
	struct stock_call *call = pop_call(p, ev, CALL_BE), *above;

	if (!call || !call->counts)
		return;
	above = call - 1;
	if (above->nr_bes < MAX_BES)
		above->span[above->nr_bes++] = (struct be_span) { call->be, call->ts, ev->ts, ev->ret };
}

static void stock_period(struct pair *p, const struct event *ev)
{
	push_call(p, ev, CALL_PERIOD);
}

static void stock_period_return(struct pair *p, const struct event *ev)
{
	const struct stock_call *call = pop_call(p, ev, CALL_PERIOD);
	uint32_t task = task_of(ev);
	struct row_key key = { .stream = NO_STREAM, .cmd = NO_CMD, .how = HOW_IRQ, .phase = PH_IRQ_OFF, .source = FROM_STOCK };

	if (!call || !call->stops)
		return;
	map_del(&p->xruns, &task);	/* it stopped something by now, or it never will */
	key.fe = call->fe;
	add(p, &key, part_of(p, call->ts, &key), ev->ts - call->ts);
}

static void vcard_xrun(struct pair *p, const struct event *ev)
{
	struct row_key key = event_row(ev, HOW_IRQ, PH_IRQ_OFF);

	key.cmd = NO_CMD;
	key.source = FROM_VCARD;
	p->counts.threaded_xruns += !ev->hardirq;
	add(p, &key, part_of(p, ev->ts, &key), ev->ns);
}

static void vcard_be(struct pair *p, const struct event *ev)
{
	struct row_key key = event_row(ev, HOW_SYNC, PH_BE);

	key.source = FROM_VCARD;
	key.be = ev->be;
	add(p, &key, part_of(p, ev->ts, &key), ev->ns);
}

static void vcard_floor(struct pair *p, const struct event *ev)
{
	struct row_key key = { .stream = NO_STREAM, .cmd = NO_CMD, .how = HOW_FLOOR, .phase = PH_QUEUE,
			       .source = FROM_VCARD };
	enum part part = part_of(p, ev->ts, &key);

	add(p, &key, part, ev->queue_ns);
	key.phase = PH_WAKE;
	add(p, &key, part, ev->wake_ns);
}

void pair_event(struct pair *p, const struct event *ev)
{
	static void (* const handle[EV_KINDS])(struct pair *p, const struct event *ev) = {
		[EV_QUEUE] = queue, [EV_RUN] = run, [EV_BE_START] = be_start, [EV_BE_END] = be_end,
		[EV_DONE] = done, [EV_CANCEL] = cancel, [EV_PCM_XRUN] = found_xrun, [EV_VCARD_XRUN] = vcard_xrun,
		[EV_VCARD_BE] = vcard_be, [EV_VCARD_FLOOR] = vcard_floor, [EV_STOCK] = stock_call,
		[EV_STOCK_RET] = stock_return, [EV_STOCK_BE] = stock_be, [EV_STOCK_BE_RET] = stock_be_return,
		[EV_STOCK_PERIOD] = stock_period, [EV_STOCK_PERIOD_RET] = stock_period_return, [EV_STOCK_XRUN] = found_xrun,
	};

	if (p->base == NOT_SET)
		p->base = ev->ts;
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
	map_clear(&p->xruns);
	free(p->cpu);
	p->cpu = NULL;
	p->nr_cpus = 0;
	p->gap_seen = false;
	p->last_gap = 0;
}

void pair_free(struct pair *p)
{
	pair_end_buffer(p);
	map_clear(&p->seen);
}
