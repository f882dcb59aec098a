/* csv_dialect.c: see csv_dialect.h. */
#include "data/csv_dialect.h"

#include <string.h>

#include "base/text.h"

enum { LOOK_ROWS = 20 };

/* ---- before the first row ------------------------------------------------------------------------------ */

static size_t separator_line(const char *text, size_t size, char *separator)
{
    static const char begin[] = "sep=";
    const size_t length = sizeof begin - 1;
    size_t end = length + 1;

    if (size < length + 2 || memcmp(text, begin, length) != 0 || !memchr(",;\t|", text[length], 4))
        return 0;
    end += text[end] == '\r';
    if (end == size || text[end] != '\n')
        return 0;
    if (separator)
        *separator = text[length];
    return end + 1;
}

size_t csv_beginning(const char *text, size_t size, char *separator)
{
    const size_t mark = text_mark(text, size);

    return mark + separator_line(text + mark, size - mark, separator);
}

/* ---- rows ---------------------------------------------------------------------------------------------- */

/* The end of a quoted cell, behind its closing quote; NULL: it is not closed before `limit`. */
static const char *quoted_end(const char *at, const char *limit)
{
    while ((at = memchr(at, '"', (size_t)(limit - at)))) {
        if (++at == limit || *at != '"')
            return at;
        at++;
    }
    return NULL;
}

/* What ends a cell: a separator, a line feed, or `limit`. NULL: its quote is not closed before that. */
static const char *cell_end(const char *at, const char *limit, char separator)
{
    while (at < limit && *at == ' ')
        at++;
    if (at < limit && *at == '"')
        at = quoted_end(at + 1, limit);
    while (at && at < limit && *at != separator && *at != '\n')
        at++;
    return at;
}

const char *csv_row_end(const char *row, const char *limit, char separator)
{
    const char *at = memchr(row, '\n', (size_t)(limit - row));

    if (!at || !memchr(row, '"', (size_t)(at - row)))
        return at;
    for (at = row;; at++) {
        at = cell_end(at, limit, separator);
        if (!at || at == limit)
            return NULL;
        if (*at == '\n')
            return at;
    }
}

/* ---- separators ---------------------------------------------------------------------------------------- */

/* Counts them in the row at *at, which goes behind it. False: the row does not end before `limit`; *count is then that of the
 * cells that do. */
static bool count_row(const char **at, const char *limit, bool whole, char separator, size_t *count)
{
    const char *end = *at;

    for (*count = 0;; ++*count, end++) {
        end = cell_end(end, limit, separator);
        if (!end || (end == limit && !whole))
            return false;
        if (end == limit || *end == '\n')
            break;
    }
    *at = end < limit ? end + 1 : limit;
    return true;
}

/* What the first rows have of a separator. */
struct counted {
    size_t count; /* in the first row that has any */
    bool same;    /* all have as many, and some */
};

static struct counted count_rows(const char *text, const char *limit, bool whole, char separator)
{
    struct counted counted = {.same = true};
    size_t count;
    bool more = true;

    for (int n = 0; more && n < LOOK_ROWS && text < limit;) {
        if (*text == '\n' || (*text == '\r' && text + 1 < limit && text[1] == '\n')) {
            text++; /* an empty line is no row */
            continue;
        }
        more = count_row(&text, limit, whole, separator, &count);
        if (!more && n > 0)
            break;
        counted.same = counted.same && count > 0 && (n == 0 || count == counted.count);
        counted.count = counted.count > 0 ? counted.count : count;
        n++;
    }
    return counted;
}

char csv_separator(const char *text, const char *limit, bool whole)
{
    static const char separators[] = "\t;,";
    size_t most = 0;
    char found = 0;

    for (const char *separator = separators; *separator; separator++) {
        const struct counted counted = count_rows(text, limit, whole, *separator);
        if (counted.same && counted.count > 0)
            return *separator;
        if (counted.count > most) {
            most = counted.count;
            found = *separator;
        }
    }
    return found;
}

struct csv_first csv_first_row(const char *text, size_t size, bool whole)
{
    const char *limit = text + size;
    char separator = 0;
    struct csv_first first = {.row = text + csv_beginning(text, size, &separator)};

    while (first.row < limit && (*first.row == '\n' || *first.row == '\r'))
        first.row++;
    if (!separator)
        separator = csv_separator(first.row, limit, whole);
    first.end = csv_row_end(first.row, limit, separator);
    first.several =
        separator && memchr(first.row, separator, (size_t)((first.end ? first.end : limit) - first.row));
    return first;
}
