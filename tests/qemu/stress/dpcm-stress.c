// SPDX-License-Identifier: GPL-2.0
/*
 * dpcm-stress - drive front ends and route switches of a DPCM card until
 * something gives.
 *
 * Every argument that is not an option is a worker, a thread of its own that
 * repeats one cycle: "pcm" takes a stream from open to its end, "compress" a
 * compressed one, "toggle" flips one route switch, "hog" keeps a CPU busy. Everything is non-blocking and
 * watched: an application that waits forever is a finding, not a reason to wait.
 */
#define _GNU_SOURCE
#include <alsa/asoundlib.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define __SOUND_ASOUND_H	/* what alsa-lib has declared already */
#include <sound/compress_offload.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define MAX_WORKERS	16
#define MAX_ERRNO	134
#define MAX_MESSAGES	20

enum { EXIT_OK, EXIT_ERRORS, EXIT_USAGE, EXIT_HANG = 4 };

/* What is counted. An op is also what an error is booked under. */
#define OPS(X) \
	X(open) X(hw_params) X(sw_params) X(prepare) X(transfer) X(start) \
	X(pause) X(release) X(drop) X(drain) X(wait) X(hw_free) X(close) X(switch)
#define EVENTS(X) \
	X(xruns) X(late) X(cycles) X(failed) X(raced)

#define ENUM_OP(n)	OP_##n,
#define ENUM_EVENT(n)	EV_##n,
#define NAME(n)		#n,
enum op { OPS(ENUM_OP) NR_OPS };
enum event { EVENTS(ENUM_EVENT) NR_EVENTS };
static const char * const op_names[] = { OPS(NAME) };
static const char * const event_names[] = { EVENTS(NAME) };

static atomic_ulong ops[NR_OPS], events[NR_EVENTS];
static atomic_ulong errors[NR_OPS][MAX_ERRNO], allowed[NR_OPS][MAX_ERRNO];
static atomic_ulong nr_errors;

static const char * const dirs[] = { "play", "capture", NULL };
static const char * const ends[] = { "xrun", "drop", "drain", "pause", "close", "none", NULL };
static const char * const redos[] = { "prepare", "params", "open", NULL };
enum { END_XRUN, END_DROP, END_DRAIN, END_PAUSE, END_CLOSE, END_NONE };
enum { REDO_PREPARE, REDO_PARAMS, REDO_OPEN };

struct worker {
	const struct kind *kind;
	const char *spec;
	pthread_t thread;
	unsigned int seed;
	atomic_ulong cycles;
	_Atomic int64_t beat;		/* last sign of life */
	atomic_int op;			/* and what it was about to do */
	atomic_bool done;

	/* from the command line */
	unsigned int fe, be[2], dir, period_us, periods, rate;
	unsigned int gap_us, run_us, count, pauses, arm, quiet, late, cpu, prio;
	unsigned int end, redo;		/* sets; one is drawn each cycle */
	bool allow[MAX_ERRNO];

	snd_pcm_t *pcm;
	bool set_up;
	snd_pcm_uframes_t period, buffer;
	void *data;

	int fd;				/* of a compressed stream, while it is set up */

	snd_ctl_t *ctl;
	unsigned int off;		/* switches that are off */
};

struct kind {
	const char *name;
	int (*cycle)(struct worker *w);
	void (*finish)(struct worker *w);
};

static struct worker workers[MAX_WORKERS];
static unsigned int nr_workers, seconds = 10, hang_s = 10;
static const char *card_name = "vcard";
static int card;
static atomic_bool stopping;

static int64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000LL + ts.tv_nsec / 1000;
}

static void beat(struct worker *w, enum op op)
{
	w->op = op;
	w->beat = now_us();
}

static unsigned int draw(struct worker *w, unsigned int below)
{
	return below ? (unsigned int)rand_r(&w->seed) % below : 0;
}

static unsigned int draw_bit(struct worker *w, unsigned int set)
{
	unsigned int n = draw(w, __builtin_popcount(set));

	while (n--)
		set &= set - 1;
	return __builtin_ctz(set);
}

static void random_pause(struct worker *w, unsigned int below_us)
{
	if (below_us)
		usleep(draw(w, below_us));
}

/* ---- errors ---- */

