// SPDX-License-Identifier: GPL-2.0+
//
// soc-dpcm-deferred-test.c  --  KUnit tests of deferred triggers
//
// First the queue alone.  Then a card in memory, on which each sequence of
// commands is run with its triggers deferred and not: what the BEs see must be
// the same.  Last, scripts of two FEs on shared BEs.

#include <kunit/device.h>
#include <kunit/test.h>
#include <linux/bits.h>
#include <linux/fs.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/workqueue.h>
#include <sound/core.h>
#include <sound/pcm.h>
#include <sound/soc.h>
#include <sound/soc-dapm.h>
#include <sound/soc-dpcm.h>
#include "soc-dpcm-deferred.h"

#define START	SNDRV_PCM_TRIGGER_START
#define STOP	SNDRV_PCM_TRIGGER_STOP
#define PUSH	SNDRV_PCM_TRIGGER_PAUSE_PUSH
#define RELEASE	SNDRV_PCM_TRIGGER_PAUSE_RELEASE
#define SUSPEND	SNDRV_PCM_TRIGGER_SUSPEND
#define RESUME	SNDRV_PCM_TRIGGER_RESUME
#define DRAIN	SNDRV_PCM_TRIGGER_DRAIN

#define FE	DPCM_HALF_FE
#define BE	DPCM_HALF_BE
#define BOTH	DPCM_HALVES

#define MAX_CMDS	10

struct queue_step {
	int cmd;
	unsigned int halves;
	enum dpcm_queue_result result;
	unsigned int left;	/* where it cancels: the halves that remain */
};

/* what goes in, and the (cmd, halves) that come out */
struct queue_case {
	const char *name;
	struct queue_step in[MAX_CMDS];
	unsigned int ins;
	struct queue_step out[MAX_CMDS];
	unsigned int outs;
};

#define ADD(c, h)		{ c, h, DPCM_QUEUE_ADDED }
#define CANCEL(c, h, l)		{ c, h, DPCM_QUEUE_CANCELLED, l }
#define MERGE(c, h)		{ c, h, DPCM_QUEUE_MERGED }
#define FULL(c, h)		{ c, h, DPCM_QUEUE_FULL }
#define OUT(c, h)		{ c, h }

static const struct queue_case queue_cases[] = {
	{
		.name = "empty",
	}, {
		.name = "one",
		.in = { ADD(STOP, BE) }, .ins = 1,
		.out = { OUT(STOP, BE) }, .outs = 1,
	}, {
		.name = "start and stop keep their order",
		.in = { ADD(START, BOTH), ADD(STOP, BOTH) }, .ins = 2,
		.out = { OUT(START, BOTH), OUT(STOP, BOTH) }, .outs = 2,
	}, {
		.name = "suspend and resume do not cancel",
		.in = { ADD(SUSPEND, BE), ADD(RESUME, BOTH) }, .ins = 2,
		.out = { OUT(SUSPEND, BE), OUT(RESUME, BOTH) }, .outs = 2,
	}, {
		.name = "start and stop do not cancel",
		.in = { ADD(START, BE), ADD(STOP, BE) }, .ins = 2,
		.out = { OUT(START, BE), OUT(STOP, BE) }, .outs = 2,
	}, {
		.name = "pause and release cancel",
		.in = { ADD(PUSH, BOTH), CANCEL(RELEASE, BOTH, 0) }, .ins = 2,
	}, {
		.name = "release and pause cancel",
		.in = { ADD(RELEASE, BOTH), CANCEL(PUSH, BOTH, 0) }, .ins = 2,
	}, {
		.name = "release undoes the FE half that pause ran",
		.in = { ADD(PUSH, BE), CANCEL(RELEASE, BOTH, FE) }, .ins = 2,
	}, {
		.name = "pause undoes the FE half that release ran",
		.in = { ADD(RELEASE, BE), CANCEL(PUSH, BOTH, FE) }, .ins = 2,
	}, {
		.name = "FE half that is left can be queued, and cancels in its turn",
		.in = {
			ADD(START, BE), ADD(PUSH, BE), CANCEL(RELEASE, BOTH, FE),
			ADD(RELEASE, FE), CANCEL(PUSH, BOTH, BE), ADD(PUSH, BE),
		}, .ins = 6,
		.out = { OUT(START, BE), OUT(PUSH, BE) }, .outs = 2,
	}, {
		.name = "no cancelling across another command",
		.in = { ADD(PUSH, BE), ADD(SUSPEND, BOTH), ADD(RELEASE, BOTH) }, .ins = 3,
		.out = { OUT(PUSH, BE), OUT(SUSPEND, BOTH), OUT(RELEASE, BOTH) }, .outs = 3,
	}, {
		.name = "cancelling uncovers what was there before",
		.in = { ADD(START, BOTH), ADD(PUSH, BOTH), CANCEL(RELEASE, BOTH, 0),
			ADD(STOP, BOTH) }, .ins = 4,
		.out = { OUT(START, BOTH), OUT(STOP, BOTH) }, .outs = 2,
	}, {
		.name = "two pauses do not cancel",
		.in = { ADD(PUSH, BE), ADD(PUSH, BOTH) }, .ins = 2,
		.out = { OUT(PUSH, BE), OUT(PUSH, BOTH) }, .outs = 2,
	}, {
		.name = "equal drains merge",
		.in = { ADD(DRAIN, BE), MERGE(DRAIN, BE), ADD(STOP, BOTH) }, .ins = 3,
		.out = { OUT(DRAIN, BE), OUT(STOP, BOTH) }, .outs = 2,
	}, {
		.name = "drains that owe different halves do not merge",
		.in = { ADD(DRAIN, BE), ADD(DRAIN, BOTH) }, .ins = 2,
		.out = { OUT(DRAIN, BE), OUT(DRAIN, BOTH) }, .outs = 2,
	}, {
		.name = "overrun leaves the queue as it was",
		.in = {
			ADD(START, BE), ADD(STOP, BE), ADD(START, BE), ADD(STOP, BE),
			ADD(START, BE), ADD(STOP, BE), ADD(START, BE), ADD(STOP, BE),
			FULL(START, BE),
		}, .ins = 9,
		.out = {
			OUT(START, BE), OUT(STOP, BE), OUT(START, BE), OUT(STOP, BE),
			OUT(START, BE), OUT(STOP, BE), OUT(START, BE), OUT(STOP, BE),
		}, .outs = 8,
	}, {
		.name = "a full queue still cancels",
		.in = {
			ADD(START, BE), ADD(STOP, BE), ADD(START, BE), ADD(STOP, BE),
			ADD(START, BE), ADD(STOP, BE), ADD(START, BE), ADD(PUSH, BE),
			CANCEL(RELEASE, BOTH, FE), ADD(STOP, BE),
		}, .ins = 10,
		.out = {
			OUT(START, BE), OUT(STOP, BE), OUT(START, BE), OUT(STOP, BE),
			OUT(START, BE), OUT(STOP, BE), OUT(START, BE), OUT(STOP, BE),
		}, .outs = 8,
	},
};

