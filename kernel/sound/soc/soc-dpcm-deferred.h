/* SPDX-License-Identifier: GPL-2.0 */
/*
 * soc-dpcm-deferred.h -- BE triggers outside of the FE's trigger
 *
 * Private to soc-core, soc-pcm and the KUnit suite.
 */

#ifndef __SOC_DPCM_DEFERRED_H
#define __SOC_DPCM_DEFERRED_H

#include <linux/bits.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/workqueue.h>
#include <sound/soc.h>

/* in soc-pcm.c */
int soc_pcm_trigger(struct snd_pcm_substream *substream, int cmd);
void dpcm_fe_set_state(struct snd_soc_pcm_runtime *fe, int stream, int cmd);

static inline bool dpcm_cmd_is_stop(int cmd)
{
	return cmd == SNDRV_PCM_TRIGGER_STOP ||
	       cmd == SNDRV_PCM_TRIGGER_SUSPEND ||
	       cmd == SNDRV_PCM_TRIGGER_PAUSE_PUSH;
}

#ifdef CONFIG_SND_SOC_DPCM_DEFERRED_TRIGGER

/*
 * Between two sync points the PCM core can leave at most five commands in a
 * queue, and one being run.
 */
#define DPCM_QUEUE_SIZE		8

#define DPCM_HALF_FE		BIT(0)
#define DPCM_HALF_BE		BIT(1)
#define DPCM_HALVES		(DPCM_HALF_FE | DPCM_HALF_BE)

/* a command, and the halves of it that are still to be run */
struct dpcm_queue_entry {
	int cmd;
	u32 seq;
	unsigned int halves;
	ktime_t queued;
};

struct dpcm_queue_stats {
	unsigned int max_depth;
	u64 queued;
	u64 run;
	u64 cancelled;
	u64 merged;
	u64 in_line;
	u64 failed;
	u64 max_wait_ns;
};

/**
 * struct dpcm_queue - the commands of one FE stream on their way to the BEs
 * @fe: the FE
 * @stream: its direction
 * @work: runs what is queued
 * @fifo: a thread of the FE that does so instead, or NULL
 * @fifo_work: what is queued to it
 * @mode: what is deferred; latched when the FE is opened
 * @may_raise: whether a nonatomic BE may raise @mode; latched likewise
 * @entry: ring of the commands that are queued
 * @head: the oldest of them
 * @depth: how many there are
 * @running: one more has left the ring and is being run
 * @seq: number of the last command
 * @waiting_since: when the work item began to wait for the mutex, or 0
 * @run_seq: number of the command being run, or 0
 * @run_bes: BEs triggered by it so far
 * @failed_be: the first BE that failed it
 * @raised: it was said that this FE had to be deferred
 * @stats: what debugfs shows
 *
 * @run_seq, @run_bes and @failed_be belong to the holder of the mutex, the rest
 * to the holder of the FE's stream lock; @mode changes under both.
 */
struct dpcm_queue {
	struct snd_soc_pcm_runtime *fe;
	int stream;
	struct work_struct work;
	struct kthread_worker *fifo;
	struct kthread_work fifo_work;
	enum snd_soc_dpcm_deferred mode;
	bool may_raise;

	struct dpcm_queue_entry entry[DPCM_QUEUE_SIZE];
	unsigned int head;
	unsigned int depth;
	bool running;
	u32 seq;

	ktime_t waiting_since;
	u32 run_seq;
	unsigned int run_bes;
	struct snd_soc_pcm_runtime *failed_be;
	bool raised;

	struct dpcm_queue_stats stats;
};

/* the queue itself, apart for the sake of its tests */
enum dpcm_queue_result {
	DPCM_QUEUE_ADDED,	/* at the tail */
	DPCM_QUEUE_CANCELLED,	/* the tail is gone, and its halves of the new one */
	DPCM_QUEUE_MERGED,	/* the tail stands for both */
	DPCM_QUEUE_FULL,	/* and unchanged */
};

enum dpcm_queue_result dpcm_queue_add(struct dpcm_queue *q,
				      struct dpcm_queue_entry *new,
				      struct dpcm_queue_entry *cancelled);
bool dpcm_queue_pop(struct dpcm_queue *q, struct dpcm_queue_entry *entry);

/* NULL if this is no FE, or one without */
static inline struct dpcm_queue *dpcm_queue_of(struct snd_soc_pcm_runtime *fe, int stream)
{
	return fe->dpcm[stream].queue;
}

int dpcm_deferred_new(struct snd_soc_pcm_runtime *fe);
void dpcm_deferred_cancel(struct snd_soc_pcm_runtime *fe);
void dpcm_deferred_latch(struct snd_soc_pcm_runtime *fe, int stream);
bool dpcm_deferred_raise(struct snd_soc_pcm_runtime *fe, int stream);
bool dpcm_deferred_wants(struct snd_soc_pcm_runtime *fe, int stream, int cmd);
int dpcm_deferred_trigger(struct snd_pcm_substream *substream, int cmd);
void dpcm_deferred_drain(struct snd_soc_pcm_runtime *fe, int stream);
void dpcm_deferred_drain_card(struct snd_soc_card *card);
u32 dpcm_deferred_run_be(struct snd_soc_pcm_runtime *fe, int stream);
void dpcm_deferred_be_failed(struct snd_soc_pcm_runtime *fe, int stream,
			     struct snd_soc_pcm_runtime *be);
#ifdef CONFIG_DEBUG_FS
void dpcm_deferred_debugfs_add(struct snd_soc_pcm_runtime *fe);
#endif

#else /* !CONFIG_SND_SOC_DPCM_DEFERRED_TRIGGER */

static inline int dpcm_deferred_new(struct snd_soc_pcm_runtime *fe)
{
	return 0;
}

static inline void dpcm_deferred_cancel(struct snd_soc_pcm_runtime *fe)
{
}

static inline void dpcm_deferred_latch(struct snd_soc_pcm_runtime *fe, int stream)
{
}

static inline bool dpcm_deferred_raise(struct snd_soc_pcm_runtime *fe, int stream)
{
	return false;
}

static inline bool dpcm_deferred_wants(struct snd_soc_pcm_runtime *fe, int stream,
				       int cmd)
{
	return false;
}

static inline int dpcm_deferred_trigger(struct snd_pcm_substream *substream, int cmd)
{
	return -EINVAL;
}

static inline void dpcm_deferred_drain(struct snd_soc_pcm_runtime *fe, int stream)
{
}

static inline void dpcm_deferred_drain_card(struct snd_soc_card *card)
{
}

static inline u32 dpcm_deferred_run_be(struct snd_soc_pcm_runtime *fe, int stream)
{
	return 0;
}

static inline void dpcm_deferred_be_failed(struct snd_soc_pcm_runtime *fe, int stream,
					   struct snd_soc_pcm_runtime *be)
{
}

static inline void dpcm_deferred_debugfs_add(struct snd_soc_pcm_runtime *fe)
{
}

#endif /* CONFIG_SND_SOC_DPCM_DEFERRED_TRIGGER */

#endif /* __SOC_DPCM_DEFERRED_H */