static void complain(struct worker *w, const char *what, const char *why)
{
	if (atomic_fetch_add(&nr_errors, 1) < MAX_MESSAGES)
		fprintf(stderr, "dpcm-stress: %s: %s: %s%s%s\n", w->spec, what, why,
			w->pcm ? ", stream is " : "",
			w->pcm ? snd_pcm_state_name(snd_pcm_state(w->pcm)) : "");
}

/*
 * Books the result of an op. An op that lost its race against an xrun says
 * EPIPE or EBADFD; that is the application's daily bread and no error.
 */
static int result(struct worker *w, enum op op, int ret)
{
	int err = -ret;

	w->beat = now_us();
	if (ret >= 0) {
		ops[op]++;
		return ret;
	}
	if ((err == EPIPE || err == EBADFD) && w->pcm &&
	    snd_pcm_state(w->pcm) == SND_PCM_STATE_XRUN) {
		events[EV_raced]++;
		return -EPIPE;
	}
	if (err >= MAX_ERRNO)
		err = MAX_ERRNO - 1;
	if (w->allow[err]) {
		allowed[op][err]++;
	} else {
		errors[op][err]++;
		complain(w, op_names[op], snd_strerror(ret));
	}
	return ret;
}

#define DO(w, op, call)	(beat(w, OP_##op), result(w, OP_##op, call))

/* ---- pcm: one stream from open to its end ---- */

/*
 * The stream left RUNNING without our doing: by an xrun, or, to SETUP, because
 * a back end failed after START had returned.
 */
static int left_running(struct worker *w)
{
	switch (snd_pcm_state(w->pcm)) {
	case SND_PCM_STATE_XRUN:
		events[EV_xruns]++;
		return -EPIPE;
	case SND_PCM_STATE_SETUP:
		events[EV_late]++;
		if (!w->late)
			complain(w, "running", "stopped by an error");
		return -EIO;
	case SND_PCM_STATE_DISCONNECTED:
		/* as the next call would have had it */
		return result(w, OP_transfer, -ENODEV);
	default:
		complain(w, "running", "in a state it cannot be in");
		return -EBADFD;
	}
}

static bool is_running(struct worker *w)
{
	snd_pcm_state_t state = snd_pcm_state(w->pcm);

	return state == SND_PCM_STATE_RUNNING || state == SND_PCM_STATE_DRAINING;
}

/* No events asked for: what poll() reports is that the stream left RUNNING. */
static int wait_stopped(struct worker *w)
{
	int64_t until = now_us() + hang_s * 1000000LL;
	struct pollfd pfd;

	if (snd_pcm_poll_descriptors(w->pcm, &pfd, 1) != 1)
		return result(w, OP_wait, -EINVAL);
	pfd.events = 0;
	while (is_running(w)) {
		if (now_us() > until)
			return result(w, OP_wait, -ETIMEDOUT);
		beat(w, OP_wait);
		poll(&pfd, 1, 50);
	}
	return result(w, OP_wait, 0);
}

static int transfer(struct worker *w, snd_pcm_uframes_t frames)
{
	snd_pcm_sframes_t ret;

	beat(w, OP_transfer);
	if (w->dir == SND_PCM_STREAM_PLAYBACK)
		ret = snd_pcm_writei(w->pcm, w->data, frames);
	else
		ret = snd_pcm_readi(w->pcm, w->data, frames);
	if (ret == -EAGAIN)
		return 0;
	return result(w, OP_transfer, ret);
}

static int feed(struct worker *w, unsigned int us)
{
	int64_t until = now_us() + us;
	int ret;

	while (now_us() < until && !stopping) {
		if (!is_running(w))
			return left_running(w);
		beat(w, OP_wait);
		snd_pcm_wait(w->pcm, 20);
		ret = transfer(w, w->period);
		if (ret < 0)
			return is_running(w) ? ret : left_running(w);
	}
	return 0;
}

