/* command_layers_new.c: nnrun layers --new: a layer plugin to start from. */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/layer_template.h"
#include "setting/name_word.h"

static void print_line(const char *line, const char *type)
{
    const char *place;

    for (; (place = strstr(line, LAYER_TEMPLATE_TYPE)) != NULL; line = place + strlen(LAYER_TEMPLATE_TYPE))
        printf("%.*s%s", (int)(place - line), line, type);
    fputs(line, stdout);
}

static int check_arguments(const struct options *options, struct error *error)
{
    if (options->subject)
        return error_set(error, ERROR_ARGUMENT, "unexpected argument \"%s\": --new takes one TYPE",
                         options->subject);
    if (options->json)
        return error_set(error, ERROR_ARGUMENT, "--json: --new prints C, not JSON");
    if (!name_word_ok(options->new_type))
        return error_set(error, ERROR_ARGUMENT,
                         "--new: \"%s\" cannot name a layer type: it begins with a letter a to z, then come "
                         "at most 62 of a to z, 0 to 9 and _",
                         options->new_type);
    return 0;
}

int command_layers_new(const struct options *options)
{
    struct error error = {0};

    if (check_arguments(options, &error) != 0)
        return command_failed(options, &error);
    for (size_t i = 0; layer_template[i]; i++)
        print_line(layer_template[i], options->new_type);
    return STATUS_OK;
}
