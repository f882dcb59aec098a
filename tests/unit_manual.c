/* unit_manual.c: nnrun.cfg(5) says of every key what the program's tables say, and of no other.
 *
 * The page has a part ".Ss GROUP" (of a layer: its type) with an entry for each key:
 *
 *     .It Ic KEY Pq KIND, default VALUE, LOW <= x <= HIGH
 *     DOC, then a full stop or colon if more is said
 *
 * Keys that all types of an optimizer or schedule share may stand under the group's own name. */
#include "unit.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/plugin.h"
#include "model/settings_tables.h"
#include "setting/choices.h"

enum { MOST_ENTRIES = 256, TEXT = 512 };

struct entry {
    char group[TEXT], key[TEXT], spec[TEXT]; /* key "": the words below the group's title */
    char words[TEXT];                        /* up to the first macro */
    bool known;                              /* a table has it */
};

struct page {
    struct entry entries[MOST_ENTRIES];
    size_t count;
};

/* Adds to a text, cutting what is too long, with \(dq as the quote it stands for. */
static void add(char text[TEXT], const char *more)
{
    size_t used = strlen(text);

    while (*more && used + 1 < TEXT) {
        const bool quote = strncmp(more, "\\(dq", 4) == 0;
        text[used++] = quote ? '"' : *more;
        more += quote ? 4 : 1;
    }
    text[used] = '\0';
}

static struct entry *begin_entry(struct page *page, const char *group)
{
    CU_ASSERT_FATAL(page->count < MOST_ENTRIES);
    page->entries[page->count] = (struct entry){0};
    add(page->entries[page->count].group, group);
    return &page->entries[page->count++];
}

static void read_page(struct page *page)
{
    const char *source = getenv("NNRUN_SOURCE");
    char path[4096], line[TEXT], group[TEXT] = "", *spec;
    struct entry *entry = NULL; /* that words belong to */
    FILE *file;

    CU_ASSERT_PTR_NOT_NULL_FATAL(source);
    snprintf(path, sizeof path, "%s/man/nnrun.cfg.5", source);
    file = fopen(path, "r");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    page->count = 0;
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        if (strncmp(line, ".Ss ", 4) == 0) {
            snprintf(group, sizeof group, "%s", line + 4);
            entry = begin_entry(page, group);
        } else if (strncmp(line, ".It Ic ", 7) == 0 && (spec = strstr(line, " Pq ")) != NULL) {
            *spec = '\0';
            entry = begin_entry(page, group);
            add(entry->key, line + 7);
            add(entry->spec, spec + 4);
        } else if (*line == '.') {
            entry = NULL;
        } else if (entry) {
            add(entry->words, *entry->words ? " " : "");
            add(entry->words, line);
        }
    }
    fclose(file);
}

/* The entry of a key in that group; NULL: there is none. */
static struct entry *find(struct page *page, const char *group, size_t length, const char *key)
{
    for (size_t i = 0; i < page->count; i++) {
        struct entry *entry = &page->entries[i];
        if (strlen(entry->group) == length && memcmp(entry->group, group, length) == 0 &&
            strcmp(entry->key, key) == 0)
            return entry;
    }
    return NULL;
}

static bool is_number(const struct nnrun_setting *setting)
{
    return setting->kind == NNRUN_INT || setting->kind == NNRUN_REAL || setting->kind == NNRUN_INTS ||
           setting->kind == NNRUN_REALS;
}

static void kind_text(const struct nnrun_setting *setting, char text[TEXT])
{
    static const char *const names[] = {
        [NNRUN_INT] = "int", [NNRUN_REAL] = "real", [NNRUN_BOOL] = "bool", [NNRUN_STRING] = "string"};

    if (setting->kind == NNRUN_CHOICE)
        snprintf(text, TEXT, "%s", setting->choices);
    else if (setting->flags & SETTING_LIST)
        snprintf(text, TEXT, "string or 1 to %u strings", (unsigned)setting->most);
    else if (setting->kind == NNRUN_INTS || setting->kind == NNRUN_REALS)
        snprintf(text, TEXT, "%s%s1 to %u %s", setting->flags & SETTING_WORD ? setting->choices : "",
                 setting->flags & SETTING_WORD ? " or " : "", (unsigned)setting->most,
                 setting->kind == NNRUN_INTS ? "ints" : "reals");
    else
        snprintf(text, TEXT, "%s%s", names[setting->kind], setting->flags & SETTING_GROUP ? " or group" : "");
}

