/* c_others.c: operators without windows as C, see c_writer.h. */
#include <stdlib.h>

#include "base/memory.h"
#include "export/c_writer.h"

enum { SUMS = 64 };

void c_write_channels(struct c_writer *w, const struct c_stage *stage)
{
    const struct nnrun_shape *x = &c_value(w, stage->main->inputs[0])->shape;
    const bool largest = stage->main->kind == OPERATOR_GLOBAL_MAX_POOL;
    const int area = x->dim[1] * x->dim[2];

    c_open(w, "for (int c = 0; c < %d; c++)", x->dim[0]);
    c_line(w, "const float *from = x + c * %d;", area);
    c_line(w, "float v = from[0];");
    c_open(w, "for (int i = 1; i < %d; i++)", area);
    if (largest)
        c_write_largest(w, "", "from[i]");
    else
        c_line(w, "v += from[i];");
    c_close(w);
    if (largest)
        c_line(w, "y[c] = v;");
    else
        c_line(w, "y[c] = v / %d.0f;", area);
    c_close(w);
}

/* The weights as [input][output], times alpha, so that outputs lie side by side; and the bias, times beta. */
static void write_product_constants(struct c_writer *w, const struct graph_operator *one, size_t in,
                                    size_t out)
{
    const struct graph_value *weights = c_value(w, one->inputs[1]);
    const struct graph_value *bias = c_input(w, one, 2);
    float *turned = memory_array(weights->values, sizeof *turned),
          *factored = memory_array(out, sizeof *factored);

    if (!turned || !factored) {
        w->no_memory = true;
    } else {
        for (size_t i = 0; i < in; i++)
            for (size_t o = 0; o < out; o++)
                turned[i * out + o] =
                    one->at.alpha * weights->numbers[one->at.trans_b ? o * in + i : i * out + o];
        for (size_t o = 0; bias && o < out; o++)
            factored[o] = one->at.beta * bias->numbers[o];
        c_write_numbers(w, "w", turned, weights->values);
        c_write_numbers(w, "bias", factored, out);
    }
    free(turned);
    free(factored);
}

void c_write_product(struct c_writer *w, const struct c_stage *stage)
{
    const struct graph_operator *one = stage->main;
    const int in = c_value(w, one->inputs[0])->shape.dim[0], out = c_value(w, one->output)->shape.dim[0];
    const int sums = out < SUMS ? out : SUMS;
    const char *const o = out == sums ? "" : "o + ";

    write_product_constants(w, one, (size_t)in, (size_t)out);
    c_open_steps(w, "o", out, sums);
    c_line(w, "float sum[%d];", sums);
    c_line(w, "for (int t = 0; t < %d; t++)", sums);
    c_line(w, "    sum[t] = bias[%st];", o);
    c_line(w, "for (int i = 0; i < %d; i++)", in);
    c_line(w, "    for (int t = 0; t < %d; t++)", sums);
    c_line(w, "        sum[t] += w[i * %d + %st] * x[i];", out, o);
    c_line(w, "for (int t = 0; t < %d; t++)", sums);
    c_line(w, "    y[%st] = sum[t];", o);
    c_close_steps(w, out, sums);
}

/* Which element of an input belongs to the element of y under way, in its indices i0, i1 ... */
static void stretched(const struct nnrun_shape *from, const struct nnrun_shape *to, char *text, size_t size)
{
    size_t run = 1, at = 0;

    text[0] = '\0';
    for (int32_t i = to->rank - 1; i >= 0; i--) {
        const int32_t own = i - (to->rank - from->rank);
        if (own < 0 || from->dim[own] == 1)
            continue;
        at += (size_t)snprintf(text + at, size - at, at ? " + i%d * %zu" : "i%d * %zu", (int)i, run);
        run *= (size_t)from->dim[own];
    }
    if (at == 0)
        snprintf(text, size, "0");
}

