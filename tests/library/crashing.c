/* crashing.c: a host with a handler of its own, which is told what the plugin that crashed was doing.
 *
 *   crashing CONFIG FOLDER SIZE
 *
 * Opens the config with a watch and plugins of the folder, asks it about a sample of 16 zeroes, and expects a crash: then it
 * prints what nnrun_watch_where said in SIZE bytes, and ends with status 7. */
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <nnrun/nnrun.h>

static const nnrun_watch *watch;
static sigjmp_buf crashed;
static char text[1000];
static size_t size;

static void on_crash(int number)
{
    (void)number;
    siglongjmp(crashed, nnrun_watch_where(watch, text, size) ? 1 : 2);
}

static nnrun_context *begin(char **argv, nnrun_error *error)
{
    const struct sigaction action = {.sa_handler = on_crash};
    nnrun_options options = NNRUN_OPTIONS_INIT;
    nnrun_model *model;

    size = (size_t)atol(argv[3]);
    watch = options.watch = nnrun_watch_create(error);
    options.plugin_folders = (const char *const *)&argv[2];
    options.plugin_folder_count = 1;
    model = watch ? nnrun_open(argv[1], &options, error) : NULL;
    if (!model || sigaction(SIGSEGV, &action, NULL) != 0)
        return NULL;
    return nnrun_context_create(model, 0, error);
}

int main(int argc, char **argv)
{
    nnrun_error error = NNRUN_ERROR_INIT;
    const uint8_t sample[4 * 4] = {0};
    float outputs[4 * 4];
    nnrun_context *context = argc == 4 ? begin(argv, &error) : NULL;

    if (!context) {
        fprintf(stderr, "cannot begin: %s\n", error.text ? error.text : "");
        return 1;
    }
    if (nnrun_watch_where(watch, text, size) != 0 || *text)
        return 2; /* this thread is in no plugin yet */
    switch (sigsetjmp(crashed, 1)) {
    case 0:
        nnrun_predict(context, sample, 1, outputs);
        return 3;
    case 1:
        fputs(strlen(text) < size ? text : "too long", stdout);
        return 7;
    default:
        return 4;
    }
}
