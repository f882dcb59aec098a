/* config_file.c: see config_file.h. */
#include "cli/config_file.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/installed.h"

static const char ending[] = ".cfg";

static int has_ending(const char *word)
{
    const size_t length = strlen(word), tail = sizeof ending - 1;

    return length > tail && strcmp(word + length - tail, ending) == 0;
}

static int is_file(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && !S_ISDIR(status.st_mode);
}

/* Puts the config of that name in the folder, if there is one, into the buffer. */
static int is_in(const char *folder, const char *word, char text[CONFIG_FILE_TEXT])
{
    const int length =
        snprintf(text, CONFIG_FILE_TEXT, "%s%s%s", folder, word, has_ending(word) ? "" : ending);

    return length < CONFIG_FILE_TEXT && is_file(text);
}

int config_file_meant(const char *word, char text[CONFIG_FILE_TEXT], struct error *error)
{
    char *installed;
    int result;

    if (strchr(word, '/'))
        return 0;
    if (is_in("", word, text) || is_in("configs/", word, text))
        return 1;
    installed = installed_folder(NNRUN_CONFIGDIR "/", error);
    if (!installed)
        return -1;
    result = is_in(installed, word, text);
    free(installed);
    return result;
}
