/* part_name.c: see part_name.h. */
#include "pack/part_name.h"

#include <string.h>

static bool is_of_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool is_word(const char *text, size_t length, const char *word)
{
    if (strlen(word) != length)
        return false;
    for (size_t i = 0; i < length; i++)
        if ((text[i] | 0x20) != (word[i] | 0x20))
            return false;
    return true;
}

enum pack_part part_of_name(const char *name)
{
    static const struct {
        const char *word;
        enum pack_part part;
    } words[] = {
        {"train", PACK_TRAIN},      {"training", PACK_TRAIN}, {"test", PACK_TEST},
        {"testing", PACK_TEST},     {"t10k", PACK_TEST},      {"val", PACK_VALIDATION},
        {"valid", PACK_VALIDATION}, {"dev", PACK_VALIDATION}, {"validation", PACK_VALIDATION},
    };

    while (*name) {
        size_t length = 0;
        while (is_of_word(name[length]))
            length++;
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
            if (is_word(name, length, words[i].word))
                return words[i].part;
        name += length + (name[length] != '\0');
    }
    return PACK_UNSPLIT;
}

void parts_of_paths(const char *const *paths, size_t count, enum pack_part *parts)
{
    bool train = false, other = false, all = true;

    for (size_t i = 0; i < count; i++) {
        const char *slash = strrchr(paths[i], '/');
        parts[i] = part_of_name(slash ? slash + 1 : paths[i]);
        train = train || parts[i] == PACK_TRAIN;
        other = other || parts[i] == PACK_TEST || parts[i] == PACK_VALIDATION;
        all = all && parts[i] != PACK_UNSPLIT;
    }
    for (size_t i = 0; i < count && !(train && other && all); i++)
        parts[i] = PACK_UNSPLIT;
}
