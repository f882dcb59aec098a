/* numbers_json.c: see numbers_json.h. */
#include "serve/numbers_json.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

#include "base/json_parse.h"

static int read_values(float *values, size_t count, const char *name, const json_t *list, struct error *error)
{
    if (!json_is_array(list) || json_array_size(list) != count)
        return error_set(error, ERROR_DATA, "%s: values: expected a list of %zu numbers, not of %zu", name,
                         count, json_array_size(list));
    for (size_t i = 0; i < count; i++) {
        const json_t *value = json_array_get(list, i);

        values[i] = (float)json_number_value(value);
        if (!json_is_number(value) || !isfinite(values[i]))
            return error_set(
                error, ERROR_DATA,
                "%s: values: number %zu (the first is 0) is not a number that a 32-bit float holds", name, i);
    }
    return 0;
}

static int read_root(float *values, size_t count, const char *name, json_t *root, struct error *error)
{
    const char *key;
    json_t *value;

    if (!json_is_object(root))
        return error_set(error, ERROR_DATA, "%s: is not a JSON object; expected {\"values\": [...]}", name);
    json_object_foreach (root, key, value)
        if (strcmp(key, "values") != 0)
            return error_set(
                error, ERROR_DATA,
                "%s: unknown key \"%.40s\"; the network takes numbers: expected {\"values\": [...]}", name,
                key);
    return read_values(values, count, name, json_object_get(root, "values"), error);
}

int numbers_json_read(float *values, size_t count, const char *name, const char *text, size_t size,
                      struct error *error)
{
    json_t *root = json_parse_strict(name, text, size, error);
    int failed;

    if (!root)
        return -1;
    failed = read_root(values, count, name, root, error);
    json_decref(root);
    return failed;
}
