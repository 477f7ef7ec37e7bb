// SPDX-License-Identifier: GPL-2.0+
//
// soc-dpcm-deferred.c  --  BE triggers outside of the FE's trigger
//
// An FE's trigger runs in atomic context, often from the interrupt that found
// an xrun, while process context rewrites the FE's list of BEs and works on
// those BEs.  On a deferred FE the trigger leaves the BEs alone: under the FE's
// stream lock, which the PCM core holds, it puts the command into a queue.  A
// work item, or a SCHED_FIFO thread in its place (dpcm_deferred_fifo=), takes
// the mutex that guards the lists and drains the queue, that is, it runs the
// commands in order.  Whoever else takes that mutex to work on the FE drains
// first.  So all that a BE sees happens under one mutex, and nobody waits for
// the work item while holding a lock that it needs.
//
// Locks, outermost first: pcm_mutex, the FE's stream lock, a BE's stream lock.
// The FE's stream lock guards the queue; it is not held while BEs are triggered.

#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/workqueue.h>
#include <sound/core.h>
#include <sound/pcm.h>
#include <sound/soc.h>
#include <sound/soc-dpcm.h>
#include <trace/events/asoc_dpcm.h>
#include "soc-dpcm-deferred.h"

static const char * const dpcm_deferred_names[] = {
	[SND_SOC_DPCM_DEFERRED_AUTO]	= "auto",
	[SND_SOC_DPCM_DEFERRED_OFF]	= "off",
	[SND_SOC_DPCM_DEFERRED_STOP]	= "stop",
	[SND_SOC_DPCM_DEFERRED_ALL]	= "all",
};

static enum snd_soc_dpcm_deferred dpcm_deferred_default = SND_SOC_DPCM_DEFERRED_AUTO;

static int dpcm_deferred_param_set(const char *val, const struct kernel_param *kp)
{
	int mode = sysfs_match_string(dpcm_deferred_names, val);

	if (mode < 0) {
		pr_err("ASoC: dpcm_deferred_trigger: use off, auto, stop or all\n");
		return mode;
	}

	WRITE_ONCE(dpcm_deferred_default, mode);
	return 0;
}

static int dpcm_deferred_param_get(char *buf, const struct kernel_param *kp)
{
	return sysfs_emit(buf, "%s\n",
			  dpcm_deferred_names[READ_ONCE(dpcm_deferred_default)]);
}

static const struct kernel_param_ops dpcm_deferred_param_ops = {
	.set = dpcm_deferred_param_set,
	.get = dpcm_deferred_param_get,
};

module_param_cb(dpcm_deferred_trigger, &dpcm_deferred_param_ops, NULL, 0644);
MODULE_PARM_DESC(dpcm_deferred_trigger,
		 "BE triggers that FEs opened from now on defer: off, auto (default), stop, all");

static bool dpcm_deferred_fifo;
module_param(dpcm_deferred_fifo, bool, 0644);
MODULE_PARM_DESC(dpcm_deferred_fifo,
		 "Give FEs that are bound from now on a SCHED_FIFO thread for deferred BE triggers (default: N, a workqueue)");

/*
 * The queue
 */

static struct dpcm_queue_entry *dpcm_queue_tail(struct dpcm_queue *q)
{
	if (!q->depth)
		return NULL;

	return &q->entry[(q->head + q->depth - 1) % DPCM_QUEUE_SIZE];
}

static bool dpcm_cmds_are_pause_pair(int a, int b)
{
	return (a == SNDRV_PCM_TRIGGER_PAUSE_PUSH && b == SNDRV_PCM_TRIGGER_PAUSE_RELEASE) ||
	       (a == SNDRV_PCM_TRIGGER_PAUSE_RELEASE && b == SNDRV_PCM_TRIGGER_PAUSE_PUSH);
}

/**
 * dpcm_queue_add - append a command to the queue of an FE stream
 * @q: the queue
 * @new: the command; loses the halves that are cancelled
 * @cancelled: the command at the tail that @new did away with
 *
 * A pause and a release that meet before either was run cancel, so that a loop
 * of them does not grow the queue. One of them may have run its FE half
 * already: then the FE half of the other is left in @new->halves, and @new was
 * not appended.
 *
 * Context: Any, under the FE's stream lock.
 * Return: What became of @new. On DPCM_QUEUE_FULL the queue is unchanged.
 */
