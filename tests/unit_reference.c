/* unit_reference.c: our numbers beside PyTorch's, from tests/reference/make_reference.py: logits, gradients
 * and the weights after a few steps by each rule, at every code level of this processor. */
#include "unit.h"
#include "unit_options.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/thread_pool.h"
#include "model/model.h"
#include "net/net_derived.h"
#include "train/optimizer.h"
#include "train/schedule.h"
#include "train/executor.h"

/* What a tensor may differ by at most, as a part of its largest element. */
#define TOLERANCE 1e-4

enum { MOST_TENSORS = 24, MOST_CLASSES = 10, MOST_WORDS = 8, PATH = 1024, ALL = 64 };

static const size_t sizes[] = {16, 37, ALL};
static const char *const rules[] = {"sgd", "adam", "nesterov", "adamw", "clip", "cosine"};
enum { SIZES = sizeof sizes / sizeof sizes[0], RULES = sizeof rules / sizeof rules[0], TWO_RULES = 2 };

union target {
    _Alignas(64) int32_t class[NNRUN_LANES];
    float value[MOST_CLASSES][NNRUN_LANES];
};

/* The largest differences of a network met at any level, for the report. */
struct worst {
    size_t count;
    double logits;
    struct {
        char name[64];
        double gradient, weights, change;
    } tensor[MOST_TENSORS];
};

struct reference {
    const char *name;
    unsigned level;
    struct safetensors *file;
    char *words; /* the overrides' text */
    struct model model;
    struct samples *samples;
    float *weights, *states, *observations;
};

static void need(bool ok, const char *what, struct error *error)
{
    if (ok)
        return;
    printf("\n  %s: %s\n", what, error ? error_text(error) : "missing");
    exit(99);
}

static const char *source_path(char path[PATH], const char *folder, const char *name, const char *end)
{
    const char *source = getenv("NNRUN_SOURCE");

    need(source != NULL, "NNRUN_SOURCE", NULL);
    snprintf(path, PATH, "%s/%s/%s%s", source, folder, name, end);
    return path;
}

static const char *value(const struct reference *r, const char *key)
{
    const char *text = safetensors_value(r->file, key);

    need(text != NULL, key, NULL);
    return text;
}

/* lenet.cfg is the one that users run; its samples are ours. */
static void open_job(struct reference *r, const char *rule)
{
    const bool shipped = strcmp(r->name, "lenet") == 0;
    char path[PATH], images[2 * PATH], labels[2 * PATH], key[32];
    const char *overrides[MOST_WORDS];
    struct model_options options = unit_options(false);
    struct error error UNIT_CLEARED = {0};

    options.level = plugin_level_names[r->level];
    options.overrides = overrides;
    if (shipped) {
        source_path(path, "tests/reference", r->name, "");
        snprintf(images, sizeof images, "data.train.images=%s-images-idx3-ubyte", path);
        snprintf(labels, sizeof labels, "data.train.labels=%s-labels-idx1-ubyte", path);
        overrides[options.override_count++] = images;
        overrides[options.override_count++] = labels;
    }
    if (rule) {
        snprintf(key, sizeof key, "rule.%s", rule);
        r->words = memory_string(value(r, key));
        need(r->words != NULL, "memory", NULL);
        for (char *word = strtok(r->words, " "); word; word = strtok(NULL, " ")) {
            need(options.override_count < MOST_WORDS, "fewer overrides", NULL);
            overrides[options.override_count++] = word;
        }
    }
    source_path(path, shipped ? "configs" : "tests/reference", r->name, ".cfg");
    need(model_open(&r->model, &(struct model_source){.path = path}, &options, &error) == 0, path, &error);
    CU_ASSERT_EQUAL(r->model.level, r->level);
}

static const struct tensor *stored(const struct reference *r, const char *kind, const char *name)
{
    char full[160];
    const struct tensor *tensor;

    snprintf(full, sizeof full, "%s%s", kind, name);
    tensor = safetensors_tensor(r->file, full);
    need(tensor && tensor->type == TENSOR_F32, full, NULL);
    return tensor;
}

static bool is_state(const struct net_tensor *tensor)
{
    return tensor->made.role == NNRUN_STATE;
}

/* Opens all that the fixture speaks of, with the overrides of a rule (NULL: none); the weights are the stored
 * ones, place by place. */
