/* reference_windows.c: see reference_windows.h. */
#include "operators/reference_windows.h"

#include <math.h>

/* The cells of a window's rows or columns, one after the other, that are inside of the input. */
struct span {
    ptrdiff_t start, step, first, end; /* cell u is at start + u * step; first <= u < end are inside */
};

static struct span span_of(const struct reference_call *call, int axis, size_t place)
{
    const struct operator_settings *at = &call->one->at;
    const ptrdiff_t in = call->x_shape[0]->dim[1 + axis];
    struct span span = {.start = (ptrdiff_t)place * at->strides[axis] - at->pads[axis],
                        .step = at->dilations[axis],
                        .end = at->kernel_shape[axis]};

    while (span.first < span.end && span.start + span.first * span.step < 0)
        span.first++;
    while (span.end > span.first && span.start + (span.end - 1) * span.step >= in)
        span.end--;
    return span;
}

/* A filter's value at one place. */
static double convolve(const struct reference_call *call, size_t filter, struct span rows,
                       struct span columns)
{
    const struct operator_settings *at = &call->one->at;
    const size_t height = (size_t)call->x_shape[0]->dim[1], width = (size_t)call->x_shape[0]->dim[2];
    const size_t channels = (size_t)call->x_shape[1]->dim[1]; /* of a group */
    const size_t area = (size_t)at->kernel_shape[0] * (size_t)at->kernel_shape[1];
    const size_t group = filter / ((size_t)call->shape->dim[0] / (size_t)at->group);
    double sum = call->x[2] ? call->x[2][filter] : 0;

    for (size_t c = 0; c < channels; c++) {
        const double *x = call->x[0] + (group * channels + c) * height * width;
        const double *w = call->x[1] + (filter * channels + c) * area;
        for (ptrdiff_t u = rows.first; u < rows.end; u++) {
            const double *x_row = x + (rows.start + u * rows.step) * (ptrdiff_t)width;
            const double *w_row = w + u * at->kernel_shape[1];
            for (ptrdiff_t v = columns.first; v < columns.end; v++)
                sum += w_row[v] * x_row[columns.start + v * columns.step];
        }
    }
    return sum;
}

/* NaN stays. */
static double larger(double most, double cell)
{
    return cell > most || isnan(cell) ? cell : most;
}

/* The largest or the mean value of a channel in a window. */
static double pool(const struct reference_call *call, size_t channel, struct span rows, struct span columns)
{
    const struct operator_settings *at = &call->one->at;
    const size_t height = (size_t)call->x_shape[0]->dim[1], width = (size_t)call->x_shape[0]->dim[2];
    const double *x = call->x[0] + channel * height * width;
    double most = -(double)INFINITY, sum = 0, cells = 0;

    for (ptrdiff_t u = rows.first; u < rows.end; u++)
        for (ptrdiff_t v = columns.first; v < columns.end; v++) {
            const double cell =
                x[(rows.start + u * rows.step) * (ptrdiff_t)width + columns.start + v * columns.step];
            most = larger(most, cell);
            sum += cell;
            cells++;
        }
    if (at->count_include_pad)
        cells = (double)at->kernel_shape[0] * at->kernel_shape[1];
    return call->one->kind == OPERATOR_MAX_POOL ? most : sum / cells;
}

void reference_windows(const struct reference_call *call)
{
    const size_t channels = (size_t)call->shape->dim[0];
    const size_t height = (size_t)call->shape->dim[1], width = (size_t)call->shape->dim[2];

    for (size_t i = 0; i < height; i++)
        for (size_t j = 0; j < width; j++) {
            const struct span rows = span_of(call, 0, i), columns = span_of(call, 1, j);
            for (size_t c = 0; c < channels; c++)
                call->y[(c * height + i) * width + j] = call->one->kind == OPERATOR_CONV
                                                            ? convolve(call, c, rows, columns)
                                                            : pool(call, c, rows, columns);
        }
}

void reference_channels(const struct reference_call *call)
{
    const size_t area = (size_t)call->x_shape[0]->dim[1] * (size_t)call->x_shape[0]->dim[2];

    for (size_t c = 0; c < call->count; c++) {
        const double *x = call->x[0] + c * area;
        double most = x[0], sum = 0;
        for (size_t i = 0; i < area; i++) {
            most = larger(most, x[i]);
            sum += x[i];
        }
        call->y[c] = call->one->kind == OPERATOR_GLOBAL_MAX_POOL ? most : sum / (double)area;
    }
}

void reference_channel_normalization(const struct reference_call *call)
{
    const struct operator_settings *at = &call->one->at;
    const ptrdiff_t channels = call->shape->dim[0], area = (ptrdiff_t)call->count / channels;

    for (ptrdiff_t c = 0; c < channels; c++) {
        const ptrdiff_t first = c - (at->size - 1) / 2 < 0 ? 0 : c - (at->size - 1) / 2;
        const ptrdiff_t last = c + at->size / 2 >= channels ? channels - 1 : c + at->size / 2;
        for (ptrdiff_t i = 0; i < area; i++) {
            double squares = 0;
            for (ptrdiff_t k = first; k <= last; k++)
                squares += call->x[0][k * area + i] * call->x[0][k * area + i];
            call->y[c * area + i] =
                call->x[0][c * area + i] *
                pow((double)at->bias + (double)at->alpha / at->size * squares, -(double)at->beta);
        }
    }
}