static void queue_case_desc(const struct queue_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(queue, queue_cases, queue_case_desc);

/* each case with the ring's head at every place, so that all wrap around */
static void queue_test_case(struct kunit *test)
{
	const struct queue_case *c = test->param_value;
	unsigned int head, i;

	for (head = 0; head < DPCM_QUEUE_SIZE; head++) {
		struct dpcm_queue *q = kunit_kzalloc(test, sizeof(*q), GFP_KERNEL);
		struct dpcm_queue_entry e, gone;

		KUNIT_ASSERT_NOT_NULL(test, q);
		q->head = head;

		for (i = 0; i < c->ins; i++) {
			const struct queue_step *in = &c->in[i];
			struct dpcm_queue_entry new = {
				.cmd = in->cmd, .halves = in->halves, .seq = i + 1,
			};

			KUNIT_ASSERT_EQ_MSG(test, dpcm_queue_add(q, &new, &gone),
					    in->result, "command %u, head %u", i, head);
			if (in->result == DPCM_QUEUE_CANCELLED) {
				KUNIT_EXPECT_EQ(test, new.halves, in->left);
				KUNIT_EXPECT_NE(test, gone.cmd, in->cmd);
			} else {
				KUNIT_EXPECT_EQ(test, new.halves, in->halves);
			}
		}

		KUNIT_EXPECT_EQ(test, q->depth, c->outs);

		for (i = 0; i < c->outs; i++) {
			KUNIT_ASSERT_TRUE(test, dpcm_queue_pop(q, &e));
			KUNIT_EXPECT_EQ_MSG(test, e.cmd, c->out[i].cmd,
					    "command %u, head %u", i, head);
			KUNIT_EXPECT_EQ(test, e.halves, c->out[i].halves);
		}

		KUNIT_EXPECT_FALSE(test, dpcm_queue_pop(q, &e));
	}
}

/* however often an application pauses, the queue does not grow */
static void queue_test_pause_loop(struct kunit *test)
{
	struct dpcm_queue *q = kunit_kzalloc(test, sizeof(*q), GFP_KERNEL);
	struct dpcm_queue_entry new, gone;
	int i;

	KUNIT_ASSERT_NOT_NULL(test, q);

	new = (struct dpcm_queue_entry){ .cmd = START, .halves = BE };
	KUNIT_ASSERT_EQ(test, dpcm_queue_add(q, &new, &gone), DPCM_QUEUE_ADDED);

	for (i = 0; i < 1000; i++) {
		new = (struct dpcm_queue_entry){ .cmd = i & 1 ? RELEASE : PUSH, .halves = BOTH };
		KUNIT_ASSERT_EQ(test, dpcm_queue_add(q, &new, &gone),
				i & 1 ? DPCM_QUEUE_CANCELLED : DPCM_QUEUE_ADDED);
		KUNIT_ASSERT_LE(test, q->depth, 2);
	}

	KUNIT_EXPECT_EQ(test, q->stats.max_depth, 2);
	KUNIT_EXPECT_EQ(test, q->stats.cancelled, 500);
}

static struct kunit_case dpcm_deferred_cases[] = {
	KUNIT_CASE_PARAM(queue_test_case, queue_gen_params),
	KUNIT_CASE(queue_test_pause_loop),
	{}
};

static struct kunit_suite dpcm_deferred_suite = {
	.name = "dpcm-deferred",
	.test_cases = dpcm_deferred_cases,
};

/*
 * A card in memory: two FEs, three BEs, a switch between each FE and each BE
 */

#define NUM_FES		2
#define NUM_BES		3
#define NUM_DAIS	(NUM_FES + NUM_BES)

#define MAX_SEQUENCE	5
#define MAX_CALLS	64
#define MAX_TEXT	1024

#define FES		GENMASK(NUM_FES - 1, 0)
#define BES		GENMASK(NUM_DAIS - 1, NUM_FES)

#define PLAYBACK	SNDRV_PCM_STREAM_PLAYBACK

static const char * const cmd_names[] = {
	[STOP]		= "STOP",
	[START]		= "START",
	[PUSH]		= "PUSH",
	[RELEASE]	= "RELEASE",
	[SUSPEND]	= "SUSPEND",
	[RESUME]	= "RESUME",
	[DRAIN]		= "DRAIN",
};

/* the commands that mode stop defers; not taken from the code under test */
static bool is_stop(int cmd)
{
	return cmd == STOP || cmd == PUSH || cmd == SUSPEND;
}

static bool is_pause_pair(int a, int b)
{
	return (a == PUSH && b == RELEASE) || (a == RELEASE && b == PUSH);
}

/* the modes in which the BEs must see the same */
static const struct {
	const char *name;
	enum snd_soc_dpcm_deferred mode;
} modes[] = {
	{ "off", SND_SOC_DPCM_DEFERRED_OFF },
	{ "stop", SND_SOC_DPCM_DEFERRED_STOP },
	{ "all", SND_SOC_DPCM_DEFERRED_ALL },
};

/* ordered: from BE_STOPPED on the BE may be triggered */
enum be_state {
	BE_CLOSED,
	BE_OPEN,
	BE_STOPPED,
	BE_RUNNING,
	BE_PAUSED,
	BE_SUSPENDED,
};

enum be_op {
	OP_NONE,
	OP_TRIGGER,
	OP_STARTUP,
	OP_HW_PARAMS,
	OP_PREPARE,
	OP_HW_FREE,
};

/* triggers, in the order of the calls */
struct call_log {
	unsigned int num;
	struct {
		u8 dai;
		u8 cmd;
	} call[MAX_CALLS];
};

struct test_card {
	struct kunit *test;
	struct device *dev;
	struct snd_soc_card card;
	struct snd_soc_dai_link links[NUM_DAIS];
	struct snd_soc_dai_link_component cpus[NUM_DAIS];
	struct snd_pcm_substream *fe[NUM_FES];	/* open */
	int fe_cmd[NUM_FES];			/* the last */
	enum be_state be[NUM_BES];

	/* the next such call fails */
	bool fail;
	enum be_op fail_op;
	int fail_be;
	int fail_cmd;

	/* a command that an FE is given in the middle of the next such call */
	bool meanwhile;
	enum be_op meanwhile_op;
	int meanwhile_fe;
	int meanwhile_cmd;

	struct call_log log;

	/* promises to a BE driver that were broken */
	enum snd_soc_dpcm_deferred mode;
	struct task_struct *in_trigger;	/* who calls the FE's trigger, */
	int given;			/* and with which command */
	unsigned int atomic;	/* BE triggers called from there */
	unsigned int unlocked;	/* BE triggers without the mutex */
	unsigned int wrong;	/* calls that the state of a BE forbids */

	/* too large for the stack */
	struct file file;
	struct snd_pcm_hw_params params;
	struct snd_ctl_elem_value value;
	char have[MAX_TEXT];
	char want[MAX_TEXT];
};

static struct test_card *card_of(struct snd_soc_dai *dai)
{
	return snd_soc_card_get_drvdata(dai->component->card);
}

static bool test_fails(struct test_card *tc, enum be_op op, int be, int cmd)
{
	if (!tc->fail || tc->fail_op != op || tc->fail_be != be ||
	    (op == OP_TRIGGER && tc->fail_cmd != cmd))
		return false;

	tc->fail = false;
	return true;
}

static void test_log(struct test_card *tc, unsigned int dai, int cmd)
{
	struct call_log *log = &tc->log;

	if (log->num == MAX_CALLS) {
		tc->wrong++;
		return;
	}

	log->call[log->num].dai = dai;
	log->call[log->num++].cmd = cmd;
}

static int fe_startup(struct snd_pcm_substream *substream, struct snd_soc_dai *dai)
{
	static const struct snd_pcm_hardware hardware = {
		.info			= SNDRV_PCM_INFO_INTERLEAVED |
					  SNDRV_PCM_INFO_PAUSE |
					  SNDRV_PCM_INFO_RESUME |
					  SNDRV_PCM_INFO_DRAIN_TRIGGER,
		.formats		= SNDRV_PCM_FMTBIT_S16_LE,
		.buffer_bytes_max	= 4096,
		.period_bytes_min	= 1024,
		.period_bytes_max	= 1024,
		.periods_min		= 4,
		.periods_max		= 4,
	};

	return snd_soc_set_runtime_hwparams(substream, &hardware);
}

static int fe_trigger(struct snd_pcm_substream *substream, int cmd, struct snd_soc_dai *dai)
{
	struct test_card *tc = card_of(dai);

	test_log(tc, dai->id, cmd);
	tc->fe_cmd[dai->id] = cmd;

	return 0;
}

static const struct snd_soc_dai_ops fe_ops = {
	.startup	= fe_startup,
	.trigger	= fe_trigger,
};

static int test_command(struct test_card *tc, int fe, int cmd);

/* an operation that takes the BE to a state, and never while it runs */
static int be_op(struct snd_soc_dai *dai, enum be_op op, enum be_state next)
{
	struct test_card *tc = card_of(dai);
	int be = dai->id - NUM_FES;

	if (test_fails(tc, op, be, 0))
		return -EIO;
	if (tc->be[be] == BE_RUNNING)
		tc->wrong++;
	tc->be[be] = next;

	if (tc->meanwhile && tc->meanwhile_op == op) {
		tc->meanwhile = false;
		if (test_command(tc, tc->meanwhile_fe, tc->meanwhile_cmd))
			tc->wrong++;
	}

	return 0;
}

static int be_startup(struct snd_pcm_substream *substream, struct snd_soc_dai *dai)
{
	return be_op(dai, OP_STARTUP, BE_OPEN);
}

static int be_hw_params(struct snd_pcm_substream *substream,
			struct snd_pcm_hw_params *params, struct snd_soc_dai *dai)
{
	return be_op(dai, OP_HW_PARAMS, BE_OPEN);
}

static int be_prepare(struct snd_pcm_substream *substream, struct snd_soc_dai *dai)
{
	return be_op(dai, OP_PREPARE, BE_STOPPED);
}

static int be_hw_free(struct snd_pcm_substream *substream, struct snd_soc_dai *dai)
{
	return be_op(dai, OP_HW_FREE, BE_OPEN);
}

static void be_shutdown(struct snd_pcm_substream *substream, struct snd_soc_dai *dai)
{
	be_op(dai, OP_NONE, BE_CLOSED);
}

static bool be_wants(enum be_state state, int cmd)
{
	switch (cmd) {
	case START:
		return state == BE_STOPPED;
	case STOP:
		return state > BE_STOPPED;
	case PUSH:
		/* of two paused FEs one stops: the BE is told to pause again */
		return state == BE_RUNNING || state == BE_PAUSED;
	case SUSPEND:
		return state == BE_RUNNING;
	case RELEASE:
		return state == BE_PAUSED;
	case RESUME:
		return state == BE_SUSPENDED;
	default:
		return false;
	}
}

static int be_trigger(struct snd_pcm_substream *substream, int cmd, struct snd_soc_dai *dai)
{
	static const enum be_state next[] = {
		[START]		= BE_RUNNING,
		[STOP]		= BE_STOPPED,
		[PUSH]		= BE_PAUSED,
		[SUSPEND]	= BE_SUSPENDED,
		[RELEASE]	= BE_RUNNING,
		[RESUME]	= BE_RUNNING,
		[DRAIN]		= BE_RUNNING,
	};
	struct test_card *tc = card_of(dai);
	int be = dai->id - NUM_FES;

	test_log(tc, dai->id, cmd);

	if (tc->mode == SND_SOC_DPCM_DEFERRED_ALL ||
	    (tc->mode == SND_SOC_DPCM_DEFERRED_STOP && is_stop(cmd))) {
		if (tc->in_trigger != current)
			tc->unlocked += !mutex_is_locked(&tc->card.pcm_mutex);
		else if (tc->mode == SND_SOC_DPCM_DEFERRED_ALL || is_stop(tc->given))
			tc->atomic++;
		/* else it takes back a synchronous start that failed, as a part of it */
	}
	if (test_fails(tc, OP_TRIGGER, be, cmd))
		return -EIO;
	if (!be_wants(tc->be[be], cmd))
		tc->wrong++;
	tc->be[be] = next[cmd];

	return 0;
}

static const struct snd_soc_dai_ops be_ops = {
	.startup	= be_startup,
	.hw_params	= be_hw_params,
	.prepare	= be_prepare,
	.trigger	= be_trigger,
	.hw_free	= be_hw_free,
	.shutdown	= be_shutdown,
};

#define TEST_DAI(i, n, o) {						\
	.id = i,							\
	.name = n,							\
	.ops = o,							\
	.playback = {							\
		.stream_name = n " Playback",				\
		.channels_min = 2,					\
		.channels_max = 2,					\
		.rates = SNDRV_PCM_RATE_48000,				\
		.formats = SNDRV_PCM_FMTBIT_S16_LE,			\
	},								\
}

