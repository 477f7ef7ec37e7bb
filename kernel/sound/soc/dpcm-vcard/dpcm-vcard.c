// SPDX-License-Identifier: GPL-2.0
/*
 * Virtual ASoC card for tests of Dynamic PCM
 *
 * Front ends (FE) and back ends (BE) without hardware, joined by mixer
 * switches. An FE's DMA is an hrtimer that fires in hard interrupt, so an xrun
 * is found where real hardware finds it. A BE does nothing but check that it
 * is called as a BE driver may expect: in order, one callback at a time, and
 * with a runtime that stays valid. Delays and errors can be aimed at one BE's
 * operation. One more FE may be compressed: its hrtimer is a DSP that plays.
 *
 * Counters, violations and a person's view of the streams are in debugfs,
 * events in the trace system dpcm_vcard.
 */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/completion.h>
#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/workqueue.h>
#include <sound/compress_driver.h>
#include <sound/pcm.h>
#include <sound/pcm_params.h>
#include <sound/soc.h>
#include <sound/soc-dapm.h>
#include <sound/soc-dpcm.h>

#include "dpcm-vcard-compat.h"

#define CREATE_TRACE_POINTS
#include "dpcm-vcard-trace.h"

#define DRV_NAME		"snd-soc-dpcm-vcard"
#define CARD_NAME		"vcard"
#define DEBUGFS_NAME		"dpcm-vcard"

#define MAX_FES			8
#define MAX_BES			32
#define MAX_DELAY_US		1000000
#define MAX_FLOOR		1000000
/* from one to the next, so that the worker sleeps in between, and not in step */
#define FLOOR_MS		5
#define FLOOR_VARY_MS		16

#define MIN_PERIOD_US		250
#define MIN_PERIOD_BYTES	44	/* 11 frames: 250 us at 44.1 kHz */
#define MAX_BUFFER_BYTES	SZ_128K

/* A mismatch counts when it lasts while nothing else happens. */
#define SETTLE_MS		20
#define SETTLE_STABLE		25
#define SETTLE_TRIES		150

/*
 * In hard interrupt, as the interrupt of real hardware. Neither _HARD nor _SOFT:
 * with PREEMPT_RT the stream lock sleeps, and the timer moves to where a driver's
 * handler would be, a thread; lockdep knows that.
 */
#define VCARD_ABS	HRTIMER_MODE_ABS
#define VCARD_REL	HRTIMER_MODE_REL

/*
 * Module parameters
 */

enum vcard_op {
	OP_TRIGGER,
	OP_PREPARE,
	OP_HW_PARAMS,
	OP_STARTUP,
	OP_OPEN,		/* of the compressed FE */
	OP_HW_FREE,
	OP_SHUTDOWN,
	OP_COPY,		/* these two as well */
	OP_SET_PARAMS,
};

static const char * const vcard_op_names[] = {
	[OP_TRIGGER]	= "trigger",
	[OP_PREPARE]	= "prepare",
	[OP_HW_PARAMS]	= "hw_params",
	[OP_STARTUP]	= "startup",
	[OP_OPEN]	= "open",
	[OP_HW_FREE]	= "hw_free",
	[OP_SHUTDOWN]	= "shutdown",
	[OP_COPY]	= "copy",
	[OP_SET_PARAMS]	= "set_params",
};

/* by name, for the numbers are not those of every kernel */
static const char * const vcard_cmd_names[] = {
	"any",
	[1 + SNDRV_PCM_TRIGGER_STOP]		= "STOP",
	[1 + SNDRV_PCM_TRIGGER_START]		= "START",
	[1 + SNDRV_PCM_TRIGGER_PAUSE_PUSH]	= "PAUSE_PUSH",
	[1 + SNDRV_PCM_TRIGGER_PAUSE_RELEASE]	= "PAUSE_RELEASE",
	[1 + SNDRV_PCM_TRIGGER_SUSPEND]		= "SUSPEND",
	[1 + SNDRV_PCM_TRIGGER_RESUME]		= "RESUME",
	[1 + SNDRV_PCM_TRIGGER_DRAIN]		= "DRAIN",
};

/* who runs the empty work item of the floor */
enum vcard_floor_worker {
	FLOOR_HIGHPRI,		/* as the deferred triggers */
	FLOOR_UNBOUND,
	FLOOR_ORDERED,
	FLOOR_FIFO,
};

static const char * const vcard_floor_names[] = {
	[FLOOR_HIGHPRI]	= "highpri",
	[FLOOR_UNBOUND]	= "unbound",
	[FLOOR_ORDERED]	= "ordered",
	[FLOOR_FIFO]	= "fifo",
};

static const char * const vcard_order_names[] = {
	[SND_SOC_DPCM_TRIGGER_PRE]	= "pre",
	[SND_SOC_DPCM_TRIGGER_POST]	= "post",
};

/* a parameter that is one of a list of names */
struct vcard_choice {
	const char * const *names;
	int num;
	int value;
};

static int vcard_set_choice(const char *val, const struct kernel_param *kp)
{
	struct vcard_choice *choice = kp->arg;
	int i;

	for (i = 0; i < choice->num; i++) {
		if (choice->names[i] && sysfs_streq(val, choice->names[i])) {
			WRITE_ONCE(choice->value, i);
			return 0;
		}
	}

	pr_err("%s: unknown value '%.*s'\n", kp->name,
	       (int)strcspn(val, "\n"), val);
	return -EINVAL;
}

static int vcard_get_choice(char *buf, const struct kernel_param *kp)
{
	struct vcard_choice *choice = kp->arg;

	return sysfs_emit(buf, "%s\n", choice->names[choice->value]);
}

static const struct kernel_param_ops vcard_choice_ops = {
	.set = vcard_set_choice,
	.get = vcard_get_choice,
};

static int vcard_set_us(const char *val, const struct kernel_param *kp)
{
	unsigned int us;
	int ret;

	ret = kstrtouint(val, 0, &us);
	if (ret || us > MAX_DELAY_US) {
		pr_err("%s: not in 0..%u\n", kp->name, MAX_DELAY_US);
		return -EINVAL;
	}

	WRITE_ONCE(*(unsigned int *)kp->arg, us);
	return 0;
}

static const struct kernel_param_ops vcard_us_ops = {
	.set = vcard_set_us,
	.get = param_get_uint,
};

static int vcard_set_errno(const char *val, const struct kernel_param *kp)
{
	int err;
	int ret;

	ret = kstrtoint(val, 0, &err);
	if (ret || err >= 0 || err < -MAX_ERRNO) {
		pr_err("%s: not in -%d..-1\n", kp->name, MAX_ERRNO);
		return -EINVAL;
	}

	WRITE_ONCE(*(int *)kp->arg, err);
	return 0;
}

static const struct kernel_param_ops vcard_errno_ops = {
	.set = vcard_set_errno,
	.get = param_get_int,
};

static unsigned int fes = 2;
module_param(fes, uint, 0444);
MODULE_PARM_DESC(fes, "Number of front ends, 1-8");

static unsigned int bes = 2;
module_param(bes, uint, 0444);
MODULE_PARM_DESC(bes, "Number of back ends, 1-32");

static bool routed = true;
module_param(routed, bool, 0444);
MODULE_PARM_DESC(routed, "All mixer switches on at load");

static bool compress;
module_param(compress, bool, 0444);
MODULE_PARM_DESC(compress, "One more front end, the last, plays a compressed stream");

static bool fe_nonatomic;
module_param(fe_nonatomic, bool, 0444);
MODULE_PARM_DESC(fe_nonatomic, "Nonatomic FE links, periods come from a thread");

static int nonatomic_fe = -1;
module_param(nonatomic_fe, int, 0444);
MODULE_PARM_DESC(nonatomic_fe, "FE that is nonatomic also without fe_nonatomic, -1 none");

static bool be_nonatomic;
module_param(be_nonatomic, bool, 0444);
MODULE_PARM_DESC(be_nonatomic, "Nonatomic BE links");

static struct vcard_choice trigger_order = {
	vcard_order_names, ARRAY_SIZE(vcard_order_names),
	SND_SOC_DPCM_TRIGGER_POST
};
module_param_cb(trigger_order, &vcard_choice_ops, &trigger_order, 0444);
MODULE_PARM_DESC(trigger_order, "FE before (pre) or after (post) its BEs");

static unsigned int be_cost_us;
module_param_cb(be_cost_us, &vcard_us_ops, &be_cost_us, 0644);
MODULE_PARM_DESC(be_cost_us, "Time that each BE trigger takes");

static bool be_sleep;
module_param(be_sleep, bool, 0644);
MODULE_PARM_DESC(be_sleep, "BE triggers sleep (needs nonatomic triggers)");

static unsigned int be_stop_us;
module_param_cb(be_stop_us, &vcard_us_ops, &be_stop_us, 0644);
MODULE_PARM_DESC(be_stop_us, "Time after its start at which a BE's interrupt stops the FE, 0 never");

static struct vcard_choice fail_op = {
	vcard_op_names, OP_OPEN + 1, OP_TRIGGER
};
module_param_cb(fail_op, &vcard_choice_ops, &fail_op, 0644);
MODULE_PARM_DESC(fail_op,
		 "BE operation that fails, or open of the compressed FE");

static int fail_be = -1;
module_param(fail_be, int, 0644);
MODULE_PARM_DESC(fail_be, "BE that fails, -1 any");

static struct vcard_choice fail_cmd = {
	vcard_cmd_names, ARRAY_SIZE(vcard_cmd_names), 0
};
module_param_cb(fail_cmd, &vcard_choice_ops, &fail_cmd, 0644);
MODULE_PARM_DESC(fail_cmd, "Trigger command that fails: any, STOP, START, ...");

