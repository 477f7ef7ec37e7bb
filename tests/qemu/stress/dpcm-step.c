// SPDX-License-Identifier: GPL-2.0
/*
 * dpcm-step - take the streams of a DPCM card through a script, step by step.
 *
 * Where dpcm-stress looks for races, this replays one sequence. Each step is a
 * single ioctl, with no library that prepares or retries behind our back, and
 * no stream ever xruns: what the kernel does follows from the script alone.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <sound/asound.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define MAX_FES		8
#define MAX_WORDS	8
#define PARAMETERS	"/sys/module/snd_soc_dpcm_vcard/parameters"
#define VCARD		"/sys/kernel/debug/dpcm-vcard"
#define BE_STATE	VCARD "/state"
#define DEFERRED	"/sys/module/snd_soc_core/parameters/dpcm_deferred_trigger"
#define QUEUES		"/sys/kernel/debug/asoc/vcard/FE*/deferred_trigger"
#define MAX_WAIT_MS	10000
#define MAX_ERRNO	134

static const char help[] =
"usage: dpcm-step [--log FILE] <SCRIPT\n"
"  --log FILE           what was done, step by step: a script again\n"
"One step a line, or several with ';' between them; '#' begins a comment.\n"
"  FE is fe0, fe1, ... for playback, fe0c, ... for capture; BE is be0, ...\n"
"  open|params|prepare|start|pause|release|drop|resume|hw_free|unlink|close FE\n"
"  link FE FE           of the same group from now on\n"
"  on|off FE BE         the mixer switch from FE to BE; 'out' as BE: all that FE plays\n"
"  set PARAMETER VALUE  of the card's module\n"
"  xrun FE              let a stream that runs xrun at the next interrupt\n"
"  drain FE             and wait for the end of a playback\n"
"  suspend              suspend the card and wake it up\n"
"  pm_test LEVEL        suspend the system to idle, as far as this level\n"
"  check                have the card look for violations now\n"
"  sleep MS\n"
"  mix SEED N FE FE BES FAULTS SUSPENDS\n"
"                       N random steps, legal in the state that a stream is in, on the\n"
"                       FEs from the first to the last named and on so many BEs; FAULTS\n"
"                       in 1000 have a BE call fail that is to come, but no STOP,\n"
"                       SUSPENDS in 1000 suspend the card; prints how often each step\n"
"                       was done, and which errors came\n"
"  fails ERRNO STEP     STEP must fail so; other steps must not fail at all\n"
"  try KEY STEP         STEP may fail: prints KEY and its errno or 0\n"
"  meanwhile STEP       begin STEP in a process of its own, and go on 100 ms later\n"
"  join KEY             wait for its end: prints KEY and how many ms that took\n"
"  is KEY FE|BE STATE   prints KEY and 1 or 0; STATE as ALSA has it for an FE, for\n"
"                       a BE (its playback) as the card's debugfs: running, ...\n"
"exit: 0 as it should be, 1 a step went wrong, 2 usage\n";

static int card, line_nr;
static int pcm[MAX_FES][2];		/* file descriptors + 1 */
static unsigned int period = 480;	/* 10 ms */
static FILE *log_file;

__attribute__((noreturn, format(printf, 2, 3)))
static void die(int status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fprintf(stderr, "dpcm-step: line %d: ", line_nr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
	fflush(stdout);
	exit(status);
}

static int number(const char *s, const char **end)
{
	char *e;
	long v = strtol(s, &e, 10);

	if (e == s || !isdigit(*s) || v > INT_MAX)
		die(2, "'%s': a number is missing", s);
	*end = e;
	return v;
}

/* fe1c: 1, and *dir is 1 */
static int fe_of(const char *s, int *dir)
{
	const char *end;
	int fe;

	if (strncmp(s, "fe", 2))
		die(2, "'%s' is no front end", s);
	fe = number(s + 2, &end);
	*dir = *end == 'c';
	if (fe >= MAX_FES || end[*dir])
		die(2, "'%s' is no front end", s);
	return fe;
}

static int be_of(const char *s)
{
	const char *end;
	int be;

	if (strncmp(s, "be", 2))
		die(2, "'%s' is no back end", s);
	be = number(s + 2, &end);
	if (*end)
		die(2, "'%s' is no back end", s);
	return be;
}

static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	int ret = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		ret = -errno;
	close(fd);
	return ret;
}