static struct snd_soc_dai_driver test_dais[NUM_DAIS] = {
	TEST_DAI(0, "FE0", &fe_ops),
	TEST_DAI(1, "FE1", &fe_ops),
	TEST_DAI(2, "BE0", &be_ops),
	TEST_DAI(3, "BE1", &be_ops),
	TEST_DAI(4, "BE2", &be_ops),
};

#define TEST_SWITCHES {							\
	SOC_DAPM_SINGLE("FE0 Switch", SND_SOC_NOPM, 0, 1, 0),		\
	SOC_DAPM_SINGLE("FE1 Switch", SND_SOC_NOPM, 0, 1, 0),		\
}

/* not one for all: DAPM would take them for the same switches */
static const struct snd_kcontrol_new be0_switches[] = TEST_SWITCHES;
static const struct snd_kcontrol_new be1_switches[] = TEST_SWITCHES;
static const struct snd_kcontrol_new be2_switches[] = TEST_SWITCHES;

static const struct snd_soc_dapm_widget test_widgets[] = {
	SND_SOC_DAPM_MIXER("BE0 Mixer", SND_SOC_NOPM, 0, 0, be0_switches, NUM_FES),
	SND_SOC_DAPM_MIXER("BE1 Mixer", SND_SOC_NOPM, 0, 0, be1_switches, NUM_FES),
	SND_SOC_DAPM_MIXER("BE2 Mixer", SND_SOC_NOPM, 0, 0, be2_switches, NUM_FES),
};

#define TEST_ROUTE(fe, be)	{ be " Mixer", fe " Switch", fe " Playback" }

static const struct snd_soc_dapm_route test_routes[] = {
	TEST_ROUTE("FE0", "BE0"), TEST_ROUTE("FE0", "BE1"), TEST_ROUTE("FE0", "BE2"),
	TEST_ROUTE("FE1", "BE0"), TEST_ROUTE("FE1", "BE1"), TEST_ROUTE("FE1", "BE2"),
	{ "BE0 Playback", NULL, "BE0 Mixer" },
	{ "BE1 Playback", NULL, "BE1 Mixer" },
	{ "BE2 Playback", NULL, "BE2 Mixer" },
};

static const struct snd_soc_component_driver test_component = {
	.name			= "dpcm-deferred-test",
	.dapm_widgets		= test_widgets,
	.num_dapm_widgets	= ARRAY_SIZE(test_widgets),
	.dapm_routes		= test_routes,
	.num_dapm_routes	= ARRAY_SIZE(test_routes),
};

/*
 * What the PCM core and an application do to an FE
 */

static struct snd_soc_pcm_runtime *test_rtd(struct test_card *tc, int fe)
{
	return snd_soc_get_pcm_runtime(&tc->card, &tc->links[fe]);
}

static struct dpcm_queue *test_queue(struct test_card *tc, int fe)
{
	return dpcm_queue_of(test_rtd(tc, fe), PLAYBACK);
}

/* until the work items have nothing left to do */
static void test_settle(struct test_card *tc)
{
	int fe;

	for (fe = 0; fe < NUM_FES; fe++) {
		flush_work(&test_queue(tc, fe)->work);
		if (test_queue(tc, fe)->fifo)
			kthread_flush_work(&test_queue(tc, fe)->fifo_work);
	}
}

/* from now on the work items are late, and only a sync point drains */
static void test_hold(struct test_card *tc)
{
	int fe;

	for (fe = 0; fe < NUM_FES; fe++) {
		if (test_queue(tc, fe)->fifo)
			kunit_skip(tc->test, "a SCHED_FIFO thread cannot be held");
		disable_work_sync(&test_queue(tc, fe)->work);
	}
}

static void test_set_links(struct test_card *tc, enum snd_soc_dpcm_deferred mode)
{
	int fe;

	for (fe = 0; fe < NUM_FES; fe++)
		tc->links[fe].deferred_trigger = mode;
}

static void test_set_mode(struct test_card *tc, enum snd_soc_dpcm_deferred mode)
{
	tc->mode = mode;
	test_set_links(tc, mode);
}

