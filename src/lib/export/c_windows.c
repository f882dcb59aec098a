/* c_windows.c: convolutions and pools as C, see c_writer.h.
 *
 * A convolution goes row by row. Where there is padding, the rows of the input that a row of the output needs are copied with
 * it, so that inner loops have no edges. Of many filters some are computed side by side, so that a compiler can keep their
 * sums in vector registers; of few filters it is columns. */
#include <stdlib.h>

#include "base/memory.h"
#include "export/c_writer.h"

enum { SIDE_BY_SIDE = 8, FILTERS = 16, COLUMNS_OF_FILTERS = 4, COLUMNS = 32 };

struct convolution {
    const struct c_stage *stage;
    const struct operator_settings *at;
    int channels, height, width, filters, rows, columns; /* of input and output */
    int of_group, side;                                  /* channels and filters of a group */
    bool padded, has_bias;
    int padded_width, channel_step, row_step, filter_step; /* of the rows read, and of those written */
};

static struct convolution convolution_of(const struct c_writer *w, const struct c_stage *stage)
{
    const struct graph_operator *one = stage->main;
    const struct nnrun_shape *x = &c_value(w, one->inputs[0])->shape, *y = &c_value(w, one->output)->shape;
    struct convolution k = {.stage = stage,
                            .at = &one->at,
                            .channels = x->dim[0],
                            .height = x->dim[1],
                            .width = x->dim[2],
                            .filters = y->dim[0],
                            .rows = y->dim[1],
                            .columns = y->dim[2],
                            .of_group = x->dim[0] / one->at.group,
                            .side = y->dim[0] / one->at.group,
                            .padded = c_stage_is_padded(one),
                            .has_bias = c_input(w, one, 2) != NULL,
                            .padded_width = x->dim[2] + one->at.pads[1] + one->at.pads[3]};

    k.channel_step = k.padded ? one->at.kernel_shape[0] * k.padded_width : k.height * k.width;
    k.row_step = k.padded ? k.padded_width : one->at.dilations[0] * k.width;
    k.filter_step = stage->pool ? k.columns : k.rows * k.columns;
    return k;
}

/* The filters of a group as the last dimension, so that those computed at once lie side by side. */
static void write_weights(struct c_writer *w, const struct convolution *k)
{
    const struct graph_operator *one = k->stage->main;
    const struct graph_value *weights = c_value(w, one->inputs[1]);
    const size_t side = (size_t)k->side, taps = weights->values / (size_t)k->filters;
    float *turned;

    if (k->has_bias)
        c_write_numbers(w, "bias", c_value(w, one->inputs[2])->numbers, (size_t)k->filters);
    turned = memory_array(weights->values, sizeof *turned);
    if (!turned) {
        w->no_memory = true;
        return;
    }
    for (size_t f = 0; f < (size_t)k->filters; f++)
        for (size_t i = 0; i < taps; i++)
            turned[(f / side * taps + i) * side + f % side] = weights->numbers[f * taps + i];
    c_write_numbers(w, "w", turned, weights->values);
    free(turned);
}

/* " * 3", nothing for 1; and "g * 3 + ", nothing if there is one group. */
struct factor {
    char text[48];
};

static struct factor times(int number)
{
    struct factor found = {{0}};

    if (number != 1)
        snprintf(found.text, sizeof found.text, " * %d", number);
    return found;
}

static struct factor of_groups(const struct convolution *k, int number)
{
    struct factor found = {{0}};

    if (k->at->group > 1 && number > 1)
        snprintf(found.text, sizeof found.text, "g * %d + ", number);
    else if (k->at->group > 1)
        snprintf(found.text, sizeof found.text, "g + ");
    return found;
}

/* Rows of the padded input for row r of the output. */
static void write_padding(struct c_writer *w, const struct convolution *k)
{
    const struct operator_settings *at = k->at;

    c_open(w, "for (int n = 0; n < %d; n++)", k->channels * at->kernel_shape[0]);
    c_line(w, "const int row = r%s - %d + n %% %d%s, there = row >= 0 && row < %d;",
           times(at->strides[0]).text, at->pads[0], at->kernel_shape[0], times(at->dilations[0]).text,
           k->height);
    c_line(w, "const float *from = x + n / %d * %d + (there ? row * %d : 0);", at->kernel_shape[0],
           k->height * k->width, k->width);
    c_open(w, "for (int j = 0; j < %d; j++)", k->padded_width);
    c_line(w, "const int inside = there && j >= %d && j < %d;", at->pads[1], at->pads[1] + k->width);
    c_line(w, "rows[n * %d + j] = inside ? from[j - %d] : 0.0f;", k->padded_width, at->pads[1]);
    c_close(w);
    c_close(w);
}

