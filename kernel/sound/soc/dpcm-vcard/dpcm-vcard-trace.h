/* SPDX-License-Identifier: GPL-2.0 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM dpcm_vcard

#if !defined(_DPCM_VCARD_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _DPCM_VCARD_TRACE_H

#include <linux/tracepoint.h>
#include "dpcm-vcard-compat.h"

DECLARE_EVENT_CLASS(vcard_irq,
		    TP_PROTO(const char *card, const char *fe, int stream, u64 irq_ns,
			     bool hardirq),
		    TP_ARGS(card, fe, stream, irq_ns, hardirq),
		    TP_STRUCT__entry(__string(card, card)
				     __string(fe, fe)
				     __field(int, stream)
				     __field(u64, irq_ns)
				     __field(u32, hardirq)
				    ),
		    TP_fast_assign(vcard_assign_str(card, card);
				   vcard_assign_str(fe, fe);
				   __entry->stream = stream;
				   __entry->irq_ns = irq_ns;
				   __entry->hardirq = hardirq;
				  ),
		    TP_printk("card=%s fe=%s stream=%d irq_ns=%llu hardirq=%u",
			      __get_str(card), __get_str(fe), __entry->stream,
			      __entry->irq_ns, __entry->hardirq)
);

/* The DMA interrupt found an xrun; irq_ns is the time that this took. */
DEFINE_EVENT(vcard_irq, vcard_xrun,
	     TP_PROTO(const char *card, const char *fe, int stream, u64 irq_ns,
		      bool hardirq),
	     TP_ARGS(card, fe, stream, irq_ns, hardirq)
);

/*
 * The DMA interrupt found no xrun; irq_ns is the time in its handler. Of a
 * nonatomic FE that is the interrupt that wakes the thread, whatever that finds.
 */
DEFINE_EVENT(vcard_irq, vcard_period,
	     TP_PROTO(const char *card, const char *fe, int stream, u64 irq_ns,
		      bool hardirq),
	     TP_ARGS(card, fe, stream, irq_ns, hardirq)
);

/* A BE's trigger callback ended; ns is the time that it took. */
TRACE_EVENT(vcard_be_trigger,
	    TP_PROTO(const char *card, const char *be, int stream, int cmd,
		     u64 ns, int ret, bool hardirq),
	    TP_ARGS(card, be, stream, cmd, ns, ret, hardirq),
	    TP_STRUCT__entry(__string(card, card)
			     __string(be, be)
			     __field(int, stream)
			     __field(int, cmd)
			     __field(u64, ns)
			     __field(int, ret)
			     __field(u32, hardirq)
			    ),
	    TP_fast_assign(vcard_assign_str(card, card);
			   vcard_assign_str(be, be);
			   __entry->stream = stream;
			   __entry->cmd = cmd;
			   __entry->ns = ns;
			   __entry->ret = ret;
			   __entry->hardirq = hardirq;
			  ),
	    TP_printk("card=%s be=%s stream=%d cmd=%d ns=%llu ret=%d hardirq=%u",
		      __get_str(card), __get_str(be), __entry->stream,
		      __entry->cmd, __entry->ns, __entry->ret,
		      __entry->hardirq)
);

/* An empty work item, queued in a hard interrupt, has run. */
TRACE_EVENT(vcard_floor,
	    TP_PROTO(const char *worker, u64 queue_ns, u64 wake_ns),
	    TP_ARGS(worker, queue_ns, wake_ns),
	    TP_STRUCT__entry(__string(worker, worker)
			     __field(u64, queue_ns)
			     __field(u64, wake_ns)
			    ),
	    TP_fast_assign(vcard_assign_str(worker, worker);
			   __entry->queue_ns = queue_ns;
			   __entry->wake_ns = wake_ns;
			  ),
	    TP_printk("worker=%s queue_ns=%llu wake_ns=%llu",
		      __get_str(worker), __entry->queue_ns, __entry->wake_ns)
);

#endif /* _DPCM_VCARD_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE dpcm-vcard-trace
#include <trace/define_trace.h>
