/* plugin_check.c: see plugin_check.h. */
#include "net/plugin_check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum {
    MOST_NAME = 63,
    MOST_SETTINGS = 256,
    MOST_INSTANCE = 1 << 20,
    MOST_CHOICES = 64,
    OLDEST_LAYER = offsetof(struct nnrun_layer, code) + sizeof(struct nnrun_code) * NNRUN_LEVELS,
    OLDEST_SETTING = offsetof(struct nnrun_setting, doc) + sizeof(char *),
    OLDEST_TENSOR = offsetof(struct nnrun_tensor, momentum) + sizeof(double)
};

bool plugin_name_ok(const char *name)
{
    size_t length = 0;

    if (!name || *name < 'a' || *name > 'z')
        return false;
    for (; name[length]; length++) {
        const char c = name[length];
        if (length == MOST_NAME || !((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'))
            return false;
    }
    return true;
}

size_t plugin_setting_size(uint32_t kind)
{
    switch ((enum nnrun_kind)kind) {
    case NNRUN_INT:
    case NNRUN_BOOL:
    case NNRUN_CHOICE:
        return sizeof(int32_t);
    case NNRUN_REAL:
        return sizeof(double);
    case NNRUN_STRING:
        return sizeof(char *);
    case NNRUN_INTS:
        return sizeof(struct nnrun_ints);
    case NNRUN_REALS:
        return sizeof(struct nnrun_reals);
    }
    return 0;
}

size_t plugin_choices(const char *choices, const char **words, size_t *lengths, size_t most)
{
    size_t count = 0;

    while (choices) {
        const char *bar = strchr(choices, '|');
        if (count < most) {
            words[count] = choices;
            lengths[count] = bar ? (size_t)(bar - choices) : strlen(choices);
        }
        count++;
        choices = bar ? bar + 1 : NULL;
    }
    return count;
}

static int broken(struct error *error, const char *path, const char *what, const char *name)
{
    return error_set(error, STATUS_CONFIG, "%s: broken plugin: %s%s%s", path, what, name ? ": " : "",
                     name ? name : "");
}

static int check_head(const struct nnrun_head *head, const char *path, struct error *error)
{
    if (head->magic != (NNRUN_MAGIC))
        return error_set(error, STATUS_CONFIG,
                         "%s: is no layer plugin: nnrun_plugin begins with 0x%08x, not 0x%08x", path,
                         (unsigned)head->magic, (unsigned)(NNRUN_MAGIC));
    if (head->major != NNRUN_ABI_MAJOR)
        return error_set(error, STATUS_CONFIG,
                         "%s: was built for ABI %u.%u, this nnrun has %d.%d: compile it again", path,
                         head->major, head->minor, NNRUN_ABI_MAJOR, NNRUN_ABI_MINOR);
    if (head->needs > NNRUN_ABI_MINOR)
        return error_set(error, STATUS_CONFIG, "%s: needs ABI %u.%u, this nnrun has %d.%d", path, head->major,
                         head->needs, NNRUN_ABI_MAJOR, NNRUN_ABI_MINOR);
    if (head->layer_size < OLDEST_LAYER || head->setting_size < OLDEST_SETTING ||
        head->tensor_size < OLDEST_TENSOR)
        return broken(error, path, "its structures are smaller than any ABI's", NULL);
    return 0;
}

static bool whole(double value)
{
    return value >= INT32_MIN && value <= INT32_MAX && value == rint(value);
}

static int check_range(const struct nnrun_setting *setting, const char *path, struct error *error)
{
    const bool is_int = setting->kind == NNRUN_INT || setting->kind == NNRUN_INTS;
    const double value = setting->fallback;

    if (!(setting->low <= setting->high))
        return broken(error, path, "low exceeds high", setting->name);
    if (is_int && (!whole(setting->low) || !whole(setting->high)))
        return broken(error, path, "the range of whole numbers is not of 32-bit ones", setting->name);
    if (setting->flags & NNRUN_REQUIRED)
        return 0;
    if (!(value >= setting->low && value <= setting->high) ||
        ((setting->flags & NNRUN_OPEN_LOW) && value == setting->low) ||
        ((setting->flags & NNRUN_OPEN_HIGH) && value == setting->high) || (is_int && !whole(value)))
        return broken(error, path, "the default is out of range", setting->name);
    return 0;
}

static int check_choices(const struct nnrun_setting *setting, const char *path, struct error *error)
{
    const char *words[MOST_CHOICES];
    size_t lengths[MOST_CHOICES];
    const size_t count = plugin_choices(setting->choices, words, lengths, MOST_CHOICES);

    if (count == 0 || count > MOST_CHOICES)
        return broken(error, path, "a choice without words", setting->name);
    for (size_t i = 0; i < count; i++)
        if (lengths[i] == 0)
            return broken(error, path, "an empty word in a choice", setting->name);
    if (!(setting->flags & NNRUN_REQUIRED) && !(setting->fallback >= 0 && setting->fallback < (double)count))
        return broken(error, path, "the default is no index of a word", setting->name);
    return 0;
}

static int check_setting(const struct nnrun_layer *layer, const struct nnrun_setting *setting,
                         const char *path, struct error *error)
{
    const size_t size = plugin_setting_size(setting->kind);
    const size_t alignment = setting->kind == NNRUN_INTS ? sizeof(int32_t) : size < 8 ? size : 8;

    if (!plugin_name_ok(setting->name))
        return broken(error, path, "a setting's name is not [a-z][a-z0-9_]*", setting->name);
    if (strcmp(setting->name, "type") == 0 || strcmp(setting->name, "name") == 0 ||
        strcmp(setting->name, "inputs") == 0)
        return broken(error, path, "a setting has a reserved name", setting->name);
    for (const struct nnrun_setting *other = layer->settings; other < setting; other++)
        if (strcmp(other->name, setting->name) == 0)
            return broken(error, path, "two settings of one name", setting->name);
    if (size == 0)
        return broken(error, path, "a setting of unknown kind", setting->name);
    if (!setting->doc)
        return broken(error, path, "a setting without doc", setting->name);
    if (setting->offset % alignment != 0 || size > layer->instance_size ||
        setting->offset > layer->instance_size - size)
        return broken(error, path, "a setting lies outside of the instance", setting->name);
    switch ((enum nnrun_kind)setting->kind) {
    case NNRUN_INTS:
    case NNRUN_REALS:
        if (setting->most < 1 || setting->most > NNRUN_MAX_LIST)
            return broken(error, path, "a list of impossible length", setting->name);
        return check_range(setting, path, error);
    case NNRUN_INT:
    case NNRUN_REAL:
        return check_range(setting, path, error);
    case NNRUN_CHOICE:
        return check_choices(setting, path, error);
    case NNRUN_BOOL:
        if (setting->fallback != 0 && setting->fallback != 1)
            return broken(error, path, "the default of a bool is neither 0 nor 1", setting->name);
        return 0;
    case NNRUN_STRING:
        return 0;
    }
    return 0;
}

static int check_layer(const struct nnrun_layer *layer, const char *path, struct error *error)
{
    const char *file = strrchr(path, '/');

    file = file ? file + 1 : path;
    if (!plugin_name_ok(layer->type))
        return broken(error, path, "its type is not [a-z][a-z0-9_]*", NULL);
    if (strncmp(file, layer->type, strlen(layer->type)) != 0 ||
        strcmp(file + strlen(layer->type), ".so") != 0)
        return error_set(error, STATUS_CONFIG, "%s: holds layer type \"%s\", so it must be called %s.so",
                         path, layer->type, layer->type);
    if (!layer->doc || !layer->plan || !layer->code[0].forward || !layer->code[0].backward)
        return broken(error, path, "doc, plan, or the portable forward or backward is missing", NULL);
    for (int level = 1; level < NNRUN_LEVELS; level++)
        if (!layer->code[level].forward != !layer->code[level].backward)
            return broken(error, path, "a code level is half there", NULL);
    if (layer->min_inputs < 1 || layer->max_inputs < layer->min_inputs)
        return broken(error, path, "the range of its number of inputs is empty", NULL);
    if (layer->target > NNRUN_LABELS)
        return broken(error, path, "unknown kind of target", NULL);
    if (layer->instance_size > MOST_INSTANCE || layer->setting_count > MOST_SETTINGS ||
        (layer->setting_count > 0 && !layer->settings))
        return broken(error, path, "impossible sizes", NULL);
    return 0;
}

int plugin_copy(const void *symbol, const char *path, struct nnrun_layer *layer,
                struct nnrun_setting **settings, struct error *error)
{
    struct nnrun_head head;
    const char *from;

    *settings = NULL;
    memcpy(&head, symbol, sizeof head);
    if (check_head(&head, path, error) != 0)
        return -1;
    memset(layer, 0, sizeof *layer);
    memcpy(layer, symbol, head.layer_size < sizeof *layer ? head.layer_size : sizeof *layer);
    if (check_layer(layer, path, error) != 0)
        return -1;
    if (layer->setting_count == 0) {
        layer->settings = NULL;
        return 0;
    }
    *settings = memory_array(layer->setting_count, sizeof **settings);
    if (!*settings)
        return error_memory(error);
    from = (const char *)layer->settings;
    for (uint32_t i = 0; i < layer->setting_count; i++, from += head.setting_size)
        memcpy(&(*settings)[i], from,
               head.setting_size < sizeof **settings ? head.setting_size : sizeof **settings);
    layer->settings = *settings;
    for (uint32_t i = 0; i < layer->setting_count; i++)
        if (check_setting(layer, &layer->settings[i], path, error) != 0)
            return -1;
    return 0;
}