static int fail_nth;
module_param(fail_nth, int, 0644);
MODULE_PARM_DESC(fail_nth, "Matching call that fails, counting down to 0 (off)");

static int fail_err = -EIO;
module_param_cb(fail_err, &vcard_errno_ops, &fail_err, 0644);
MODULE_PARM_DESC(fail_err, "Error of the failing call");

static struct vcard_choice delay_op = {
	vcard_op_names, ARRAY_SIZE(vcard_op_names), OP_TRIGGER
};
module_param_cb(delay_op, &vcard_choice_ops, &delay_op, 0644);
MODULE_PARM_DESC(delay_op,
		 "BE operation that is delayed, or open, copy or set_params of the compressed FE");

static int delay_be = -1;
module_param(delay_be, int, 0644);
MODULE_PARM_DESC(delay_be, "BE that is delayed, -1 any");

static unsigned int delay_us;
module_param_cb(delay_us, &vcard_us_ops, &delay_us, 0644);
MODULE_PARM_DESC(delay_us, "Delay at the start of delay_op");

static unsigned int dapm_us;
module_param_cb(dapm_us, &vcard_us_ops, &dapm_us, 0644);
MODULE_PARM_DESC(dapm_us, "Time that DAPM sleeps to power a BE up or down");

static struct vcard_choice floor_worker = {
	vcard_floor_names, ARRAY_SIZE(vcard_floor_names), FLOOR_HIGHPRI
};
module_param_cb(floor_worker, &vcard_choice_ops, &floor_worker, 0644);
MODULE_PARM_DESC(floor_worker,
		 "Who runs the floor's work item: highpri, unbound or ordered workqueue, fifo thread");

/*
 * Data
 */

enum vcard_violation {
	START_RUNNING,
	STOP_STOPPED,
	PAUSE_STOPPED,
	PREPARE_RUNNING,
	HW_FREE_RUNNING,
	SHUTDOWN_RUNNING,
	OVERLAP,
	RUNTIME_NULL,
	RUNTIME_FREED,
	TRIGGER_CLOSED,
	TRIGGER_UNPREPARED,
	LEFT_RUNNING,
	SILENT_BE,
	RESUME_SWALLOWED,
	NUM_VIOLATIONS,
	NO_VIOLATION = NUM_VIOLATIONS,
};

static const char * const vcard_violation_names[NUM_VIOLATIONS] = {
	[START_RUNNING]		= "start_running",
	[STOP_STOPPED]		= "stop_stopped",
	[PAUSE_STOPPED]		= "pause_stopped",
	[PREPARE_RUNNING]	= "prepare_running",
	[HW_FREE_RUNNING]	= "hw_free_running",
	[SHUTDOWN_RUNNING]	= "shutdown_running",
	[OVERLAP]		= "overlap",
	[RUNTIME_NULL]		= "runtime_null",
	[RUNTIME_FREED]		= "runtime_freed",
	[TRIGGER_CLOSED]	= "trigger_closed",
	[TRIGGER_UNPREPARED]	= "trigger_unprepared",
	[LEFT_RUNNING]		= "left_running",
	[SILENT_BE]		= "silent_be",
	[RESUME_SWALLOWED]	= "resume_swallowed",
};

enum vcard_stat {
	XRUNS,
	PERIODS,
	FRAGMENTS,
	BE_TRIGGERS,
	BE_TRIGGER_HARDIRQ,
	BE_TRIGGER_ATOMIC,
	BE_TRIGGER_UNLOCKED,
	BE_STOPS,
	FAILS_INJECTED,
	NUM_STATS,
};

static const char * const vcard_stat_names[NUM_STATS] = {
	[XRUNS]			= "xruns",
	[PERIODS]		= "periods",
	[FRAGMENTS]		= "fragments",
	[BE_TRIGGERS]		= "be_triggers",
	[BE_TRIGGER_HARDIRQ]	= "be_trigger_hardirq",
	[BE_TRIGGER_ATOMIC]	= "be_trigger_atomic",
	[BE_TRIGGER_UNLOCKED]	= "be_trigger_unlocked",
	[BE_STOPS]		= "be_stops",
	[FAILS_INJECTED]	= "fails_injected",
};

/* ordered: from BE_PREPARED on the BE may be triggered */
enum vcard_be_state {
	BE_CLOSED,
	BE_OPEN,
	BE_PARAMS,
	BE_PREPARED,
	BE_STOPPED,
	BE_RUNNING,
	BE_PAUSED,
	BE_SUSPENDED,
};

static const char * const vcard_be_state_names[] = {
	[BE_CLOSED]	= "closed",
	[BE_OPEN]	= "open",
	[BE_PARAMS]	= "params",
	[BE_PREPARED]	= "prepared",
	[BE_STOPPED]	= "stopped",
	[BE_RUNNING]	= "running",
	[BE_PAUSED]	= "paused",
	[BE_SUSPENDED]	= "suspended",
};

struct vcard;

/* one direction of an FE */
struct vcard_fe {
	struct vcard *vc;
	const char *name;
	int stream;

	/* set while open; changed under the mutex of the DPCM lists */
	struct snd_pcm_substream *substream;
	int last_cmd;

	struct hrtimer timer;
	struct kthread_worker *worker;	/* of a nonatomic FE */
	struct kthread_work work;

	/* decides between a trigger and the timer that re-arms itself */
	raw_spinlock_t lock;
	bool running;
	ktime_t base;			/* time of the last start */
	u64 frames;			/* played before that */
	u64 boundary;			/* next period's end, in frames */
	unsigned int rate;
	unsigned int period_size;

	/* of the compressed FE, whose frames are bytes and whose periods fragments */
	struct snd_compr_stream *cstream;	/* set while open */
	struct snd_soc_pcm_runtime *rtd;
	u64 written;
	bool draining;
};

/* one direction of a BE */
struct vcard_be {
	struct vcard *vc;
	const char *name;
	unsigned int index;
	int stream;

	atomic_t busy;			/* callbacks running now */

	struct hrtimer stop_timer;	/* an interrupt that finds an error */
	struct vcard_fe *owner;		/* the FE whose runtime it was started with */

	raw_spinlock_t lock;		/* the state, and what goes with it */
	enum vcard_be_state state;
	bool stop_failed;		/* by injection: not DPCM's fault */
	bool reported;			/* a mismatch of this state is counted */

	/* for the cross-check, under the mutex of the DPCM lists */
	struct vcard_fe *wanted;	/* a running FE that is routed here */
};

/* measures how long an empty work item takes to run */
struct vcard_floor {
	struct mutex lock;		/* one writer at a time */
	struct hrtimer timer;
	struct workqueue_struct *wq;	/* either this and work */
	struct work_struct work;
	struct kthread_worker *worker;	/* or this and kwork */
	struct kthread_work kwork;
	struct completion done;
	ktime_t start;
	ktime_t queued;
	ktime_t ran;
};

struct vcard {
	struct snd_soc_card card;
	struct device *dev;

	struct vcard_fe fe[MAX_FES][SNDRV_PCM_STREAM_LAST + 1];
	struct vcard_be be[MAX_BES][SNDRV_PCM_STREAM_LAST + 1];

	/*
	 * Mixer switches: BE b's playback is [b], FE f's capture [MAX_BES + f],
	 * and all that FE f plays [MAX_BES + MAX_FES + f]
	 */
	unsigned int regs[MAX_BES + 2 * MAX_FES];

	struct snd_soc_dapm_widget *widgets;
	unsigned int num_widgets;
	struct snd_soc_dapm_route *routes;
	unsigned int num_routes;

	struct vcard_floor floor;
	struct dentry *debugfs;

	raw_spinlock_t fail_lock;	/* counts fail_nth down */
	atomic_t activity;		/* anything that changes a stream */
	atomic_t stats[NUM_STATS];
	atomic_t violations[NUM_VIOLATIONS];
	unsigned long warned;
};

static const char * const vcard_stream_names[] = { "playback", "capture" };

static const char *vcard_cmd_name(int cmd)
{
	if (cmd < 0 || cmd + 1 >= ARRAY_SIZE(vcard_cmd_names) ||
	    !vcard_cmd_names[cmd + 1])
		return "?";
	return vcard_cmd_names[cmd + 1];
}

/* All FEs, also the compressed one */
static unsigned int vcard_fes(void)
{
	return fes + compress;
}

static struct vcard *vcard_of_dai(struct snd_soc_dai *dai)
{
	return snd_soc_card_get_drvdata(dai->component->card);
}

static void vcard_count(struct vcard *vc, enum vcard_stat stat)
{
	atomic_inc(&vc->stats[stat]);
}

/* 0, or the error to be returned by this call of an operation that matches */
static int vcard_fail(struct vcard *vc, enum vcard_op op)
{
	unsigned long flags;
	int ret = 0;

	if (READ_ONCE(fail_nth) <= 0 || READ_ONCE(fail_op.value) != op)
		return 0;

	raw_spin_lock_irqsave(&vc->fail_lock, flags);
	if (fail_nth > 0) {
		WRITE_ONCE(fail_nth, fail_nth - 1);
		if (!fail_nth)
			ret = READ_ONCE(fail_err);
	}
	raw_spin_unlock_irqrestore(&vc->fail_lock, flags);

	if (ret)
		vcard_count(vc, FAILS_INJECTED);
	return ret;
}

static void vcard_sleep(unsigned int us)
{
	usleep_range(us, us + us / 8 + 1);
}

/*
 * FE: the DMA
 */

