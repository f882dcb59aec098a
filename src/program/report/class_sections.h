/* class_sections.h: what a network takes for what, and the pictures of its surest mistakes. */
#ifndef REPORT_CLASS_SECTIONS_H
#define REPORT_CLASS_SECTIONS_H

#include "report/html.h"
#include "report/run_record.h"

/* Sections about a test with classes. Returns 0 or -1. */
int class_sections_add(struct html *html, const struct run_record *record, const struct evaluation *test,
                       struct error *error);
/* Of samples with several labels: the area under the ROC curve of each. */
void label_section_add(struct html *html, const struct model *model, const struct evaluation *test);
#endif
