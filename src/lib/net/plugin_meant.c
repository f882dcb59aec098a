/* plugin_meant.c: see plugin_meant.h. */
#include "net/plugin_meant.h"

#include "net/plugin_capability.h"
#include "setting/foreign.h"

const char *plugin_meant(struct registry *registry, const char *word, const struct nnrun_words **words)
{
    struct error unused = {0};
    size_t count = 0;
    const char *const *types = registry_types(registry, &count, &unused);
    const char *found = NULL;

    for (size_t i = 0; types && i < count && !found; i++) {
        const struct plugin *plugin = registry_find(registry, types[i], &unused);
        if (plugin && (*words = foreign_find(plugin_words(&plugin->layer), NNRUN_WORDS_TYPE, word)))
            found = plugin->layer.type; /* that of types[i] goes with the list */
        error_clear(&unused);
    }
    error_clear(&unused);
    return found;
}
