/* unit_words.c: the words of other systems, those of the plugins in NNRUN_PLUGIN_PATH and those of the config's keys. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/settings_tables.h"
#include "net/plugin.h"
#include "net/plugin_capability.h"
#include "setting/choices.h"
#include "setting/foreign.h"

static void any_spelling(void)
{
    static const struct nnrun_words list[] = {
        {NNRUN_WORDS_KEY, "size", "key"}, {NNRUN_WORDS_TYPE, "conv2d|max_pool", "type"}, {.words = NULL}};

    CU_ASSERT_PTR_EQUAL(foreign_find(list, NNRUN_WORDS_TYPE, "conv2d"), &list[1]);
    CU_ASSERT_PTR_EQUAL(foreign_find(list, NNRUN_WORDS_TYPE, "Conv_2D"), &list[1]);
    CU_ASSERT_PTR_EQUAL(foreign_find(list, NNRUN_WORDS_TYPE, "MaxPool"), &list[1]);
    CU_ASSERT_PTR_EQUAL(foreign_find(list, NNRUN_WORDS_TYPE, "max-pool-"), &list[1]);
    CU_ASSERT_PTR_NULL(foreign_find(list, NNRUN_WORDS_TYPE, "conv2"));
    CU_ASSERT_PTR_NULL(foreign_find(list, NNRUN_WORDS_TYPE, "conv2dd"));
    CU_ASSERT_PTR_NULL(foreign_find(list, NNRUN_WORDS_TYPE, ""));
    CU_ASSERT_PTR_NULL(foreign_find(list, NNRUN_WORDS_TYPE, "size"));
    CU_ASSERT_PTR_NULL(foreign_find(NULL, NNRUN_WORDS_TYPE, "size"));
}

static bool is_choice(const struct nnrun_setting *table, size_t count, const char *word)
{
    size_t number;
    bool found = false;

    for (size_t i = 0; i < count && !found; i++)
        found = table[i].kind == NNRUN_CHOICE && choices_find(table[i].choices, word, &number);
    return found;
}

static void fails(const char *where, const struct nnrun_words *words, const char *what)
{
    printf("\n  %s: %s: %s\n", where, words->words, what);
    CU_FAIL("a word");
}

static void check_layer(const struct nnrun_layer *layer, struct registry *registry)
{
    const struct nnrun_words *words = plugin_words(layer);

    for (; words && words->words; words++) {
        char word[64];
        const char *one;
        size_t length;

        if (words->of == NNRUN_WORDS_KEY && !setting_find(layer->settings, layer->setting_count, words->here))
            fails(layer->type, words, "no such key");
        if (words->of == NNRUN_WORDS_VALUE && !is_choice(layer->settings, layer->setting_count, words->here))
            fails(layer->type, words, "no such choice");
        for (size_t i = 0; (one = choices_word(words->words, i, &length)) != NULL; i++) {
            struct error unused UNIT_CLEARED = {0};
            snprintf(word, sizeof word, "%.*s", (int)length, one);
            if (words->of == NNRUN_WORDS_TYPE && registry_find(registry, word, &unused))
                fails(layer->type, words, "is a type of its own");
            if (words->of == NNRUN_WORDS_KEY && setting_find(layer->settings, layer->setting_count, word))
                fails(layer->type, words, "is a key of its own");
            if (foreign_find(plugin_words(layer), words->of, word) != words)
                fails(layer->type, words, "a word is there twice");
            error_clear(&unused);
        }
    }
}

static void of_layers(void)
{
    const char *folder = getenv("NNRUN_PLUGIN_PATH");
    struct error error UNIT_CLEARED = {0};
    struct registry *registry = registry_create(&folder, 1, 0, &error);
    const char *const *types;
    size_t count = 0;

    CU_ASSERT_PTR_NOT_NULL_FATAL(registry);
    types = registry_types(registry, &count, &error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(types);
    CU_ASSERT(count >= 20);
    for (size_t i = 0; i < count; i++) {
        const struct plugin *plugin = registry_find(registry, types[i], &error);
        CU_ASSERT_PTR_NOT_NULL_FATAL(plugin);
        check_layer(&plugin->layer, registry);
    }
    registry_destroy(registry);
}

static bool is_section(const char *path)
{
    if (strcmp(path, "network") == 0)
        return true;
    for (size_t i = 0; i < settings_schema.count; i++)
        if (strcmp(settings_schema.sections[i].path, path) == 0)
            return true;
    return false;
}

static void of_keys(void)
{
    for (const struct nnrun_words *words = settings_words; words->words; words++) {
        bool choice = false;
        for (size_t i = 0; i < settings_schema.count; i++)
            choice = choice || is_choice(settings_schema.sections[i].table, settings_schema.sections[i].count,
                                         words->here);
        if (words->of == NNRUN_WORDS_VALUE && !choice)
            fails("config", words, "no such choice");
        if (words->of == NNRUN_WORDS_KEY && !setting_find_path(&settings_schema, words->here) &&
            !is_section(words->here))
            fails("config", words, "no such key or group");
    }
}

static const struct unit_test tests[] = {
    {"a word is found in any spelling, and only whole, among those of its kind", any_spelling},
    {"the words of layers stand for keys and choices that they have, each once, and are no types", of_layers},
    {"the words of a config stand for keys, groups and choices that there are", of_keys},
};

UNIT_MAIN("words", tests)
