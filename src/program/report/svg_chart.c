/* svg_chart.c: see svg_chart.h. */
#include "report/svg_chart.h"

#include <math.h>
#include <string.h>

/* In units of the drawing, which is as wide as its place: WIDTH of them. */
enum {
    WIDTH = 380,
    HEIGHT = 206,
    TOP = 14,
    RIGHT = 16,
    BEYOND = 12, /* of RIGHT, that can still be hovered over */
    BOTTOM = 26,
    LETTER = 7, /* width of a letter, about */
    LINE = 17,  /* height of a line of text */
    Y_TICKS = 4,
    X_TICKS = 6,
    LINE_POINTS = 1000, /* drawn of a series, at most */
    MOST_COLUMNS = 100, /* epochs to hover over, at most */
    MOST_ROWS = 9       /* values shown of an epoch, at most */
};

struct frame {
    const struct chart *chart;
    struct chart_axis x, y;
    double left;
};

struct range {
    double low, high;
    size_t count; /* finite values */
};

static void widen(struct range *range, double value)
{
    if (!isfinite(value))
        return;
    range->low = range->count == 0 || value < range->low ? value : range->low;
    range->high = range->count == 0 || value > range->high ? value : range->high;
    range->count++;
}

static struct range range_of(const struct chart *chart, bool of_x)
{
    struct range range = {0};

    for (size_t s = 0; s < chart->count; s++)
        for (size_t i = 0; i < chart->series[s].count; i++)
            if (isfinite(chart->series[s].y[i]))
                widen(&range, of_x ? chart->series[s].x[i] : chart->series[s].y[i]);
    return range;
}

bool svg_chart_has_values(const struct chart *chart)
{
    return range_of(chart, false).count > 0;
}

static double at_x(const struct frame *frame, double x)
{
    return frame->left + (WIDTH - RIGHT - frame->left) * chart_axis_at(&frame->x, x);
}

/* From 0 .. 1 upwards. */
static double down(double part)
{
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * part;
}

static double at_y(const struct frame *frame, double y)
{
    return down(chart_axis_at(&frame->y, y));
}

static struct frame make_frame(const struct chart *chart)
{
    struct frame frame = {.chart = chart};
    const struct range x = range_of(chart, true), y = range_of(chart, false);
    char text[CHART_TEXT];
    size_t longest = 0;

    if (chart->logarithmic && y.low > 0 && y.high > 20 * y.low)
        frame.y = chart_axis_log(y.low, y.high, chart->numbers);
    else
        frame.y =
            chart_axis_linear(chart->from_zero && y.low > 0 ? 0 : y.low, y.high, Y_TICKS, chart->numbers);
    for (size_t i = 0; i < frame.y.count; i++) {
        const size_t length = strlen(chart_axis_tick(&frame.y, i, text));
        longest = length > longest ? length : longest;
    }
    frame.left = (double)(longest * LETTER) + 10;
    /* epochs are whole; the axis ends where they do, not at a tick */
    frame.x =
        chart_axis_linear(x.low, x.high > x.low + X_TICKS ? x.high : x.low + X_TICKS, X_TICKS, CHART_REAL);
    frame.x.low = x.low;
    frame.x.high = x.high > x.low ? x.high : x.low + 1;
    return frame;
}

static void add_grid(struct html *html, const struct frame *frame)
{
    char text[CHART_TEXT];

    for (size_t i = 0; i < frame->y.count; i++) {
        const double y = down(chart_axis_tick_at(&frame->y, i));
        html_format(html,
                    "<path class=\"grid\" d=\"M%.1f %.1fH%d\"/><text class=\"y\" x=\"%.1f\" y=\"%.1f\">",
                    frame->left, y, WIDTH - RIGHT, frame->left - 6, y + 4);
        html_add(html, chart_axis_tick(&frame->y, i, text));
        html_add(html, "</text>");
    }
    for (size_t i = 0; i < frame->x.count; i++) {
        const double x = frame->x.tick[i];
        if (x >= frame->x.low && x <= frame->x.high)
            html_format(html, "<text class=\"x\" x=\"%.1f\" y=\"%d\">%.0f</text>", at_x(frame, x), HEIGHT - 8,
                        x);
    }
}