static int setup(struct worker *w)
{
	snd_pcm_hw_params_t *hw;
	snd_pcm_sw_params_t *sw;
	int ret, dir = 0;

	snd_pcm_hw_params_alloca(&hw);
	snd_pcm_sw_params_alloca(&sw);

	w->period = (uint64_t)w->rate * w->period_us / 1000000;
	w->buffer = w->period * w->periods;

	beat(w, OP_hw_params);
	ret = snd_pcm_hw_params_any(w->pcm, hw);
	if (ret >= 0)
		ret = snd_pcm_hw_params_set_access(w->pcm, hw, SND_PCM_ACCESS_RW_INTERLEAVED);
	if (ret >= 0)
		ret = snd_pcm_hw_params_set_format(w->pcm, hw, SND_PCM_FORMAT_S16_LE);
	if (ret >= 0)
		ret = snd_pcm_hw_params_set_channels(w->pcm, hw, 2);
	if (ret >= 0)
		ret = snd_pcm_hw_params_set_rate(w->pcm, hw, w->rate, 0);
	if (ret >= 0)
		ret = snd_pcm_hw_params_set_period_size_near(w->pcm, hw, &w->period, &dir);
	if (ret >= 0)
		ret = snd_pcm_hw_params_set_buffer_size_near(w->pcm, hw, &w->buffer);
	if (ret >= 0)
		ret = snd_pcm_hw_params(w->pcm, hw);	/* prepares, too */
	ret = result(w, OP_hw_params, ret);
	if (ret < 0)
		return ret;

	/* START is ours to give, never a side effect of a write */
	beat(w, OP_sw_params);
	ret = snd_pcm_sw_params_current(w->pcm, sw);
	if (ret >= 0)
		ret = snd_pcm_sw_params_set_start_threshold(w->pcm, sw, w->buffer * 2);
	if (ret >= 0)
		ret = snd_pcm_sw_params_set_avail_min(w->pcm, sw, w->period);
	if (ret >= 0)
		ret = snd_pcm_sw_params(w->pcm, sw);
	ret = result(w, OP_sw_params, ret);
	if (ret < 0)
		return ret;

	free(w->data);
	w->data = calloc(w->buffer, 4);
	if (!w->data)
		return result(w, OP_sw_params, -ENOMEM);
	w->set_up = true;
	return 0;
}

static int pcm_close(struct worker *w)
{
	snd_pcm_t *pcm = w->pcm;

	if (!pcm)
		return 0;
	beat(w, OP_close);
	w->pcm = NULL;
	w->set_up = false;
	return result(w, OP_close, snd_pcm_close(pcm));
}

static int pcm_ready(struct worker *w)
{
	char name[32];
	int ret;

	if (!w->pcm) {
		snprintf(name, sizeof(name), "hw:%d,%u", card, w->fe);
		ret = DO(w, open, snd_pcm_open(&w->pcm, name, w->dir, SND_PCM_NONBLOCK));
		if (ret < 0) {
			w->pcm = NULL;
			return ret;
		}
	}
	if (!w->set_up) {
		ret = setup(w);
		if (ret < 0)
			return ret;
	}
	ret = DO(w, prepare, snd_pcm_prepare(w->pcm));
	if (ret >= 0 && w->dir == SND_PCM_STREAM_PLAYBACK)
		ret = transfer(w, w->buffer);
	return ret;
}

/* Has the card's next matching BE call fail (its parameter goes back to 0). */
static int arm_fault(struct worker *w)
{
	FILE *f = fopen("/sys/module/snd_soc_dpcm_vcard/parameters/fail_nth", "w");

	if (!f)
		return result(w, OP_start, -errno);
	fprintf(f, "%u\n", w->arm);
	return fclose(f) ? result(w, OP_start, -errno) : 0;
}

/* A stream that ended has no BE running; a deferred STOP may take a moment. */
static int wait_quiet(struct worker *w)
{
	int64_t until = now_us() + hang_s * 1000000LL;
	char line[80];
	int running;
	FILE *f;

	for (;;) {
		beat(w, OP_wait);
		f = fopen("/sys/kernel/debug/dpcm-vcard/stats", "r");
		if (!f)
			return result(w, OP_wait, -errno);
		running = -1;
		while (fgets(line, sizeof(line), f))
			if (sscanf(line, "be_running %d", &running) == 1)
				break;
		fclose(f);
		if (!running)
			return 0;
		if (now_us() > until || running < 0) {
			complain(w, "ended", "a BE still runs");
			return -EBUSY;
		}
		usleep(1000);
	}
}