enum dpcm_queue_result dpcm_queue_add(struct dpcm_queue *q,
				      struct dpcm_queue_entry *new,
				      struct dpcm_queue_entry *cancelled)
{
	struct dpcm_queue_entry *tail = dpcm_queue_tail(q);

	if (tail && dpcm_cmds_are_pause_pair(tail->cmd, new->cmd) &&
	    !(tail->halves & ~new->halves)) {
		*cancelled = *tail;
		new->halves &= ~tail->halves;
		WRITE_ONCE(q->depth, q->depth - 1);
		q->stats.cancelled++;
		return DPCM_QUEUE_CANCELLED;
	}

	if (tail && new->cmd == SNDRV_PCM_TRIGGER_DRAIN &&
	    tail->cmd == new->cmd && tail->halves == new->halves) {
		q->stats.merged++;
		return DPCM_QUEUE_MERGED;
	}

	if (q->depth == DPCM_QUEUE_SIZE)
		return DPCM_QUEUE_FULL;

	q->entry[(q->head + q->depth) % DPCM_QUEUE_SIZE] = *new;
	WRITE_ONCE(q->depth, q->depth + 1);
	q->stats.queued++;
	q->stats.max_depth = max(q->stats.max_depth, q->depth);

	return DPCM_QUEUE_ADDED;
}

/**
 * dpcm_queue_pop - take the oldest command out of the queue
 * @q: the queue
 * @entry: the command
 *
 * Context: Any, under the FE's stream lock.
 * Return: false if there was none.
 */
bool dpcm_queue_pop(struct dpcm_queue *q, struct dpcm_queue_entry *entry)
{
	if (!q->depth)
		return false;

	*entry = q->entry[q->head];
	q->head = (q->head + 1) % DPCM_QUEUE_SIZE;
	WRITE_ONCE(q->depth, q->depth - 1);

	return true;
}

/*
 * From the FE's trigger into the queue
 */

/* PRE: the FE starts first and stops last; POST: the other way round */
static bool dpcm_fe_goes_first(struct dpcm_queue *q, int cmd)
{
	bool pre = q->fe->dai_link->trigger[q->stream] == SND_SOC_DPCM_TRIGGER_PRE;

	return pre != dpcm_cmd_is_stop(cmd);
}

/*
 * The FE half of a command may run ahead of its BE half, but not ahead of
 * another command, and not in the middle of an operation on the FE.
 */
static bool dpcm_fe_half_may_run(struct dpcm_queue *q)
{
	return !q->depth && !q->running &&
	       q->fe->dpcm[q->stream].runtime_update != SND_SOC_DPCM_UPDATE_FE;
}

static void dpcm_queue_trace_cancel(struct dpcm_queue *q,
				    const struct dpcm_queue_entry *e)
{
	trace_dpcm_trigger_cancel(q->fe, q->stream, e->cmd, e->seq);
}

/* forget what is queued */
static void dpcm_queue_drop(struct dpcm_queue *q)
{
	struct dpcm_queue_entry e;

	while (dpcm_queue_pop(q, &e)) {
		dpcm_queue_trace_cancel(q, &e);
		q->stats.cancelled++;
	}
}

/**
 * dpcm_deferred_wants - does this trigger go through the queue?
 * @fe: the FE
 * @stream: its direction
 * @cmd: the command
 *
 * Context: Any, under the FE's stream lock.
 * Return: true if dpcm_deferred_trigger() is to be called.
 */
bool dpcm_deferred_wants(struct snd_soc_pcm_runtime *fe, int stream, int cmd)
{
	struct dpcm_queue *q = dpcm_queue_of(fe, stream);

	if (!q)
		return false;

	switch (q->mode) {
	case SND_SOC_DPCM_DEFERRED_ALL:
		return true;
	case SND_SOC_DPCM_DEFERRED_STOP:
		return dpcm_cmd_is_stop(cmd) || q->depth || q->running ||
		       fe->dpcm[stream].runtime_update != SND_SOC_DPCM_UPDATE_NO;
	default:
		return false;
	}
}