static const struct snd_pcm_hardware vcard_hardware = {
	.info			= SNDRV_PCM_INFO_MMAP |
				  SNDRV_PCM_INFO_MMAP_VALID |
				  SNDRV_PCM_INFO_INTERLEAVED |
				  SNDRV_PCM_INFO_BLOCK_TRANSFER |
				  SNDRV_PCM_INFO_PAUSE |
				  SNDRV_PCM_INFO_RESUME |
				  SNDRV_PCM_INFO_DRAIN_TRIGGER,
	.formats		= SNDRV_PCM_FMTBIT_S16_LE,
	.buffer_bytes_max	= MAX_BUFFER_BYTES,
	.period_bytes_min	= MIN_PERIOD_BYTES,
	.period_bytes_max	= MAX_BUFFER_BYTES / 2,
	.periods_min		= 2,
	.periods_max		= MAX_BUFFER_BYTES / MIN_PERIOD_BYTES,
};

static u64 vcard_fe_frames(struct vcard_fe *fe, ktime_t now)
{
	s64 ns = ktime_to_ns(ktime_sub(now, fe->base));
	u64 frames;

	lockdep_assert_held(&fe->lock);

	if (!fe->running || ns < 0)
		return fe->frames;

	frames = fe->frames + mul_u64_u32_div(ns, fe->rate, NSEC_PER_SEC);

	/* a DSP that has nothing to play waits, and goes on from there */
	if (fe->cstream && frames > fe->written) {
		frames = fe->written;
		fe->frames = frames;
		fe->base = now;
	}

	return frames;
}

/*
 * The time at which the pointer has passed the next period's end. From the
 * count of frames, so that nothing drifts; late by more than a period skips.
 */
static ktime_t vcard_fe_next(struct vcard_fe *fe, u64 frames)
{
	u64 ns;

	fe->boundary = (div_u64(frames, fe->period_size) + 1) * fe->period_size;
	ns = mul_u64_u32_div(fe->boundary - fe->frames, NSEC_PER_SEC, fe->rate);

	return ktime_add_ns(fe->base, ns + 1);
}

/*
 * A period has ended: what the interrupt handler of a real driver does. True if
 * it found an xrun.
 */
static bool vcard_fe_period(struct vcard_fe *fe)
{
	struct snd_pcm_substream *substream = fe->substream;
	bool was_running;
	ktime_t start;
	u64 ns;

	/*
	 * The stream's state says that this was an xrun. The FE's trigger does
	 * not: it may be left to a work item.
	 */
	was_running = vcard_pcm_state(substream) == SNDRV_PCM_STATE_RUNNING;

	start = ktime_get();
	snd_pcm_period_elapsed(substream);
	ns = ktime_to_ns(ktime_sub(ktime_get(), start));

	vcard_count(fe->vc, PERIODS);

	if (!was_running || vcard_pcm_state(substream) != SNDRV_PCM_STATE_XRUN)
		return false;

	vcard_count(fe->vc, XRUNS);
	trace_vcard_xrun(CARD_NAME, fe->name, fe->stream, ns, !!in_hardirq());
	return true;
}

static void vcard_fe_work(struct kthread_work *work)
{
	vcard_fe_period(container_of(work, struct vcard_fe, work));
}

/* The DSP wants more, or has played all. */
static void vcard_compr_elapsed(struct vcard_fe *fe)
{
	struct snd_compr_stream *cstream = fe->cstream;
	unsigned long flags;
	bool drained;

	/* the state follows the trigger: who is told earlier waits forever */
	raw_spin_lock_irqsave(&fe->lock, flags);
	drained = fe->draining &&
		  vcard_fe_frames(fe, ktime_get()) == fe->written &&
		  READ_ONCE(cstream->runtime->state) == SNDRV_PCM_STATE_DRAINING;
	if (drained)
		fe->draining = false;
	raw_spin_unlock_irqrestore(&fe->lock, flags);

	vcard_count(fe->vc, FRAGMENTS);
	if (drained)
		snd_compr_drain_notify(cstream);
	else
		snd_compr_fragment_elapsed(cstream);
}

static enum hrtimer_restart vcard_fe_timer(struct hrtimer *timer)
{
	struct vcard_fe *fe = container_of(timer, struct vcard_fe, timer);
	enum hrtimer_restart restart = HRTIMER_NORESTART;
	ktime_t start = ktime_get();
	unsigned long flags;
	bool xrun = false;
	bool elapsed;

	raw_spin_lock_irqsave(&fe->lock, flags);
	elapsed = fe->running &&
		  vcard_fe_frames(fe, ktime_get()) >= fe->boundary;
	raw_spin_unlock_irqrestore(&fe->lock, flags);

	if (fe->cstream) {
		vcard_compr_elapsed(fe);
	} else if (elapsed) {
		if (fe->worker)
			kthread_queue_work(fe->worker, &fe->work);
		else
			xrun = vcard_fe_period(fe);
		if (!xrun)
			trace_vcard_period(CARD_NAME, fe->name, fe->stream,
					   ktime_to_ns(ktime_sub(ktime_get(), start)),
					   !!in_hardirq());
	}

	/*
	 * The stream may have stopped, and even have started again on another
	 * CPU: then the timer is queued already, and must be left alone.
	 */
	raw_spin_lock_irqsave(&fe->lock, flags);
	if (fe->running && !hrtimer_is_queued(timer)) {
		hrtimer_set_expires(timer,
				    vcard_fe_next(fe, vcard_fe_frames(fe, ktime_get())));
		restart = HRTIMER_RESTART;
	}
	raw_spin_unlock_irqrestore(&fe->lock, flags);

	return restart;
}

/* Not under the stream lock, which the timer and the worker take. */
static void vcard_fe_sync(struct vcard_fe *fe)
{
	hrtimer_cancel(&fe->timer);
	if (fe->worker)
		kthread_cancel_work_sync(&fe->work);
}

static int vcard_fe_startup(struct snd_pcm_substream *substream,
			    struct snd_soc_dai *dai)
{
	struct vcard_fe *fe = &vcard_of_dai(dai)->fe[dai->id][substream->stream];
	struct snd_pcm_runtime *runtime = substream->runtime;
	int ret;

	snd_soc_set_runtime_hwparams(substream, &vcard_hardware);

	ret = snd_pcm_hw_constraint_integer(runtime, SNDRV_PCM_HW_PARAM_PERIODS);
	if (ret < 0)
		return ret;

	ret = snd_pcm_hw_constraint_minmax(runtime, SNDRV_PCM_HW_PARAM_PERIOD_TIME,
					   MIN_PERIOD_US, UINT_MAX);
	if (ret < 0)
		return ret;

	runtime->private_data = fe;
	fe->substream = substream;
	fe->frames = 0;
	fe->last_cmd = -1;

	return 0;
}

static void vcard_fe_shutdown(struct snd_pcm_substream *substream,
			      struct snd_soc_dai *dai)
{
	struct vcard_fe *fe = &vcard_of_dai(dai)->fe[dai->id][substream->stream];

	unsigned int i;

	vcard_fe_sync(fe);
	WRITE_ONCE(fe->substream, NULL);
	/* none finds it any more, but one may have found it */
	for (i = 0; i < bes; i++)
		hrtimer_cancel(&fe->vc->be[i][substream->stream].stop_timer);
}

static int vcard_fe_hw_free(struct snd_pcm_substream *substream,
			    struct snd_soc_dai *dai)
{
	vcard_fe_sync(&vcard_of_dai(dai)->fe[dai->id][substream->stream]);
	return 0;
}

static int vcard_fe_trigger(struct snd_pcm_substream *substream, int cmd,
			    struct snd_soc_dai *dai)
{
	struct vcard_fe *fe = &vcard_of_dai(dai)->fe[dai->id][substream->stream];
	struct snd_pcm_runtime *runtime = substream->runtime;
	unsigned long flags;
	ktime_t now;

	raw_spin_lock_irqsave(&fe->lock, flags);

	now = ktime_get();

	switch (cmd) {
	case SNDRV_PCM_TRIGGER_START:
		fe->rate = runtime->rate;
		fe->period_size = runtime->period_size;
		fe->frames = 0;
		fallthrough;
	case SNDRV_PCM_TRIGGER_RESUME:
	case SNDRV_PCM_TRIGGER_PAUSE_RELEASE:
		fe->base = now;
		fe->running = true;
		hrtimer_start(&fe->timer, vcard_fe_next(fe, fe->frames),
			      VCARD_ABS);
		break;
	case SNDRV_PCM_TRIGGER_STOP:
	case SNDRV_PCM_TRIGGER_SUSPEND:
	case SNDRV_PCM_TRIGGER_PAUSE_PUSH:
		fe->frames = vcard_fe_frames(fe, now);
		fe->running = false;
		/* may be called by the timer itself: sync_stop waits, not we */
		hrtimer_try_to_cancel(&fe->timer);
		break;
	}

	WRITE_ONCE(fe->last_cmd, cmd);
	raw_spin_unlock_irqrestore(&fe->lock, flags);

	atomic_inc(&fe->vc->activity);
	return 0;
}

static const struct snd_soc_dai_ops vcard_fe_ops = {
	.startup	= vcard_fe_startup,
	.shutdown	= vcard_fe_shutdown,
	.hw_free	= vcard_fe_hw_free,
	.trigger	= vcard_fe_trigger,
};

static snd_pcm_uframes_t vcard_pointer(struct snd_soc_component *component,
				       struct snd_pcm_substream *substream)
{
	struct snd_pcm_runtime *runtime = substream->runtime;
	struct vcard_fe *fe = runtime->private_data;
	unsigned long flags;
	u32 offset;
	u64 frames;