static int pause_some(struct worker *w)
{
	int ret, n = 1 + draw(w, w->pauses);

	while (n-- && !stopping) {
		ret = DO(w, pause, snd_pcm_pause(w->pcm, 1));
		if (ret < 0)
			return ret;
		random_pause(w, w->gap_us / 4 + 1);
		ret = DO(w, release, snd_pcm_pause(w->pcm, 0));
		if (ret < 0)
			return ret;
		random_pause(w, w->gap_us / 4 + 1);
	}
	return DO(w, drop, snd_pcm_drop(w->pcm));
}

static int pcm_end(struct worker *w, unsigned int end)
{
	int ret;

	switch (end) {
	case END_XRUN:
		ret = wait_stopped(w);
		return ret < 0 ? ret : left_running(w);
	case END_DROP:
		return DO(w, drop, snd_pcm_drop(w->pcm));
	case END_DRAIN:
		ret = snd_pcm_drain(w->pcm);
		ret = result(w, OP_drain, ret == -EAGAIN ? 0 : ret);
		if (ret < 0)
			return ret;
		/* a capture stream drains only by being read */
		if (w->dir == SND_PCM_STREAM_CAPTURE)
			return DO(w, drop, snd_pcm_drop(w->pcm));
		return wait_stopped(w);
	case END_PAUSE:
		return pause_some(w);
	case END_CLOSE:
		return pcm_close(w);
	}
	return 0;
}

/* -EPIPE and a late error are ends of a cycle like others, not failures of it. */
static int pcm_cycle(struct worker *w)
{
	unsigned int end = draw_bit(w, w->end);
	unsigned int redo = draw_bit(w, w->redo);
	int ret, err;

	ret = pcm_ready(w);
	if (ret < 0)
		goto out;

	/* out of phase with whoever waits for the mutex that PREPARE took */
	random_pause(w, w->gap_us);
	if (end != END_NONE) {
		if (w->arm)
			arm_fault(w);
		ret = DO(w, start, snd_pcm_start(w->pcm));
		if (ret < 0)
			goto out;
		ret = feed(w, draw(w, w->run_us));
		if (ret >= 0)
			ret = pcm_end(w, end);
		if (w->pcm && is_running(w))
			snd_pcm_drop(w->pcm);
	}
out:
	if (w->quiet && (err = wait_quiet(w)) < 0)
		ret = err;
	if (ret == -EPIPE || (ret == -EIO && w->late))
		ret = 0;
	if (ret < 0 || redo == REDO_OPEN) {
		pcm_close(w);
	} else if (w->pcm && redo == REDO_PARAMS) {
		/* HW_FREE is refused in XRUN */
		DO(w, drop, snd_pcm_drop(w->pcm));
		if (DO(w, hw_free, snd_pcm_hw_free(w->pcm)) < 0)
			pcm_close(w);
		w->set_up = false;
	}
	return ret;
}

static void pcm_finish(struct worker *w)
{
	pcm_close(w);
	free(w->data);
}

/* ---- compress: one compressed stream from open to its end ---- */

static int compr(struct worker *w, enum op op, unsigned long request)
{
	beat(w, op);
	return result(w, op, ioctl(w->fd, request) < 0 ? -errno : 0);
}

static int compr_close(struct worker *w)
{
	if (!w->set_up)
		return 0;
	w->set_up = false;
	return DO(w, close, close(w->fd) < 0 ? -errno : 0);
}

static int compr_open(struct worker *w)
{
	struct snd_compr_params params = {
		.buffer.fragment_size = (uint64_t)w->rate * w->period_us / 1000000 * 4,
		.buffer.fragments = w->periods,
		.codec = {
			.id = SND_AUDIOCODEC_PCM,
			.ch_in = 2,
			.ch_out = 2,
			.sample_rate = w->rate,
			.bit_rate = w->rate * 32,
		},
	};
	char name[32];
	int ret;

	snprintf(name, sizeof(name), "/dev/snd/comprC%dD%u", card, w->fe);
	beat(w, OP_open);
	w->fd = open(name, O_WRONLY);
	ret = result(w, OP_open, w->fd < 0 ? -errno : 0);
	if (ret < 0)
		return ret;
	w->set_up = true;

	w->period = params.buffer.fragment_size;
	w->buffer = w->period * w->periods;
	free(w->data);
	w->data = calloc(1, w->buffer);
	if (!w->data)
		return result(w, OP_open, -ENOMEM);
	return DO(w, hw_params, ioctl(w->fd, SNDRV_COMPRESS_SET_PARAMS, &params) < 0 ? -errno : 0);
}

