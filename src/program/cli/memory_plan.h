/* memory_plan.h: where a slice's buffers lie in an arena and when, as nnrun show says it. */
#ifndef CLI_MEMORY_PLAN_H
#define CLI_MEMORY_PLAN_H

#include <jansson.h>

#include "net/net.h"

/* Two lines: when and of what the arena is fullest, and what the buffers would take apart. */
void memory_plan_print_sum(const struct net *net);

/* A row for each buffer, in the order they come alive, with a bar for the calls while it is. Returns 0, or
 * -1 after setting error. */
int memory_plan_print(const struct net *net, struct error *error);

/* The same as an object; NULL: memory ran out. */
json_t *memory_plan_json(const struct net *net);
#endif
