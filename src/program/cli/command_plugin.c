/* command_plugin.c: see command_plugin.h. */
#include "cli/command_plugin.h"

#include <stdlib.h>
#include <string.h>

#include "cli/advice.h"
#include "net/plugin_meant.h"
#include "setting/nearest.h"

const struct plugin *command_plugin(const char *subject, struct registry *registry, struct error *error)
{
    const struct plugin *plugin;
    const char *const *types, *near;
    const struct nnrun_words *words = NULL;
    struct error unused = {0};
    size_t count = 0;
    char *text;

    if (strchr(subject, '/'))
        return registry_load(registry, subject, error);
    plugin = registry_find(registry, subject, error);
    if (plugin)
        return plugin;
    if (!error_entry(error, 0)->facts.file && (near = plugin_meant(registry, subject, &words))) {
        error_set(error, ERROR_CONFIG, "no layer type \"%s\"; nnrun calls it \"%s\"%s%s", subject, near,
                  words->here ? " with " : "", words->here ? words->here : "");
        return NULL;
    }
    types = registry_types(registry, &count, &unused);
    error_clear(&unused);
    near = types ? nearest_word(subject, types, count) : NULL;
    if (near && strcmp(near, subject) != 0) {
        error_set(error, ERROR_CONFIG,
                  "no layer type \"%s\"; did you mean \"%s\"? (--plugin-path FOLDER adds a folder of types)",
                  subject, near);
    } else if (count > 0 && !near) {
        text = advice_text(error);
        error_set(error, error->code, "%s; \"nnrun layers\" lists them", text ? text : error_text(error));
        free(text);
    }
    return NULL;
}