static void reference_open(struct reference *r, const char *rule)
{
    struct samples_spec spec = {.window = ALL};
    struct error error UNIT_CLEARED = {0};
    char path[PATH];

    source_path(path, "tests/reference", r->name, ".safetensors");
    r->file = safetensors_read(path, &error);
    need(r->file != NULL, path, &error);
    open_job(r, rule);
    spec.images = r->model.paths.train_images;
    spec.labels = r->model.paths.train_labels;
    spec.input = r->model.net->input;
    spec.rule = r->model.rule;
    r->samples = samples_open(&spec, &error);
    need(r->samples != NULL, "samples", &error);
    r->weights = memory_array(r->model.net->weights, sizeof *r->weights);
    r->states = memory_array(r->model.net->states + 1, sizeof *r->states);
    r->observations = memory_array(r->model.net->states + 1, sizeof *r->observations);
    need(r->weights && r->states && r->observations, "memory", NULL);
    for (size_t i = 0; i < r->model.net->tensor_count; i++) {
        const struct net_tensor *to = &r->model.net->tensors[i];
        const struct tensor *from = stored(r, "", to->name);
        need(from->rank == (uint32_t)to->made.shape.rank && from->bytes == to->count * sizeof(float),
             to->name, NULL);
        for (uint32_t d = 0; d < from->rank; d++)
            CU_ASSERT_EQUAL(from->dim[d], (uint64_t)to->made.shape.dim[d]);
        memcpy((is_state(to) ? r->states : r->weights) + to->offset, from->data, from->bytes);
    }
}

static void reference_close(struct reference *r)
{
    free(r->weights);
    free(r->states);
    free(r->observations);
    free(r->words);
    samples_close(r->samples);
    model_finish(&r->model);
    safetensors_free(r->file);
}

/* The next at most `most` samples in the file's order, from the start at `first`. */
static struct batch next_batch(struct reference *r, size_t most, bool first)
{
    const struct samples_walk walk = {.count = ALL};
    struct batch batch = {0};
    struct error error UNIT_CLEARED = {0};

    need((!first || samples_start(r->samples, &walk, &error) == 0) &&
             samples_next(r->samples, most, &batch, &error) == 0,
         "samples", &error);
    return batch;
}

/* Compares our numbers times `scale` with stored ones, which may be some of them alone; `base` (or NULL) is
 * taken off both. Returns the largest difference as a part of the largest element. */
static double compare(const struct reference *r, const char *what, const float *ours, size_t count,
                      double scale, const struct tensor *theirs, const float *base)
{
    const size_t there = theirs->bytes / sizeof(float),
                 every = there == count ? 1 : strtoull(value(r, "every"), NULL, 10);
    const float *reference = theirs->data;
    double largest = 0, difference = 0;

    need((count + every - 1) / every == there, what, NULL);
    for (size_t i = 0; i < there; i++) {
        const double off = base ? (double)base[i * every] : 0, right = (double)reference[i] - off;
        const double d = fabs((double)ours[i * every] * scale - off - right);
        largest = fmax(largest, fabs(right));
        difference = d > difference || isnan(d) ? d : difference;
    }
    CU_ASSERT(largest > 0);
    difference /= largest;
    if (!(difference <= TOLERANCE)) {
        printf("\n    %s, %s: %s differs by %.1e ", r->name, plugin_level_names[r->level], what, difference);
        CU_FAIL("differs from PyTorch");
    }
    return difference;
}

static void keep_largest(double *to, double value)
{
    *to = fmax(*to, value);
}

/* Classes are one-hot where the loss wants values. */
static void prepare(const struct reference *r, const struct batch *batch, struct net_slice *slice,
                    union target *target)
{
    const uint8_t *pixels[NNRUN_LANES];
    const size_t left = batch->count - slice->sample;

    slice->count = left < NNRUN_LANES ? (uint32_t)left : NNRUN_LANES;
    for (uint32_t lane = 0; lane < NNRUN_LANES; lane++) {
        const size_t i = slice->sample + (lane < slice->count ? lane : slice->count - 1);
        pixels[lane] = batch->pixels[i];
        if (r->model.net->target == NNRUN_CLASS)
            target->class[lane] = batch->labels[i][0];
        for (size_t k = 0; r->model.net->target != NNRUN_CLASS && k < MOST_CLASSES; k++)
            target->value[k][lane] = batch->labels[i][0] == k ? 1.0f : 0.0f;
    }
    lanes_gather(r->level)(&r->model.scaling, pixels, net_input(r->model.net, slice->arena));
}

/* The weights in other forms, for the caller to free. */
static void *derive(const struct reference *r)
{
    const struct net *net = r->model.net;
    void *derived = memory_array(net->derived_bytes + 1, 1);

    need(derived != NULL, "memory", NULL);
    for (size_t i = 0; i < net->derivation_count; i++)
        net_derive(net, r->weights, derived, i);
    return derived;
}

/* Every slice forward to the last layer's input, which are the logits, then all the way and back, but in
 * evaluation (gradients NULL). */
