/* plugin.c: the registry of layer plugins: search, trust, load. */
#include "net/plugin.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "base/text.h"
#include "net/plugin_capability.h"
#include "net/plugin_check.h"
#include "net/plugin_file.h"
#include "net/plugin_object.h"
#include "net/plugin_watch.h"
#include "setting/name_word.h"

enum { MOST_TYPES = 4096 };

struct entry {
    struct plugin plugin;
    struct nnrun_setting *settings;
    char *path;
    struct entry *next;
};

struct registry {
    char **folders; /* [folder_count], absolute */
    size_t folder_count;
    unsigned level;
    struct plugin_home home;
    struct plugin_watch *watch;
    struct entry *entries;
    char **types; /* what registry_types gave last */
    size_t type_count;
};

const char *const plugin_level_names[NNRUN_LEVELS] = {"portable", "avx2", "avx512"};

static int level_here(void)
{
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma"))
        return 0;
#ifdef NNRUN_WIDE_ON_AVX2
    return 2;
#endif
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
        return 2;
    return 1;
#else
    return 0;
#endif
}

int plugin_level(const char *wanted, struct error *error)
{
    const int here = level_here();

    if (!wanted || !*wanted)
        return here;
    for (int level = 0; level < NNRUN_LEVELS; level++) {
        if (strcmp(wanted, plugin_level_names[level]) != 0)
            continue;
        if (level > here)
            return error_set(error, ERROR_ARGUMENT, "%s: this processor has %s at most", wanted,
                             plugin_level_names[here]);
        return level;
    }
    return error_set(error, ERROR_ARGUMENT, "%s: expected portable, avx2 or avx512", wanted);
}

int plugin_level_has_fma(unsigned level)
{
#if defined(__FP_FAST_FMAF) || defined(__aarch64__)
    (void)level;
    return 1;
#else
    return level > 0;
#endif
}

struct registry *registry_create(const char *const *folders, size_t count, unsigned level,
                                 struct error *error)
{
    struct registry *registry = memory_array(1, sizeof *registry);

    if (registry)
        registry->folders = memory_array(count, sizeof *registry->folders);
    if (!registry || !registry->folders)
        goto no_memory;
    registry->level = level;
    if (plugin_home_open(&registry->home, error) != 0)
        goto failed;
    for (size_t i = 0; i < count; i++) {
        char *folder = realpath(folders[i], NULL);
        if (folder)
            registry->folders[registry->folder_count++] = folder;
        else if (errno == ENOMEM)
            goto no_memory;
    }
    return registry;
no_memory:
    error_memory(error);
failed:
    registry_destroy(registry);
    return NULL;
}

void registry_watch(struct registry *registry, struct plugin_watch *watch)
{
    registry->watch = watch;
}

static void free_types(struct registry *registry)
{
    for (size_t i = 0; i < registry->type_count; i++)
        free(registry->types[i]);
    free(registry->types);
    registry->types = NULL;
    registry->type_count = 0;
}

static void entry_free(struct entry *entry)
{
    if (!entry)
        return;
    free(entry->settings);
    free(entry->path);
    free(entry);
}

void registry_destroy(struct registry *registry)
{
    if (!registry)
        return;
    while (registry->entries) {
        struct entry *entry = registry->entries;
        registry->entries = entry->next;
        entry_free(entry);
    }
    free_types(registry);
    for (size_t i = 0; i < registry->folder_count; i++)
        free(registry->folders[i]);
    free(registry->folders);
    plugin_home_close(&registry->home);
    free(registry);
}

/* Keeps the code of the highest level at or below the registry's. */
static void choose_code(struct plugin *plugin, unsigned level)
{
    while (level > 0 && !plugin->layer.code[level].forward)
        level--;
    plugin->code = plugin->layer.code[level];
    plugin->level = level;
    plugin->derived = plugin_derived(&plugin->layer);
    plugin->derived_level = plugin->derived ? plugin_derived_level(plugin->derived, level) : 0;
    plugin->one = plugin_one(&plugin->layer);
    plugin->one_level = plugin->one ? plugin_one_level(plugin->one, level) : 0;
    plugin->one_make_level = plugin->one ? plugin_one_make_level(plugin->one, level) : 0;
}

/* Code that runs as it is loaded may crash. */
static void *load_object(const struct registry *registry, const struct plugin_file *file, const char *path,
                         struct error *error)
{
    const struct plugin_call call = {.type = path, .function = "load"};
    struct plugin_watch_entry *entry = plugin_watch_begin(registry->watch, &call, NULL);
    void *object = plugin_object_load(file->fd, file->way.path, file->image.finds_by_place, error);

    plugin_watch_end(entry);
    return object;
}

/* The plugin's descriptor, in the object that stays loaded. NULL after setting error. */
static const void *load_descriptor(const struct registry *registry, const struct plugin_kind *kind,
                                   const char *path, struct error *error)
{
    struct plugin_file file;
    const void *symbol = NULL;
    void *object;

    if (plugin_file_open(&file, &registry->home, kind, path, error) != 0)
        return NULL;
    object = load_object(registry, &file, path, error);
    plugin_file_close(&file);
    if (object && !(symbol = dlsym(object, kind->symbol)))
        error_set(error, ERROR_CONFIG, "%s is not a %s: it exports no symbol %s", path, kind->what,
                  kind->symbol);
    return symbol;
}