/* append both halves of a command, or what is left of them */
static int dpcm_queue_cmd(struct dpcm_queue *q, struct snd_pcm_substream *substream,
			  int cmd, unsigned int halves)
{
	struct dpcm_queue_entry gone, new = {
		.cmd = cmd,
		.halves = halves,
		.queued = ktime_get(),
	};
	int ret = 0;

	if (!++q->seq)	/* 0 stands for a synchronous trigger */
		q->seq = 1;
	new.seq = q->seq;

again:
	switch (dpcm_queue_add(q, &new, &gone)) {
	case DPCM_QUEUE_ADDED:
		trace_dpcm_trigger_queue(q->fe, q->stream, cmd, new.seq, q->depth);
		break;
	case DPCM_QUEUE_MERGED:
		break;
	case DPCM_QUEUE_CANCELLED:
		dpcm_queue_trace_cancel(q, &gone);
		if ((new.halves & DPCM_HALF_BE) ||
		    (new.halves && !dpcm_fe_half_may_run(q)))
			goto again;

		trace_dpcm_trigger_queue(q->fe, q->stream, cmd, new.seq, q->depth);
		dpcm_queue_trace_cancel(q, &new);
		if (new.halves)
			ret = soc_pcm_trigger(substream, cmd);
		break;
	case DPCM_QUEUE_FULL:
		WARN_ONCE(1, "ASoC: %s: queue of triggers overran\n",
			  q->fe->dai_link->name);
		/* after a STOP nothing else matters; anything else is refused */
		if (cmd != SNDRV_PCM_TRIGGER_STOP)
			return -EBUSY;
		dpcm_queue_drop(q);
		goto again;
	}

	if (q->depth && q->fifo)
		kthread_queue_work(q->fifo, &q->fifo_work);
	else if (q->depth)
		queue_work(system_highpri_wq, &q->work);

	return ret;
}

/**
 * dpcm_deferred_trigger - trigger an FE now and its BEs later
 * @substream: the FE's substream
 * @cmd: the command
 *
 * Never touches a BE or the list of them. The FE half runs at once where the
 * link's PRE/POST order puts it first and nothing is ahead of it.
 *
 * Context: Any, under the FE's stream lock.
 * Return: 0, a negative error of the FE half, or -EBUSY if the queue overran.
 * An error of a BE stops the stream later.
 */
int dpcm_deferred_trigger(struct snd_pcm_substream *substream, int cmd)
{
	struct snd_soc_pcm_runtime *fe = snd_soc_substream_to_rtd(substream);
	struct dpcm_queue *q = dpcm_queue_of(fe, substream->stream);
	unsigned int halves = DPCM_HALVES;
	int ret = 0, err;

	switch (cmd) {
	case SNDRV_PCM_TRIGGER_START:
	case SNDRV_PCM_TRIGGER_RESUME:
	case SNDRV_PCM_TRIGGER_PAUSE_RELEASE:
	case SNDRV_PCM_TRIGGER_DRAIN:
	case SNDRV_PCM_TRIGGER_STOP:
	case SNDRV_PCM_TRIGGER_SUSPEND:
	case SNDRV_PCM_TRIGGER_PAUSE_PUSH:
		break;
	default:
		return -EINVAL;
	}

	if (dpcm_fe_goes_first(q, cmd) && dpcm_fe_half_may_run(q)) {
		ret = soc_pcm_trigger(substream, cmd);
		/* an FE that does not stop must not keep its BEs running */
		if (ret < 0 && !dpcm_cmd_is_stop(cmd))
			return ret;
		halves &= ~DPCM_HALF_FE;
	}

	err = dpcm_queue_cmd(q, substream, cmd, halves);

	return ret < 0 ? ret : err;
}

/*
 * From the queue to the BEs
 */

/**
 * dpcm_deferred_run_be - note that a BE is about to be triggered
 * @fe: the FE
 * @stream: its direction
 *
 * Context: Any. Where a queue is being drained, under pcm_mutex.
 * Return: The number of the queued command being run, 0 if there is none.
 */
u32 dpcm_deferred_run_be(struct snd_soc_pcm_runtime *fe, int stream)
{
	struct dpcm_queue *q = dpcm_queue_of(fe, stream);

	if (!q || !q->run_seq)
		return 0;

	q->run_bes++;

	return q->run_seq;
}