static void add_mark(struct html *html, const struct frame *frame)
{
    const double mark = frame->chart->mark, x = at_x(frame, mark);
    const bool late = x > WIDTH / 2.0;

    if (!(mark >= frame->x.low && mark <= frame->x.high))
        return;
    html_format(
        html, "<path class=\"mark\" d=\"M%.1f %dV%d\"/><text class=\"%s\" x=\"%.1f\" y=\"%d\">%s</text>", x,
        2, HEIGHT - BOTTOM, late ? "mark late" : "mark", x + (late ? -5 : 5), 10, frame->chart->mark_word);
}

/* The line, broken where values are missing. Each part begins with a line of no length, which is a dot. */
static void add_series(struct html *html, const struct frame *frame, const struct chart_series *series)
{
    const size_t stride = (series->count + LINE_POINTS - 1) / LINE_POINTS;
    bool open = false;

    html_format(html, "<path class=\"line c%u\" d=\"", series->number);
    for (size_t i = 0; i < series->count; i++) {
        const bool there = isfinite(series->y[i]);
        if (i % stride != 0 && i + 1 < series->count)
            continue;
        if (there)
            html_format(html, open ? "L%.1f %.1f" : "M%.1f %.1fh0", at_x(frame, series->x[i]),
                        at_y(frame, series->y[i]));
        open = there;
    }
    html_add(html, "\"/>");
}

/* ---- hovering ------------------------------------------------------------------------------------------ */

/* The series' value at x, NaN: none. */
static double value_at(const struct chart_series *series, double x)
{
    size_t from = 0, to = series->count;

    while (from < to) {
        const size_t middle = from + (to - from) / 2;
        if (series->x[middle] < x)
            from = middle + 1;
        else
            to = middle;
    }
    return from < series->count && series->x[from] == x ? series->y[from] : (double)NAN;
}

struct row { /* of the box beside the line that hovering shows */
    const struct chart_series *series;
    double value;
};

static size_t rows_at(const struct chart *chart, double x, struct row rows[MOST_ROWS])
{
    size_t count = 0;

    for (size_t s = 0; s < chart->count && count < MOST_ROWS; s++) {
        const double value = value_at(&chart->series[s], x);
        if (isfinite(value))
            rows[count++] = (struct row){&chart->series[s], value};
    }
    return count;
}

/* Letters, not bytes. */
static size_t letters(const char *text)
{
    size_t count = 0;

    for (; *text; text++)
        count += ((unsigned char)*text & 0xc0) != 0x80;
    return count;
}

static void add_box(struct html *html, const struct frame *frame, double x, const struct row *rows,
                    size_t count)
{
    char text[CHART_TEXT];
    size_t longest = 10;
    double width, left;

    for (size_t i = 0; i < count; i++) {
        const size_t length = letters(rows[i].series->name) +
                              strlen(chart_value(frame->chart->numbers, rows[i].value, text)) + 5;
        longest = length > longest ? length : longest;
    }
    width = (double)(longest * LETTER);
    left = at_x(frame, x) > WIDTH / 2.0 ? at_x(frame, x) - width - 10 : at_x(frame, x) + 10;
    html_format(
        html,
        "<g transform=\"translate(%.1f %d)\"><rect class=\"box\" width=\"%.0f\" height=\"%zu\" rx=\"5\"/>",
        left, TOP, width, LINE * (count + 1) + 8);
    html_format(html, "<text x=\"9\" y=\"%d\">epoch %.0f</text>", LINE, x);
    for (size_t i = 0; i < count; i++) {
        const size_t y = LINE * (i + 2);
        html_format(html, "<path class=\"line c%u\" d=\"M9 %zuh12\"/><text x=\"27\" y=\"%zu\">",
                    rows[i].series->number, y - 4, y);
        html_text(html, rows[i].series->name);
        html_format(html, "</text><text class=\"late\" x=\"%.0f\" y=\"%zu\">%s</text>", width - 8, y,
                    chart_value(frame->chart->numbers, rows[i].value, text));
    }
    html_add(html, "</g>");
}

