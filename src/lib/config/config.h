/* config.h: a libconfig text with its overrides, checked against tables. Knows the shape of a config (groups,
 * the list of layers, keys), no layer type and no meaning of a key.
 *
 * Errors are collected, so that all of a file are reported together: the functions below that find something
 * wrong add a line "lenet.cfg:14: network.conv1: ..." (or "command line: ...") and go on;
 * config_finish says whether there were any. One thread at a time. The config owns all it hands out. */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "nnrun/layer.h"
#include "setting/setting.h"

enum { CONFIG_MOST_BYTES = 65536, CONFIG_MOST_LAYERS = 4096, CONFIG_MOST_INPUTS = 64 };

struct config;
struct config_setting_t; /* libconfig's; opaque outside of src/lib/config */
typedef const struct config_setting_t config_group;

struct config_layer {
    const char *type;
    const char *name;   /* as given, or type + number among that type from 1 */
    const char *key;    /* what overrides call it: its name before all of them, or its number from 0 */
    size_t input_count; /* 0: the layer before it; names as layers have them now */
    const char *const *inputs;
    config_group *group; /* its settings, for config_apply and config_complain */
};

/* Reads a config file: size limit, @include expanded (relative to the including file, only below the
 * config's own folder, not through a symbolic link out of it), no number misread, then libconfig; then
 * applies the overrides "train.epochs=3" in order. NULL after setting error (ERROR_CONFIG; an unreadable
 * file too; ERROR_ARGUMENT for an override that is no KEY=VALUE). A syntax error or faulty override ends the
 * checking. */
struct config *config_open(const char *path, const char *const *overrides, size_t override_count,
                           struct error *error);

/* The same for a text already expanded (from a checkpoint). `label` stands for the file in messages;
 * relative paths in it refer to `directory` (NULL: the working directory). The first `saved` overrides came
 * with it: messages about them name `label`, not the command line. */
struct config *config_parse(const char *text, const char *label, const char *directory,
                            const char *const *overrides, size_t override_count, size_t saved,
                            struct error *error);

/* The same for a config that is in memory, as its file would be: it includes no others. Relative paths in it
 * refer to the working directory. */
struct config *config_open_bytes(const void *bytes, size_t size, const char *label,
                                 const char *const *overrides, size_t override_count, struct error *error);

/* Whether bytes begin as a config does, for a guess at what a file is: behind comments, with a key and "=" or
 * ":", or an @include. A config that begins otherwise is wrong, or has a long comment in front. */
bool config_begins(const void *bytes, size_t size);

void config_close(struct config *config); /* NULL: nothing */

/* Gives a key, of two at most, in place of all that the config and its overrides say of it, as an override that came with the
 * text does: config_kept keeps it. Strings read from that key before are gone. Returns 0, or -1 after complaining. */
int config_give(struct config *config, const char *override);

/* The expanded text, without overrides; at most CONFIG_MOST_BYTES. */
const char *config_text(const struct config *config);

/* The outermost group; a group within a group, NULL if absent (config_apply takes NULL), complaining if `key`
 * is there and is no group. */
config_group *config_root(const struct config *config);
config_group *config_find(struct config *config, config_group *parent, const char *key);

/* The group in a key that may also have a number (SETTING_GROUP); NULL if it has none. */
config_group *config_find_either(config_group *parent, const char *key);

/* Reads the keys that `table` names from the group into `instance`, defaults where absent, and complains of
 * each that is missing, has the wrong type, or is out of range, and of each key of the group that neither the
 * table nor `also` (NULL-terminated names, may be NULL: subgroups the caller reads itself) knows, with the
 * key that was probably meant: by `words` of other systems (NULL: none), whose keys are paths, "train.batch", or, of
 * a layer, names. `what` names the group in messages ("train.optimizer"; "" for the root). A required key
 * missing from an absent group is reported at the parent's line. Strings stored live as long as the config.
 */
void config_apply(struct config *config, config_group *group, const char *what,
                  const struct nnrun_setting *table, size_t count, const char *const *also,
                  const struct nnrun_words *words, void *instance);

/* In place of `also`: other keys of the group are no matter. */
extern const char *const config_any_keys[1];

/* Makes the tables of all groups but the layers' known, which stay the caller's: overrides with a key in the
 * wrong place then get the right one suggested, and the questions below have answers. */
void config_know(struct config *config, const struct setting_schema *schema);

/* The path in a string key: relative to the config's folder, or to the working directory if an override gave
 * it. Fresh memory for the caller to free; NULL when out of memory. */
char *config_path(const struct config *config, config_group *group, const char *key, const char *value);

/* The string in that key, NULL if there is none: to choose the table a group is read by. */
const char *config_word(config_group *group, const char *key);

/* True if an override gives a key that is a text; *former is then the one before all overrides, NULL if there was
 * none. */
bool config_replaced(config_group *group, const char *key, const char **former);

/* True if an override gives the key, and nothing after it gives the other one. */
bool config_is_later(config_group *group, const char *key, config_group *other_group, const char *other_key);

/* After an override of a group's type: takes the keys of the config away that belong to the former type alone: those
 * that table `former` knows and `table` does not, unless an override gave them. */
