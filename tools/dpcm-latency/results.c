// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "results.h"
#include "util.h"

const char * const how_names[] = { [HOW_WORKER] = "worker", [HOW_INLINE] = "inline", [HOW_SYNC] = "sync",
				   [HOW_IRQ] = "irq", [HOW_FLOOR] = "floor", NULL };
const char * const phase_names[] = { [PH_XRUN] = "xrun", [PH_WAIT] = "wait", [PH_WAKE] = "wake", [PH_LOCK] = "lock",
				     [PH_RUN] = "run", [PH_BE] = "be", [PH_TOTAL] = "total",
				     [PH_SINCE_XRUN] = "since_xrun", [PH_IRQ_OFF] = "irq_off", [PH_QUEUE] = "queue",
				     NULL };
const char * const source_names[] = { [FROM_ASOC] = "asoc_dpcm", [FROM_VCARD] = "dpcm_vcard",
				      [FROM_STOCK] = "stock_dpcm", NULL };

const char * const stream_choices[] = { "all", "playback", "capture", NULL };
const char * const cmd_choices[] = { "all", "STOP", "START", "PAUSE_PUSH", "PAUSE_RELEASE", "SUSPEND", "RESUME",
				     "DRAIN", NULL };
const char * const how_choices[] = { "all", "worker", "inline", "sync", "irq", "floor", NULL };

void results_init(struct results *res)
{
	*res = (struct results) {
		.rows = MAP_INIT(struct row_key, struct dist),
		.warm_up = MAP_INIT(struct row_key, struct dist),
	};
}

static void free_row(const void *key, void *value, void *arg)
{
	(void)key;
	(void)arg;
	dist_free(value);
}

void results_free(struct results *res)
{
	map_each(&res->rows, free_row, NULL);
	map_each(&res->warm_up, free_row, NULL);
	map_clear(&res->rows);
	map_clear(&res->warm_up);
	for (unsigned int i = 0; i < res->nr_files; i++) {
		free(res->file[i].name);
		free(res->file[i].clock);
	}
	free(res->file);
}

void results_sample(struct results *res, const struct row_key *key, enum part part, uint64_t ns)
{
	dist_add(map_get(part == PART_WARM_UP ? &res->warm_up : &res->rows, key), ns);
}

void results_add_file(struct results *res, const char *name, const char *clock)
{
	res->file = xrealloc(res->file, res->nr_files + 1, sizeof(*res->file));
	res->file[res->nr_files++] = (struct results_file) { xasprintf("%s", name), xasprintf("%s", clock) };
}

/* The same, measured by one that says less? */
static bool said_better(const struct reading *r, const struct row_key *k)
{
	bool asoc = r->count[EV_BE_START] || r->count[EV_BE_END];

	if (k->phase == PH_IRQ_OFF)
		return k->source == FROM_STOCK && r->count[EV_VCARD_XRUN];
	if (k->source == FROM_STOCK)
		return asoc;
	return k->source == FROM_VCARD && k->phase == PH_BE && (asoc || r->count[EV_STOCK_BE]);
}

struct absorption {
	struct results *res, *from;
	struct map *to;
};

static void absorb_row(const void *key, void *value, void *arg)
{
	struct absorption *a = arg;
	const struct row_key *k = key;

	if (a->from->is_export || !said_better(&a->from->reading, k))
		dist_merge(map_get(a->to, key), value);
	else if (k->phase == PH_IRQ_OFF)
		a->res->hidden_irq = true;
	else if (k->source == FROM_STOCK)
		a->res->hidden_sync = true;
	else
		a->res->hidden_be = true;
}

static void add_numbers(void *to, const void *from, size_t size)
{
	for (size_t i = 0; i < size / sizeof(uint64_t); i++)
		((uint64_t *)to)[i] += ((const uint64_t *)from)[i];
}

void results_absorb(struct results *to, struct results *from)
{
	struct absorption rows = { to, from, &to->rows }, warm_up = { to, from, &to->warm_up };

	map_each(&from->rows, absorb_row, &rows);
	map_each(&from->warm_up, absorb_row, &warm_up);
	add_numbers(&to->reading, &from->reading, sizeof(to->reading));
	add_numbers(&to->counts, &from->counts, sizeof(to->counts));
	for (unsigned int i = 0; i < from->nr_files; i++)
		results_add_file(to, from->file[i].name, from->file[i].clock);
}

/*
 * What defers is decided when an FE is opened and is in no event; it shows in what its streams did. Deferred
 * triggers have a wait, synchronous ones a total of their own.
 */
struct mode_count {
	const struct row_key *of;
	uint64_t deferred[2], sync[2];	/* [cmd_starts()] */
};

static void count_mode(const void *key, void *value, void *arg)
{
	const struct row_key *k = key;
	struct mode_count *m = arg;

	if (k->card != m->of->card || k->fe != m->of->fe || k->stream != m->of->stream || k->source != m->of->source)
		return;
	if (k->phase == PH_WAIT)
		m->deferred[cmd_starts(k->cmd)] += dist_count(value);
	else if (k->phase == PH_TOTAL && k->how == HOW_SYNC)
		m->sync[cmd_starts(k->cmd)] += dist_count(value);
}

