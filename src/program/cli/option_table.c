/* option_table.c: the options there are, in the order of --help, and how each is taken; see options.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "cli/options.h"

/* The whole number that begins the text and ends it, or comes before `separator`; *text moves behind it. */
static int parse_number(const char **text, char separator, const char *option, long *value,
                        struct error *error)
{
    const char *whole = *text;
    char *end;

    errno = 0;
    *value = strtol(whole, &end, 10);
    if (errno || end == whole || (*end && *end != separator) || *value < 0 || *value > 2147483647)
        return error_set(error, ERROR_ARGUMENT, "%s: expected a whole number, not \"%s\"", option, whole);
    if (*end && !end[1])
        return error_set(error, ERROR_ARGUMENT, "%s: trailing \"%c\"", option, separator);
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

static int take_seed(struct options *options, const char *text, struct error *error)
{
    long value;

    if (parse_number(&text, '\0', "--seed", &value, error) != 0)
        return -1;
    return add_number(options, 1, "train.seed", value, error);
}

static int take_thread_list(struct options *options, const char *text, struct error *error)
{
    long value;

    for (options->thread_count = 0; *text || options->thread_count == 0; options->thread_count++) {
        if (parse_number(&text, ',', "--threads", &value, error) != 0)
            return -1;
        if (options->thread_count == OPTIONS_MOST_THREADS)
            return error_set(error, ERROR_ARGUMENT, "--threads: more than %d numbers", OPTIONS_MOST_THREADS);
        options->threads[options->thread_count] = (unsigned)value;
    }
    return add_number(options, 0, "train.threads", (long)options->threads[0], error);
}

static int take_threads(struct options *options, const char *text, struct error *error)
{
    long value;

    if (parse_number(&text, '\0', "--threads", &value, error) != 0)
        return -1;
    return add_number(options, 0, "train.threads", value, error);
}

static int take_port(struct options *options, const char *text, struct error *error)
{
    enum { MOST = 65535 };
    long value;

    if (parse_number(&text, '\0', "--port", &value, error) != 0)
        return -1;
    if (value > MOST)
        return error_set(error, ERROR_ARGUMENT, "--port: expected at most %d, not %ld", MOST, value);
    options->port = (unsigned)value;
    options->port_given = true;
    return 0;
}

/* A number from 1 on. */
static int take_count(const char *text, const char *option, long most, unsigned *count, struct error *error)
{
    long value;

    if (parse_number(&text, '\0', option, &value, error) != 0)
        return -1;
    if (value < 1 || value > most)
        return error_set(error, ERROR_ARGUMENT, "%s: expected 1 to %ld, not %ld", option, most, value);
    *count = (unsigned)value;
    return 0;
}

static int take_jobs(struct options *options, const char *text, struct error *error)
{
    return take_count(text, "--jobs", 1024, &options->sweep.jobs, error);
}

static int take_run_threads(struct options *options, const char *text, struct error *error)
{
    return take_count(text, "--threads", 1024, &options->sweep.threads, error);
}

static int take_draws(struct options *options, const char *text, struct error *error)
{
    return take_count(text, "--random", 10000, &options->sweep.draws, error);
}

/* "2/4" */
static int take_task(struct options *options, const char *text, struct error *error)
{
    struct sweep_options *sweep = &options->sweep;
    const char *whole = text;
    long number, tasks = 0;

    if (!strchr(text, '/') || parse_number(&text, '/', "--task", &number, error) != 0 ||
        parse_number(&text, '\0', "--task", &tasks, error) != 0 || number < 1 || tasks > 100000 ||
        number > tasks)
        return error_set(error, ERROR_ARGUMENT,
                         "--task: expected I/N, task I of N counted from 1, as in 2/4, not \"%s\"", whole);
    sweep->task = whole;
    sweep->number = (unsigned)number;
    sweep->tasks = (unsigned)tasks;
    return 0;
}

static int take_plugin_path(struct options *options, const char *folder, struct error *error)
{
    (void)error;
    options->plugin_folders[options->plugin_folder_count++] = folder;
    return 0;
}

#define AT(member) .at = offsetof(struct options, member)

const struct option_row option_table[] = {
    {.takes = TAKES_OUTPUT,
     .name = "output",
     .letter = 'o',
     .value = "DIR",
     .does = "run folder, which must not hold a run already",
     AT(output)},
    {.takes = TAKES_PAGE,
     .name = "output",
     .letter = 'o',
     .value = "FILE",
     .does = "the page, in place of report.html of the run",
     AT(output)},
    {.takes = TAKES_PACK,
     .name = "output",
     .letter = 'o',
     .value = "DIR",
     .does = "folder to write, without a pack in it",
     AT(output)},
    {.takes = TAKES_PACK,
     .name = "config",
     .value = "FILE",
     .does = "also write a config to train from, a new file",
     AT(pack.config),
     .apart = true},
    {.takes = TAKES_PACK,
     .name = "size",
     .value = "SIZE",
     .does = "HEIGHTxWIDTH of each picture, such as 28x28",
     AT(pack.size),
     .apart = true},
    {.takes = TAKES_PACK,
     .name = "fit",
     .does = "to that size by a border, or by cutting",
     AT(pack.fit),
     .apart = true},
    {.takes = TAKES_PACK, .name = "crop", AT(pack.crop), .apart = true, .joined = true},
    {.takes = TAKES_PACK,
     .name = "grey",
     .does = "one or three channels; make rows columns",
     AT(pack.grey),
     .apart = true},
    {.takes = TAKES_PACK, .name = "rgb", AT(pack.rgb), .apart = true, .joined = true},
    {.takes = TAKES_PACK, .name = "transpose", AT(pack.transpose), .apart = true, .joined = true},
    {.takes = TAKES_PACK,
     .name = "test",
     .value = "PART",
     .does = "draw that part of each class for the test; 0.2",
     AT(pack.test),
     .apart = true},
    {.takes = TAKES_PACK,
     .name = "seed",
     .value = "N",
     .does = "of what is drawn and shuffled; 1 if not given",
     AT(pack.seed)},
    {.takes = TAKES_PACK,
     .name = "label",
     .value = "COLUMN",
     .does = "which column of a table is the label",
     AT(pack.label),
     .apart = true},
    {.takes = TAKES_PACK,
     .name = "header",
     .does = "the first row of a table is one, or is a sample",
     AT(header),
     .apart = true},
    {.takes = TAKES_PACK, .name = "no-header", AT(no_header), .apart = true, .joined = true},
    {.takes = TAKES_PACK,
     .name = "first-label",
     .value = "N",
     .does = "label N is class 0, and no number is left out",
     AT(pack.first_label),
     .apart = true},
    {.takes = TAKES_PACK,
     .name = "natural",
     .does = "sort classes by numbers in them: 2 before 10",
     AT(pack.natural),
     .apart = true},
    {.takes = TAKES_PACK,
     .name = "unique",
     .does = "keep one of equal samples, drop constant ones",
     AT(pack.unique),
     .apart = true},
    {.takes = TAKES_PACK, .name = "skip-constant", AT(pack.skip_constant), .apart = true, .joined = true},
    {.takes = TAKES_PACK,
     .name = "skip-broken",
     .does = "leave out what cannot be read",
     AT(pack.skip_broken),
     .apart = true},
    {.takes = TAKES_PACK,
     .name = "force",
     .does = "replace an older pack and config",
     AT(pack.force),
     .apart = true},
    {.takes = TAKES_PACK,
     .name = "threads",
     .value = "N",
     .does = "0: all processors; changes the speed, never the result",
     AT(pack.threads)},
    {.takes = TAKES_EXPORT,
     .name = "onnx",
     .value = "FILE",
     .does = "write the network as an ONNX file",
     AT(export.onnx),
     .apart = true},
    {.takes = TAKES_EXPORT,
     .name = "c",
     .value = "FILE",
     .does = "write it as a file of C99",
     AT(export.c),
     .apart = true},
    {.takes = TAKES_EXPORT,
     .name = "html",
     .value = "FILE",
     .does = "write it as a page that opens without a server",
     AT(export.html),
     .apart = true},
    {.takes = TAKES_EXPORT,
     .name = "check",
     .does = "compare its answers for the test samples",
     AT(export.check),
     .apart = true},
    {.takes = TAKES_SWEEP,
     .name = "output",
     .letter = 'o',
     .value = "DIR",
     .does = "folder of the sweep; runs/NAME-sweep if not given",
     AT(output)},
    {.takes = TAKES_SWEEP,
     .name = "seeds",
     .value = "LIST",
     .does = "train each combination with these: 1-10, or 1,3,7",
     AT(sweep.seeds),
     .apart = true},
    {.takes = TAKES_SWEEP,
     .name = "random",
     .value = "N",
     .does = "draw N combinations instead of all",
     .take = take_draws,
     .apart = true},
    {.takes = TAKES_SWEEP,
     .name = "jobs",
     .value = "N",
     .does = "runs at a time; one per processor if not given",
     .take = take_jobs,
     .apart = true},
    {.takes = TAKES_SWEEP,
     .name = "threads",
     .value = "N",
     .does = "of each run; an equal part of the processors",
     .take = take_run_threads},
    {.takes = TAKES_SWEEP,
     .name = "task",
     .value = "I/N",
     .does = "only part I of N, for job arrays of a cluster",
     .take = take_task,
     .apart = true},
    {.takes = TAKES_QUIET,
     .name = "quiet",
     .letter = 'q',
     .does = "print nothing but warnings and errors",
     AT(quiet)},
    {.takes = TAKES_JSON, .name = "json", .does = "one JSON object per line on stdout", AT(json)},
    {.takes = TAKES_THREADS,
     .name = "threads",
     .value = "N",
     .does = "0: all processors; changes the speed, never the result",
     .take = take_threads},
    {.takes = TAKES_THREAD_LIST,
     .name = "threads",
     .value = "N,...",
     .does = "measure steps with each of these numbers of threads",
     .take = take_thread_list},
    {.takes = TAKES_SEED, .name = "seed", .value = "N", .does = "of all random numbers", .take = take_seed},
    {.takes = TAKES_MEMORY,
     .name = "memory",
     .does = "where each buffer of a slice lies, and when",
     AT(memory)},
    {.takes = TAKES_KEYS,
     .name = "keys",
     .does = "each key that can be given as KEY=VALUE, as it is now",
     AT(keys)},
    {.takes = TAKES_SAMPLES,
     .name = "samples",
     .value = "FILE",
     .does = "also draw training samples into a PNG",
     AT(samples)},
    {.takes = TAKES_RAW, .name = "raw", .does = "resize pictures, change nothing else", AT(raw)},
    {.takes = TAKES_ALL, .name = "all", .does = "read each digit of a picture, from the left", AT(all)},
    {.takes = TAKES_CSV, .name = "csv", .does = "write lines of ImageId,Label, counted from 1", AT(csv)},
    {.takes = TAKES_HEADER,
     .name = "header",
     .does = "the first row of a table is one, or is a sample",
     AT(header),
     .apart = true},
    {.takes = TAKES_HEADER, .name = "no-header", AT(no_header), .apart = true, .joined = true},
    {.takes = TAKES_PORT,
     .name = "port",
     .value = "N",
     .does = "8080 if not given; 0: any free one",
     .take = take_port},
    {.takes = TAKES_ADDRESS,
     .name = "address",
     .value = "NUMBER",
     .does = "127.0.0.1 if not given; 0.0.0.0: all, of IPv6 ::",
     AT(address)},
    {.takes = TAKES_WRONG,
     .name = "wrong",
     .value = "DIR",
     .does = "also write the mistakes as PNG",
     AT(wrong)},
    {.takes = TAKES_NEW,
     .name = "new",
     .value = "TYPE",
     .does = "print a layer plugin to start from",
     AT(new_type)},
    {.takes = TAKES_PLUGIN_PATH,
     .name = "plugin-path",
     .value = "DIR",
     .does = "look for layers there first",
     .take = take_plugin_path},
    {.takes = TAKES_COMM,
     .name = "comm",
     .value = "NAME",
     .does = "one run by several processes: mpi, under mpirun",
     AT(comm),
     .apart = true},
    {.takes = TAKES_ANY_ARITHMETIC,
     .name = "any-arithmetic",
     .does = "resume despite different arithmetic; bits change",
     AT(any_arithmetic)},
    {.name = "help", .letter = 'h', .does = "print this", AT(help)},
    {.name = "version", .does = "print the version", AT(version)},
};
const size_t option_count = sizeof option_table / sizeof option_table[0];