/* ---- steps; each returns 0 or a negative error ---- */

static int *slot(char **w)
{
	int dir, fe = fe_of(w[1], &dir);

	return &pcm[fe][dir];
}

static int do_open(char **w)
{
	int dir, fe = fe_of(w[1], &dir), fd;
	char path[40];

	snprintf(path, sizeof(path), "/dev/snd/pcmC%dD%d%c", card, fe, dir ? 'c' : 'p');
	fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	*slot(w) = fd + 1;
	return 0;
}

static int do_close(char **w)
{
	int ret = close(*slot(w) - 1) ? -errno : 0;

	*slot(w) = 0;
	return ret;
}

static int pcm_ioctl(char **w, unsigned long request, unsigned long arg)
{
	if (!*slot(w))
		return -EBADFD;
	return ioctl(*slot(w) - 1, request, arg) ? -errno : 0;
}

static void set_mask(struct snd_pcm_hw_params *p, int param, unsigned int bit)
{
	struct snd_mask *m = &p->masks[param - SNDRV_PCM_HW_PARAM_FIRST_MASK];

	memset(m, 0, sizeof(*m));
	m->bits[bit / 32] = 1U << (bit % 32);
}

static void set_interval(struct snd_pcm_hw_params *p, int param, unsigned int value)
{
	struct snd_interval *i = &p->intervals[param - SNDRV_PCM_HW_PARAM_FIRST_INTERVAL];

	i->min = value;
	i->max = value;
	i->integer = 1;
}

/* No start but ours; nothing needs to be written before the stop threshold is lowered. */
static int sw_params(char **w, unsigned long stop_threshold)
{
	struct snd_pcm_sw_params sw = {
		.period_step = 1, .avail_min = period,
		.start_threshold = LONG_MAX, .stop_threshold = stop_threshold,
	};

	return pcm_ioctl(w, SNDRV_PCM_IOCTL_SW_PARAMS, (unsigned long)&sw);
}

/* What is played or recorded is of no interest: 48 kHz, 4 periods. */
static int do_params(char **w)
{
	struct snd_pcm_hw_params hw;
	unsigned int i;
	int ret;

	memset(&hw, 0, sizeof(hw));
	memset(hw.masks, 0xff, sizeof(hw.masks));
	for (i = 0; i < ARRAY_SIZE(hw.intervals); i++)
		hw.intervals[i].max = UINT_MAX;
	hw.rmask = ~0U;
	hw.info = ~0U;
	set_mask(&hw, SNDRV_PCM_HW_PARAM_ACCESS, SNDRV_PCM_ACCESS_RW_INTERLEAVED);
	set_mask(&hw, SNDRV_PCM_HW_PARAM_FORMAT, SNDRV_PCM_FORMAT_S16_LE);
	set_mask(&hw, SNDRV_PCM_HW_PARAM_SUBFORMAT, SNDRV_PCM_SUBFORMAT_STD);
	set_interval(&hw, SNDRV_PCM_HW_PARAM_CHANNELS, 2);
	set_interval(&hw, SNDRV_PCM_HW_PARAM_RATE, 48000);
	set_interval(&hw, SNDRV_PCM_HW_PARAM_PERIOD_SIZE, period);
	set_interval(&hw, SNDRV_PCM_HW_PARAM_PERIODS, 4);

	ret = pcm_ioctl(w, SNDRV_PCM_IOCTL_HW_PARAMS, (unsigned long)&hw);
	return ret ?: sw_params(w, LONG_MAX);
}

#define SIMPLE(name, request, arg) \
	static int do_##name(char **w) { return pcm_ioctl(w, SNDRV_PCM_IOCTL_##request, arg); }
SIMPLE(prepare, PREPARE, 0)
SIMPLE(start, START, 0)
SIMPLE(pause, PAUSE, 1)
SIMPLE(release, PAUSE, 0)
SIMPLE(drop, DROP, 0)
SIMPLE(resume, RESUME, 0)
SIMPLE(hw_free, HW_FREE, 0)
SIMPLE(unlink, UNLINK, 0)

static int do_link(char **w)
{
	return pcm_ioctl(w, SNDRV_PCM_IOCTL_LINK, *slot(w + 1) - 1);
}

