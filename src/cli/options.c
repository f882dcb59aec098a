/* options.c: see options.h. */
#include "cli/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum {
    OPTION_JSON = 256,
    OPTION_NEW,
    OPTION_MEMORY,
    OPTION_THREADS,
    OPTION_SEED,
    OPTION_PLUGINS,
    OPTION_ARITHMETIC,
    OPTION_RAW,
    OPTION_SAMPLES,
    OPTION_VERSION,
    OPTION_WRONG
};

static const struct option long_options[] = {
    {"help", no_argument, NULL, 'h'},
    {"json", no_argument, NULL, OPTION_JSON},
    {"new", required_argument, NULL, OPTION_NEW},
    {"memory", no_argument, NULL, OPTION_MEMORY},
    {"output", required_argument, NULL, 'o'},
    {"plugin-path", required_argument, NULL, OPTION_PLUGINS},
    {"quiet", no_argument, NULL, 'q'},
    {"raw", no_argument, NULL, OPTION_RAW},
    {"samples", required_argument, NULL, OPTION_SAMPLES},
    {"seed", required_argument, NULL, OPTION_SEED},
    {"threads", required_argument, NULL, OPTION_THREADS},
    {"any-arithmetic", no_argument, NULL, OPTION_ARITHMETIC},
    {"version", no_argument, NULL, OPTION_VERSION},
    {"wrong", required_argument, NULL, OPTION_WRONG},
    {NULL, 0, NULL, 0},
};

/* The whole number that begins the text and ends it, or comes before `separator`; *text moves behind it. */
static int parse_number(const char **text, char separator, const char *option, long *value,
                        struct error *error)
{
    const char *whole = *text;
    char *end;

    errno = 0;
    *value = strtol(whole, &end, 10);
    if (errno || end == whole || (*end && *end != separator) || *value < 0 || *value > 2147483647)
        return error_set(error, STATUS_USAGE, "%s: expected a whole number, not \"%s\"", option, whole);
    *text = end + (*end != '\0');
    return 0;
}

/* "--seed 4" is another way to write train.seed=4. */
static int add_number(struct options *options, size_t slot, const char *key, long value, struct error *error)
{
    free(options->made[slot]);
    options->made[slot] = memory_format("%s=%ld", key, value);
    return options->made[slot] ? 0 : error_memory(error);
}

static int add_seed(struct options *options, const char *text, struct error *error)
{
    long value;

    if (parse_number(&text, '\0', "--seed", &value, error) != 0)
        return -1;
    return add_number(options, 1, "train.seed", value, error);
}

static int add_threads(struct options *options, const char *text, struct error *error)
{
    long value;

    for (options->thread_count = 0; *text || options->thread_count == 0; options->thread_count++) {
        if (parse_number(&text, ',', "--threads", &value, error) != 0)
            return -1;
        if (options->thread_count == OPTIONS_MOST_THREADS)
            return error_set(error, STATUS_USAGE, "--threads: more than %d numbers", OPTIONS_MOST_THREADS);
        options->threads[options->thread_count] = (unsigned)value;
    }
    return add_number(options, 0, "train.threads", (long)options->threads[0], error);
}

static int bad_option(int argc, char **argv, int c, int index, struct error *error)
{
    const char *word = index > 0 && index <= argc ? argv[index - 1] : "";

    if (c == ':')
        return error_set(error, STATUS_USAGE, "option %s wants a value", word);
    if (optopt > 0 && optopt < 256 && (word[0] != '-' || word[1] != '-'))
        return error_set(error, STATUS_USAGE, "unknown option -%c; \"nnrun --help\" lists them", optopt);
    return error_set(error, STATUS_USAGE, "unknown option %s; \"nnrun --help\" lists them", word);
}

