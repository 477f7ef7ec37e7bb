// SPDX-License-Identifier: GPL-2.0-only
/*
 * mkdat: writes a version 6 trace.dat file from a script, for tests with known
 * answers. Usage: mkdat OUT < script. The script's lines ("#": comment):
 *
 *   cpus N			before all else; default 2
 *   clock NAME			the clock that the file says was used
 *   uname TEXT			the kernel that it says it is from
 *   endian big			numbers have their greatest byte first, as on s390
 *   long 4			the kernel's long has 4 bytes
 *   stat CPU TEXT		a line for that CPU's statistics, as "overrun: 5"
 *   without SYSTEM[:EVENT]	leave its format out, as a kernel that lacks it does
 *   rename SYSTEM:EVENT.FIELD NAME	a field with another name, as another version has it
 *   buffer NAME		the events that follow are in this instance ("" by default)
 *   TS CPU PID EVENT [FIELD=VALUE]...	an event at TS ns; each CPU's in the order of time; common_flags, too
 *   gap CPU N			N events are lost on that CPU before its next one (0: number not known)
 *   page CPU			the next event starts a new page
 *   repeat N STEP ... end	the lines between N times, each time STEP ns later
 *   absolute			from here on every event has a time stamp of its own, as when histograms are in use
 */
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#define PAGE 4096
#define MISSED_EVENTS (1ULL << 31)
#define MISSED_STORED (1ULL << 30)
#define TIME_EXTEND 30
#define TIME_STAMP 31
#define MAX_DELTA ((1ULL << 27) - 1)
#define FIRST_ID 1500

enum { MAX_CPUS = 64, MAX_BUFFERS = 8, MAX_FIELDS = 16, MAX_EVENT = 1024 };
enum { OPT_CPUSTAT = 2, OPT_BUFFER = 3, OPT_CLOCK = 4, OPT_UNAME = 5 };

/* Types: s __string, c char[16], i int, u u32, U unsigned int, q u64, x u64 in hex */
static const struct event {
	const char *system, *name;
	const char *fields;
} events[] = {
	{ "asoc_dpcm", "dpcm_trigger_queue", "s:card s:fe i:stream i:cmd u:seq u:depth" },
	{ "asoc_dpcm", "dpcm_trigger_run", "s:card s:fe i:stream i:cmd u:seq u:inline q:wait_ns q:lock_ns" },
	{ "asoc_dpcm", "dpcm_be_trigger_start", "s:card s:fe s:be i:stream i:cmd u:seq" },
	{ "asoc_dpcm", "dpcm_be_trigger_end", "s:card s:fe s:be i:stream i:cmd u:seq i:ret" },
	{ "asoc_dpcm", "dpcm_trigger_done", "s:card s:fe i:stream i:cmd u:seq u:bes i:ret q:total_ns" },
	{ "asoc_dpcm", "dpcm_trigger_cancel", "s:card s:fe i:stream i:cmd u:seq" },
	{ "dpcm_vcard", "vcard_xrun", "s:card s:fe i:stream q:irq_ns i:hardirq" },
	{ "dpcm_vcard", "vcard_be_trigger", "s:card s:be i:stream i:cmd q:ns i:ret i:hardirq" },
	{ "dpcm_vcard", "vcard_floor", "q:queue_ns q:wake_ns" },
	{ "snd_pcm", "xrun", "U:card U:device U:number U:stream" },
	{ "stock_dpcm", "be_dai_trigger", "q:__probe_ip x:fe i:stream i:cmd" },
	{ "stock_dpcm", "be_dai_trigger_ret", "q:__probe_func q:__probe_ret_ip i:ret" },
	{ "stock_dpcm", "pcm_trigger", "q:__probe_ip x:substream i:cmd" },
	{ "stock_dpcm", "pcm_trigger_ret", "q:__probe_func q:__probe_ret_ip i:ret" },
	{ "stock_dpcm", "period_elapsed", "q:__probe_ip x:substream" },
	{ "stock_dpcm", "period_elapsed_ret", "q:__probe_func q:__probe_ret_ip" },
	{ "stock_dpcm", "pcm_xrun", "q:__probe_ip x:substream" },
	{ "sched", "sched_wakeup", "i:pid i:prio" },
	{ "sched", "sched_switch", "c:prev_comm i:prev_pid c:next_comm i:next_pid" },
	{ "sched", "sched_waking", "c:comm i:pid" },
	{ "irq", "irq_handler_entry", "i:irq s:name" },
	{ "irq", "irq_handler_exit", "i:irq i:ret" },
	{ "lock", "lock_release", "s:name q:lockdep_addr" },
};

