/* command.c: see command.h. */
#include "cli/command.h"

#include <errno.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>

#include "cli/advice.h"
#include "setting/nearest.h"
#include "train/events.h"

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