static int test_switch(struct test_card *tc, int fe, int be, bool on)
{
	struct snd_kcontrol *kcontrol;
	char name[32];
	int ret;

	snprintf(name, sizeof(name), "BE%d Mixer FE%d Switch", be, fe);
	kcontrol = snd_soc_card_get_kcontrol(&tc->card, name);
	KUNIT_ASSERT_NOT_NULL(tc->test, kcontrol);

	tc->value.value.integer.value[0] = on;
	ret = kcontrol->put(kcontrol, &tc->value);

	return min(ret, 0);
}

static int test_open(struct test_card *tc, int fe)
{
	if (tc->fe[fe])
		return 0;

	return snd_pcm_open_substream(test_rtd(tc, fe)->pcm, PLAYBACK, &tc->file,
				      &tc->fe[fe]);
}

static void test_close(struct test_card *tc, int fe)
{
	if (tc->fe[fe])
		snd_pcm_release_substream(tc->fe[fe]);
	tc->fe[fe] = NULL;
}

static int test_params(struct test_card *tc, int fe)
{
	struct snd_pcm_runtime *runtime;
	int ret;

	ret = test_open(tc, fe);
	if (ret < 0)
		return ret;

	_snd_pcm_hw_params_any(&tc->params);
	ret = snd_pcm_kernel_ioctl(tc->fe[fe], SNDRV_PCM_IOCTL_HW_PARAMS, &tc->params);
	/* START needs no data */
	runtime = tc->fe[fe]->runtime;
	runtime->stop_threshold = runtime->boundary;

	return ret;
}

static int test_prepare(struct test_card *tc, int fe)
{
	int ret = 0;

	if (!tc->fe[fe] || tc->fe[fe]->runtime->state == SNDRV_PCM_STATE_OPEN)
		ret = test_params(tc, fe);

	return ret ?: snd_pcm_kernel_ioctl(tc->fe[fe], SNDRV_PCM_IOCTL_PREPARE, NULL);
}

/*
 * The state that a command leads to, OPEN where the PCM core would not give it.
 * A stream that drains goes on draining after a suspend.
 */
static snd_pcm_state_t state_after(snd_pcm_state_t state, int cmd, bool draining)
{
	bool runs = state == SNDRV_PCM_STATE_RUNNING;
	bool active = runs || state == SNDRV_PCM_STATE_DRAINING;

	if (cmd == START && state == SNDRV_PCM_STATE_PREPARED)
		return SNDRV_PCM_STATE_RUNNING;
	if (cmd == PUSH && runs)
		return SNDRV_PCM_STATE_PAUSED;
	if (cmd == RELEASE && state == SNDRV_PCM_STATE_PAUSED)
		return SNDRV_PCM_STATE_RUNNING;
	if (cmd == SUSPEND && active)
		return SNDRV_PCM_STATE_SUSPENDED;
	if (cmd == RESUME && state == SNDRV_PCM_STATE_SUSPENDED)
		return draining ? SNDRV_PCM_STATE_DRAINING : SNDRV_PCM_STATE_RUNNING;
	if (cmd == DRAIN && active)
		return SNDRV_PCM_STATE_DRAINING;
	if (cmd == STOP && active)
		return SNDRV_PCM_STATE_SETUP;

	return SNDRV_PCM_STATE_OPEN;
}

/* as snd_pcm_action() of a stream that is not linked */
static int test_command(struct test_card *tc, int fe, int cmd)
{
	struct snd_pcm_substream *substream = tc->fe[fe];
	struct snd_pcm_runtime *runtime = substream->runtime;
	snd_pcm_state_t next;
	int ret;

	tc->given = cmd;

	if (cmd == START) {
		tc->in_trigger = current;
		ret = snd_pcm_kernel_ioctl(substream, SNDRV_PCM_IOCTL_START, NULL);
		tc->in_trigger = NULL;
		return ret;
	}

	snd_pcm_stream_lock_irq(substream);
	tc->in_trigger = current;
	next = state_after(runtime->state, cmd,
			   runtime->suspended_state == SNDRV_PCM_STATE_DRAINING);
	if (cmd == STOP) {
		ret = snd_pcm_stop(substream, SNDRV_PCM_STATE_SETUP);
	} else {
		ret = substream->ops->trigger(substream, cmd);
		if (cmd == SUSPEND) {
			runtime->suspended_state = runtime->state;
			runtime->stop_operating = true;
			ret = 0;
		}
		if (!ret)
			__snd_pcm_set_state(runtime, next);
	}
	tc->in_trigger = NULL;
	snd_pcm_stream_unlock_irq(substream);

	return ret;
}

static int test_drop(struct test_card *tc, int fe)
{
	int ret;

	tc->given = STOP;
	tc->in_trigger = current;
	ret = snd_pcm_kernel_ioctl(tc->fe[fe], SNDRV_PCM_IOCTL_DROP, NULL);
	tc->in_trigger = NULL;

	return ret;
}

static int test_suspend(struct test_card *tc)
{
	int ret;

	ret = snd_soc_suspend(tc->dev);
	ret = ret ?: snd_soc_resume(tc->dev);
	flush_work(&tc->card.deferred_resume_work);

	return ret;
}

static int card_test_init(struct kunit *test)
{
	struct test_card *tc;
	int i;

	tc = kunit_kzalloc(test, sizeof(*tc), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, tc);
	tc->test = test;
	tc->dev = kunit_device_register(test, "dpcm-deferred-test");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, tc->dev);

	for (i = 0; i < NUM_DAIS; i++) {
		struct snd_soc_dai_link *link = &tc->links[i];

		tc->cpus[i].dai_name = test_dais[i].name;
		link->name = test_dais[i].name;
		link->stream_name = test_dais[i].name;
		link->cpus = &tc->cpus[i];
		link->num_cpus = 1;
		link->codecs = &snd_soc_dummy_dlc;
		link->num_codecs = 1;
		link->ignore_pmdown_time = 1;
		link->dynamic = i < NUM_FES;
		link->no_pcm = i >= NUM_FES;
	}

	tc->card.name = "dpcm-test";
	tc->card.long_name = "Deferred DPCM triggers";
	tc->card.dev = tc->dev;
	tc->card.owner = THIS_MODULE;
	tc->card.dai_link = tc->links;
	tc->card.num_links = NUM_DAIS;
	snd_soc_card_set_drvdata(&tc->card, tc);

	KUNIT_ASSERT_EQ(test, 0, snd_soc_register_component(tc->dev, &test_component,
							    test_dais, NUM_DAIS));
	if (snd_soc_register_card(&tc->card)) {
		snd_soc_unregister_component(tc->dev);
		KUNIT_FAIL_AND_ABORT(test, "no card");
	}

	test->priv = tc;
	return 0;
}

static void card_test_exit(struct kunit *test)
{
	struct test_card *tc = test->priv;
	int fe;

	if (!tc)
		return;

	for (fe = 0; fe < NUM_FES; fe++)
		test_close(tc, fe);
	snd_soc_unregister_card(&tc->card);
	snd_soc_unregister_component(tc->dev);
}

/* @log in words, of some DAIs only; @reduce: without pauses that were taken back at once */
static const char *test_print(char *text, const struct call_log *log, unsigned int dais,
			      bool reduce)
{
	unsigned int i, num = 0;
	u8 kept[MAX_CALLS];
	int len = 0;

	for (i = 0; i < log->num; i++) {
		if (!(dais & BIT(log->call[i].dai)))
			continue;
		if (reduce && num && is_pause_pair(log->call[kept[num - 1]].cmd, log->call[i].cmd))
			num--;
		else
			kept[num++] = i;
	}

	text[0] = '\0';
	for (i = 0; i < num; i++)
		len += scnprintf(text + len, MAX_TEXT - len, "%s%s:%s", i ? " " : "",
				 test_dais[log->call[kept[i]].dai].name,
				 cmd_names[log->call[kept[i]].cmd]);

	return text;
}

/*
 * Every sequence of commands that the PCM core can give before it synchronizes
 */

struct sequence {
	int cmd[MAX_SEQUENCE];
	unsigned int len;
};