/* Takes what there is room for, and does not wait for more. */
static int compr_write(struct worker *w, size_t bytes)
{
	ssize_t ret;

	beat(w, OP_transfer);
	ret = write(w->fd, w->data, bytes);
	return result(w, OP_transfer, ret < 0 ? -errno : 0);
}

static int compr_feed(struct worker *w, unsigned int us)
{
	int64_t until = now_us() + us;
	struct pollfd pfd = { .fd = w->fd, .events = POLLOUT };
	int ret = 0;

	while (ret >= 0 && now_us() < until && !stopping) {
		beat(w, OP_wait);
		if (poll(&pfd, 1, 20) > 0)
			ret = compr_write(w, w->period);
	}
	return ret;
}

static int compr_pause(struct worker *w)
{
	int ret = 0, n = 1 + draw(w, w->pauses);

	while (ret >= 0 && n-- && !stopping) {
		ret = compr(w, OP_pause, SNDRV_COMPRESS_PAUSE);
		random_pause(w, w->gap_us / 4 + 1);
		if (ret >= 0)
			ret = compr(w, OP_release, SNDRV_COMPRESS_RESUME);
		random_pause(w, w->gap_us / 4 + 1);
	}
	return ret;
}

static int compr_end(struct worker *w, unsigned int end)
{
	int ret;

	switch (end) {
	case END_XRUN:
		/* that is no error: the DSP waits */
		usleep(w->period_us * (w->periods + 1));
		break;
	case END_DRAIN:
		return compr(w, OP_drain, SNDRV_COMPRESS_DRAIN);
	case END_PAUSE:
		ret = compr_pause(w);
		if (ret < 0)
			return ret;
		break;
	case END_CLOSE:
		return compr_close(w);
	}
	return compr(w, OP_drop, SNDRV_COMPRESS_STOP);
}

static int compr_cycle(struct worker *w)
{
	unsigned int end = draw_bit(w, w->end);
	unsigned int redo = draw_bit(w, w->redo);
	int ret = 0, err;

	if (!w->set_up)
		ret = compr_open(w);
	if (ret >= 0)
		ret = compr_write(w, w->buffer);
	random_pause(w, w->gap_us);
	if (ret >= 0 && end != END_NONE) {
		if (w->arm)
			arm_fault(w);
		ret = compr(w, OP_start, SNDRV_COMPRESS_START);
		if (ret >= 0)
			ret = compr_feed(w, draw(w, w->run_us));
		if (ret >= 0)
			ret = compr_end(w, end);
	}
	if (ret < 0 || redo != REDO_PREPARE)
		compr_close(w);
	if (w->quiet && (err = wait_quiet(w)) < 0)
		ret = err;
	return ret;
}

static void compr_finish(struct worker *w)
{
	compr_close(w);
	free(w->data);
}

/* ---- toggle: route switches of one front end ---- */

static int set_switch(struct worker *w, unsigned int be, int on)
{
	snd_ctl_elem_value_t *value;
	char name[44];

	snprintf(name, sizeof(name), w->dir == SND_PCM_STREAM_PLAYBACK ?
		 "BE%2$u Mixer FE%1$u Switch" : "FE%1$u Capture BE%2$u Switch", w->fe, be);
	snd_ctl_elem_value_alloca(&value);
	snd_ctl_elem_value_set_interface(value, SND_CTL_ELEM_IFACE_MIXER);
	snd_ctl_elem_value_set_name(value, name);
	snd_ctl_elem_value_set_boolean(value, 0, on);
	return DO(w, switch, snd_ctl_elem_write(w->ctl, value));
}

static int toggle_cycle(struct worker *w)
{
	unsigned int be = w->be[0] + draw(w, w->be[1] - w->be[0] + 1);
	char name[16];
	int ret;

	if (!w->ctl) {
		snprintf(name, sizeof(name), "hw:%d", card);
		ret = DO(w, open, snd_ctl_open(&w->ctl, name, 0));
		if (ret < 0) {
			w->ctl = NULL;
			return ret;
		}
	}
	w->off ^= 1U << be;
	ret = set_switch(w, be, !(w->off & (1U << be)));
	random_pause(w, w->gap_us);
	return ret;
}

