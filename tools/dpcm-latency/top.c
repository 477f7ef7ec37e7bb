// SPDX-License-Identifier: GPL-2.0-only
/* dpcm-latency top: the table of report, live */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <tracefs.h>
#include <unistd.h>

#include "command.h"
#include "instance.h"
#include "names.h"
#include "table.h"
#include "util.h"

#define INSTANCE "dpcm-latency-top"

static const struct option_desc options[] = {
	{ "interval", OPT_NUMBER, PARAM(interval), NULL, 50, 60000, "ms from one table to the next; 1000 without it" },
	{ "times", OPT_NUMBER, PARAM(times), NULL, 1, 1000000, "end after so many; without it Ctrl-C ends it" },
	OPTIONS_SELECT, OPTIONS_PHASE("only this phase; total without it, all: all of them"),
	OPTION_HELP, { }
};

static const char output[] =
"Events are read from an instance of its own, which goes away at the end. What it counts is since the\n"
"start.\n"
"\n"
TABLE_HELP;

static const struct { const char *system, *event; } recorded[] = {
	{ "asoc_dpcm", "dpcm_trigger_queue" }, { "asoc_dpcm", "dpcm_trigger_run" }, { "asoc_dpcm", "dpcm_trigger_done" },
	{ "asoc_dpcm", "dpcm_trigger_cancel" }, { "asoc_dpcm", "dpcm_be_trigger_start" },
	{ "asoc_dpcm", "dpcm_be_trigger_end" }, { "snd_pcm", "xrun" },
};

struct live_cpu {
	int fd;
	size_t size;
	unsigned char *page;
};

struct live {
	struct tracefs_instance *instance;
	struct live_cpu *cpu;
	struct source *source;
	unsigned int nr_cpus;
	struct dat_event format[ARRAY_SIZE(recorded)];
	unsigned int nr_formats;
	struct page_layout layout;
	struct decoder *decoder;
	struct results res;
	struct pair pair;
};

static volatile sig_atomic_t stop;

static void on_signal(int sig)
{
	(void)sig;
	stop = 1;
}

static int read_page(struct source *s, const void **page, size_t *size)
{
	struct live_cpu *c = s->arg;
	ssize_t n = c->fd < 0 ? 0 : read(c->fd, c->page, c->size);

	if (n <= 0)
		return n < 0 && errno != EAGAIN && errno != EINTR ? -1 : 0;
	*page = c->page;
	*size = n;
	return 1;
}

static void on_sample(const struct row_key *key, enum part part, uint64_t ns, void *arg)
{
	struct live *l = arg;

	results_sample(&l->res, key, part, ns);
}

static void on_trigger(const struct trigger *t, void *arg)
{
	(void)t;
	(void)arg;
}

static void on_event(const struct event *ev, void *ctx)
{
	struct live *l = ctx;

	pair_event(&l->pair, ev);
}

static void on_gap(int cpu, uint64_t ts, void *ctx)
{
	struct live *l = ctx;

	pair_gap(&l->pair, cpu, ts);
}

static void on_buffer_end(void *ctx)
{
	(void)ctx;
}

static int open_events(struct live *l)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(recorded); i++) {
		struct dat_event *e = &l->format[l->nr_formats];
		const char *id;
		int size;

		if (tracefs_event_enable(l->instance, recorded[i].system, recorded[i].event))
			continue;
		e->text = tracefs_event_file_read(l->instance, recorded[i].system, recorded[i].event, "format", &size);
		id = e->text ? strstr(e->text, "\nID:") : NULL;
		if (!id) {
			free((void *)e->text);
			e->text = NULL;
			continue;
		}
		e->size = size;
		e->id = strtoul(id + 4, NULL, 10);
		snprintf(e->system, sizeof(e->system), "%s", recorded[i].system);
		snprintf(e->name, sizeof(e->name), "%s", recorded[i].event);
		l->nr_formats++;
	}
	if (l->nr_formats)
		return 0;
	complain("this kernel has no asoc_dpcm events: is it patched? On a stock kernel record (-c stock) and report");
	return -1;
}