static const char *mode_of(struct map *rows, const struct row_key *key)
{
	struct mode_count m = { .of = key };

	map_each(rows, count_mode, &m);
	if (!m.deferred[0] && !m.deferred[1])
		return m.sync[0] || m.sync[1] ? "off" : "-";
	if (m.sync[0])
		return "mixed";
	if (m.sync[1])
		return m.deferred[0] ? "stop" : "mixed";
	return m.deferred[1] ? "all" : "stop/all";
}

int line_compare(const void *a, const void *b)
{
	const struct row_key *x = &((const struct line *)a)->key, *y = &((const struct line *)b)->key;
	int ret = strverscmp(name_of(x->card), name_of(y->card));

	ret = ret ? : strverscmp(name_of(x->fe), name_of(y->fe));
	ret = ret ? : (x->stream > y->stream) - (x->stream < y->stream);
	ret = ret ? : (x->cmd > y->cmd) - (x->cmd < y->cmd);
	ret = ret ? : (x->how > y->how) - (x->how < y->how);
	ret = ret ? : (x->phase > y->phase) - (x->phase < y->phase);
	ret = ret ? : strverscmp(name_of(x->be), name_of(y->be));
	return ret ? : (x->source > y->source) - (x->source < y->source);
}

static bool wants(const struct params *par, uint32_t card, uint32_t fe, uint32_t stream, uint32_t cmd, uint32_t how)
{
	return (!par->card || !strcmp(par->card, name_of(card))) && (!par->fe || !strcmp(par->fe, name_of(fe))) &&
	       (!par->stream || par->stream == stream + 1) && (!par->cmd || !strcmp(cmd_choices[par->cmd], cmd_name(cmd))) &&
	       (!par->how || par->how == how + 1);
}

bool wants_trigger(const struct params *par, const struct trigger *t)
{
	return (!par->seq || par->seq == t->seq) && wants(par, t->card, t->fe, t->stream, t->cmd, t->how);
}

struct line_search {
	struct lines lines;
	struct map *rows;
	const struct params *par;
};

static void take_line(const void *key, void *value, void *arg)
{
	struct line_search *s = arg;
	const struct row_key *k = key;
	const struct params *par = s->par;
	struct line l = { .key = *k, .dist = value };

	snprintf(l.phase, sizeof(l.phase), k->phase == PH_BE ? "%s:%s" : "%s", phase_names[k->phase], name_of(k->be));
	if (!wants(par, k->card, k->fe, k->stream, k->cmd, k->how))
		return;
	if (par->phase && strcmp(par->phase, l.phase) && strcmp(par->phase, phase_names[k->phase]))
		return;
	l.mode = mode_of(s->rows, k);
	s->lines.line[s->lines.n++] = l;
}

struct lines results_lines(struct map *rows, const struct params *par)
{
	struct line_search s = { .rows = rows, .par = par, .lines.line = xcalloc(rows->n + 1, sizeof(struct line)) };

	map_each(rows, take_line, &s);
	qsort(s.lines.line, s.lines.n, sizeof(*s.lines.line), line_compare);
	return s.lines;
}

static const char *line_card(const struct line *l) { return name_of(l->key.card); }
static const char *line_fe(const struct line *l) { return name_of(l->key.fe); }
static const char *line_phase(const struct line *l) { return l->phase; }

/* Of the rows that there are: the names that @option could have had */
static void suggest(const struct lines *all, const char *option, const char *word, const char *(*name)(const struct line *))
{
	bool known = false;
	const char **names = xcalloc(all->n + 1, sizeof(*names)), *near;
	char list[512] = "";
	size_t n = 0, i;

	for (size_t l = 0; l < all->n; l++) {
		const char *s = name(&all->line[l]);

		known = known || !strcmp(s, word) || (name == line_phase && !strcmp(phase_names[all->line[l].key.phase], word));
		for (i = 0; i < n && strcmp(names[i], s); i++)
			;
		if (i < n)
			continue;
		names[n++] = s;
		if (strlen(list) + strlen(s) + 3 < sizeof(list))
			snprintf(list + strlen(list), sizeof(list) - strlen(list), "%s%s", n > 1 ? ", " : "", s);
	}
	if (!known) {
		near = near_name(word, names, n, sizeof(names[0]));
		complain("nothing measured with --%s %s%s%s%s; there is: %s", option, word, near ? "; did you mean " : "",
			 near ? near : "", near ? "?" : "", *list ? list : "nothing");
	}
	free(names);
}

int results_no_match(struct results *res, const struct params *par)
{
	static const struct params everything;
	struct lines all = results_lines(&res->rows, &everything);

	if (par->card)
		suggest(&all, "card", par->card, line_card);
	if (par->fe)
		suggest(&all, "fe", par->fe, line_fe);
	if (par->phase)
		suggest(&all, "phase", par->phase, line_phase);
	complain("nothing was measured that is as asked for: %s", res->counts.outside && !all.n ?
		 "no trigger began between --from and --to" : "see `" TOOL " report` for what there is");
	free(all.line);
	return RC_ERROR;
}