static int one(struct options *options, int c, char *value, struct error *error)
{
    switch (c) {
    case 'h':
        options->help = true;
        break;
    case 'o':
        options->output = value;
        break;
    case 'q':
        options->quiet = true;
        break;
    case OPTION_SAMPLES:
        options->samples = value;
        break;
    case OPTION_JSON:
        options->json = true;
        break;
    case OPTION_NEW:
        options->new_type = value;
        break;
    case OPTION_MEMORY:
        options->memory = true;
        break;
    case OPTION_RAW:
        options->raw = true;
        break;
    case OPTION_ARITHMETIC:
        options->any_arithmetic = true;
        break;
    case OPTION_VERSION:
        options->version = true;
        break;
    case OPTION_WRONG:
        options->wrong = value;
        break;
    case OPTION_PLUGINS:
        options->plugin_folders[options->plugin_folder_count++] = value;
        break;
    case OPTION_THREADS:
        return add_threads(options, value, error);
    case OPTION_SEED:
        return add_seed(options, value, error);
    default:
        break;
    }
    return 0;
}

static bool is(const struct options *options, const char *command)
{
    return options->command && strcmp(options->command, command) == 0;
}

/* A word that is no option. */
static int take_word(struct options *options, char *word, bool (*is_command)(const char *word),
                     struct error *error)
{
    if (!options->command && options->subject_count == 0 && options->override_count == 0 && is_command(word))
        options->command = word;
    else if (options->subject_count > 0 && is(options, "predict"))
        options->files[options->file_count++] = word;
    else if (strchr(word, '=') && options->subject_count > 0)
        options->overrides[options->override_count++] = word;
    else if (options->subject_count++ == 0)
        options->subject = word;
    else
        return error_set(error, STATUS_USAGE, "unexpected argument \"%s\": expected KEY=VALUE", word);
    return 0;
}

/* Fails if an option of one command is given to another. */
static int only(const struct options *options, const char *command, const char *given, const char *option,
                struct error *error)
{
    if (!given || is(options, command))
        return 0;
    return error_set(error, STATUS_USAGE, "%s: only \"nnrun %s\" takes it", option, command);
}

int options_parse(struct options *options, int argc, char **argv, bool (*is_command)(const char *word),
                  struct error *error)
{
    int c;

    memset(options, 0, sizeof *options);
    options->overrides = memory_array((size_t)argc + 2, sizeof *options->overrides);
    options->plugin_folders = memory_array((size_t)argc + 1, sizeof *options->plugin_folders);
    options->files = memory_array((size_t)argc + 1, sizeof *options->files);
    if (!options->overrides || !options->plugin_folders || !options->files)
        return error_memory(error);
    opterr = 0;
    while ((c = getopt_long(argc, argv, "-:ho:q", long_options, NULL)) != -1) {
        if (c == '?' || c == ':')
            return bad_option(argc, argv, c, optind, error);
        if ((c == 1 ? take_word(options, optarg, is_command, error) : one(options, c, optarg, error)) != 0)
            return -1;
    }
    for (; optind < argc; optind++) /* behind "--" */
        if (take_word(options, argv[optind], is_command, error) != 0)
            return -1;
    if (only(options, "layers", options->new_type, "--new", error) != 0 ||
        only(options, "show", options->samples, "--samples", error) != 0 ||
        only(options, "show", options->memory ? "" : NULL, "--memory", error) != 0 ||
        only(options, "predict", options->raw ? "" : NULL, "--raw", error) != 0 ||
        only(options, "test", options->wrong, "--wrong", error) != 0 ||
        only(options, "time", options->thread_count > 1 ? "" : NULL, "a list of --threads", error) != 0)
        return -1;
    for (size_t i = 0; i < 2; i++)
        if (options->made[i])
            options->overrides[options->override_count++] = options->made[i];
    return 0;
}

void options_finish(struct options *options)
{
    free(options->overrides);
    free(options->plugin_folders);
    free(options->files);
    for (size_t i = 0; i < 2; i++)
        free(options->made[i]);
    memset(options, 0, sizeof *options);
}

struct job_options options_job(const struct options *options, bool evaluate_only)
{
    return (struct job_options){.plugin_folders = options->plugin_folders,
                                .plugin_folder_count = options->plugin_folder_count,
                                .overrides = options->overrides,
                                .override_count = options->override_count,
                                .evaluate_only = evaluate_only};
}

int options_need_subject(const struct options *options, const char *what, struct error *error)
{
    if (options->subject_count == 1)
        return 0;
    return error_set(error, STATUS_USAGE, "expected %s; \"nnrun --help\" shows how", what);
}