static snd_pcm_state_t sequence_state(const struct sequence *seq)
{
	snd_pcm_state_t state = SNDRV_PCM_STATE_PREPARED;
	bool draining = false;
	unsigned int i;

	for (i = 0; i < seq->len; i++) {
		draining |= seq->cmd[i] == DRAIN;
		state = state_after(state, seq->cmd[i], draining);
	}

	return state;
}

/*
 * Depth first: what makes the sequence longer, else another last command.  One FE
 * of two is not suspended alone: the scripts have that.
 */
static bool sequence_next(struct sequence *seq, bool suspend)
{
	int cmd = 0;

	for (;;) {
		snd_pcm_state_t state = sequence_state(seq);

		for (; seq->len < MAX_SEQUENCE && cmd <= DRAIN; cmd++) {
			if (!cmd_names[cmd] || (cmd == SUSPEND && !suspend) ||
			    state_after(state, cmd, false) == SNDRV_PCM_STATE_OPEN)
				continue;
			seq->cmd[seq->len++] = cmd;
			return true;
		}
		if (!seq->len)
			return false;
		cmd = seq->cmd[--seq->len] + 1;
	}
}

struct setup {
	const char *name;
	enum snd_soc_dpcm_trigger order;
	unsigned int bes;
	bool fails;		/* the second BE, on fail_cmd */
	int fail_cmd;
	bool other;		/* FE1 runs on the BEs, */
	bool paused;		/* and is paused there */
};

static const struct setup alone_setups[] = {
	{ "pre, 1 BE", SND_SOC_DPCM_TRIGGER_PRE, 1 },
	{ "post, 1 BE", SND_SOC_DPCM_TRIGGER_POST, 1 },
	{ "pre, 3 BEs", SND_SOC_DPCM_TRIGGER_PRE, 3 },
	{ "post, 3 BEs", SND_SOC_DPCM_TRIGGER_POST, 3 },
	{ "pre, BE1 of 3 fails to start", SND_SOC_DPCM_TRIGGER_PRE, 3, true, START },
	{ "post, BE1 of 3 fails to start", SND_SOC_DPCM_TRIGGER_POST, 3, true, START },
};

static const struct setup shared_setups[] = {
	{ "post, FE1 runs on the BE", SND_SOC_DPCM_TRIGGER_POST, 1, .other = true },
	{ "pre, FE1 runs on the BEs", SND_SOC_DPCM_TRIGGER_PRE, 3, .other = true },
	{ "post, FE1 is paused on the BE", SND_SOC_DPCM_TRIGGER_POST, 1,
	  .other = true, .paused = true },
};

/* how many sequences there are, see sequence_test_all() */
#define NUM_ALONE	39
#define NUM_SHARED	17

/* a row is but its index, from which setup and sequence follow */
static const u8 alone_rows[ARRAY_SIZE(alone_setups) * NUM_ALONE];
static const u8 shared_rows[ARRAY_SIZE(shared_setups) * NUM_SHARED];

static struct sequence sequence_of(unsigned int n, bool suspend)
{
	struct sequence seq = {};

	do {
		sequence_next(&seq, suspend);
	} while (n--);

	return seq;
}

static void sequence_desc(const struct setup *setup, struct sequence seq, char *desc)
{
	unsigned int i;
	int len;

	len = scnprintf(desc, KUNIT_PARAM_DESC_SIZE, "%s:", setup->name);
	for (i = 0; i < seq.len; i++)
		len += scnprintf(desc + len, KUNIT_PARAM_DESC_SIZE - len, " %s",
				 cmd_names[seq.cmd[i]]);
}

static void alone_desc(const u8 *row, char *desc)
{
	unsigned int i = row - alone_rows;

	sequence_desc(&alone_setups[i / NUM_ALONE], sequence_of(i % NUM_ALONE, true), desc);
}

static void shared_desc(const u8 *row, char *desc)
{
	unsigned int i = row - shared_rows;

	sequence_desc(&shared_setups[i / NUM_SHARED], sequence_of(i % NUM_SHARED, false), desc);
}

KUNIT_ARRAY_PARAM(alone, alone_rows, alone_desc);
KUNIT_ARRAY_PARAM(shared, shared_rows, shared_desc);

/* the rows leave none out */
static void sequence_test_all(struct kunit *test)
{
	struct sequence seq = {};
	int n;

	for (n = 0; sequence_next(&seq, true); n++)
		;
	KUNIT_EXPECT_EQ(test, n, NUM_ALONE);

	for (n = 0; sequence_next(&seq, false); n++)
		;
	KUNIT_EXPECT_EQ(test, n, NUM_SHARED);
}

/*
 * What the BEs may see of a sequence: a pause and a release that wait in the
 * queue together cancel.  @sync has a bit for each command that is followed by
 * a sync point.
 */
static struct sequence sequence_reduce(const struct sequence *seq, unsigned int sync,
				       enum snd_soc_dpcm_deferred mode)
{
	struct sequence out = {};
	unsigned int i, queued = 0;

	for (i = 0; i < seq->len; i++) {
		int cmd = seq->cmd[i];
		int last = queued ? out.cmd[out.len - 1] : -1;

		if (is_pause_pair(last, cmd)) {
			out.len--;
			queued--;
		} else {
			out.cmd[out.len++] = cmd;
			if (queued || mode == SND_SOC_DPCM_DEFERRED_ALL || is_stop(cmd))
				queued++;
		}
		if (sync & BIT(i))
			queued = 0;
	}

	return out;
}

/* with the mutex held, so that nothing is run before the sync point */
static void sequence_run(struct test_card *tc, const struct setup *setup,
			 const struct sequence *seq, unsigned int sync, bool in_line)
{
	struct snd_soc_pcm_runtime *fe = test_rtd(tc, 0);
	struct snd_pcm_runtime *runtime;
	bool locked = false;
	unsigned int i;

	KUNIT_ASSERT_EQ(tc->test, 0, test_prepare(tc, 0));
	tc->log.num = 0;
	tc->fail = setup->fails;
	tc->fail_op = OP_TRIGGER;
	tc->fail_be = 1;
	tc->fail_cmd = setup->fail_cmd;
	runtime = tc->fe[0]->runtime;

	for (i = 0; i < seq->len; i++) {
		/* a BE failed: the PCM core would not give this one any more */
		if (state_after(runtime->state, seq->cmd[i], false) == SNDRV_PCM_STATE_OPEN)
			break;

		if (!locked)
			snd_soc_dpcm_mutex_lock(fe);
		locked = true;

		test_command(tc, 0, seq->cmd[i]);

		if (sync & BIT(i) || i == seq->len - 1) {
			if (in_line)
				dpcm_deferred_drain(fe, PLAYBACK);
			snd_soc_dpcm_mutex_unlock(fe);
			locked = false;
			test_settle(tc);
		}
	}
	if (locked)
		snd_soc_dpcm_mutex_unlock(fe);

	test_drop(tc, 0);
	test_settle(tc);
}

static void sequence_set_up(struct test_card *tc, const struct setup *setup,
			    enum snd_soc_dpcm_deferred mode)
{
	int fe, be;

	for (fe = 0; fe < NUM_FES; fe++)
		test_close(tc, fe);

	test_set_mode(tc, mode);
	for (fe = 0; fe < NUM_FES; fe++) {
		tc->links[fe].trigger[PLAYBACK] = setup->order;
		for (be = 0; be < setup->bes; be++)
			KUNIT_ASSERT_EQ(tc->test, 0, test_switch(tc, fe, be, true));
	}

	if (setup->other) {
		KUNIT_ASSERT_EQ(tc->test, 0, test_prepare(tc, 1));
		KUNIT_ASSERT_EQ(tc->test, 0, test_command(tc, 1, START));
		test_settle(tc);
	}
	if (setup->paused) {
		KUNIT_ASSERT_EQ(tc->test, 0, test_command(tc, 1, PUSH));
		test_settle(tc);
	}
}

/* after each command, or after one of them and at the end */
static unsigned int sequence_sync(const struct sequence *seq, unsigned int i)
{
	return i < seq->len ? BIT(i) : ~0U;
}