	raw_spin_lock_irqsave(&fe->lock, flags);
	frames = vcard_fe_frames(fe, ktime_get());
	raw_spin_unlock_irqrestore(&fe->lock, flags);

	div_u64_rem(frames, runtime->buffer_size, &offset);
	return offset;
}

static int vcard_sync_stop(struct snd_soc_component *component,
			   struct snd_pcm_substream *substream)
{
	vcard_fe_sync(substream->runtime->private_data);
	return 0;
}

static int vcard_pcm_new(struct snd_soc_component *component,
			 struct snd_soc_pcm_runtime *rtd)
{
	snd_pcm_set_managed_buffer_all(rtd->pcm, SNDRV_DMA_TYPE_CONTINUOUS,
				       NULL, SZ_64K, MAX_BUFFER_BYTES);
	return 0;
}

/*
 * The compressed FE: the DSP
 */

static void vcard_compr_delay(enum vcard_op op)
{
	unsigned int us = READ_ONCE(delay_us);

	if (us && READ_ONCE(delay_op.value) == op)
		vcard_sleep(us);
}

static int vcard_compr_open(struct snd_soc_component *component,
			    struct snd_compr_stream *cstream)
{
	struct vcard *vc = snd_soc_card_get_drvdata(component->card);
	struct vcard_fe *fe = &vc->fe[fes][SNDRV_PCM_STREAM_PLAYBACK];
	int ret;

	vcard_compr_delay(OP_OPEN);

	ret = vcard_fail(vc, OP_OPEN);
	if (ret < 0)
		return ret;

	if (fe->cstream)
		return -EBUSY;

	cstream->runtime->private_data = fe;
	fe->cstream = cstream;
	fe->rtd = cstream->private_data;
	fe->frames = 0;
	fe->written = 0;
	fe->draining = false;
	fe->last_cmd = -1;

	return 0;
}

static int vcard_compr_free(struct snd_soc_component *component,
			    struct snd_compr_stream *cstream)
{
	struct vcard_fe *fe = cstream->runtime->private_data;

	WRITE_ONCE(fe->running, false);
	vcard_fe_sync(fe);
	fe->cstream = NULL;

	return 0;
}

static int vcard_compr_set_params(struct snd_soc_component *component,
				  struct snd_compr_stream *cstream,
				  struct snd_compr_params *params)
{
	struct vcard_fe *fe = cstream->runtime->private_data;
	u64 us = (u64)params->buffer.fragment_size * BITS_PER_BYTE * USEC_PER_SEC;

	vcard_compr_delay(OP_SET_PARAMS);

	if (params->codec.bit_rate < BITS_PER_BYTE ||
	    div_u64(us, params->codec.bit_rate) < MIN_PERIOD_US)
		return -EINVAL;

	fe->rate = params->codec.bit_rate / BITS_PER_BYTE;
	fe->period_size = params->buffer.fragment_size;

	return 0;
}

static int vcard_compr_trigger(struct snd_soc_component *component,
			       struct snd_compr_stream *cstream, int cmd)
{
	struct vcard_fe *fe = cstream->runtime->private_data;
	unsigned long flags;
	bool running;

	raw_spin_lock_irqsave(&fe->lock, flags);

	fe->frames = vcard_fe_frames(fe, ktime_get());
	fe->base = ktime_get();

	switch (cmd) {
	case SNDRV_PCM_TRIGGER_START:
	case SNDRV_PCM_TRIGGER_PAUSE_RELEASE:
		fe->running = true;
		hrtimer_start(&fe->timer, vcard_fe_next(fe, fe->frames),
			      VCARD_ABS);
		break;
	case SNDRV_PCM_TRIGGER_STOP:
		/* what has been written is lost, and the counting begins anew */
		fe->frames = 0;
		fe->written = 0;
		fallthrough;
	case SNDRV_PCM_TRIGGER_PAUSE_PUSH:
		fe->running = false;
		break;
	}

	fe->draining = cmd == SND_COMPR_TRIGGER_DRAIN;
	running = fe->running;
	WRITE_ONCE(fe->last_cmd, cmd);
	raw_spin_unlock_irqrestore(&fe->lock, flags);

	if (!running)
		vcard_fe_sync(fe);

	atomic_inc(&fe->vc->activity);
	return 0;
}

static int vcard_compr_pointer(struct snd_soc_component *component,
			       struct snd_compr_stream *cstream,
			       struct vcard_compr_tstamp *tstamp)
{
	struct vcard_fe *fe = cstream->runtime->private_data;
	unsigned long flags;

	raw_spin_lock_irqsave(&fe->lock, flags);
	tstamp->copied_total = vcard_fe_frames(fe, ktime_get());
	raw_spin_unlock_irqrestore(&fe->lock, flags);

	return 0;
}

/* There is nobody to listen. */
static int vcard_compr_copy(struct snd_soc_component *component,
			    struct snd_compr_stream *cstream, char __user *buf,
			    size_t count)
{
	struct vcard_fe *fe = cstream->runtime->private_data;
	unsigned long flags;

	vcard_compr_delay(OP_COPY);

	raw_spin_lock_irqsave(&fe->lock, flags);
	/* up to now there was that much */
	fe->frames = vcard_fe_frames(fe, ktime_get());
	fe->base = ktime_get();
	fe->written += count;
	raw_spin_unlock_irqrestore(&fe->lock, flags);

	return count;
}

static const struct snd_compress_ops vcard_compress_ops = {
	.open		= vcard_compr_open,
	.free		= vcard_compr_free,
	.set_params	= vcard_compr_set_params,
	.trigger	= vcard_compr_trigger,
	.pointer	= vcard_compr_pointer,
	.copy		= vcard_compr_copy,
};

/* A compressed FE leaves it to the card how its BEs run. */
static int vcard_be_fixup(struct snd_soc_pcm_runtime *rtd,
			  struct snd_pcm_hw_params *params)
{
	struct snd_interval *rate = hw_param_interval(params, SNDRV_PCM_HW_PARAM_RATE);
	struct snd_interval *channels = hw_param_interval(params,
							  SNDRV_PCM_HW_PARAM_CHANNELS);

	if (rate->max)
		return 0;

	rate->min = 48000;
	rate->max = 48000;
	channels->min = 2;
	channels->max = 2;
	params_set_format(params, SNDRV_PCM_FORMAT_S16_LE);

	return 0;
}

/*
 * BE: the protocol checker
 */

static void vcard_violation(struct vcard_be *be, enum vcard_violation kind,
			    const char *what, enum vcard_be_state state)
{
	struct vcard *vc = be->vc;

	atomic_inc(&vc->violations[kind]);

	/* a WARN_ONCE() for each kind */
	WARN(!test_and_set_bit(kind, &vc->warned),
	     "dpcm-vcard: %s: %s %s: %s in state %s\n",
	     vcard_violation_names[kind], be->name,
	     vcard_stream_names[be->stream], what, vcard_be_state_names[state]);
}

static enum vcard_be_state vcard_be_state(struct vcard_be *be)
{
	return READ_ONCE(be->state);
}

static void vcard_be_set_state(struct vcard_be *be, enum vcard_be_state state)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&be->lock, flags);
	WRITE_ONCE(be->state, state);
	be->stop_failed = false;
	be->reported = false;
	raw_spin_unlock_irqrestore(&be->lock, flags);
}

/* Running, and DPCM is to blame if it should not be. */
static bool vcard_be_runs(struct vcard_be *be)
{
	unsigned long flags;
	bool runs;

	raw_spin_lock_irqsave(&be->lock, flags);
	runs = be->state == BE_RUNNING && !be->stop_failed;
	raw_spin_unlock_irqrestore(&be->lock, flags);

	return runs;
}

static bool vcard_atomic(void)
{
	return preempt_count() || irqs_disabled();
}

/* By the clock: an emulated CPU may not know how long its delay loops take. */
static void vcard_busy_wait(unsigned int us)
{
	ktime_t end = ktime_add_us(ktime_get(), us);

	while (ktime_before(ktime_get(), end))
		cpu_relax();
}

/* What every BE operation begins with; what it returns goes to _end(). */
static struct snd_pcm_runtime *
vcard_be_begin(struct vcard_be *be, struct snd_pcm_substream *substream,
	       enum vcard_op op, const char *what)
{
	struct snd_pcm_runtime *runtime = READ_ONCE(substream->runtime);
	unsigned int us = READ_ONCE(delay_us);

	if (atomic_inc_return(&be->busy) != 1)
		vcard_violation(be, OVERLAP, what, vcard_be_state(be));

	atomic_inc(&be->vc->activity);

	/* a compressed FE has none to give to its BEs */
	if (runtime)
		(void)READ_ONCE(runtime->rate);
	else if (!compress)
		vcard_violation(be, RUNTIME_NULL, what, vcard_be_state(be));

	if (us && READ_ONCE(delay_op.value) == op &&
	    (delay_be < 0 || delay_be == be->index)) {
		if ((op == OP_TRIGGER && !substream->pcm->nonatomic) ||
		    vcard_atomic())
			vcard_busy_wait(us);
		else
			vcard_sleep(us);
	}

	return runtime;
}

static void vcard_be_end(struct vcard_be *be, struct snd_pcm_substream *substream,
			 struct snd_pcm_runtime *runtime, const char *what)
{
	/*
	 * A driver uses the runtime that it got from the substream: read the
	 * old one, for KASAN to see.
	 */
	if (runtime)
		(void)READ_ONCE(runtime->rate);

	if (READ_ONCE(substream->runtime) != runtime)
		vcard_violation(be, RUNTIME_FREED, what, vcard_be_state(be));

