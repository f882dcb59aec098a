/* command.c: see command.h. */
#include "cli/command.h"

#include <errno.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "cli/advice.h"
#include "config/config.h"
#include "setting/nearest.h"
#include "train/events.h"
#include "run/run_info.h"

static bool is_checkpoint(const char *path)
{
    static const char end[] = ".safetensors";
    const size_t length = strlen(path);

    return length >= sizeof end - 1 && strcmp(path + length - (sizeof end - 1), end) == 0;
}

int command_open_checkpoint(const char *path, const struct safetensors *file,
                            const struct model_options *model_options, struct model *model,
                            struct error *error)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash ? memory_string_part(path, (size_t)(slash - path)) : memory_string(".");
    struct model_paths paths = {0};
    int failed = -1;

    if (!folder)
        error_memory(error);
    else if (run_info_paths(*folder ? folder : "/", &paths, error) == 0)
        failed = model_open_checkpoint(model, file, path, &paths, model_options, error);
    run_info_free_paths(&paths);
    free(folder);
    return failed;
}

int command_open(const struct options *options, struct model *model, struct error *error)
{
    const struct model_options model_options = options_model(options, false);
    struct safetensors *file;
    int failed;

    if (!is_checkpoint(options->subject))
        return model_open(model, options->subject, &model_options, error);
    file = safetensors_read(options->subject, error);
    failed = file ? command_open_checkpoint(options->subject, file, &model_options, model, error) : -1;
    safetensors_free(file);
    return failed;
}

const struct plugin *command_plugin(const char *subject, struct registry *registry, struct error *error)
{
    const struct plugin *plugin;
    const char *const *types, *near;
    struct error unused = {0};
    size_t count = 0;
    char *text;

    if (strchr(subject, '/'))
        return registry_load(registry, subject, error);
    plugin = registry_find(registry, subject, error);
    if (plugin)
        return plugin;
    types = registry_types(registry, &count, &unused);
    error_clear(&unused);
    near = types ? nearest_word(subject, types, count) : NULL;
    if (near && strcmp(near, subject) != 0) {
        error_set(error, ERROR_CONFIG,
                  "no layer type \"%s\", did you mean \"%s\"? (--plugin-path FOLDER adds a folder of types)",
                  subject, near);
    } else if (count > 0 && !near) {
        text = advice_text(error);
        error_set(error, error->code, "%s; \"nnrun layers\" lists them", text ? text : error_text(error));
        free(text);
    }
    return NULL;
}

int command_print_json(char *line)
{
    if (!line) {
        fputs("nnrun: out of memory\n", stderr);
        return -1;
    }
    puts(line);
    fflush(stdout);
    free(line);
    return 0;
}

static void print_entry(const struct error_entry *entry)
{
    char *line = advice_line(entry);

    fprintf(stderr, "nnrun: %s\n", line ? line : entry->text);
    free(line);
}

int command_failed(const struct options *options, struct error *error)
{
    const int status = (int)exit_status(error);

    fflush(stdout);
    for (unsigned i = 0; i < error_count(error); i++)
        print_entry(error_entry(error, i));
    if (error->left_out)
        fprintf(stderr, "nnrun: and %u more\n", error->left_out);
    if (options && options->json) {
        char *text = advice_text(error);

        command_print_json(text ? event_error_json(text, status) : NULL);
        free(text);
    }
    error_clear(error);
    return status;
}

int command_flush(int status)
{
    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    /* of a write that failed before, the reason is gone */
    fprintf(stderr, "nnrun: cannot write the output%s%s\n", errno ? ": " : "", errno ? strerror(errno) : "");
    __fpurge(stdout); /* said once is enough: what is left is not tried again */
    clearerr(stdout);
    return status ? status : STATUS_FAILED;
}
