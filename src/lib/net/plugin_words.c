/* plugin_words.c: see plugin_words.h. */
#include "net/plugin_words.h"

bool plugin_line_ok(const char *text)
{
    for (size_t i = 0; text && text[i]; i++)
        if (text[i] < ' ' || text[i] > '~')
            return false;
    return text != NULL;
}

int plugin_broken(struct error *error, const char *path, const char *what, const char *name)
{
    return error_set(error, ERROR_CONFIG, "%s: broken plugin: %s%s%s", path, what, name ? ": " : "",
                     name ? name : "");
}

int plugin_too_new(struct error *error, const char *path, const char *what, const char *name)
{
    return error_set(error, ERROR_CONFIG, "%s: %s%s%s: it may need a newer nnrun", path, what,
                     name ? ": " : "", name ? name : "");
}