	atomic_inc(&be->vc->activity);
	atomic_dec(&be->busy);
}

static int vcard_be_fail(struct vcard_be *be, enum vcard_op op, int cmd)
{
	if (fail_be >= 0 && fail_be != be->index)
		return 0;
	if (op == OP_TRIGGER && READ_ONCE(fail_cmd.value) &&
	    READ_ONCE(fail_cmd.value) != cmd + 1)
		return 0;

	return vcard_fail(be->vc, op);
}

/* An error that a BE's driver finds by itself ends the stream. */
static enum hrtimer_restart vcard_be_stop(struct hrtimer *timer)
{
	struct vcard_be *be = container_of(timer, struct vcard_be, stop_timer);
	struct snd_pcm_substream *substream = READ_ONCE(be->owner->substream);

	/* the lock of a nonatomic FE is nothing for an interrupt */
	if (substream && !substream->pcm->nonatomic) {
		vcard_count(be->vc, BE_STOPS);
		snd_pcm_stop_xrun(substream);
	}

	return HRTIMER_NORESTART;
}

static void vcard_be_arm_stop(struct vcard_be *be, struct snd_pcm_runtime *runtime)
{
	unsigned int us = READ_ONCE(be_stop_us);

	if (!us || !runtime)
		return;

	WRITE_ONCE(be->owner, runtime->private_data);
	hrtimer_start(&be->stop_timer, ns_to_ktime(us * (u64)NSEC_PER_USEC), VCARD_REL);
}

/* What the state says about a command; the state after it is in *next. */
static enum vcard_violation
vcard_be_check_cmd(enum vcard_be_state state, int cmd, enum vcard_be_state *next)
{
	*next = state;

	if (state == BE_CLOSED)
		return TRIGGER_CLOSED;
	if (state < BE_PREPARED)
		return TRIGGER_UNPREPARED;

	switch (cmd) {
	case SNDRV_PCM_TRIGGER_START:
	case SNDRV_PCM_TRIGGER_RESUME:
		*next = BE_RUNNING;
		if (state == BE_RUNNING)
			return START_RUNNING;
		break;
	case SNDRV_PCM_TRIGGER_PAUSE_RELEASE:
		*next = BE_RUNNING;
		if (state == BE_RUNNING)
			return START_RUNNING;
		if (state != BE_PAUSED)
			return PAUSE_STOPPED;
		break;
	case SNDRV_PCM_TRIGGER_STOP:
		*next = BE_STOPPED;
		if (state < BE_RUNNING)
			return STOP_STOPPED;
		break;
	case SNDRV_PCM_TRIGGER_SUSPEND:
		if (state != BE_RUNNING)
			return STOP_STOPPED;
		*next = BE_SUSPENDED;
		break;
	case SNDRV_PCM_TRIGGER_PAUSE_PUSH:
		/* of two paused FEs one stops: the BE is told to pause again */
		if (state != BE_RUNNING && state != BE_PAUSED)
			return PAUSE_STOPPED;
		*next = BE_PAUSED;
		break;
	}

	return NO_VIOLATION;
}

static struct vcard_be *vcard_be_of_dai(struct snd_soc_dai *dai, int stream)
{
	return &vcard_of_dai(dai)->be[dai->id - vcard_fes()][stream];
}

/*
 * The link of an FE that runs, or NULL. An FE's runtime does not go away before
 * its close has taken the mutex of the lists. The compressed FE runs until its DSP
 * is told otherwise: that it has played all is no reason for a BE to stop.
 */
static struct snd_soc_pcm_runtime *vcard_fe_running(struct vcard_fe *fe)
{
	if (fe->rtd)
		return READ_ONCE(fe->running) ? fe->rtd : NULL;

	if (!fe->substream || !snd_pcm_running(fe->substream))
		return NULL;

	return snd_pcm_substream_chip(fe->substream);
}

/* Which BEs are routed to a running FE. The lists do not change under their mutex. */
static void vcard_find_wanted(struct vcard *vc)
{
	struct snd_soc_pcm_runtime *rtd;
	struct snd_soc_dpcm *dpcm;
	struct vcard_fe *fe;
	unsigned int i;
	int stream;

	lockdep_assert_held(vcard_list_mutex(&vc->card));

	for (i = 0; i < bes; i++)
		for_each_pcm_streams(stream)
			vc->be[i][stream].wanted = NULL;

	for (i = 0; i < vcard_fes(); i++) {
		for_each_pcm_streams(stream) {
			fe = &vc->fe[i][stream];
			rtd = vcard_fe_running(fe);
			if (!rtd)
				continue;

			for_each_dpcm_be(rtd, stream, dpcm)
				vc->be[dpcm->be->dai_link->id][stream].wanted = fe;
		}
	}
}

/* The BE loses its parameters while it runs; does anybody still use it? */
static void vcard_be_check_idle(struct vcard_be *be, enum vcard_violation kind,
				const char *what)
{
	if (!vcard_be_runs(be))
		return;

	vcard_violation(be, kind, what, BE_RUNNING);

	vcard_find_wanted(be->vc);
	if (!be->wanted)
		vcard_violation(be, LEFT_RUNNING, what, BE_RUNNING);
}

static int vcard_be_startup(struct snd_pcm_substream *substream,
			    struct snd_soc_dai *dai)
{
	struct vcard_be *be = vcard_be_of_dai(dai, substream->stream);
	struct snd_pcm_runtime *runtime;
	int ret;

	runtime = vcard_be_begin(be, substream, OP_STARTUP, "startup");
	ret = vcard_be_fail(be, OP_STARTUP, 0);
	if (!ret)
		vcard_be_set_state(be, BE_OPEN);
	vcard_be_end(be, substream, runtime, "startup");

	return ret;
}

static void vcard_be_shutdown(struct snd_pcm_substream *substream,
			      struct snd_soc_dai *dai)
{
	struct vcard_be *be = vcard_be_of_dai(dai, substream->stream);
	struct snd_pcm_runtime *runtime;

	runtime = vcard_be_begin(be, substream, OP_SHUTDOWN, "shutdown");
	vcard_be_check_idle(be, SHUTDOWN_RUNNING, "shutdown");
	vcard_be_set_state(be, BE_CLOSED);
	vcard_be_end(be, substream, runtime, "shutdown");
}

static int vcard_be_hw_params(struct snd_pcm_substream *substream,
			      struct snd_pcm_hw_params *params,
			      struct snd_soc_dai *dai)
{
	struct vcard_be *be = vcard_be_of_dai(dai, substream->stream);
	struct snd_pcm_runtime *runtime;
	int ret;

	runtime = vcard_be_begin(be, substream, OP_HW_PARAMS, "hw_params");
	ret = vcard_be_fail(be, OP_HW_PARAMS, 0);
	if (vcard_be_runs(be))
		vcard_violation(be, PREPARE_RUNNING, "hw_params", BE_RUNNING);
	else if (!ret)
		vcard_be_set_state(be, BE_PARAMS);
	vcard_be_end(be, substream, runtime, "hw_params");

	return ret;
}

static int vcard_be_hw_free(struct snd_pcm_substream *substream,
			    struct snd_soc_dai *dai)
{
	struct vcard_be *be = vcard_be_of_dai(dai, substream->stream);
	struct snd_pcm_runtime *runtime;

	runtime = vcard_be_begin(be, substream, OP_HW_FREE, "hw_free");
	vcard_be_check_idle(be, HW_FREE_RUNNING, "hw_free");
	if (vcard_be_state(be) != BE_CLOSED)
		vcard_be_set_state(be, BE_OPEN);
	vcard_be_end(be, substream, runtime, "hw_free");

	return 0;
}

static int vcard_be_prepare(struct snd_pcm_substream *substream,
			    struct snd_soc_dai *dai)
{
	struct vcard_be *be = vcard_be_of_dai(dai, substream->stream);
	struct snd_pcm_runtime *runtime;
	int ret;

	runtime = vcard_be_begin(be, substream, OP_PREPARE, "prepare");
	ret = vcard_be_fail(be, OP_PREPARE, 0);
	if (vcard_be_runs(be))
		vcard_violation(be, PREPARE_RUNNING, "prepare", BE_RUNNING);
	else if (!ret)
		vcard_be_set_state(be, BE_PREPARED);
	vcard_be_end(be, substream, runtime, "prepare");

	return ret;
}

static void vcard_count_trigger(struct vcard_be *be)
{
	struct vcard *vc = be->vc;

	vcard_count(vc, BE_TRIGGERS);
	if (in_hardirq())
		vcard_count(vc, BE_TRIGGER_HARDIRQ);
	if (vcard_atomic())
		vcard_count(vc, BE_TRIGGER_ATOMIC);

	/* an interrupt has not the mutex that the interrupted task holds */
	if (!in_task() ||
	    !lockdep_is_held_type(vcard_list_mutex(&vc->card), -1))
		vcard_count(vc, BE_TRIGGER_UNLOCKED);
}

static int vcard_be_trigger(struct snd_pcm_substream *substream, int cmd,
			    struct snd_soc_dai *dai)
{
	struct vcard_be *be = vcard_be_of_dai(dai, substream->stream);
	unsigned int us = READ_ONCE(be_cost_us);
	struct snd_pcm_runtime *runtime;
	enum vcard_be_state state, next;
	enum vcard_violation kind;
	ktime_t start = ktime_get();
	unsigned long flags;
	bool stop_failed;
	int ret;

	vcard_count_trigger(be);
	runtime = vcard_be_begin(be, substream, OP_TRIGGER, vcard_cmd_name(cmd));

	raw_spin_lock_irqsave(&be->lock, flags);
	state = be->state;
	stop_failed = be->stop_failed;
	raw_spin_unlock_irqrestore(&be->lock, flags);

