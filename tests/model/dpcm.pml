/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A model of deferred DPCM triggers, for spin; run.sh checks it.
 *
 * What is modelled, and where it is in the kernel:
 *   app      the system calls of an FE that take the mutex, in any order the PCM
 *            core allows: snd_pcm_hw_params(), _prepare(), _hw_free(),
 *            _release_substream(), each with snd_pcm_sync_stop() and
 *            dpcm_fe_dai_*() below it, and the drains of
 *            dpcm_set_fe_update_state()
 *   ctl      what takes the stream lock only and comes at any moment: the
 *            interrupt with an xrun or the end of a drain, and another thread's
 *            START, DRAIN, PAUSE, RELEASE, DROP and RESUME
 *   drainer  __dpcm_deferred_drain() and dpcm_deferred_run(): a function, whose
 *            callers wait for it, written once; dpcm_deferred_start_failed()
 *   worker   dpcm_deferred_work()
 *   router   a mixer switch: snd_soc_dpcm_runtime_update()
 *   pm       snd_soc_suspend(), with the applications frozen
 *   unbind   snd_pcm_dev_disconnect(), soc_cleanup_card_resources()
 *   be_dai   the time a BE takes while others need not wait (MODE_STOP)
 * trigger() is dpcm_fe_dai_trigger() with dpcm_deferred_trigger(); queue_cmd()
 * is dpcm_queue_cmd() and dpcm_queue_add(); be_trigger_one() the body of
 * dpcm_be_dai_trigger() with the start and pause references of the links; be_*()
 * are dpcm_be_dai_*(); update_fe() is soc_dpcm_fe_runtime_update().
 *
 * What is checked: every BE trigger under the mutex (mode all), and its runtime
 * that of an open FE; each FE and BE gets legal commands only (not started
 * twice, not stopped when stopped, not paused when stopped ..., not prepared,
 * freed or closed while it runs); whenever the mutex is given back and nothing
 * is queued, the BEs, the FE's own DMA and the PCM core agree on who runs, which
 * with the former says that the order is kept and nothing lost; the queue does
 * not overrun; the operations on an FE, a suspend and an unbind find its queue
 * empty, though a drain runs only what was queued when it began, and the work
 * item is on its way to the rest; no buffer goes while the FE's DMA uses it; a
 * suspend leaves nothing running; nothing touches the card after unbind; no
 * deadlock; and (LIVE) all that is queued is run or cancelled, and a drain ends.
 *
 * What is abstracted: what happens under a lock that is held all along is one
 * step, so a stream lock is a variable only where BEs are triggered under it
 * (locked[]: MODE_STOP). A link that is removed takes its reference along. A
 * START that the link was too late for is made up for by the RELEASE or RESUME
 * that follows. Refused and failing calls change nothing and are left out, but
 * for a BE that fails to start (FAIL). The test in snd_pcm_pre_start() and
 * snd_pcm_pre_prepare() that keeps a START out of a prepare is atomic, which
 * in the PCM core it is not quite. A hw_params that runs into the disconnect is
 * not checked for its buffer (DISCONNECT_RACE does). One direction, no change of
 * the mode; of linked streams only that snd_pcm_stop() may unlock one (LINKED).
 *
 * NFE, NBE: FEs and BEs. PRE: the FEs' trigger order, else POST. MODE_STOP: mode
 * stop, else all. PAUSES, DRAINS, SUSPENDS, ROUTES, UNBINDS, FAIL: what there is
 * besides open, prepare, start, xrun and close. FEW: no hw_params and hw_free in
 * the middle; STAY: the second FE starts once and runs on. M_*: mutants, each of
 * which must be rejected.
 */
#ifndef NFE
#define NFE	1
#endif
#ifndef NBE
#define NBE	1
#endif
#define QSIZE	8		/* DPCM_QUEUE_SIZE */

/* commands; the stopping ones are odd */
#define START	2
#define STOP	3
#define RELEASE	4
#define PUSH	5
#define RESUME	6
#define SUSPEND	7
#define DRAIN	8
#define IS_STOP(c)	((c) & 1)
#define IS_GO(c)	((c) == START || (c) == RELEASE || (c) == RESUME)
#define IS_PAIR(a, b)	(((a) == PUSH && (b) == RELEASE) || ((a) == RELEASE && (b) == PUSH))

/* halves */
#define HFE	1
#define HBE	2

/* runtime->state; CLOSED: there is no runtime */
#define CLOSED		0
#define OPEN		1
#define SETUP		2
#define PREPARED	3
#define RUNNING		4
#define XRUN		5
#define DRAINING	6
#define PAUSED		7
#define SUSPENDED	8
#define DISCONNECTED	9
#define IS_RUNNING(s)	((s) == RUNNING || (s) == DRAINING)

/* dpcm[].state of FEs and BEs */
#define D_CLOSE		0
#define D_OPEN		1
#define D_PARAMS	2
#define D_PREPARE	3
#define D_START		4
#define D_STOP		5
#define D_PAUSED	6
#define D_SUSPEND	7
#define D_FREE		8

/* runtime_update of an FE */
#define UPD_NO	0
#define UPD_BE	1
#define UPD_FE	2

/* a link, and what it holds of its BE */
#define L_GONE	0
#define L_NONE	1
#define L_START	2
#define L_PAUSE	3
#define L_SUSP	4

/* what the hardware of a DAI does */
#define H_OFF	0
#define H_READY	1	/* prepared, or stopped */
#define H_RUN	2
#define H_PAUSE	3
#define H_SUSP	4

/* the PCM core's side of an FE; what its stream lock guards */
byte core[NFE];			/* runtime->state */
byte susp_state[NFE];		/* runtime->suspended_state */
bit stop_op[NFE];		/* runtime->stop_operating */
bit acc[NFE];			/* runtime->buffer_accessing < 0 */
bit busy[NFE];			/* a process is inside a system call */
byte fe_hw[NFE];		/* the FE's own DMA */

