/* idx_packed.c: see idx_packed.h. */
#include "pack/idx_packed.h"

#include <string.h>

#include "base/memory.h"
#include "data/packed_folder.h"

/* Fresh copies of a list of texts. Returns 0, or -1 without memory. */
static int copy_names(const json_t *list, char ***names, size_t *count)
{
    *names = memory_array(json_array_size(list), sizeof **names);
    for (size_t i = 0; *names && i < json_array_size(list); i++) {
        const char *name = json_string_value(json_array_get(list, i));
        (*names)[*count] = memory_string(name ? name : "");
        if (!(*names)[(*count)++])
            return -1;
    }
    return *names ? 0 : -1;
}

static bool is_same(const json_t *a, const json_t *b, const char *key)
{
    const json_t *of_a = json_object_get(a, key), *of_b = json_object_get(b, key);

    return (!of_a && !of_b) || json_equal(of_a, of_b);
}

static int check_same(const json_t *first, const json_t *other, const struct idx_pairs *pairs, size_t i,
                      struct error *error)
{
    if (first && other && is_same(first, other, "classes") && is_same(first, other, "columns") &&
        packed_folder_is_transposed(first) == packed_folder_is_transposed(other))
        return 0;
    return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = pairs->list[i].samples},
                        "and %s are not of packs with the same classes and columns; pack each by itself",
                        pairs->list[0].samples);
}

/* Those of all files must agree, or none was packed. */
static int load_first(const struct idx_pairs *pairs, json_t **first, struct error *error)
{
    int failed = 0;

    *first = NULL;
    for (size_t i = 0; !failed && i < pairs->count; i++) {
        json_t *facts;
        failed = packed_folder_of(pairs->list[i].samples, &facts, error) < 0;
        if (!failed && i == 0)
            *first = json_incref(facts);
        else if (!failed && (*first || facts))
            failed = check_same(*first, facts, pairs, i, error);
        json_decref(facts);
    }
    return failed ? -1 : 0;
}

int idx_packed_load(struct idx_packed *packed, const struct idx_pairs *pairs, struct error *error)
{
    json_t *facts;
    int failed = load_first(pairs, &facts, error);

    *packed = (struct idx_packed){0};
    if (!failed && facts) {
        packed->transposed = packed_folder_is_transposed(facts);
        if (copy_names(json_object_get(facts, "classes"), &packed->classes, &packed->class_count) != 0 ||
            copy_names(json_object_get(facts, "columns"), &packed->columns, &packed->column_count) != 0)
            failed = error_memory(error);
    }
    json_decref(facts);
    return failed;
}

void idx_packed_finish(struct idx_packed *packed)
{
    memory_free_each((void **)packed->classes, packed->class_count);
    memory_free_each((void **)packed->columns, packed->column_count);
    *packed = (struct idx_packed){0};
}