/* The loops over a window: `from` is the input's value for the first of the columns at once, from j on. */
static void open_taps(struct c_writer *w, const struct convolution *k, int columns)
{
    const struct operator_settings *at = k->at;

    c_open(w, "for (int n = 0; n < %d; n++)", k->of_group);
    c_open(w, "for (int u = 0; u < %d; u++)", at->kernel_shape[0]);
    c_open(w, "for (int v = 0; v < %d; v++)", at->kernel_shape[1]);
    c_line(w, "const float *from = window + (%sn)%s + u%s + v%s%s%s;", of_groups(k, k->of_group).text,
           times(k->channel_step).text, times(k->row_step).text, times(at->dilations[1]).text,
           k->columns == columns ? "" : " + j", k->columns == columns ? "" : times(at->strides[1]).text);
}

static void close_taps(struct c_writer *w)
{
    for (int i = 0; i < 3; i++)
        c_close(w);
}

/* A row of all filters of a group, some of them and of the columns at once: the sums of many filters lie side by side, else
 * those of columns. The loops are in the order in which both GCC and Clang keep them in vector registers. */
static void write_filters(struct c_writer *w, const struct convolution *k)
{
    const bool many = k->side >= SIDE_BY_SIDE;
    const int some = k->side % 3 == 0 ? 3 : k->side % 2 == 0 ? 2 : 1;
    const int filters = !many ? some : k->side < FILTERS ? k->side : FILTERS;
    const int most = many ? COLUMNS_OF_FILTERS : COLUMNS, columns = k->columns < most ? k->columns : most;
    const char *const f = k->side == filters ? "" : "f + ", *const j = k->columns == columns ? "" : "j + ";
    const char *const sum = many ? "sum[s][t]" : "sum[t][s]";

    c_open_steps(w, "f", k->side, filters);
    c_open_steps(w, "j", k->columns, columns);
    c_line(w, "float sum[%d][%d];", many ? columns : filters, many ? filters : columns);
    c_line(w, "for (int t = 0; t < %d; t++)", filters);
    c_line(w, "    for (int s = 0; s < %d; s++)", columns);
    if (k->has_bias)
        c_line(w, "        %s = bias[%s%st];", sum, of_groups(k, k->side).text, f);
    else
        c_line(w, "        %s = 0.0f;", sum);
    open_taps(w, k, columns);
    c_line(w, "const float *k = w + (((%sn) * %d + u) * %d + v) * %d%s;", of_groups(k, k->of_group).text,
           k->at->kernel_shape[0], k->at->kernel_shape[1], k->side, *f ? " + f" : "");
    c_line(w, "for (int t = 0; t < %d; t++)", filters);
    c_line(w, "    for (int s = 0; s < %d; s++)", columns);
    c_line(w, "        %s += k[t] * from[s%s];", sum, times(k->at->strides[1]).text);
    close_taps(w);
    c_line(w, "for (int t = 0; t < %d; t++)", filters);
    c_line(w, "    for (int s = 0; s < %d; s++)", columns);
    c_line(w, "        to[(%s%st) * %d + %ss] = %s;", of_groups(k, k->side).text, f, k->filter_step, j, sum);
    c_close_steps(w, k->columns, columns);
    c_close_steps(w, k->side, filters);
}

/* Row r of the output, to `to`. */
static void write_row(struct c_writer *w, const struct convolution *k)
{
    if (k->padded) {
        write_padding(w, k);
        c_line(w, "const float *window = rows;");
    } else {
        c_line(w, "const float *window = x + r * %d;", k->at->strides[0] * k->width);
    }
    if (k->at->group > 1)
        c_open(w, "for (int g = 0; g < %d; g++)", k->at->group);
    write_filters(w, k);
    if (k->at->group > 1)
        c_close(w);
}

void c_write_largest(struct c_writer *w, const char *also, const char *cell)
{
    c_line(w, "v = %s%s > v || %s != %s ? %s : v;", also, cell, cell, cell, cell);
}