/* DPCM's side */
byte fe_st[NFE];
byte upd[NFE];
byte lk[NFE * NBE];
bit route[NFE * NBE] = 1;
byte be_st[NBE];
byte be_hw[NBE];
byte users[NBE];
byte be_rt[NBE];		/* be_substream->runtime: its FE + 1 */
bit be_upd[NBE];
byte in_trig[NBE];		/* a synchronous trigger runs: the runtime it uses */
bit in_op[NBE];			/* hw_params, prepare, hw_free or close runs */

byte q_cmd[NFE * QSIZE];
byte q_half[NFE * QSIZE];
byte depth[NFE];
byte bound[NFE];		/* of these, what the drain that runs will run */
bit running[NFE];		/* q->running */
byte run_cmd[NFE], run_half[NFE];
bit work[NFE];			/* the work item is pending, or */
bit working[NFE];		/* being run */

byte mtx;			/* pcm_mutex: who has it */
bit locked[NFE];		/* a stream lock is held over more than one step */
bit frozen, gone, freed;

#define APP_PID		1	/* after the drainer */
#define FE_ME(f)	((f) + 1)
#define WORK_ME(f)	((f) + 3)
#define CTL_ME		5
#define ROUTE_ME	6
#define UNBIND_ME	7

#define LK(f, b)	lk[(f) * NBE + (b)]
#define ROUTE(f, b)	route[(f) * NBE + (b)]
#define Q(a, f, i)	a[(f) * QSIZE + (i)]
#if NFE == 1
#define COUNT(b, h)	(LK(0, b) == (h))
#define OTHER(f, b, s)	false
#else
#define COUNT(b, h)	((LK(0, b) == (h)) + (LK(1, b) == (h)))
/* another FE of the BE is in that state: snd_soc_dpcm_check_state() */
#define OTHER(f, b, s)	(LK(1 - (f), b) != L_GONE && fe_st[1 - (f)] == (s))
#endif
/* the second FE runs on, once started */
#ifdef STAY
#define CLOSES(f)	(f == 0)
#else
#define CLOSES(f)	(true)
#endif

#define CAN_UPDATE(f, b)	(upd[f] == UPD_FE || (upd[f] == UPD_BE && be_upd[b]))

#ifdef PRE
#define FE_FIRST(c)	(!IS_STOP(c))
#else
#define FE_FIRST(c)	IS_STOP(c)
#endif

/* dpcm_fe_half_may_run() */
#ifdef M_FE_HALF
#define MAY_RUN(f)	(true)
#else
#define MAY_RUN(f)	(depth[f] == 0 && !running[f] && upd[f] != UPD_FE)
#endif

/* dpcm_deferred_wants() */
#ifdef MODE_STOP
#ifdef M_START_SYNC
#define WANTS(f, c)	IS_STOP(c)
#else
#define WANTS(f, c)	(IS_STOP(c) || depth[f] || running[f] || upd[f] != UPD_NO)
#endif
#else
#define WANTS(f, c)	(true)
#endif

/* the deepest queue of all states visited; not part of the state */
c_decl {
	static int max_depth;
	static void say_max_depth(void) { printf("max queue depth %d\n", max_depth); }
	__attribute__((constructor)) static void setup(void) { atexit(say_max_depth); }
}

/*
 * The hardware
 */

/* soc_pcm_trigger() of an FE */
inline fe_half(f, c)
{
	if
	:: c == START	-> assert(fe_hw[f] == H_OFF); fe_hw[f] = H_RUN
	:: c == STOP	-> fe_hw[f] = H_OFF
	:: c == PUSH	-> assert(fe_hw[f] == H_RUN); fe_hw[f] = H_PAUSE
	:: c == RELEASE	-> assert(fe_hw[f] == H_PAUSE); fe_hw[f] = H_RUN
	:: c == SUSPEND	-> assert(fe_hw[f] == H_RUN); fe_hw[f] = H_SUSP
	:: c == RESUME	-> assert(fe_hw[f] == H_SUSP); fe_hw[f] = H_RUN
	:: c == DRAIN	-> assert(fe_hw[f] == H_RUN)
	fi
}

/* P2; and the runtime of a BE is that of an FE that is open */
#ifdef MODE_STOP
#define CHECK_MUTEX(me)		true
#else
#define CHECK_MUTEX(me)		(mtx == (me))
#endif
#define CHECK_RUNTIME(b)	(be_rt[b] != 0 && core[be_rt[b] - 1] != CLOSED)

/* soc_pcm_trigger() of a BE */
inline be_half(b, c, me)
{
	assert(CHECK_MUTEX(me));
	assert(CHECK_RUNTIME(b));
	assert(!in_op[b]);
	if
	:: c == START	-> assert(be_hw[b] == H_READY); be_hw[b] = H_RUN
	:: c == STOP	-> assert(be_hw[b] == H_RUN || be_hw[b] == H_PAUSE); be_hw[b] = H_READY
	:: c == PUSH	-> assert(be_hw[b] == H_RUN); be_hw[b] = H_PAUSE
	:: c == RELEASE	-> assert(be_hw[b] == H_PAUSE); be_hw[b] = H_RUN
	:: c == SUSPEND	-> assert(be_hw[b] == H_RUN); be_hw[b] = H_SUSP
	:: c == RESUME	-> assert(be_hw[b] == H_SUSP); be_hw[b] = H_RUN
	fi;
#ifdef MODE_STOP
	if
	:: locked[f] -> in_trig[b] = be_rt[b]; (in_trig[b] == 0)
	:: else
	fi
#endif
}

/* hw_params, prepare, hw_free or close of a BE takes its time */
inline be_op(b, me)
{
	assert(mtx == (me));
	assert(CHECK_RUNTIME(b));
	assert(be_hw[b] != H_RUN);	/* P4 */
	assert(in_trig[b] == 0);
}