static int do_switch(char **w)
{
	int dir, fe = fe_of(w[1], &dir), fd, ret = 0;
	struct snd_ctl_elem_value value = {
		.id.iface = SNDRV_CTL_ELEM_IFACE_MIXER,
		.value.integer.value[0] = !strcmp(w[0], "on"),
	};
	char path[40];

	if (!strcmp(w[2], "out"))
		snprintf((char *)value.id.name, sizeof(value.id.name), "FE%d Out Switch", fe);
	else if (dir)
		snprintf((char *)value.id.name, sizeof(value.id.name),
			 "FE%d Capture BE%d Switch", fe, be_of(w[2]));
	else
		snprintf((char *)value.id.name, sizeof(value.id.name),
			 "BE%d Mixer FE%d Switch", be_of(w[2]), fe);
	snprintf(path, sizeof(path), "/dev/snd/controlC%d", card);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (ioctl(fd, SNDRV_CTL_IOCTL_ELEM_WRITE, &value) < 0)
		ret = -errno;
	close(fd);
	return ret;
}

static int do_set(char **w)
{
	char path[120];

	snprintf(path, sizeof(path), PARAMETERS "/%s", w[1]);
	return write_file(path, w[2]);
}

static int do_suspend(char **w)
{
	(void)w;
	return write_file(VCARD "/suspend", "1");
}

static int do_pm_test(char **w)
{
	int ret = write_file("/sys/power/pm_test", w[1]);

	if (!ret)
		ret = write_file("/sys/power/state", "freeze");
	write_file("/sys/power/pm_test", "none");
	return ret;
}

/* Reading has the card compare its BEs with their FEs; what it finds, it counts. */
static int do_check(char **w)
{
	char line[80];
	FILE *f = fopen(VCARD "/violations", "r");

	(void)w;
	if (!f)
		return -errno;
	while (fgets(line, sizeof(line), f))
		;
	fclose(f);
	return 0;
}

static int do_sleep(char **w)
{
	const char *end;
	int ms = number(w[1], &end);
	struct timespec ts = { ms / 1000, ms % 1000 * 1000000L };

	return nanosleep(&ts, NULL) ? -errno : 0;
}

/* Triggers that are still queued; a kernel that defers none has no queues. */
static int queued(void)
{
	unsigned int depth, sum = 0;
	char line[80];
	glob_t files;
	FILE *f;
	size_t i;

	if (access(DEFERRED, F_OK))
		return 0;
	if (glob(QUEUES, 0, NULL, &files))
		die(1, "no " QUEUES);
	for (i = 0; i < files.gl_pathc; i++) {
		f = fopen(files.gl_pathv[i], "r");
		if (!f)
			die(1, "%s: %s", files.gl_pathv[i], strerror(errno));
		while (fgets(line, sizeof(line), f))
			if (sscanf(line, " depth: %u", &depth) == 1)
				sum += depth;
		fclose(f);
	}
	globfree(&files);
	return sum;
}

static void settle(void)
{
	int ms;

	for (ms = 0; queued(); ms++) {
		if (ms == MAX_WAIT_MS)
			die(1, "triggers stay queued");
		usleep(1000);
	}
}

static bool be_is(int be, const char *state)
{
	char line[200], name[20], dir[20], have[20], want[20];
	FILE *f = fopen(BE_STATE, "r");
	bool is = false, found = false;

	if (!f)
		die(1, "no " BE_STATE);
	snprintf(want, sizeof(want), "BE%d", be);
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%19s %19s %19s", name, dir, have) == 3 &&
		    !strcmp(name, want) && !strcmp(dir, "playback")) {
			found = true;
			is = !strcmp(have, state);
		}
	}
	fclose(f);
	if (!found)
		die(1, "no %s in " BE_STATE, want);
	return is;
}

static const char *fe_state(char **w)
{
	static const char * const names[] = {
		"OPEN", "SETUP", "PREPARED", "RUNNING", "XRUN", "DRAINING", "PAUSED",
		"SUSPENDED", "DISCONNECTED",
	};
	struct snd_pcm_status status = { 0 };

	if (!*slot(w))
		return "CLOSED";
	if (pcm_ioctl(w, SNDRV_PCM_IOCTL_STATUS, (unsigned long)&status))
		die(1, "no status of %s", w[1]);
	return status.state < (int)ARRAY_SIZE(names) ? names[status.state] : "?";
}

static bool fe_is(char **w, const char *state)
{
	return !strcmp(fe_state(w), state);
}

