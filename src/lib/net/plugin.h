/* plugin.h: finding layer plugins, checking them before any of their code runs, and choosing the code level.
 * One thread at a time; what is handed out is constant and lives as long as the registry. */
#ifndef NET_PLUGIN_H
#define NET_PLUGIN_H

#include <stddef.h>

#include "base/error.h"
#include "nnrun/layer.h"

struct plugin_kind;  /* plugin_kind.h */
struct plugin_watch; /* plugin_watch.h */

struct plugin {
    struct nnrun_layer layer; /* a full-size copy: what an older plugin lacks is zero */
    struct nnrun_code code;   /* of the chosen level; backward NULL: it cannot be trained through */
    const char *path;         /* absolute */
    unsigned level;           /* the level `code` comes from */
    const struct nnrun_derived *derived; /* of the capability "derived/1"; NULL: none */
    unsigned derived_level;              /* which of its code is used */
    const struct nnrun_one *one;         /* likewise of "one/1" */
    unsigned one_level, one_make_level;
    struct plugin_watch *watch; /* to be told of calls; NULL: none */
};

/* The code levels: "portable", "avx2", "avx512". */
extern const char *const plugin_level_names[NNRUN_LEVELS];

/* The highest level this processor has, or the one that is wanted by name (NULL or "": none is). -1 after
 * setting error (ERROR_ARGUMENT) if that is no level or not had here. */
int plugin_level(const char *wanted, struct error *error);

/* True if the level rounds a * b + c once. */
int plugin_level_has_fma(unsigned level);

struct registry;

/* Folders to search, first to last; those that do not exist are passed over. NULL after setting error. */
struct registry *registry_create(const char *const *folders, size_t count, unsigned level,
                                 struct error *error);
void registry_destroy(struct registry *registry); /* NULL: nothing. Objects stay loaded. */

/* Who is told of calls of what is loaded from here on, the caller's; it must outlive the nets of these
 * plugins. NULL: nobody, as at first. */
void registry_watch(struct registry *registry, struct plugin_watch *watch);

/* The layer of that type: TYPE.so of the first folder that has it. A file that is found and refused is an
 * error that says why, never passed over. NULL after setting error (ERROR_CONFIG). */
const struct plugin *registry_find(struct registry *registry, const char *type, struct error *error);

/* The layer in that file, whose name must be TYPE.so. */
const struct plugin *registry_load(struct registry *registry, const char *path, struct error *error);

/* What a plugin of another kind exports: FILE.so of the first folder that has it, trusted and loaded by the same rules,
 * for good. Returns 0, 1: no folder has it, or -1 after setting error (ERROR_CONFIG). *path becomes its absolute path, in
 * fresh memory; it is NULL, or to be freed, in any case. */
int registry_load_other(struct registry *registry, const struct plugin_kind *kind, const char *file,
                        const void **symbol, char **path, struct error *error);

/* The folders that exist, "A, B or C"; "": none does. */
enum { REGISTRY_FOLDERS_TEXT = 1024 };
const char *registry_folders(const struct registry *registry, char text[REGISTRY_FOLDERS_TEXT]);

/* What the names of files begin with that are no layers, whatever follows. */
#define REGISTRY_OTHER "comm_"

/* The types of all files TYPE.so in the folders, sorted, each once, none loaded. Valid until the next call;
 * NULL after setting error. */
const char *const *registry_types(struct registry *registry, size_t *count, struct error *error);
#endif