#ifdef MODE_STOP
#define SLOWLY(b)	in_op[b] = 1; (!in_op[b]);
#else
#define SLOWLY(b)
#endif

/*
 * dpcm_be_dai_trigger() for one BE, under its stream lock, with the references
 * of the repaired accounting: a link gives back only what it holds.
 */
inline be_trigger_one(f, b, c, me)
{
	(in_trig[b] == 0);
	if
	:: LK(f, b) == L_GONE || !CAN_UPDATE(f, b)
	:: else ->
		if
		:: IS_GO(c) && LK(f, b) == L_NONE && COUNT(b, L_START) == 0 &&
		   (be_st[b] == D_PREPARE || be_st[b] == D_STOP) -> x = START
		:: IS_GO(c) && (LK(f, b) == L_NONE || LK(f, b) == L_PAUSE) &&
		   COUNT(b, L_START) == 0 && be_st[b] == D_PAUSED -> x = RELEASE
		:: c == START && LK(f, b) == L_PAUSE && COUNT(b, L_START) == 0 &&
		   (be_st[b] == D_PREPARE || be_st[b] == D_STOP) -> x = START
		:: c == START && LK(f, b) == L_SUSP && COUNT(b, L_START) == 0 &&
		   (be_st[b] == D_PREPARE || be_st[b] == D_STOP) -> x = START
		:: c == START && LK(f, b) == L_SUSP && COUNT(b, L_START) == 0 &&
		   be_st[b] == D_PAUSED -> x = RELEASE
		:: c == RESUME && LK(f, b) == L_SUSP && be_st[b] == D_SUSPEND -> x = RESUME
		:: IS_GO(c) && COUNT(b, L_START) > 0 -> LK(f, b) = L_START
#ifdef M_REFERENCE
		/* before repair 2: any link takes one back */
		:: c == STOP && be_st[b] == D_START -> LK(f, b) = L_NONE; x = STOP
#else
		:: c == STOP && (LK(f, b) == L_START || LK(f, b) == L_PAUSE) ->
			LK(f, b) = L_NONE;
			if
			:: COUNT(b, L_START) > 0
			:: COUNT(b, L_START) == 0 && be_st[b] != D_START &&
			   (be_st[b] != D_PAUSED || COUNT(b, L_PAUSE) > 0)
			:: be_st[b] == D_START && COUNT(b, L_START) == 0 && COUNT(b, L_PAUSE) > 0 ->
				x = PUSH
			:: else -> x = STOP
			fi
#endif
		:: (c == SUSPEND || c == PUSH) && LK(f, b) == L_START ->
			LK(f, b) = (c == PUSH -> L_PAUSE : L_SUSP);
			if
			:: COUNT(b, L_START) > 0
			:: else -> x = c
			fi
		:: else
		fi;
		if
		:: x && IS_GO(x) ->
			if
			:: true -> LK(f, b) = L_START; be_st[b] = D_START; be_half(b, x, me)
#ifdef FAIL
			:: ret = 1
#endif
			fi
		:: x && !IS_GO(x) ->
			be_st[b] = (x == STOP -> D_STOP : (x == PUSH -> D_PAUSED : D_SUSPEND));
			be_half(b, x, me)
		:: else
		fi;
		x = 0
	fi
}

/* dpcm_be_dai_trigger(): stops at the first error */
inline be_trigger(f, c, me)
{
	do
	:: atomic { b < NBE && !ret -> be_trigger_one(f, b, c, me); b++ }
	:: atomic { else -> b = 0; break }
	od
}

/* dpcm_fe_set_state() */
inline fe_set_state(f, c)
{
	if
	:: c == START || c == RESUME || c == RELEASE -> fe_st[f] = D_START
	:: c == STOP	-> fe_st[f] = D_STOP
	:: c == SUSPEND	-> fe_st[f] = D_SUSPEND
	:: c == PUSH	-> fe_st[f] = D_PAUSED
	:: else
	fi
}

/*
 * The queue
 */

inline q_append(f, c)
{
	assert(depth[f] < QSIZE);	/* P5 */
	Q(q_cmd, f, depth[f]) = c;
	Q(q_half, f, depth[f]) = h;
	depth[f]++;
	c_code { if (now.depth[0] > max_depth) max_depth = now.depth[0]; };
}

inline q_cut(f)
{
	depth[f]--;
	Q(q_cmd, f, depth[f]) = 0;
	Q(q_half, f, depth[f]) = 0;
	if
	:: bound[f] > depth[f] -> bound[f] = depth[f]
	:: else
	fi
}

/* dpcm_queue_pop() */
inline q_pop(f)
{
	run_cmd[f] = Q(q_cmd, f, 0);
	run_half[f] = Q(q_half, f, 0);
	h = 1;
	do
	:: h < depth[f] ->
		Q(q_cmd, f, h - 1) = Q(q_cmd, f, h);
		Q(q_half, f, h - 1) = Q(q_half, f, h);
		h++
	:: else -> h = 0; break
	od;
	bound[f]--;
	q_cut(f)
}

/* a drain that runs need not get as far as what is queued now */
#ifdef M_NO_WORK
#define QUEUES_WORK(f)	(depth[f] && !running[f])
#else
#define QUEUES_WORK(f)	(depth[f])
#endif

