/* config_open.c: a config from opening to closing. */
#include "config/config_internal.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* Overrides config_give may add: the tree points at them, so that they do not move. */
enum { CONFIG_MOST_GIVEN = 2 };

static int add_override(struct config *config, const char *text, bool saved)
{
    struct config_override *override = &config->overrides[config->override_count];
    bool usage = false;
    int result;

    override->saved = saved;
    override->text = memory_string(text);
    if (!override->text)
        return config_report_memory(config);
    config->override_count++;
    result = config_tree_override(config, override, &usage);
    if (usage && !saved)
        error_recode(&config->errors, ERROR_ARGUMENT);
    return result;
}

/* What config_open and config_parse share once the text is there. */
static int build(struct config *config, const char *const *overrides, size_t count, size_t saved)
{
    const locale_t old = uselocale(config->numbers);
    int result = config_tree_parse(config, NULL, config->source.text, config->source.length, &config->tree);

    config->overrides = memory_array(count + CONFIG_MOST_GIVEN, sizeof *config->overrides);
    if (!config->overrides) {
        result = config_report_memory(config);
    }
    while (result == 0 && config->override_count < count) {
        const size_t i = config->override_count;
        result = add_override(config, overrides[i], i < saved);
    }
    uselocale(old);
    return result;
}

int config_give(struct config *config, const char *override)
{
    const locale_t old = uselocale(config->numbers);
    const int result = add_override(config, override, true);

    uselocale(old);
    return result;
}

struct config *config_create(void)
{
    struct config *config = memory_array(1, sizeof *config);

    if (config) {
        config_init(&config->tree);
        config->numbers = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    }
    if (!config || config->numbers == (locale_t)0 || !config->tree.root) {
        config_close(config);
        return NULL;
    }
    return config;
}

static struct config *create(struct error *error)
{
    struct config *config = config_create();

    if (!config)
        error_memory(error);
    return config;
}

static struct config *created(struct config *config, int result, struct error *error)
{
    if (result == 0)
        return config;
    config_finish(config, error);
    config_close(config);
    return NULL;
}

struct config *config_open(const char *path, const char *const *overrides, size_t override_count,
                           struct error *error)
{
    struct config *config = create(error);
    const char *slash = strrchr(path, '/');
    int result;

    if (!config)
        return NULL;
    result = config_source_open(&config->source, path, &config->errors);
    if (result == 0 && slash) {
        config->directory = memory_string_part(path, (size_t)(slash - path) + (slash == path));
        if (!config->directory) {
            result = config_report_memory(config);
        }
    }
    if (result == 0)
        result = build(config, overrides, override_count, 0);
    return created(config, result, error);
}

struct config *config_parse(const char *text, const char *label, const char *directory,
                            const char *const *overrides, size_t override_count, size_t saved,
                            struct error *error)
{
    struct config *config = create(error);
    int result;

    if (!config)
        return NULL;
    result = config_source_parse(&config->source, text, strlen(text), label, &config->errors);
    if (result == 0 && directory) {
        config->directory = memory_string(directory);
        if (!config->directory) {
            result = config_report_memory(config);
        }
    }
    if (result == 0)
        result = build(config, overrides, override_count, saved);
    return created(config, result, error);
}

struct config *config_open_bytes(const void *bytes, size_t size, const char *label,
                                 const char *const *overrides, size_t override_count, struct error *error)
{
    struct config *config = create(error);
    int result;

    if (!config)
        return NULL;
    if (size > CONFIG_MOST_BYTES)
        result = error_set_at(&config->errors, ERROR_CONFIG, &(struct error_facts){.file = label}, "%s",
                              config_too_large);
    else
        result = config_source_parse(&config->source, bytes, size, label, &config->errors);
    if (result == 0)
        result = build(config, overrides, override_count, 0);
    return created(config, result, error);
}

void config_close(struct config *config)
{
    if (!config)
        return;
    config_destroy(&config->tree);
    config_source_free(&config->source);
    free(config->directory);
    for (size_t i = 0; i < config->override_count; i++)
        config_override_finish(&config->overrides[i]);
    free(config->overrides);
    for (size_t i = 0; i < config->layer_count; i++) {
        free((void *)(uintptr_t)config->layers[i].name);
        free((void *)(uintptr_t)config->layers[i].key);
        free((void *)(uintptr_t)config->layers[i].inputs);
    }
    free(config->layers);
    config_forget_names(config);
    error_clear(&config->errors);
    if (config->numbers != (locale_t)0)
        freelocale(config->numbers);
    free(config);
}

const char *config_text(const struct config *config)
{
    return config->source.text;
}
