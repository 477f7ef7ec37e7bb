/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef INSTANCE_H
#define INSTANCE_H

struct tracefs_instance;

/* A tracing instance for us alone; NULL after a message. */
struct tracefs_instance *instance_new(const char *name);
/* Removes it, whatever is enabled in it. NULL is fine. */
void instance_free(struct tracefs_instance *instance);

#endif
