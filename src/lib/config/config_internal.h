/* config_internal.h: what the files of src/lib/config share, and nobody else sees.
 *
 * A config passes through four stages: config_text.c and config_include.c read files and expand includes,
 * config_scan.c checks the grammar while config_token.c writes the text as libconfig 1.5 reads it without
 * loss, config_tree.c has libconfig build the tree and config_override.c changes it, config_check.c compares
 * it with tables. */
#ifndef CONFIG_CONFIG_INTERNAL_H
#define CONFIG_CONFIG_INTERNAL_H

#include <libconfig.h>
#include <locale.h>
#include <stdarg.h>

#include "config/config.h"

enum {
    CONFIG_MOST_FILES = 64,      /* includes, those within includes too, and the config itself */
    CONFIG_MOST_INCLUDES = 8,    /* files within one another */
    CONFIG_MOST_DEPTH = 16,      /* groups and lists within one another */
    CONFIG_MOST_KEYS = 256,      /* in one group */
    CONFIG_MOST_OVERRIDE = 4096, /* bytes */
    CONFIG_OVERRIDE_NAME = 128,  /* bytes of a name in its path, with the NUL */
    CONFIG_MOST_NAME = 64,       /* bytes of a layer's name */
    CONFIG_TEXT = 512            /* a part of a message */
};

/* Lines `first` and following of the expanded text are lines `line` and following of a file. */
struct config_segment {
    unsigned first, file, line;
};

struct config_source {
    char *text; /* expanded, ends in a newline; owned */
    size_t length;
    char *label[CONFIG_MOST_FILES]; /* the files as messages name them; owned */
    unsigned files;
    struct config_segment segment[2 * CONFIG_MOST_FILES];
    unsigned segments;
};

/* KEY=VALUE, parsed once: what is asked of it is asked of its path and value, not of its text. */
struct config_override {
    char *text;      /* as given; owned */
    char *path;      /* its key, "train.optimizer.rate"; layers by their numbers once it is applied; owned */
    const char *key; /* the last name in path */
    config_t value;  /* the only member of the root */
    bool has_value;  /* else that is not initialised */
    bool saved;      /* it came with the text: no command line has it */
    bool new_name;   /* it names a layer by what overrides before it made of the names */
    size_t made; /* bytes of its path: it made the group of that name; 0: it made none, or they are layers' */
    bool instead; /* ... in place of a number */
    char *former; /* of a text: the one before all overrides; owned, NULL: none */
    char *lost;   /* of a group: paths of keys that it took away, a line each; owned, NULL: none */
};

struct config {
    struct config_source source;
    config_t tree;   /* the hook of a setting: the override that gave it, NULL: the file */
    char *directory; /* of relative paths, NULL: the working directory; owned */
    struct config_override *overrides;
    size_t override_count;
    char **file_names; /* of layers, before overrides; NULL before the first that names one */
    size_t file_name_count;
    struct config_layer *layers; /* with their names and lists of inputs owned */
    size_t layer_count;
    bool layers_read;
    const struct setting_schema *schema; /* NULL: none is known; the caller's */
    locale_t numbers;                    /* the C locale, so that no other changes a number */
    struct error errors;                 /* in the order of the expanded text, those of overrides last */
};

/* ---- config_text.c --------------------------------------------------------------------------------- */

struct stat;

/* Why a file is not read: what is wrong with it, ERROR_CONFIG, or what the system could not do, ERROR_FAILED. */
struct config_refusal {
    const char *text;
    enum error_code code;
};

/* By errno. */
struct config_refusal config_refusal(void);

/* Reads a whole regular file of at most CONFIG_MOST_BYTES, without ever waiting for what is none; `flags` are
 * open()'s. Fresh memory, not terminated. NULL: *why says so, and has no text when out of memory. */
char *config_file_text(const char *path, int flags, size_t *length, struct stat *info,
                       struct config_refusal *why);

/* Why a config is refused that has more than CONFIG_MOST_BYTES. */
extern const char config_too_large[];