void config_leave_out(config_group *group, const struct nnrun_setting *former, size_t former_count,
                      const struct nnrun_setting *table, size_t count);

/* True if the key is present in the group (NULL group: false). */
bool config_has(config_group *group, const char *key);

/* The layers of `network`, in order, names made unique or complained of; NULL-safe on errors (count 0). The
 * keys type, name and inputs are read here (a layer without a type is complained of and left out); pass them
 * in `also` of config_apply. "input" is reserved for the network's input. */
const struct config_layer *config_layers(struct config *config, size_t *count);

/* What messages call it: layer "conv1" (conv), with its key if that is another. Returns the text. */
enum { CONFIG_LAYER_TEXT = 256 };
const char *config_layer_text(const struct config_layer *layer, char text[CONFIG_LAYER_TEXT]);

/* ---- questions about overrides, by the keys that they give -------------------------------------------- */

/* True if an override that did not come with the text gives the key of that path, "output.keep", alone or in
 * a group. */
bool config_gives(const struct config *config, const char *path);

/* True if one gives a key with that flag of setting.h. */
bool config_gives_any(const struct config *config, uint32_t flag);

/* Keys that a group on the command line left out, as it replaces the one that had them, and that nothing gives again. Those
 * of another type than the group has now are no loss. */
struct config_lost {
    const char *place; /* "command line: train={epochs=3}" */
    const char *keys;  /* "train.batch, train.seed", cut to fit */
    const char *group; /* "train" */
    size_t count;
};

/* Calls use(arg, lost) for each override that did not come with the text and took some away, until it returns something
 * else than 0; returns that. */
typedef int config_lost_use(void *arg, const struct config_lost *lost);
int config_each_lost(const struct config *config, config_lost_use *use, void *arg);

/* The overrides that a text needs beside it to give the same bits again, in order: fresh texts in a fresh
 * *texts. Left out are keys apart from the bits (SETTING_APART), and overrides that a later one replaces: by
 * the same key, or by a group or list around it. What is left is as it was typed, but for a group that
 * may have keys of both kinds, which is written anew with those of the bits alone: a group replaces all of
 * its keys, so that it stays even when it is empty. Returns 0 or -1: out of memory; the caller frees in
 * either case. */
int config_kept(const struct config *config, char ***texts, size_t *count);

/* 1 if an override changes a key that has no such flag in the schema (SETTING_RESUME), and then which; 0 if
 * not, -1 when out of memory. The keys that a group leaves out are changed, too: it replaces them by their
 * defaults; those apart from the bits do not count. A key that is in no table may be given where others of
 * its group may, and anything for a group: opening a config with it says what is wrong. */
enum { CONFIG_KEY_TEXT = 1024 };
struct config_forbidden {
    char path[CONFIG_KEY_TEXT]; /* "train.seed" */
    bool within;                /* a group that the override gives: */
    bool left_out;              /* which does not name it */
};
int config_forbids(const char *override, const struct setting_schema *schema, uint32_t flag,
                   struct config_forbidden *forbidden);

/* ---- complaints -------------------------------------------------------------------------------------- */

/* Adds "FILE:LINE: WHAT: KEY: message"; key NULL: the group's own line. */
void config_complain(struct config *config, config_group *group, const char *what, const char *key,
                     const char *format, ...) __attribute__((format(printf, 5, 6)));

/* The same with more facts: expected, got, advice. */
void config_complain_at(struct config *config, config_group *group, const char *what, const char *key,
                        const struct error_facts *facts, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

/* "FILE:LINE" of the group, or the override that gave it, into a buffer; returns it. */
enum { CONFIG_PLACE_TEXT = 512 };
const char *config_place(const struct config *config, config_group *group, char text[CONFIG_PLACE_TEXT]);

/* The same, but if an override gave one of its keys, that override. */
const char *config_place_changed(const struct config *config, config_group *group,
                                 char text[CONFIG_PLACE_TEXT]);

/* The same of a key, "data.mean", or of the innermost group around it that is there. */
const char *config_place_key(struct config *config, const char *path, char text[CONFIG_PLACE_TEXT]);

/* The same for a message about the group `here`: "line 5" if both come from one file. */
const char *config_place_from(const struct config *config, config_group *here, config_group *group,
                              char text[CONFIG_PLACE_TEXT]);

/* Calls use(arg, "train.optimizer.rate", "0.05") for each value that the config or an override gives, layers
 * by their names, until it returns something else than 0; returns that, -1 when out of memory. */
typedef int config_use(void *arg, const char *key, const char *value);
int config_each(struct config *config, config_use *use, void *arg);

/* Formats with a point in numbers, whatever the locale, and cuts what does not fit. */
void config_format(const struct config *config, char *text, size_t size, const char *format, va_list args)
    __attribute__((format(printf, 4, 0)));

/* How many complaints there are so far; CONFIG_NO_COUNT, more than any, once memory ran out. */
#define CONFIG_NO_COUNT UINT_MAX
unsigned config_complaints(const struct config *config);

/* 0 if nothing was complained of; else -1, the lines moved into error with ERROR_CONFIG (ERROR_MEMORY: out of
 * memory). */
int config_finish(struct config *config, struct error *error);
#endif
