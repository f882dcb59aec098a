/* error.h: the one object that carries a failure up to the caller.
 *
 * A function that can fail takes a struct error and returns -1 (or NULL) after setting it. The object is
 * small, is empty when zeroed, and holds messages of one line each, with what is known of their place. They
 * are on the heap: who declares one clears it. [any thread] on distinct objects. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdbool.h>

enum error_code {
    ERROR_NONE,
    ERROR_FAILED,   /* while running: the system, a plugin, a diverged loss */
    ERROR_ARGUMENT, /* what the caller asked for cannot be */
    ERROR_CONFIG,   /* decidable from config and plugins alone */
    ERROR_DATA,     /* needs a data file's or checkpoint's bytes */
    ERROR_MEMORY    /* out of memory; an object of this code holds nothing else, and takes no more */
};

/* Bytes of all messages: more are counted in left_out. */
enum { ERROR_TEXT = 16384 };

/* Why a message could help more in the words of a program, which adds them: names of its options, commands and
 * variables. */
enum error_advice {
    ADVICE_NONE,
    ADVICE_DATA_MISSING,     /* files of MNIST's names are not there */
    ADVICE_NO_SUCH_LAYER,    /* no plugin folder has that type */
    ADVICE_NO_PLUGIN_FOLDER, /* there is no plugin folder */
    ADVICE_NO_PLUGINS,       /* no plugin folder has any */
    ADVICE_OTHER_ARITHMETIC, /* to go on would change the bits */
    ADVICE_RUN_EXISTS,       /* `file` is a folder with a run */
    ADVICE_NO_RUN,           /* `file` is a folder without one */
    ADVICE_STEP_UNREAD,      /* `file` is a run's newest step file, and there is one before it */
    ADVICE_NEW_RUN,          /* `key` cannot change in a resumed run */
    ADVICE_NOT_IDX,          /* `file` is a text, perhaps a table, in place of an IDX file */
    ADVICE_PACK_SIZE,        /* pictures differ in size */
    ADVICE_PACK_COLOURS,     /* some pictures have colours, some have none */
    ADVICE_PACK_LABEL,       /* which column holds the label is not known */
    ADVICE_PACK_BROKEN,      /* something cannot be read that may be passed over */
    ADVICE_PACK_TEST,        /* test samples are asked for where there are some */
    ADVICE_PACK_OVER,        /* `file` is a folder with an older pack */
    ADVICE_PACK_OTHER_LABEL, /* a column may hold the label */
    ADVICE_PACK_NO_LABEL,    /* a label is chosen where there is no choice */
    ADVICE_PACK_NO_HEADER,   /* a header is told of what is no table */
    ADVICE_PACK_NO_FIRST,    /* classes are numbered, or sorted, where there are none */
    ADVICE_PACK_NO_NATURAL
};

/* What a message is about, where that is known: NULL or 0 where it is not. */
struct error_facts {
    const char *file;
    unsigned line;
    const char *key, *layer;
    const char *expected, *got;
    enum error_advice advice;
    unsigned tail;  /* bytes of the text that stand behind such words */
    unsigned order; /* messages stand in ascending order of it, equal ones as they came */
};

struct error_entry {
    enum error_code code;
    struct error_facts facts;
    const char *text; /* whole: the place is in it */
};

struct error {
    enum error_code code; /* the first one noted, unless error_recode gave another */
    unsigned held, left_out, size;
    struct error_entry **entries;
    char *lines; /* made by error_text */
};

void error_init(struct error *error);

/* Frees what is held; the object is empty then. */
void error_clear(struct error *error);

/* Replaces what `to` holds by what `from` holds, which is empty then. Returns -1. */
int error_move(struct error *from, struct error *to);

/* Adds all messages of `from`, which keeps them. Returns -1. */
int error_append(struct error *to, const struct error *from);

/* Whether it holds the messages of `other`, if that has any: what was said need not be said again. */
bool error_has_said(const struct error *error, const struct error *other);

/* Replaces what is held by one message. Returns -1. Messages longer than a few kB are cut, and control
 * characters in them become question marks. The arguments may be of what is held. */
int error_set(struct error *error, enum error_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* As error_set and error_add, with facts: the text becomes "FILE:LINE: message", without a line "FILE: message", or
 * "FILE message" if that begins with a verb: "is a folder". Their strings are copied. */
int error_set_at(struct error *error, enum error_code code, const struct error_facts *facts,
                 const char *format, ...) __attribute__((format(printf, 4, 5)));
int error_add_at(struct error *error, enum error_code code, const struct error_facts *facts,
                 const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Adds a message; the code becomes the given one if there was none yet. Returns -1. */
int error_add(struct error *error, enum error_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Adds a message for each line of a text. Returns -1. */
int error_add_lines(struct error *error, enum error_code code, const char *text);

/* Adds a message as it stands, for one that came from elsewhere. Its strings are copied. Returns -1. */
int error_add_entry(struct error *error, const struct error_entry *entry);

/* Puts a prefix in front of every message held: error_prefix(e, "layer %d: ", i). Returns -1. */
int error_prefix(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Puts "FILE: ", or "FILE " where error_set_at does, in front of every message held, and the file into its facts
 * if they have none. Returns -1. */
int error_in_file(struct error *error, const char *file);

/* Gives the last message an advice. Returns -1. */
int error_advise(struct error *error, enum error_advice advice);

/* Makes it ERROR_MEMORY, which takes no memory. Returns -1. */
int error_memory(struct error *error);

/* Gives what is held as a whole another code, but for ERROR_MEMORY. */
void error_recode(struct error *error, enum error_code code);

/* Whether the caller is at fault for nothing: the machine failed. */
bool error_is_failure(const struct error *error);

/* The messages held, at least one after a failure, and the i-th of them, valid until the next change. */
unsigned error_count(const struct error *error);
const struct error_entry *error_entry(const struct error *error, unsigned i);

/* All messages, a line each without a final newline, "" if there are none; valid until the next change. */
const char *error_text(struct error *error);
#endif
