/* soak.c: opens a checkpoint, asks it and closes it, again and again, with calls that fail in between, and says twenty times
 * what the process holds.
 *
 *   soak CHECKPOINT PICTURE ROUNDS
 *
 * Prints "kilobytes descriptors threads" each time. Ends with status 1 if an answer changes. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <nnrun/nnrun.h>

enum { INPUTS = 784, OUTPUTS = 10 };

static size_t count_entries(const char *folder)
{
    DIR *entries = opendir(folder);
    const struct dirent *entry;
    size_t count = 0;

    while (entries && (entry = readdir(entries)))
        count += entry->d_name[0] != '.';
    if (entries)
        closedir(entries);
    return count;
}

static void print_held(void)
{
    char line[256];
    long kilobytes = 0;
    FILE *status = fopen("/proc/self/status", "r");

    while (status && fgets(line, sizeof line, status))
        if (strncmp(line, "VmRSS:", 6) == 0)
            kilobytes = strtol(line + 6, NULL, 10);
    if (status)
        fclose(status);
    printf("%ld %zu %zu\n", kilobytes, count_entries("/proc/self/fd"), count_entries("/proc/self/task"));
}

/* The outputs for one picture. Returns 0, or -1 after setting error. */
static int ask(const char *checkpoint, const char *picture, float *outputs, nnrun_error *error)
{
    nnrun_model *model = nnrun_open(checkpoint, NULL, error);
    nnrun_context *context = model ? nnrun_context_create(model, 0, error) : NULL;
    uint8_t sample[INPUTS];
    int failed = -1;

    if (context && nnrun_prepare_file(model, picture, NULL, sample, NULL, error) == 0) {
        nnrun_predict(context, sample, 1, outputs);
        failed = 0;
    }
    nnrun_context_destroy(context);
    nnrun_close(model);
    return failed;
}

/* Calls that fail: no checkpoint, a wrong setting, a picture that is none. */
static int fail(const char *checkpoint, const char *picture)
{
    static const char *const wrong[] = {"train.batch=0"};
    const nnrun_options options = {.size = sizeof options, .overrides = wrong, .override_count = 1};
    nnrun_error error = NNRUN_ERROR_INIT;
    float outputs[OUTPUTS];
    int failures = 0;

    failures += ask(picture, picture, outputs, &error) != 0;
    failures += ask(checkpoint, checkpoint, outputs, &error) != 0;
    failures += nnrun_open(checkpoint, &options, &error) == NULL;
    nnrun_error_clear(&error);
    return failures == 3 ? 0 : -1;
}

int main(int argc, char **argv)
{
    const long rounds = argc == 4 ? strtol(argv[3], NULL, 10) : 0;
    nnrun_error error = NNRUN_ERROR_INIT;
    float first[OUTPUTS], outputs[OUTPUTS];

    for (long i = 0; i < rounds; i++) {
        if (ask(argv[1], argv[2], i ? outputs : first, &error) != 0) {
            fprintf(stderr, "round %ld: %s\n", i, error.text);
            nnrun_error_clear(&error);
            return 1;
        }
        if (i > 0 && memcmp(first, outputs, sizeof first) != 0) {
            fprintf(stderr, "round %ld: another answer than in the first\n", i);
            return 1;
        }
        if (i % 10 == 0 && fail(argv[1], argv[2]) != 0) {
            fprintf(stderr, "round %ld: a call that must fail did not\n", i);
            return 1;
        }
        if (i % (rounds / 20 + 1) == 0)
            print_held();
    }
    return 0;
}