/* dpcm_queue_cmd() of the halves in h, and dpcm_queue_add() */
inline queue_cmd(f, c)
{
#if defined(M_SLOT)
	/* trigger_pending: the last one wins */
	if
	:: depth[f] > 0 -> q_cut(f)
	:: else
	fi;
	q_append(f, c);
#elif defined(M_OVERTAKE)
	q_append(f, c);
	if
	:: c == STOP && depth[f] > 1 ->
		Q(q_cmd, f, depth[f] - 1) = Q(q_cmd, f, 0);
		Q(q_half, f, depth[f] - 1) = Q(q_half, f, 0);
		Q(q_cmd, f, 0) = c;
		Q(q_half, f, 0) = h
	:: else
	fi;
#else
	do
#ifndef M_NO_CANCEL
	:: depth[f] > 0 && IS_PAIR(Q(q_cmd, f, depth[f] - 1), c) &&
	   !(Q(q_half, f, depth[f] - 1) & (3 - h)) ->
		h = h & (3 - Q(q_half, f, depth[f] - 1));
		q_cut(f);
		if
		:: h && !MAY_RUN(f)	/* goto again */
		:: else ->
			assert(!(h & HBE));
			if
			:: h & HFE -> fe_half(f, c)
			:: else
			fi;
			break
		fi
	:: depth[f] > 0 && c == DRAIN && Q(q_cmd, f, depth[f] - 1) == c &&
	   Q(q_half, f, depth[f] - 1) == h -> break
#endif
#ifdef M_CANCEL_RUNNING
	:: depth[f] == 0 && running[f] && IS_PAIR(run_cmd[f], c) -> break
#endif
	:: else -> q_append(f, c); break
	od;
#endif
	h = 0;
	if
	:: QUEUES_WORK(f) -> work[f] = 1
	:: else
	fi
}

/*
 * dpcm_fe_dai_trigger(), called by the PCM core under the FE's stream lock;
 * ret is its result
 */
inline trigger(f, c)
{
	if
	:: WANTS(f, c) ->
		/* dpcm_deferred_trigger() */
		h = HFE | HBE;
		if
		:: FE_FIRST(c) && MAY_RUN(f) -> fe_half(f, c); h = HBE
		:: else
		fi;
		queue_cmd(f, c)
#ifdef MODE_STOP
	:: else ->
		/* dpcm_fe_dai_do_trigger() */
		locked[f] = 1;
		upd[f] = UPD_FE;
		if
		:: FE_FIRST(c) -> fe_half(f, c)
		:: else
		fi;
		do
		:: b < NBE && !ret -> be_trigger_one(f, b, c, me); b++
		:: else -> b = 0; break
		od;
		if
		:: !ret && !FE_FIRST(c) -> fe_half(f, c)
		:: else
		fi;
		if
		:: !ret -> fe_set_state(f, c)
		:: else
		fi;
		upd[f] = UPD_NO;
		locked[f] = 0
#endif
	fi
}

/*
 * The PCM core, pcm_native.c: under the stream lock send c, then c2, and set
 * the state
 */
inline core_action(f)
{
	do
	:: c ->
		trigger(f, c);
		if
		:: c == STOP || c == SUSPEND -> stop_op[f] = 1
		:: else
		fi;
		c = c2;
		c2 = 0
	:: else -> break
	od;
	core[f] = next;
	next = 0
}

/* snd_pcm_drop(): a paused stream is released first */
#define SEND(a, b, s)	c = a; c2 = b; next = s
#define DROPS(f)	if \
			:: core[f] == PAUSED -> SEND(RELEASE, STOP, SETUP) \
			:: IS_RUNNING(core[f]) -> SEND(STOP, 0, SETUP) \
			:: core[f] == DISCONNECTED || core[f] == OPEN -> next = core[f] \
			:: else -> next = SETUP \
			fi

/*
 * The drain
 */

inline mutex_lock(me)
{
	atomic { mtx == 0 -> mtx = me }
}

/*
 * What holds whenever somebody gives the mutex back: a BE runs if and only if
 * a link holds a start reference, and with nothing in the queue the BEs, the
 * FE's own DMA and the PCM core agree. The work item is on its way to what is
 * queued still.
 */
#ifdef FAIL
#define AGREE(f, b)	(IS_RUNNING(core[f]) || LK(f, b) != L_START)
#else
#define AGREE(f, b)	((LK(f, b) == L_START) == IS_RUNNING(core[f]))
#endif
inline mutex_unlock(me)
{
	atomic {
		assert(mtx == me);
#ifndef MODE_STOP
		i = 0;
		do
		:: i < NBE ->
			assert((be_hw[i] == H_RUN) == (COUNT(i, L_START) > 0));
			i++
		:: else -> i = 0; break
		od;
#endif
		do
		:: i < NFE ->
			assert(depth[i] == 0 || work[i] || (working[i] && me != WORK_ME(i)));
			i++
		:: else -> i = 0; break
		od;
#ifndef MODE_STOP
		do
		:: i < NFE ->
			if
			:: core[i] != CLOSED && depth[i] == 0 ->
				assert((fe_hw[i] == H_RUN) == IS_RUNNING(core[i]));
				assert(LK(i, 0) == L_GONE || AGREE(i, 0));
				assert(LK(i, NBE - 1) == L_GONE || AGREE(i, NBE - 1));
				/* a suspended stream is stopped without a trigger */
#if !defined(SUSPENDS) && !defined(UNBINDS)
				assert(LK(i, 0) != L_PAUSE || core[i] == PAUSED);
				assert(LK(i, NBE - 1) != L_PAUSE || core[i] == PAUSED);
#endif
			:: else
			fi;
			i++
		:: else -> i = 0; break
		od;
#endif
		mtx = 0
	}
}

inline q_drop(f)
{
	do
	:: depth[f] > 0 -> q_cut(f)
	:: else -> break
	od
}

/*
 * dpcm_deferred_start_failed() in two steps, for on its way into snd_pcm_stop()
 * a linked stream may give up its lock. After it nothing is queued but a STOP.
 */
#ifdef LINKED
#define UNLOCK_LOCK	}; atomic {
#else
#define UNLOCK_LOCK
#endif

#ifdef M_FAIL_PAUSED
#define STOPS(s)	IS_RUNNING(s)
#else
#define STOPS(s)	(IS_RUNNING(s) || (s) == PAUSED || (s) == SUSPENDED)
#endif