	kind = vcard_be_check_cmd(state, cmd, &next);
	if (kind != NO_VIOLATION && !stop_failed)
		vcard_violation(be, kind, vcard_cmd_name(cmd), state);

	ret = vcard_be_fail(be, OP_TRIGGER, cmd);

	if (!ret && us) {
		if (READ_ONCE(be_sleep))
			vcard_sleep(us);
		else
			vcard_busy_wait(us);
	}

	if (!ret) {
		vcard_be_set_state(be, next);
		if (next == BE_RUNNING && state != BE_RUNNING)
			vcard_be_arm_stop(be, runtime);
	} else if (state == BE_RUNNING && cmd == SNDRV_PCM_TRIGGER_STOP) {
		raw_spin_lock_irqsave(&be->lock, flags);
		be->stop_failed = true;
		raw_spin_unlock_irqrestore(&be->lock, flags);
	}

	vcard_be_end(be, substream, runtime, vcard_cmd_name(cmd));

	trace_vcard_be_trigger(CARD_NAME, be->name, be->stream, cmd,
			       ktime_to_ns(ktime_sub(ktime_get(), start)), ret,
			       !!in_hardirq());
	return ret;
}

static const struct snd_soc_dai_ops vcard_be_ops = {
	.startup	= vcard_be_startup,
	.shutdown	= vcard_be_shutdown,
	.hw_params	= vcard_be_hw_params,
	.hw_free	= vcard_be_hw_free,
	.prepare	= vcard_be_prepare,
	.trigger	= vcard_be_trigger,
};

/*
 * The cross-check of FEs and BEs
 */

static enum vcard_violation vcard_be_mismatch(struct vcard_be *be)
{
	enum vcard_be_state state;
	unsigned long flags;
	bool excused;

	raw_spin_lock_irqsave(&be->lock, flags);
	state = be->state;
	excused = be->stop_failed || be->reported;
	raw_spin_unlock_irqrestore(&be->lock, flags);

	if (excused)
		return NO_VIOLATION;
	if (state == BE_RUNNING)
		return be->wanted ? NO_VIOLATION : LEFT_RUNNING;
	if (!be->wanted)
		return NO_VIOLATION;
	if (READ_ONCE(be->wanted->last_cmd) == SNDRV_PCM_TRIGGER_RESUME)
		return RESUME_SWALLOWED;
	return SILENT_BE;
}

/* true if some BE does not do what its FEs do */
static bool vcard_cross_check(struct vcard *vc, bool report)
{
	enum vcard_violation kind;
	struct vcard_be *be;
	bool bad = false;
	unsigned int i;
	int stream;

	vcard_list_lock(&vc->card);
	vcard_find_wanted(vc);

	for (i = 0; i < bes; i++) {
		for_each_pcm_streams(stream) {
			be = &vc->be[i][stream];
			kind = vcard_be_mismatch(be);
			if (kind == NO_VIOLATION)
				continue;

			bad = true;
			if (!report)
				continue;

			be->reported = true;
			vcard_violation(be, kind, be->wanted ? be->wanted->name :
					"no FE runs", vcard_be_state(be));
		}
	}

	vcard_list_unlock(&vc->card);
	return bad;
}

/*
 * A trigger may be on its way: in an interrupt, or with a work item that waits
 * for the mutex. So a mismatch counts only if it stays while nothing moves.
 */
static void vcard_settle(struct vcard *vc)
{
	int activity = atomic_read(&vc->activity);
	int stable = 0;
	int tries;

	for (tries = 0; tries < SETTLE_TRIES; tries++) {
		if (!vcard_cross_check(vc, stable == SETTLE_STABLE) ||
		    stable == SETTLE_STABLE)
			return;

		msleep(SETTLE_MS);

		if (atomic_read(&vc->activity) == activity)
			stable++;
		else
			stable = 0;
		activity = atomic_read(&vc->activity);
	}
}

/*
 * debugfs
 */

static int vcard_stats_show(struct seq_file *s, void *unused)
{
	struct vcard *vc = s->private;
	unsigned int running = 0, open = 0;
	enum vcard_be_state state;
	unsigned int i;
	int stream;
	int value;

	for (i = 0; i < NUM_STATS; i++) {
		value = atomic_read(&vc->stats[i]);
		if (i == BE_TRIGGER_UNLOCKED && !IS_ENABLED(CONFIG_LOCKDEP))
			value = -1;
		seq_printf(s, "%s %d\n", vcard_stat_names[i], value);
	}

	for (i = 0; i < bes; i++) {
		for_each_pcm_streams(stream) {
			state = vcard_be_state(&vc->be[i][stream]);
			running += state == BE_RUNNING;
			open += state != BE_CLOSED;
		}
	}
	seq_printf(s, "be_running %u\n", running);
	seq_printf(s, "be_open %u\n", open);

	return 0;
}
DEFINE_SHOW_ATTRIBUTE(vcard_stats);

static int vcard_violations_show(struct seq_file *s, void *unused)
{
	struct vcard *vc = s->private;
	int value, total = 0;
	int i;

	vcard_settle(vc);

	for (i = 0; i < NUM_VIOLATIONS; i++) {
		value = atomic_read(&vc->violations[i]);
		total += value;
		seq_printf(s, "%s %d\n", vcard_violation_names[i], value);
	}
	seq_printf(s, "total %d\n", total);

	return 0;
}
DEFINE_SHOW_ATTRIBUTE(vcard_violations);

static void vcard_show_fe(struct seq_file *s, struct vcard_fe *fe)
{
	unsigned long flags;
	bool running;
	u64 frames;

	raw_spin_lock_irqsave(&fe->lock, flags);
	running = fe->running;
	frames = vcard_fe_frames(fe, ktime_get());
	raw_spin_unlock_irqrestore(&fe->lock, flags);

	seq_printf(s, "%s %s ", fe->name, vcard_stream_names[fe->stream]);
	if (fe->substream)
		seq_printf(s, "pcm=%d ", (__force int)vcard_pcm_state(fe->substream));
	else if (fe->cstream)
		seq_puts(s, "compressed ");
	else
		seq_puts(s, "closed ");
	seq_printf(s, "dma=%d frames=%llu last=%s\n", running, frames,
		   vcard_cmd_name(READ_ONCE(fe->last_cmd)));
}

static void vcard_show_be(struct seq_file *s, struct vcard_be *be)
{
	seq_printf(s, "%s %s %s busy=%d stop_failed=%d wanted=%s\n", be->name,
		   vcard_stream_names[be->stream],
		   vcard_be_state_names[vcard_be_state(be)],
		   atomic_read(&be->busy), READ_ONCE(be->stop_failed),
		   be->wanted ? be->wanted->name : "-");
}