static void run_slices(const struct reference *r, const struct batch *batch, float *logits, float *gradients)
{
    const struct net *net = r->model.net;
    struct net before_last = *net;
    const size_t source = net->nodes[net->last].inputs[0] - 1, classes = net->nodes[source].values;
    _Alignas(64) union target target;
    _Alignas(64) float loss[NNRUN_LANES];
    char *arena = memory_array(net->arena_bytes, 1);
    void *derived = derive(r);

    need(arena != NULL, "memory", NULL);
    before_last.node_count--;
    for (size_t first = 0; first < batch->count; first += NNRUN_LANES) {
        struct net_slice slice = {.arena = arena,
                                  .training = gradients != NULL,
                                  .first = first == 0,
                                  .weights = r->weights,
                                  .states = r->states,
                                  .derived = derived,
                                  .gradients = gradients,
                                  .observations = r->observations,
                                  .target = &target,
                                  .loss = loss,
                                  .sample = (uint32_t)first};
        prepare(r, batch, &slice, &target);
        net_forward(&before_last, &slice);
        for (size_t c = 0; c < classes; c++)
            for (size_t lane = 0; lane < slice.count; lane++)
                memcpy(&logits[(first + lane) * classes + c],
                       arena + net->nodes[source].y_at + (c * NNRUN_LANES + lane) * sizeof(float),
                       sizeof *logits);
        if (!gradients)
            continue;
        prepare(r, batch, &slice, &target); /* a layer may have worked in the input's place */
        net_forward(net, &slice);
        net_backward(net, &slice);
    }
    free(derived);
    free(arena);
}

static void check_evaluation(struct reference *r, struct worst *worst)
{
    const struct batch batch = next_batch(r, ALL, true);
    const size_t values = ALL * r->model.net->nodes[r->model.net->last].values;
    float *logits = memory_array(values, sizeof *logits);

    need(logits && batch.count == ALL, "logits", NULL);
    run_slices(r, &batch, logits, NULL);
    keep_largest(&worst->logits,
                 compare(r, "evaluated", logits, values, 1, stored(r, "evaluated", ""), NULL));
    free(logits);
}

static void check_gradients(const char *name, unsigned level, struct worst *worst)
{
    struct reference r = {.name = name, .level = level};

    reference_open(&r, NULL);
    need(r.model.net->tensor_count <= MOST_TENSORS, "room for so many tensors", NULL);
    worst->count = r.model.net->tensor_count;
    for (size_t i = 0; i < worst->count; i++)
        snprintf(worst->tensor[i].name, sizeof worst->tensor[i].name, "%s", r.model.net->tensors[i].name);
    for (size_t n = 0; n < SIZES; n++) {
        const struct net *net = r.model.net;
        if (net->states && n > 0) /* what mixes lanes is PyTorch's for a slice alone */
            break;
        const struct batch batch = next_batch(&r, sizes[n], true);
        const size_t classes = net->nodes[net->last].values;
        float *gradients = memory_array(net->weights, sizeof *gradients);
        float *logits = memory_array(ALL * classes, sizeof *logits);
        struct tensor expected = *stored(&r, "logits", "");
        char kind[32];
        need(gradients && logits && batch.count == sizes[n] &&
                 expected.bytes == (net->states ? sizes[0] : ALL) * classes * sizeof(float),
             "logits", NULL);
        expected.bytes = batch.count * classes * sizeof(float);
        run_slices(&r, &batch, logits, gradients);
        keep_largest(&worst->logits,
                     compare(&r, "logits", logits, batch.count * classes, 1, &expected, NULL));
        snprintf(kind, sizeof kind, "gradient.%zu.", sizes[n]);
        for (size_t i = 0; i < net->tensor_count; i++) {
            const struct net_tensor *tensor = &net->tensors[i];
            const bool state = is_state(tensor);
            keep_largest(&worst->tensor[i].gradient,
                         compare(&r, tensor->name, (state ? r.observations : gradients) + tensor->offset,
                                 tensor->count, state ? 1 : 1 / (double)batch.count,
                                 stored(&r, state ? "observed." : kind, tensor->name), NULL));
        }
        free(logits);
        free(gradients);
    }
    if (r.model.net->states)
        check_evaluation(&r, worst);
    reference_close(&r);
}

