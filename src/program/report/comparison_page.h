/* comparison_page.h: the report of several runs side by side. */
#ifndef REPORT_COMPARISON_PAGE_H
#define REPORT_COMPARISON_PAGE_H

#include "report/html.h"
#include "report/run_record.h"

/* Their tests are those of their logs. The best two are tested again, as `how` says of progress, and compared sample by
 * sample; without their test data the page does without. Returns 0 or -1. */
int comparison_page_write(struct html *html, struct run_record *records, size_t count,
                          const struct tester_spec *how, struct error *error);
#endif
