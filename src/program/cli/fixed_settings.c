/* fixed_settings.c: see fixed_settings.h. */
#include "cli/fixed_settings.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "net/plugin_capability.h"

/* The layer's table as one of which no key must be there. NULL: no memory. */
static struct nnrun_setting *optional_table(const struct nnrun_layer *layer)
{
    struct nnrun_setting *table = memory_array(layer->setting_count, sizeof *table);

    for (uint32_t i = 0; table && i < layer->setting_count; i++) {
        table[i] = layer->settings[i];
        table[i].flags &= ~(uint32_t)NNRUN_REQUIRED;
    }
    return table;
}

int fixed_settings_init(struct fixed_settings *fixed, const struct nnrun_layer *layer,
                        const char *const *overrides, size_t count, struct error *error)
{
    struct nnrun_setting *table = optional_table(layer);
    config_group *root;
    int failed = -1;

    *fixed = (struct fixed_settings){.fixed = memory_array(layer->setting_count, sizeof *fixed->fixed),
                                     .instance = memory_array(layer->instance_size, 1)};
    if (!table || !fixed->fixed || !fixed->instance) {
        free(table);
        return error_memory(error);
    }
    fixed->config = config_open_bytes("", 0, layer->type, overrides, count, error);
    if (fixed->config) {
        root = config_root(fixed->config);
        config_apply(fixed->config, root, layer->type, table, layer->setting_count, NULL, plugin_words(layer),
                     fixed->instance);
        for (uint32_t i = 0; i < layer->setting_count; i++)
            fixed->fixed[i] = config_has(root, table[i].name);
        failed = config_finish(fixed->config, error);
    }
    free(table);
    return failed;
}

void fixed_settings_finish(struct fixed_settings *fixed)
{
    config_close(fixed->config);
    free(fixed->fixed);
    free(fixed->instance);
}