/* The first byte of a text that is NUL or no UTF-8, or `end`. */
const char *config_not_text(const char *text, const char *end);

/* The end of the comment or of the string (after its quote, or at the end of its line if it is not closed)
 * that begins at `text`, else text + 1. NULL: a comment that never ends. */
const char *config_lexeme_end(const char *text, const char *end);

/* ---- config_include.c ------------------------------------------------------------------------------ */

/* Both return 0, or -1 after setting error, which holds nothing yet. `source` is zeroed by the caller and
 * freed by it in either case. */
int config_source_open(struct config_source *source, const char *path, struct error *error);
int config_source_parse(struct config_source *source, const char *text, size_t length, const char *label,
                        struct error *error);
void config_source_free(struct config_source *source);

/* The file, and in *file_line the line, that a line of the expanded text came from. */
const char *config_source_at(const struct config_source *source, unsigned line, unsigned *file_line);

/* ---- config_number.c ------------------------------------------------------------------------------- */

/* What a whole word is as a number, by its form alone: "010" and "1e999" are numbers here. */
enum config_number { CONFIG_NO_NUMBER, CONFIG_WHOLE, CONFIG_HEX, CONFIG_REAL };
enum config_number config_number_form(const char *text, size_t length);

/* ---- config_scan.c --------------------------------------------------------------------------------- */

/* Checks the grammar of a text (which ends in a NUL) and returns it, line for line, in a form that
 * libconfig 1.5 reads exactly: without comments, whole numbers beyond 32 bits marked as such, lists for
 * arrays (of mixed numbers too). A key given twice is reported and left out. NULL after reporting a syntax
 * error. Fresh memory for the caller to free. */
char *config_scan(struct config *config, const struct config_override *override, const char *text,
                  size_t length);

/* ---- config_tree.c --------------------------------------------------------------------------------- */

/* Parses a text into `tree`, which the caller initialises, and destroys in either case. 0, or -1 after
 * reporting. */
int config_tree_parse(struct config *config, const struct config_override *override, const char *text,
                      size_t length, config_t *tree);

/* False if a name or a string is missing in what libconfig made: it had no memory, and did not say so. */
bool config_tree_is_whole(config_group *setting);

/* The value at a dotted path of the tree, of groups alone; NULL: there is none. */
config_group *config_value_at(const struct config *config, const char *path);

/* Writes the path of a setting, "network.0.kernel"; "" for the root. */
void config_tree_path(config_group *setting, char *path, size_t size);

/* ---- config_override.c ----------------------------------------------------------------------------- */

/* Parses the key and value of an override that has its text. Returns 0, or -1 after reporting; then *usage
 * says whether it had not even the form KEY=VALUE. */
int config_override_parse(struct config *config, struct config_override *override, bool *usage);

/* Applies one to the tree. Likewise. */
int config_tree_override(struct config *config, struct config_override *override, bool *usage);

/* The override that put the group in place of a number, which is for groups alone that may be one; NULL: none did. */
const struct config_override *config_replaced_number(config_group *group);

/* Complains of such an override. Returns NULL. */
config_group *config_complain_number(struct config *config, config_group *group);

/* Frees what it owns. */
void config_override_finish(struct config_override *override);

/* ---- config_override_keys.c ------------------------------------------------------------------------ */

/* One of the keys that an override changes: "train.seed" of train.seed=2 and of train={seed=2;}. */
struct config_key {
    const char *path;
    const struct nnrun_setting *setting; /* NULL: no section has it */
    bool named;                          /* else a group that replaces all of its keys leaves it out */
};

/* Calls use(arg, key) for each key that a value at `path` changes, until it returns true; returns that. */
typedef bool config_key_use(void *arg, const struct config_key *key);
bool config_value_keys(const struct setting_schema *schema, const char *path, config_group *value,
                       config_key_use *use, void *arg);

/* The value of an override; NULL: it has none. */
config_group *config_override_value(const struct config_override *override);

/* ---- config_lost.c ---------------------------------------------------------------------------------- */