struct field {
	char type;
	char name[32];		/* in the script */
	char shown[64];		/* in the format */
	unsigned int offset, size;
};

struct format {
	struct field field[MAX_FIELDS];
	unsigned int n, size;
	bool left_out;
};

struct bytes {
	unsigned char *p;
	size_t n, room;
};

struct cpu {
	struct bytes pages;
	size_t fill;			/* of the last page, after its header */
	uint64_t last;			/* time of its last event */
	uint32_t flags;			/* of the open page */
	bool open;			/* there is a page to add to */
	bool gap;
	uint64_t lost;
};

struct buffer {
	char name[64];
	struct cpu cpu[MAX_CPUS];
};

static struct format formats[ARRAY_SIZE(events)];
static struct buffer buffers[MAX_BUFFERS];	/* [0]: the top one, without a name */
static unsigned int nr_buffers = 1, nr_cpus = 2, line_nr;
static bool absolute, big_endian;
static unsigned int long_size = 8;
static char clock_name[32] = "mono", uname_text[100];
static struct bytes stats[MAX_CPUS], out;

static void __attribute__((noreturn, format(printf, 1, 2))) die(const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "mkdat: line %u: ", line_nr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(1);
}

static void *put(struct bytes *b, const void *data, size_t n)
{
	if (b->n + n > b->room) {
		b->room = (b->n + n) * 2;
		b->p = realloc(b->p, b->room);
		if (!b->p)
			die("out of memory");
	}
	if (data)
		memcpy(b->p + b->n, data, n);
	else
		memset(b->p + b->n, 0, n);
	b->n += n;
	return b->p + b->n - n;
}

static void store(void *to, uint64_t v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		((unsigned char *)to)[big_endian ? n - 1 - i : i] = v >> 8 * i;
}

static void put_number(struct bytes *b, uint64_t v, size_t n)
{
	store(put(b, NULL, n), v, n);
}

static void put_string(struct bytes *b, const char *s)
{
	put(b, s, strlen(s) + 1);
}

static void __attribute__((format(printf, 2, 3))) put_text(struct bytes *b, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	put(b, text, strlen(text));
}

/* Numbers are aligned to their size, as in the kernel. */
static void lay_out(void)
{
	for (size_t e = 0; e < ARRAY_SIZE(events); e++) {
		struct format *f = &formats[e];
		const char *s = events[e].fields;
		int used;

		f->size = 8;
		for (; sscanf(s, " %c:%31s%n", &f->field[f->n].type, f->field[f->n].name, &used) == 2; s += used) {
			struct field *field = &f->field[f->n++];
			unsigned int align = field->type == 'q' || field->type == 'x' ? 8 : field->type == 'c' ? 1 : 4;

			strcpy(field->shown, field->name);

			field->size = field->type == 'c' ? 16 : align;
			field->offset = (f->size + align - 1) / align * align;
			f->size = field->offset + field->size;
		}
	}
}

static void put_format(struct bytes *b, const struct event *e, const struct format *f)
{
	static const char *const types[128] = { ['s'] = "__data_loc char[]", ['i'] = "int", ['u'] = "u32",
						['U'] = "unsigned int", ['q'] = "u64", ['x'] = "u64", ['c'] = "char" };
	struct bytes text = {};

	put_text(&text, "name: %s\nID: %d\nformat:\n", e->name, (int)(e - events) + FIRST_ID);
	put_text(&text, "\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n");
	put_text(&text, "\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n");
	put_text(&text, "\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n");
	put_text(&text, "\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n");
	for (unsigned int i = 0; i < f->n; i++)
		put_text(&text, "\tfield:%s %s%s;\toffset:%u;\tsize:%u;\tsigned:%d;\n", types[(int)f->field[i].type],
			 f->field[i].shown, f->field[i].type == 'c' ? "[16]" : "", f->field[i].offset, f->field[i].size, f->field[i].type == 'i');
	put_text(&text, "\nprint fmt: \"");
	for (unsigned int i = 0; i < f->n; i++)
		put_text(&text, "%s%s=%s%%%s", i ? " " : "", f->field[i].shown, f->field[i].type == 'x' ? "0x" : "", f->field[i].type == 's' || f->field[i].type == 'c' ? "s" :
			 f->field[i].type == 'x' ? "llx" : f->field[i].type == 'q' ? "llu" : f->field[i].type == 'i' ? "d" : "u");
	put_text(&text, "\"");
	for (unsigned int i = 0; i < f->n; i++)
		put_text(&text, f->field[i].type == 's' ? ", __get_str(%s)" : ", REC->%s", f->field[i].shown);
	put_text(&text, "\n");
	put_number(b, text.n, 8);
	put(b, text.p, text.n);
	free(text.p);
}

