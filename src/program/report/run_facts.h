/* run_facts.h: what a run was made of: its layers, its config, where and when it ran. */
#ifndef REPORT_RUN_FACTS_H
#define REPORT_RUN_FACTS_H

#include "report/html.h"
#include "report/run_record.h"

/* Two sections. */
void run_facts_add(struct html *html, const struct run_record *record);
#endif
