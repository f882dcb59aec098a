/* c_chain.c: loops that change values one by one, see c_writer.h. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "export/c_writer.h"

static const char *const plain[OPERATOR_KINDS] = {
    [OPERATOR_ABS] = "fabsf(v)",
    [OPERATOR_ERF] = "erff(v)",
    [OPERATOR_EXP] = "expf(v)",
    [OPERATOR_LOG] = "logf(v)",
    [OPERATOR_NEG] = "-v",
    [OPERATOR_RECIPROCAL] = "1.0f / v",
    [OPERATOR_RELU] = "v < 0.0f ? 0.0f : v",
    [OPERATOR_SIGMOID] = "1.0f / (1.0f + expf(-v))",
    [OPERATOR_SOFTPLUS] = "(v > 0.0f ? v : 0.0f) + log1pf(expf(-fabsf(v)))",
    [OPERATOR_SOFTSIGN] = "v / (1.0f + fabsf(v))",
    [OPERATOR_SQRT] = "sqrtf(v)",
    [OPERATOR_TANH] = "tanhf(v)",
};

void c_write_pair(struct c_writer *w, enum operator_kind kind, const char *a, const char *b)
{
    static const char *const between[OPERATOR_KINDS] = {[OPERATOR_ADD] = "+",
                                                        [OPERATOR_SUM] = "+",
                                                        [OPERATOR_SUB] = "-",
                                                        [OPERATOR_MUL] = "*",
                                                        [OPERATOR_DIV] = "/"};

    if (between[kind])
        c_line(w, "v = %s %s %s;", a, between[kind], b);
    else if (kind == OPERATOR_POW)
        c_line(w, "v = powf(%s, %s);", a, b);
    else if (kind == OPERATOR_PRELU)
        c_line(w, "v = %s < 0.0f ? %s * %s : %s;", a, a, b, a);
    else /* Max and Min: NaN of the first stays */
        c_line(w, "v = %s %s %s ? %s : %s;", b, kind == OPERATOR_MAX ? ">" : "<", a, b, a);
}

/* ---- constants ----------------------------------------------------------------------------------------- */

static bool is_listed(const struct c_writer *w, const struct graph_operator *one)
{
    const size_t constant = c_link_constant(w->stages->graph, one);

    return one->kind == OPERATOR_BATCH_NORMALIZATION ||
           (constant != GRAPH_NO_VALUE && c_value(w, constant)->values > 1);
}

/* 1 / deviation * scale of each channel. */
static void write_factors(struct c_writer *w, const struct graph_operator *one, const char *name)
{
    const size_t channels = c_value(w, one->inputs[1])->values;
    float *factors = memory_array(channels, sizeof *factors);

    if (!factors) {
        w->no_memory = true;
        return;
    }
    for (size_t c = 0; c < channels; c++)
        factors[c] = (float)((double)c_value(w, one->inputs[1])->numbers[c] /
                             sqrt((double)c_value(w, one->inputs[4])->numbers[c] + (double)one->at.epsilon));
    c_write_numbers(w, name, factors, channels);
    free(factors);
}

void c_write_chain_constants(struct c_writer *w, const struct c_stage *stage)
{
    char name[32];

    for (size_t i = 0; i < stage->chain_count; i++) {
        const struct graph_operator *one = stage->chain[i];
        if (!is_listed(w, one))
            continue;
        snprintf(name, sizeof name, "t%zu", i);
        if (one->kind != OPERATOR_BATCH_NORMALIZATION) {
            const struct graph_value *constant = c_value(w, c_link_constant(w->stages->graph, one));
            c_write_numbers(w, name, constant->numbers, constant->values);
            continue;
        }
        write_factors(w, one, name);
        snprintf(name, sizeof name, "mean%zu", i);
        c_write_numbers(w, name, c_value(w, one->inputs[3])->numbers, c_value(w, one->inputs[3])->values);
        snprintf(name, sizeof name, "bias%zu", i);
        c_write_numbers(w, name, c_value(w, one->inputs[2])->numbers, c_value(w, one->inputs[2])->values);
    }
}

/* ---- loops --------------------------------------------------------------------------------------------- */