static const struct plugin *load(struct registry *registry, char *path, struct error *error)
{
    const void *symbol = load_descriptor(registry, &plugin_kind_layer, path, error);
    struct entry *entry = NULL;

    if (!symbol)
        goto failed;
    entry = memory_array(1, sizeof *entry);
    if (!entry) {
        error_memory(error);
        goto failed;
    }
    if (plugin_copy(symbol, path, &entry->plugin.layer, &entry->settings, error) != 0)
        goto failed;
    choose_code(&entry->plugin, registry->level);
    entry->plugin.watch = registry->watch;
    entry->plugin.path = entry->path = path;
    entry->next = registry->entries;
    registry->entries = entry;
    return &entry->plugin;
failed:
    entry_free(entry);
    free(path);
    return NULL;
}

const struct plugin *registry_load(struct registry *registry, const char *path, struct error *error)
{
    char *full = realpath(path, NULL);

    if (!full) {
        trust_path_failed(path, errno, error);
        return NULL;
    }
    for (struct entry *entry = registry->entries; entry; entry = entry->next)
        if (strcmp(entry->path, full) == 0) {
            free(full);
            return &entry->plugin;
        }
    return load(registry, full, error);
}

const char *registry_folders(const struct registry *registry, char text[REGISTRY_FOLDERS_TEXT])
{
    text[0] = '\0';
    for (size_t i = 0; i < registry->folder_count; i++)
        text_add(text, REGISTRY_FOLDERS_TEXT, "%s%s",
                 i == 0                           ? ""
                 : i + 1 < registry->folder_count ? ", "
                                                  : " or ",
                 registry->folders[i]);
    return text;
}

static int not_found(struct registry *registry, const char *type, struct error *error)
{
    char folders[REGISTRY_FOLDERS_TEXT];

    if (registry->folder_count == 0)
        return error_set_at(error, ERROR_CONFIG, &(struct error_facts){.advice = ADVICE_NO_PLUGIN_FOLDER},
                            "no layer type \"%s\": no plugin folder exists", type);
    return error_set_at(
        error, ERROR_CONFIG, &(struct error_facts){.advice = ADVICE_NO_SUCH_LAYER, .tail = strlen(")")},
        "no layer type \"%s\" (no %s.so in %s)", type, type, registry_folders(registry, folders));
}

/* FILE.so of the first folder that has it, in fresh memory. Returns 0, 1: none has, or -1. */
static int find_file(const struct registry *registry, const char *file, char **path, struct error *error)
{
    *path = NULL;
    for (size_t i = 0; i < registry->folder_count; i++) {
        struct stat status;

        *path = memory_format("%s/%s.so", registry->folders[i], file);
        if (!*path)
            return error_memory(error);
        if (stat(*path, &status) == 0)
            return 0;
        if (errno != ENOENT)
            return trust_path_failed(*path, errno, error);
        free(*path);
        *path = NULL;
    }
    return 1;
}

int registry_load_other(struct registry *registry, const struct plugin_kind *kind, const char *file,
                        const void **symbol, char **path, struct error *error)
{
    const int found = find_file(registry, file, path, error);

    if (found == 0)
        *symbol = load_descriptor(registry, kind, *path, error);
    return found == 0 && !*symbol ? -1 : found;
}

const struct plugin *registry_find(struct registry *registry, const char *type, struct error *error)
{
    char *path;
    int found;

    for (struct entry *entry = registry->entries; entry; entry = entry->next)
        if (strcmp(entry->plugin.layer.type, type) == 0)
            return &entry->plugin;
    if (!name_word_ok(type)) {
        error_set(
            error, ERROR_CONFIG,
            "\"%.64s\" is not a layer type: expected a lower-case letter, then lower-case letters, digits or _",
            type);
        return NULL;
    }
    found = find_file(registry, type, &path, error);
    if (found == 0)
        return load(registry, path, error);
    free(path);
    if (found > 0)
        not_found(registry, type, error);
    return NULL;
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static int add_types(struct registry *registry, const char *folder, struct error *error)
{
    DIR *dir = opendir(folder);
    struct dirent *file = NULL;
    int reason;

    if (!dir)
        return trust_path_failed(folder, errno, error);
    while (registry->type_count < MOST_TYPES && (errno = 0, file = readdir(dir))) {
        const size_t length = strlen(file->d_name);
        char *type;
        if (length < 4 || strcmp(file->d_name + length - 3, ".so") != 0)
            continue;
        type = memory_string_part(file->d_name, length - 3);
        if (!type) {
            closedir(dir);
            return error_memory(error);
        }
        if (name_word_ok(type) && strncmp(type, REGISTRY_OTHER, strlen(REGISTRY_OTHER)) != 0)
            registry->types[registry->type_count++] = type;
        else
            free(type);
    }
    reason = file ? 0 : errno;
    closedir(dir);
    return reason ? trust_path_failed(folder, reason, error) : 0;
}

const char *const *registry_types(struct registry *registry, size_t *count, struct error *error)
{
    size_t kept = 0;

    free_types(registry);
    registry->types = memory_array(MOST_TYPES, sizeof *registry->types);
    if (!registry->types) {
        error_memory(error);
        return NULL;
    }
    for (size_t i = 0; i < registry->folder_count; i++)
        if (add_types(registry, registry->folders[i], error) != 0)
            return NULL;
    qsort(registry->types, registry->type_count, sizeof *registry->types, compare);
    for (size_t i = 0; i < registry->type_count; i++) {
        if (kept > 0 && strcmp(registry->types[kept - 1], registry->types[i]) == 0)
            free(registry->types[i]);
        else
            registry->types[kept++] = registry->types[i];
    }
    registry->type_count = kept;
    *count = kept;
    return (const char *const *)registry->types;
}
