/* combinations.c: see combinations.h. */
#include "sweep/combinations.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { DRAWS_IN_VAIN = 1000 }; /* one after the other that were there before: then there are no others */

/* The values of an axis. */
struct column {
    char **values;
    size_t count;
};

/* What it is called, and what its config is given. */
static int finish_combination(const struct plan *plan, struct plan_combination *combination,
                              struct error *error)
{
    combination->label = memory_string("");
    combination->overrides = memory_array(plan->word_count + 1, sizeof *combination->overrides);
    for (size_t i = 0; combination->label && i < plan->axis_count; i++) {
        char *longer = memory_format("%s%s%s=%s", combination->label, i ? " " : "", plan->axis_names[i],
                                     combination->values[i]);
        free(combination->label);
        combination->label = longer;
    }
    if (!combination->label || !combination->overrides)
        return error_memory(error);
    for (size_t i = 0; i < plan->word_count; i++) {
        const size_t axis = plan->axis_words[i];
        combination->overrides[i] =
            axis == SIZE_MAX ? memory_string(plan->words[i])
                             : memory_format("%s=%s", plan->axes[axis].key, combination->values[axis]);
        if (!combination->overrides[i])
            return error_memory(error);
    }
    return 0;
}

/* ---- all -------------------------------------------------------------------------------------------------- */

static int make_all(struct plan *plan, const struct column *columns, size_t count, struct error *error)
{
    plan->combinations = memory_array(count, sizeof *plan->combinations);
    if (!plan->combinations)
        return error_memory(error);
    while (plan->combination_count < count) {
        struct plan_combination *combination = &plan->combinations[plan->combination_count];
        size_t rest = plan->combination_count++;

        combination->values = memory_array(plan->axis_count + 1, sizeof *combination->values);
        if (!combination->values)
            return error_memory(error);
        for (size_t i = plan->axis_count; i-- > 0;) {
            combination->values[i] = memory_string(columns[i].values[rest % columns[i].count]);
            rest /= columns[i].count;
            if (!combination->values[i])
                return error_memory(error);
        }
        if (finish_combination(plan, combination, error) != 0)
            return -1;
    }
    return 0;
}

static int make_grid(struct plan *plan, struct error *error)
{
    struct column *columns = memory_array(plan->axis_count, sizeof *columns);
    size_t count = 1;
    int result = 0;

    if (!columns)
        return error_memory(error);
    for (size_t i = 0; result == 0 && i < plan->axis_count; i++) {
        result = axis_values(&plan->axes[i], &columns[i].values, &columns[i].count, error);
        if (result == 0 &&
            (!size_multiply(count, columns[i].count, &count) || count > PLAN_MOST_COMBINATIONS))
            result = error_set(error, ERROR_ARGUMENT, "more than %d combinations; --random N draws some",
                               (int)PLAN_MOST_COMBINATIONS);
    }
    if (result == 0)
        result = make_all(plan, columns, count, error);
    for (size_t i = 0; i < plan->axis_count; i++)
        memory_free_each((void **)columns[i].values, columns[i].count);
    free(columns);
    return result;
}

/* ---- draws ------------------------------------------------------------------------------------------------ */

static bool is_new(const struct plan *plan, char *const *values)
{
    for (size_t i = 0; i < plan->combination_count; i++) {
        size_t same = 0;
        while (same < plan->axis_count && strcmp(plan->combinations[i].values[same], values[same]) == 0)
            same++;
        if (same == plan->axis_count)
            return false;
    }
    return true;
}

/* Draw `index`. Returns 1 if it was taken, 0 if it was there before, or -1. */
static int take_draw(struct plan *plan, uint64_t index, struct error *error)
{
    struct plan_combination *combination = &plan->combinations[plan->combination_count];
    char **values = memory_array(plan->axis_count, sizeof *values);
    int result = 1;

    if (!values)
        return error_memory(error);
    for (size_t i = 0; result > 0 && i < plan->axis_count; i++)
        if (!(values[i] = axis_draw(&plan->axes[i], index, error)))
            result = -1;
    if (result > 0 && !is_new(plan, values))
        result = 0;
    if (result <= 0) {
        memory_free_each((void **)values, plan->axis_count);
        return result;
    }
    combination->values = values;
    plan->combination_count++;
    return finish_combination(plan, combination, error) == 0 ? 1 : -1;
}

static int make_draws(struct plan *plan, size_t draws, struct error *error)
{
    unsigned in_vain = 0;

    if (plan->axis_count == 0)
        return error_set(error, ERROR_ARGUMENT,
                         "--random: nothing is varied; give a list or a range, as in "
                         "train.optimizer.rate=0.01..0.3/log");
    plan->combinations = memory_array(draws, sizeof *plan->combinations);
    if (!plan->combinations)
        return error_memory(error);
    for (uint64_t index = 0; plan->combination_count < draws && in_vain < DRAWS_IN_VAIN; index++) {
        const int taken = take_draw(plan, index, error);
        if (taken < 0)
            return -1;
        in_vain = taken ? 0 : in_vain + 1;
    }
    return 0;
}

int combinations_make(struct plan *plan, size_t draws, struct error *error)
{
    return draws > 0 ? make_draws(plan, draws, error) : make_grid(plan, error);
}