/* A strip from x to x that shows, while the pointer is over it, the values at `x`. */
static void add_column(struct html *html, const struct frame *frame, double x, double from, double to)
{
    struct row rows[MOST_ROWS];
    const size_t count = rows_at(frame->chart, x, rows);
    char text[CHART_TEXT];

    if (count == 0)
        return;
    html_format(html, "<g class=\"hover\"><title>epoch %.0f", x);
    for (size_t i = 0; i < count; i++) {
        html_add(html, i ? ", " : ": ");
        html_text(html, rows[i].series->name);
        html_format(html, " %s", chart_value(frame->chart->numbers, rows[i].value, text));
    }
    html_format(
        html,
        "</title><rect class=\"hit\" x=\"%.1f\" width=\"%.1f\" height=\"%d\"/><path class=\"cross\" d=\"M%.1f %dV%d\"/>",
        from, to - from, HEIGHT, at_x(frame, x), TOP, HEIGHT - BOTTOM);
    for (size_t i = 0; i < count; i++)
        html_format(html, "<circle class=\"dot c%u\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"/>",
                    rows[i].series->number, at_x(frame, x), at_y(frame, rows[i].value));
    add_box(html, frame, x, rows, count);
    html_add(html, "</g>");
}

static void add_columns(struct html *html, const struct frame *frame)
{
    const struct chart_series *longest = frame->chart->series;
    size_t stride;

    for (size_t s = 1; s < frame->chart->count; s++)
        if (frame->chart->series[s].count > longest->count)
            longest = &frame->chart->series[s];
    stride = (longest->count + MOST_COLUMNS - 1) / MOST_COLUMNS;
    for (size_t i = 0; i < longest->count; i += stride) {
        const double x = at_x(frame, longest->x[i]),
                     before = i > 0 ? at_x(frame, longest->x[i - stride]) : 2 * frame->left - x,
                     after = i + stride < longest->count ? at_x(frame, longest->x[i + stride])
                                                         : 2 * (WIDTH - RIGHT + BEYOND) - x;
        add_column(html, frame, longest->x[i], (before + x) / 2, (x + after) / 2);
    }
}

/* ---- the whole ----------------------------------------------------------------------------------------- */

void svg_chart_key(struct html *html, const char *name, unsigned number)
{
    html_format(html,
                "<svg class=\"key\" viewBox=\"0 0 18 10\"><path class=\"line c%u\" d=\"M2 5h14\"/></svg>",
                number);
    html_text(html, name);
}

static void add_keys(struct html *html, const struct chart *chart)
{
    html_add(html, "<ul class=\"keys\">");
    for (size_t s = 0; s < chart->count; s++) {
        const struct chart_series *series = &chart->series[s];
        const double last = series->count ? series->y[series->count - 1] : (double)NAN;
        char text[CHART_TEXT];
        html_add(html, "<li>");
        svg_chart_key(html, series->name, series->number);
        if (isfinite(last))
            html_format(html, " <b>%s</b>", chart_value(chart->numbers, last, text));
        html_add(html, "</li>");
    }
    html_add(html, "</ul>");
}

void svg_chart_add(struct html *html, const struct chart *chart)
{
    struct frame frame;

    if (!svg_chart_has_values(chart))
        return;
    frame = make_frame(chart);
    html_format(html, "<figure class=\"chart\"><figcaption><h3>%s%s</h3>", chart->title,
                frame.y.logarithmic ? " <small>log scale</small>" : "");
    if (chart->keys)
        add_keys(html, chart);
    html_format(html, "</figcaption><svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s by epoch\">",
                WIDTH, HEIGHT, chart->title);
    add_grid(html, &frame);
    add_mark(html, &frame);
    for (size_t s = 0; s < chart->count; s++)
        add_series(html, &frame, &chart->series[s]);
    add_columns(html, &frame);
    html_add(html, "</svg></figure>\n");
}