inline failed_stop(f)
{
	if
	:: IS_RUNNING(core[f]) -> trigger(f, STOP); stop_op[f] = 1
	:: else		/* snd_pcm_stop() sends no trigger */
	fi;
#ifndef M_FAIL_SYNC
	stop_op[f] = 1;
#endif
	core[f] = SETUP
}

inline failed_queue(f)
{
#ifndef M_FAIL_KEEP
	q_drop(f);
#endif
	h = HFE | HBE;
	queue_cmd(f, STOP);
#ifndef M_FAIL_BOUND
	bound[f] = depth[f]	/* that STOP */
#endif
}

/*
 * __dpcm_deferred_drain(), dpcm_deferred_run().  Whoever drains waits for this
 * process: a function call.
 */
byte drain_fe;

#ifdef M_UNTIL_EMPTY
#define MORE_TO_RUN(f)	(depth[f] > 0)
#else
#define MORE_TO_RUN(f)	(bound[f] > 0)
#endif

active proctype drainer()
{
	byte f, b, h, x, me;
	bit ret, failed, stops;

end:
	do
	:: atomic { drain_fe && !locked[drain_fe - 1] -> f = drain_fe - 1; bound[f] = depth[f] };
		do
		:: atomic { !MORE_TO_RUN(f) -> bound[f] = 0; drain_fe = 0; f = 0; break }
		:: atomic {
			MORE_TO_RUN(f) && !locked[f] ->
			assert(mtx != 0 && !freed);
			q_pop(f);
			running[f] = 1;
			assert(upd[f] == UPD_NO);
			upd[f] = UPD_FE;
			if
			:: FE_FIRST(run_cmd[f]) && (run_half[f] & HFE) ->
				fe_half(f, run_cmd[f]);
				run_half[f] = run_half[f] & HBE
			:: else
			fi
		   };
			if
			:: run_half[f] & HBE -> be_trigger(f, run_cmd[f], mtx)
			:: else
			fi;
			atomic {
				!locked[f] ->
				if
				:: (run_half[f] & HFE) && (!ret || IS_STOP(run_cmd[f])) ->
					fe_half(f, run_cmd[f])
				:: else
				fi;
				if
				:: !ret -> fe_set_state(f, run_cmd[f])
				:: else ->
					ret = 0;
					if
					:: !IS_STOP(run_cmd[f]) ->
						failed = 1;
						stops = STOPS(core[f]);
#ifdef M_FAIL_WINDOW
						failed_queue(f)
#endif
					:: else
					fi
				fi;
				UNLOCK_LOCK
				if
				:: stops -> failed_stop(f); stops = 0
				:: else
				fi;
				if
				:: failed ->
					failed = 0;
#ifdef M_FAIL_WINDOW
					bound[f] = depth[f]
#else
					failed_queue(f)
#endif
				:: else
				fi;
				upd[f] = UPD_NO;
				running[f] = 0;
				run_cmd[f] = 0;
				run_half[f] = 0
			}
		od
	od
}

inline drain(f, me)
{
	atomic {
		assert(mtx == me);
		if
		:: depth[f] > 0 -> drain_fe = f + 1; (drain_fe == 0)
		:: else
		fi
	}
}

/* dpcm_set_fe_update_state() */
inline begin_update(f, u, me)
{
	drain(f, me);
	atomic { !locked[f] -> upd[f] = u }
}

inline end_update(f, me)
{
	atomic { !locked[f] -> upd[f] = UPD_NO };
	drain(f, me)
}

/* snd_pcm_sync_stop(), dpcm_deferred_sync_stop() */
inline sync_stop(f, me)
{
	if
	:: atomic { stop_op[f] -> stop_op[f] = 0 };
#ifndef M_SYNC_STOP
		mutex_lock(me);
		drain(f, me);
		mutex_unlock(me)
#endif
	:: else
	fi
}

/*
 * Operations on the BEs of an FE, all under the mutex
 */

/* dpcm_add_paths(), dpcm_be_connect() */
inline add_links(f)
{
	atomic {
		do
		:: b < NBE ->
			if
			:: ROUTE(f, b) && LK(f, b) == L_GONE ->
				LK(f, b) = L_NONE;
				be_upd[b] = 1;
				add = 1
			:: else
			fi;
			b++
		:: else -> b = 0; break
		od
	}
}

/* dpcm_be_dai_startup() */
inline be_startup(f, me)
{
	atomic {
		do
		:: b < NBE ->
			if
			:: LK(f, b) != L_GONE && CAN_UPDATE(f, b) ->
				users[b]++;
				if
				:: users[b] == 1 ->
					assert(be_st[b] == D_CLOSE);
					be_rt[b] = f + 1;
					be_st[b] = D_OPEN
				:: else
				fi
			:: else
			fi;
			b++
		:: else -> b = 0; break
		od
	}
}

/* dpcm_be_dai_hw_params() */
inline be_hw_params(f, me)
{
	do
	:: atomic {
		b < NBE ->
		if
		:: LK(f, b) != L_GONE && CAN_UPDATE(f, b) &&
		   !OTHER(f, b, D_START) && !OTHER(f, b, D_PAUSED) &&
		   !OTHER(f, b, D_SUSPEND) && !OTHER(f, b, D_PREPARE) &&
		   (be_st[b] == D_OPEN || be_st[b] == D_PARAMS || be_st[b] == D_FREE) ->
			be_op(b, me);
			SLOWLY(b)
			be_st[b] = D_PARAMS
		:: else
		fi;
		b++
	   }
	:: atomic { else -> b = 0; break }
	od
}