static int open_cpus(struct live *l)
{
	char path[64];

	l->nr_cpus = sysconf(_SC_NPROCESSORS_CONF);
	l->cpu = xcalloc(l->nr_cpus, sizeof(*l->cpu));
	l->source = xcalloc(l->nr_cpus, sizeof(*l->source));
	for (unsigned int i = 0; i < l->nr_cpus; i++) {
		struct live_cpu *c = &l->cpu[i];

		snprintf(path, sizeof(path), "per_cpu/cpu%u/trace_pipe_raw", i);
		c->fd = tracefs_instance_file_open(l->instance, path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
		if (c->fd < 0 && errno != ENOENT) {
			complain("cannot read %s: %s", path, strerror(errno));
			l->nr_cpus = i;
			return -1;
		}
		c->size = getpagesize();
		c->page = xcalloc(c->size, 1);
		l->source[i] = (struct source) { .page = read_page, .arg = c, .cpu = i };
	}
	return 0;
}

static int open_live(struct live *l, const struct params *par)
{
	struct utsname host;
	struct pair_sink sink = { .sample = on_sample, .trigger = on_trigger, .arg = l };
	char *text;
	int size;

	results_init(&l->res);
	pair_init(&l->pair, par, &sink);
	l->instance = instance_new(INSTANCE);
	if (!l->instance)
		return -1;
	text = tracefs_instance_file_read(NULL, "events/header_page", &size);
	if (!text || tracefs_instance_file_write(l->instance, "trace_clock", "mono") < 0) {
		complain("cannot set up the instance: %s", strerror(errno));
		free(text);
		return -1;
	}
	page_layout_parse(&l->layout, text, size);
	l->layout.big_endian = __BYTE_ORDER == __BIG_ENDIAN;
	l->layout.new_cmds = !uname(&host) && cmds_are_new(host.release);
	free(text);
	if (open_events(l) || open_cpus(l))
		return -1;
	l->decoder = decoder_new("the live trace", &l->layout, l->format, l->nr_formats, false);
	return 0;
}

static void close_live(struct live *l)
{
	for (unsigned int i = 0; i < l->nr_cpus; i++) {
		if (l->cpu[i].fd >= 0)
			close(l->cpu[i].fd);
		free(l->cpu[i].page);
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(recorded); i++)
		free((void *)l->format[i].text);
	free(l->cpu);
	free(l->source);
	decoder_free(l->decoder);
	pair_free(&l->pair);
	results_free(&l->res);
	instance_free(l->instance);
}

static void show(struct live *l, const struct params *par)
{
	struct params shown = *par;
	struct lines lines;

	if (!shown.phase)
		shown.phase = "total";
	else if (!strcmp(shown.phase, "all"))
		shown.phase = NULL;
	l->res.counts = l->pair.counts;
	lines = results_lines(&l->res.rows, &shown);
	if (isatty(STDOUT_FILENO))
		fputs("\033[H\033[2J", stdout);
	if (l->res.reading.gaps)
		print_losses(stdout, &l->res.reading);
	printf("triggers: failed %llu, cancelled %llu; Ctrl-C ends\n", (unsigned long long)l->res.counts.failed,
	       (unsigned long long)l->res.counts.cancelled);
	print_table(stdout, &lines);
	fflush(stdout);
	free(lines.line);
}

/* What is later than this moment may still wait for its other half from another CPU. */
static int read_live(struct live *l)
{
	static const struct sink sink = { .event = on_event, .gap = on_gap, .buffer_end = on_buffer_end };
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return merge_sources(l->source, l->nr_cpus, l->decoder, &l->layout, now.tv_sec * 1000000000ULL + now.tv_nsec,
			     &l->res.reading, l->res.reading.count, &sink, l);
}

static int run(const struct params *par)
{
	struct timespec pause = { par->interval / 1000, par->interval % 1000 * 1000000L };
	struct sigaction act = { .sa_handler = on_signal };
	struct live l = {};
	int ret = open_live(&l, par);

	sigaction(SIGINT, &act, NULL);
	sigaction(SIGTERM, &act, NULL);
	for (unsigned int n = 0; !ret && !stop && (!par->times || n < par->times); n++) {
		nanosleep(&pause, NULL);
		ret = read_live(&l);
		if (!ret)
			show(&l, par);
	}
	close_live(&l);
	return ret ? RC_ERROR : RC_OK;
}

const struct command top_command = {
	.name = "top",
	.args = "",
	.about = "the latencies since now, live",
	.output = output,
	.options = options,
	.run = run,
};