static int vcard_state_show(struct seq_file *s, void *unused)
{
	struct vcard *vc = s->private;
	unsigned int i;
	int stream;

	vcard_list_lock(&vc->card);
	vcard_find_wanted(vc);

	for (i = 0; i < vcard_fes(); i++)
		for_each_pcm_streams(stream)
			if (vc->fe[i][stream].name)
				vcard_show_fe(s, &vc->fe[i][stream]);

	for (i = 0; i < bes; i++)
		for_each_pcm_streams(stream)
			vcard_show_be(s, &vc->be[i][stream]);

	vcard_list_unlock(&vc->card);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(vcard_state);

static int vcard_reset(void *data, u64 val)
{
	struct vcard *vc = data;
	unsigned int i;
	int stream;

	if (val != 1)
		return -EINVAL;

	for (i = 0; i < NUM_STATS; i++)
		atomic_set(&vc->stats[i], 0);
	for (i = 0; i < NUM_VIOLATIONS; i++)
		atomic_set(&vc->violations[i], 0);

	vcard_list_lock(&vc->card);
	for (i = 0; i < bes; i++)
		for_each_pcm_streams(stream)
			vc->be[i][stream].reported = false;
	vcard_list_unlock(&vc->card);

	return 0;
}
DEFINE_DEBUGFS_ATTRIBUTE(vcard_reset_fops, NULL, vcard_reset, "%llu\n");

static void vcard_floor_ran(struct vcard_floor *fl)
{
	fl->ran = ktime_get();
	complete(&fl->done);
}

static void vcard_floor_work(struct work_struct *work)
{
	vcard_floor_ran(container_of(work, struct vcard_floor, work));
}

static void vcard_floor_kwork(struct kthread_work *kwork)
{
	vcard_floor_ran(container_of(kwork, struct vcard_floor, kwork));
}

static enum hrtimer_restart vcard_floor_timer(struct hrtimer *timer)
{
	struct vcard_floor *fl = container_of(timer, struct vcard_floor, timer);

	fl->start = ktime_get();
	if (fl->worker)
		kthread_queue_work(fl->worker, &fl->kwork);
	else
		queue_work(fl->wq, &fl->work);
	fl->queued = ktime_get();

	return HRTIMER_NORESTART;
}

static int vcard_floor_begin(struct vcard_floor *fl, int worker)
{
	switch (worker) {
	case FLOOR_HIGHPRI:
		fl->wq = system_highpri_wq;
		return 0;
	case FLOOR_UNBOUND:
		fl->wq = alloc_workqueue("vcard-floor", WQ_UNBOUND | WQ_HIGHPRI, 0);
		return fl->wq ? 0 : -ENOMEM;
	case FLOOR_ORDERED:
		fl->wq = alloc_ordered_workqueue("vcard-floor", WQ_HIGHPRI);
		return fl->wq ? 0 : -ENOMEM;
	default:
		fl->worker = kthread_run_worker(0, "vcard-floor");
		if (IS_ERR(fl->worker)) {
			int ret = PTR_ERR(fl->worker);

			fl->worker = NULL;
			return ret;
		}
		sched_set_fifo(fl->worker->task);
		/* it remembers the last worker */
		kthread_init_work(&fl->kwork, vcard_floor_kwork);
		return 0;
	}
}

static void vcard_floor_end(struct vcard_floor *fl)
{
	if (fl->worker)
		kthread_destroy_worker(fl->worker);
	else if (fl->wq != system_highpri_wq)
		destroy_workqueue(fl->wq);
	fl->worker = NULL;
}

static int vcard_floor(void *data, u64 val)
{
	struct vcard *vc = data;
	struct vcard_floor *fl = &vc->floor;
	int worker = READ_ONCE(floor_worker.value);
	int ret;

	if (val > MAX_FLOOR)
		return -EINVAL;

	mutex_lock(&fl->lock);
	ret = vcard_floor_begin(fl, worker);
	if (ret)
		goto unlock;

	while (val--) {
		reinit_completion(&fl->done);
		hrtimer_start(&fl->timer,
			      ms_to_ktime(FLOOR_MS + (u32)val % FLOOR_VARY_MS),
			      VCARD_REL);
		wait_for_completion(&fl->done);
		/* the work may be done before the interrupt that queued it */
		hrtimer_cancel(&fl->timer);

		trace_vcard_floor(vcard_floor_names[worker],
				  ktime_to_ns(ktime_sub(fl->queued, fl->start)),
				  ktime_to_ns(ktime_sub(fl->ran, fl->start)));

		if (signal_pending(current)) {
			ret = -EINTR;
			break;
		}
	}

	vcard_floor_end(fl);
unlock:
	mutex_unlock(&fl->lock);

	return ret;
}
DEFINE_DEBUGFS_ATTRIBUTE(vcard_floor_fops, NULL, vcard_floor, "%llu\n");

/*
 * What a suspend and a wake-up of the system do to the card, and to it alone: a
 * test guest has devices that do not survive the real thing.
 */
static int vcard_suspend(void *data, u64 val)
{
	struct vcard *vc = data;
	int ret;

	if (val != 1)
		return -EINVAL;

	ret = snd_soc_suspend(vc->dev);
	if (ret)
		return ret;

	return snd_soc_resume(vc->dev);
}
DEFINE_DEBUGFS_ATTRIBUTE(vcard_suspend_fops, NULL, vcard_suspend, "%llu\n");

static void vcard_init_debugfs(struct vcard *vc)
{
	vc->debugfs = debugfs_create_dir(DEBUGFS_NAME, NULL);

	debugfs_create_file("stats", 0444, vc->debugfs, vc, &vcard_stats_fops);
	debugfs_create_file("violations", 0444, vc->debugfs, vc,
			    &vcard_violations_fops);
	debugfs_create_file("state", 0444, vc->debugfs, vc, &vcard_state_fops);
	debugfs_create_file_unsafe("reset", 0200, vc->debugfs, vc,
				   &vcard_reset_fops);
	debugfs_create_file_unsafe("suspend", 0200, vc->debugfs, vc,
				   &vcard_suspend_fops);
	debugfs_create_file_unsafe("floor", 0200, vc->debugfs, vc,
				   &vcard_floor_fops);
}

/*
 * The card
 */

static unsigned int vcard_read(struct snd_soc_component *component,
			       unsigned int reg)
{
	struct vcard *vc = snd_soc_card_get_drvdata(component->card);

	return vc->regs[reg];
}

static int vcard_write(struct snd_soc_component *component, unsigned int reg,
		       unsigned int val)
{
	struct vcard *vc = snd_soc_card_get_drvdata(component->card);

	vc->regs[reg] = val;
	return 0;
}

/* as a codec that has to settle: whoever prepares a BE holds the mutex meanwhile */
static int vcard_speaker_event(struct snd_soc_dapm_widget *w,
			       struct snd_kcontrol *kcontrol, int event)
{
	unsigned int us = READ_ONCE(dapm_us);

	if (us)
		vcard_sleep(us);

	return 0;
}

static int vcard_component_probe(struct snd_soc_component *component)
{
	struct snd_soc_dapm_context *dapm = vcard_component_dapm(component);
	struct vcard *vc = snd_soc_card_get_drvdata(component->card);
	int ret;

	ret = snd_soc_dapm_new_controls(dapm, vc->widgets, vc->num_widgets);
	if (ret)
		return ret;

	return snd_soc_dapm_add_routes(dapm, vc->routes, vc->num_routes);
}

static const struct snd_soc_component_driver vcard_component = {
	.name		= DRV_NAME,
	.probe		= vcard_component_probe,
	.read		= vcard_read,
	.write		= vcard_write,
	.pointer	= vcard_pointer,
	.sync_stop	= vcard_sync_stop,
	.VCARD_PCM_NEW	= vcard_pcm_new,
	.compress_ops	= &vcard_compress_ops,

	/* else the card holds its own module for ever */
	.module_get_upon_open = 1,
};

/* A mixer with num switches, named prefix and number if any, in one register */
static int vcard_init_mixer(struct vcard *vc, struct snd_soc_dapm_widget *widget,
			    const char *name, const char *prefix,
			    unsigned int num, unsigned int reg)
{
	const struct snd_kcontrol_new single = SOC_DAPM_SINGLE("", 0, 0, 1, 0);
	const struct snd_soc_dapm_widget mixer =
		SND_SOC_DAPM_MIXER("", SND_SOC_NOPM, 0, 0, NULL, 0);
	struct snd_kcontrol_new *controls;
	struct soc_mixer_control *mc;
	unsigned int i;

	controls = devm_kcalloc(vc->dev, num, sizeof(*controls), GFP_KERNEL);
	mc = devm_kcalloc(vc->dev, num, sizeof(*mc), GFP_KERNEL);
	if (!controls || !mc || !name)
		return -ENOMEM;

	for (i = 0; i < num; i++) {
		mc[i] = *(struct soc_mixer_control *)single.private_value;
		mc[i].reg = reg;
		mc[i].rreg = reg;
		mc[i].shift = i;
		mc[i].rshift = i;

		controls[i] = single;
		controls[i].private_value = (unsigned long)&mc[i];
		controls[i].name = prefix ? devm_kasprintf(vc->dev, GFP_KERNEL,
							   "%s%u Switch", prefix, i) :
					    "Switch";
		if (!controls[i].name)
			return -ENOMEM;
	}

	*widget = mixer;
	widget->name = name;
	widget->kcontrol_news = controls;
	widget->num_kcontrols = num;

	return 0;
}

static int vcard_init_dapm(struct vcard *vc, struct snd_soc_dai_driver *dais)
{
	unsigned int num_fes = vcard_fes();
	unsigned int num_widgets = 2 * bes + fes + num_fes;
	struct snd_soc_dapm_widget *widgets, *out;
	struct snd_soc_dapm_route *routes, *r;
	unsigned int f, b;
	const struct snd_soc_dapm_widget speaker =
		SND_SOC_DAPM_SPK("", vcard_speaker_event);
	const char *name;
	int ret;

	widgets = devm_kcalloc(vc->dev, num_widgets, sizeof(*widgets), GFP_KERNEL);
	routes = devm_kcalloc(vc->dev, bes * (fes + num_fes) + num_widgets,
			      sizeof(*routes), GFP_KERNEL);
	if (!widgets || !routes)
		return -ENOMEM;

	memset(vc->regs, routed ? 0xff : 0, sizeof(vc->regs));
	out = &widgets[2 * bes + fes];
	r = routes;

	for (f = 0; f < num_fes; f++, r++) {
		unsigned int reg = MAX_BES + MAX_FES + f;

		name = devm_kasprintf(vc->dev, GFP_KERNEL, "FE%u Out", f);
		ret = vcard_init_mixer(vc, &out[f], name, NULL, 1, reg);
		if (ret)
			return ret;

		vc->regs[reg] = 1;
		r->sink = name;
		r->control = "Switch";
		r->source = dais[f].playback.stream_name;
	}

	for (b = 0; b < bes; b++) {
		name = devm_kasprintf(vc->dev, GFP_KERNEL, "BE%u Mixer", b);
		ret = vcard_init_mixer(vc, &widgets[b], name, "FE", num_fes, b);
		if (ret)
			return ret;

		for (f = 0; f < num_fes; f++, r++) {
			r->sink = name;
			r->control = widgets[b].kcontrol_news[f].name;
			r->source = out[f].name;
		}
		r->sink = dais[num_fes + b].playback.stream_name;
		r->source = name;
		r++;

		name = devm_kasprintf(vc->dev, GFP_KERNEL, "BE%u Speaker", b);
		if (!name)
			return -ENOMEM;
		widgets[bes + fes + b] = speaker;
		widgets[bes + fes + b].name = name;
		r->sink = name;
		r->source = dais[num_fes + b].playback.stream_name;
		r++;
	}

	for (f = 0; f < fes; f++) {
		name = devm_kasprintf(vc->dev, GFP_KERNEL, "FE%u Capture", f);
		ret = vcard_init_mixer(vc, &widgets[bes + f], name, "BE", bes,
				       MAX_BES + f);
		if (ret)
			return ret;

		for (b = 0; b < bes; b++, r++) {
			r->sink = name;
			r->control = widgets[bes + f].kcontrol_news[b].name;
			r->source = dais[num_fes + b].capture.stream_name;
		}
		r->sink = dais[f].capture.stream_name;
		r->source = name;
		r++;
	}

	vc->widgets = widgets;
	vc->num_widgets = num_widgets;
	vc->routes = routes;
	vc->num_routes = r - routes;

	return 0;
}

static int vcard_init_stream(struct vcard *vc, struct snd_soc_pcm_stream *stream,
			     const char *dai, const char *name)
{
	stream->stream_name = devm_kasprintf(vc->dev, GFP_KERNEL, "%s %s", dai,
					     name);
	if (!stream->stream_name)
		return -ENOMEM;

	stream->channels_min = 2;
	stream->channels_max = 2;
	stream->rates = SNDRV_PCM_RATE_44100 | SNDRV_PCM_RATE_48000;
	stream->rate_min = 44100;
	stream->rate_max = 48000;
	stream->formats = SNDRV_PCM_FMTBIT_S16_LE;

	return 0;
}

static bool vcard_fe_nonatomic(unsigned int fe)
{
	return fe_nonatomic || nonatomic_fe == (int)fe;
}

/* DAIs and links have the same order: the FEs, the compressed one, the BEs */
static int vcard_init_dai(struct vcard *vc, struct snd_soc_dai_driver *dai,
			  struct snd_soc_dai_link *link, unsigned int i)
{
	static struct snd_soc_dai_link_component dummy = {
		.name		= "snd-soc-dummy",
		.dai_name	= "snd-soc-dummy-dai",
	};
	struct snd_soc_dai_link_component *cpu;
	bool is_fe = i < vcard_fes();
	bool is_compressed = is_fe && i >= fes;
	unsigned int index = is_fe ? i : i - vcard_fes();
	int stream;
	int ret;

	cpu = devm_kzalloc(vc->dev, sizeof(*cpu), GFP_KERNEL);
	dai->name = devm_kasprintf(vc->dev, GFP_KERNEL, "%s%u",
				   is_fe ? "FE" : "BE", index);
	if (!cpu || !dai->name)
		return -ENOMEM;

	dai->id = i;
	if (is_compressed)
		vcard_dai_compressed(dai);
	else
		dai->ops = is_fe ? &vcard_fe_ops : &vcard_be_ops;
	ret = vcard_init_stream(vc, &dai->playback, dai->name, "Playback");
	if (ret)
		return ret;
	if (!is_compressed)
		ret = vcard_init_stream(vc, &dai->capture, dai->name, "Record");
	if (ret)
		return ret;

	cpu->name = dev_name(vc->dev);
	cpu->dai_name = dai->name;

	link->name = dai->name;
	link->stream_name = dai->name;
	link->id = index;
	link->cpus = cpu;
	link->num_cpus = 1;
	link->codecs = &dummy;
	link->num_codecs = 1;
	link->ignore_pmdown_time = 1;
	vcard_link_streams(link, !is_compressed);

	if (is_compressed) {
		link->dynamic = 1;
		vc->fe[index][SNDRV_PCM_STREAM_PLAYBACK].name = dai->name;
	} else if (is_fe) {
		link->dynamic = 1;
		link->nonatomic = vcard_fe_nonatomic(index);
		for_each_pcm_streams(stream) {
			link->trigger[stream] = trigger_order.value;
			vc->fe[index][stream].name = dai->name;
		}
	} else {
		link->no_pcm = 1;
		link->nonatomic = be_nonatomic;
		if (compress)
			link->be_hw_params_fixup = vcard_be_fixup;
		for_each_pcm_streams(stream)
			vc->be[index][stream].name = dai->name;
	}

	return 0;
}

static void vcard_destroy_worker(void *worker)
{
	kthread_destroy_worker(worker);
}

static int vcard_init_fe(struct vcard *vc, unsigned int i, int stream)
{
	struct vcard_fe *fe = &vc->fe[i][stream];
	struct kthread_worker *worker;

	fe->vc = vc;
	fe->stream = stream;
	fe->last_cmd = -1;
	raw_spin_lock_init(&fe->lock);
	hrtimer_setup(&fe->timer, vcard_fe_timer, CLOCK_MONOTONIC, VCARD_ABS);

	if (i >= fes || !vcard_fe_nonatomic(i))
		return 0;

	/* as the thread of a threaded interrupt */
	kthread_init_work(&fe->work, vcard_fe_work);
	worker = kthread_run_worker(0, "vcard-FE%u%c", i, stream ? 'c' : 'p');
	if (IS_ERR(worker))
		return PTR_ERR(worker);
	sched_set_fifo(worker->task);
	fe->worker = worker;

	return devm_add_action_or_reset(vc->dev, vcard_destroy_worker, worker);
}

static void vcard_init_be(struct vcard *vc, unsigned int i, int stream)
{
	struct vcard_be *be = &vc->be[i][stream];

	be->vc = vc;
	be->index = i;
	be->stream = stream;
	raw_spin_lock_init(&be->lock);
	hrtimer_setup(&be->stop_timer, vcard_be_stop, CLOCK_MONOTONIC, VCARD_REL);
}

static int vcard_init_streams(struct vcard *vc)
{
	unsigned int i;
	int stream;
	int ret;

	for (i = 0; i < vcard_fes(); i++) {
		for_each_pcm_streams(stream) {
			ret = vcard_init_fe(vc, i, stream);
			if (ret)
				return ret;
		}
	}

	for (i = 0; i < bes; i++)
		for_each_pcm_streams(stream)
			vcard_init_be(vc, i, stream);

	return 0;
}

static void vcard_init_floor(struct vcard_floor *fl)
{
	mutex_init(&fl->lock);
	init_completion(&fl->done);
	INIT_WORK(&fl->work, vcard_floor_work);
	hrtimer_setup(&fl->timer, vcard_floor_timer, CLOCK_MONOTONIC, VCARD_REL);
}

/* Runs when the card is gone: whatever still runs will run for ever. */
static void vcard_exit(void *data)
{
	struct vcard *vc = data;
	struct vcard_be *be;
	unsigned int i;
	int stream;

	debugfs_remove_recursive(vc->debugfs);

	for (i = 0; i < bes; i++) {
		for_each_pcm_streams(stream) {
			be = &vc->be[i][stream];
			if (vcard_be_runs(be))
				vcard_violation(be, LEFT_RUNNING, "unbind",
						BE_RUNNING);
		}
	}
}

static int vcard_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct snd_soc_dai_driver *dais;
	struct snd_soc_dai_link *links;
	unsigned int num = vcard_fes() + bes;
	struct snd_soc_card *card;
	struct vcard *vc;
	unsigned int i;
	int ret;

	vc = devm_kzalloc(dev, sizeof(*vc), GFP_KERNEL);
	dais = devm_kcalloc(dev, num, sizeof(*dais), GFP_KERNEL);
	links = devm_kcalloc(dev, num, sizeof(*links), GFP_KERNEL);
	if (!vc || !dais || !links)
		return -ENOMEM;

	vc->dev = dev;
	raw_spin_lock_init(&vc->fail_lock);
	vcard_init_floor(&vc->floor);

	ret = vcard_init_streams(vc);
	if (ret)
		return ret;

	for (i = 0; i < num; i++) {
		ret = vcard_init_dai(vc, &dais[i], &links[i], i);
		if (ret)
			return ret;
	}

	ret = vcard_init_dapm(vc, dais);
	if (ret)
		return ret;

	card = &vc->card;
	card->name = CARD_NAME;
	card->long_name = "Virtual DPCM card";
	card->owner = THIS_MODULE;
	card->dev = dev;
	card->dai_link = links;
	card->num_links = num;
	snd_soc_card_set_drvdata(card, vc);

	/* before the card, to run after it has gone */
	ret = devm_add_action_or_reset(dev, vcard_exit, vc);
	if (ret)
		return ret;

	ret = devm_snd_soc_register_component(dev, &vcard_component, dais, num);
	if (ret)
		return ret;

	ret = devm_snd_soc_register_card(dev, card);
	if (ret)
		return ret;

	vcard_init_debugfs(vc);
	return 0;
}

