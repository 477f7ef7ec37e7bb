// SPDX-License-Identifier: GPL-2.0-only
/*
 * dpcm-latency record: sets up what a trace configuration names, runs trace-cmd,
 * and leaves tracing as it was: all is recorded in an instance of its own.
 */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <tracefs.h>
#include <unistd.h>

#include "command.h"
#include "instance.h"
#include "util.h"

#define INSTANCE "dpcm-latency"
/* From where the program is, so that it may be installed anywhere */
#define CONFIG_DIR "../share/dpcm-latency/trace-configs"

enum { MAX_WORDS = 256, MAX_DYNAMIC = 32 };

static const struct option_desc options[] = {
	{ "config", OPT_STRING, PARAM(config), NULL, 0, 0,
	  "-c: a trace configuration, by name or as a file; xrun-stop without it" },
	{ "output", OPT_STRING, PARAM(output), NULL, 0, 0, "-o: the file to write; trace.dat without it" },
	OPTION_HELP, { }
};

static const char output[] =
"Runs COMMAND, or waits for Ctrl-C, while trace-cmd records what the configuration names into an\n"
"instance of its own, and removes the instance and the probes again. Configurations are looked for\n"
"in $DPCM_TRACE_CONFIGS, else in " CONFIG_DIR " as seen from this program.\n"
"Events and probes that this kernel does not have are left out, and said.\n";

struct recording {
	struct tracefs_instance *instance;
	char *words[MAX_WORDS + 1];	/* of trace-cmd's command line */
	unsigned int nr_words;
	char *dynamic[MAX_DYNAMIC];	/* "group/name" of those that we defined */
	unsigned int nr_dynamic;
	char *refused[MAX_DYNAMIC];	/* "group:name" */
	unsigned int nr_refused;
};

static void add_word(struct recording *rec, const char *word, size_t len)
{
	if (rec->nr_words < MAX_WORDS)
		rec->words[rec->nr_words++] = xasprintf("%.*s", (int)len, word);
}

static void add_words(struct recording *rec, const char *line)
{
	for (line += strspn(line, " \t"); *line; line += strspn(line, " \t")) {
		size_t len = strcspn(line, " \t");

		add_word(rec, line, len);
		line += len;
	}
}

/* "p:group/name ...": defines it. A probe whose function this kernel lacks is not the end. */
static int define(struct recording *rec, const char *line)
{
	const char *name = line + 2;
	char *path = xasprintf("%.*s", (int)strcspn(name, " \t"), name), *file = xasprintf("events/%s", path);
	char *slash = strchr(path, '/');
	int ret = 0;

	if (!slash) {
		complain("'%s' has no group: write it as GROUP/%s", path, path);
		ret = -1;
	} else if (rec->nr_dynamic == MAX_DYNAMIC || rec->nr_refused == MAX_DYNAMIC) {
		complain("more than %d probes and events are defined: leave some out", MAX_DYNAMIC);
		ret = -1;
	} else if (!tracefs_file_exists(NULL, file)) {
		if (tracefs_instance_file_append(NULL, "dynamic_events", line) >= 0) {
			rec->dynamic[rec->nr_dynamic++] = path;
			path = NULL;
		} else {
			complain("left out: this kernel refuses '%s'", line);
			*slash = ':';
			rec->refused[rec->nr_refused++] = path;
			path = NULL;
		}
	}
	free(path);
	free(file);
	return ret;
}

static int read_config(struct recording *rec, FILE *f, const char *path)
{
	char *line = NULL;
	size_t room = 0;
	unsigned int n = 0;
	int ret = 0;

	while (!ret && getline(&line, &room, f) > 0) {
		line[strcspn(line, "\n")] = '\0';
		n++;
		if (!*line || *line == '#')
			continue;
		if (*line == '-') {
			add_words(rec, line);
		} else if (line[0] && line[1] == ':' && strchr("prs", line[0])) {
			ret = define(rec, line);
		} else {
			complain("%s: line %u: neither an option of trace-cmd record nor a p:, r: or s: definition: '%s'", path, n, line);
			ret = -1;
		}
	}
	free(line);
	return ret;
}

