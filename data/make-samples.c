/* make-samples.c: see make-samples.h. */
#include "make-samples.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

enum { EXIT_USAGE = 2 };

struct request {
    const struct make_samples *make;
    unsigned long long train, test, seed;
    const char *sheet, *folder; /* NULL: none */
    bool force;
};

static int usage(const char *program, const char *what, const char *value)
{
    fprintf(stderr, "%s: %s%s%s; see %s --help\n", program, what, value ? ": " : "", value ? value : "",
            program);
    return EXIT_USAGE;
}

/* A decimal number low .. high, nothing round it. */
static int read_number(const char *text, unsigned long long low, unsigned long long high,
                       unsigned long long *number)
{
    char *end;

    if (!isdigit((unsigned char)*text))
        return -1;
    errno = 0;
    *number = strtoull(text, &end, 10);
    return errno != 0 || *end != '\0' || *number < low || *number > high ? -1 : 0;
}

static int say(const char *program, const char *text, const char *more)
{
    if (fputs(text, stdout) >= 0 && fputs(more, stdout) >= 0 && fflush(stdout) == 0)
        return EXIT_SUCCESS;
    fprintf(stderr, "%s: standard output: cannot be written\n", program);
    return EXIT_FAILURE;
}

static int run(const struct request *request)
{
    struct error error = {0};
    int result = 0;

    if (request->folder)
        result =
            sample_files_write(request->make->files, request->folder, request->seed, (uint32_t)request->train,
                               (uint32_t)request->test, request->force, &error);
    if (result == 0 && request->sheet)
        result = request->make->sheet(request->sheet, request->seed, &error);
    if (result != 0)
        fprintf(stderr, "%s: %s\n", request->make->program, error_text(&error));
    error_clear(&error);
    return result == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int make_samples_main(const struct make_samples *make, int argc, char **argv)
{
    static const struct option options[] = {
        {"train", required_argument, NULL, 'n'}, {"test", required_argument, NULL, 't'},
        {"seed", required_argument, NULL, 's'},  {"force", no_argument, NULL, 'f'},
        {"sheet", required_argument, NULL, 'p'}, {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'v'},     {NULL, 0, NULL, 0},
    };
    struct request request = {.make = make, .train = 20000, .test = 4000, .seed = 1};
    int option;

    opterr = 0;
    while ((option = getopt_long(argc, argv, ":h", options, NULL)) != -1)
        switch (option) {
        case 'n':
            if (read_number(optarg, 1, SAMPLE_FILES_MOST, &request.train) != 0)
                return usage(make->program, "--train: not a number from 1 to 100000000", optarg);
            break;
        case 't':
            if (read_number(optarg, 1, SAMPLE_FILES_MOST, &request.test) != 0)
                return usage(make->program, "--test: not a number from 1 to 100000000", optarg);
            break;
        case 's':
            if (read_number(optarg, 0, UINT64_MAX, &request.seed) != 0)
                return usage(make->program, "--seed: not a number from 0 to 18446744073709551615", optarg);
            break;
        case 'f':
            request.force = true;
            break;
        case 'p':
            if (!make->sheet)
                return usage(make->program, "unknown option", argv[optind - 2]);
            request.sheet = optarg;
            break;
        case 'h':
            return say(make->program, make->help, "");
        case 'v':
            return say(make->program, make->program, " " NNRUN_VERSION "\n");
        case ':':
            return usage(make->program, "option without its value", argv[optind - 1]);
        default:
            return usage(make->program, "unknown option", argv[optind - 1]);
        }
    if (argc - optind > 1)
        return usage(make->program, "more than one folder", argv[optind + 1]);
    request.folder = argv[optind];
    if (!request.folder && !request.sheet)
        return usage(make->program, "no folder given", NULL);
    return run(&request);
}
