// SPDX-License-Identifier: GPL-2.0-only
/* dpcm-latency: what deferring DPCM triggers costs and saves, from trace.dat files */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "util.h"

static int run_help(const struct params *par);
static int run_version(const struct params *par);

static const struct option_desc help_option[] = { OPTION_HELP, { } };

static const struct command help_command = {
	.name = "help", .args = "[COMMAND]", .about = "this list, or all about a command", .options = help_option,
	.max_args = 1, .run = run_help,
};

static const struct command version_command = {
	.name = "version", .args = "", .about = "the version", .options = help_option, .run = run_version,
};

static const struct command *const commands[] = {
	&record_command, &report_command, &hist_command, &timeline_command, &diff_command, &check_command, &top_command,
	&merge_command, &export_command, &help_command, &version_command,
};

static const struct command *find_command(const char *name)
{
	const char *names[ARRAY_SIZE(commands)], *near;

	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		names[i] = commands[i]->name;
		if (!strcmp(names[i], name))
			return commands[i];
	}
	near = near_name(name, names, ARRAY_SIZE(names), sizeof(names[0]));
	if (near)
		complain("unknown command '%s'; did you mean '%s'?", name, near);
	else
		complain("unknown command '%s'; see `" TOOL " help`", name);
	return NULL;
}

static int print_command_help(const struct command *cmd)
{
	printf("usage: " TOOL " %s [options] %s\n\n%s\n\noptions:\n", cmd->name, cmd->args, cmd->about);
	print_options(cmd->options);
	if (cmd->output)
		printf("\n%s", cmd->output);
	printf("\nexit codes: 0 done, 1 error, 2 usage, 3 events were lost and --strict was given,\n"
	       "4 a limit was exceeded (check) or something got slower (diff)\n");
	return RC_OK;
}

static int run_help(const struct params *par)
{
	const struct command *cmd;

	if (par->nr_args) {
		cmd = find_command(par->args[0]);
		return cmd ? print_command_help(cmd) : RC_USAGE;
	}
	printf("usage: " TOOL " COMMAND [options] [FILE...]\n\ncommands:\n");
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		printf("  %-10s %s\n", commands[i]->name, commands[i]->about);
	printf("\nRecord with: trace-cmd record -C mono -e asoc_dpcm -e snd_pcm:xrun\n"
	       "All about a command: " TOOL " help COMMAND\n");
	return RC_OK;
}

static int run_version(const struct params *par)
{
	(void)par;
	printf(TOOL " " TOOL_VERSION "\n");
	return RC_OK;
}

static void on_sample(const struct row_key *key, enum part part, uint64_t ns, void *arg)
{
	struct analysis *a = arg;

	results_sample(&a->one, key, part, ns);
}

static void keep_worst(struct analysis *a, const struct trigger *t)
{
	unsigned int i = a->nr_worst, room = a->par->worst;

	if (!room || (i == room && t->total_ns <= a->worst[i - 1].t.total_ns))
		return;
	if (i == room)
		free(a->worst[--i].why);
	else
		a->nr_worst++;
	for (; i && a->worst[i - 1].t.total_ns < t->total_ns; i--)
		a->worst[i] = a->worst[i - 1];
	a->worst[i] = (struct shown_trigger) { *t, who_explain(a->who, t) };
}

static void on_trigger(const struct trigger *t, void *arg)
{
	struct analysis *a = arg;

	if (!wants_trigger(a->par, t))
		return;
	keep_worst(a, t);
	if (a->cmd->trigger)
		a->cmd->trigger(a, t);
}

static void on_event(const struct event *ev, void *ctx)
{
	struct analysis *a = ctx;

	if (ev->kind >= EV_OTHERS)
		who_event(a->who, ev);
	else
		pair_event(&a->pair, ev);
}

static void on_gap(int cpu, uint64_t ts, void *ctx)
{
	struct analysis *a = ctx;

	pair_gap(&a->pair, cpu, ts);
	who_gap(a->who, cpu);
}

static void on_buffer_end(void *ctx)
{
	struct analysis *a = ctx;

	pair_end_buffer(&a->pair);
	who_end_buffer(a->who);
}

static int read_one_trace(struct analysis *a, const char *path, struct datfile *dat)
{
	static const struct sink sink = { .event = on_event, .gap = on_gap, .buffer_end = on_buffer_end };
	struct pair_sink pair_sink = { .sample = on_sample, .trigger = on_trigger, .arg = a };
	uint64_t found = 0;
	int ret;

	pair_init(&a->pair, a->par, &pair_sink);
	who_begin_file(a->who, dat);
	ret = read_trace(path, dat, &a->one.reading, &sink, a, a->cmd->wants_others);
	a->one.counts = a->pair.counts;
	pair_free(&a->pair);
	who_end_buffer(a->who);
	for (int kind = 0; kind < EV_OTHERS; kind++)
		found += a->one.reading.count[kind];
	if (!ret && !found) {
		no_events(path);
		ret = -1;
	}
	results_add_file(&a->one, path, dat->clock);
	return ret;
}

static bool is_json(const char *path)
{
	struct stat st;
	FILE *f = !stat(path, &st) && S_ISREG(st.st_mode) ? fopen(path, "r") : NULL;
	int c = ' ';

	while (f && (c == ' ' || c == '\n' || c == '\t' || c == '\r'))
		c = fgetc(f);
	if (f)
		fclose(f);
	return c == '{';
}

