/* options.h: the command line, parsed. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "train/job.h"

enum { OPTIONS_MOST_THREADS = 16 };

struct options {
    bool quiet, json, memory, any_arithmetic, help, version;
    const char *command;    /* the first argument if it is a command's name, else NULL */
    const char *output;     /* -o */
    const char *samples;    /* --samples, of `show` */
    const char *wrong;      /* --wrong, for `test` alone */
    const char *new_type;   /* --new, for `layers` alone */
    bool raw;               /* --raw, of `predict` */
    const char *subject;    /* the first argument after it that is no override; NULL: none */
    size_t subject_count;   /* how many there were */
    const char **overrides; /* key=value arguments, --threads and --seed among them, in order */
    size_t override_count;
    const char **files; /* `predict`: all arguments behind the subject; they are no overrides */
    size_t file_count;
    const char **plugin_folders;
    size_t plugin_folder_count;
    unsigned threads[OPTIONS_MOST_THREADS]; /* --threads 1,2: a list for `time`, else one number */
    size_t thread_count;
    char *made[2]; /* overrides made from options */
};

/* Parses the command line; options may stand anywhere. Returns 0, or -1 after setting error (STATUS_USAGE);
 * finish it in either case. */
int options_parse(struct options *options, int argc, char **argv, bool (*is_command)(const char *word),
                  struct error *error);
void options_finish(struct options *options);

/* The part of them that opening a job needs. */
struct job_options options_job(const struct options *options, bool evaluate_only);

/* Fails unless there is exactly one subject: "expected CONFIG". */
int options_need_subject(const struct options *options, const char *what, struct error *error);
#endif