static void write_clip(struct c_writer *w, const struct graph_operator *one)
{
    for (size_t k = 1; k < one->input_count; k++)
        if (c_input(w, one, k)) {
            const struct c_number end = c_number(w, *c_input(w, one, k)->numbers);
            c_line(w, "v = v %s %s ? %s : v;", k == 1 ? "<" : ">", end.text, end.text);
        }
}

/* Operators with attributes. */
static void write_bent(struct c_writer *w, const struct graph_operator *one)
{
    const struct c_number alpha = c_number(w, one->at.alpha), beta = c_number(w, one->at.beta),
                          gamma = c_number(w, one->at.gamma);

    if (one->kind == OPERATOR_ELU)
        c_line(w, "v = v >= 0.0f ? v : %s * expm1f(v);", alpha.text);
    else if (one->kind == OPERATOR_HARD_SIGMOID)
        c_line(w, "v = fmaxf(0.0f, fminf(1.0f, %s * v + %s));", alpha.text, beta.text);
    else if (one->kind == OPERATOR_LEAKY_RELU)
        c_line(w, "v = v >= 0.0f ? v : %s * v;", alpha.text);
    else
        c_line(w, "v = %s * (v > 0.0f ? v : %s * expm1f(v));", gamma.text, alpha.text);
}

/* With a constant: a number, or t of a channel. */
static void write_with_constant(struct c_writer *w, const struct graph_operator *one, size_t number)
{
    const size_t constant = c_link_constant(w->stages->graph, one);
    char text[32];

    if (is_listed(w, one))
        snprintf(text, sizeof text, "t%zu[c]", number);
    else
        snprintf(text, sizeof text, "%s", c_number(w, *c_value(w, constant)->numbers).text);
    c_write_pair(w, one->kind, one->inputs[0] == constant ? text : "v",
                 one->inputs[0] == constant ? "v" : text);
}

static void write_link(struct c_writer *w, const struct c_stage *stage, size_t number)
{
    const struct graph_operator *one = stage->chain[number];

    if (one->kind == OPERATOR_CLIP)
        write_clip(w, one);
    else if (plain[one->kind])
        c_line(w, "v = %s;", plain[one->kind]);
    else if (one->kind == OPERATOR_BATCH_NORMALIZATION)
        c_line(w, "v = (v - mean%zu[c]) * t%zu[c] + bias%zu[c];", number, number, number);
    else if (c_link_constant(w->stages->graph, one) != GRAPH_NO_VALUE)
        write_with_constant(w, one, number);
    else
        write_bent(w, one);
}

/* Links `from` to `to` - 1 over so many values, of so many channels; 0: which one it is does not matter. */
static void write_loop(struct c_writer *w, const struct c_stage *stage, size_t from, size_t to, const char *x,
                       const char *y, size_t channels, size_t values)
{
    const bool nested = channels > 0 && channels < values;
    const char *const at = nested ? "at" : channels > 0 ? "c" : "i";

    if (nested) {
        c_open(w, "for (int c = 0; c < %zu; c++)", channels);
        c_open(w, "for (int i = 0; i < %zu; i++)", values / channels);
        c_line(w, "const int at = c * %zu + i;", values / channels);
    } else {
        c_open(w, "for (int %s = 0; %s < %zu; %s++)", at, at, values, at);
    }
    c_line(w, "float v = %s[%s];", x, at);
    for (size_t i = from; i < to; i++)
        write_link(w, stage, i);
    c_line(w, "%s[%s] = v;", y, at);
    c_close(w);
    if (nested)
        c_close(w);
}

void c_write_chain(struct c_writer *w, const struct c_stage *stage, const char *x, const char *y,
                   size_t channels, size_t area)
{
    size_t to;

    for (size_t from = 0; from < stage->chain_count; from = to, x = y) {
        size_t seen = 0; /* channels; 0: none of these links asks */
        for (to = from; to < stage->chain_count; to++) {
            const struct nnrun_shape *shape = &c_value(w, stage->chain[to]->output)->shape;
            const size_t own = is_listed(w, stage->chain[to]) ? c_channels(shape) : 0;
            if (own != 0 && seen != 0 && own != seen)
                break;
            seen = own != 0 ? own : seen;
        }
        write_loop(w, stage, from, to, x, y, seen, channels * area);
    }
}