/**
 * dpcm_deferred_be_failed - note which BE failed, for the message about it
 * @fe: the FE
 * @stream: its direction
 * @be: the BE
 *
 * Context: Any. Where a queue is being drained, under pcm_mutex.
 */
void dpcm_deferred_be_failed(struct snd_soc_pcm_runtime *fe, int stream,
			     struct snd_soc_pcm_runtime *be)
{
	struct dpcm_queue *q = dpcm_queue_of(fe, stream);

	if (q && q->run_seq && !q->failed_be)
		q->failed_be = be;
}

/*
 * A start that the application was told had succeeded has failed.  What came
 * after it makes no sense any more: leave nothing but a STOP, which takes back
 * the BEs that did start.
 */
static void dpcm_deferred_start_failed(struct dpcm_queue *q,
				       struct snd_pcm_substream *substream)
{
	struct snd_pcm_runtime *runtime = substream->runtime;

	if (snd_pcm_running(substream) ||
	    runtime->state == SNDRV_PCM_STATE_PAUSED ||
	    runtime->state == SNDRV_PCM_STATE_SUSPENDED) {
		snd_pcm_stop(substream, SNDRV_PCM_STATE_SETUP);
		/* it sends no trigger to what is paused, so nobody would sync either */
		runtime->stop_operating = true;
	}

	/*
	 * Not before: a linked stream may give up its lock in snd_pcm_stop() for
	 * that of the group, and be sent another command, or be paused.
	 */
	dpcm_queue_drop(q);
	dpcm_queue_cmd(q, substream, SNDRV_PCM_TRIGGER_STOP, DPCM_HALVES);
}

/* run what a command still owes; the FE's stream lock is dropped for the BEs */
static int dpcm_deferred_run(struct dpcm_queue *q, struct snd_pcm_substream *substream,
			     struct dpcm_queue_entry *e)
{
	bool fe_first = dpcm_fe_goes_first(q, e->cmd);
	bool stop = dpcm_cmd_is_stop(e->cmd);
	int ret = 0, err;

	if (fe_first && (e->halves & DPCM_HALF_FE)) {
		e->halves &= ~DPCM_HALF_FE;
		ret = soc_pcm_trigger(substream, e->cmd);
	}

	/* what does not stop must not keep the rest running */
	if ((e->halves & DPCM_HALF_BE) && (ret >= 0 || stop)) {
		snd_pcm_stream_unlock_irq(substream);
		err = dpcm_be_dai_trigger(q->fe, q->stream, e->cmd);
		snd_pcm_stream_lock_irq(substream);
		if (ret >= 0)
			ret = err;
	}

	if ((e->halves & DPCM_HALF_FE) && (ret >= 0 || stop)) {
		err = soc_pcm_trigger(substream, e->cmd);
		if (ret >= 0)
			ret = err;
	}

	return ret;
}

/* @from, @to: when the caller began to wait for the mutex, and got it */
static void __dpcm_deferred_drain(struct dpcm_queue *q, bool in_line,
				  ktime_t from, ktime_t to)
{
	struct snd_soc_pcm_runtime *fe = q->fe;
	int stream = q->stream;
	struct snd_pcm_substream *substream;
	struct dpcm_queue_entry e;
	u32 last;

	snd_soc_dpcm_mutex_assert_held(fe);

	if (!READ_ONCE(q->depth))
		return;

	substream = snd_soc_dpcm_get_substream(fe, stream);

	snd_pcm_stream_lock_irq(substream);
	/*
	 * Leave what is queued from here on to the work item: an application
	 * that toggles pause must not keep us from giving the mutex back.
	 */
	last = q->seq;
	while (q->depth && (s32)(q->entry[q->head].seq - last) <= 0) {
		ktime_t now = ktime_get();
		ktime_t lock_from = from;
		u64 wait_ns, lock_ns = 0;
		int ret;

		dpcm_queue_pop(q, &e);
		wait_ns = ktime_to_ns(ktime_sub(now, e.queued));
		if (ktime_before(lock_from, e.queued))
			lock_from = e.queued;
		if (from && ktime_after(to, lock_from))
			lock_ns = ktime_to_ns(ktime_sub(to, lock_from));

		trace_dpcm_trigger_run(fe, stream, e.cmd, e.seq, in_line, wait_ns, lock_ns);

		q->running = true;
		q->run_seq = e.seq;
		q->run_bes = 0;
		q->failed_be = NULL;
		fe->dpcm[stream].runtime_update = SND_SOC_DPCM_UPDATE_FE;

		ret = dpcm_deferred_run(q, substream, &e);

		/* a stop that failed is one for the PCM core all the same */
		if (ret >= 0 || dpcm_cmd_is_stop(e.cmd))
			dpcm_fe_set_state(fe, stream, e.cmd);

		if (ret < 0) {
			dev_err_ratelimited(fe->dev,
					    "ASoC: %s: deferred trigger cmd %d failed at %s: %d\n",
					    fe->dai_link->name, e.cmd,
					    q->failed_be ? q->failed_be->dai_link->name : "the FE",
					    ret);
			q->stats.failed++;
			if (!dpcm_cmd_is_stop(e.cmd)) {
				dpcm_deferred_start_failed(q, substream);
				last = q->seq;	/* the STOP of it */
			}
		}

		fe->dpcm[stream].runtime_update = SND_SOC_DPCM_UPDATE_NO;
		q->run_seq = 0;
		q->running = false;

		q->stats.run++;
		q->stats.in_line += in_line;
		q->stats.max_wait_ns = max(q->stats.max_wait_ns, wait_ns);
		trace_dpcm_trigger_done(fe, stream, e.cmd, e.seq, q->run_bes, ret,
					ktime_to_ns(ktime_sub(ktime_get(), e.queued)));
	}
	snd_pcm_stream_unlock_irq(substream);
}

