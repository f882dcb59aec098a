/* options.h: the command line, parsed; and the table of options that parsing, --help and completion come
 * from.
 *
 * An option is a bit of enum takes, a row of option_table.c, and a member of struct options; the commands
 * that take it have its bit in their row of main.c. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include <nnrun/nnrun.h>

#include "base/error.h"

struct command;
struct crash;

enum takes {
    TAKES_OUTPUT = 1 << 0,
    TAKES_QUIET = 1 << 1,
    TAKES_JSON = 1 << 2,
    TAKES_THREADS = 1 << 3,
    TAKES_THREAD_LIST = 1 << 4,
    TAKES_SEED = 1 << 5,
    TAKES_PLUGIN_PATH = 1 << 6,
    TAKES_ANY_ARITHMETIC = 1 << 7,
    TAKES_MEMORY = 1 << 8,
    TAKES_SAMPLES = 1 << 9,
    TAKES_NEW = 1 << 10,
    TAKES_RAW = 1 << 11,
    TAKES_WRONG = 1 << 12,
    TAKES_KEYS = 1 << 13,
    TAKES_PAGE = 1 << 14,
    TAKES_ADDRESS = 1 << 15,
    TAKES_PORT = 1 << 16,
    TAKES_ALL = 1 << 17,
    TAKES_PACK = 1 << 18, /* all that pack has of its own */
    TAKES_CSV = 1 << 19,
    TAKES_HEADER = 1 << 20, /* of a table, without pack's */
    TAKES_EXPORT = 1 << 21, /* all that export has of its own */
    TAKES_SWEEP = 1 << 22,  /* all that sweep has of its own */
    TAKES_COMM = 1 << 23
};

enum { OPTIONS_MOST_THREADS = 16 };

/* What pack takes, as it was written; NULL or false: not given. */
struct pack_words {
    const char *size, *test, *seed, *label, *first_label, *threads, *config;
    bool grey, rgb, fit, crop, natural, transpose, unique, skip_constant, skip_broken, force;
};

/* What export takes: files to write, NULL: not given. */
struct export_words {
    const char *onnx, *c, *html;
    bool check;
};

/* What sweep takes; NULL or 0: not given. */
struct sweep_options {
    const char *seeds, *task; /* "1-10", "2/4" */
    unsigned jobs, threads;   /* at a time; of each */
    unsigned draws;           /* combinations that are drawn */
    unsigned number, tasks;   /* those of the task */
};

struct options {
    bool quiet, json, memory, keys, raw, all, csv, header, no_header, any_arithmetic, help, version;
    const struct command *command; /* the one named, else the first of the table */
    bool named;
    const char *output;   /* -o */
    const char *samples;  /* --samples */
    const char *new_type; /* --new */
    const char *wrong;    /* --wrong */
    const char *address;  /* --address; NULL: not given */
    const char *comm;     /* --comm; NULL: not given */
    unsigned port;        /* --port */
    bool port_given;
    const char *subject;   /* the first argument that is no override; NULL: none */
    const char **subjects; /* all of them: as many as the command takes, at most */
    size_t subject_count;
    const char **overrides; /* key=value arguments, --threads and --seed among them, in order */
    size_t override_count;
    const char **plugin_folders;
    size_t plugin_folder_count;
    char **folders; /* all plugin folders to search, and the level of code: environment.h */
    size_t folder_count;
    const char *level;
    unsigned threads[OPTIONS_MOST_THREADS]; /* --threads: one number, or a list */
    size_t thread_count;
    struct pack_words pack;
    struct export_words export;
    struct sweep_options sweep;
    char *made[2];       /* overrides made from options */
    nnrun_watch *watch;  /* who is told of calls of plugins; NULL: nobody */
    struct crash *crash; /* main.c's, whose watch it is */
};

struct option_row {
    unsigned takes;    /* its bit; 0: goes with any command, and with none */
    const char *name;  /* without dashes; two rows may share it, for commands that take it differently */
    char letter;       /* 0: none */
    const char *value; /* what stands for its value, NULL: it has none. DIR and FILE are completed as such */
    const char *does;  /* for --help, at most 54 columns */
    size_t at;         /* in struct options: a bool, or with `value` a string */
    int (*take)(struct options *options, const char *value, struct error *error); /* instead; may be NULL */
    bool apart;  /* of one command, or two: the list of all options leaves it out */
    bool joined; /* in the help on the line of the row before it, which has no value either */
};
extern const struct option_row option_table[];
extern const size_t option_count;

/* Parses the command line; options may stand anywhere. Refused are options and arguments that the command
 * does not take. Returns 0, or -1 after setting error (ERROR_ARGUMENT); finish it in either case. */
int options_parse(struct options *options, int argc, char **argv, const struct command *commands,
                  size_t command_count, struct error *error);
void options_finish(struct options *options);

/* The part of them that opening a model needs, of that kind. */
nnrun_options options_open(const struct options *options, enum nnrun_source expect);

/* Fails if the first row of a table is to be a header and to be none. */
int options_check_header(const struct options *options, struct error *error);

/* Fails unless there is exactly one subject: "expected CONFIG". */
int options_need_subject(const struct options *options, const char *what, struct error *error);
#endif
