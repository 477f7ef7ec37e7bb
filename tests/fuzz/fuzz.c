// SPDX-License-Identifier: GPL-2.0-only
/*
 * libFuzzer's way into the analyser: a file as it comes, through reading, pairing,
 * explaining and printing. An input that begins with '{' is an export.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "results.h"
#include "table.h"
#include "util.h"
#include "who.h"

struct target {
	struct results one, all;
	struct pair pair;
	struct who *who;
	unsigned int explained;
};

static void on_sample(const struct row_key *key, enum part part, uint64_t ns, void *arg)
{
	results_sample(&((struct target *)arg)->one, key, part, ns);
}

static void on_trigger(const struct trigger *t, void *arg)
{
	struct target *target = arg;

	if (target->explained++ < 20)
		free(who_explain(target->who, t));
}

static void on_event(const struct event *ev, void *ctx)
{
	struct target *t = ctx;

	if (ev->kind >= EV_OTHERS)
		who_event(t->who, ev);
	else
		pair_event(&t->pair, ev);
}

static void on_gap(int cpu, uint64_t ts, void *ctx)
{
	pair_gap(&((struct target *)ctx)->pair, cpu, ts);
	who_gap(((struct target *)ctx)->who, cpu);
}

static void on_buffer_end(void *ctx)
{
	pair_end_buffer(&((struct target *)ctx)->pair);
	who_end_buffer(((struct target *)ctx)->who);
}

static void read_dat(struct target *t, int fd)
{
	static const struct sink sink = { on_event, on_gap, on_buffer_end };
	struct pair_sink pair_sink = { on_sample, on_trigger, t };
	struct params par = { .from.ns = NOT_SET, .to.ns = NOT_SET, .skip = 1 };
	struct datfile dat;
	char err[256];

	if (datfile_open_fd(fd, &dat, err, sizeof(err)))
		return;
	t->who = who_new();
	who_begin_file(t->who, &dat);
	pair_init(&t->pair, &par, &pair_sink);
	read_trace("fuzz", &dat, &t->one.reading, &sink, t, true);
	pair_free(&t->pair);
	who_free(t->who);
	results_add_file(&t->one, "fuzz", dat.clock);
	datfile_close(&dat);
}

static void print_all(struct results *res)
{
	static const struct params everything;
	static FILE *null;
	struct lines lines;

	if (!null)
		null = fopen("/dev/null", "w");
	lines = results_lines(&res->rows, &everything);
	results_notes(res, null);
	print_table(null, &lines);
	results_save(res, &lines, null);
	free(lines.line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	struct target t = {};
	char path[32];

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	results_init(&t.one);
	results_init(&t.all);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (size && data[0] == '{') {
		results_load(&t.one, path);
		close(fd);
	} else {
		read_dat(&t, fd);	/* closes it */
	}
	results_absorb(&t.all, &t.one);
	print_all(&t.all);
	results_free(&t.one);
	results_free(&t.all);
	return 0;
}