/* dpcm_be_dai_prepare() */
inline be_prepare(f, me)
{
	do
	:: atomic {
		b < NBE ->
		if
		:: LK(f, b) != L_GONE && CAN_UPDATE(f, b) &&
		   !OTHER(f, b, D_START) && !OTHER(f, b, D_PAUSED) &&
		   !OTHER(f, b, D_PREPARE) && !OTHER(f, b, D_SUSPEND) &&
		   (be_st[b] == D_PARAMS || be_st[b] == D_STOP ||
		    be_st[b] == D_SUSPEND || be_st[b] == D_PAUSED) ->
			be_op(b, me);
			SLOWLY(b)
			be_st[b] = D_PREPARE;
			be_hw[b] = H_READY
		:: else
		fi;
		b++
	   }
	:: atomic { else -> b = 0; break }
	od
}

/* dpcm_be_dai_hw_free() */
inline be_hw_free(f, me)
{
	do
	:: atomic {
		b < NBE ->
		if
		:: LK(f, b) != L_GONE && CAN_UPDATE(f, b) &&
		   !OTHER(f, b, D_START) && !OTHER(f, b, D_PAUSED) &&
		   !OTHER(f, b, D_SUSPEND) && users[b] <= 1 &&
		   be_st[b] != D_OPEN && be_st[b] != D_START && be_st[b] != D_CLOSE ->
			be_op(b, me);
			SLOWLY(b)
			be_st[b] = D_FREE;
			be_hw[b] = H_OFF
		:: else
		fi;
		b++
	   }
	:: atomic { else -> b = 0; break }
	od
}

/* dpcm_be_dai_shutdown() */
inline be_shutdown(f, me)
{
	do
	:: atomic {
		b < NBE ->
		if
		:: LK(f, b) != L_GONE && CAN_UPDATE(f, b) ->
			assert(users[b] > 0);
			users[b]--;
			if
			:: users[b] == 0 ->
				be_op(b, me);
				SLOWLY(b)
				be_hw[b] = H_OFF;
				be_rt[b] = 0;
				be_st[b] = D_CLOSE
			:: else
			fi
		:: else
		fi;
		b++
	   }
	:: atomic { else -> b = 0; break }
	od
}

/* dpcm_be_disconnect(): links of BEs without a route, or all at a close */
inline be_disconnect(f, all)
{
	do
	:: atomic {
		b < NBE ->
		if
		:: LK(f, b) != L_GONE && (all || (be_upd[b] && !ROUTE(f, b)) || refused) ->
#ifndef M_RUNTIME
			(in_trig[b] == 0);	/* the BE's stream lock */
#endif
			LK(f, b) = L_GONE;
#if NFE > 1
			if
			:: users[b] > 0 && LK(1 - f, b) != L_GONE -> be_rt[b] = 2 - f
			:: else
			fi
#endif
		:: else
		fi;
		b++
	   }
	:: atomic { else -> b = 0; break }
	od
}

inline clear_be_upd()
{
	be_upd[0] = 0;
#if NBE > 1
	be_upd[1] = 0;
#endif
}

/*
 * Those who hold the FE's file: system calls that take the mutex
 */

inline op_open(f, me)
{
	mutex_lock(me);
	atomic {
		core[f] = OPEN;		/* snd_pcm_attach_substream() */
		stop_op[f] = 0
	};
	add_links(f);
	add = 0;
	begin_update(f, UPD_FE, me);
	be_startup(f, me);
	fe_st[f] = D_OPEN;
	end_update(f, me);
	clear_be_upd();
	mutex_unlock(me)
}

#define CALL	!frozen && !busy[f]
/*
 * snd_pcm_dev_disconnect() may take stop_operating away from a hw_params that
 * is under way, which then does not wait.
 */
#ifdef DISCONNECT_RACE
#define STOP_OP_TAKEN	false
#else
#define STOP_OP_TAKEN	gone
#endif
/* fewer system calls */
#ifdef FEW
#define MORE(e)	(false)
#else
#define MORE(e)	(e)
#endif
#define O_PARAMS	1
#define O_PREPARE	2
#define O_FREE		3
#define O_CLOSE		4

