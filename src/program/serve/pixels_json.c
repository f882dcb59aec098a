/* pixels_json.c: see pixels_json.h. */
#include "serve/pixels_json.h"

#include <jansson.h>
#include <string.h>

#include "base/json_parse.h"
#include "base/memory.h"

static int pixels_error(const char *name, const char *reason, struct error *error)
{
    return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = name}, "%s", reason);
}

static int check_keys(const char *name, json_t *root, struct error *error)
{
    const char *key;
    json_t *value;

    if (!json_is_object(root))
        return pixels_error(name, "is not a JSON object; expected {\"pixels\": [[...], ...]}", error);
    json_object_foreach (root, key, value)
        if (strcmp(key, "pixels") != 0 && strcmp(key, "width") != 0 && strcmp(key, "height") != 0 &&
            strcmp(key, "channels") != 0)
            return error_set(
                error, ERROR_DATA,
                "%s: unknown key \"%.40s\"; expected pixels and, if they are one flat list, width, "
                "height and channels",
                name, key);
    if (json_array_size(json_object_get(root, "pixels")) > 0)
        return 0;
    return pixels_error(name, "pixels: expected a list of rows, or of width times height numbers", error);
}

/* *size stays as it is if there is no such key. */
static int read_size(const char *name, const json_t *root, const char *key, json_int_t most, size_t *size,
                     struct error *error)
{
    const json_t *value = json_object_get(root, key);

    if (!value)
        return 0;
    if (!json_is_integer(value) || json_integer_value(value) < 1 || json_integer_value(value) > most)
        return error_set(error, ERROR_DATA, "%s: %s: expected a whole number from 1 to %lld", name, key,
                         (long long)most);
    *size = (size_t)json_integer_value(value);
    return 0;
}

static int read_value(const char *name, const json_t *value, size_t at, uint8_t *to, struct error *error)
{
    const json_int_t number = json_integer_value(value);

    if (!json_is_integer(value) || number < 0 || number > 255)
        return error_set(error, ERROR_DATA, "%s: pixels: number %zu is not a whole number from 0 to 255",
                         name, at);
    *to = (uint8_t)number;
    return 0;
}

static int read_values(const char *name, const json_t *list, size_t first, uint8_t *to, struct error *error)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (read_value(name, json_array_get(list, i), first + i, to + i, error) != 0)
            return -1;
    return 0;
}

/* For as many values as there are in the list: that was checked, so the product fits. */
static int make_room(struct pixels *pixels, size_t channels, size_t height, size_t width, struct error *error)
{
    *pixels = (struct pixels){.channels = channels, .height = height, .width = width};
    pixels->values = memory_array(channels * height * width, sizeof *pixels->values);
    return pixels->values ? 0 : error_memory(error);
}

/* As many as the sizes say, in all. */
static int read_flat(struct pixels *pixels, const char *name, const json_t *root, size_t sizes[3],
                     struct error *error)
{
    const json_t *list = json_object_get(root, "pixels");
    size_t all;

    sizes[0] = sizes[0] ? sizes[0] : 1;
    if (sizes[0] == 2)
        return pixels_error(name, "channels: expected 1 or 3", error);
    if (sizes[1] == 0 || sizes[2] == 0)
        return pixels_error(name, "pixels are one flat list: expected width and height, too", error);
    all = sizes[0] * sizes[1] * sizes[2]; /* of at most 3 * 2^20 * 2^20 */
    if (json_array_size(list) != all)
        return error_set(error, ERROR_DATA, "%s: pixels: expected %zux%zux%zu numbers, not %zu", name,
                         sizes[0], sizes[1], sizes[2], json_array_size(list));
    if (make_room(pixels, sizes[0], sizes[1], sizes[2], error) != 0)
        return -1;
    return read_values(name, list, 0, pixels->values, error);
}

static int read_rows(struct pixels *pixels, const char *name, const json_t *root, const size_t sizes[3],
                     struct error *error)
{
    const json_t *list = json_object_get(root, "pixels");
    const size_t height = json_array_size(list), width = json_array_size(json_array_get(list, 0));

    if (sizes[0] > 1 || (sizes[1] && sizes[1] != height) || (sizes[2] && sizes[2] != width))
        return pixels_error(name, "pixels are rows, of sizes other than width, height or channels say",
                            error);
    for (size_t y = 0; y < height; y++)
        if (json_array_size(json_array_get(list, y)) != width)
            return error_set(error, ERROR_DATA,
                             "%s: pixels: row %zu is not a list of %zu numbers, as the first is", name, y,
                             width);
    if (make_room(pixels, 1, height, width, error) != 0)
        return -1;
    for (size_t y = 0; y < height; y++)
        if (read_values(name, json_array_get(list, y), y * width, pixels->values + y * width, error) != 0)
            return -1;
    return 0;
}

static int read_root(struct pixels *pixels, const char *name, json_t *root, struct error *error)
{
    enum { MOST_SIDE = 1 << 20 };
    size_t sizes[3] = {0};

    if (check_keys(name, root, error) != 0 || read_size(name, root, "channels", 3, &sizes[0], error) != 0 ||
        read_size(name, root, "height", MOST_SIDE, &sizes[1], error) != 0 ||
        read_size(name, root, "width", MOST_SIDE, &sizes[2], error) != 0)
        return -1;
    if (json_is_array(json_array_get(json_object_get(root, "pixels"), 0)))
        return read_rows(pixels, name, root, sizes, error);
    return read_flat(pixels, name, root, sizes, error);
}

int pixels_json_read(struct pixels *pixels, const char *name, const char *text, size_t size,
                     struct error *error)
{
    json_t *root = json_parse_strict(name, text, size, error);
    int failed;

    *pixels = (struct pixels){0};
    if (!root)
        return -1;
    failed = read_root(pixels, name, root, error);
    json_decref(root);
    return failed;
}