/**
 * dpcm_deferred_drain - run the queued triggers of an FE stream
 * @fe: the FE
 * @stream: its direction
 *
 * To be called by who holds the mutex, before and after working on the FE and
 * its BEs, but not in the middle of that. Runs what was queued when it began,
 * and the STOP of a start that fails; what comes later is for the work item.
 *
 * Context: Process, under pcm_mutex; takes the FE's stream lock.
 */
void dpcm_deferred_drain(struct snd_soc_pcm_runtime *fe, int stream)
{
	struct dpcm_queue *q = dpcm_queue_of(fe, stream);

	if (q)
		__dpcm_deferred_drain(q, true, READ_ONCE(q->waiting_since), ktime_get());
}

/**
 * dpcm_deferred_drain_card - run the queued triggers of all FEs of a card
 * @card: the card
 *
 * Context: Process; takes pcm_mutex and the FEs' stream locks.
 */
void dpcm_deferred_drain_card(struct snd_soc_card *card)
{
	struct snd_soc_pcm_runtime *rtd;
	int stream;

	snd_soc_dpcm_mutex_lock(card);
	for_each_card_rtds(card, rtd)
		for_each_pcm_streams(stream)
			dpcm_deferred_drain(rtd, stream);
	snd_soc_dpcm_mutex_unlock(card);
}

static void dpcm_deferred_run_work(struct dpcm_queue *q)
{
	ktime_t from = ktime_get();

	WRITE_ONCE(q->waiting_since, from);
	snd_soc_dpcm_mutex_lock(q->fe);
	WRITE_ONCE(q->waiting_since, 0);
	__dpcm_deferred_drain(q, false, from, ktime_get());
	snd_soc_dpcm_mutex_unlock(q->fe);
}

static void dpcm_deferred_work(struct work_struct *work)
{
	dpcm_deferred_run_work(container_of(work, struct dpcm_queue, work));
}

static void dpcm_deferred_fifo_work(struct kthread_work *work)
{
	dpcm_deferred_run_work(container_of(work, struct dpcm_queue, fifo_work));
}

/*
 * An FE's sync_stop.  Drains first and synchronizes then, for with PRE the FE's
 * own DMA runs until the queued STOP has.  Having this callback keeps the PCM
 * core from synchronizing with the card's interrupt, so that is done here.
 */
static int dpcm_deferred_sync_stop(struct snd_pcm_substream *substream)
{
	struct snd_soc_pcm_runtime *fe = snd_soc_substream_to_rtd(substream);
	struct dpcm_queue *q = dpcm_queue_of(fe, substream->stream);
	struct snd_soc_component *component;
	int i;

	if (q->mode != SND_SOC_DPCM_DEFERRED_OFF) {
		snd_soc_dpcm_mutex_lock(fe);
		dpcm_deferred_drain(fe, substream->stream);
		snd_soc_dpcm_mutex_unlock(fe);
	}

	for_each_rtd_components(fe, i, component)
		if (component->driver->sync_stop)
			return snd_soc_pcm_component_sync_stop(substream);

	if (substream->pcm->card->sync_irq > 0)
		synchronize_irq(substream->pcm->card->sync_irq);

	return 0;
}