static struct platform_driver vcard_driver = {
	.driver = {
		.name	= DRV_NAME,
		.pm	= &snd_soc_pm_ops,
	},
	.probe = vcard_probe,
};

static struct platform_device *vcard_device;

static int __init vcard_module_init(void)
{
	int ret;

	if (fes < 1 || fes > MAX_FES) {
		pr_err("fes=%u: not in 1..%u\n", fes, MAX_FES);
		return -EINVAL;
	}
	if (bes < 1 || bes > MAX_BES) {
		pr_err("bes=%u: not in 1..%u\n", bes, MAX_BES);
		return -EINVAL;
	}

	if (compress && !IS_ENABLED(CONFIG_SND_SOC_COMPRESS)) {
		pr_err("compress=1: this kernel has no CONFIG_SND_SOC_COMPRESS\n");
		return -EOPNOTSUPP;
	}
	if (vcard_fes() > MAX_FES) {
		pr_err("compress=1: no more than %u FEs with fes=%u\n", MAX_FES, fes);
		return -EINVAL;
	}

	ret = platform_driver_register(&vcard_driver);
	if (ret)
		return ret;

	vcard_device = platform_device_register_simple(DRV_NAME,
						       PLATFORM_DEVID_NONE,
						       NULL, 0);
	if (IS_ERR(vcard_device)) {
		platform_driver_unregister(&vcard_driver);
		return PTR_ERR(vcard_device);
	}

	return 0;
}
module_init(vcard_module_init);

static void __exit vcard_module_exit(void)
{
	platform_device_unregister(vcard_device);
	platform_driver_unregister(&vcard_driver);
}
module_exit(vcard_module_exit);

MODULE_DESCRIPTION("Virtual ASoC card for tests of Dynamic PCM");
MODULE_LICENSE("GPL");
