/* setting.h: the tables of settings, the config's own and the layers'. A row says what a key is called, what
 * it takes, and its default (struct nnrun_setting, which plugins declare); high bits of its flags say what
 * may be done with it. */
#ifndef SETTING_SETTING_H
#define SETTING_SETTING_H

#include <stdbool.h>
#include <stddef.h>

#include "nnrun/layer.h"

/* Policy, in `flags`. Plugins can set none of it (plugin_check_setting.c refuses flags it does not know): all
 * settings of a layer belong to the bits and stay as they are in a resumed run. */
enum {
    /* not of the bits: runs that differ in it make the same checkpoint, which does not keep it */
    SETTING_APART = 1 << 24,
    /* names a data file or their folder, relative to the config that gives it */
    SETTING_PATH = 1 << 25,
    /* may change when a run is resumed */
    SETTING_RESUME = 1 << 26,
    /* a real that meets 32-bit arithmetic, where 0 means something else than the number closest to it */
    SETTING_FLOAT = 1 << 27
};

/* What only the config's own tables take, in `flags` too. */
enum {
    SETTING_LIST = 1 << 28, /* a string: also a list of strings. struct setting_texts is stored */
    SETTING_GROUP =
        1 << 29, /* an int: also a group, which has a section of its own. The default is stored then */
    SETTING_WORD = 1 << 30,   /* reals: also a word of `choices`. struct setting_numbers is stored */
    SETTING_MOST_LIST = 256,  /* numbers in a list */
    SETTING_MOST_TEXTS = 1024 /* strings in one */
};

struct setting_texts {
    int32_t count;
    int32_t listed;                        /* 0: it was one string, and not a list of one */
    const char *value[SETTING_MOST_TEXTS]; /* they live as long as the config */
};

struct setting_numbers {
    int32_t count, word; /* word: the index of the one given; SETTING_NO_WORD: there are numbers */
    double value[SETTING_MOST_LIST];
};
#define SETTING_NO_WORD (-1)

/* The table that a group of the config is read by. */
struct setting_section {
    const char *path;  /* of the group, "train.optimizer"; "": the root */
    const char *title; /* in the manual: "train.optimizer, type adam" */
    const struct nnrun_setting *table;
    size_t count;
};

/* All sections of a config but the layers'. Groups that have types have a section for each, side by side. */
struct setting_schema {
    const struct setting_section *sections;
    size_t count;
    const struct nnrun_words
        *words; /* what other systems call them: keys and groups are paths; NULL: none known */
};

/* The keys of every layer, which are in no layer's table: type, name and inputs. */
enum { SETTING_LAYER_KEYS = 3 };
extern const struct nnrun_setting setting_layer_keys[SETTING_LAYER_KEYS];

/* How a layer learns, and from where: keys of every layer, too, unless its own table has one of that name. */
struct setting_learning {
    int32_t frozen;
    double rate;      /* factor of the learning rate */
    const char *from; /* its name in the file of train.from; "": its own */
};
enum { SETTING_LEARNING_KEYS = 3 };
extern const struct nnrun_setting setting_learning_keys[SETTING_LEARNING_KEYS];

/* The row of a key in a table; NULL if it has none. */
const struct nnrun_setting *setting_find(const struct nnrun_setting *table, size_t count, const char *key);

/* The row of a dotted path, "train.optimizer.rate" (the first, where several types have it); NULL: no section
 * has it. */
const struct nnrun_setting *setting_find_path(const struct setting_schema *schema, const char *path);

/* True if the path is of the group or of what lies in it: "train.optimizer" in "train", all in "". */
bool setting_path_within(const char *path, const char *group);

/* True for int, real, and lists of them. */
bool setting_is_number(const struct nnrun_setting *setting);

/* The range of a whole number, its ends inside, limited to 32 bits. */
void setting_whole_range(const struct nnrun_setting *setting, double *low, double *high);

/* The longest list that a setting takes. */
unsigned setting_list_most(const struct nnrun_setting *setting);
#endif
