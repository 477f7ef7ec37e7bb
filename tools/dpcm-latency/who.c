// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "map.h"
#include "names.h"
#include "util.h"
#include "who.h"

enum { HISTORY = 4096, MAX_SHARES = 16, SHOWN = 3 };

/* The latest HISTORY entries; entry i of all is at i % HISTORY. */
struct ring {
	uint64_t n;
	struct entry {
		uint64_t ts, end;	/* end: of an interrupt */
		uint32_t what, by;
	} e[HISTORY];
};

struct who_cpu {
	struct ring ran;		/* what: the pid that runs from ts on */
	struct ring irqs;		/* what: its name */
	uint64_t irq_since;		/* of the outermost; 0: in none */
	unsigned int irq_depth;
	uint32_t irq_name;
};

struct who {
	struct map comms;		/* pid -> name_id() */
	struct who_cpu **cpu;
	int nr_cpus;
	struct ring wakings;		/* what: woken, by: the task that ran */
	struct ring releases;		/* of the mutex that guards the lists; by: the holder */
};

struct who *who_new(void)
{
	struct who *w = xcalloc(1, sizeof(*w));

	w->comms = (struct map) MAP_INIT(uint32_t, uint32_t);
	return w;
}

void who_end_buffer(struct who *w)
{
	for (int i = 0; i < w->nr_cpus; i++)
		free(w->cpu[i]);
	free(w->cpu);
	w->cpu = NULL;
	w->nr_cpus = 0;
	w->wakings.n = 0;
	w->releases.n = 0;
}

void who_free(struct who *w)
{
	who_end_buffer(w);
	map_clear(&w->comms);
	free(w);
}

static void add_comm(int pid, const char *name, size_t len, void *arg)
{
	struct who *w = arg;
	uint32_t key = pid;

	*(uint32_t *)map_get(&w->comms, &key) = name_id(name, len);
}

void who_begin_file(struct who *w, const struct datfile *dat)
{
	map_clear(&w->comms);
	datfile_comms(dat, add_comm, w);
}

static struct who_cpu *cpu_of(struct who *w, int cpu)
{
	if (cpu >= w->nr_cpus) {
		w->cpu = xrealloc(w->cpu, cpu + 1, sizeof(*w->cpu));
		memset(w->cpu + w->nr_cpus, 0, (cpu + 1 - w->nr_cpus) * sizeof(*w->cpu));
		w->nr_cpus = cpu + 1;
	}
	if (!w->cpu[cpu])
		w->cpu[cpu] = xcalloc(1, sizeof(struct who_cpu));
	return w->cpu[cpu];
}

static void push(struct ring *r, struct entry e)
{
	r->e[r->n++ % HISTORY] = e;
}

static void irq_begin(struct who_cpu *c, const struct event *ev, uint32_t name)
{
	if (c->irq_depth++)
		return;
	c->irq_since = ev->ts;
	c->irq_name = name;
}

static void irq_end(struct who_cpu *c, const struct event *ev)
{
	if (!c->irq_depth || --c->irq_depth)
		return;
	push(&c->irqs, (struct entry) { .ts = c->irq_since, .end = ev->ts, .what = c->irq_name });
}

/* card->pcm_mutex, and card->mutex before 5.17 */
static bool guards_lists(uint32_t name)
{
	return strstr(name_of(name), "pcm_mutex") || strstr(name_of(name), "card->mutex");
}

void who_event(struct who *w, const struct event *ev)
{
	uint32_t key = ev->other_pid, *comm;

	switch (ev->kind) {
	case EV_SWITCH:
		push(&cpu_of(w, ev->cpu)->ran, (struct entry) { .ts = ev->ts, .what = ev->other_pid });
		comm = map_get(&w->comms, &key);
		if (!*comm)
			*comm = ev->name;
		break;
	case EV_WAKING:
		push(&w->wakings, (struct entry) { .ts = ev->ts, .what = ev->other_pid, .by = ev->in_irq ? 0 : ev->pid });
		break;
	case EV_LOCK_RELEASE:
		if (guards_lists(ev->name))
			push(&w->releases, (struct entry) { .ts = ev->ts, .by = ev->pid });
		break;
	case EV_IRQ:
		irq_begin(cpu_of(w, ev->cpu), ev, ev->name);
		break;
	case EV_SOFTIRQ:
		irq_begin(cpu_of(w, ev->cpu), ev, name_id("softirq", 7));
		break;
	case EV_IRQ_END:
	case EV_SOFTIRQ_END:
		irq_end(cpu_of(w, ev->cpu), ev);
		break;
	default:
		break;
	}
}

void who_gap(struct who *w, int cpu)
{
	struct who_cpu *c = cpu_of(w, cpu);

	c->ran.n = 0;
	c->irqs.n = 0;
	c->irq_depth = 0;
}

static void task_text(struct who *w, uint32_t pid, char *text, size_t size)
{
	const uint32_t *comm = map_find(&w->comms, &pid);

	if (!pid)
		snprintf(text, size, "idle");
	else
		snprintf(text, size, "%s-%u", comm ? name_of(*comm) : "task", pid);
}

/* How the time from @from to @to was shared out */
struct shares {
	unsigned int n;
	struct share {
		uint32_t what;
		bool irq;
		uint64_t ns;
	} share[MAX_SHARES];
};

