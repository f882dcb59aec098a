/* svg_chart.h: lines over epochs, drawn as SVG that needs no script: hovering shows the values of an epoch.
 */
#ifndef REPORT_SVG_CHART_H
#define REPORT_SVG_CHART_H

#include "report/chart_axis.h"
#include "report/html.h"

struct chart_series {
    const char *name;    /* escaped here */
    unsigned number;     /* which colour */
    const double *x, *y; /* [count], x rising; a y that is not finite is a gap */
    size_t count;
};

struct chart {
    const char *title; /* of ours: not escaped */
    const struct chart_series *series;
    size_t count;
    enum chart_numbers numbers;
    bool from_zero;   /* the axis begins at 0 */
    bool logarithmic; /* if values are all above 0 and more than a factor of 20 apart */
    bool keys;        /* name the series and their last values above the chart */
    double mark;      /* an x to mark by a line, with a word of markup; NaN: none */
    const char *mark_word;
};

/* Has it any value to draw? */
bool svg_chart_has_values(const struct chart *chart);

/* A <figure>; nothing if there are no values. */
void svg_chart_add(struct html *html, const struct chart *chart);

enum { SVG_CHART_COLOURS = 8 };

/* The name of a series in its colour, number < SVG_CHART_COLOURS. */
void svg_chart_key(struct html *html, const char *name, unsigned number);
#endif
