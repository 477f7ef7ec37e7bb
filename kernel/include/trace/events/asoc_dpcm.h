/* SPDX-License-Identifier: GPL-2.0 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM asoc_dpcm

#if !defined(_TRACE_ASOC_DPCM_H) || defined(TRACE_HEADER_MULTI_READ)
#define _TRACE_ASOC_DPCM_H

#include <linux/tracepoint.h>
#include <sound/soc.h>

/*
 * One trigger command on its way from an FE to its BEs.  card, fe, stream and
 * seq together join the events of one command; seq is 0 where the BEs are
 * triggered without a queue.
 */

DECLARE_EVENT_CLASS(dpcm_be_trigger,
		    TP_PROTO(struct snd_soc_pcm_runtime *fe, struct snd_soc_pcm_runtime *be,
			     int stream, int cmd, u32 seq, int ret),
		    TP_ARGS(fe, be, stream, cmd, seq, ret),
		    TP_STRUCT__entry(__string(card, fe->card->name)
				     __string(fe, fe->dai_link->name)
				     __string(be, be->dai_link->name)
				     __field(int, stream)
				     __field(int, cmd)
				     __field(u32, seq)
				     __field(int, ret)),
		    TP_fast_assign(__assign_str(card);
				   __assign_str(fe);
				   __assign_str(be);
				   __entry->stream = stream;
				   __entry->cmd = cmd;
				   __entry->seq = seq;
				   __entry->ret = ret;),
		    TP_printk("card=%s fe=%s be=%s stream=%d cmd=%d seq=%u ret=%d",
			      __get_str(card), __get_str(fe), __get_str(be),
			      __entry->stream, __entry->cmd, __entry->seq, __entry->ret));

DEFINE_EVENT(dpcm_be_trigger, dpcm_be_trigger_start,
	     TP_PROTO(struct snd_soc_pcm_runtime *fe, struct snd_soc_pcm_runtime *be,
		      int stream, int cmd, u32 seq, int ret),
	     TP_ARGS(fe, be, stream, cmd, seq, ret));

DEFINE_EVENT(dpcm_be_trigger, dpcm_be_trigger_end,
	     TP_PROTO(struct snd_soc_pcm_runtime *fe, struct snd_soc_pcm_runtime *be,
		      int stream, int cmd, u32 seq, int ret),
	     TP_ARGS(fe, be, stream, cmd, seq, ret));

DECLARE_EVENT_CLASS(dpcm_trigger,
		    TP_PROTO(struct snd_soc_pcm_runtime *fe, int stream, int cmd, u32 seq),
		    TP_ARGS(fe, stream, cmd, seq),
		    TP_STRUCT__entry(__string(card, fe->card->name)
				     __string(fe, fe->dai_link->name)
				     __field(int, stream)
				     __field(int, cmd)
				     __field(u32, seq)),
		    TP_fast_assign(__assign_str(card);
				   __assign_str(fe);
				   __entry->stream = stream;
				   __entry->cmd = cmd;
				   __entry->seq = seq;),
		    TP_printk("card=%s fe=%s stream=%d cmd=%d seq=%u",
			      __get_str(card), __get_str(fe),
			      __entry->stream, __entry->cmd, __entry->seq));

/* a pause and a release met in the queue, or a failed start emptied it */
DEFINE_EVENT(dpcm_trigger, dpcm_trigger_cancel,
	     TP_PROTO(struct snd_soc_pcm_runtime *fe, int stream, int cmd, u32 seq),
	     TP_ARGS(fe, stream, cmd, seq));

TRACE_EVENT(dpcm_trigger_queue,
	    TP_PROTO(struct snd_soc_pcm_runtime *fe, int stream, int cmd, u32 seq,
		     unsigned int depth),
	    TP_ARGS(fe, stream, cmd, seq, depth),
	    TP_STRUCT__entry(__string(card, fe->card->name)
			     __string(fe, fe->dai_link->name)
			     __field(int, stream)
			     __field(int, cmd)
			     __field(u32, seq)
			     __field(u32, depth)),
	    TP_fast_assign(__assign_str(card);
			   __assign_str(fe);
			   __entry->stream = stream;
			   __entry->cmd = cmd;
			   __entry->seq = seq;
			   __entry->depth = depth;),
	    TP_printk("card=%s fe=%s stream=%d cmd=%d seq=%u depth=%u",
		      __get_str(card), __get_str(fe), __entry->stream,
		      __entry->cmd, __entry->seq, __entry->depth));

/*
 * Tools read a field "inline", a name that a member cannot have: in_line is
 * for the text, and its double gets the name by hand.
 */
#ifdef __CHECKER__
#define DPCM_FIELD_INLINE	FILTER_OTHER
#else
#define DPCM_FIELD_INLINE	FILTER_OTHER, .name = "inline"
#endif

__diag_push();
__diag_ignore(GCC, 8, "-Woverride-init", "the name of a field, see above");

TRACE_EVENT(dpcm_trigger_run,
	    TP_PROTO(struct snd_soc_pcm_runtime *fe, int stream, int cmd, u32 seq,
		     bool in_line, u64 wait_ns, u64 lock_ns),
	    TP_ARGS(fe, stream, cmd, seq, in_line, wait_ns, lock_ns),
	    TP_STRUCT__entry(__string(card, fe->card->name)
			     __string(fe, fe->dai_link->name)
			     __field(int, stream)
			     __field(int, cmd)
			     __field(u32, seq)
			     __field(u32, in_line)
			     __field_ext(u32, in_line_, DPCM_FIELD_INLINE)
			     __field(u64, wait_ns)
			     __field(u64, lock_ns)),
	    TP_fast_assign(__assign_str(card);
			   __assign_str(fe);
			   __entry->stream = stream;
			   __entry->cmd = cmd;
			   __entry->seq = seq;
			   __entry->in_line = in_line;
			   __entry->in_line_ = in_line;
			   __entry->wait_ns = wait_ns;
			   __entry->lock_ns = lock_ns;),
	    TP_printk("card=%s fe=%s stream=%d cmd=%d seq=%u inline=%u wait_ns=%llu lock_ns=%llu",
		      __get_str(card), __get_str(fe), __entry->stream,
		      __entry->cmd, __entry->seq, __entry->in_line,
		      __entry->wait_ns, __entry->lock_ns));

__diag_pop();

TRACE_EVENT(dpcm_trigger_done,
	    TP_PROTO(struct snd_soc_pcm_runtime *fe, int stream, int cmd, u32 seq,
		     unsigned int bes, int ret, u64 total_ns),
	    TP_ARGS(fe, stream, cmd, seq, bes, ret, total_ns),
	    TP_STRUCT__entry(__string(card, fe->card->name)
			     __string(fe, fe->dai_link->name)
			     __field(int, stream)
			     __field(int, cmd)
			     __field(u32, seq)
			     __field(u32, bes)
			     __field(int, ret)
			     __field(u64, total_ns)),
	    TP_fast_assign(__assign_str(card);
			   __assign_str(fe);
			   __entry->stream = stream;
			   __entry->cmd = cmd;
			   __entry->seq = seq;
			   __entry->bes = bes;
			   __entry->ret = ret;
			   __entry->total_ns = total_ns;),
	    TP_printk("card=%s fe=%s stream=%d cmd=%d seq=%u bes=%u ret=%d total_ns=%llu",
		      __get_str(card), __get_str(fe), __entry->stream,
		      __entry->cmd, __entry->seq, __entry->bes, __entry->ret,
		      __entry->total_ns));

#endif /* _TRACE_ASOC_DPCM_H */

#include <trace/define_trace.h>