/* Row p of the windows of row m of a pool, from the row of the convolution. */
static void write_pool_row(struct c_writer *w, const struct convolution *k)
{
    const struct graph_operator *pool = k->stage->pool;
    const struct nnrun_shape *y = &c_value(w, pool->output)->shape;
    const int width = pool->at.kernel_shape[1];

    c_open(w, "for (int f = 0; f < %d; f++)", k->filters);
    c_open(w, "for (int j = 0; j < %d; j++)", y->dim[2]);
    c_line(w, "const float *from = line + f * %d + j * %d;", k->columns, pool->at.strides[1]);
    c_line(w, "float *best = y + (f * %d + m) * %d + j;", y->dim[1], y->dim[2]);
    c_line(w, "float v = p > 0 ? *best : %s;", pool->kind == OPERATOR_MAX_POOL ? "from[0]" : "0.0f");
    c_open(w, "for (int q = 0; q < %d; q++)", width);
    if (pool->kind == OPERATOR_MAX_POOL)
        c_write_largest(w, "", "from[q]");
    else
        c_line(w, "v += from[q];");
    c_close(w);
    if (pool->kind == OPERATOR_MAX_POOL)
        c_line(w, "*best = v;");
    else
        c_line(w, "*best = p == %d ? v / %d.0f : v;", pool->at.kernel_shape[0] - 1,
               pool->at.kernel_shape[0] * width);
    c_close(w);
    c_close(w);
}

void c_write_convolution(struct c_writer *w, const struct c_stage *stage)
{
    const struct convolution k = convolution_of(w, stage);
    const int padding = k.padded ? k.channels * k.channel_step : 0;

    write_weights(w, &k);
    if (k.padded)
        c_line(w, "float *rows = scratch;");
    if (stage->pool) {
        const struct operator_settings *at = &stage->pool->at;
        if (padding > 0)
            c_line(w, "float *line = scratch + %d;", padding);
        else
            c_line(w, "float *line = scratch;");
        c_open(w, "for (int m = 0; m < %d; m++)", c_value(w, stage->pool->output)->shape.dim[1]);
        c_open(w, "for (int p = 0; p < %d; p++)", at->kernel_shape[0]);
        c_line(w, "const int r = m%s + p;", times(at->strides[0]).text);
        c_line(w, "float *to = line;");
        write_row(w, &k);
        c_write_chain(w, stage, "line", "line", (size_t)k.filters, (size_t)k.columns);
        write_pool_row(w, &k);
        c_close(w);
    } else {
        c_open(w, "for (int r = 0; r < %d; r++)", k.rows);
        c_line(w, "float *to = y + r * %d;", k.columns);
        write_row(w, &k);
    }
    c_close(w);
}

void c_write_pool(struct c_writer *w, const struct c_stage *stage)
{
    const struct graph_operator *one = stage->main;
    const struct operator_settings *at = &one->at;
    const struct nnrun_shape *x = &c_value(w, one->inputs[0])->shape, *y = &c_value(w, one->output)->shape;

    c_open(w, "for (int c = 0; c < %d; c++)", y->dim[0]);
    c_open(w, "for (int i = 0; i < %d; i++)", y->dim[1]);
    c_open(w, "for (int j = 0; j < %d; j++)", y->dim[2]);
    c_line(w, "float v = 0.0f;");
    c_line(w, "int cells = 0;");
    c_open(w, "for (int u = 0; u < %d; u++)", at->kernel_shape[0]);
    c_open(w, "for (int q = 0; q < %d; q++)", at->kernel_shape[1]);
    c_line(w, "const int row = i * %d - %d + u * %d, column = j * %d - %d + q * %d;", at->strides[0],
           at->pads[0], at->dilations[0], at->strides[1], at->pads[1], at->dilations[1]);
    c_line(w, "if (row < 0 || row >= %d || column < 0 || column >= %d)", x->dim[1], x->dim[2]);
    c_line(w, "    continue;");
    c_line(w, "const float f = x[(c * %d + row) * %d + column];", x->dim[1], x->dim[2]);
    if (one->kind == OPERATOR_MAX_POOL)
        c_write_largest(w, "cells == 0 || ", "f");
    else
        c_line(w, "v += f;");
    c_line(w, "cells++;");
    c_close(w);
    c_close(w);
    if (one->kind == OPERATOR_AVERAGE_POOL && at->count_include_pad)
        c_line(w, "v /= %d.0f;", at->kernel_shape[0] * at->kernel_shape[1]);
    else if (one->kind == OPERATOR_AVERAGE_POOL)
        c_line(w, "v /= (float)cells;");
    c_line(w, "y[(c * %d + i) * %d + j] = v;", y->dim[1], y->dim[2]);
    for (int i = 0; i < 3; i++)
        c_close(w);
}
