/* rank_refusal.c: see rank_refusal.h. */
#include "cli/rank_refusal.h"

#include <stdlib.h>
#include <string.h>

#include "cli/advice.h"
#include "cli/command.h"

/* The value of --NAME at word i, or NULL. */
static const char *value_at(int i, int argc, char **argv, const char *name)
{
    const size_t length = strlen(name);
    const char *word = argv[i];

    if (!word || strncmp(word, name, length) != 0)
        return NULL;
    return word[length] == '='                    ? word + length + 1
           : word[length] == '\0' && i + 1 < argc ? argv[i + 1]
                                                  : NULL;
}

void rank_refusal_find(struct options *options, int argc, char **argv)
{
    options->plugin_folder_count = 0; /* there is room for each word */
    for (int i = 1; i < argc && options->plugin_folders; i++) {
        const char *comm = value_at(i, argc, argv, "--comm");
        const char *folder = value_at(i, argc, argv, "--plugin-path");

        if (comm)
            options->comm = comm;
        if (folder)
            options->plugin_folders[options->plugin_folder_count++] = folder;
    }
}

int rank_refusal(const struct options *options, struct error *error)
{
    const int status = (int)exit_status(error);
    nnrun_options open = options_open(options, NNRUN_ANY);
    char *text = options->comm ? advice_text(error) : NULL;
    bool told;

    open.level = NULL; /* it may be what is wrong */
    told = text && nnrun_fail_ranks(options->comm, &open, (int32_t)error->code, text);
    free(text);
    if (!told)
        return command_failed(options, error);
    error_clear(error);
    return status;
}
