/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What differs between the kernels that the virtual card builds on. The
 * VCARD_HAVE_* come from Kbuild, which looks into the headers.
 */

#ifndef _DPCM_VCARD_COMPAT_H
#define _DPCM_VCARD_COMPAT_H

#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <sound/pcm.h>
#include <sound/soc.h>

#ifndef in_hardirq
#define in_hardirq() in_irq()
#endif

#ifndef VCARD_HAVE_HRTIMER_SETUP
static inline void hrtimer_setup(struct hrtimer *timer,
				 enum hrtimer_restart (*function)(struct hrtimer *),
				 clockid_t clock_id, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock_id, mode);
	timer->function = function;
}
#endif

#ifndef VCARD_HAVE_KTHREAD_RUN_WORKER
#define kthread_run_worker kthread_create_worker
#endif

/* __assign_str() has lost its second argument */
#ifdef VCARD_HAVE_ASSIGN_STR_SRC
#define vcard_assign_str(dst, src) __assign_str(dst, src)
#else
#define vcard_assign_str(dst, ...) __assign_str(dst)
#endif

/* the component's callback that sets up a new PCM */
#ifdef VCARD_HAVE_PCM_NEW
#define VCARD_PCM_NEW pcm_new
#else
#define VCARD_PCM_NEW pcm_construct
#endif

/* what a compressed stream's position is told in */
#ifdef VCARD_HAVE_COMPR_TSTAMP64
#define vcard_compr_tstamp snd_compr_tstamp64
#else
#define vcard_compr_tstamp snd_compr_tstamp
#endif

static inline snd_pcm_state_t vcard_pcm_state(struct snd_pcm_substream *substream)
{
#ifdef VCARD_HAVE_PCM_SET_STATE
	return READ_ONCE(substream->runtime->state);
#else
	return READ_ONCE(substream->runtime->status->state);
#endif
}

static inline struct snd_soc_dapm_context *
vcard_component_dapm(struct snd_soc_component *component)
{
#ifdef VCARD_HAVE_COMPONENT_TO_DAPM
	return snd_soc_component_to_dapm(component);
#else
	return snd_soc_component_get_dapm(component);
#endif
}

/* without the flags the DAIs alone decide */
static inline void vcard_link_streams(struct snd_soc_dai_link *link, bool capture)
{
#ifdef VCARD_HAVE_DPCM_PLAYBACK
	link->dpcm_playback = 1;
	link->dpcm_capture = capture;
#endif
}

/* has the FE of this DAI set up as a compressed one */
static inline void vcard_dai_compressed(struct snd_soc_dai_driver *dai)
{
#ifdef VCARD_HAVE_OPS_COMPRESS_NEW
	static const struct snd_soc_dai_ops ops = {
		.compress_new = snd_soc_new_compress,
	};

	dai->ops = &ops;
#else
	dai->compress_new = snd_soc_new_compress;
#endif
}

/* the mutex of the DPCM lists; where dpcm_lock exists they are older than pcm_mutex's use */
static inline struct mutex *vcard_list_mutex(struct snd_soc_card *card)
{
#ifdef VCARD_HAVE_DPCM_LOCK
	return &card->mutex;
#else
	return &card->pcm_mutex;
#endif
}

static inline void vcard_list_lock(struct snd_soc_card *card)
{
#ifdef VCARD_HAVE_DPCM_LOCK
	mutex_lock_nested(&card->mutex, SND_SOC_CARD_CLASS_RUNTIME);
#else
	mutex_lock(&card->pcm_mutex);
#endif
}

static inline void vcard_list_unlock(struct snd_soc_card *card)
{
	mutex_unlock(vcard_list_mutex(card));
}

#endif /* _DPCM_VCARD_COMPAT_H */
