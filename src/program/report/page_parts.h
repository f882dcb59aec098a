/* page_parts.h: what the pages of reports are made of. */
#ifndef REPORT_PAGE_PARTS_H
#define REPORT_PAGE_PARTS_H

#include "report/chart_axis.h"
#include "report/html.h"
#include "report/run_record.h"

/* From the first line of the page to its open <main>; the title is escaped. */
void page_begin(struct html *html, const char *title);
void page_end(struct html *html);

/* "99.24 %" */
void page_percent(struct html *html, double fraction);

/* "95 % interval 99.05 to 99.39 %" */
void page_interval(struct html *html, uint64_t right, uint64_t count);

/* "7.2 s", "3:05", "1:02:03" */
enum { PAGE_TIME_TEXT = 32 };
const char *page_time(double seconds, char text[PAGE_TIME_TEXT]);

/* A <td> with the value, a dash if it is not finite. */
void page_cell(struct html *html, enum chart_numbers numbers, double value);

/* <dt>name<dd>text, nothing if text is NULL; the name is markup. */
void page_fact(struct html *html, const char *name, const char *text);
#endif
