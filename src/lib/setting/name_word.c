/* name_word.c: see name_word.h. */
#include "setting/name_word.h"

#include <string.h>

enum { MOST_NAME = 63 };

bool name_word_part_ok(const char *word, size_t length)
{
    if (length == 0 || length > MOST_NAME || word[0] < 'a' || word[0] > 'z')
        return false;
    for (size_t i = 0; i < length; i++)
        if (!((word[i] >= 'a' && word[i] <= 'z') || (word[i] >= '0' && word[i] <= '9') || word[i] == '_'))
            return false;
    return true;
}

bool name_word_ok(const char *name)
{
    return name && name_word_part_ok(name, strlen(name));
}
