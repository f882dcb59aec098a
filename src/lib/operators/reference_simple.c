/* reference_simple.c: see reference_simple.h. */
#include "operators/reference_simple.h"

#include <math.h>
#include <string.h>

#include "operators/reference_windows.h"

/* ---- one value of one value ---------------------------------------------------------------------------- */

static double clip(const struct reference_call *call, double x)
{
    if (call->x[1] && x < *call->x[1])
        x = *call->x[1];
    return call->x[2] && x > *call->x[2] ? *call->x[2] : x;
}

static double sigmoid(double x)
{
    return 1 / (1 + exp(-x));
}

/* Those with attributes or more inputs. */
static double bent(const struct reference_call *call, double x)
{
    const struct operator_settings *at = &call->one->at;
    const double alpha = (double)at->alpha, beta = (double)at->beta, gamma = (double)at->gamma;

    switch ((int)call->one->kind) {
    case OPERATOR_CLIP:
        return clip(call, x);
    case OPERATOR_ELU:
        return x >= 0 ? x : alpha * expm1(x);
    case OPERATOR_HARD_SIGMOID:
        return fmax(0, fmin(1, alpha * x + beta));
    case OPERATOR_LEAKY_RELU:
        return x >= 0 ? x : alpha * x;
    case OPERATOR_SELU:
        return gamma * (x > 0 ? x : alpha * expm1(x));
    default:
        return x;
    }
}

static double unary(const struct reference_call *call, double x)
{
    switch ((int)call->one->kind) {
    case OPERATOR_ABS:
        return fabs(x);
    case OPERATOR_ERF:
        return erf(x);
    case OPERATOR_EXP:
        return exp(x);
    case OPERATOR_LOG:
        return log(x);
    case OPERATOR_NEG:
        return -x;
    case OPERATOR_RECIPROCAL:
        return 1 / x;
    case OPERATOR_RELU:
        return x < 0 ? 0 : x;
    case OPERATOR_SIGMOID:
        return sigmoid(x);
    case OPERATOR_SOFTPLUS:
        return fmax(x, 0) + log1p(exp(-fabs(x)));
    case OPERATOR_SOFTSIGN:
        return x / (1 + fabs(x));
    case OPERATOR_SQRT:
        return sqrt(x);
    case OPERATOR_TANH:
        return tanh(x);
    default:
        return bent(call, x);
    }
}

void reference_unary(const struct reference_call *call)
{
    for (size_t i = 0; i < call->count; i++)
        call->y[i] = unary(call, call->x[0][i]);
}

/* ---- one value of one of each input -------------------------------------------------------------------- */

static double pair(enum operator_kind kind, double a, double b)
{
    switch ((int)kind) {
    case OPERATOR_DIV:
        return a / b;
    case OPERATOR_MAX:
        return a > b || isnan(a) ? a : b;
    case OPERATOR_MIN:
        return a < b || isnan(a) ? a : b;
    case OPERATOR_MUL:
        return a * b;
    case OPERATOR_POW:
        return pow(a, b);
    case OPERATOR_PRELU:
        return a < 0 ? a * b : a;
    case OPERATOR_SUB:
        return a - b;
    default: /* Add, Sum */
        return a + b;
    }
}

/* The element of input k that is stretched to element i of y. */
static double stretched(const struct reference_call *call, size_t k, size_t i)
{
    const struct nnrun_shape *from = call->x_shape[k], *to = call->shape;
    size_t at = 0, run = 1;

    for (int32_t back = 1; back <= from->rank; back++) {
        const size_t wide = (size_t)to->dim[to->rank - back], narrow = (size_t)from->dim[from->rank - back];
        at += narrow == 1 ? 0 : i % wide * run;
        run *= narrow;
        i /= wide;
    }
    return call->x[k][at];
}

void reference_broadcast(const struct reference_call *call)
{
    for (size_t i = 0; i < call->count; i++) {
        double y = stretched(call, 0, i);
        for (size_t k = 1; k < call->one->input_count; k++)
            y = pair(call->one->kind, y, stretched(call, k, i));
        call->y[i] = y;
    }
}

/* ---- the others ---------------------------------------------------------------------------------------- */

/* Of values `step` apart. */
static void softmax(const double *x, size_t count, size_t step, double *y)
{
    double most = x[0], sum = 0;

    for (size_t i = 1; i < count; i++)
        most = fmax(most, x[i * step]);
    for (size_t i = 0; i < count; i++)
        sum += y[i * step] = exp(x[i * step] - most);
    for (size_t i = 0; i < count; i++)
        y[i * step] /= sum;
}

static void each_softmax(const struct reference_call *call)
{
    const int32_t axis = call->one->at.axis - 1;
    const size_t count = (size_t)call->shape->dim[axis];
    size_t step = 1;

    for (int32_t i = axis + 1; i < call->shape->rank; i++)
        step *= (size_t)call->shape->dim[i];
    for (size_t from = 0; from < call->count; from += count * step)
        for (size_t i = from; i < from + step; i++)
            softmax(call->x[0] + i, count, step, call->y + i);
}

static void batch_normalization(const struct reference_call *call)
{
    const size_t channels = (size_t)call->shape->dim[0], area = call->count / channels;
    const double *scale = call->x[1], *bias = call->x[2], *mean = call->x[3], *variance = call->x[4];

    for (size_t i = 0; i < call->count; i++) {
        const size_t c = i / area;
        const double deviation = sqrt(variance[c] + (double)call->one->at.epsilon);
        call->y[i] = scale[c] * (call->x[0][i] - mean[c]) / deviation + bias[c];
    }
}

void reference_same(const struct reference_call *call)
{
    if (call->one->kind == OPERATOR_SOFTMAX)
        each_softmax(call);
    else if (call->one->kind == OPERATOR_BATCH_NORMALIZATION)
        batch_normalization(call);
    else
        reference_channel_normalization(call);
}

void reference_joined(const struct reference_call *call)
{
    const int32_t axis = call->one->at.axis - 1;
    size_t outer = 1, inner = 1, done = 0;

    for (int32_t i = 0; i < call->shape->rank; i++) {
        if (i < axis)
            outer *= (size_t)call->shape->dim[i];
        if (i > axis)
            inner *= (size_t)call->shape->dim[i];
    }
    for (size_t o = 0; o < outer; o++)
        for (size_t k = 0; k < call->one->input_count; k++) {
            const size_t run = (size_t)call->x_shape[k]->dim[axis] * inner;
            memcpy(call->y + done, call->x[k] + o * run, run * sizeof *call->y);
            done += run;
        }
}

void reference_product(const struct reference_call *call)
{
    const struct operator_settings *at = &call->one->at;
    const size_t in = (size_t)call->x_shape[0]->dim[0], out = call->count;

    for (size_t m = 0; m < out; m++) {
        double sum = 0;
        for (size_t k = 0; k < in; k++)
            sum += call->x[0][k] * call->x[1][at->trans_b ? m * in + k : k * out + m];
        call->y[m] = (double)at->alpha * sum + (call->x[2] ? (double)at->beta * call->x[2][m] : 0);
    }
}