static int read_file(struct analysis *a, const char *path)
{
	struct datfile dat;
	char err[256];
	int ret;

	if (is_json(path)) {
		bool window = a->par->skip || a->par->from.ns != NOT_SET || a->par->to.ns != NOT_SET;

		if (!a->traces_only && !window)
			return results_load(&a->one, path);
		complain("%s: an export has no single triggers, which %s%s needs; give the trace", path, a->cmd->name,
			 window ? " with --skip, --from or --to" : "");
		return -1;
	}
	if (datfile_open(path, &dat, err, sizeof(err))) {
		complain("%s: %s", path, err);
		return -1;
	}
	ret = read_one_trace(a, path, &dat);
	datfile_close(&dat);
	return ret;
}

static int read_files(struct analysis *a)
{
	for (int i = 0; i < a->par->nr_args; i++) {
		int ret;

		results_init(&a->one);
		ret = read_file(a, a->par->args[i]);
		if (!ret)
			results_absorb(&a->set[a->cmd->apart ? i : 0], &a->one);
		results_free(&a->one);
		if (ret)
			return RC_ERROR;
	}
	return RC_OK;
}

static int end_output(FILE *f, int ret)
{
	if (!fflush(f) && !ferror(f))
		return ret;
	complain("cannot write the output: %s", strerror(errno));
	return RC_ERROR;
}

static int cannot_write(const char *path)
{
	complain("cannot write %s: %s", path, strerror(errno));
	return RC_ERROR;
}

/*
 * A file is written beside the one that was there, which may be among those to be
 * read and stays after an error. What is no file (/dev/null, a link) is written to.
 */
static int open_output(struct analysis *a)
{
	const char *path = a->par->output;
	struct stat st;

	a->out = stdout;
	if (!path)
		return RC_OK;
	if (lstat(path, &st) || S_ISREG(st.st_mode))
		a->part = xasprintf("%s.part", path);
	a->out = fopen(a->part ? : path, "w");
	return a->out ? RC_OK : cannot_write(a->part ? : path);
}

static int close_output(struct analysis *a, int ret)
{
	bool failed;

	if (a->out && a->out != stdout && fclose(a->out) && ret != RC_ERROR)
		ret = cannot_write(a->par->output);
	failed = ret == RC_ERROR || ret == RC_USAGE;
	if (a->part && !failed && rename(a->part, a->par->output)) {
		ret = cannot_write(a->par->output);
		failed = true;
	}
	if (a->part && a->out && failed)
		unlink(a->part);
	free(a->part);
	return ret;
}

static bool lossy(const struct analysis *a)
{
	return reading_lossy(&a->set[0].reading) || reading_lossy(&a->set[1].reading);
}

static int read_and_print(struct analysis *a)
{
	int ret = a->cmd->start ? a->cmd->start(a) : RC_OK;

	if (!ret)
		ret = read_files(a);
	if (!ret)
		ret = end_output(a->out, a->cmd->finish(a));
	if (!ret && a->par->strict && lossy(a)) {
		complain("events were lost, and --strict was given; record with a larger buffer (trace-cmd record -b)");
		ret = RC_LOSSY;
	}
	return ret;
}

static int analyse(const struct command *cmd, const struct params *par)
{
	struct analysis a = { .cmd = cmd, .par = par };
	int ret = open_output(&a);

	if (ret)
		return close_output(&a, ret);
	results_init(&a.set[0]);
	results_init(&a.set[1]);
	a.who = who_new();
	a.worst = xcalloc(par->worst + 1, sizeof(*a.worst));
	ret = read_and_print(&a);
	if (cmd->free)
		cmd->free(&a);
	for (unsigned int i = 0; i < a.nr_worst; i++)
		free(a.worst[i].why);
	free(a.worst);
	who_free(a.who);
	results_free(&a.set[0]);
	results_free(&a.set[1]);
	return close_output(&a, ret);
}

static int usage(const struct command *cmd)
{
	fprintf(stderr, "usage: " TOOL " %s [options] %s\n", cmd->name, cmd->args);
	return RC_USAGE;
}

/* The life of every command */
static int run_command(const struct command *cmd, int argc, char **argv)
{
	struct params par = { .args = argv, .from.ns = NOT_SET, .to.ns = NOT_SET, .max_p50 = NOT_SET, .max_p90 = NOT_SET,
			      .max_p99 = NOT_SET, .max_p999 = NOT_SET, .max_max = NOT_SET, .worst = 5, .tolerance = 10,
			      .interval = 1000 };

	if (parse_options(cmd->options, argc, argv, &par, par.args, &par.nr_args, cmd->takes_command))
		return usage(cmd);
	if (par.help)
		return print_command_help(cmd);
	if (par.nr_args < cmd->min_args || par.nr_args > cmd->max_args) {
		complain(cmd->apart ? "%s: two files, please" : par.nr_args ? "%s: too many arguments" : "%s: which file?",
			 cmd->name);
		return usage(cmd);
	}
	return cmd->run ? cmd->run(&par) : analyse(cmd, &par);
}

int main(int argc, char **argv)
{
	const struct command *cmd;
	const char *name = argc > 1 ? argv[1] : NULL;

	if (!name) {
		complain("which command? see `" TOOL " help`");
		return RC_USAGE;
	}
	if (!strcmp(name, "--help") || !strcmp(name, "-h"))
		name = "help";
	else if (!strcmp(name, "--version"))
		name = "version";
	cmd = find_command(name);
	if (!cmd)
		return RC_USAGE;
	return end_output(stdout, run_command(cmd, argc - 2, argv + 2));
}