/* "; did you mean X?" of the names in a directory, or "". Free it. */
static char *near_entry(const char *name, const char *dir)
{
	struct dirent **entries;
	const char *names[512], *near;
	int n = scandir(dir, &entries, NULL, alphasort), found = 0;
	char *text;

	for (int i = 0; i < n && found < (int)ARRAY_SIZE(names); i++)
		if (entries[i]->d_name[0] != '.')
			names[found++] = entries[i]->d_name;
	near = near_name(name, names, found, sizeof(names[0]));
	text = near ? xasprintf("; did you mean '%s'?", near) : xasprintf("%s", "");
	for (int i = 0; i < n; i++)
		free(entries[i]);
	if (n >= 0)
		free(entries);
	return text;
}

static void no_config(const char *name, const char *dir)
{
	char *near = near_entry(name, dir);

	complain("no trace configuration '%s' in %s%s", name, dir, near);
	free(near);
}

static void no_event(const char *event)
{
	const char *colon = strchr(event, ':');
	char *file = xasprintf("events/%.*s", colon ? (int)(colon - event) : 0, event), *dir = tracefs_get_tracing_file(file);
	char *near = near_entry(colon ? colon + 1 : event, dir ? dir : "/");

	complain("left out: this kernel has no event %s%s", event, near);
	free(near);
	tracefs_put_tracing_file(dir);
	free(file);
}

static char *config_dir(void)
{
	const char *dir = getenv("DPCM_TRACE_CONFIGS");
	char exe[4096];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

	if (dir || n < 0)
		return xasprintf("%s", dir ? dir : CONFIG_DIR);
	exe[n] = '\0';
	*strrchr(exe, '/') = '\0';
	return xasprintf("%s/" CONFIG_DIR, exe);
}

static FILE *open_config(const char *name, char **path)
{
	char *dir = config_dir();
	FILE *f;

	*path = strchr(name, '/') ? xasprintf("%s", name) : xasprintf("%s/%s", dir, name);
	f = fopen(*path, "r");
	if (!f && strchr(name, '/'))
		complain("%s: %s", name, strerror(errno));
	else if (!f)
		no_config(name, dir);
	free(dir);
	return f;
}

/* Is it an event, or a system of events, that can be recorded now? */
static bool have_event(const struct recording *rec, const char *event)
{
	char *path = xasprintf("events/%s", event), *colon = strchr(path, ':');
	bool have;

	if (strpbrk(event, "*?[")) {
		free(path);
		return true;
	}
	if (colon)
		*colon = '/';
	have = tracefs_file_exists(NULL, path) || tracefs_dir_exists(NULL, path);
	for (unsigned int i = 0; i < rec->nr_refused; i++)
		have = have && strcmp(event, rec->refused[i]);
	free(path);
	return have;
}

static bool is_of_triggers(const char *event)
{
	return !strncmp(event, "asoc_dpcm", 9) || !strncmp(event, "stock_dpcm", 10) || !strncmp(event, "dpcm_vcard", 10);
}

/* Takes out "-e EVENT" and what belongs to it where the kernel lacks it. Returns how many are left that are of triggers. */
static unsigned int drop_events(struct recording *rec)
{
	unsigned int from, to = 0, events = 0;
	bool dropping = false;

	for (from = 0; from < rec->nr_words; from++) {
		bool pair = from + 1 < rec->nr_words, filter = !strcmp(rec->words[from], "-f") || !strcmp(rec->words[from], "-R");

		if (pair && !strcmp(rec->words[from], "-e")) {
			dropping = !have_event(rec, rec->words[from + 1]);
			if (dropping)
				no_event(rec->words[from + 1]);
			events += !dropping && is_of_triggers(rec->words[from + 1]);
		} else if (!filter) {
			dropping = false;
		}
		for (int n = pair && (filter || !strcmp(rec->words[from], "-e")) ? 2 : 1; n; n--) {
			if (dropping)
				free(rec->words[from]);
			else
				rec->words[to++] = rec->words[from];
			from += n > 1;
		}
	}
	rec->nr_words = to;
	return events;
}