/* Until the stream is in another state than this one. */
static int wait_while(char **w, const char *state)
{
	int ms;

	for (ms = 0; fe_is(w, state); ms++) {
		if (ms == MAX_WAIT_MS)
			return -ETIMEDOUT;
		usleep(1000);
	}
	return 0;
}

/* The interrupt is to find it, so nobody else may look before it has. */
static int do_xrun(char **w)
{
	struct snd_pcm_status status = { 0 };
	struct pollfd pfd = { .fd = *slot(w) - 1 };
	int ret;

	ret = pcm_ioctl(w, SNDRV_PCM_IOCTL_STATUS, (unsigned long)&status);
	if (!ret)
		ret = sw_params(w, status.avail + period);
	if (!ret) {
		poll(&pfd, 1, MAX_WAIT_MS);
		ret = wait_while(w, "RUNNING");
	} else if (ret == -EPIPE) {
		ret = 0;	/* it was there before us */
	}
	return ret ?: sw_params(w, LONG_MAX);
}

/*
 * Non-blocking, it says EAGAIN. A buffer without data drains at the next period;
 * a capture stream would have to be read.
 */
static int do_drain(char **w)
{
	int ret = pcm_ioctl(w, SNDRV_PCM_IOCTL_DRAIN, 0), dir;

	fe_of(w[1], &dir);
	if (ret && ret != -EAGAIN)
		return ret;
	return dir ? 0 : wait_while(w, "DRAINING");
}

static int do_is(char **w)
{
	bool is;

	settle();
	is = w[2][0] == 'f' ? fe_is(w + 1, w[3]) : be_is(be_of(w[2]), w[3]);
	printf("%s %d\n", w[1], is);
	return 0;
}

/* ---- one step ---- */

static int do_fails(char **w);
static int do_try(char **w);
static int do_meanwhile(char **w);
static int do_join(char **w);
static int do_mix(char **w);

static const struct step {
	const char *name;
	int (*run)(char **w);
	int args;			/* more than that only with what holds a step */
} steps[] = {
	{ "open", do_open, 1 },		{ "params", do_params, 1 },
	{ "prepare", do_prepare, 1 },	{ "start", do_start, 1 },
	{ "pause", do_pause, 1 },	{ "release", do_release, 1 },
	{ "drop", do_drop, 1 },		{ "resume", do_resume, 1 },
	{ "hw_free", do_hw_free, 1 },	{ "close", do_close, 1 },
	{ "link", do_link, 2 },		{ "unlink", do_unlink, 1 },
	{ "xrun", do_xrun, 1 },		{ "drain", do_drain, 1 },
	{ "on", do_switch, 2 },		{ "off", do_switch, 2 },
	{ "set", do_set, 2 },		{ "suspend", do_suspend, 0 },
	{ "pm_test", do_pm_test, 1 },
	{ "check", do_check, 0 },	{ "sleep", do_sleep, 1 },
	{ "is", do_is, 3 },		{ "fails", do_fails, -2 },
	{ "try", do_try, -2 },		{ "meanwhile", do_meanwhile, -1 },
	{ "join", do_join, 1 },		{ "mix", do_mix, 7 },
};

static int run(char **w)
{
	unsigned int i;
	int n = 0;

	while (w[n + 1])
		n++;
	for (i = 0; i < ARRAY_SIZE(steps); i++) {
		if (strcmp(w[0], steps[i].name))
			continue;
		if (steps[i].args < 0 ? n < -steps[i].args : n != steps[i].args)
			die(2, "%s with %d words", w[0], n);
		return steps[i].run(w);
	}
	die(2, "unknown step '%s' (see --help)", w[0]);
}

static int do_fails(char **w)
{
	int ret = run(w + 2);
	const char *have = ret ? strerrorname_np(-ret) : "0";

	if (!have || strcmp(have, w[1]))
		die(1, "%s %s: %s instead of %s", w[2], w[3] ?: "", have ?: "?", w[1]);
	return 0;
}

static int do_try(char **w)
{
	printf("%s %d\n", w[1], -run(w + 2));
	return 0;
}

/* The card delays what is to take long, so this is in the middle of it. */
static pid_t child;

static int do_meanwhile(char **w)
{
	if (child)
		die(2, "meanwhile: one at a time");
	fflush(stdout);
	child = fork();
	if (child < 0)
		return -errno;
	if (!child)
		_exit(-run(w + 1));
	usleep(100000);
	return 0;
}

