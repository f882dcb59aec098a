/* plugin_words.c: see plugin_words.h. */
#include "net/plugin_words.h"

#include <string.h>

enum { MOST_NAME = 63 };

bool plugin_word_ok(const char *word, size_t length)
{
    if (length == 0 || length > MOST_NAME || word[0] < 'a' || word[0] > 'z')
        return false;
    for (size_t i = 0; i < length; i++)
        if (!((word[i] >= 'a' && word[i] <= 'z') || (word[i] >= '0' && word[i] <= '9') || word[i] == '_'))
            return false;
    return true;
}

bool plugin_name_ok(const char *name)
{
    return name && plugin_word_ok(name, strlen(name));
}

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
