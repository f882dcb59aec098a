/* crashing.c: a host with a handler of its own, which says what the plugin that crashed was doing.
 *
 *   crashing CONFIG FOLDER SIZE
 *
 * Opens the config with a watch and plugins of the folder, asks it about a sample of 16 zeroes, and expects to crash: the handler
 * prints what nnrun_watch_where says in SIZE bytes, and ends with status 7. */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <nnrun/nnrun.h>

static const nnrun_watch *watch;
static size_t size;

static void tell(int number)
{
    static char text[1000];
    ssize_t written = -1;

    (void)number;
    if (nnrun_watch_where(watch, text, size) && strlen(text) < size)
        written = write(STDOUT_FILENO, text, strlen(text));
    _exit(written < 0 ? 1 : 7);
}

int main(int argc, char **argv)
{
    nnrun_options options = NNRUN_OPTIONS_INIT;
    nnrun_error error = NNRUN_ERROR_INIT;
    const struct sigaction action = {.sa_handler = tell};
    char text[8] = "as it is";
    nnrun_model *model;
    nnrun_context *context;
    uint8_t sample[4 * 4] = {0};
    float outputs[sizeof sample];

    if (argc != 4)
        return 2;
    size = (size_t)atol(argv[3]);
    options.watch = nnrun_watch_create(&error);
    options.plugin_folders = (const char *const *)&argv[2];
    options.plugin_folder_count = 1;
    watch = options.watch;
    model = watch ? nnrun_open(argv[1], &options, &error) : NULL;
    context = model ? nnrun_context_create(model, 0, &error) : NULL;
    if (!context || nnrun_watch_where(watch, text, sizeof text) || memcmp(text, "as it is", 8) != 0 ||
        sigaction(SIGSEGV, &action, NULL) != 0) {
        fprintf(stderr, "cannot begin: %s\n", error.text ? error.text : "");
        return 1;
    }
    nnrun_predict(context, sample, 1, outputs);
    nnrun_context_destroy(context);
    nnrun_close(model);
    nnrun_watch_destroy(options.watch);
    return 0;
}