void c_write_broadcast(struct c_writer *w, const struct c_stage *stage)
{
    const struct graph_operator *one = stage->main;
    const struct nnrun_shape *shape = &c_value(w, one->output)->shape;
    char at[256], text[300];

    for (size_t k = 0; k < one->input_count; k++)
        if (c_value(w, one->inputs[k])->source == GRAPH_CONSTANT) {
            snprintf(text, sizeof text, "x%zu", k);
            c_write_numbers(w, text, c_value(w, one->inputs[k])->numbers, c_value(w, one->inputs[k])->values);
        }
    for (int32_t i = 0; i < shape->rank; i++)
        c_open(w, "for (int i%d = 0; i%d < %d; i%d++)", (int)i, (int)i, (int)shape->dim[i], (int)i);
    stretched(&c_value(w, one->inputs[0])->shape, shape, at, sizeof at);
    c_line(w, "float v = x0[%s];", at);
    for (size_t k = 1; k < one->input_count; k++) {
        stretched(&c_value(w, one->inputs[k])->shape, shape, at, sizeof at);
        snprintf(text, sizeof text, "x%zu[%s]", k, at);
        c_write_pair(w, one->kind, "v", text);
    }
    stretched(shape, shape, at, sizeof at);
    c_line(w, "y[%s] = v;", at);
    for (int32_t i = 0; i < shape->rank; i++)
        c_close(w);
}

void c_write_joined(struct c_writer *w, const struct c_stage *stage)
{
    const struct graph_operator *one = stage->main;
    const struct nnrun_shape *shape = &c_value(w, one->output)->shape;
    const int32_t axis = one->at.axis - 1;
    size_t outer = 1, inner = 1, done = 0;

    for (int32_t i = 0; i < shape->rank; i++) {
        outer *= i < axis ? (size_t)shape->dim[i] : 1;
        inner *= i > axis ? (size_t)shape->dim[i] : 1;
    }
    for (size_t k = 0; k < one->input_count; k++) {
        const size_t run = (size_t)c_value(w, one->inputs[k])->shape.dim[axis] * inner;
        c_line(w, "for (int o = 0; o < %zu; o++)", outer);
        c_line(w, "    for (int i = 0; i < %zu; i++)", run);
        c_line(w, "        y[o * %zu + %zu + i] = x%zu[o * %zu + i];", (size_t)shape->dim[axis] * inner, done,
               k, run);
        done += run;
    }
}

void c_write_softmax(struct c_writer *w, const struct c_stage *stage)
{
    const struct graph_value *y = c_value(w, stage->main->output);
    const int32_t axis = stage->main->at.axis - 1;
    const size_t count = (size_t)y->shape.dim[axis];
    size_t step = 1;

    for (int32_t i = axis + 1; i < y->shape.rank; i++)
        step *= (size_t)y->shape.dim[i];
    c_open(w, "for (int n = 0; n < %zu; n++)", y->values / count);
    c_line(w, "const float *from = x + n / %zu * %zu + n %% %zu;", step, count * step, step);
    c_line(w, "float *to = y + n / %zu * %zu + n %% %zu, most = from[0], sum = 0.0f;", step, count * step,
           step);
    c_line(w, "for (int i = 1; i < %zu; i++)", count);
    c_line(w, "    most = from[i * %zu] > most ? from[i * %zu] : most;", step, step);
    c_line(w, "for (int i = 0; i < %zu; i++)", count);
    c_line(w, "    sum += to[i * %zu] = expf(from[i * %zu] - most);", step, step);
    c_line(w, "for (int i = 0; i < %zu; i++)", count);
    c_line(w, "    to[i * %zu] /= sum;", step);
    c_close(w);
}

void c_write_normalization(struct c_writer *w, const struct c_stage *stage)
{
    const struct operator_settings *at = &stage->main->at;
    const struct nnrun_shape *shape = &c_value(w, stage->main->output)->shape;
    const int area = shape->dim[1] * shape->dim[2];

    c_open(w, "for (int c = 0; c < %d; c++)", shape->dim[0]);
    c_line(w, "const int first = c < %d ? 0 : c - %d;", (at->size - 1) / 2, (at->size - 1) / 2);
    c_line(w, "const int end = c + %d < %d ? c + %d : %d;", at->size / 2 + 1, shape->dim[0], at->size / 2 + 1,
           shape->dim[0]);
    c_open(w, "for (int i = 0; i < %d; i++)", area);
    c_line(w, "float sum = 0.0f;");
    c_line(w, "for (int n = first; n < end; n++)");
    c_line(w, "    sum += x[n * %d + i] * x[n * %d + i];", area, area);
    c_line(w, "y[c * %d + i] = x[c * %d + i] * powf(%s + %s * sum, %s);", area, area,
           c_number(w, at->bias).text, c_number(w, at->alpha / (float)at->size).text,
           c_number(w, -at->beta).text);
    c_close(w);
    c_close(w);
}
