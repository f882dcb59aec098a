/* sweep_info.c: see sweep_info.h. */
#include "sweep/sweep_info.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_parse.h"
#include "base/json_text.h"
#include "base/memory.h"

/* ---- text ------------------------------------------------------------------------------------------------ */

/* {"train.batch": ["32", "64"]}: of draws, what they were drawn from */
static json_t *axes_json(const struct plan *plan)
{
    json_t *axes = json_object();
    int failed = 0;

    for (size_t i = 0; i < plan->axis_count; i++) {
        json_t *values = json_array();
        for (size_t k = 0; k < plan->axes[i].count; k++)
            failed |= json_array_append_new(values, json_text(plan->axes[i].items[k].text));
        failed |= json_object_set_new(axes, plan->axes[i].key, values);
    }
    return json_whole(axes, failed);
}

static json_t *overrides_json(const struct plan *plan)
{
    json_t *list = json_array();
    int failed = 0;

    for (size_t i = 0; i < plan->word_count; i++)
        if (plan->axis_words[i] == SIZE_MAX)
            failed |= json_array_append_new(list, json_text(plan->words[i]));
    return json_whole(list, failed);
}

static json_t *seeds_json(const struct plan *plan)
{
    json_t *list = json_array();
    int failed = 0;

    for (size_t i = 0; i < plan->seed_count; i++)
        failed |= json_array_append_new(list, json_integer(plan->seeds[i]));
    return json_whole(list, failed);
}

static json_t *runs_json(const struct plan *plan)
{
    json_t *list = json_array();
    int failed = 0;

    for (size_t i = 0; i < plan->run_count; i++)
        if (*plan->runs[i].name)
            failed |= json_array_append_new(list, json_string(plan->runs[i].name));
    return json_whole(list, failed);
}

static json_t *info_json(const struct plan *plan)
{
    return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o}", "version", NNRUN_VERSION, "name",
                     json_text(plan->name), "axes", axes_json(plan), "overrides", overrides_json(plan),
                     "seeds", seeds_json(plan), "runs", runs_json(plan));
}

char *sweep_info_text(const struct plan *plan)
{
    json_t *info = info_json(plan);
    char *text = json_dump_text(info, JSON_INDENT(2)), *line = text ? memory_format("%s\n", text) : NULL;

    free(text);
    json_decref(info);
    return line;
}

/* ---- check ------------------------------------------------------------------------------------------------ */

static int by_text(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;

    return strcmp(*x, *y);
}

/* Whether the plan has all of these runs: 1, 0, or -1 when out of memory. */
static int has_all(const struct plan *plan, const json_t *runs)
{
    const char **names = memory_array(plan->run_count, sizeof *names);
    int result = names ? 1 : -1;

    for (size_t i = 0; names && i < plan->run_count; i++)
        names[i] = plan->runs[i].name;
    if (names && plan->run_count > 0)
        qsort(names, plan->run_count, sizeof *names, by_text);
    for (size_t i = 0; result > 0 && i < json_array_size(runs); i++) {
        const char *name = json_string_value(json_array_get(runs, i));
        if (!name || !bsearch(&name, names, plan->run_count, sizeof *names, by_text))
            result = 0;
    }
    free(names);
    return result;
}

/* What another sweep there has differently, for a message. */
static const char *difference(const json_t *old, const json_t *now)
{
    static const struct {
        const char *key, *words;
    } parts[] = {{"version", "it was made by another version of nnrun"},
                 {"name", "its config has another name"},
                 {"axes", "it varies other values"},
                 {"overrides", "it has other overrides"},
                 {"seeds", "it has other seeds"}};

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (!json_equal(json_object_get(old, parts[i].key), json_object_get(now, parts[i].key)))
            return parts[i].words;
    return "its config or its data were changed since";
}

int sweep_info_check(const char *folder, const char *text, size_t size, const struct plan *plan,
                     struct error *error)
{
    const struct error_facts facts = {.file = folder};
    bool memory = false;
    json_error_t reason;
    json_t *old = json_parse_bounded(text, size, &memory, &reason), *now = info_json(plan);
    const json_t *runs = json_object_get(old, "runs");
    const int all = memory || !now ? -1 : json_is_array(runs) ? has_all(plan, runs) : 0;
    int result = 0;

    if (all < 0)
        result = error_memory(error);
    else if (!json_is_array(runs))
        result = error_set_at(error, ERROR_DATA, &facts,
                              "its sweep.json is not that of a sweep; name another folder: -o DIR");
    else if (!all)
        result = error_set_at(error, ERROR_ARGUMENT, &facts,
                              "holds another sweep: %s; name another folder, -o DIR, or the same values and "
                              "seeds and any more",
                              difference(old, now));
    json_decref(old);
    json_decref(now);
    return result;
}
