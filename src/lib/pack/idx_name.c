/* idx_name.c: what the name of an IDX file says of it. See idx_pairs.h. */
#include <string.h>

#include "pack/idx_pairs.h"
#include "pack/part_name.h"

/* The length of the name without ".gz" and "-idx3-ubyte" or ".idx3-ubyte". */
static size_t stem_length(const char *name)
{
    size_t length = strlen(name);

    if (length > 3 && strcmp(name + length - 3, ".gz") == 0)
        length -= 3;
    for (size_t i = 1; i + 4 < length; i++)
        if ((name[i] == '-' || name[i] == '.' || name[i] == '_') && memcmp(name + i + 1, "idx", 3) == 0)
            return i;
    return length;
}

static bool is_one_of(const char *word, const char *const *words)
{
    for (; *words; words++)
        if (strcmp(word, *words) == 0)
            return true;
    return false;
}

static void add_word(char set[IDX_SET_NAME], const char *word)
{
    const size_t used = strlen(set), length = strlen(word);

    if (used + length + 2 > IDX_SET_NAME)
        return;
    if (used > 0)
        set[used] = '-';
    memcpy(set + used + (used > 0), word, length + 1);
}

/* "x" and "y" tell the role only where no other word does: *letter is the one that did so far, or "". */
static void take_word(struct idx_name *name, const char *word, const char **letter)
{
    static const char *const samples[] = {"images", "image", "imgs", "data", "samples", NULL};
    static const char *const labels[] = {"labels", "label", "targets", "classes", NULL};
    const enum idx_role role = is_one_of(word, samples)  ? IDX_ROLE_SAMPLES
                               : is_one_of(word, labels) ? IDX_ROLE_LABELS
                                                         : IDX_ROLE_UNKNOWN;
    const enum pack_part part = part_of_name(word);

    if (role != IDX_ROLE_UNKNOWN && (name->role == IDX_ROLE_UNKNOWN || **letter)) {
        name->role = role;
        if (**letter)
            add_word(name->set, *letter);
        *letter = "";
    } else if (name->role == IDX_ROLE_UNKNOWN && (strcmp(word, "x") == 0 || strcmp(word, "y") == 0)) {
        name->role = *word == 'x' ? IDX_ROLE_SAMPLES : IDX_ROLE_LABELS;
        *letter = *word == 'x' ? "x" : "y";
    } else if (name->part == PACK_UNSPLIT && part != PACK_UNSPLIT)
        name->part = part;
    else if (*word)
        add_word(name->set, word);
}

struct idx_name idx_name_of(const char *path)
{
    const char *slash = strrchr(path, '/'), *at = slash ? slash + 1 : path, *end = at + stem_length(at);
    struct idx_name name = {.part = PACK_UNSPLIT};
    const char *letter = "";

    while (at < end) {
        char word[IDX_SET_NAME];
        size_t length = 0;
        for (; at < end && !strchr("-_.", *at); at++)
            if (length + 1 < sizeof word) {
                const char c = *at;
                word[length++] = (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
            }
        word[length] = '\0';
        take_word(&name, word, &letter);
        at += at < end;
    }
    return name;
}
