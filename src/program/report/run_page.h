/* run_page.h: the report of one run. */
#ifndef REPORT_RUN_PAGE_H
#define REPORT_RUN_PAGE_H

#include "report/html.h"
#include "report/run_record.h"

/* `test`: the run's weights on its test set; NULL: there is none, because of `why` (text, NULL: none was
 * asked for). Returns 0 or -1. */
int run_page_write(struct html *html, const struct run_record *record, const struct evaluation *test,
                   const char *why, struct error *error);
#endif