active [NFE] proctype app()
{
	byte f, b, h, i, x, me, c, c2, next, op;
	bit ret, add, refused, closing;

	atomic { f = _pid - APP_PID; me = FE_ME(f) };
end:
	do
	:: atomic { CALL && !gone && core[f] == CLOSED -> busy[f] = 1 };
		op_open(f, me);
		busy[f] = 0
#ifdef LIVE
	:: CALL		/* nobody has to call */
#endif
	:: atomic {
		CALL && core[f] != CLOSED && (CLOSES(f) || !IS_RUNNING(core[f])) && !locked[f] ->
		if
		:: core[f] == OPEN || MORE(core[f] == SETUP || core[f] == PREPARED) ->
			op = O_PARAMS; next = core[f]
		:: core[f] == SETUP || core[f] == PREPARED || core[f] == XRUN ->
			op = O_PREPARE; next = core[f]
		/* snd_pcm_prepare() */
		:: core[f] == PAUSED -> op = O_PREPARE; SEND(RELEASE, STOP, SETUP)
		:: core[f] == SUSPENDED -> op = O_PREPARE; susp_state[f] = 0; next = SETUP
		:: MORE(core[f] == SETUP || core[f] == PREPARED) -> op = O_FREE; next = core[f]
		/* snd_pcm_release_substream() */
		:: CLOSES(f) -> DROPS(f);
			closing = 1;
			susp_state[f] = 0;
			op = (next == OPEN -> O_CLOSE : O_FREE)
		fi;
		busy[f] = 1;
		acc[f] = 1;
		core_action(f)
	   };
again:
		if
		:: op == O_CLOSE
#ifdef M_PREPARE
		:: op == O_PREPARE
#endif
#ifdef M_CLOSE
		:: closing
#endif
		:: else -> sync_stop(f, me)
		fi;
		/* with other parameters the old buffer goes */
		assert(op != O_PARAMS || fe_hw[f] != H_RUN || STOP_OP_TAKEN);
		mutex_lock(me);
		if
#ifdef M_PREPARE
		:: op == O_PREPARE -> atomic { !locked[f] -> upd[f] = UPD_FE }
#endif
#ifdef M_CLOSE
		:: closing -> atomic { !locked[f] -> upd[f] = UPD_FE }
#endif
		:: else -> begin_update(f, UPD_FE, me)
		fi;
		assert(depth[f] == 0);		/* P6 */
		if
		:: op == O_PARAMS -> be_hw_params(f, me); fe_st[f] = D_PARAMS
		:: op == O_PREPARE ->
			be_prepare(f, me);
			assert(fe_hw[f] != H_RUN);
			atomic { fe_hw[f] = H_OFF; fe_st[f] = D_PREPARE }
		:: op == O_FREE -> be_hw_free(f, me); fe_st[f] = D_FREE
		:: op == O_CLOSE -> be_shutdown(f, me); fe_st[f] = D_CLOSE
		fi;
#ifdef M_CLOSE
		if
		:: closing -> upd[f] = UPD_NO
		:: else -> end_update(f, me)
		fi;
#else
		end_update(f, me);
#endif
		if
		:: op == O_CLOSE -> be_disconnect(f, true)
		:: else
		fi;
		mutex_unlock(me);
		if
		:: op == O_FREE ->
			assert(fe_hw[f] != H_RUN);	/* the buffer goes */
			fe_hw[f] = H_OFF
		:: else
		fi;
		if
		:: op == O_FREE && closing -> op = O_CLOSE; goto again
		:: else
		fi;
		atomic {
			!locked[f] ->
			if
			:: op == O_CLOSE ->
				/* snd_pcm_detach_substream() */
				assert(depth[f] == 0 && !running[f]);
				assert(be_rt[0] != f + 1);
				assert(be_rt[NBE - 1] != f + 1);
				core[f] = CLOSED;
				stop_op[f] = 0;
				closing = 0
			:: core[f] == DISCONNECTED
			:: else -> core[f] = (op == O_PARAMS -> SETUP : (op == O_PREPARE -> PREPARED : OPEN))
			fi;
			op = 0;
			acc[f] = 0;
			busy[f] = 0
		}
	od
}

/*
 * All that works under the stream lock only: another thread of the
 * application, and the interrupt, which comes at any moment
 */
active [NFE] proctype ctl()
{
	byte f, b, h, x, me, c, c2, next;
	bit ret;

	atomic { f = _pid - APP_PID - NFE; me = CTL_ME };
end:
	do
	:: atomic {
		if
		/* snd_pcm_start() */
		:: !frozen && !locked[f] && core[f] == PREPARED && !acc[f] -> SEND(START, 0, RUNNING)
		/* snd_pcm_period_elapsed(): xrun, or drained */
		:: core[f] == RUNNING && CLOSES(f) && !locked[f] -> SEND(STOP, 0, XRUN)
#ifdef DRAINS
		:: core[f] == DRAINING && !locked[f] -> SEND(STOP, 0, SETUP)
		/* snd_pcm_drain() */
		:: !frozen && IS_RUNNING(core[f]) && !locked[f] -> SEND(DRAIN, 0, DRAINING)
#endif
#ifdef PAUSES
		:: !frozen && core[f] == RUNNING && !locked[f] -> SEND(PUSH, 0, PAUSED)
		:: !frozen && core[f] == PAUSED && !locked[f] -> SEND(RELEASE, 0, RUNNING)
		:: !frozen && core[f] == PAUSED && !locked[f] -> SEND(RELEASE, STOP, SETUP)
#endif
#ifdef SUSPENDS
		/* snd_pcm_resume() */
		:: !frozen && core[f] == SUSPENDED && !locked[f] ->
			SEND((IS_RUNNING(susp_state[f]) -> RESUME : 0), 0, susp_state[f]);
			susp_state[f] = 0
#endif
		fi;
		core_action(f)
	   }
	od
}

/* dpcm_deferred_work() */
active [NFE] proctype worker()
{
	byte f, i, me;

	atomic { f = _pid - APP_PID - 2 * NFE; me = WORK_ME(f) };
end:
	do
	:: atomic { work[f] -> work[f] = 0; working[f] = 1 };
		assert(!freed);
		mutex_lock(me);
		drain(f, me);
		mutex_unlock(me);
		atomic { assert(!freed); working[f] = 0 }
	od
}

#ifdef MODE_STOP
/* ends what a BE does: a synchronous trigger, or an operation under the mutex */
active [NBE] proctype be_dai()
{
	byte b;

	b = _pid - APP_PID - 3 * NFE;
end:
	do
	:: atomic {
		in_trig[b] ->
		assert(core[in_trig[b] - 1] != CLOSED && be_rt[b] == in_trig[b]);
		in_trig[b] = 0
	   }
	:: atomic { in_op[b] -> assert(!in_trig[b]); in_op[b] = 0 }
	od
}
#endif

#ifdef ROUTES
/* soc_dpcm_fe_runtime_update() of one FE */
inline update_fe(f, me)
{
	if
	:: fe_st[f] == D_CLOSE
	:: else ->
		/* old paths */
		begin_update(f, UPD_BE, me);
		atomic {
			do
			:: b < NBE ->
				if
				:: LK(f, b) != L_GONE && !ROUTE(f, b) -> be_upd[b] = 1; add = 1
				:: else
				fi;
				b++
			:: else -> b = 0; break
			od
		};
		if
		:: add ->
#ifdef M_MIDDLE
			atomic { !locked[f] -> upd[f] = UPD_NO };
			drain(f, me);
			atomic { !locked[f] -> upd[f] = UPD_BE };
#endif
			be_trigger(f, STOP, me);
			be_hw_free(f, me);
			be_shutdown(f, me);
#ifdef M_MIDDLE
			atomic { !locked[f] -> upd[f] = UPD_NO };
			drain(f, me);
			atomic { !locked[f] -> upd[f] = UPD_BE };
#endif
			be_disconnect(f, false);
			atomic { clear_be_upd(); add = 0 }
		:: else
		fi;
		end_update(f, me);
		/* new paths */
		begin_update(f, UPD_BE, me);
		add_links(f);
		if
		:: add ->
			run_update_startup(f, me);
			atomic { clear_be_upd(); add = 0; refused = 0 }
		:: else
		fi;
		end_update(f, me)
	fi
}

