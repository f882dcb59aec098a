/* config_file.c: see config_file.h. */
#include "cli/config_file.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

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

const char *config_file_meant(const char *word, char text[CONFIG_FILE_TEXT])
{
    static const char *const folders[] = {"", "configs/", NNRUN_CONFIGDIR "/"};

    if (strchr(word, '/'))
        return NULL;
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        const int length =
            snprintf(text, CONFIG_FILE_TEXT, "%s%s%s", folders[i], word, has_ending(word) ? "" : ending);
        if (length < CONFIG_FILE_TEXT && is_file(text))
            return text;
    }
    return NULL;
}
