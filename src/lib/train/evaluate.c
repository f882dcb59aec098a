/* evaluate.c: see evaluate.h. */
#include "train/evaluate.h"

#include <math.h>
#include <stdlib.h>

#include <zlib.h>

#include "base/memory.h"
#include "train/slices.h"

/* Whether an output says for each class, or each label, how likely it is: then labels are below their number. */
static bool outputs_are_classes(const struct net *net)
{
    return net->target == NNRUN_CLASS || net_target_values(net) == net->nodes[net->last].values;
}

/* Of how many labels areas are computed, for samples with so many labels each. */
static size_t labels_with_areas(const struct net *net, size_t label_width)
{
    const size_t values = net->nodes[net->last].values;

    if (label_width > 1)
        return net->target == NNRUN_LABELS && values == label_width ? values : 0;
    return (values == 2 && outputs_are_classes(net)) || (values == 1 && net->target == NNRUN_LABELS);
}

/* Whether classes are told apart: which were confused, and the mistakes. */
static bool has_classes(const struct net *net, const struct samples *samples)
{
    const size_t values = net->nodes[net->last].values;

    return samples_label_width(samples) == 1 && values >= 2 && values <= EVALUATE_MOST_CLASSES &&
           outputs_are_classes(net);
}

/* Of the pixels that are kept of a mistake. */
static size_t mistake_bytes(const struct net *net, const struct samples *samples)
{
    return samples_are_numbers(samples) ? 0 : net->input_values;
}

size_t evaluation_bytes(const struct net *net, const struct samples *samples, size_t mistakes, bool verdicts)
{
    const size_t values = net->nodes[net->last].values, count = samples_count(samples);
    size_t bytes = areas_bytes(labels_with_areas(net, samples_label_width(samples)), count), mistake;

    if (!size_add_array(&bytes, verdicts ? count : 0, 1))
        return SIZE_MAX;
    if (!has_classes(net, samples))
        return bytes;
    return size_add(mistake_bytes(net, samples), sizeof(struct mistake) + sizeof(uint8_t *), &mistake) &&
                   size_add_array(&bytes, mistakes < count ? mistakes : count, mistake) &&
                   size_add_array(&bytes, (values + 1) * values, sizeof(uint64_t))
               ? bytes
               : SIZE_MAX;
}

int evaluation_init(struct evaluation *result, const struct net *net, const struct samples *samples,
                    size_t mistakes, struct error *error)
{
    const size_t values = net->nodes[net->last].values, count = samples_count(samples);

    *result = (struct evaluation){.shape = samples_shape(samples), .outputs = values};
    if (samples_are_numbers(samples))
        result->shape = (struct nnrun_shape){.rank = 1, .dim = {(int32_t)net->input_values}};
    if (areas_init(&result->areas, labels_with_areas(net, samples_label_width(samples)), count, error) != 0)
        return -1;
    if (!has_classes(net, samples))
        return 0;
    result->classes = values;
    result->confusion = memory_array(values * values, sizeof *result->confusion);
    result->silent = memory_array(values, sizeof *result->silent);
    if (!result->confusion || !result->silent)
        return error_memory(error);
    return mistakes_init(&result->mistakes, mistakes < count ? mistakes : count, mistake_bytes(net, samples),
                         error);
}

int evaluation_keep_verdicts(struct evaluation *result, size_t count, struct error *error)
{
    result->verdicts = memory_array(count, sizeof *result->verdicts);
    return result->verdicts ? 0 : error_memory(error);
}

void evaluation_finish(struct evaluation *result)
{
    mistakes_finish(&result->mistakes);
    areas_finish(&result->areas);
    free(result->confusion);
    free(result->silent);
    free(result->verdicts);
    *result = (struct evaluation){0};
}

size_t evaluate_batch(size_t window)
{
    return window < 1024 ? window : 1024;
}

/* What the network predicted for a batch. */
struct predictions {
    size_t values;
    uint32_t *classes; /* [batch]; NULL: not wanted */
    float *outputs;    /* [batch][values]; NULL likewise */
};

static int make_predictions(struct predictions *predictions, const struct evaluation *result, size_t batch,
                            struct error *error)
{
    size_t room;

    *predictions = (struct predictions){.values = result->outputs};
    if (result->confusion && !(predictions->classes = memory_array(batch, sizeof *predictions->classes)))
        return error_memory(error);
    if ((result->mistakes.most > 0 || result->areas.count > 0) &&
        (!size_multiply(batch, result->outputs, &room) ||
         !(predictions->outputs = memory_array(room, sizeof *predictions->outputs))))
        return error_memory(error);
    return 0;
}

static int count_predictions(struct evaluation *result, const struct predictions *predictions,
                             const struct batch *batch, struct error *error)
{
    for (size_t i = 0; predictions->classes && i < batch->count; i++) {
        const uint32_t label = batch->labels[i][0], predicted = predictions->classes[i];
        if (predicted >= result->classes) { /* SLICES_NO_CLASS; no other rank is believed to send a class */
            result->silent[label]++;
            continue;
        }
        result->confusion[label * result->classes + predicted]++;
        if (predicted == label || !predictions->outputs)
            continue;
        const struct mistake mistake = {.sample = batch->numbers[i],
                                        .label = label,
                                        .predicted = predicted,
                                        .confidence =
                                            predictions->outputs[i * predictions->values + predicted],
                                        .pixels = result->mistakes.sample_bytes ? batch->pixels[i] : NULL};
        if (mistakes_add(&result->mistakes, &mistake, error) != 0)
            return -1;
    }
    return 0;
}

