/* plugin_check.c: see plugin_check.h. */
#include "net/plugin_check.h"

#include <string.h>

#include "base/memory.h"
#include "net/plugin_capability.h"
#include "net/plugin_check_setting.h"
#include "net/plugin_words.h"
#include "setting/name_word.h"

enum {
    MOST_SETTINGS = 256,
    MOST_INSTANCE = 1 << 20,
    LAYER_FLAGS = NNRUN_READS_X | NNRUN_READS_Y | NNRUN_IN_PLACE | NNRUN_STORES | NNRUN_MIXES_LANES,
    MINORS = NNRUN_ABI_MINOR + 1
};

/* sizeof the structures that a plugin allocates, in each minor version. */
struct sizes {
    uint16_t layer, setting, tensor;
};
#if UINTPTR_MAX > UINT32_MAX
static const struct sizes sizes[MINORS] = {{120, 72, 80}, {128, 72, 80}};
#else
static const struct sizes sizes[MINORS] = {
    {offsetof(struct nnrun_layer, capabilities), sizeof(struct nnrun_setting), sizeof(struct nnrun_tensor)},
    {sizeof(struct nnrun_layer), sizeof(struct nnrun_setting), sizeof(struct nnrun_tensor)}};
#endif

_Static_assert(NNRUN_NEEDS == NNRUN_ABI_MINOR, "the core has room for all that its own header adds");

/* Just those of its minor version; of one yet to come, no smaller than the newest known. */
static bool right_sizes(const struct nnrun_head *head)
{
    const struct sizes *least = &sizes[head->minor < MINORS ? head->minor : MINORS - 1];

    if (head->minor < MINORS)
        return head->layer_size == least->layer && head->setting_size == least->setting &&
               head->tensor_size == least->tensor;
    return head->layer_size >= least->layer && head->setting_size >= least->setting &&
           head->tensor_size >= least->tensor;
}

int plugin_check_head(const struct nnrun_head *head, const char *path, struct error *error)
{
    if (head->magic != NNRUN_MAGIC)
        return error_set(error, ERROR_CONFIG,
                         "%s is not a layer plugin: nnrun_plugin begins with 0x%08x, not 0x%08x", path,
                         (unsigned)head->magic, NNRUN_MAGIC);
    if (head->major != NNRUN_ABI_MAJOR)
        return error_set(error, ERROR_CONFIG,
                         "%s was built for ABI %u.%u; this nnrun has %d.%d: compile it again", path,
                         head->major, head->minor, NNRUN_ABI_MAJOR, NNRUN_ABI_MINOR);
    if (head->needs > head->minor)
        return plugin_broken(error, path, "it needs a newer ABI than it was compiled for", NULL);
    if (head->needs > NNRUN_ABI_MINOR)
        return error_set(error, ERROR_CONFIG, "%s needs ABI %u.%u; this nnrun has %d.%d", path, head->major,
                         head->needs, NNRUN_ABI_MAJOR, NNRUN_ABI_MINOR);
    if (!right_sizes(head))
        return plugin_broken(error, path, "its structures differ in size from those of its ABI", NULL);
    return 0;
}

static int check_symbol(const void *bytes, size_t size, const char *path, struct error *error)
{
    const struct nnrun_head *head = bytes;
    size_t least;

    if (plugin_check_head(head, path, error) != 0)
        return -1;
    least = head->layer_size < sizeof(struct nnrun_layer) ? head->layer_size : sizeof(struct nnrun_layer);
    return size < least ? plugin_broken(error, path, "nnrun_plugin is shorter than it says", NULL) : 0;
}

const struct plugin_kind plugin_kind_layer = {.symbol = "nnrun_plugin",
                                              .what = "layer plugin",
                                              .head = sizeof(struct nnrun_head),
                                              .check = check_symbol};

/* A backward for every forward, or none at all. */
static int check_code(const struct nnrun_layer *layer, const char *path, struct error *error)
{
    const struct nnrun_code *code = layer->code;

    if (!layer->plan || !code[0].forward)
        return plugin_broken(error, path, "plan or the portable forward is missing", NULL);
    for (int level = 1; level < NNRUN_LEVELS; level++) {
        if (code[level].backward && !code[0].backward)
            return plugin_broken(error, path, "a code level has backward, but the portable one is missing",
                                 NULL);
        if (!code[level].forward ? code[level].backward != NULL : !code[level].backward != !code[0].backward)
            return plugin_broken(error, path, "a code level is incomplete", NULL);
    }
    return 0;
}

static int check_layer(const struct nnrun_layer *layer, const char *path, struct error *error)
{
    const char *file = strrchr(path, '/');

    file = file ? file + 1 : path;
    if (!name_word_ok(layer->type))
        return plugin_broken(error, path, "its type is not [a-z][a-z0-9_]*", NULL);
    if (strncmp(file, layer->type, strlen(layer->type)) != 0 ||
        strcmp(file + strlen(layer->type), ".so") != 0)
        return error_set(error, ERROR_CONFIG, "%s holds layer type \"%s\", so it must be called %s.so", path,
                         layer->type, layer->type);
    if (!plugin_line_ok(layer->doc))
        return plugin_broken(error, path, "its doc is not one line of printable ASCII", NULL);
    if (check_code(layer, path, error) != 0)
        return -1;
    if (layer->min_inputs < 1 || layer->max_inputs < layer->min_inputs)
        return plugin_broken(error, path, "the range of its number of inputs is empty", NULL);
    if (layer->target > NNRUN_LABELS)
        return plugin_too_new(error, path, "an unknown kind of target", NULL);
    if (layer->flags & ~(uint32_t)LAYER_FLAGS)
        return plugin_too_new(error, path, "unknown flags", NULL);
    if (layer->instance_size > MOST_INSTANCE || layer->setting_count > MOST_SETTINGS ||
        (layer->setting_count > 0 && !layer->settings))
        return plugin_broken(error, path, "impossible sizes", NULL);
    return plugin_check_capabilities(layer, path, error);
}

int plugin_copy(const void *symbol, const char *path, struct nnrun_layer *layer,
                struct nnrun_setting **settings, struct error *error)
{
    struct nnrun_head head;
    const char *from;

    *settings = NULL;
    memcpy(&head, symbol, sizeof head);
    if (plugin_check_head(&head, path, error) != 0)
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
        if (plugin_check_setting(layer, &layer->settings[i], path, error) != 0)
            return -1;
    return 0;
}