/* Ring buffer pages: time stamp, length and flags ("commit"), then the events. */
static void close_page(struct cpu *c)
{
	c->open = false;
}

static unsigned int page_header(void)
{
	return 8 + long_size;
}

static void open_page(struct cpu *c, uint64_t ts)
{
	unsigned char *page = put(&c->pages, NULL, PAGE);

	store(page, ts, 8);
	c->flags = c->gap ? MISSED_EVENTS | (c->lost ? MISSED_STORED : 0) : 0;
	c->fill = 0;
	c->last = ts;
	c->open = true;
}

/* The first word of an event: 5 bits, and 27 */
static uint32_t head(unsigned int type, uint32_t time)
{
	return big_endian ? type << 27 | time : type | time << 5;
}

static void add_record(struct cpu *c, uint64_t ts, const unsigned char *data, uint32_t size)
{
	uint32_t need, room = PAGE - page_header() - (c->gap && c->lost ? 8 : 0);
	unsigned char *page, *at;
	uint64_t delta;

	if (ts < c->last)
		die("time goes backwards");
	if (c->gap)
		close_page(c);
	size = (size + 3) & ~3U;
	need = 4 + size + (size > 112 ? 4 : 0) + 8;
	if (!c->open || c->fill + need > room)
		open_page(c, ts);
	page = c->pages.p + c->pages.n - PAGE;
	at = page + page_header() + c->fill;
	delta = ts - c->last;
	if (absolute || delta > MAX_DELTA) {
		uint64_t time = absolute ? ts : delta;

		store(at, head(absolute ? TIME_STAMP : TIME_EXTEND, time & MAX_DELTA), 4);
		store(at + 4, time >> 27, 4);
		at += 8;
		delta = 0;
	}
	store(at, head(size <= 112 ? size / 4 : 0, delta), 4);
	at += 4;
	if (size > 112) {
		store(at, size + 4, 4);
		at += 4;
	}
	memcpy(at, data, size);
	c->fill = at + size - page - page_header();
	c->last = ts;
	store(page + 8, c->flags | c->fill, long_size);
	if (c->gap && c->lost) {
		/* the number stands after the data, so this page holds one event */
		store(at + size, c->lost, long_size);
		close_page(c);
	}
	c->gap = false;
}

static const char *value_of(char *args, const char *name, char *value, size_t size)
{
	size_t len = strlen(name);
	char *s = args;

	while ((s = strstr(s, name)) != NULL) {
		if ((s == args || s[-1] == ' ') && s[len] == '=') {
			snprintf(value, size, "%.*s", (int)strcspn(s + len + 1, " \n"), s + len + 1);
			return value;
		}
		s += len;
	}
	return NULL;
}

static void add_event(struct buffer *b, uint64_t ts, unsigned int cpu, int pid, const char *name, char *args)
{
	unsigned char data[MAX_EVENT] = {};
	const struct format *f;
	char flags[16];
	uint32_t size;
	size_t e;

	for (e = 0; e < ARRAY_SIZE(events) && strcmp(events[e].name, name); e++)
		;
	if (e == ARRAY_SIZE(events))
		die("no event '%s'", name);
	if (cpu >= nr_cpus)
		die("no CPU %u", cpu);
	f = &formats[e];
	store(data, FIRST_ID + e, 2);
	if (value_of(args, "common_flags", flags, sizeof(flags)))
		data[2] = strtoul(flags, NULL, 0);
	store(data + 4, pid, 4);
	size = f->size;
	for (unsigned int i = 0; i < f->n; i++) {
		const struct field *field = &f->field[i];
		char value[256];
		uint64_t number;

		if (!value_of(args, field->name, value, sizeof(value)))
			strcpy(value, field->type == 's' || field->type == 'c' ? "" : "0");
		if (field->type == 's') {
			uint32_t len = strlen(value) + 1;
			uint32_t loc = len << 16 | size;

			if (size + len > MAX_EVENT)
				die("too long");
			store(data + field->offset, loc, 4);
			memcpy(data + size, value, len);
			size += len;
		} else if (field->type == 'c') {
			snprintf((char *)data + field->offset, field->size, "%s", value);
		} else {
			number = strtoull(value, NULL, 0);
			store(data + field->offset, number, field->size);
		}
	}
	add_record(&b->cpu[cpu], ts, data, size);
}