/*
 * The mode of an FE
 */

static enum snd_soc_dpcm_deferred dpcm_deferred_mode(enum snd_soc_dpcm_deferred all,
						     enum snd_soc_dpcm_deferred link)
{
	if (link == SND_SOC_DPCM_DEFERRED_AUTO)
		link = SND_SOC_DPCM_DEFERRED_OFF;

	switch (all) {
	case SND_SOC_DPCM_DEFERRED_OFF:
		return SND_SOC_DPCM_DEFERRED_OFF;
	case SND_SOC_DPCM_DEFERRED_AUTO:
		return link;
	default:
		return max(all, link);
	}
}

/**
 * dpcm_deferred_latch - decide what an FE defers until it is closed
 * @fe: the FE, about to be opened
 * @stream: its direction
 *
 * Context: Process, under pcm_mutex; takes the FE's stream lock.
 */
void dpcm_deferred_latch(struct snd_soc_pcm_runtime *fe, int stream)
{
	struct snd_pcm_substream *substream = snd_soc_dpcm_get_substream(fe, stream);
	enum snd_soc_dpcm_deferred all = READ_ONCE(dpcm_deferred_default);
	enum snd_soc_dpcm_deferred link = fe->dai_link->deferred_trigger;
	struct dpcm_queue *q = dpcm_queue_of(fe, stream);

	snd_soc_dpcm_mutex_assert_held(fe);

	if (!q)
		return;

	snd_pcm_stream_lock_irq(substream);
	q->mode = dpcm_deferred_mode(all, link);
	q->may_raise = all != SND_SOC_DPCM_DEFERRED_OFF &&
		       link != SND_SOC_DPCM_DEFERRED_OFF;
	snd_pcm_stream_unlock_irq(substream);
}

/**
 * dpcm_deferred_raise - defer all BE triggers of an FE from now on
 * @fe: the FE, atomic and with a BE that is or becomes nonatomic
 * @stream: its direction
 *
 * A trigger that was kept pending by an update of the FE moves to the queue.
 *
 * Context: Process, under pcm_mutex; takes the FE's stream lock.
 * Return: false if the FE may not be deferred.
 */
bool dpcm_deferred_raise(struct snd_soc_pcm_runtime *fe, int stream)
{
	struct snd_soc_dpcm_runtime *dpcm = &fe->dpcm[stream];
	struct snd_pcm_substream *substream;
	struct dpcm_queue *q = dpcm_queue_of(fe, stream);

	snd_soc_dpcm_mutex_assert_held(fe);

	if (!q || !(q->may_raise || q->mode == SND_SOC_DPCM_DEFERRED_ALL))
		return false;

	if (q->mode == SND_SOC_DPCM_DEFERRED_ALL)
		return true;

	substream = snd_soc_dpcm_get_substream(fe, stream);

	snd_pcm_stream_lock_irq(substream);
	q->mode = SND_SOC_DPCM_DEFERRED_ALL;
	if (dpcm->trigger_pending) {
		dpcm_queue_cmd(q, substream, dpcm->trigger_pending - 1, DPCM_HALVES);
		dpcm->trigger_pending = 0;
	}
	snd_pcm_stream_unlock_irq(substream);

	if (!q->raised)
		dev_info(fe->dev, "ASoC: %s is atomic and has a nonatomic BE: its BE triggers are deferred\n",
			 fe->dai_link->name);
	q->raised = true;

	return true;
}

/*
 * Life of a queue
 */

/* one thread for both directions: they would wait for the same mutex */
static int dpcm_deferred_new_fifo(struct snd_soc_pcm_runtime *fe)
{
	struct kthread_worker *fifo;
	int stream;

	fifo = kthread_create_worker(0, "dpcm-%s", fe->dai_link->name);
	if (IS_ERR(fifo))
		return PTR_ERR(fifo);

	sched_set_fifo(fifo->task);
	/* since 6.14 it is created asleep */
	wake_up_process(fifo->task);

	for_each_pcm_streams(stream)
		dpcm_queue_of(fe, stream)->fifo = fifo;

	return 0;
}

