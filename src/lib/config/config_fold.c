/* config_fold.c: what is wrong with several layers for one reason is said once. */
#include "config/config_internal.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum { LINES_TEXT = 512, MESSAGE = 8192 };

/* What is said of a layer, after its name and type; NULL of anything else, and of what an override gave. */
static const char *said_of_layer(const struct error_entry *entry)
{
    static const char end[] = "): ";
    const char *at = entry->facts.layer && entry->facts.line ? strstr(entry->text, ": layer \"") : NULL;

    at = at ? strstr(at, end) : NULL;
    return at ? at + strlen(end) : NULL;
}

static bool is_same(const struct error_entry *a, const struct error_entry *b)
{
    const char *of_a = said_of_layer(a), *of_b = said_of_layer(b);

    return of_a && of_b && strcmp(of_a, of_b) == 0 && strcmp(a->facts.file, b->facts.file) == 0;
}

static bool is_said_before(const struct error *errors, unsigned i)
{
    for (unsigned k = 0; k < i; k++)
        if (is_same(error_entry(errors, k), error_entry(errors, i)))
            return true;
    return false;
}

/* Adds the entry with the layers and lines of those that say the same after it. */
static void add_with_lines(const struct error *errors, unsigned i, struct error *to)
{
    struct error_entry entry = *error_entry(errors, i);
    char text[MESSAGE], lines[LINES_TEXT] = "";

    for (unsigned k = i + 1; k < error_count(errors); k++)
        if (is_same(&entry, error_entry(errors, k)))
            text_add(lines, sizeof lines, "%s\"%s\" on line %u", *lines ? ", " : "; the same of ",
                     error_entry(errors, k)->facts.layer, error_entry(errors, k)->facts.line);
    snprintf(text, sizeof text, "%s%s", entry.text, lines);
    if (entry.facts.advice != ADVICE_NONE)
        entry.facts.tail += (unsigned)strlen(lines);
    entry.text = text;
    error_add_entry(to, &entry);
}

void config_fold(struct error *errors)
{
    struct error folded = {0};

    for (unsigned i = 0; errors->code != ERROR_MEMORY && i < error_count(errors); i++)
        if (!is_said_before(errors, i))
            add_with_lines(errors, i, &folded);
    if (errors->code == ERROR_MEMORY)
        return;
    error_recode(&folded, errors->code);
    if (folded.code != ERROR_MEMORY)
        folded.left_out += errors->left_out;
    error_move(&folded, errors);
}