static void sequence_compare(struct test_card *tc, const struct call_log *want,
			     unsigned int dais, bool reduce, unsigned int mode, unsigned int sync)
{
	KUNIT_EXPECT_STREQ_MSG(tc->test,
			       test_print(tc->have, &tc->log, dais, reduce),
			       test_print(tc->want, want, dais, reduce),
			       "mode %s, sync point %u", modes[mode].name, sync);
}

static void sequence_test(struct kunit *test, const struct setup *setup,
			  const struct sequence *seq)
{
	struct test_card *tc = test->priv;
	struct call_log (*off)[MAX_SEQUENCE + 1];
	struct sequence reduced = {};
	unsigned int m, i;

	off = kunit_kcalloc(test, ARRAY_SIZE(modes), sizeof(*off), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, off);

	sequence_set_up(tc, setup, SND_SOC_DPCM_DEFERRED_OFF);
	for (m = 1; m < ARRAY_SIZE(modes); m++) {
		for (i = 0; i <= seq->len; i++) {
			struct sequence now = sequence_reduce(seq, sequence_sync(seq, i),
							      modes[m].mode);

			/* most are like the one before */
			if (memcmp(&now, &reduced, sizeof(now)))
				sequence_run(tc, setup, &now, ~0U, false);
			reduced = now;
			off[m][i] = tc->log;
		}
	}

	for (m = 1; m < ARRAY_SIZE(modes); m++) {
		sequence_set_up(tc, setup, modes[m].mode);
		for (i = 0; i <= seq->len; i++) {
			const struct call_log *want = &off[m][i];

			sequence_run(tc, setup, seq, sequence_sync(seq, i), i & 1);

			sequence_compare(tc, want, BES, false, m, i);
			sequence_compare(tc, want, FES, true, m, i);
			/* nothing was late: the PRE/POST order is the same as well */
			if (i == seq->len)
				sequence_compare(tc, want, FES | BES, false, m, i);
		}
	}

	KUNIT_EXPECT_EQ(test, tc->atomic, 0);
	KUNIT_EXPECT_EQ(test, tc->unlocked, 0);
	KUNIT_EXPECT_EQ(test, tc->wrong, 0);
}

static void sequence_test_alone(struct kunit *test)
{
	unsigned int i = (const u8 *)test->param_value - alone_rows;
	struct sequence seq = sequence_of(i % NUM_ALONE, true);

	sequence_test(test, &alone_setups[i / NUM_ALONE], &seq);
}

static void sequence_test_shared(struct kunit *test)
{
	unsigned int i = (const u8 *)test->param_value - shared_rows;
	struct sequence seq = sequence_of(i % NUM_SHARED, false);

	sequence_test(test, &shared_setups[i / NUM_SHARED], &seq);
}

/*
 * Scripts of two FEs on the BEs, one row for each fault that once was
 */

enum step_op {
	DO_END,
	DO_OPEN, DO_PARAMS, DO_PREPARE, DO_DROP, DO_HW_FREE, DO_CLOSE,	/* FE */
	DO_START, DO_PUSH, DO_RELEASE, DO_RESUME,			/* FE */
	DO_UP,								/* FE: prepare and start */
	DO_ON, DO_OFF,							/* FE, BE */
	DO_SUSPEND,
	DO_HOLD,							/* the work items */
	DO_OTHER_MODE,							/* in the links */
	DO_FAIL,							/* BE, op, command */
	DO_MEANWHILE,						/* FE, op of a BE, command */
	DO_NONATOMIC,							/* FE */
	IS_RUNNING, IS_PAUSED, IS_STOPPED, IS_CLOSED,			/* BE */
	IS_LATE,				/* BE: runs if stops are deferred */
	IS_SETUP,							/* FE, in mode all */
	HAS_STOPPED,				/* FE, if stops are deferred */
};

enum step_result {
	OK,
	FAILS,			/* -EIO */
	FAILS_LATE,		/* -EIO, in mode all after it has returned */
	NOT_IN_OFF,		/* refused with -EINVAL there */
};

struct step {
	enum step_op op;
	int a;
	int b;
	int c;
	enum step_result result;
};

struct script_case {
	const char *name;
	struct step step[40];
};