static int do_join(char **w)
{
	struct timespec from, to;
	int status;

	clock_gettime(CLOCK_MONOTONIC, &from);
	if (!child || waitpid(child, &status, 0) != child)
		die(2, "join: nobody to wait for");
	clock_gettime(CLOCK_MONOTONIC, &to);
	child = 0;
	printf("%s %lld\n", w[1], (to.tv_sec - from.tv_sec) * 1000LL +
	       (to.tv_nsec - from.tv_nsec) / 1000000);
	return WIFEXITED(status) ? -WEXITSTATUS(status) : -EINTR;
}

/* ---- random steps ---- */

#define MAX_BES		32
#define MAX_LEGAL	5

/* what an application may do to a stream, by its state, and how often it does */
static const struct legal {
	const char *state;
	struct {
		unsigned int weight;
		const char *step;
	} steps[MAX_LEGAL];
} legal[] = {
	{ "CLOSED",	{ { 1, "open" } } },
	{ "OPEN",	{ { 9, "params" }, { 1, "close" } } },
	{ "SETUP",	{ { 9, "prepare" }, { 1, "params" }, { 1, "hw_free" }, { 1, "close" } } },
	{ "PREPARED",	{ { 9, "start" }, { 1, "prepare" }, { 1, "hw_free" }, { 1, "drop" },
			  { 1, "close" } } },
	{ "RUNNING",	{ { 4, "xrun" }, { 4, "pause" }, { 2, "drop" }, { 1, "drain" },
			  { 1, "close" } } },
	{ "DRAINING",	{ { 1, "drop" }, { 1, "close" } } },
	{ "PAUSED",	{ { 4, "release" }, { 1, "drop" }, { 1, "close" } } },
	{ "XRUN",	{ { 6, "prepare" }, { 1, "drop" }, { 1, "close" } } },
	{ "SUSPENDED",	{ { 4, "resume" }, { 2, "prepare" }, { 1, "drop" }, { 1, "close" } } },
};

/*
 * Not from the C library, whose next version may count differently: a seed must
 * mean the same steps for ever.
 */
static unsigned int draw(unsigned int *seed, unsigned int below)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (*seed >> 8) % below;
}

static const char *legal_step(unsigned int *seed, const char *state)
{
	const struct legal *l = legal;
	unsigned int i, sum = 0, n;

	while (strcmp(l->state, state))
		if (++l == legal + ARRAY_SIZE(legal))
			die(1, "a stream in state %s", state);
	for (i = 0; i < MAX_LEGAL; i++)
		sum += l->steps[i].weight;
	n = draw(seed, sum);
	for (i = 0; n >= l->steps[i].weight; i++)
		n -= l->steps[i].weight;
	return l->steps[i].step;
}

static unsigned int done[ARRAY_SIZE(steps)], wrong[ARRAY_SIZE(steps)][MAX_ERRNO];

static int mix_step(const char *text)
{
	char line[80], *w[MAX_WORDS + 1] = { NULL }, *word, *save = NULL;
	unsigned int i, n = 0;
	int ret;

	if (log_file)
		fprintf(log_file, "%s\n", text);
	snprintf(line, sizeof(line), "%s", text);
	for (word = strtok_r(line, " ", &save); word; word = strtok_r(NULL, " ", &save))
		w[n++] = word;
	ret = run(w);
	if (ret && log_file)
		fprintf(log_file, "# %s\n", strerrorname_np(-ret) ?: "?");

	for (i = 0; strcmp(steps[i].name, w[0]); i++)
		;
	done[i]++;
	if (ret)
		wrong[i][-ret < MAX_ERRNO ? -ret : 0]++;
	return ret;
}

/* A BE that refuses to stop is no fault of DPCM's. */
static void mix_arm(unsigned int *seed)
{
	static const char * const ops[] = { "startup", "hw_params", "prepare", "trigger" };
	static const char * const cmds[] = { "START", "PAUSE_RELEASE", "RESUME" };
	char text[80];

	snprintf(text, sizeof(text), "set fail_op %s", ops[draw(seed, ARRAY_SIZE(ops))]);
	mix_step(text);
	snprintf(text, sizeof(text), "set fail_cmd %s", cmds[draw(seed, ARRAY_SIZE(cmds))]);
	mix_step(text);
	snprintf(text, sizeof(text), "set fail_nth %u", 1 + draw(seed, 4));
	mix_step(text);
}

