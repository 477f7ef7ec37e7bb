// SPDX-License-Identifier: GPL-2.0
/*
 * tsc-khz - the rate of this machine's time stamp counter.
 *
 * An emulated guest's TSC counts like the host's, but a guest that calibrates
 * it against an emulated timer on a busy host may get it wrong, or give up and
 * have no clock at all. So it is told.
 */
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#if defined(__x86_64__)
static uint64_t ticks(void)
{
	return __builtin_ia32_rdtsc();
}
#elif defined(__aarch64__)
static uint64_t ticks(void)
{
	uint64_t t;

	asm volatile("mrs %0, cntvct_el0" : "=r" (t));
	return t;
}
#else
#error "which counter does QEMU's cpu_get_host_ticks() read here?"
#endif

static int64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

int main(void)
{
	const struct timespec nap = { .tv_nsec = 100000000 };
	int64_t t0 = now_ns(), t1;
	uint64_t c0 = ticks(), c1;

	nanosleep(&nap, NULL);
	t1 = now_ns();
	c1 = ticks();
	printf("%.0f\n", (c1 - c0) * 1e6 / (t1 - t0));
	return 0;
}
