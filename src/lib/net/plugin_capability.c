/* plugin_capability.c: see plugin_capability.h. */
#include "net/plugin_capability.h"

#include <string.h>

#include "net/plugin_words.h"

enum { MOST_CAPABILITIES = 64, MOST_ID = 63, MOST_WORDS = 256 };

static bool id_is_ok(const char *id)
{
    const size_t length = strnlen(id, MOST_ID + 1);

    if (length == 0 || length > MOST_ID)
        return false;
    for (size_t i = 0; i < length; i++)
        if (id[i] <= ' ' || id[i] > '~')
            return false;
    return true;
}

bool plugin_capability_is_known(const char *id)
{
    return strcmp(id, NNRUN_DERIVED_1) == 0 || strcmp(id, NNRUN_ONE_1) == 0 ||
           strcmp(id, NNRUN_OPERATORS_1) == 0 || strcmp(id, NNRUN_TRAITS_1) == 0 ||
           strcmp(id, NNRUN_WORDS_1) == 0;
}

static bool is_listed_before(const struct nnrun_capability *list, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (strcmp(list[k].id, list[i].id) == 0)
            return true;
    return false;
}

static int check_derived(const struct nnrun_derived *derived, const char *path, struct error *error)
{
    if (!derived->need || !derived->make[0])
        return plugin_broken(error, path, "need or the portable make is missing", NNRUN_DERIVED_1);
    return 0;
}

static int check_one(const struct nnrun_one *one, const char *path, struct error *error)
{
    if (!one->forward[0])
        return plugin_broken(error, path, "the portable forward is missing", NNRUN_ONE_1);
    return 0;
}

static int check_operators(const struct nnrun_operators *operators, const char *path, struct error *error)
{
    if (!operators->describe)
        return plugin_broken(error, path, "describe is missing", NNRUN_OPERATORS_1);
    return 0;
}

static int check_words(const struct nnrun_words *list, const char *path, struct error *error)
{
    for (size_t i = 0; list[i].words; i++) {
        if (i == MOST_WORDS)
            return plugin_broken(error, path, "too many words, or their list has no end", NNRUN_WORDS_1);
        if (!plugin_line_ok(list[i].words) || (list[i].here && !plugin_line_ok(list[i].here)))
            return plugin_broken(error, path, "words that are not printable ASCII", NNRUN_WORDS_1);
        if (list[i].of != NNRUN_WORDS_TYPE && !list[i].here)
            return plugin_broken(error, path, "words that stand for nothing", NNRUN_WORDS_1);
    }
    return 0;
}

/* The tables of those that are known. */
static int check_table(const struct nnrun_capability *capability, const char *path, struct error *error)
{
    if (!capability->table)
        return plugin_broken(error, path, "a capability without its table", capability->id);
    if (strcmp(capability->id, NNRUN_WORDS_1) == 0)
        return check_words(capability->table, path, error);
    if (strcmp(capability->id, NNRUN_DERIVED_1) == 0)
        return check_derived(capability->table, path, error);
    if (strcmp(capability->id, NNRUN_ONE_1) == 0)
        return check_one(capability->table, path, error);
    if (strcmp(capability->id, NNRUN_OPERATORS_1) == 0)
        return check_operators(capability->table, path, error);
    return 0;
}

int plugin_check_capabilities(const struct nnrun_layer *layer, const char *path, struct error *error)
{
    const struct nnrun_capability *list = layer->capabilities;

    for (size_t i = 0; list && list[i].id; i++) {
        if (i == MOST_CAPABILITIES)
            return plugin_broken(error, path, "too many capabilities, or their list has no end", NULL);
        if (!id_is_ok(list[i].id))
            return plugin_broken(
                error, path, "a capability's id is not 1 to 63 printable characters without a space", NULL);
        if (is_listed_before(list, i))
            return plugin_broken(error, path, "a capability is listed twice", list[i].id);
        if (list[i].flags & ~(uint32_t)NNRUN_NEEDED)
            return plugin_too_new(error, path, "a capability with unknown flags", list[i].id);
        if (plugin_capability_is_known(list[i].id)) {
            if (check_table(&list[i], path, error) != 0)
                return -1;
        } else if (list[i].flags & NNRUN_NEEDED) {
            return error_set(error, ERROR_CONFIG,
                             "%s: layer type \"%s\" needs capability \"%s\", which this nnrun does not have",
                             path, layer->type, list[i].id);
        }
    }
    return 0;
}

static const void *find_table(const struct nnrun_layer *layer, const char *id)
{
    for (const struct nnrun_capability *one = layer->capabilities; one && one->id; one++)
        if (strcmp(one->id, id) == 0)
            return one->table;
    return NULL;
}

const struct nnrun_derived *plugin_derived(const struct nnrun_layer *layer)
{
    return find_table(layer, NNRUN_DERIVED_1);
}

const struct nnrun_one *plugin_one(const struct nnrun_layer *layer)
{
    return find_table(layer, NNRUN_ONE_1);
}

const struct nnrun_operators *plugin_operators(const struct nnrun_layer *layer)
{
    return find_table(layer, NNRUN_OPERATORS_1);
}

const struct nnrun_traits *plugin_traits(const struct nnrun_layer *layer)
{
    return find_table(layer, NNRUN_TRAITS_1);
}

const struct nnrun_words *plugin_words(const struct nnrun_layer *layer)
{
    return find_table(layer, NNRUN_WORDS_1);
}

unsigned plugin_derived_level(const struct nnrun_derived *derived, unsigned level)
{
    while (!derived->make[level])
        level--;
    return level;
}

unsigned plugin_one_level(const struct nnrun_one *one, unsigned level)
{
    while (!one->forward[level])
        level--;
    return level;
}

unsigned plugin_one_make_level(const struct nnrun_one *one, unsigned level)
{
    while (level > 0 && !one->make[level])
        level--;
    return level;
}
