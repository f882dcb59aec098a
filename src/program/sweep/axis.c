/* axis.c: see axis.h. */
#include "sweep/axis.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"

/* ---- text ---------------------------------------------------------------------------------------------- */

/* The end of the value that begins there: a comma outside of quotes and brackets, or the end of the text. */
static const char *value_end(const char *text)
{
    bool quoted = false;
    int depth = 0;

    for (; *text && (quoted || depth > 0 || *text != ','); text++) {
        if (quoted && *text == '\\' && text[1])
            text++;
        else if (*text == '"')
            quoted = !quoted;
        else if (!quoted && strchr("([{", *text))
            depth++;
        else if (!quoted && strchr(")]}", *text) && depth > 0)
            depth--;
    }
    return text;
}

static bool is_whole(const char *text, size_t length)
{
    size_t i = length > 0 && *text == '-';

    while (i < length && text[i] >= '0' && text[i] <= '9')
        i++;
    return i == length && length > (size_t)(*text == '-');
}

/* The finite number that a part of a text is, all of it. */
static bool take_number(const char *text, size_t length, double *number)
{
    char copy[64], *end;

    if (length == 0 || length >= sizeof copy || memchr(text, 'x', length) || memchr(text, 'X', length))
        return false;
    memcpy(copy, text, length);
    copy[length] = '\0';
    *number = strtod(copy, &end);
    return *end == '\0' && isfinite(*number) && *copy != ' ';
}

static int bad_range(const struct axis *axis, const struct axis_item *item, const char *why,
                     struct error *error)
{
    return error_set(error, ERROR_ARGUMENT, "%s=%s: %s", axis->key, item->text, why);
}

/* "/log5", "/5" or "/log", behind a range. */
static int take_count(const struct axis *axis, struct axis_item *item, const char *text, struct error *error)
{
    char *end;
    long count;

    item->logarithmic = strncmp(text, "log", 3) == 0;
    text += item->logarithmic ? 3 : 0;
    if (item->logarithmic && !*text)
        return 0;
    count = strtol(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || count < 2 || count > AXIS_MOST_VALUES)
        return bad_range(axis, item,
                         "expected a range as 0.1..0.5/5 or 0.01..0.3/log5, of 2 to 10000 numbers", error);
    item->count = (size_t)count;
    return 0;
}

/* Whether the text is a range, "A..B" and what follows; then *item is. Returns 0 or -1. */
static int take_range(const struct axis *axis, struct axis_item *item, struct error *error)
{
    const char *dots = strstr(item->text, ".."), *high = dots ? dots + 2 : "";
    const char *slash = strchr(high, '/');
    const size_t length = slash ? (size_t)(slash - high) : strlen(high);
    const size_t low = dots ? (size_t)(dots - item->text) : 0;

    if (!dots || !take_number(item->text, low, &item->low))
        return 0; /* a path with "..", or any other text */
    if (!take_number(high, length, &item->high))
        return bad_range(axis, item, "expected a number after \"..\", as in 0.01..0.3/log5", error);
    item->range = true;
    item->whole = is_whole(item->text, low) && is_whole(high, length);
    if (slash && take_count(axis, item, slash + 1, error) != 0)
        return -1;
    if (item->high <= item->low)
        return bad_range(axis, item, "the second number must be larger than the first", error);
    if (item->logarithmic && item->low <= 0)
        return bad_range(axis, item, "a logarithmic range begins above 0", error);
    if (!isfinite(item->high - item->low) || (item->logarithmic && !isfinite(item->high / item->low)))
        return bad_range(axis, item, "the range is too wide", error);
    if (item->whole && (item->low < -1e9 || item->high > 1e9))
        return bad_range(axis, item, "whole numbers have at most 9 digits", error);
    return 0;
}

static int add_item(struct axis *axis, const char *text, size_t length, struct error *error)
{
    struct axis_item *items = memory_resize(axis->items, axis->count + 1, sizeof *items);

    if (!items)
        return error_memory(error);
    axis->items = items;
    items[axis->count] = (struct axis_item){.text = memory_string_part(text, length)};
    if (!items[axis->count].text)
        return error_memory(error);
    axis->count++;
    if (length == 0)
        return error_set(error, ERROR_ARGUMENT, "%s=: a value is empty; write \"\" for an empty text",
                         axis->key);
    return take_range(axis, &items[axis->count - 1], error);
}

int axis_parse(struct axis *axis, const char *text, struct error *error)
{
    const char *equals = strchr(text, '='), *value = equals ? equals + 1 : text, *end;

    *axis = (struct axis){.key = memory_string_part(text, equals ? (size_t)(equals - text) : 0)};
    if (!axis->key)
        return error_memory(error);
    for (;; value = end + 1) {
        end = value_end(value);
        if (axis->count == AXIS_MOST_VALUES)
            return error_set(error, ERROR_ARGUMENT, "%s has more than %d values", axis->key,
                             (int)AXIS_MOST_VALUES);
        if (add_item(axis, value, (size_t)(end - value), error) != 0)
            return -1;
        if (!*end)
            return 0;
    }
}

void axis_finish(struct axis *axis)
{
    for (size_t i = 0; i < axis->count; i++)
        free(axis->items[i].text);
    free(axis->items);
    free(axis->key);
    *axis = (struct axis){0};
}

bool axis_varies(const struct axis *axis)
{
    return axis->count > 1 || (axis->count == 1 && axis->items[0].range);
}