static void toggle_finish(struct worker *w)
{
	unsigned int be;

	for (be = w->be[0]; w->ctl && be <= w->be[1]; be++)
		if (w->off & (1U << be))
			set_switch(w, be, 1);
	if (w->ctl)
		snd_ctl_close(w->ctl);
}

/* ---- hog: a CPU kept busy for run_us, left alone for gap_us ---- */

static int hog_cycle(struct worker *w)
{
	int64_t until;

	if (!w->set_up) {
		const struct sched_param param = { .sched_priority = w->prio };
		cpu_set_t cpus;
		int err;

		CPU_ZERO(&cpus);
		CPU_SET(w->cpu, &cpus);
		err = pthread_setaffinity_np(pthread_self(), sizeof(cpus), &cpus);
		if (!err)
			err = pthread_setschedparam(pthread_self(), w->prio ? SCHED_FIFO : SCHED_OTHER,
						    &param);
		if (err)
			return result(w, OP_start, -err);
		w->set_up = true;
	}
	until = now_us() + w->run_us;
	beat(w, OP_wait);
	while (now_us() < until && !stopping)
		;
	if (w->gap_us)
		usleep(w->gap_us);
	return 0;
}

static void hog_finish(struct worker *w)
{
	(void)w;
}

/* ---- lifecycle, the same for every worker ---- */

static const struct kind kinds[] = {
	{ "pcm",	pcm_cycle,	pcm_finish },
	{ "compress",	compr_cycle,	compr_finish },
	{ "toggle",	toggle_cycle,	toggle_finish },
	{ "hog",	hog_cycle,	hog_finish },
};

static void *work(void *arg)
{
	struct worker *w = arg;
	char name[16];

	/* so that traces tell the workers apart */
	snprintf(name, sizeof(name), "stress-%s", w->kind->name);
	pthread_setname_np(pthread_self(), name);
	while (!stopping && (!w->count || w->cycles < w->count)) {
		if (w->kind->cycle(w) < 0) {
			events[EV_failed]++;
			usleep(1000);
		}
		w->cycles++;
		events[EV_cycles]++;
	}
	w->kind->finish(w);
	w->done = true;
	return NULL;
}

/* Until the time is up, or all that have a count did it; false is a hang. */
static bool watch(void)
{
	int64_t end = now_us() + seconds * 1000000LL;

	for (;;) {
		unsigned int i, counted = 0, counting = 0, alive = 0;

		for (i = 0; i < nr_workers; i++) {
			struct worker *w = &workers[i];

			if (w->count)
				counted++;
			if (w->done)
				continue;
			alive++;
			if (w->count)
				counting++;
			if (now_us() - w->beat > (hang_s + 2) * 1000000LL) {
				fprintf(stderr, "dpcm-stress: %s: hangs in %s\n",
					w->spec, op_names[w->op]);
				return false;
			}
		}
		if (!alive)
			return true;
		if (now_us() > end || (counted && !counting))
			stopping = true;
		usleep(20000);
	}
}

static void on_signal(int sig)
{
	(void)sig;
	stopping = true;
}

static void print_errors(const char *prefix, atomic_ulong table[NR_OPS][MAX_ERRNO])
{
	unsigned int op, err;

	for (op = 0; op < NR_OPS; op++)
		for (err = 0; err < MAX_ERRNO; err++)
			if (table[op][err])
				printf("%s_%s_%s %lu\n", prefix, op_names[op],
				       strerrorname_np(err) ?: "other", table[op][err]);
}

static void print_counters(void)
{
	unsigned int i;

	for (i = 0; i < NR_OPS; i++)
		printf("%s %lu\n", op_names[i], ops[i]);
	for (i = 0; i < NR_EVENTS; i++)
		printf("%s %lu\n", event_names[i], events[i]);
	print_errors("error", errors);
	print_errors("allowed", allowed);
	printf("errors %lu\n", nr_errors);
	fflush(stdout);
}

/* ---- command line ---- */

enum type { NUMBER, RANGE, ONE_OF, SET_OF, ERRNO };