static void add_share(struct shares *s, uint32_t what, bool irq, uint64_t ns)
{
	unsigned int i;

	for (i = 0; i < s->n && (s->share[i].what != what || s->share[i].irq != irq); i++)
		;
	if (i == MAX_SHARES)
		return;
	if (i == s->n)
		s->share[s->n++] = (struct share) { what, irq, 0 };
	s->share[i].ns += ns;
}

static uint64_t overlap(uint64_t a, uint64_t a_end, uint64_t b, uint64_t b_end)
{
	uint64_t from = a > b ? a : b, to = a_end < b_end ? a_end : b_end;

	return from < to ? to - from : 0;
}

static int more(const void *a, const void *b)
{
	uint64_t x = ((const struct share *)a)->ns, y = ((const struct share *)b)->ns;

	return (x < y) - (x > y);
}

static uint64_t oldest(const struct ring *r)
{
	return r->n > HISTORY ? r->n - HISTORY : 0;
}

/* False if the history does not reach back to @from. */
static bool share_out(const struct who_cpu *c, uint64_t from, uint64_t to, struct shares *s)
{
	const struct ring *r = &c->ran;
	uint64_t end = to, i;

	for (i = r->n; i-- > oldest(r) && end > from; ) {
		const struct entry *e = &r->e[i % HISTORY];

		if (e->ts >= end)
			continue;
		add_share(s, e->what, false, overlap(e->ts, end, from, to));
		end = e->ts;
	}
	for (i = c->irqs.n; i-- > oldest(&c->irqs); ) {
		const struct entry *e = &c->irqs.e[i % HISTORY];

		if (e->end <= from)
			break;
		add_share(s, e->what, true, overlap(e->ts, e->end, from, to));
	}
	qsort(s->share, s->n, sizeof(s->share[0]), more);
	return end <= from;
}

/* "PREFIX TASK 1.23 us, ..." of the largest shares; takes @text. */
static char *list_shares(struct who *w, const struct shares *s, char *text)
{
	char task[64], *longer;

	for (unsigned int i = 0; i < s->n && i < SHOWN && s->share[i].ns; i++) {
		if (s->share[i].irq)
			snprintf(task, sizeof(task), "in interrupts (%s)", name_of(s->share[i].what));
		else
			task_text(w, s->share[i].what, task, sizeof(task));
		longer = xasprintf("%s%s %s %.2f us", text, i ? "," : "", task, s->share[i].ns / 1e3);
		free(text);
		text = longer;
	}
	longer = xasprintf("%s\n", text);
	free(text);
	return longer;
}

static char *meanwhile(struct who *w, const struct trigger *t)
{
	struct shares s = {};
	bool all;

	if (t->run_cpu >= w->nr_cpus || !w->cpu[t->run_cpu] || !w->cpu[t->run_cpu]->ran.n)
		return xasprintf("%s", "");
	all = share_out(w->cpu[t->run_cpu], t->start, t->run, &s);
	return list_shares(w, &s, xasprintf("on CPU %d from queued to run:%s", t->run_cpu,
					    all ? "" : " (not all of it is known)"));
}

/* Who waits for a mutex spins while its holder runs: the holder is among these. */
static char *elsewhere(struct who *w, const struct trigger *t)
{
	struct shares s = {};

	for (int cpu = 0; cpu < w->nr_cpus; cpu++)
		if (cpu != t->run_cpu && w->cpu[cpu])
			share_out(w->cpu[cpu], t->run - t->lock_ns, t->run, &s);
	if (!s.n)
		return xasprintf("%s", "");
	return list_shares(w, &s, xasprintf("mutex: its holder is not known; meanwhile on other CPUs:"));
}

/* The latest entry of the ring from @from to @to that is for @what (0: any) and by another than @not_by */
static const struct entry *latest(const struct ring *r, uint64_t from, uint64_t to, uint32_t what, uint32_t not_by)
{
	for (uint64_t i = r->n; i-- > oldest(r); ) {
		const struct entry *e = &r->e[i % HISTORY];

		if (e->ts < from)
			break;
		if (e->ts <= to && e->by && e->by != not_by && (!what || e->what == what))
			return e;
	}
	return NULL;
}

static char *holder(struct who *w, const struct trigger *t)
{
	const struct entry *e = latest(&w->releases, t->run - t->lock_ns, t->run, 0, t->run_pid);
	bool by_lock = e;
	char task[64];

	if (!e)
		e = latest(&w->wakings, t->run - t->lock_ns, t->run, t->run_pid, t->run_pid);
	if (!e)
		return t->lock_ns < t->wait_ns / 10 ? xasprintf("%s", "") : elsewhere(w, t);
	task_text(w, e->by, task, sizeof(task));
	return xasprintf("mutex: held by %s until %.2f us before the run (%s)\n", task, (t->run - e->ts) / 1e3,
			 by_lock ? "lock_release" : "it woke the waiting task");
}

char *who_explain(struct who *w, const struct trigger *t)
{
	char *cpu, *lock, *text;

	if (!t->run)
		return xasprintf("%s", "");
	cpu = meanwhile(w, t);
	lock = holder(w, t);
	text = xasprintf("%s%s", lock, cpu);
	free(cpu);
	free(lock);
	return text;
}