static pid_t child;

/* trace-cmd ends a recording at SIGINT */
static void on_term(int sig)
{
	(void)sig;
	if (child > 0)
		kill(child, SIGINT);
}

static int run_trace_cmd(struct recording *rec)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, term = { .sa_handler = on_term, .sa_flags = SA_RESTART };
	int status;
	pid_t pid;

	rec->words[rec->nr_words] = NULL;
	/* Ctrl-C reaches trace-cmd by itself, and the clean-up is ours */
	sigaction(SIGINT, &ignore, NULL);
	sigaction(SIGTERM, &term, NULL);
	fflush(NULL);
	child = pid = fork();
	if (!pid) {
		signal(SIGINT, SIG_DFL);
		signal(SIGTERM, SIG_DFL);
		execvp(rec->words[0], rec->words);
		complain("cannot run trace-cmd: %s; install it (package trace-cmd)", strerror(errno));
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid) {
		complain("cannot start a process: %s", strerror(errno));
		return RC_ERROR;
	}
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return RC_OK;
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 127)
		complain("trace-cmd failed: see its own message above");
	return RC_ERROR;
}

static void undo(struct recording *rec)
{
	/* first: it may use the probes */
	instance_free(rec->instance);
	for (unsigned int i = rec->nr_dynamic; i--; ) {
		char *line = xasprintf("-:%s", rec->dynamic[i]);

		if (tracefs_instance_file_append(NULL, "dynamic_events", line) < 0)
			complain("cannot remove the probe %s: %s", rec->dynamic[i], strerror(errno));
		free(line);
		free(rec->dynamic[i]);
	}
	for (unsigned int i = 0; i < rec->nr_refused; i++)
		free(rec->refused[i]);
	for (unsigned int i = 0; i < rec->nr_words; i++)
		free(rec->words[i]);
}

static int record(struct recording *rec, const struct params *par, FILE *f, const char *path)
{
	static const char * const head[] = { "trace-cmd", "record", "-B", INSTANCE };

	for (size_t i = 0; i < ARRAY_SIZE(head); i++)
		add_words(rec, head[i]);
	if (read_config(rec, f, path))
		return RC_ERROR;
	if (!drop_events(rec)) {
		complain("%s: this kernel has none of its events of DPCM triggers: is it patched, with CONFIG_SND_SOC_DPCM_DEFERRED_TRIGGER? -c stock is for stock kernels",
			 path);
		return RC_ERROR;
	}
	add_words(rec, "-o");
	add_word(rec, par->output ? par->output : "trace.dat", par->output ? strlen(par->output) : 9);
	for (int i = 0; i < par->nr_args; i++)
		add_word(rec, par->args[i], strlen(par->args[i]));
	if (rec->nr_words == MAX_WORDS) {
		complain("the command line is too long: at most %d words", MAX_WORDS);
		return RC_USAGE;
	}
	return run_trace_cmd(rec);
}

static int run(const struct params *par)
{
	struct recording rec = {};
	char *path;
	FILE *f = open_config(par->config ? par->config : "xrun-stop", &path);
	int ret = RC_ERROR;

	if (f)
		rec.instance = instance_new(INSTANCE);
	if (rec.instance) {
		ret = record(&rec, par, f, path);
		undo(&rec);
	}
	if (f)
		fclose(f);
	free(path);
	return ret;
}

const struct command record_command = {
	.name = "record",
	.args = "[-c CONFIG] [-o FILE] [--] [COMMAND...]",
	.about = "records with trace-cmd as a trace configuration says, and leaves tracing as it was",
	.output = output,
	.options = options,
	.max_args = MANY_ARGS,
	.takes_command = true,
	.run = run,
};