static const struct option_row {
	const char *name;
	enum type type;
	size_t offset;
	unsigned int min, max, preset;
	const char * const *names;
	const char *help;
} rows[] = {
#define AT(field) offsetof(struct worker, field)
	{ "fe", NUMBER, AT(fe), 0, 31, 0, NULL, "front end" },
	{ "dir", ONE_OF, AT(dir), 0, 0, 0, dirs, "play or capture" },
	{ "be", RANGE, AT(be), 0, 31, 0, NULL, "toggle: back ends, a or a-b" },
	{ "period_us", NUMBER, AT(period_us), 250, 1000000, 1000, NULL, "period" },
	{ "periods", NUMBER, AT(periods), 2, 64, 2, NULL, "periods in the buffer" },
	{ "rate", NUMBER, AT(rate), 8000, 192000, 48000, NULL, "frames per second" },
	{ "gap_us", NUMBER, AT(gap_us), 0, 10000000, 4000, NULL,
	  "random pause below this before START, between pauses, or after a switch; of a hog all of it" },
	{ "run_us", NUMBER, AT(run_us), 0, 60000000, 0, NULL,
	  "random time below this for which the running stream is fed; of a hog all of it" },
	{ "end", SET_OF, AT(end), 0, 0, 1 << END_XRUN, ends,
	  "how a cycle ends, joined by +; none: no START at all; xrun: compress starves, then stops" },
	{ "redo", SET_OF, AT(redo), 0, 0, 1 << REDO_PREPARE, redos,
	  "what is done again for the next cycle, joined by +; compress: params is open" },
	{ "pauses", NUMBER, AT(pauses), 1, 1000000, 4, NULL, "end=pause: at most so many of them" },
	{ "count", NUMBER, AT(count), 0, 100000000, 0, NULL, "cycles, then this worker ends" },
	{ "arm", NUMBER, AT(arm), 0, 1000, 0, NULL, "before START have the card's n-th BE call fail" },
	{ "quiet", NUMBER, AT(quiet), 0, 1, 0, NULL, "1: no BE may run after a cycle" },
	{ "late", NUMBER, AT(late), 0, 1, 0, NULL, "1: a stream stopped by an error is no failure" },
	{ "cpu", NUMBER, AT(cpu), 0, CPU_SETSIZE - 1, 0, NULL, "hog: the CPU" },
	{ "prio", NUMBER, AT(prio), 0, 99, 0, NULL, "hog: SCHED_FIFO with this priority, 0: SCHED_OTHER" },
	{ "allow", ERRNO, AT(allow), 0, 0, 0, NULL, "errno names that are no failure, joined by +" },
};

static void usage(FILE *f)
{
	unsigned int i;

	fprintf(f,
		"usage: dpcm-stress [--card NAME] [--seed N] [--seconds S] [--hang S] WORKER...\n"
		"WORKER is pcm, compress, toggle or hog[:key=value,...]; keys:\n");
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		fprintf(f, "  %-10s %s\n", rows[i].name, rows[i].help);
	fprintf(f, "exit: 0 as it should be, 1 errors, or a worker that did not get its cycles done, 2 usage, 4 hang\n");
}

__attribute__((noreturn, format(printf, 1, 2)))
static void die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fprintf(stderr, "dpcm-stress: ");
	vfprintf(stderr, fmt, ap);
	fprintf(stderr, " (see --help)\n");
	va_end(ap);
	exit(EXIT_USAGE);
}

static unsigned int number(const char *what, const char *s, unsigned int min, unsigned int max)
{
	char *end;
	unsigned long v;

	errno = 0;
	v = strtoul(s, &end, 0);
	if (errno || *end || end == s || *s == '-' || v < min || v > max)
		die("%s: '%s' is not a number from %u to %u", what, s, min, max);
	return v;
}

static unsigned int name_index(const char *what, const char *s, const char * const *names)
{
	unsigned int i;

	for (i = 0; names[i]; i++)
		if (!strcmp(s, names[i]))
			return i;
	die("%s: unknown '%s'", what, s);
}

static unsigned int errno_index(const char *s)
{
	unsigned int i;

	for (i = 1; i < MAX_ERRNO; i++)
		if (strerrorname_np(i) && !strcmp(s, strerrorname_np(i)))
			return i;
	die("allow: unknown error '%s'", s);
}