/* ---- numbers ------------------------------------------------------------------------------------------- */

/* ratio^part, 0 <= part <= 1, by the binary digits of part: square roots and products have the same bits
 * everywhere, as pow() need not. */
static double power(double ratio, double part)
{
    double result = part >= 1 ? ratio : 1;

    for (int digit = 0; digit < 60 && part < 1; digit++) {
        ratio = sqrt(ratio);
        part *= 2;
        if (part >= 1) {
            result *= ratio;
            part -= 1;
        }
    }
    return result;
}

/* An end of the range is as it was written. */
static char *end_text(const struct axis_item *item, bool high)
{
    const char *dots = strstr(item->text, "..");

    return high ? memory_string_part(dots + 2, strcspn(dots + 2, "/"))
                : memory_string_part(item->text, (size_t)(dots - item->text));
}

/* The number that lies `part` of the way through the range, as text. Its rounding does not leave the range. */
static char *number_at(const struct axis_item *item, double part)
{
    const double number = item->logarithmic ? item->low * power(item->high / item->low, part)
                                            : item->low + part * (item->high - item->low);

    char *text = item->whole ? memory_format("%.0f", floor(number + 0.5)) : memory_format("%.4g", number);
    const double rounded = text ? strtod(text, NULL) : item->low;

    if (rounded >= item->low && rounded <= item->high)
        return text;
    free(text);
    return end_text(item, rounded > item->high);
}

static char *number_of(const struct axis_item *item, size_t i, size_t count)
{
    return i == 0 || i + 1 == count ? end_text(item, i > 0)
                                    : number_at(item, (double)i / (double)(count - 1));
}

/* How many numbers the range has in a grid; 0 after setting error. */
static size_t range_count(const struct axis *axis, const struct axis_item *item, struct error *error)
{
    const double between = item->high - item->low;

    if (item->count > 0 && item->whole && !item->logarithmic && fmod(between, (double)(item->count - 1)) != 0)
        bad_range(axis, item, "the steps are not whole numbers; for reals write 0.0..1.0/5", error);
    else if (item->count > 0 && item->whole && between + 1 < (double)item->count)
        bad_range(axis, item, "the range has fewer whole numbers", error);
    else if (item->count > 0)
        return item->count;
    else if (!item->whole || item->logarithmic)
        bad_range(axis, item, "how many numbers? as in 0.1..0.5/5, or 0.01..0.3/log5; or draw: --random N",
                  error);
    else if (between >= AXIS_MOST_VALUES)
        bad_range(axis, item, "the range has more than 10000 numbers", error);
    else
        return (size_t)between + 1;
    return 0;
}

/* ---- grid and draws ------------------------------------------------------------------------------------- */

static int add_value(char ***values, size_t *count, char *text, struct error *error)
{
    char **grown = text ? memory_resize(*values, *count + 1, sizeof *grown) : NULL;

    if (!grown) {
        free(text);
        error_memory(error);
        return -1;
    }
    *values = grown;
    grown[(*count)++] = text;
    return 0;
}

/* Adds the numbers of the range. Returns 0 or -1. */
static int add_range(const struct axis *axis, const struct axis_item *item, char ***values, size_t *count,
                     size_t numbers, struct error *error)
{
    for (size_t k = 0; k < numbers; k++) {
        if (add_value(values, count, number_of(item, k, numbers), error) != 0)
            return -1;
        if (k > 0 && strtod((*values)[*count - 1], NULL) <= strtod((*values)[*count - 2], NULL))
            return bad_range(axis, item, "rounded, some of its numbers are the same; ask for fewer", error);
    }
    return 0;
}

int axis_values(const struct axis *axis, char ***values, size_t *count, struct error *error)
{
    *values = NULL;
    *count = 0;
    for (size_t i = 0; i < axis->count; i++) {
        const struct axis_item *item = &axis->items[i];
        const size_t numbers = item->range ? range_count(axis, item, error) : 1;

        if (numbers == 0)
            return -1;
        if (*count + numbers > AXIS_MOST_VALUES)
            return error_set(error, ERROR_ARGUMENT, "%s has more than %d values", axis->key,
                             (int)AXIS_MOST_VALUES);
        if (item->range ? add_range(axis, item, values, count, numbers, error) != 0
                        : add_value(values, count, memory_string(item->text), error) != 0)
            return -1;
    }
    return 0;
}

/* Uniform in [0, 1), a multiple of 2^-53. */
static double unit(uint32_t high, uint32_t low)
{
    return ((double)(high >> 5) * 67108864.0 + (double)(low >> 6)) / 9007199254740992.0;
}

char *axis_draw(const struct axis *axis, uint64_t index, struct error *error)
{
    const struct axis_item *item;
    uint32_t words[4];
    double part;
    char *text;

    random_block_at(random_key(0, RANDOM_SWEEP, axis->key), index, words);
    item = &axis->items[(size_t)(unit(words[0], 0) * (double)axis->count)];
    part = unit(words[1], words[2]);
    if (!item->range)
        text = memory_string(item->text);
    else if (item->count > 0)
        text = number_of(item, (size_t)(part * (double)item->count), item->count);
    else if (item->whole && !item->logarithmic)
        text = memory_format("%.0f", item->low + floor(part * (item->high - item->low + 1)));
    else
        text = number_at(item, part);
    if (!text)
        error_memory(error);
    return text;
}
