/* packed_folder.c: see packed_folder.h. */
#include "data/packed_folder.h"

#include <stdlib.h>
#include <string.h>

#include "base/file_io.h"
#include "base/json_parse.h"
#include "base/memory.h"

enum { MOST_FACTS = 1 << 26 /* bytes */ };

static bool has_parts(const json_t *facts)
{
    json_t *parts = json_object_get(facts, "parts"), *part;
    const char *name;

    json_object_foreach (parts, name, part)
        if (!json_is_string(json_object_get(part, "images")))
            return false;
    return json_object_size(parts) > 0;
}

static bool are_facts(const json_t *facts)
{
    return json_integer_value(json_object_get(facts, "format")) == PACKED_FORMAT &&
           json_is_string(json_object_get(facts, "kind")) &&
           json_is_array(json_object_get(facts, "source")) &&
           json_is_array(json_object_get(facts, "shape")) && has_parts(facts);
}

/* Likewise. */
static int load(const char *path, json_t **facts, struct error *error)
{
    struct error unread = {0};
    json_error_t reason;
    bool memory = false;
    size_t size;
    char *text = file_load(path, MOST_FACTS, &size, &unread);

    if (!text && unread.code != ERROR_DATA)
        return error_move(&unread, error);
    error_clear(&unread);
    if (!text)
        return 0;
    *facts = json_parse_bounded(text, size, &memory, &reason);
    free(text);
    if (memory)
        return error_memory(error);
    if (are_facts(*facts))
        return 1;
    json_decref(*facts);
    *facts = NULL;
    return 0;
}

int packed_folder_read(const char *folder, json_t **facts, struct error *error)
{
    char *path = memory_format("%s/" PACKED_FACTS, folder);
    int is;

    *facts = NULL;
    if (!path)
        return error_memory(error);
    is = load(path, facts, error);
    free(path);
    return is;
}

static bool is_text(const json_t *text, const char *wanted)
{
    return json_is_string(text) && strcmp(json_string_value(text), wanted) == 0;
}

static bool begins(const char **at, const char *with)
{
    const size_t length = strlen(with);

    if (strncmp(*at, with, length) != 0)
        return false;
    *at += length;
    return true;
}

bool packed_folder_may_have(const char *name)
{
    const char *at = name;

    if (strcmp(name, PACKED_FACTS) == 0 || strcmp(name, PACKED_CLASSES) == 0 ||
        strcmp(name, PACKED_COLUMNS) == 0)
        return true;
    if (!begins(&at, "train-") && !begins(&at, "t10k-") && !begins(&at, "validation-"))
        return false;
    if (!begins(&at, "images-idx") && !begins(&at, "labels-idx"))
        return false;
    if (*at < '1' || *at > '9')
        return false;
    at++;
    return (begins(&at, "-ubyte") || begins(&at, "-float")) && strcmp(at, ".gz") == 0;
}

bool packed_folder_has(const json_t *facts, const char *name)
{
    const json_t *files = json_object_get(facts, "files");
    json_t *part;
    const char *key;

    if (strcmp(name, PACKED_FACTS) == 0)
        return true;
    for (size_t i = 0; i < json_array_size(files); i++)
        if (is_text(json_array_get(files, i), name))
            return true;
    if (files)
        return false;
    /* the first ones have no list of them */
    if (strcmp(name, PACKED_CLASSES) == 0)
        return json_array_size(json_object_get(facts, "classes")) > 0;
    json_object_foreach (json_object_get(facts, "parts"), key, part)
        if (is_text(json_object_get(part, "images"), name) || is_text(json_object_get(part, "labels"), name))
            return true;
    return false;
}

bool packed_folder_is_transposed(const json_t *facts)
{
    const json_t *is = json_object_get(facts, "transposed");

    /* the first ones told of the option alone */
    return json_is_true(is ? is : json_object_get(json_object_get(facts, "options"), "transpose"));
}

/* Whether the file of that name is one of a pack, or one that was unpacked beside it. Returns 1, 0, or -1: out of memory. */
static int has_file(const json_t *facts, const char *name)
{
    char *packed;
    int has;

    if (packed_folder_has(facts, name))
        return 1;
    packed = memory_format("%s.gz", name);
    if (!packed)
        return -1;
    has = packed_folder_has(facts, packed);
    free(packed);
    return has;
}

int packed_folder_of(const char *path, json_t **facts, struct error *error)
{
    const char *slash = strrchr(path, '/');
    char *folder =
        slash ? memory_string_part(path, slash == path ? 1 : (size_t)(slash - path)) : memory_string(".");
    json_t *own;
    int is;

    if (facts)
        *facts = NULL;
    if (!folder)
        return error_memory(error);
    is = packed_folder_read(folder, &own, error);
    free(folder);
    if (is > 0 && (is = has_file(own, slash ? slash + 1 : path)) < 0)
        error_memory(error);
    if (is > 0 && facts)
        *facts = json_incref(own);
    json_decref(own);
    return is;
}