static void parse_value(struct worker *w, const struct option_row *row, char *value)
{
	unsigned int *field = (unsigned int *)((char *)w + row->offset);
	char *part, *save = NULL;

	switch (row->type) {
	case NUMBER:
		*field = number(row->name, value, row->min, row->max);
		break;
	case RANGE:
		part = strchr(value, '-');
		if (part)
			*part++ = '\0';
		field[0] = number(row->name, value, row->min, row->max);
		field[1] = part ? number(row->name, part, field[0], row->max) : field[0];
		break;
	case ONE_OF:
		*field = name_index(row->name, value, row->names);
		break;
	case SET_OF:
		*field = 0;
		for (part = strtok_r(value, "+", &save); part; part = strtok_r(NULL, "+", &save))
			*field |= 1U << name_index(row->name, part, row->names);
		if (!*field)
			die("%s: nothing given", row->name);
		break;
	case ERRNO:
		for (part = strtok_r(value, "+", &save); part; part = strtok_r(NULL, "+", &save))
			w->allow[errno_index(part)] = true;
		break;
	}
}

static void parse_worker(struct worker *w, const char *spec)
{
	char *copy = strdup(spec), *key, *value, *save = NULL;
	unsigned int i;

	if (!copy)
		die("no memory");
	w->spec = spec;
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].preset)
			*(unsigned int *)((char *)w + rows[i].offset) = rows[i].preset;

	key = strtok_r(copy, ":", &save);
	for (i = 0; key && i < ARRAY_SIZE(kinds); i++)
		if (!strcmp(key, kinds[i].name))
			w->kind = &kinds[i];
	if (!w->kind)
		die("unknown worker '%s'", spec);

	while ((key = strtok_r(NULL, ",", &save))) {
		value = strchr(key, '=');
		if (!value)
			die("%s: '%s' is not key=value", spec, key);
		*value++ = '\0';
		for (i = 0; i < ARRAY_SIZE(rows) && strcmp(key, rows[i].name); i++)
			;
		if (i == ARRAY_SIZE(rows))
			die("%s: unknown key '%s'", spec, key);
		parse_value(w, &rows[i], value);
	}
	free(copy);
}

int main(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "card", required_argument, NULL, 'c' },
		{ "seed", required_argument, NULL, 's' },
		{ "seconds", required_argument, NULL, 't' },
		{ "hang", required_argument, NULL, 'w' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	unsigned int i, seed = 1, stalled = 0;
	int c;

	while ((c = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		switch (c) {
		case 'c':
			card_name = optarg;
			break;
		case 's':
			seed = number("seed", optarg, 0, UINT_MAX);
			break;
		case 't':
			seconds = number("seconds", optarg, 1, 1000000);
			break;
		case 'w':
			hang_s = number("hang", optarg, 1, 1000);
			break;
		case 'h':
			usage(stdout);
			return EXIT_OK;
		default:
			usage(stderr);
			return EXIT_USAGE;
		}
	}
	for (; optind < argc; optind++) {
		if (nr_workers == MAX_WORKERS)
			die("more than %d workers", MAX_WORKERS);
		workers[nr_workers].seed = seed + 7919 * nr_workers;
		parse_worker(&workers[nr_workers++], argv[optind]);
	}
	if (!nr_workers)
		die("no worker given");

	card = snd_card_get_index(card_name);
	if (card < 0) {
		fprintf(stderr, "dpcm-stress: no card '%s'\n", card_name);
		return EXIT_ERRORS;
	}
	signal(SIGINT, on_signal);
	signal(SIGTERM, on_signal);
	printf("seed %u\n", seed);
	fflush(stdout);

	for (i = 0; i < nr_workers; i++) {
		workers[i].beat = now_us();
		if (pthread_create(&workers[i].thread, NULL, work, &workers[i])) {
			perror("dpcm-stress: pthread_create");
			return EXIT_ERRORS;
		}
	}
	if (!watch()) {
		/* a thread that hangs in the kernel cannot be joined */
		print_counters();
		_exit(EXIT_HANG);
	}
	for (i = 0; i < nr_workers; i++) {
		pthread_join(workers[i].thread, NULL);
		if (!workers[i].cycles) {
			fprintf(stderr, "dpcm-stress: %s: no progress\n", workers[i].spec);
			stalled++;
		} else if (workers[i].cycles < workers[i].count) {
			fprintf(stderr, "dpcm-stress: %s: %lu cycles only in %u s\n",
				workers[i].spec, workers[i].cycles, seconds);
			stalled++;
		}
	}
	print_counters();
	return nr_errors || stalled ? EXIT_ERRORS : EXIT_OK;
}
