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

void part_names_add(struct part_names *names, enum pack_part part)
{
    names->train = names->train || part == PACK_TRAIN;
    names->other = names->other || part == PACK_TEST || part == PACK_VALIDATION;
    names->unsaid = names->unsaid || part == PACK_UNSPLIT;
}

bool part_names_count(const struct part_names *names)
{
    return names->train && names->other && !names->unsaid;
}

int part_names_remark(const struct part_names *names, const struct pack_form *form,
                      const struct pack_sink *sink, struct error *error)
{
    if (!sink->remark || names->train || names->unsaid || !names->other || form->label_width == 0)
        return 0;
    return sink->remark(sink->context, "no_train", NULL,
                        "the names are those of a test or validation part, and there is no training part: "
                        "training samples were taken from it; also name the training files to keep it whole",
                        error);
}

void parts_of_paths(const char *const *paths, size_t count, enum pack_part *parts, struct part_names *names)
{
    *names = (struct part_names){0};
    for (size_t i = 0; i < count; i++) {
        const char *slash = strrchr(paths[i], '/');
        parts[i] = part_of_name(slash ? slash + 1 : paths[i]);
        part_names_add(names, parts[i]);
    }
    for (size_t i = 0; i < count && !part_names_count(names); i++)
        parts[i] = PACK_UNSPLIT;
}