static const struct script_case script_cases[] = {
	{ "two FEs start, pause and stop on the same BEs", {
		{ DO_UP, 0 }, { DO_UP, 1 }, { IS_RUNNING, 0 },
		{ DO_PUSH, 0 }, { IS_RUNNING, 0 }, { DO_PUSH, 1 }, { IS_PAUSED, 0 },
		{ DO_RELEASE, 0 }, { IS_RUNNING, 0 }, { DO_DROP, 0 }, { IS_PAUSED, 0 },
		{ DO_RELEASE, 1 }, { IS_RUNNING, 0 }, { DO_DROP, 1 }, { IS_STOPPED, 0 },
		{ DO_CLOSE, 0 }, { IS_STOPPED, 2 }, { DO_CLOSE, 1 }, { IS_CLOSED, 2 },
	} },
	{ "a prepared FE loses its route to a BE that runs", {
		{ DO_UP, 0 }, { DO_PREPARE, 1 }, { DO_OFF, 1, 0 }, { IS_RUNNING, 0 },
		{ DO_DROP, 0 }, { IS_STOPPED, 0 },
	} },
	{ "a paused FE loses its route to a BE that runs", {
		{ DO_UP, 0 }, { DO_UP, 1 }, { DO_PUSH, 1 }, { DO_OFF, 1, 1 }, { IS_RUNNING, 1 },
		{ DO_DROP, 1 }, { DO_CLOSE, 1 }, { IS_RUNNING, 0 }, { IS_RUNNING, 1 },
		{ DO_DROP, 0 }, { IS_STOPPED, 0 }, { IS_STOPPED, 1 },
	} },
	{ "a paused FE loses two routes", {
		{ DO_PREPARE, 0 }, { DO_UP, 1 }, { DO_PUSH, 1 }, { DO_OFF, 1, 0 }, { DO_OFF, 1, 1 },
		{ DO_START, 0 }, { DO_DROP, 0 }, { IS_STOPPED, 0 }, { IS_STOPPED, 1 },
	} },
	{ "a paused FE is suspended and closed", {
		{ DO_UP, 1 }, { DO_PUSH, 1 }, { DO_SUSPEND }, { DO_CLOSE, 1 },
		{ DO_UP, 0 }, { DO_DROP, 0 }, { IS_STOPPED, 0 }, { IS_STOPPED, 1 },
	} },
	{ "an FE starts while a BE of it is freed", {
		{ DO_PREPARE, 0 }, { DO_MEANWHILE, 0, OP_HW_FREE, START }, { DO_OFF, 0, 0 },
		{ IS_CLOSED, 0 }, { IS_RUNNING, 1 }, { DO_DROP, 0 }, { IS_STOPPED, 1 },
	} },
	{ "an FE stops while a new BE of it is prepared", {
		{ DO_OFF, 0, 0 }, { DO_UP, 0 }, { DO_MEANWHILE, 0, OP_PREPARE, STOP },
		{ DO_ON, 0, 0 }, { IS_STOPPED, 0 }, { IS_STOPPED, 1 },
	} },
	{ "an FE is released while a new BE of it gets its parameters", {
		{ DO_OFF, 0, 0 }, { DO_UP, 0 }, { DO_PUSH, 0 },
		{ DO_MEANWHILE, 0, OP_HW_PARAMS, RELEASE }, { DO_ON, 0, 0 },
		{ IS_RUNNING, 0 }, { IS_RUNNING, 1 },
		{ DO_DROP, 0 }, { IS_STOPPED, 0 }, { IS_STOPPED, 1 },
	} },
	{ "an FE in HW_FREE gets a route to a BE in use and closes", {
		{ DO_OFF, 0, 0 }, { DO_UP, 1 }, { DO_PARAMS, 0 }, { DO_HW_FREE, 0 },
		{ DO_ON, 0, 0 }, { DO_CLOSE, 0 }, { IS_RUNNING, 0 },
		{ DO_DROP, 1 }, { IS_STOPPED, 0 }, { DO_CLOSE, 1 }, { IS_CLOSED, 0 },
	} },
	{ "a new route fails in hw_params", {
		{ DO_OFF, 0, 0 }, { DO_UP, 0 }, { DO_OPEN, 1 },
		{ DO_FAIL, 0, OP_HW_PARAMS }, { DO_ON, 0, 0 }, { DO_CLOSE, 0 },
		{ DO_UP, 1 }, { IS_RUNNING, 0 }, { DO_DROP, 1 }, { IS_STOPPED, 0 },
		{ DO_CLOSE, 1 }, { IS_CLOSED, 0 },
	} },
	{ "a new route fails in prepare", {
		{ DO_OFF, 0, 0 }, { DO_UP, 0 }, { DO_PARAMS, 1 },
		{ DO_FAIL, 0, OP_PREPARE }, { DO_ON, 0, 0 }, { DO_CLOSE, 0 },
		{ DO_UP, 1 }, { IS_RUNNING, 0 }, { DO_DROP, 1 }, { IS_STOPPED, 0 },
		{ DO_CLOSE, 1 }, { IS_CLOSED, 0 },
	} },
	{ "a new route fails in START", {
		{ DO_OFF, 0, 0 }, { DO_UP, 0 }, { DO_PREPARE, 1 },
		{ DO_FAIL, 0, OP_TRIGGER, START }, { DO_ON, 0, 0 }, { DO_CLOSE, 0 },
		{ DO_START, 1 }, { IS_RUNNING, 0 }, { DO_DROP, 1 }, { IS_STOPPED, 0 },
		{ DO_CLOSE, 1 }, { IS_CLOSED, 0 },
	} },
	{ "an open fails on a BE in use", {
		{ DO_OFF, 0, 0 }, { DO_UP, 0 },
		{ DO_FAIL, 0, OP_STARTUP }, { DO_OPEN, 1, .result = FAILS },
		{ DO_ON, 0, 0 }, { DO_DROP, 0 }, { IS_STOPPED, 0 }, { IS_STOPPED, 1 },
		{ DO_CLOSE, 0 }, { IS_CLOSED, 0 }, { IS_CLOSED, 1 },
	} },
	{ "a nonatomic FE joins the BEs of an atomic one", {
		{ DO_NONATOMIC, 1 }, { DO_UP, 0 }, { DO_PREPARE, 1, .result = NOT_IN_OFF },
		{ IS_RUNNING, 0 }, { DO_DROP, 0 }, { IS_STOPPED, 0 },
		{ DO_CLOSE, 1 }, { DO_CLOSE, 0 },
		/* alone it may have the BEs, but not keep them */
		{ DO_UP, 1 }, { IS_RUNNING, 0 }, { DO_CLOSE, 1 }, { DO_UP, 0 }, { IS_RUNNING, 0 },
	} },
	{ "another FE prepares a suspended BE", {
		{ DO_UP, 0 }, { DO_SUSPEND }, { DO_PREPARE, 1 },
		{ DO_RESUME, 0 }, { IS_RUNNING, 0 },
		{ DO_START, 1 }, { DO_DROP, 0 }, { IS_RUNNING, 0 },
		{ DO_DROP, 1 }, { IS_STOPPED, 0 },
	} },
	{ "another FE starts a suspended BE", {
		{ DO_UP, 0 }, { DO_SUSPEND }, { DO_UP, 1 }, { IS_RUNNING, 0 }, { DO_RESUME, 0 },
		{ DO_DROP, 1 }, { IS_RUNNING, 0 }, { DO_DROP, 0 }, { IS_STOPPED, 0 },
	} },
	{ "two FEs resume a BE", {
		{ DO_UP, 0 }, { DO_UP, 1 }, { DO_SUSPEND }, { DO_RESUME, 0 }, { DO_RESUME, 1 },
		{ DO_DROP, 0 }, { IS_RUNNING, 0 }, { DO_DROP, 1 }, { IS_STOPPED, 0 },
	} },
	{ "a paused FE gets a route to another BE", {
		{ DO_OFF, 0, 1 }, { DO_UP, 0 }, { DO_PUSH, 0 }, { DO_ON, 0, 1 }, { IS_STOPPED, 1 },
		{ DO_RELEASE, 0 }, { IS_RUNNING, 1 }, { DO_DROP, 0 }, { IS_STOPPED, 1 },
		{ DO_CLOSE, 0 }, { IS_CLOSED, 1 },
	} },
	{ "a suspended FE gets a route to another BE", {
		{ DO_OFF, 0, 1 }, { DO_UP, 0 }, { DO_SUSPEND }, { DO_ON, 0, 1 }, { IS_STOPPED, 1 },
		{ DO_RESUME, 0 }, { IS_RUNNING, 1 }, { DO_DROP, 0 }, { IS_STOPPED, 1 },
	} },
	{ "BE1 of three fails to start while another FE runs on the rest", {
		{ DO_OFF, 1, 1 }, { DO_UP, 1 }, { DO_PREPARE, 0 },
		{ DO_FAIL, 1, OP_TRIGGER, START }, { DO_START, 0, .result = FAILS_LATE },
		{ IS_RUNNING, 0 }, { IS_RUNNING, 2 }, { IS_SETUP, 0 },
		/* and as if nothing had been */
		{ DO_UP, 0 }, { IS_RUNNING, 1 }, { DO_CLOSE, 0 }, { IS_RUNNING, 0 },
		{ DO_DROP, 1 }, { IS_STOPPED, 0 }, { IS_STOPPED, 2 },
	} },
	{ "BE1 fails to stop, and the DMA does not run on", {
		{ DO_UP, 0 }, { DO_FAIL, 1, OP_TRIGGER, STOP }, { DO_DROP, 0 }, { HAS_STOPPED, 0 },
		{ IS_STOPPED, 0 }, { IS_STOPPED, 2 },
	} },
	{ "BE1 fails to resume", {
		{ DO_UP, 0 }, { DO_SUSPEND }, { DO_FAIL, 1, OP_TRIGGER, RESUME },
		{ DO_RESUME, 0, .result = FAILS_LATE }, { IS_SETUP, 0 },
		{ DO_CLOSE, 0 }, { IS_CLOSED, 0 }, { IS_CLOSED, 1 }, { IS_CLOSED, 2 },
	} },
	{ "the mode is that of the open", {
		{ DO_UP, 0 }, { DO_OTHER_MODE }, { DO_HOLD }, { DO_DROP, 0 }, { IS_LATE, 0 },
	} },
	{ "prepare finds an empty queue", {
		{ DO_UP, 0 }, { DO_HOLD }, { DO_DROP, 0 }, { IS_LATE, 0 },
		{ DO_PREPARE, 0 }, { IS_STOPPED, 0 },
	} },
	{ "hw_params finds an empty queue", {
		{ DO_UP, 0 }, { DO_HOLD }, { DO_DROP, 0 }, { IS_LATE, 0 },
		{ DO_PARAMS, 0 }, { DO_PREPARE, 0 }, { IS_STOPPED, 0 },
	} },
	{ "hw_free finds an empty queue", {
		{ DO_UP, 0 }, { DO_HOLD }, { DO_DROP, 0 }, { IS_LATE, 0 },
		{ DO_HW_FREE, 0 }, { DO_CLOSE, 0 }, { IS_CLOSED, 0 },
	} },
	{ "close finds an empty queue", {
		{ DO_UP, 0 }, { DO_HOLD }, { DO_DROP, 0 }, { IS_LATE, 0 },
		{ DO_CLOSE, 0 }, { IS_CLOSED, 0 },
	} },
	{ "close runs a START that is queued, and its STOP", {
		{ DO_PREPARE, 0 }, { DO_HOLD }, { DO_START, 0 }, { DO_CLOSE, 0 }, { IS_CLOSED, 0 },
	} },
	{ "suspend finds an empty queue", {
		{ DO_UP, 0 }, { DO_HOLD }, { DO_PUSH, 0 }, { IS_LATE, 0 },
		{ DO_SUSPEND }, { IS_PAUSED, 0 },
	} },
	{ "a route goes while a STOP is queued", {
		{ DO_UP, 0 }, { DO_UP, 1 }, { DO_HOLD }, { DO_DROP, 0 }, { DO_OFF, 0, 1 },
		{ IS_RUNNING, 0 }, { IS_RUNNING, 1 }, { DO_DROP, 1 }, { IS_LATE, 1 },
		{ DO_CLOSE, 0 }, { DO_CLOSE, 1 }, { IS_CLOSED, 1 },
	} },
	{ "a route comes while a START is queued", {
		{ DO_OFF, 0, 1 }, { DO_PREPARE, 0 }, { DO_HOLD }, { DO_START, 0 },
		{ DO_ON, 0, 1 }, { IS_RUNNING, 0 }, { IS_RUNNING, 1 },
		{ DO_CLOSE, 0 }, { IS_CLOSED, 0 }, { IS_CLOSED, 1 },
	} },
	{ "BE1 fails to release", {
		{ DO_UP, 0 }, { DO_PUSH, 0 }, { DO_FAIL, 1, OP_TRIGGER, RELEASE },
		{ DO_RELEASE, 0, .result = FAILS_LATE }, { IS_SETUP, 0 },
		{ DO_DROP, 0 }, { IS_STOPPED, 0 }, { IS_STOPPED, 1 }, { IS_STOPPED, 2 },
	} },
};

