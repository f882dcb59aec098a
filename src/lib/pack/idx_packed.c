/* idx_packed.c: see idx_packed.h. */
#include "pack/idx_packed.h"

#include <stdlib.h>
#include <string.h>

#include "base/file_io.h"
#include "base/memory.h"
#include "base/text.h"
#include "data/packed_folder.h"
#include "pack/path_look.h"

enum { MOST_NAMES = 1 << 20 /* bytes of a file */ };

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
                        "is not of a pack with the same classes and columns as %s; pack each by itself",
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

/* The names in a file take the place of as many. Returns 0 or -1. */
static int take_lines(char *text, char **names, size_t count, const char *path, struct error *error)
{
    size_t lines = 0;

    text += text_mark(text, strlen(text));
    for (char *line = text; *line; line = text) {
        text = text_end_line(line);
        if (lines++ >= count)
            continue;
        for (size_t i = 0; i + 1 < lines; i++)
            if (strcmp(names[i], line) == 0)
                return error_set_at(error, ERROR_DATA,
                                    &(struct error_facts){.file = path, .line = (unsigned)lines},
                                    "the same name as line %zu, \"%.100s\"", i + 1, line);
        free(names[lines - 1]);
        names[lines - 1] = memory_string(line);
        if (!names[lines - 1])
            return error_memory(error);
    }
    return lines == count ? 0
                          : error_set_at(error, ERROR_DATA, &(struct error_facts){.file = path},
                                         "has %zu name%s, but " PACKED_FACTS " beside it has %zu", lines,
                                         text_plural(lines), count);
}

static int find_unread(struct idx_packed *packed, const char *samples, struct error *error)
{
    char *path = path_beside(samples, PACKED_CLASSES);

    packed->unread = path && path_is_file(path);
    free(path);
    return path ? 0 : error_memory(error);
}

/* Names are as the file beside the samples has them, which may have been edited; as the facts have them if it is gone. */
static int read_names(const char *samples, const char *file, char **names, size_t count, struct error *error)
{
    char *path = path_beside(samples, file), *text;
    size_t size;
    int failed = 0;

    if (!path)
        return error_memory(error);
    if (path_is_file(path)) {
        text = file_load(path, MOST_NAMES, &size, error);
        failed = text ? take_lines(text, names, count, path, error) : -1;
        free(text);
    }
    free(path);
    return failed;
}

int idx_packed_load(struct idx_packed *packed, const struct idx_pairs *pairs, struct error *error)
{
    json_t *facts;
    int failed = load_first(pairs, &facts, error);

    *packed = (struct idx_packed){0};
    if (!failed && !facts)
        failed = find_unread(packed, pairs->list[0].samples, error);
    if (!failed && facts) {
        packed->transposed = packed_folder_is_transposed(facts);
        if (copy_names(json_object_get(facts, "classes"), &packed->classes, &packed->class_count) != 0 ||
            copy_names(json_object_get(facts, "columns"), &packed->columns, &packed->column_count) != 0)
            failed = error_memory(error);
        else if ((packed->class_count > 0 && read_names(pairs->list[0].samples, PACKED_CLASSES,
                                                        packed->classes, packed->class_count, error) != 0) ||
                 (packed->column_count > 0 && read_names(pairs->list[0].samples, PACKED_COLUMNS,
                                                         packed->columns, packed->column_count, error) != 0))
            failed = -1;
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
