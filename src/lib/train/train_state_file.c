/* train_state_file.c: train states as checkpoints (train_state.h). */
#include "train/train_state.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_text.h"
#include "base/memory.h"
#include "model/model_fit.h"
#include "run/run_checkpoints.h"
#include "train/arithmetic.h"

enum { MOST_PAIRS = 16, NUMBER = 40 };
#define FROM_KEY "from_sha256"
/* More steps on top neither wrap nor leave JSON's integers, and sort behind it. */
static const uint64_t MOST_STEPS = UINT64_C(1) << 62;

_Static_assert((int)TENSOR_MOST_RANK >= (int)NNRUN_MAX_RANK, "a checkpoint holds every tensor of a layer");

/* The numbers of a checkpoint's metadata, as text that names every bit. */
struct counter {
    const char *key;
    uint64_t (*get)(const struct train_state *state);
    void (*set)(struct train_state *state, uint64_t value);
};

static uint64_t bits_of(double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static double double_of(uint64_t bits)
{
    double value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

#define COUNTER(member)                                                                                      \
    static uint64_t get_##member(const struct train_state *state)                                            \
    {                                                                                                        \
        return state->member;                                                                                \
    }                                                                                                        \
    static void set_##member(struct train_state *state, uint64_t value)                                      \
    {                                                                                                        \
        state->member = value;                                                                               \
    }
#define REAL_COUNTER(name, member)                                                                           \
    static uint64_t get_##name(const struct train_state *state)                                              \
    {                                                                                                        \
        return bits_of(state->member);                                                                       \
    }                                                                                                        \
    static void set_##name(struct train_state *state, uint64_t value)                                        \
    {                                                                                                        \
        state->member = double_of(value);                                                                    \
    }

COUNTER(epoch)
COUNTER(step)
COUNTER(consumed)
COUNTER(best_epoch)
static uint64_t get_right(const struct train_state *state)
{
    return state->sums.right;
}
static void set_right(struct train_state *state, uint64_t value)
{
    state->sums.right = value;
}
REAL_COUNTER(loss, sums.loss)
REAL_COUNTER(rate, rate)
REAL_COUNTER(best, best)

/* Reals are the 64 bits of an IEEE double as a whole number: exact in any language. */
static const struct counter counters[] = {
    {"epoch", get_epoch, set_epoch},
    {"step", get_step, set_step},
    {"epoch_samples", get_consumed, set_consumed},
    {"epoch_right", get_right, set_right},
    {"epoch_loss_bits", get_loss, set_loss},
    {"rate_bits", get_rate, set_rate},
    {"best_accuracy_bits", get_best, set_best},
    {"best_epoch", get_best_epoch, set_best_epoch},
};
enum { COUNTERS = sizeof counters / sizeof counters[0] };

/* ---- to tensors -------------------------------------------------------------------------------------- */

/* Fills tensors[]; the names of slots are fresh memory in names[], both of `most` places. Returns how many, 0
 * without memory. */
static size_t list_tensors(const struct train_state *state, const struct net *net, struct tensor *tensors,
                           char **names)
{
    size_t count = 0;

    for (size_t i = 0; i < net->tensor_count; i++) {
        const struct net_tensor *from = &net->tensors[i];
        const bool is_state = from->made.role == NNRUN_STATE;
        model_tensor_shape(&tensors[count], from);
        tensors[count].name = from->name;
        tensors[count++].data = (is_state ? state->states : state->weights) + from->offset;
        for (size_t s = 0; !is_state && !from->frozen && s < state->optimizer.slots; s++) {
            names[count] = memory_format("optimizer.%s.%s",
                                         optimizer_slot_name(&state->optimizer.settings, s), from->name);
            if (!names[count])
                return 0;
            model_tensor_shape(&tensors[count], from);
            tensors[count].name = names[count];
            tensors[count].data = state->optimizer.slot[s] + from->offset;
            count++;
        }
    }
    tensors[count++] = (struct tensor){.name = "history",
                                       .type = TENSOR_F64,
                                       .rank = 2,
                                       .dim = {state->epoch, HISTORY_COLUMNS},
                                       .data = state->history,
                                       .bytes = (size_t)state->epoch * HISTORY_COLUMNS * sizeof(double)};
    if (state->optimizer.settings.type != OPTIMIZER_SGD)
        tensors[count++] = (struct tensor){.name = "optimizer.powers",
                                           .type = TENSOR_F64,
                                           .rank = 1,
                                           .dim = {2},
                                           .data = state->optimizer.power,
                                           .bytes = sizeof state->optimizer.power};
    return count + normalization_tensors(&state->normalization, &tensors[count]);
}

static char *overrides_text(const struct model *model)
{
    json_t *list = json_array();
    char *text = NULL;

    for (size_t i = 0; list && i < model->override_count; i++)
        if (json_array_append_new(list, json_string(model->overrides[i])) != 0) {
            json_decref(list);
            return NULL;
        }
    if (list)
        text = json_dump_text(list, JSON_COMPACT);
    json_decref(list);
    return text;
}

/* Where a checkpoint goes: a path, or a run as its step file or its best one. */
struct place {
    const char *path; /* NULL: of the run */
    struct run_folder *run;
    bool as_best;
};

static int save_tensors(const struct train_state *state, const struct model *model, const struct place *place,
                        const struct tensor *tensors, size_t count, struct error *error)
{
    char numbers[COUNTERS + 1][NUMBER], *overrides = overrides_text(model);
    struct metadata pairs[MOST_PAIRS] = {{"format", "nnrun"},
                                         {"format_version", MODEL_FORMAT_VERSION},
                                         {"config", config_text(model->config)},
                                         {"overrides", overrides},
                                         {"arithmetic", arithmetic_text(model->level)},
                                         {"seed", numbers[COUNTERS]}};
    size_t pair = 6;
    int result;

    if (!overrides)
        return error_memory(error);
    snprintf(numbers[COUNTERS], NUMBER, "%d", (int)model->settings.train.seed);
    for (size_t i = 0; i < COUNTERS; i++) {
        snprintf(numbers[i], NUMBER, "%" PRIu64, counters[i].get(state));
        pairs[pair++] = (struct metadata){counters[i].key, numbers[i]};
    }
    if (*state->from)
        pairs[pair++] = (struct metadata){FROM_KEY, state->from};
    if (place->path)
        result = safetensors_write(place->path, tensors, count, pairs, pair, error);
    else if (place->as_best)
        result = run_checkpoints_save_best(place->run, tensors, count, pairs, pair, error);
    else
        result = run_checkpoints_save(place->run, state->step, tensors, count, pairs, pair, error);
    free(overrides);
    return result;
}

static int save(const struct train_state *state, const struct model *model, const struct place *place,
                struct error *error)
{
    const size_t most = model->net->tensor_count * (1 + OPTIMIZER_MOST_SLOTS) + 2 + NORMALIZATION_TENSORS;
    struct tensor *tensors = memory_array(most, sizeof *tensors);
    char **names = memory_array(most, sizeof *names);
    size_t count = tensors && names ? list_tensors(state, model->net, tensors, names) : 0;
    int result;

    if (count == 0)
        result = error_memory(error);
    else
        result = save_tensors(state, model, place, tensors, count, error);
    for (size_t i = 0; names && i < most; i++)
        free(names[i]);
    free(names);
    free(tensors);
    return result;
}

int train_state_save(const struct train_state *state, const struct model *model, struct run_folder *run,
                     bool as_best, struct error *error)
{
    return save(state, model, &(struct place){.run = run, .as_best = as_best}, error);
}

int train_state_write(const struct train_state *state, const struct model *model, const char *path,
                      struct error *error)
{
    return save(state, model, &(struct place){.path = path}, error);
}

/* ---- from tensors ------------------------------------------------------------------------------------ */

static int load_slots(struct train_state *state, const struct model *model, const struct safetensors *file,
                      const struct net_tensor *like, struct error *error)
{
    for (size_t s = 0; s < state->optimizer.slots; s++) {
        char *name =
            memory_format("optimizer.%s.%s", optimizer_slot_name(&state->optimizer.settings, s), like->name);
        const struct tensor *from;
        int failed;

        if (!name)
            return error_memory(error);
        failed = model_find_tensor(model, file, name, like, &from, error);
        free(name);
        if (failed)
            return -1;
        if (from)
            memcpy(state->optimizer.slot[s] + like->offset, from->data, from->bytes);
    }
    return 0;
}

static int check_counters(const struct train_state *state, const struct safetensors *file,
                          struct error *error)
{
    const struct error_facts facts = {.file = safetensors_label(file)};

    if (state->step > MOST_STEPS)
        return error_set_at(error, ERROR_DATA, &facts,
                            "metadata step is %" PRIu64 "; at most %" PRIu64 " is expected", state->step,
                            MOST_STEPS);
    if (state->best_epoch > state->epoch)
        return error_set_at(error, ERROR_DATA, &facts,
                            "metadata best_epoch is %" PRIu64 ", but epoch is %" PRIu64, state->best_epoch,
                            state->epoch);
    return 0;
}

static int load_counters(struct train_state *state, const struct safetensors *file, struct error *error)
{
    for (size_t i = 0; i < COUNTERS; i++) {
        const char *text = safetensors_value(file, counters[i].key);
        char *end = NULL;
        uint64_t value;
        errno = 0;
        value = text && *text >= '0' && *text <= '9' ? strtoull(text, &end, 10) : 0;
        if (!end || *end || errno)
            return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = safetensors_label(file)},
                                "metadata %s is missing or not a number", counters[i].key);
        counters[i].set(state, value);
    }
    return check_counters(state, file, error);
}

