/* config_unknown.c: keys that a group does not have, and those that were meant. */
#include "config/config_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "setting/foreign.h"
#include "setting/nearest.h"
#include "setting/setting.h"

enum { PATH = 512 };

/* What is said of an unknown key, and the key of the same group that is said to be meant; NULL: none is. */
struct verdict {
    const char *key;
    char text[2 * CONFIG_TEXT];
};

static bool is_known(const struct config_keys *keys, const char *key)
{
    for (size_t i = 0; keys->also && keys->also[i]; i++)
        if (strcmp(keys->also[i], key) == 0)
            return true;
    return setting_find(keys->table, keys->count, key) != NULL;
}

static size_t count_words(const struct config_keys *keys)
{
    size_t count = keys->count;

    while (keys->also && keys->also[count - keys->count])
        count++;
    return count;
}

/* All keys that there are; NULL without memory. For the caller to free. */
static const char **list_words(const struct config_keys *keys, size_t count)
{
    const char **word = memory_array(count, sizeof *word);

    for (size_t i = 0; word && i < count; i++)
        word[i] = i < keys->count ? keys->table[i].name : keys->also[i - keys->count];
    return word;
}

/* What another system calls by this word: first of those in the group itself, for elsewhere it may mean something
 * else. `path` is the group's, NULL: names of a layer. */
static bool is_foreign(const struct config_keys *keys, const char *path, const char *key,
                       struct verdict *verdict)
{
    const struct nnrun_words *elsewhere = NULL;

    for (const struct nnrun_words *one = keys->words; one && one->words; one++) {
        const char *dot, *name;
        size_t group;

        if (one->of != NNRUN_WORDS_KEY || !foreign_has(one, key))
            continue;
        elsewhere = elsewhere ? elsewhere : one;
        dot = path ? strrchr(one->here, '.') : NULL;
        name = dot ? dot + 1 : one->here;
        group = dot ? (size_t)(dot - one->here) : 0;
        if ((path && (strlen(path) != group || memcmp(path, one->here, group) != 0)) || !is_known(keys, name))
            continue;
        verdict->key = name;
        snprintf(verdict->text, sizeof verdict->text, "unknown key; nnrun calls it \"%s\"", name);
        return true;
    }
    if (elsewhere && path)
        snprintf(verdict->text, sizeof verdict->text, "unknown key; nnrun calls it %s", elsewhere->here);
    return elsewhere && path;
}

/* The section that has a key which stands in another group, or which is of another type. */
static bool is_elsewhere(const struct config_keys *keys, const char *path, const char *key,
                         struct verdict *verdict)
{
    const struct setting_schema *schema = keys->config->schema;
    const char *type = config_word(keys->group, "type");

    for (size_t i = 0; schema && i < schema->count; i++) {
        const struct setting_section *section = &schema->sections[i];
        const char *its_type = strstr(section->title, ", type ");
        if (!setting_find(section->table, section->count, key))
            continue;
        if (strcmp(section->path, path) == 0 && its_type)
            snprintf(verdict->text, sizeof verdict->text, "unknown key %s%.64s; only type %s has it",
                     type ? "of type " : "here", type ? type : "", its_type + strlen(", type "));
        else if (*section->path)
            snprintf(verdict->text, sizeof verdict->text, "unknown key here; it belongs in the group %s",
                     section->path);
        else
            snprintf(verdict->text, sizeof verdict->text,
                     "unknown key here; it belongs outside of all groups");
        return true;
    }
    return false;
}

static void say_known(const char *const *word, size_t count, struct verdict *verdict)
{
    text_add(verdict->text, sizeof verdict->text, "unknown key, %s",
             count ? "known are " : "none are known here");
    for (size_t i = 0; i < count; i++)
        text_add(verdict->text, sizeof verdict->text, "%s%s", i ? ", " : "", word[i]);
}

/* VALUE in the advice stands for what was given to the key. */
static void say_advice(const struct config_keys *keys, const char *key, const char *advice,
                       struct verdict *verdict)
{
    static const char mark[] = "VALUE";
    const char *at = strstr(advice, mark), *value = config_word(keys->group, key);

    if (at && value)
        snprintf(verdict->text, sizeof verdict->text, "unknown key: %.*s%.64s%s", (int)(at - advice), advice,
                 value, at + strlen(mark));
    else
        snprintf(verdict->text, sizeof verdict->text, "unknown key: %s", advice);
}

/* Of a word that neither an override nor another system explains. */
static void judge_by_letters(const struct config_keys *keys, const char *key, struct verdict *verdict)
{
    const struct nnrun_words *advice = foreign_find(keys->words, NNRUN_WORDS_ADVICE, key);
    const size_t count = count_words(keys);
    const char **word = list_words(keys, count);
    const char *near = word ? nearest_word(key, word, count) : NULL;

    verdict->key = near;
    if (!word)
        config_report_memory(keys->config);
    else if (advice)
        say_advice(keys, key, advice->here, verdict);
    else if (near)
        snprintf(verdict->text, sizeof verdict->text, "unknown key; did you mean \"%s\"?", near);
    else
        say_known(word, count, verdict);
    free(word);
}

static struct verdict judge(const struct config_keys *keys, const char *key)
{
    struct verdict verdict = {.key = NULL};
    char path[PATH], meant[CONFIG_TEXT];
    bool of_layer;

    config_tree_path(keys->group, path, sizeof path);
    of_layer = setting_path_within(path, "network") && *path;
    if (config_meant(keys->config, keys->group, key, meant))
        snprintf(verdict.text, sizeof verdict.text, "unknown key; did you mean \"%s\"?", meant);
    else if (!is_foreign(keys, of_layer ? NULL : path, key, &verdict) &&
             (of_layer || !is_elsewhere(keys, path, key, &verdict)))
        judge_by_letters(keys, key, &verdict);
    return verdict;
}

static const char *key_at(const struct config_keys *keys, int i)
{
    return config_setting_name(config_setting_get_elem(keys->group, (unsigned)i));
}

void config_unknown_keys(const struct config_keys *keys)
{
    for (int i = 0; i < config_setting_length(keys->group); i++) {
        const char *key = key_at(keys, i);
        struct verdict verdict;

        if (is_known(keys, key))
            continue;
        verdict = judge(keys, key);
        if (*verdict.text)
            config_complain(keys->config, keys->group, keys->what, key, "%s", verdict.text);
    }
}

bool config_unknown_stands_for(const struct config_keys *keys, const char *key)
{
    for (int i = 0; keys->group && i < config_setting_length(keys->group); i++) {
        const char *unknown = key_at(keys, i);
        struct verdict verdict;

        if (is_known(keys, unknown))
            continue;
        verdict = judge(keys, unknown);
        if (verdict.key && strcmp(verdict.key, key) == 0)
            return true;
    }
    return false;
}