static void leave_out(const char *what)
{
	bool found = false;

	for (size_t e = 0; e < ARRAY_SIZE(events); e++) {
		size_t n = strlen(events[e].system);

		if (strncmp(what, events[e].system, n) || (what[n] && (what[n] != ':' || strcmp(what + n + 1, events[e].name))))
			continue;
		formats[e].left_out = true;
		found = true;
	}
	if (!found)
		die("no '%s'", what);
}

static void rename_field(const char *what, const char *to)
{
	char name[128];

	for (size_t e = 0; e < ARRAY_SIZE(events); e++) {
		for (unsigned int i = 0; i < formats[e].n; i++) {
			snprintf(name, sizeof(name), "%s:%s.%s", events[e].system, events[e].name, formats[e].field[i].name);
			if (!strcmp(name, what)) {
				snprintf(formats[e].field[i].shown, sizeof(formats[e].field[i].shown), "%s", to);
				return;
			}
		}
	}
	die("no '%s'", what);
}

static struct buffer *get_buffer(const char *name)
{
	for (unsigned int i = 0; i < nr_buffers; i++)
		if (!strcmp(buffers[i].name, name))
			return &buffers[i];
	if (nr_buffers == MAX_BUFFERS)
		die("too many buffers");
	snprintf(buffers[nr_buffers].name, sizeof(buffers[0].name), "%s", name);
	return &buffers[nr_buffers++];
}

static struct buffer *current = &buffers[0];

static void read_line(char *line, uint64_t later)
{
	char word[64], word2[128];
	unsigned long long ts;
	unsigned int cpu;
	int pid, used;

	if (line[0] == '#' || line[0] == '\n')
		return;
	if (sscanf(line, "%llu %u %d %63s%n", &ts, &cpu, &pid, word, &used) == 4) {
		add_event(current, ts + later, cpu, pid, word, line + used);
	} else if (!strcmp(line, "absolute\n")) {
		absolute = true;
	} else if (!strcmp(line, "endian big\n")) {
		big_endian = true;
	} else if (!strcmp(line, "long 4\n")) {
		long_size = 4;
	} else if (sscanf(line, "cpus %u", &nr_cpus) == 1) {
		if (!nr_cpus || nr_cpus > MAX_CPUS)
			die("1 to %d CPUs", MAX_CPUS);
	} else if (sscanf(line, "clock %31s", clock_name) == 1) {
	} else if (sscanf(line, "uname %99[^\n]", uname_text) == 1) {
	} else if (sscanf(line, "without %63s", word) == 1) {
		leave_out(word);
	} else if (sscanf(line, "rename %127s %31s", word2, word) == 2) {
		rename_field(word2, word);
	} else if (sscanf(line, "buffer %63s", word) == 1) {
		current = get_buffer(word);
	} else if (sscanf(line, "stat %u %n", &cpu, &used) == 1 && cpu < MAX_CPUS) {
		put(&stats[cpu], line + used, strlen(line + used));
	} else if (sscanf(line, "gap %u %llu", &cpu, &ts) == 2 && cpu < MAX_CPUS) {
		current->cpu[cpu].gap = true;
		current->cpu[cpu].lost = ts;
	} else if (sscanf(line, "page %u", &cpu) == 1 && cpu < MAX_CPUS) {
		close_page(&current->cpu[cpu]);
	} else {
		die("not understood: %s", line);
	}
}

static void read_script(void)
{
	unsigned long long times = 0, step;
	struct bytes block = {};
	char *line = NULL;
	size_t room = 0;

	while (getline(&line, &room, stdin) > 0) {
		line_nr++;
		if (sscanf(line, "repeat %llu %llu", &times, &step) == 2) {
			block.n = 0;
		} else if (times && !strcmp(line, "end\n")) {
			for (unsigned long long i = 0; i < times; i++)
				for (size_t at = 0; at < block.n; at += strlen((char *)block.p + at) + 1)
					read_line((char *)block.p + at, i * step);
			times = 0;
		} else if (times) {
			put_string(&block, line);
		} else {
			read_line(line, 0);
		}
	}
	free(line);
	free(block.p);
}

static void put_systems(void)
{
	size_t nr_at = out.n;
	uint32_t systems = 0;

	put_number(&out, 0, 4);
	for (size_t e = 0; e < ARRAY_SIZE(events); ) {
		size_t end = e, nr = 0;

		for (; end < ARRAY_SIZE(events) && !strcmp(events[e].system, events[end].system); end++)
			nr += !formats[end].left_out;
		if (nr) {
			systems++;
			put_string(&out, events[e].system);
			put_number(&out, nr, 4);
		}
		for (; e < end; e++)
			if (!formats[e].left_out)
				put_format(&out, &events[e], &formats[e]);
	}
	store(out.p + nr_at, systems, 4);
}