static int load_history(struct train_state *state, const struct safetensors *file, struct error *error)
{
    const struct tensor *history = safetensors_tensor(file, "history");

    if (!history || history->type != TENSOR_F64 || history->rank != 2 || history->dim[1] != HISTORY_COLUMNS ||
        history->dim[0] != state->epoch)
        return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = safetensors_label(file)},
                            "the history does not fit the epoch");
    state->history = memory_resize(NULL, history->bytes, 1);
    if (!state->history)
        return error_memory(error);
    memcpy(state->history, history->data, history->bytes);
    state->history_room = (size_t)history->dim[0];
    return 0;
}

static int load_from(struct train_state *state, const struct safetensors *file, struct error *error)
{
    const char *text = safetensors_value(file, FROM_KEY);

    if (!text)
        return 0;
    if (strlen(text) != SHA256_TEXT - 1 || strspn(text, "0123456789abcdef") != SHA256_TEXT - 1)
        return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = safetensors_label(file)},
                            "metadata " FROM_KEY " is not 64 hex digits");
    memcpy(state->from, text, SHA256_TEXT);
    return 0;
}

/* Of the network's tensors, which are there (model_check_file). */
static void load_weights(struct train_state *state, const struct net *net, const struct safetensors *file)
{
    for (size_t i = 0; i < net->tensor_count; i++) {
        const struct net_tensor *like = &net->tensors[i];
        const struct tensor *from = safetensors_tensor(file, like->name);

        memcpy((like->made.role == NNRUN_STATE ? state->states : state->weights) + like->offset, from->data,
               from->bytes);
    }
}

