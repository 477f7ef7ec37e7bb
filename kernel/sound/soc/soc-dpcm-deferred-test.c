// SPDX-License-Identifier: GPL-2.0+
//
// soc-dpcm-deferred-test.c  --  KUnit tests of the queue of deferred triggers

#include <kunit/test.h>
#include <sound/pcm.h>
#include <sound/soc.h>
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

kunit_test_suite(dpcm_deferred_suite);

MODULE_DESCRIPTION("KUnit tests of deferred Dynamic PCM triggers");
MODULE_LICENSE("GPL");