/* Before the value of an override replaces the former one: if both are groups, keeps the paths of what only that has. Returns
 * 0, or -1: out of memory. */
int config_lost_note(struct config_override *override, config_group *former, config_group *value);

/* ---- config_layer_names.c -------------------------------------------------------------------------- */

bool config_is_number(const char *name);

/* A letter, then letters, digits, "_" or "-", at most CONFIG_MOST_NAME. */
bool config_is_name(const char *name);

/* The name of each layer of a list, given or generated, NULL for one without a type. Fresh memory, as is each
 * name; NULL when out of memory. */
char **config_layer_names(config_group *list);
void config_layer_names_free(char **names, size_t count);

/* Frees config->file_names. */
void config_forget_names(struct config *config);

/* What overrides call layer i, which is `name` in the network: its name in the config, or its number if it
 * has none of its own there. Fresh memory, NULL when out of it. */
char *config_layer_key(const struct config *config, size_t i, const char *name);

/* The layer of a list that an override names, by its name in the config, else by one that an override before
 * gave it, or by its number; NULL after reporting that there is none. */
config_setting_t *config_layer_find(struct config *config, struct config_override *override,
                                    config_group *list, const char *name);

/* ---- config_meant.c -------------------------------------------------------------------------------- */

/* Both return whether they know better, and then write it: "train.epochs" for an override's key that its
 * group does not have; "train.optimizer.type=adam" or "data.directory=digits" for an override that gives a word in place of a group. */
bool config_meant(const struct config *config, config_group *group, const char *key, char text[CONFIG_TEXT]);
bool config_meant_type(const struct config *config, config_group *member, char text[CONFIG_TEXT]);

/* Likewise for KEY=VALUE where KEY is the name of a layer, "network.relu1.type=sigmoid", or else a key that a layer gives. */
bool config_meant_layer(const struct config *config, const char *key, const char *value,
                        char text[CONFIG_TEXT]);

/* ---- config_unknown.c ------------------------------------------------------------------------------ */

/* A group and the keys it may have: those of `table`, and the names in `also` (NULL-terminated, or NULL). */
struct config_keys {
    struct config *config;
    config_group *group; /* NULL: absent */
    const char *what;
    const struct nnrun_setting *table;
    size_t count;
    const char *const *also;
    const struct nnrun_words *words; /* of other systems; NULL: none are known */
};

/* Complains of each key of the group that is none of these, with the one that was probably meant. */
void config_unknown_keys(const struct config_keys *keys);

/* True if one of those is said to be meant for `key`: then that is not said to be missing, too. */
bool config_unknown_stands_for(const struct config_keys *keys, const char *key);

/* ---- config_held.c --------------------------------------------------------------------------------- */

/* What a value holds, "a list"; returns text. */
const char *config_held(char text[CONFIG_TEXT], config_group *value);

/* ---- config_open.c --------------------------------------------------------------------------------- */

/* An empty config; NULL: out of memory. */
struct config *config_create(void);

/* ---- config_report.c ------------------------------------------------------------------------------- */

/* Adds "FILE:LINE: WHAT: KEY: message", or "command line: OVERRIDE: ..."; `line` counts in the expanded text,
 * what and key may be NULL or "". Control characters in it become question marks. All return -1. */
int config_report(struct config *config, const struct config_override *override, unsigned line,
                  const char *what, const char *key, const char *format, ...)
    __attribute__((format(printf, 6, 7)));
int config_report_args(struct config *config, const struct config_override *override, unsigned line,
                       const char *what, const char *key, struct error_facts facts, const char *format,
                       va_list args) __attribute__((format(printf, 7, 0)));
int config_report_memory(struct config *config);

/* Makes one message of those that say the same of several layers of a file, with their lines. */
void config_fold(struct error *errors);

/* Writes text in quotes, cut to fit; at least 8 bytes of room. Returns quoted. */
const char *config_quote(char *quoted, size_t size, const char *text, size_t length);
#endif
