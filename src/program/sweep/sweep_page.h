/* sweep_page.h: sweep.html: the combinations of a sweep side by side, one HTML file that fetches nothing. */
#ifndef SWEEP_SWEEP_PAGE_H
#define SWEEP_SWEEP_PAGE_H

#include "report/html.h"
#include "sweep/summary.h"

/* Returns 0 or -1. */
int sweep_page_write(struct html *html, const struct plan *plan, const struct outcome *outcomes,
                     const struct summary *summary, struct error *error);
#endif
