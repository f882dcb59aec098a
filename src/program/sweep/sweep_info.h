/* sweep_info.h: sweep.json: what a sweep varies, and the names of its runs. [any thread] */
#ifndef SWEEP_SWEEP_INFO_H
#define SWEEP_SWEEP_INFO_H

#include "sweep/plan_type.h"

/* Its text, with a newline; NULL when out of memory. */
char *sweep_info_text(const struct plan *plan);

/* Fails (ERROR_ARGUMENT) unless the plan has all runs that the text of `folder` has, and says in what they differ. */
int sweep_info_check(const char *folder, const char *text, size_t size, const struct plan *plan,
                     struct error *error);
#endif