/* Clocks that count ns, the same on all CPUs */
static bool good_clock(const char *clock)
{
	static const char *const good[] = { "", "global", "mono", "mono_raw", "boot", "tai", "perf" };

	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		if (!strcmp(clock, good[i]))
			return true;
	return false;
}

void print_losses(FILE *f, const struct reading *r)
{
	if (!reading_lossy(r)) {
		fprintf(f, "lost events: none%s\n", r->no_stats ? " seen (not every file has per-CPU statistics)" : "");
		return;
	}
	fprintf(f, "LOST EVENTS: %s%llu at %llu gap%s", r->gaps_uncounted ? "at least " : "",
		(unsigned long long)(r->lost + r->gaps_uncounted), (unsigned long long)r->gaps, r->gaps == 1 ? "" : "s");
	if (r->no_stats < r->files)
		fprintf(f, "; by the per-CPU statistics %llu", (unsigned long long)r->stat_lost);
	fprintf(f, "\n  counts are too low and the longest may be missing; record with a larger buffer (trace-cmd record -b)\n");
}

static void print_files(const struct results *res, FILE *f)
{
	for (unsigned int i = 0; i < res->nr_files; i++) {
		const char *clock = res->file[i].clock;

		fprintf(f, "file: %s, clock %s\n", res->file[i].name, *clock ? clock : "not said");
		if (good_clock(clock))
			continue;
		fprintf(f, !strcmp(clock, "local") ?
			"warning: the local clock differs between CPUs: a pair with its ends on two CPUs may be wrong; record with `trace-cmd record -C mono`\n" :
			"warning: this clock does not count ns: times of BEs and of sync are not to be trusted; record with `trace-cmd record -C mono`\n");
	}
}

static void print_unknowns(const struct results *res, FILE *f)
{
	const struct reading *r = &res->reading;
	bool deferred = r->count[EV_QUEUE] || r->count[EV_RUN] || r->count[EV_DONE];

	if (!r->count[EV_PCM_XRUN] && !r->count[EV_STOCK_XRUN])
		fprintf(f, "not known: when xruns were found: %s\n", r->has_format[EV_PCM_XRUN] ?
			"snd_pcm:xrun was recorded, and none came" :
			"no event snd_pcm:xrun (record with -e snd_pcm:xrun; the kernel needs SND_PCM_XRUN_DEBUG)");
	if (!r->has_format[EV_QUEUE] && !deferred)
		fprintf(f, "not known: queue, mutex and worker: no asoc_dpcm events (a stock kernel, or record with -e asoc_dpcm)\n");
	else if (!deferred)
		fprintf(f, "not known: queue, mutex and worker: no trigger was deferred\n");
	if (res->hidden_be)
		fprintf(f, "note: BEs are measured by asoc_dpcm or kprobes; dpcm_vcard:vcard_be_trigger measures the same and is not counted\n");
	if (res->hidden_sync)
		fprintf(f, "note: sync is measured by asoc_dpcm; stock_dpcm measures the same and is not counted\n");
	if (!res->hidden_be && r->count[EV_VCARD_BE])
		fprintf(f, "note: BEs are measured by dpcm_vcard, which does not know the FE; taken for sync\n");
	if (!res->hidden_sync && r->count[EV_STOCK])
		fprintf(f, "note: sync is measured by kprobes (stock_dpcm): the cost of the probes is in it, card and BEs have no names%s\n",
			r->count[EV_STOCK_BE] ? " (addresses tell them apart)" : ", and the BEs' own times are not known");
	if (res->hidden_irq)
		fprintf(f, "note: irq_off is measured by dpcm_vcard; stock_dpcm measures the same and is not counted\n");
}

void results_notes(const struct results *res, FILE *f)
{
	const struct reading *r = &res->reading;
	const struct pair_counts *c = &res->counts;

	print_losses(f, r);
	print_files(res, f);
	fprintf(f, "sources:");
	for (int kind = 0; kind < EV_OTHERS; kind++)
		if (r->count[kind])
			fprintf(f, " %s %llu", event_name(kind), (unsigned long long)r->count[kind]);
	fputc('\n', f);
	for (int kind = 0; kind < EV_OTHERS; kind++)
		if (r->twice[kind])
			fprintf(f, "warning: %s is in several buffers of a file: what both recorded counts twice\n",
				event_name(kind));
	print_unknowns(res, f);
	if (c->threaded_xruns)
		fprintf(f, "note: %llu of %llu vcard_xrun came from a thread, with interrupts on\n",
			(unsigned long long)c->threaded_xruns, (unsigned long long)r->count[EV_VCARD_XRUN]);
	if (c->outside)
		fprintf(f, "note: %llu triggers began before --from or after --to and are not counted\n",
			(unsigned long long)c->outside);
	fprintf(f, "pairs: cancelled %llu, never run %llu, without end %llu, without start %llu, discarded %llu, failed %llu\n",
		(unsigned long long)c->cancelled, (unsigned long long)c->never_run, (unsigned long long)c->no_end,
		(unsigned long long)c->no_start, (unsigned long long)c->discarded, (unsigned long long)c->failed);
}