int train_state_load(struct train_state *state, const struct model *model, const struct safetensors *file,
                     bool with_optimizer, struct error *error)
{
    const struct tensor *powers = safetensors_tensor(file, "optimizer.powers");

    *state = (struct train_state){.best = -1};
    if (model_check_file(model, file, error) != 0 ||
        train_state_make(state, model, with_optimizer, error) != 0)
        return -1;
    if (normalization_load(&state->normalization, model, file, error) != 0)
        return -1;
    load_weights(state, model->net, file);
    for (size_t i = 0; i < model->net->tensor_count; i++)
        if (model->net->tensors[i].made.role != NNRUN_STATE && !model->net->tensors[i].frozen &&
            load_slots(state, model, file, &model->net->tensors[i], error) != 0)
            return -1;
    if (powers && powers->type == TENSOR_F64 && powers->bytes == sizeof state->optimizer.power)
        memcpy(state->optimizer.power, powers->data, powers->bytes);
    return load_counters(state, file, error) || load_history(state, file, error) ||
                   load_from(state, file, error)
               ? -1
               : 0;
}

int train_state_load_weights(struct train_state *state, const struct model *model,
                             const struct safetensors *file, uint64_t epoch, struct error *error)
{
    struct train_state other = {.best = -1};
    int result = -1;

    if (model_check_file(model, file, error) == 0 && load_counters(&other, file, error) == 0 &&
        load_history(&other, file, error) == 0)
        result = other.epoch != epoch;
    if (result == 0)
        load_weights(state, model->net, file);
    train_state_finish(&other);
    return result;
}