/**
 * dpcm_deferred_new - give an FE its queues
 * @fe: the FE, with the rest of its ops, before its PCM can be opened
 *
 * Context: Process.
 * Return: 0, -ENOMEM, or the error of creating a thread.
 */
int dpcm_deferred_new(struct snd_soc_pcm_runtime *fe)
{
	int stream;

	for_each_pcm_streams(stream) {
		struct dpcm_queue *q = devm_kzalloc(fe->dev, sizeof(*q), GFP_KERNEL);

		if (!q)
			return -ENOMEM;

		q->fe = fe;
		q->stream = stream;
		q->mode = SND_SOC_DPCM_DEFERRED_OFF;
		INIT_WORK(&q->work, dpcm_deferred_work);
		kthread_init_work(&q->fifo_work, dpcm_deferred_fifo_work);
		fe->dpcm[stream].queue = q;
	}

	fe->ops.sync_stop = dpcm_deferred_sync_stop;

	return READ_ONCE(dpcm_deferred_fifo) ? dpcm_deferred_new_fifo(fe) : 0;
}

/**
 * dpcm_deferred_cancel - make sure that the work item of an FE does not run
 * @fe: the FE, or any other runtime; nobody can trigger it any more
 *
 * Context: Process, not under pcm_mutex.
 */
void dpcm_deferred_cancel(struct snd_soc_pcm_runtime *fe)
{
	struct kthread_worker *fifo = NULL;
	int stream;

	for_each_pcm_streams(stream) {
		struct dpcm_queue *q = dpcm_queue_of(fe, stream);

		if (!q)
			continue;

		cancel_work_sync(&q->work);
		if (q->fifo) {
			kthread_cancel_work_sync(&q->fifo_work);
			fifo = q->fifo;
			q->fifo = NULL;
		}
	}

	if (fifo)
		kthread_destroy_worker(fifo);
}

#ifdef CONFIG_DEBUG_FS
static int dpcm_deferred_show(struct seq_file *m, void *unused)
{
	struct snd_soc_pcm_runtime *fe = m->private;
	int stream;

	for_each_pcm_streams(stream) {
		struct snd_pcm_substream *substream = snd_soc_dpcm_get_substream(fe, stream);
		struct dpcm_queue *q = dpcm_queue_of(fe, stream);
		enum snd_soc_dpcm_deferred mode;
		struct dpcm_queue_stats stats;
		unsigned int depth;

		/* neither is there before the PCM is */
		if (!substream || !q)
			continue;

		snd_pcm_stream_lock_irq(substream);
		mode = q->mode;
		stats = q->stats;
		/* one that is being run counts: 0 means that the BEs are up to date */
		depth = q->depth + q->running;
		snd_pcm_stream_unlock_irq(substream);

		seq_printf(m, "%s:\n", stream ? "capture" : "playback");
		seq_printf(m, "  mode: %s\n", dpcm_deferred_names[mode]);
		seq_printf(m, "  depth: %u\n", depth);
		seq_printf(m, "  max_depth: %u\n", stats.max_depth);
		seq_printf(m, "  queued: %llu\n", stats.queued);
		seq_printf(m, "  run: %llu\n", stats.run);
		seq_printf(m, "  cancelled: %llu\n", stats.cancelled);
		seq_printf(m, "  merged: %llu\n", stats.merged);
		seq_printf(m, "  inline: %llu\n", stats.in_line);
		seq_printf(m, "  failed: %llu\n", stats.failed);
		seq_printf(m, "  max_wait_ns: %llu\n", stats.max_wait_ns);
	}

	return 0;
}
DEFINE_SHOW_ATTRIBUTE(dpcm_deferred);

/**
 * dpcm_deferred_debugfs_add - show the queues of an FE
 * @fe: the FE, with its debugfs directory; it has its queues later
 *
 * Context: Process.
 */
void dpcm_deferred_debugfs_add(struct snd_soc_pcm_runtime *fe)
{
	debugfs_create_file("deferred_trigger", 0444, fe->debugfs_dpcm_root,
			    fe, &dpcm_deferred_fops);
}
#endif
