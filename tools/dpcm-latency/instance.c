// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>
#include <tracefs.h>

#include "instance.h"
#include "util.h"

struct tracefs_instance *instance_new(const char *name)
{
	struct tracefs_instance *instance;

	if (!tracefs_tracing_dir()) {
		complain("no tracefs: run as root, on a kernel with CONFIG_FTRACE (mount -t tracefs trace /sys/kernel/tracing)");
		return NULL;
	}
	instance = tracefs_instance_create(name);
	if (!instance) {
		complain("cannot create the tracing instance %s: %s; run as root", name, strerror(errno));
		return NULL;
	}
	if (!tracefs_instance_is_new(instance)) {
		complain("another " TOOL " is at work (the instance %s exists); if none is: rmdir %s/instances/%s", name,
			 tracefs_tracing_dir(), name);
		tracefs_instance_free(instance);
		return NULL;
	}
	return instance;
}

void instance_free(struct tracefs_instance *instance)
{
	if (!instance)
		return;
	tracefs_event_disable(instance, NULL, NULL);
	tracefs_instance_destroy(instance);
	tracefs_instance_free(instance);
}
