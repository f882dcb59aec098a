/* normalization.c: see normalization.h. */
#include "train/normalization.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static const char *const tensor_names[NORMALIZATION_TENSORS] = {"input.mean", "input.std"};

/* False if they are more than 32-bit numbers hold. */
static bool make_scaling(struct normalization *n, const struct model *model)
{
    bool fits = true;

    for (size_t i = 0; i < n->count; i++) {
        model_scaling_of(model, (double)n->mean[i], (double)n->std[i], &n->scale[i], &n->shift[i]);
        fits = fits && isfinite(n->scale[i]) && isfinite(n->shift[i]);
    }
    return fits;
}

int normalization_init(struct normalization *n, const struct model *model, struct error *error)
{
    *n = (struct normalization){0};
    if (model->settings.data.normalize == NORMALIZE_NONE)
        return 0;
    n->count = model->scaling.channels;
    n->mean = memory_array(n->count, sizeof *n->mean);
    n->std = memory_array(n->count, sizeof *n->std);
    n->scale = memory_array(n->count, sizeof *n->scale);
    n->shift = memory_array(n->count, sizeof *n->shift);
    if (!n->mean || !n->std || !n->scale || !n->shift)
        return error_memory(error);
    for (size_t i = 0; i < n->count; i++)
        n->std[i] = 1;
    make_scaling(n, model);
    return 0;
}

void normalization_finish(struct normalization *n)
{
    free(n->mean);
    free(n->std);
    free(n->scale);
    free(n->shift);
    *n = (struct normalization){0};
}

struct lanes_scaling normalization_scaling(const struct normalization *n, const struct model *model)
{
    struct lanes_scaling scaling = model->scaling;

    if (n->count > 0) {
        scaling.scale = n->scale;
        scaling.shift = n->shift;
    }
    return scaling;
}

double normalization_mean(const struct normalization *n, const struct model *model)
{
    const struct nnrun_reals *mean = &model->settings.data.mean;
    double sum = 0;

    for (size_t i = 0; i < n->count; i++)
        sum += (double)n->mean[i];
    if (n->count > 0)
        return sum / (double)n->count;
    for (int32_t i = 0; i < mean->count; i++)
        sum += mean->value[i];
    return sum / mean->count;
}

/* ---- from samples --------------------------------------------------------------------------------------- */

/* Sums of the differences from the first value there is, and of their squares. Those of bytes are whole numbers, which
 * doubles hold exactly up to 2^53. */
struct sums {
    double origin, sum, squares;
};

static void add_value(struct sums *sums, double value)
{
    const double difference = value - sums->origin;

    sums->sum += difference;
    sums->squares += difference * difference;
}

static void add_sample(const struct normalization *n, size_t area, const struct batch *batch, size_t i,
                       bool first, struct sums *sums)
{
    size_t at = 0;

    for (size_t c = 0; c < n->count; c++) {
        if (first)
            sums[c].origin = batch->floats ? (double)batch->floats[i][at] : (double)batch->pixels[i][at];
        for (size_t k = 0; k < area; k++, at++)
            add_value(&sums[c], batch->floats ? (double)batch->floats[i][at] : (double)batch->pixels[i][at]);
    }
}

static int sum_samples(const struct normalization *n, size_t area, struct samples *samples, size_t count,
                       struct sums *sums, struct error *error)
{
    const struct samples_walk walk = {.count = count};
    bool first = true;
    struct batch batch;

    if (samples_start(samples, &walk, error) != 0)
        return -1;
    do {
        if (samples_next(samples, 1024, &batch, error) != 0)
            return -1;
        for (size_t i = 0; i < batch.count; i++, first = false)
            add_sample(n, area, &batch, i, first, sums);
    } while (batch.count > 0);
    return 0;
}

/* Feature i. False if it is constant: as far as a deviation of it could be divided by. */
static bool set_feature(struct normalization *n, const struct model *model, size_t i, const struct sums *sums,
                        double values)
{
    const double unit = model_value_unit(model), mean = sums->sum / values;
    const double variance = sums->squares / values - mean * mean;

    n->mean[i] = (float)((sums->origin + mean) / unit);
    n->std[i] = variance > 0 ? (float)(sqrt(variance) / unit) : 0;
    model_scaling_of(model, (double)n->mean[i], (double)n->std[i], &n->scale[i], &n->shift[i]);
    if (n->std[i] > 0 && isfinite(n->scale[i]) && isfinite(n->shift[i]))
        return true;
    n->std[i] = 1;
    model_scaling_of(model, (double)n->mean[i], 1, &n->scale[i], &n->shift[i]);
    return false;
}

int normalization_measure(struct normalization *n, const struct model *model, struct samples *samples,
                          size_t count, size_t *constant, size_t *first, struct error *error)
{
    const size_t area = model->scaling.area;
    struct sums *sums = memory_array(n->count, sizeof *sums);
    int failed;

    if (!sums)
        return error_memory(error);
    failed = sum_samples(n, area, samples, count, sums, error);
    *constant = *first = 0;
    for (size_t i = 0; !failed && i < n->count; i++)
        if (!set_feature(n, model, i, &sums[i], (double)count * (double)area) && (*constant)++ == 0)
            *first = i;
    free(sums);
    return failed;
}

/* ---- tensors -------------------------------------------------------------------------------------------- */

size_t normalization_tensors(const struct normalization *n, struct tensor tensors[NORMALIZATION_TENSORS])
{
    const float *const values[NORMALIZATION_TENSORS] = {n->mean, n->std};

    for (size_t i = 0; n->count > 0 && i < NORMALIZATION_TENSORS; i++)
        tensors[i] = (struct tensor){.name = tensor_names[i],
                                     .type = TENSOR_F32,
                                     .rank = 1,
                                     .dim = {n->count},
                                     .data = values[i],
                                     .bytes = n->count * sizeof(float)};
    return n->count > 0 ? NORMALIZATION_TENSORS : 0;
}

static int load_tensor(float *to, size_t count, const char *name, const struct safetensors *file,
                       struct error *error)
{
    const struct error_facts facts = {.file = safetensors_label(file)};
    const struct tensor *from = safetensors_tensor(file, name);

    if (!from)
        return error_set_at(error, ERROR_DATA, &facts,
                            "tensor %s is missing; data.normalize = \"train\" keeps it", name);
    if (from->type != TENSOR_F32 || from->rank != 1 || from->dim[0] != count)
        return error_set_at(error, ERROR_DATA, &facts,
                            "tensor %s differs in shape from the network's input, %zu 32-bit floats", name,
                            count);
    memcpy(to, from->data, from->bytes);
    return 0;
}

int normalization_load(struct normalization *n, const struct model *model, const struct safetensors *file,
                       struct error *error)
{
    float *const values[NORMALIZATION_TENSORS] = {n->mean, n->std};

    for (size_t i = 0; n->count > 0 && i < NORMALIZATION_TENSORS; i++)
        if (load_tensor(values[i], n->count, tensor_names[i], file, error) != 0)
            return -1;
    for (size_t i = 0; i < n->count; i++)
        if (!isfinite(n->mean[i]) || !isfinite(n->std[i]) || !(n->std[i] > 0))
            return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = safetensors_label(file)},
                                "number %zu (the first is 0) of tensors %s and %s is %g and %g; expected "
                                "finite ones, the second above 0",
                                i, tensor_names[0], tensor_names[1], (double)n->mean[i], (double)n->std[i]);
    if (!make_scaling(n, model))
        return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = safetensors_label(file)},
                            "tensors %s and %s have a quotient that is infinite in 32-bit arithmetic",
                            tensor_names[0], tensor_names[1]);
    return 0;
}
