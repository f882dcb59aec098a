/* csv_label.c: see csv_label.h. */
#include "pack/csv_label.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "pack/csv_pixels.h"

enum { LEAST_SIDE = 8 };

/* What columns of labels are called. A y may be a coordinate. */
static const char *const known[] = {"label", "labels", "class", "target", "species", "category"};

bool csv_label_is_name(const struct csv_look *look, const char *text)
{
    bool is = look->options->label && strcmp(look->options->label, text) == 0;

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        is = is || strcasecmp_l(text, known[i], look->c) == 0;
    return is;
}

/* The columns of that name: how many, and the first and last of them. */
struct named {
    size_t count, first, last;
};

static struct named columns_of_name(const struct csv_look *look, const char *name, bool exact)
{
    struct named named = {.first = CSV_NO_COLUMN, .last = CSV_NO_COLUMN};

    for (size_t i = 0; look->layout->names && i < look->layout->columns; i++)
        if ((exact ? strcmp(look->layout->names[i], name)
                   : strcasecmp_l(look->layout->names[i], name, look->c)) == 0) {
            named.first = named.count++ == 0 ? i : named.first;
            named.last = i;
        }
    return named;
}

static const char *name_columns(const struct csv_layout *layout, char text[TEXT_NAMES])
{
    return text_names(text, (const char *const *)layout->names, layout->columns);
}

static int asked_label(struct csv_look *look, const char *label, struct error *error)
{
    struct csv_layout *layout = look->layout;
    char names[TEXT_NAMES], *end;
    unsigned long number;
    const struct named named = columns_of_name(look, label, true);

    if (named.count > 1)
        return error_set_at(error, ERROR_ARGUMENT, &(struct error_facts){.file = look->path},
                            "columns %zu and %zu are both \"%.100s\"; leave one of them out", named.first + 1,
                            named.last + 1, label);
    layout->label = named.first;
    if (layout->label != CSV_NO_COLUMN || strcmp(label, "none") == 0)
        return 0;
    number = strtoul(label, &end, 10);
    if (strcmp(label, "first") == 0)
        number = 1;
    else if (strcmp(label, "last") == 0)
        number = layout->columns;
    else if (*label < '0' || *label > '9' || *end)
        number = 0;
    if (number >= 1 && number <= layout->columns) {
        layout->label = number - 1;
        return 0;
    }
    if (!layout->names)
        return error_set_at(
            error, ERROR_ARGUMENT, &(struct error_facts){.file = look->path},
            "has no column \"%.100s\": it has no header, and %zu column%s; expected \"first\", "
            "\"last\", \"none\" or a number up to that",
            label, layout->columns, text_plural(layout->columns));
    return error_set_at(error, ERROR_ARGUMENT, &(struct error_facts){.file = look->path},
                        "has no column \"%.100s\"; its columns are %s", label, name_columns(layout, names));
}

static int fail_label(const struct csv_look *look, struct error *error)
{
    char names[TEXT_NAMES];
    const struct error_facts facts = {.file = look->path, .advice = ADVICE_PACK_LABEL};

    if (look->layout->names)
        return error_set_at(error, ERROR_ARGUMENT, &facts,
                            "which column holds the label is not clear from their names, %s",
                            name_columns(look->layout, names));
    return error_set_at(
        error, ERROR_ARGUMENT, &facts,
        "which of its %zu columns holds the label is not clear: there is no header, and all are "
        "numbers",
        look->layout->columns);
}

/* Columns whose names say that they hold the label, and the first of them. A y is a coordinate beside an x or a z, and gives way
 * to any other name. */
static size_t named_label(const struct csv_look *look, size_t *column)
{
    struct named y;
    size_t named = 0;

    for (size_t i = sizeof known / sizeof known[0]; i-- > 0;) {
        const struct named columns = columns_of_name(look, known[i], false);
        named += columns.count;
        *column = columns.count > 0 ? columns.first : *column;
    }
    if (named > 0 || columns_of_name(look, "x", false).count > 0 ||
        columns_of_name(look, "z", false).count > 0)
        return named;
    y = columns_of_name(look, "y", false);
    *column = y.first;
    return y.count;
}

static int known_label(struct csv_look *look, struct error *error)
{
    struct csv_layout *layout = look->layout;
    size_t words = 0, word = 0;
    const size_t named = named_label(look, &layout->label);

    if (named == 1)
        return 0;
    layout->label = CSV_NO_COLUMN;
    for (size_t i = 0; i < layout->columns; i++)
        if (look->cells[i].word && i != layout->index) {
            words++;
            word = i;
        }
    if (named == 0 && (words == 1 || csv_pixels_are_all(layout))) {
        layout->label = words == 1 ? word : CSV_NO_COLUMN;
        return 0;
    }
    if (words == 0 && !layout->names && csv_pixels_side(layout->columns - 1) >= LEAST_SIDE) {
        layout->label = 0;
        layout->guessed = true;
        return 0;
    }
    return fail_label(look, error);
}

int csv_label_find(struct csv_look *look, struct error *error)
{
    return look->options->label ? asked_label(look, look->options->label, error) : known_label(look, error);
}