/* a row is but its index: each script in each mode */
static const u8 script_rows[ARRAY_SIZE(script_cases) * ARRAY_SIZE(modes)];

static void script_desc(const u8 *row, char *desc)
{
	unsigned int i = row - script_rows;

	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%s: %s", modes[i % ARRAY_SIZE(modes)].name,
		 script_cases[i / ARRAY_SIZE(modes)].name);
}

KUNIT_ARRAY_PARAM(script, script_rows, script_desc);

static int script_do(struct test_card *tc, const struct step *s)
{
	switch (s->op) {
	case DO_OPEN:
		return test_open(tc, s->a);
	case DO_PARAMS:
		return test_params(tc, s->a);
	case DO_PREPARE:
		return test_prepare(tc, s->a);
	case DO_DROP:
		return test_drop(tc, s->a);
	case DO_HW_FREE:
		return tc->fe[s->a]->ops->hw_free(tc->fe[s->a]);
	case DO_CLOSE:
		test_close(tc, s->a);
		return 0;
	case DO_START:
		return test_command(tc, s->a, START);
	case DO_UP:
		return test_prepare(tc, s->a) ?: test_command(tc, s->a, START);
	case DO_PUSH:
		return test_command(tc, s->a, PUSH);
	case DO_RELEASE:
		return test_command(tc, s->a, RELEASE);
	case DO_RESUME:
		return test_command(tc, s->a, RESUME);
	case DO_ON:
		return test_switch(tc, s->a, s->b, true);
	case DO_OFF:
		return test_switch(tc, s->a, s->b, false);
	case DO_SUSPEND:
		return test_suspend(tc);
	case DO_HOLD:
		test_hold(tc);
		return 0;
	case DO_OTHER_MODE:
		test_set_links(tc, tc->mode == SND_SOC_DPCM_DEFERRED_OFF ?
			       SND_SOC_DPCM_DEFERRED_ALL : SND_SOC_DPCM_DEFERRED_OFF);
		return 0;
	case DO_FAIL:
		tc->fail = true;
		tc->fail_be = s->a;
		tc->fail_op = s->b;
		tc->fail_cmd = s->c;
		return 0;
	case DO_MEANWHILE:
		tc->meanwhile = true;
		tc->meanwhile_fe = s->a;
		tc->meanwhile_op = s->b;
		tc->meanwhile_cmd = s->c;
		return 0;
	case DO_NONATOMIC:
		test_rtd(tc, s->a)->pcm->nonatomic = true;
		return 0;
	case IS_RUNNING:
		return tc->be[s->a] == BE_RUNNING ? 0 : -ENODATA;
	case IS_PAUSED:
		return tc->be[s->a] == BE_PAUSED ? 0 : -ENODATA;
	case IS_STOPPED:
		return tc->be[s->a] == BE_STOPPED ? 0 : -ENODATA;
	case IS_CLOSED:
		return tc->be[s->a] == BE_CLOSED ? 0 : -ENODATA;
	case IS_LATE:
		return (tc->be[s->a] == BE_RUNNING) ==
		       (tc->mode != SND_SOC_DPCM_DEFERRED_OFF) ? 0 : -ENODATA;
	case HAS_STOPPED:
		return tc->mode == SND_SOC_DPCM_DEFERRED_OFF ||
		       tc->fe_cmd[s->a] == STOP ? 0 : -ENODATA;
	case IS_SETUP:
		return tc->mode != SND_SOC_DPCM_DEFERRED_ALL ||
		       tc->fe[s->a]->runtime->state == SNDRV_PCM_STATE_SETUP ? 0 : -ENODATA;
	default:
		return -EINVAL;
	}
}

static int script_expected(enum step_result result, enum snd_soc_dpcm_deferred mode)
{
	switch (result) {
	case FAILS:
		return -EIO;
	case FAILS_LATE:
		return mode == SND_SOC_DPCM_DEFERRED_ALL ? 0 : -EIO;
	case NOT_IN_OFF:
		return mode == SND_SOC_DPCM_DEFERRED_OFF ? -EINVAL : 0;
	default:
		return 0;
	}
}

static void script_test(struct kunit *test)
{
	unsigned int i = (const u8 *)test->param_value - script_rows;
	const struct script_case *script = &script_cases[i / ARRAY_SIZE(modes)];
	enum snd_soc_dpcm_deferred mode = modes[i % ARRAY_SIZE(modes)].mode;
	struct test_card *tc = test->priv;
	const struct step *s;
	u64 queued = 0;
	int fe, be;

	test_set_mode(tc, mode);
	for (fe = 0; fe < NUM_FES; fe++)
		for (be = 0; be < NUM_BES; be++)
			KUNIT_ASSERT_EQ(test, 0, test_switch(tc, fe, be, true));

	for (s = script->step; s->op != DO_END; s++) {
		if (s->op == DO_SUSPEND && !IS_ENABLED(CONFIG_PM_SLEEP))
			kunit_skip(test, "no suspend without PM_SLEEP");

		KUNIT_ASSERT_EQ_MSG(test, script_do(tc, s), script_expected(s->result, mode),
				    "step %zu", s - script->step);
		test_settle(tc);
	}

	KUNIT_EXPECT_FALSE(test, tc->meanwhile);
	KUNIT_EXPECT_EQ(test, tc->atomic, 0);
	KUNIT_EXPECT_EQ(test, tc->unlocked, 0);
	KUNIT_EXPECT_EQ(test, tc->wrong, 0);
	for (fe = 0; fe < NUM_FES; fe++)
		queued += test_queue(tc, fe)->stats.queued;
	KUNIT_EXPECT_EQ(test, !!queued, mode != SND_SOC_DPCM_DEFERRED_OFF);

	for (fe = 0; fe < NUM_FES; fe++)
		test_close(tc, fe);
	for (be = 0; be < NUM_BES; be++)
		KUNIT_EXPECT_EQ(test, tc->be[be], BE_CLOSED);
}

static struct kunit_case dpcm_deferred_card_cases[] = {
	KUNIT_CASE_PARAM(script_test, script_gen_params),
	KUNIT_CASE(sequence_test_all),
	KUNIT_CASE_PARAM(sequence_test_alone, alone_gen_params),
	KUNIT_CASE_PARAM(sequence_test_shared, shared_gen_params),
	{}
};

static struct kunit_suite dpcm_deferred_card_suite = {
	.name = "dpcm-deferred-card",
	.init = card_test_init,
	.exit = card_test_exit,
	.test_cases = dpcm_deferred_card_cases,
};

kunit_test_suites(&dpcm_deferred_suite, &dpcm_deferred_card_suite);

MODULE_DESCRIPTION("KUnit tests of deferred Dynamic PCM triggers");
MODULE_LICENSE("GPL");
