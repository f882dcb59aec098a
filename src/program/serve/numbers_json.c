/* numbers_json.c: see numbers_json.h. */
#include "serve/numbers_json.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

#include "base/json_parse.h"
#include "base/text.h"

/* Returns 0 or -1: it is none. */
static int read_value(const json_t *value, float *to)
{
    *to = (float)json_number_value(value);
    return json_is_number(value) && isfinite(*to) ? 0 : -1;
}

static int read_list(float *values, size_t count, const char *name, const json_t *list, struct error *error)
{
    if (!json_is_array(list) || json_array_size(list) != count)
        return error_set(error, ERROR_DATA, "%s: values: expected a list of %zu number%s, not of %zu", name,
                         count, text_plural(count), json_array_size(list));
    for (size_t i = 0; i < count; i++)
        if (read_value(json_array_get(list, i), &values[i]) != 0)
            return error_set(
                error, ERROR_DATA,
                "%s: values: number %zu (the first is 0) is not a number that a 32-bit float holds", name, i);
    return 0;
}

/* One that is there and no column of the network: there is one, as there are more than were found. */
static int fail_unknown(const nnrun_model *model, const char *name, json_t *object, struct error *error)
{
    const size_t count = nnrun_describe(model)->inputs;
    const char *key, *unknown = "";
    json_t *value;

    json_object_foreach (object, key, value) {
        size_t i = 0;
        while (i < count && strcmp(nnrun_column_name(model, i), key) != 0)
            i++;
        if (i == count)
            unknown = key;
    }
    return error_set(error, ERROR_DATA, "%s: values: \"%.100s\" is not a column that the network takes", name,
                     unknown);
}

/* By name: the parser refuses one that is there twice. */
static int read_object(float *values, const nnrun_model *model, const char *name, json_t *object,
                       struct error *error)
{
    const size_t count = nnrun_describe(model)->inputs;

    if (!nnrun_column_name(model, 0))
        return error_set(
            error, ERROR_DATA,
            "%s: values: the network does not know the names of its columns; expected a list of %zu "
            "number%s",
            name, count, text_plural(count));
    for (size_t i = 0; i < count; i++) {
        const char *column = nnrun_column_name(model, i);
        const json_t *value = json_object_get(object, column);
        if (!value)
            return error_set(error, ERROR_DATA, "%s: values: \"%.100s\" is missing", name, column);
        if (read_value(value, &values[i]) != 0)
            return error_set(error, ERROR_DATA,
                             "%s: values: \"%.100s\" is not a number that a 32-bit float holds", name,
                             column);
    }
    return json_object_size(object) == count ? 0 : fail_unknown(model, name, object, error);
}

static int read_root(float *values, const nnrun_model *model, const char *name, json_t *root,
                     struct error *error)
{
    json_t *list = json_object_get(root, "values"), *value;
    const char *key;

    if (!json_is_object(root))
        return error_set(error, ERROR_DATA, "%s: is not a JSON object; expected {\"values\": [...]}", name);
    json_object_foreach (root, key, value)
        if (strcmp(key, "values") != 0)
            return error_set(
                error, ERROR_DATA,
                "%s: unknown key \"%.40s\"; the network takes numbers: expected {\"values\": [...]}", name,
                key);
    return json_is_object(list) ? read_object(values, model, name, list, error)
                                : read_list(values, nnrun_describe(model)->inputs, name, list, error);
}

int numbers_json_read(float *values, const nnrun_model *model, const char *name, const char *text,
                      size_t size, struct error *error)
{
    json_t *root = json_parse_strict(name, text, size, error);
    int failed;

    if (!root)
        return -1;
    failed = read_root(values, model, name, root, error);
    json_decref(root);
    return failed;
}