static void put_header(void)
{
	static const char header_event[] =
		"# compressed entry header\n"
		"\ttype_len    :    5 bits\n\ttime_delta  :   27 bits\n\tarray       :   32 bits\n\n"
		"\tpadding     : type == 29\n\ttime_extend : type == 30\n\ttime_stamp : type == 31\n"
		"\tdata max type_len  == 28\n";
	static const char cmdlines[] = "100 aplay\n101 arecord\n200 kworker/0:1H\n201 kworker/1:1H\n300 amixer\n";
	char header_page[512];

	snprintf(header_page, sizeof(header_page),
		 "\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n"
		 "\tfield: local_t commit;\toffset:8;\tsize:%u;\tsigned:1;\n"
		 "\tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;\n"
		 "\tfield: char data;\toffset:%u;\tsize:%u;\tsigned:1;\n",
		 long_size, page_header(), PAGE - page_header());

	put(&out, "\x17\x08\x44tracing", 10);
	put_string(&out, "6");
	put_number(&out, big_endian, 1);
	put_number(&out, long_size, 1);
	put_number(&out, PAGE, 4);
	put_string(&out, "header_page");
	put_number(&out, strlen(header_page), 8);
	put(&out, header_page, strlen(header_page));
	put_string(&out, "header_event");
	put_number(&out, strlen(header_event), 8);
	put(&out, header_event, strlen(header_event));
	put_number(&out, 0, 4);		/* ftrace's own formats */
	put_systems();
	put_number(&out, 0, 4);		/* kallsyms */
	put_number(&out, 0, 4);		/* printk */
	put_number(&out, strlen(cmdlines), 8);
	put(&out, cmdlines, strlen(cmdlines));
	put_number(&out, nr_cpus, 4);
}

static void put_option(unsigned int option, const void *data, size_t size)
{
	put_number(&out, option, 2);
	put_number(&out, size, 4);
	put(&out, data, size);
}

/* Room for where each CPU's data will be. Returns where that is. */
static size_t put_cpu_table(void)
{
	put(&out, "flyrecord", 10);
	put(&out, NULL, nr_cpus * 16);
	return out.n - nr_cpus * 16;
}

static void put_cpu_data(const struct buffer *b, size_t table)
{
	for (unsigned int cpu = 0; cpu < nr_cpus; cpu++) {
		const struct bytes *pages = &b->cpu[cpu].pages;

		put(&out, NULL, (PAGE - out.n % PAGE) % PAGE);
		store(out.p + table + cpu * 16, out.n, 8);
		store(out.p + table + cpu * 16 + 8, pages->n, 8);
		put(&out, pages->p ? pages->p : (void *)"", pages->n);
	}
}

static void put_options_and_data(void)
{
	size_t offset_at[MAX_BUFFERS], table[MAX_BUFFERS];
	char text[64];

	put(&out, "options  ", 10);
	snprintf(text, sizeof(text), "local global [%s] uptime\n", clock_name);
	put_option(OPT_CLOCK, text, strlen(text) + 1);
	if (*uname_text)
		put_option(OPT_UNAME, uname_text, strlen(uname_text) + 1);
	for (unsigned int cpu = 0; cpu < nr_cpus; cpu++) {
		struct bytes stat = {};

		if (!stats[cpu].n)
			continue;
		put_text(&stat, "CPU: %u\n", cpu);
		put(&stat, stats[cpu].p, stats[cpu].n);
		put_number(&stat, 0, 1);
		put_option(OPT_CPUSTAT, stat.p, stat.n);
		free(stat.p);
	}
	for (unsigned int i = 1; i < nr_buffers; i++) {
		char option[8 + 64] = {};

		strcpy(option + 8, buffers[i].name);
		offset_at[i] = out.n + 6;
		put_option(OPT_BUFFER, option, 8 + strlen(buffers[i].name) + 1);
	}
	put_number(&out, 0, 2);
	table[0] = put_cpu_table();
	put_cpu_data(&buffers[0], table[0]);
	for (unsigned int i = 1; i < nr_buffers; i++) {
		store(out.p + offset_at[i], out.n, 8);
		table[i] = put_cpu_table();
		put_cpu_data(&buffers[i], table[i]);
	}
}

int main(int argc, char **argv)
{
	FILE *f;

	if (argc != 2) {
		fprintf(stderr, "usage: mkdat OUT < script\n");
		return 2;
	}
	lay_out();
	read_script();
	put_header();
	put_options_and_data();
	f = fopen(argv[1], "wb");
	if (!f || fwrite(out.p, out.n, 1, f) != 1 || fclose(f))
		die("%s: %s", argv[1], strerror(errno));
	return 0;
}