/* The steps that the fixture has taken, by the trainer's own parts. */
static void take_steps(struct reference *r, struct optimizer *optimizer, struct thread_pool *pool)
{
    const struct train_settings *train = &r->model.settings.train;
    const size_t most = (size_t)train->batch, an_epoch = (ALL + most - 1) / most;
    struct derived_weights derived;
    const struct executor_spec spec = {.net = r->model.net,
                                       .pool = pool,
                                       .derived = &derived,
                                       .level = r->level,
                                       .batch = most,
                                       .groups = executor_groups(most, train->groups),
                                       .scaling = r->model.scaling,
                                       .clip = train->clip,
                                       .weights = r->weights,
                                       .states = r->states,
                                       .optimizer = optimizer};
    const uint64_t steps = strtoull(value(r, "steps"), NULL, 10);
    struct step_sums sums = {0};
    struct error error UNIT_CLEARED = {0};
    struct executor *executor;

    need(derived_weights_init(&derived, r->model.net, r->weights, &error) == 0, "derived weights", &error);
    need((executor = executor_create(&spec, &error)) != NULL, "executor", &error);
    for (uint64_t step = 0; step < steps; step++) {
        const struct batch batch = next_batch(r, most, step % an_epoch == 0);
        const double rate = train->optimizer.rate *
                            schedule_factor(&train->schedule, step, an_epoch, (uint64_t)train->epochs);
        need(executor_train(executor, &batch, rate, step, &sums, &error) == 0, "step", &error);
    }
    executor_destroy(executor);
    derived_weights_finish(&derived);
}

static void check_rule(const char *name, unsigned level, const char *rule, struct worst *worst)
{
    struct reference r = {.name = name, .level = level};
    struct optimizer optimizer;
    struct error error UNIT_CLEARED = {0};
    struct thread_pool *pool = thread_pool_create(2, &error);
    char kind[32];

    need(pool != NULL, "pool", &error);
    reference_open(&r, rule);
    need(optimizer_init(&optimizer, &r.model.settings.train.optimizer, r.model.net->weights, &error) == 0,
         "optimizer", &error);
    take_steps(&r, &optimizer, pool);
    snprintf(kind, sizeof kind, "after.%s.", rule);
    for (size_t i = 0; i < r.model.net->tensor_count; i++) {
        const struct net_tensor *tensor = &r.model.net->tensors[i];
        const struct tensor *before = stored(&r, "", tensor->name), *after = stored(&r, kind, tensor->name);
        const float *ours = (is_state(tensor) ? r.states : r.weights) + tensor->offset;
        char what[128];
        snprintf(what, sizeof what, "%s%s", kind, tensor->name);
        keep_largest(&worst->tensor[i].weights, compare(&r, what, ours, tensor->count, 1, after, NULL));
        /* the steps change the weights by little: a wrong decay would hide in them */
        keep_largest(&worst->tensor[i].change,
                     compare(&r, what, ours, tensor->count, 1, after, before->data));
    }
    optimizer_finish(&optimizer);
    reference_close(&r);
    thread_pool_destroy(pool);
}

static void report(const char *name, const struct worst *worst)
{
    printf("\n    %-14s logits %.1e", name, worst->logits);
    for (size_t i = 0; i < worst->count; i++) {
        printf("\n    %-14s gradient %.1e", worst->tensor[i].name, worst->tensor[i].gradient);
        if (worst->tensor[i].change > 0)
            printf(", weights %.1e, change %.1e", worst->tensor[i].weights, worst->tensor[i].change);
    }
    printf("\n  ");
}

static void check(const char *name, size_t first_rules)
{
    struct worst worst = {0};
    struct error error UNIT_CLEARED = {0};
    int highest;

    highest = plugin_level(NULL, &error);
    need(highest >= 0, "level", &error);
    for (unsigned level = 0; level <= (unsigned)highest; level++) {
        check_gradients(name, level, &worst);
        for (size_t i = 0; i < first_rules; i++)
            check_rule(name, level, rules[i], &worst);
    }
    report(name, &worst);
}

static void lenet(void)
{
    check("lenet", 0);
}

static void small(void)
{
    check("small", RULES);
}

static void odd(void)
{
    check("odd", RULES);
}

static void vector(void)
{
    check("vector", RULES);
}

static void graph(void)
{
    check("graph", TWO_RULES);
}

static void norm(void)
{
    check("norm", TWO_RULES);
}

static void regress(void)
{
    check("regress", TWO_RULES);
}

static const struct unit_test tests[] = {
    {"lenet.cfg: logits and gradients are PyTorch's", lenet},
    {"a small LeNet: logits, gradients and steps by every rule are PyTorch's", small},
    {"odd sizes, strides, paddings, no bias, average pooling: the same", odd},
    {"dense layers of odd widths: the same", vector},
    {"branches, activations, add, concat, scale, flatten, global_pool: the same, and steps by SGD and Adam",
     graph},
    {"batchnorm in training and evaluation, its running averages after steps of 16; logistic: the same",
     norm},
    {"the mean squared error: the same, and steps by SGD and Adam", regress},
};
UNIT_MAIN("reference", tests)
