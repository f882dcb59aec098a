/* plan.c: see plan.h. */
#include "sweep/plan.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "model/warning.h"
#include "sweep/combinations.h"
#include "sweep/seed_list.h"

/* ---- words ---------------------------------------------------------------------------------------------- */

static int refuse_key(const struct axis *axis, struct error *error)
{
    static const struct {
        const char *key, *instead;
    } keys[] = {{"train.seed", "use --seeds, as in --seeds 1-10"},
                {"train.threads", "no result depends on it; --threads N and --jobs N say how many there are"},
                {"output.directory", "runs of a sweep are in its folder; -o DIR names it"}};

    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (strcmp(axis->key, keys[i].key) == 0)
            return error_set(error, ERROR_ARGUMENT, "%s cannot be varied: %s", axis->key, keys[i].instead);
    return 0;
}

/* Takes one word: an axis, or an override as for train. */
static int take_word(struct plan *plan, size_t word, struct error *error)
{
    struct axis *axis = &plan->axes[plan->axis_count];

    plan->axis_words[word] = SIZE_MAX;
    if (axis_parse(axis, plan->words[word], error) != 0) {
        plan->axis_count++; /* to be finished */
        return -1;
    }
    if (!axis_varies(axis)) {
        axis_finish(axis);
        return 0;
    }
    plan->axis_words[word] = plan->axis_count++;
    for (size_t i = 0; i + 1 < plan->axis_count; i++)
        if (strcmp(plan->axes[i].key, axis->key) == 0)
            return error_set(error, ERROR_ARGUMENT, "%s is varied twice", axis->key);
    return refuse_key(axis, error);
}

/* The end of a key, from a dot or the beginning: the shortest that no other key has. */
static const char *short_key(const struct plan *plan, size_t axis)
{
    const char *key = plan->axes[axis].key, *name = key + strlen(key);
    bool shared = true;

    while (shared && name > key) {
        for (name--; name > key && name[-1] != '.';)
            name--;
        shared = false;
        for (size_t i = 0; i < plan->axis_count; i++) {
            const size_t length = strlen(plan->axes[i].key), tail = strlen(name);
            shared = shared ||
                     (i != axis && length >= tail && strcmp(plan->axes[i].key + length - tail, name) == 0);
        }
    }
    return name;
}

/* An override that sets what is varied would hide its values, or be hidden. */
static int check_overrides(const struct plan *plan, struct error *error)
{
    for (size_t i = 0; i < plan->word_count; i++)
        for (size_t k = 0; plan->axis_words[i] == SIZE_MAX && k < plan->axis_count; k++) {
            const size_t length = strlen(plan->axes[k].key);
            if (strncmp(plan->words[i], plan->axes[k].key, length) == 0 && plan->words[i][length] == '=')
                return error_set(error, ERROR_ARGUMENT,
                                 "%s is varied, and also set by %s: leave one of them out", plan->axes[k].key,
                                 plan->words[i]);
        }
    return 0;
}

static int take_words(struct plan *plan, struct error *error)
{
    plan->axes = memory_array(plan->word_count + 1, sizeof *plan->axes);
    plan->axis_names = memory_array(plan->word_count + 1, sizeof *plan->axis_names);
    plan->axis_words = memory_array(plan->word_count + 1, sizeof *plan->axis_words);
    if (!plan->axes || !plan->axis_names || !plan->axis_words)
        return error_memory(error);
    for (size_t i = 0; i < plan->word_count; i++)
        if (take_word(plan, i, error) != 0)
            return -1;
    if (check_overrides(plan, error) != 0)
        return -1;
    for (size_t i = 0; i < plan->axis_count; i++) {
        plan->axis_names[i] = memory_string(short_key(plan, i));
        if (!plan->axis_names[i])
            return error_memory(error);
    }
    return 0;
}

/* ---- models ---------------------------------------------------------------------------------------------- */

static int pass_on(void *arg, const struct warning *warning)
{
    const struct plan_spec *spec = arg;

    spec->warn(warning->text);
    return 0;
}

static int take_model(struct plan *plan, const struct model *model, const struct plan_spec *spec,
                      struct error *error)
{
    const char *folder = model->settings.output.directory;
    const struct warning_listener to = {.use = pass_on, .arg = (void *)(uintptr_t)spec};

    if (spec->warn)
        warning_override(model, &to);
    plan->name = memory_string(model->settings.name);
    plan->folder = *folder ? memory_string(folder) : memory_format("runs/%s", model->settings.name);
    if (!plan->name || !plan->folder)
        return error_memory(error);
    if (spec->seeds)
        return seed_list_parse(spec->seeds, &plan->seeds, &plan->seed_count, error);
    plan->seeds = memory_array(1, sizeof *plan->seeds);
    if (!plan->seeds)
        return error_memory(error);
    plan->seeds[plan->seed_count++] = model->settings.train.seed;
    return 0;
}

enum { REFUSED = 1, STOPPED };

/* Opens the model of a combination, for what it is. Returns 0, REFUSED after setting error, STOPPED or -1. */
static int look_at(struct plan *plan, struct plan_combination *combination, const struct plan_spec *spec,
                   struct identity_files *files, struct error *error)
{
    const struct model_source source = {.path = spec->config, .kind = MODEL_CONFIG};
    struct model_options options = *spec->options;
    struct model model = {0};
    int result;