static int do_mix(char **w)
{
	unsigned int seed, count, bes, faults, suspends, chance, fe, be, dir, i, err;
	bool off[MAX_FES][2][MAX_BES] = { };
	char text[80], name[8], *fe_words[] = { NULL, name };
	const char *end;
	int first, last, unused;

	seed = number(w[1], &end);
	count = number(w[2], &end);
	first = fe_of(w[3], &unused);
	last = fe_of(w[4], &unused);
	bes = number(w[5], &end);
	faults = number(w[6], &end);
	suspends = number(w[7], &end);
	if (last < first || !bes || bes > MAX_BES)
		die(2, "mix: no such FEs or BEs");
	period = 96;
	memset(done, 0, sizeof(done));
	memset(wrong, 0, sizeof(wrong));

	for (i = 0; i < count; i++) {
		if (i % 200 == 199) {
			mix_step("check");
			continue;
		}
		chance = draw(&seed, 1000);
		if (chance < faults) {
			mix_arm(&seed);
			continue;
		}
		if (chance < faults + suspends) {
			mix_step("suspend");
			continue;
		}
		fe = first + draw(&seed, last - first + 1);
		dir = !draw(&seed, 3);
		snprintf(name, sizeof(name), "fe%u%s", fe, dir ? "c" : "");
		if (!draw(&seed, 5)) {
			be = draw(&seed, bes);
			snprintf(text, sizeof(text), "%s %s be%u",
				 off[fe][dir][be] ? "on" : "off", name, be);
			off[fe][dir][be] = !off[fe][dir][be];
		} else {
			snprintf(text, sizeof(text), "%s %s",
				 legal_step(&seed, fe_state(fe_words)), name);
		}
		mix_step(text);
	}

	if (faults)
		mix_step("set fail_nth 0");
	for (fe = first; fe <= (unsigned int)last; fe++) {
		for (dir = 0; dir < 2; dir++) {
			snprintf(text, sizeof(text), "close fe%u%s", fe, dir ? "c" : "");
			if (pcm[fe][dir])
				mix_step(text);
			for (be = 0; be < bes; be++) {
				snprintf(text, sizeof(text), "on fe%u%s be%u", fe, dir ? "c" : "", be);
				if (off[fe][dir][be])
					mix_step(text);
			}
		}
	}

	for (i = 0; i < ARRAY_SIZE(steps); i++) {
		if (done[i])
			printf("mix_%s %u\n", steps[i].name, done[i]);
		for (err = 0; err < MAX_ERRNO; err++)
			if (wrong[i][err])
				printf("mix_error_%s_%s %u\n", steps[i].name,
				       err ? strerrorname_np(err) ?: "?" : "?", wrong[i][err]);
	}
	return 0;
}

/* ---- the script ---- */

static void step(char *text)
{
	char *w[MAX_WORDS + 1] = { NULL }, *word, *save = NULL;
	int n = 0, ret;

	for (word = strtok_r(text, " \t\n", &save); word; word = strtok_r(NULL, " \t\n", &save)) {
		if (n == MAX_WORDS)
			die(2, "too many words");
		w[n++] = word;
	}
	if (!n)
		return;
	ret = run(w);
	if (ret)
		die(1, "%s %s %s: %s", w[0], w[1] ?: "", w[2] ?: "", strerror(-ret));
}

int main(int argc, char **argv)
{
	char line[400], *part, *save, link[20] = "";

	if (argc == 3 && !strcmp(argv[1], "--log")) {
		log_file = fopen(argv[2], "a");
		if (!log_file)
			die(1, "%s: %s", argv[2], strerror(errno));
		setvbuf(log_file, NULL, _IOLBF, 0);
	} else if (argc > 1) {
		bool wanted = !strcmp(argv[1], "--help") || !strcmp(argv[1], "-h");

		fputs(help, wanted ? stdout : stderr);
		return wanted ? 0 : 2;
	}
	if (readlink("/proc/asound/vcard", link, sizeof(link) - 1) < 0 ||
	    sscanf(link, "card%d", &card) != 1)
		die(1, "no card vcard");

	while (fgets(line, sizeof(line), stdin)) {
		line_nr++;
		line[strcspn(line, "#")] = '\0';
		for (part = strtok_r(line, ";", &save); part; part = strtok_r(NULL, ";", &save))
			step(part);
	}
	return 0;
}