static void default_text(const struct nnrun_setting *setting, char text[TEXT])
{
    const char *word;
    size_t length;

    if (setting->flags & NNRUN_REQUIRED) {
        snprintf(text, TEXT, "required");
    } else if (setting->kind == NNRUN_STRING) {
        snprintf(text, TEXT, "default \"%s\"", setting->text ? setting->text : "");
    } else if (setting->kind == NNRUN_BOOL) {
        snprintf(text, TEXT, "default %s", setting->fallback != 0 ? "true" : "false");
    } else if (setting->kind == NNRUN_CHOICE) {
        word = choices_word(setting->choices, (size_t)setting->fallback, &length);
        CU_ASSERT_PTR_NOT_NULL_FATAL(word);
        snprintf(text, TEXT, "default %.*s", (int)length, word);
    } else {
        snprintf(text, TEXT, "default %.10g", setting->fallback);
    }
}

/* "int, default 10, 1 <= x <= 1000000" */
static void spec_text(const struct nnrun_setting *setting, char text[TEXT])
{
    char kind[TEXT], value[TEXT], range[TEXT] = "";

    kind_text(setting, kind);
    default_text(setting, value);
    if (is_number(setting))
        snprintf(range, sizeof range, ", %.10g %s x %s %.10g", setting->low,
                 setting->flags & NNRUN_OPEN_LOW ? "<" : "<=", setting->flags & NNRUN_OPEN_HIGH ? "<" : "<=",
                 setting->high);
    text[0] = '\0';
    add(text, kind);
    add(text, ", ");
    add(text, value);
    add(text, range);
}

static void expect_text(const char *group, const char *key, const char *said, const char *wanted, bool alone)
{
    const size_t length = strlen(wanted);
    const bool same = strncmp(said, wanted, length) == 0 &&
                      (alone ? said[length] == '\0' : strchr(".:", said[length]) != NULL);

    if (!same)
        fprintf(stderr, "nnrun.cfg(5): %s: %s: says \"%s\", the table \"%s\"\n", group, key, said, wanted);
    CU_ASSERT(same);
}

static void expect_table(struct page *page, const char *title, const struct nnrun_setting *table,
                         size_t count)
{
    const char *group = *title ? title : "Top level", *type = strstr(group, ", type ");
    char spec[TEXT];

    for (size_t i = 0; i < count; i++) {
        struct entry *entry = find(page, group, strlen(group), table[i].name);
        if (!entry && type)
            entry = find(page, group, (size_t)(type - group), table[i].name);
        if (!entry)
            fprintf(stderr, "nnrun.cfg(5): %s: %s is missing\n", group, table[i].name);
        CU_ASSERT_PTR_NOT_NULL(entry);
        if (!entry)
            continue;
        entry->known = true;
        spec_text(&table[i], spec);
        expect_text(group, table[i].name, entry->spec, spec, true);
        expect_text(group, table[i].name, entry->words, table[i].doc, false);
    }
}

static void expect_groups(struct page *page)
{
    for (size_t i = 0; i < settings_schema.count; i++) {
        const struct setting_section *section = &settings_schema.sections[i];
        expect_table(page, section->title, section->table, section->count);
    }
}

static size_t expect_layers(struct page *page)
{
    const char *const folder = getenv("NNRUN_PLUGIN_PATH");
    struct registry *registry;
    const char *const *types;
    struct error error UNIT_CLEARED = {0};
    size_t count = 0;

    CU_ASSERT_PTR_NOT_NULL_FATAL(folder);
    registry = registry_create(&folder, 1, 0, &error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(registry);
    types = registry_types(registry, &count, &error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(types);
    for (size_t i = 0; i < count; i++) {
        const struct plugin *plugin = registry_find(registry, types[i], &error);
        const struct entry *entry = find(page, types[i], strlen(types[i]), "");
        CU_ASSERT_PTR_NOT_NULL_FATAL(plugin);
        expect_text(types[i], "its words", entry ? entry->words : "", plugin->layer.doc, false);
        expect_table(page, types[i], plugin->layer.settings, plugin->layer.setting_count);
    }
    registry_destroy(registry);
    return count;
}

static void keys_of_groups(void)
{
    static struct page page;

    read_page(&page);
    expect_groups(&page);
}

static void keys_of_layers(void)
{
    static struct page page;

    read_page(&page);
    CU_ASSERT(expect_layers(&page) >= 5);
}

static void no_other_keys(void)
{
    static struct page page;

    read_page(&page);
    expect_groups(&page);
    expect_layers(&page);
    for (size_t i = 0; i < page.count; i++) {
        const struct entry *entry = &page.entries[i];
        /* a layer's own keys, type, name and inputs, are in no table */
        const bool known = entry->known || !*entry->key || strcmp(entry->group, "network") == 0;
        if (!known)
            fprintf(stderr, "nnrun.cfg(5): %s: %s: no table has it\n", entry->group, entry->key);
        CU_ASSERT(known);
    }
}

static const struct unit_test tests[] = {
    {"nnrun.cfg(5) has every key of the program with its kind, default, range and words", keys_of_groups},
    {"it has every shipped layer and its keys likewise", keys_of_layers},
    {"it has no key that no table has", no_other_keys},
};
UNIT_MAIN("manual", tests)