    options.overrides = (const char *const *)combination->overrides;
    options.override_count = plan->word_count;
    result = model_open(&model, &source, &options, error);
    if (result == 0)
        result = identity_of(&model, files, &combination->sum, error);
    combination->epochs = model.settings.train.epochs;
    if (result > 0)
        result = STOPPED;
    else if (result < 0)
        result = error_is_failure(error) ? -1 : REFUSED;
    else if (!plan->name)
        result = take_model(plan, &model, spec, error);
    model_finish(&model);
    return result;
}

/* Keeps the first reason of all, in *first. Returns 0, STOPPED or -1. */
static int look_at_all(struct plan *plan, const struct plan_spec *spec, struct error *first,
                       struct error *error)
{
    struct identity_files files = {.stop = spec->stop, .arg = spec->arg};
    int result = 0;

    for (size_t i = 0; i < plan->combination_count && result >= 0 && result != STOPPED; i++) {
        struct plan_combination *combination = &plan->combinations[i];
        struct error why = {0};

        result =
            spec->stop && spec->stop(spec->arg) ? STOPPED : look_at(plan, combination, spec, &files, &why);
        if (result < 0) {
            error_move(&why, error);
        } else if (result == REFUSED) {
            combination->refused = memory_string(error_text(&why));
            if (!combination->refused)
                result = error_memory(error);
            if (i == 0)
                error_move(&why, first);
        }
        error_clear(&why);
    }
    identity_files_finish(&files);
    return result == REFUSED ? 0 : result;
}

/* ---- runs ------------------------------------------------------------------------------------------------ */

/* As two runs of one hash would be one: what is varied makes no difference. */
static int refuse_same(const struct plan *plan, const struct plan_run *a, const struct plan_run *b,
                       struct error *error)
{
    return error_set(error, ERROR_ARGUMENT, "%s and %s are the same training: leave one of them out",
                     plan->combinations[a->combination].label, plan->combinations[b->combination].label);
}

static int by_name(const void *a, const void *b)
{
    const struct plan_run *const *x = a, *const *y = b;
    const int order = strcmp((*x)->name, (*y)->name);

    return order ? order : (*x > *y) - (*x < *y);
}

static int check_names(const struct plan *plan, struct error *error)
{
    const struct plan_run **sorted = memory_array(plan->run_count, sizeof *sorted);
    int result = 0;

    if (!sorted)
        return error_memory(error);
    for (size_t i = 0; i < plan->run_count; i++)
        sorted[i] = &plan->runs[i];
    qsort(sorted, plan->run_count, sizeof(const struct plan_run *), by_name);
    for (size_t i = 1; i < plan->run_count && result == 0; i++)
        if (*sorted[i]->name && strcmp(sorted[i]->name, sorted[i - 1]->name) == 0)
            result = refuse_same(plan, sorted[i - 1], sorted[i], error);
    free(sorted);
    return result;
}

static int make_runs(struct plan *plan, struct error *error)
{
    size_t count;

    if (!size_multiply(plan->combination_count, plan->seed_count, &count) || count > PLAN_MOST_RUNS)
        return error_set(error, ERROR_ARGUMENT, "%zu combinations with %zu seeds are more than %d runs",
                         plan->combination_count, plan->seed_count, (int)PLAN_MOST_RUNS);
    plan->runs = memory_array(count, sizeof *plan->runs);
    if (!plan->runs)
        return error_memory(error);
    for (; plan->run_count < count; plan->run_count++) {
        struct plan_run *run = &plan->runs[plan->run_count];
        const struct plan_combination *combination;

        run->combination = plan->run_count / plan->seed_count;
        run->seed = plan->seeds[plan->run_count % plan->seed_count];
        combination = &plan->combinations[run->combination];
        if (!combination->refused)
            identity_name(&combination->sum, run->seed, run->name);
    }
    return check_names(plan, error);
}

int plan_make(struct plan *plan, const struct plan_spec *spec, struct error *error)
{
    struct error first = {0};
    int result;

    *plan = (struct plan){.words = spec->words, .word_count = spec->word_count};
    if (take_words(plan, error) != 0 || combinations_make(plan, spec->draws, error) != 0)
        return -1;
    result = look_at_all(plan, spec, &first, error);
    if (result == 0 && !plan->name)
        result = error_move(&first, error);
    error_clear(&first);
    return result == 0 ? make_runs(plan, error) : result < 0 ? -1 : 1;
}

void plan_finish(struct plan *plan)
{
    for (size_t i = 0; i < plan->combination_count; i++) {
        struct plan_combination *combination = &plan->combinations[i];
        memory_free_each((void **)combination->values, combination->values ? plan->axis_count : 0);
        memory_free_each((void **)combination->overrides, combination->overrides ? plan->word_count : 0);
        free(combination->label);
        free(combination->refused);
    }
    free(plan->combinations);
    for (size_t i = 0; i < plan->axis_count; i++) {
        axis_finish(&plan->axes[i]);
        free(plan->axis_names[i]);
    }
    free(plan->axes);
    free(plan->axis_names);
    free(plan->axis_words);
    free(plan->seeds);
    free(plan->runs);
    free(plan->name);
    free(plan->folder);
    *plan = (struct plan){0};
}