static void add_to_areas(struct evaluation *result, const struct predictions *predictions,
                         const struct batch *batch)
{
    const size_t values = predictions->values;

    for (size_t i = 0; result->areas.count > 0 && predictions->outputs && i < batch->count; i++) {
        const float *outputs = predictions->outputs + i * values;

        if (!net_is_answer(outputs, values, 1))
            continue;
        for (size_t k = 0; batch->label_width > 1 && k < values; k++)
            areas_add(&result->areas, k, outputs[k], batch->labels[i][k] != 0);
        if (batch->label_width == 1)
            areas_add(&result->areas, 0, outputs[values - 1], batch->labels[i][0] != 0);
        areas_next(&result->areas);
    }
}

/* Of the batch that was evaluated last. */
static void keep_verdicts(struct evaluation *result, const struct executor *executor,
                          const struct batch *batch, size_t sample_bytes)
{
    for (size_t i = 0; result->verdicts && i < batch->count; i++) {
        result->verdicts[result->count + i] = executor_was_right(executor, i);
        const void *sample = batch->floats ? (const void *)batch->floats[i] : batch->pixels[i];
        result->checksum = (uint32_t)crc32_z(result->checksum, sample, sample_bytes);
        result->checksum = (uint32_t)crc32_z(result->checksum, batch->labels[i], batch->label_width);
    }
}

static int count_batch(struct evaluation *result, const struct executor *executor,
                       const struct samples *samples, const struct predictions *predictions,
                       const struct batch *batch, struct error *error)
{
    keep_verdicts(result, executor, batch, samples_bytes(samples));
    add_to_areas(result, predictions, batch);
    result->count += batch->count;
    return count_predictions(result, predictions, batch, error);
}

static void conclude(struct evaluation *result, const struct step_sums *sums)
{
    areas_compute(&result->areas);
    result->right = sums->right;
    result->unanswered = sums->unanswered;
    result->loss = result->count ? sums->loss / (double)result->count : 0;
    result->accuracy = result->count ? (double)sums->right / (double)result->count : 0;
}

int evaluate(struct executor *executor, struct samples *samples, size_t first, size_t count, size_t batch,
             struct evaluation *result, struct error *error)
{
    const struct samples_walk walk = {.first = first, .count = count};
    struct step_sums sums = {0};
    struct predictions predictions;
    struct batch now = {0};
    int failed;

    result->count = 0;
    failed = make_predictions(&predictions, result, batch, error) != 0 ||
             samples_start(samples, &walk, error) != 0;
    for (;;) {
        if (!failed)
            failed = samples_next(samples, batch, &now, error);
        failed = ranks_agree(executor_ranks(executor), 0, failed, NULL, error);
        if (failed || now.count == 0)
            break;
        executor_evaluate(executor, &now, &sums, predictions.classes, predictions.outputs);
        failed = ranks_broken(executor_ranks(executor))
                     ? -1
                     : count_batch(result, executor, samples, &predictions, &now, error);
        if (!failed && result->progress && result->progress(result->progress_arg, result->count, count))
            failed = error_set(error, ERROR_FAILED, "the test was stopped");
    }
    if (!failed)
        conclude(result, &sums);
    free(predictions.classes);
    free(predictions.outputs);
    return failed ? -1 : 0;
}

struct evaluation_interval evaluation_interval(uint64_t right, uint64_t count)
{
    static const double z = 1.959963984540054; /* 97.5 % of a normal distribution lie below */
    const double n = (double)count, p = (double)right / n, spread = 1 + z * z / n;
    const double centre = (p + z * z / (2 * n)) / spread;
    const double half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / spread;

    if (count == 0)
        return (struct evaluation_interval){0, 1};
    /* exact at the ends, which rounding may miss */
    return (struct evaluation_interval){right == 0 ? 0 : centre - half, right == count ? 1 : centre + half};
}

static double ratio(uint64_t part, uint64_t whole, double of_nothing)
{
    return whole ? (double)part / (double)whole : of_nothing;
}

struct class_figures evaluation_class(const struct evaluation *result, size_t class)
{
    struct class_figures figures = {.samples = result->silent ? result->silent[class] : 0};

    for (size_t k = 0; k < result->classes; k++) {
        figures.samples += result->confusion[class * result->classes + k];
        figures.predicted += result->confusion[k * result->classes + class];
    }
    figures.right = result->confusion[class * result->classes + class];
    figures.recall = ratio(figures.right, figures.samples, (double)NAN);
    figures.precision = ratio(figures.right, figures.predicted, 0);
    return figures;
}

double evaluation_balanced_accuracy(const struct evaluation *result)
{
    double sum = 0;
    size_t there = 0;

    for (size_t c = 0; c < result->classes; c++) {
        const struct class_figures figures = evaluation_class(result, c);
        if (figures.samples > 0) {
            sum += figures.recall;
            there++;
        }
    }
    return there ? sum / (double)there : (double)NAN;
}
