/* run_steps.h: the names of step files. [any thread] */
#ifndef RUN_RUN_STEPS_H
#define RUN_RUN_STEPS_H

#include <stdbool.h>
#include <stdint.h>

enum { RUN_STEP_ROOM = 48 };

/* "step-000000012.safetensors" */
void run_step_name(char name[RUN_STEP_ROOM], uint64_t step);

/* Is it exactly the name of some step? */
bool run_step_parse(const char *name, uint64_t *step);
#endif
