/* heat_map.c: see heat_map.h. */
#include "report/heat_map.h"

#include <math.h>

enum {
    CELL = 40,
    SMALL = 12,         /* a cell of a matrix that has no room for numbers */
    MOST_NUMBERED = 16, /* classes that have it */
    EDGE = 34
};

uint64_t heat_map_worst(const struct evaluation *result, size_t *label, size_t *predicted)
{
    uint64_t worst = 0;

    for (size_t r = 0; r < result->classes; r++)
        for (size_t c = 0; c < result->classes; c++)
            if (r != c && result->confusion[r * result->classes + c] > worst) {
                worst = result->confusion[r * result->classes + c];
                *label = r;
                *predicted = c;
            }
    return worst;
}

/* How strong a colour is: 0 .. 1, none that is there invisible. */
static double strength(double part)
{
    return 0.14 + 0.86 * sqrt(part);
}

static void add_cell(struct html *html, const struct evaluation *result, size_t row, size_t column,
                     uint64_t worst, int cell)
{
    const uint64_t count = result->confusion[row * result->classes + column];
    const uint64_t samples = evaluation_class(result, row).samples;
    const double x = EDGE + (double)column * cell, y = EDGE + (double)row * cell;
    const double strong =
        row == column ? strength((double)count / (double)samples) : strength((double)count / (double)worst);

    html_format(
        html,
        "<g><title>is %zu, said %zu: %llu of %llu (%.2f %%)</title><rect class=\"%s\" x=\"%.0f\" y=\"%.0f\" "
        "width=\"%d\" height=\"%d\" fill-opacity=\"%.2f\"/>",
        row, column, (unsigned long long)count, (unsigned long long)samples,
        100 * (double)count / (double)samples, row == column ? "right" : "wrong", x, y, cell - 1, cell - 1,
        strong);
    if (cell == CELL)
        html_format(html, "<text%s x=\"%.1f\" y=\"%.1f\">%llu</text>",
                    strong <= 0.6   ? ""
                    : row == column ? " class=\"on\""
                                    : " class=\"hot\"",
                    x + (CELL - 1) / 2.0, y + CELL / 2.0 + 4, (unsigned long long)count);
    html_add(html, "</g>");
}

static void add_edges(struct html *html, const struct evaluation *result, int cell)
{
    const size_t stride = cell == CELL ? 1 : result->classes > 100 ? 10 : 5;

    html_format(
        html,
        "<text class=\"edge\" x=\"%d\" y=\"11\">said</text><text class=\"edge\" x=\"4\" y=\"%d\">is</text>",
        EDGE, EDGE - 6);
    for (size_t c = 0; c < result->classes; c += stride) {
        const double middle = EDGE + (double)c * cell + cell / 2.0;
        html_format(html,
                    "<text x=\"%.1f\" y=\"%d\">%zu</text><text class=\"row\" x=\"%d\" y=\"%.1f\">%zu</text>",
                    middle, EDGE - 6, c, EDGE - 6, middle + 4, c);
    }
}

void heat_map_add(struct html *html, const struct evaluation *result)
{
    const int cell = result->classes <= MOST_NUMBERED ? CELL : SMALL;
    const size_t side = EDGE + result->classes * (size_t)cell;
    size_t label = 0, predicted = 0;
    const uint64_t worst = heat_map_worst(result, &label, &predicted);

    html_format(
        html,
        "<div class=\"scroll\"><svg class=\"heat\" viewBox=\"0 0 %zu %zu\" style=\"min-width:%zupx;max-width:%zupx\" role=\"img\" "
        "aria-label=\"Confusion matrix of %zu classes\">",
        side, side, 3 * side / 5, side + side / 4, result->classes);
    html_format(html, "<rect class=\"paper\" x=\"%d\" y=\"%d\" width=\"%zu\" height=\"%zu\"/>", EDGE, EDGE,
                side - EDGE - 1, side - EDGE - 1);
    add_edges(html, result, cell);
    for (size_t r = 0; r < result->classes; r++)
        for (size_t c = 0; c < result->classes; c++)
            if (result->confusion[r * result->classes + c] > 0)
                add_cell(html, result, r, c, worst, cell);
    html_add(html, "</svg></div>\n");
}
