/* heat_map.c: see heat_map.h. */
#include "report/heat_map.h"

#include <math.h>
#include <string.h>

enum {
    CELL = 40,
    SMALL = 12,         /* a cell of a matrix that has no room for numbers */
    MOST_NUMBERED = 16, /* classes that have it */
    EDGE = 34,
    LETTER = 7, /* what a letter of a name takes at most */
    MOST_LETTERS = 20
};

void heat_map_add_class(struct html *html, const struct model *model, size_t class)
{
    const char *name = model_class_name(model, class);

    if (name)
        html_text(html, name);
    else
        html_format(html, "%zu", class);
}

/* The first letters of a name, whole characters of UTF-8. */
static void add_short_name(struct html *html, const char *name)
{
    char text[4 * MOST_LETTERS + 1];
    size_t letters = 0, bytes = 0;

    for (; name[bytes] && bytes + 1 < sizeof text; bytes++) {
        letters += ((unsigned char)name[bytes] & 0xc0) != 0x80;
        if (letters > MOST_LETTERS)
            break;
        text[bytes] = name[bytes];
    }
    text[bytes] = '\0';
    html_text(html, text);
}

/* Room for the longest name. */
static size_t edge_of(const struct model *model, size_t classes)
{
    size_t longest = 0;

    for (size_t c = 0; c < classes && model_class_name(model, c); c++) {
        const size_t letters = strlen(model_class_name(model, c));
        longest = letters > longest ? letters : longest;
    }
    longest = longest < MOST_LETTERS ? longest : MOST_LETTERS;
    return EDGE + (longest > 2 ? (longest - 2) * LETTER : 0);
}

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

/* What is drawn. */
struct heat {
    const struct model *model;
    const struct evaluation *result;
    uint64_t worst;
    int cell;
    size_t edge;
};

static void add_cell(struct html *html, const struct heat *heat, size_t row, size_t column)
{
    const struct evaluation *result = heat->result;
    const int cell = heat->cell;
    const uint64_t count = result->confusion[row * result->classes + column];
    const uint64_t samples = evaluation_class(result, row).samples;
    const double x = (double)heat->edge + (double)column * cell, y = (double)heat->edge + (double)row * cell;
    const double strong = row == column ? strength((double)count / (double)samples)
                                        : strength((double)count / (double)heat->worst);

    html_add(html, "<g><title>is ");
    heat_map_add_class(html, heat->model, row);
    html_add(html, ", said ");
    heat_map_add_class(html, heat->model, column);
    html_format(html,
                ": %llu of %llu (%.2f %%)</title><rect class=\"%s\" x=\"%.0f\" y=\"%.0f\" "
                "width=\"%d\" height=\"%d\" fill-opacity=\"%.2f\"/>",
                (unsigned long long)count, (unsigned long long)samples, 100 * (double)count / (double)samples,
                row == column ? "right" : "wrong", x, y, cell - 1, cell - 1, strong);
    if (cell == CELL)
        html_format(html, "<text%s x=\"%.1f\" y=\"%.1f\">%llu</text>",
                    strong <= 0.6   ? ""
                    : row == column ? " class=\"on\""
                                    : " class=\"hot\"",
                    x + (CELL - 1) / 2.0, y + CELL / 2.0 + 4, (unsigned long long)count);
    html_add(html, "</g>");
}

/* Beside row c and, turned, above column c. */
static void add_names(struct html *html, const struct heat *heat, size_t c)
{
    const size_t at = heat->edge - 6;
    const double middle = (double)heat->edge + (double)c * heat->cell + heat->cell / 2.0;
    const char *name = model_class_name(heat->model, c);

    if (!name) {
        html_format(
            html, "<text x=\"%.1f\" y=\"%zu\">%zu</text><text class=\"row\" x=\"%zu\" y=\"%.1f\">%zu</text>",
            middle, at, c, at, middle + 4, c);
        return;
    }
    html_format(html, "<text class=\"edge\" transform=\"translate(%.1f %zu) rotate(-90)\">", middle + 4, at);
    add_short_name(html, name);
    html_format(html, "</text><text class=\"row\" x=\"%zu\" y=\"%.1f\">", at, middle + 4);
    add_short_name(html, name);
    html_add(html, "</text>");
}

static void add_edges(struct html *html, const struct heat *heat)
{
    const size_t classes = heat->result->classes, stride = heat->cell == CELL ? 1 : classes > 100 ? 10 : 5;
    const bool named = model_class_name(heat->model, 0) != NULL;

    html_format(
        html,
        "<text class=\"edge\" x=\"%zu\" y=\"11\">said</text><text class=\"edge\" x=\"4\" y=\"%zu\">is</text>",
        named ? heat->edge - 34 : heat->edge, heat->edge - 6);
    for (size_t c = 0; c < classes; c += named ? 1 : stride)
        add_names(html, heat, c);
}

void heat_map_add(struct html *html, const struct model *model, const struct evaluation *result)
{
    size_t label = 0, predicted = 0;
    const struct heat heat = {.model = model,
                              .result = result,
                              .worst = heat_map_worst(result, &label, &predicted),
                              .cell = result->classes <= MOST_NUMBERED ? CELL : SMALL,
                              .edge = edge_of(model, result->classes)};
    const size_t side = heat.edge + result->classes * (size_t)heat.cell;

    html_format(
        html,
        "<div class=\"scroll\"><svg class=\"heat\" viewBox=\"0 0 %zu %zu\" style=\"min-width:%zupx;max-width:%zupx\" role=\"img\" "
        "aria-label=\"Confusion matrix of %zu classes\">",
        side, side, 3 * side / 5, side + side / 4, result->classes);
    html_format(html, "<rect class=\"paper\" x=\"%zu\" y=\"%zu\" width=\"%zu\" height=\"%zu\"/>", heat.edge,
                heat.edge, side - heat.edge - 1, side - heat.edge - 1);
    add_edges(html, &heat);
    for (size_t r = 0; r < result->classes; r++)
        for (size_t c = 0; c < result->classes; c++)
            if (result->confusion[r * result->classes + c] > 0)
                add_cell(html, &heat, r, c);
    html_add(html, "</svg></div>\n");
}