/* dpcm_run_update_startup() */
inline run_update_startup(f, me)
{
	if
	:: fe_st[f] == D_FREE -> refused = 1
	:: else ->
		be_startup(f, me);
		if
		:: fe_st[f] != D_OPEN -> be_hw_params(f, me)
		:: else
		fi;
		if
		:: fe_st[f] != D_OPEN && fe_st[f] != D_PARAMS -> be_prepare(f, me)
		:: else
		fi;
		if
		:: fe_st[f] == D_START ->
			be_trigger(f, START, me);
			if
			:: ret ->
				ret = 0;
				refused = 1;
				be_trigger(f, STOP, me);
				be_hw_free(f, me);
				be_shutdown(f, me)
			:: else
			fi
		:: else
		fi
	fi;
	if
	:: refused ->
		do
		:: atomic {
			b < NBE ->
			if
			:: be_upd[b] && LK(f, b) != L_GONE ->
				(in_trig[b] == 0);
				LK(f, b) = L_GONE;
#if NFE > 1
				if
				:: users[b] > 0 && LK(1 - f, b) != L_GONE -> be_rt[b] = 2 - f
				:: else
				fi
#endif
			:: else
			fi;
			b++
		   }
		:: atomic { else -> b = 0; break }
		od
	:: else
	fi
}

/* a mixer switch, and snd_soc_dpcm_runtime_update() */
active proctype router()
{
	byte f, b, i, x;
	byte me = ROUTE_ME;
	bit ret, add, refused;

end:
	do
	:: atomic {
		!frozen ->
		if
		:: route[0] = 1 - route[0]
#if NBE > 1
		:: route[1] = 1 - route[1]
#endif
#if NFE > 1 && !defined(STAY)
		:: route[NBE] = 1 - route[NBE]
#endif
		fi
	   };
		mutex_lock(me);
		do
		:: f < NFE -> update_fe(f, me); f++
		:: else -> f = 0; break
		od;
		mutex_unlock(me)
	od
}
#endif

#ifdef SUSPENDS
/* snd_soc_suspend(): the applications are frozen, the interrupt is not */
active proctype pm()
{
	byte f, b, h, i, x, c, c2, next;
	byte me = CTL_ME;
	bit ret;

end:
	do
	:: atomic {
		!busy[0]
#if NFE > 1
		&& !busy[1]
#endif
		-> frozen = 1
	   };
		do
		:: atomic {
			f < NFE && !locked[f] ->
			if
			:: core[f] <= SETUP || core[f] == SUSPENDED || core[f] == DISCONNECTED
			:: else ->
				susp_state[f] = core[f];
				SEND((IS_RUNNING(core[f]) -> SUSPEND : 0), 0, SUSPENDED);
				core_action(f)
			fi
		   };
			sync_stop(f, me);
			f++
		:: atomic { f == NFE -> f = 0; break }
		od;
#ifndef M_SUSPEND
		/* dpcm_deferred_drain_card() */
		mutex_lock(me);
		drain(0, me);
#if NFE > 1
		drain(1, me);
#endif
		mutex_unlock(me);
#endif
		atomic {
			assert(depth[0] == 0 && fe_hw[0] != H_RUN && be_hw[0] != H_RUN);
#if NFE > 1
			assert(depth[1] == 0 && fe_hw[1] != H_RUN);
#endif
#if NBE > 1
			assert(be_hw[1] != H_RUN);
#endif
			frozen = 0
		}
	od
}
#endif

#ifdef UNBINDS
/* soc_cleanup_card_resources() */
active proctype unbind()
{
	byte f, b, h, i, x, c, c2, next;
	byte me = UNBIND_ME;
	bit ret;

	gone = 1;
	/* snd_pcm_dev_disconnect() */
	do
	:: atomic {
		f < NFE && !locked[f] ->
		if
		:: core[f] == CLOSED
		:: else ->
			SEND((IS_RUNNING(core[f]) -> STOP : 0), 0, DISCONNECTED);
			core_action(f)
		fi
	   };
		sync_stop(f, me);
		f++
	:: atomic { f == NFE -> f = 0; break }
	od;
	/* snd_card_disconnect_sync() waits for the files */
	atomic {
		core[0] == CLOSED && !busy[0];
#if NFE > 1
		core[1] == CLOSED && !busy[1];
#endif
	};
#ifdef M_CANCEL_LOCKED
	mutex_lock(me);
#else
	mutex_lock(me);
	drain(0, me);
#if NFE > 1
	drain(1, me);
#endif
	mutex_unlock(me);
#endif
	assert(depth[0] == 0 && depth[NFE - 1] == 0);
#ifndef M_UNBIND
	/* cancel_work_sync() */
	atomic { work[0] = 0; !working[0] };
#if NFE > 1
	atomic { work[1] = 0; !working[1] };
#endif
#endif
	freed = 1
}
#endif

#define queued	(depth[0] > 0)
#define taken	(depth[0] == 0 || running[0])

#ifdef LIVE
/*
 * What is queued is run or cancelled: the queue is emptied or its head taken.
 * And whoever drains gets on with his own work, whatever is queued meanwhile.
 */
ltl live { [] (queued -> <> taken) && [] (drain_fe -> <> !drain_fe) }
#endif
