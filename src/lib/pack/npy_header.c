/* npy_header.c: see npy_header.h. */
#include "pack/npy_header.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

/* ---- the first bytes ----------------------------------------------------------------------------------- */

int npy_begin_read(const uint8_t begin[NPY_BEGIN], size_t *before, size_t *text, struct error *error)
{
    const unsigned major = begin[6];
    size_t at = 10;

    if (memcmp(begin, "\x93NUMPY", 6) != 0)
        return error_set(error, ERROR_DATA, "is not a NumPy array");
    if (major < 1 || major > 3)
        return error_set(error, ERROR_DATA, "is a NumPy array of version %u, expected 1 to 3", major);
    *text = (size_t)begin[8] | (size_t)begin[9] << 8;
    if (major > 1) {
        at = 12;
        *text |= (size_t)begin[10] << 16 | (size_t)begin[11] << 24;
    }
    if (*text < NPY_BEGIN || *text > NPY_MOST_TEXT)
        return error_set(error, ERROR_DATA, "announces a header of %zu bytes, expected %d to %d", *text,
                         NPY_BEGIN, NPY_MOST_TEXT);
    *before = at + *text;
    return 0;
}

/* ---- the text ------------------------------------------------------------------------------------------ */

struct text {
    const char *at, *end;
};

static void skip_blanks(struct text *text)
{
    while (text->at < text->end && strchr(" \t\r\n", *text->at) && *text->at)
        text->at++;
}

/* Takes that character, after blanks. */
static bool take(struct text *text, char c)
{
    skip_blanks(text);
    if (text->at == text->end || *text->at != c)
        return false;
    text->at++;
    return true;
}

static bool take_word(struct text *text, const char *word)
{
    const size_t length = strlen(word);

    skip_blanks(text);
    if ((size_t)(text->end - text->at) < length || memcmp(text->at, word, length) != 0)
        return false;
    text->at += length;
    return true;
}

/* A string in quotes of either kind, without escapes. */
static bool take_string(struct text *text, const char **begin, size_t *length)
{
    const char *close;

    skip_blanks(text);
    if (text->at == text->end || (*text->at != '\'' && *text->at != '"'))
        return false;
    *begin = text->at + 1;
    close = memchr(*begin, *text->at, (size_t)(text->end - *begin));
    if (!close)
        return false;
    *length = (size_t)(close - *begin);
    text->at = close + 1;
    return true;
}

static int fail_header(struct error *error)
{
    return error_set(error, ERROR_DATA,
                     "its header is not a dictionary of 'descr', 'fortran_order' and 'shape'");
}

/* '<f4', '|u1'. */
static int read_type(struct npy_header *header, struct text *text, struct error *error)
{
    const char *type;
    size_t length;

    if (!take_string(text, &type, &length))
        return error_set(error, ERROR_DATA, "holds records of several fields, expected numbers");
    if (length >= 2 && (type[1] == 'O' || type[1] == 'U' || type[1] == 'S' || type[1] == 'V'))
        return error_set(error, ERROR_DATA, "holds %s, expected numbers",
                         type[1] == 'O' ? "Python objects" : "texts");
    header->kind = length == 3 ? type[1] : 0;
    header->value_bytes = length == 3 && type[2] > '0' && type[2] <= '9' ? (size_t)(type[2] - '0') : 0;
    if (length == 3 && type[0] == '>' && header->value_bytes > 1)
        return error_set(error, ERROR_DATA, "holds big-endian numbers (%.*s), expected little-endian ones",
                         (int)length, type);
    if (length != 3 || !strchr("<|=>", type[0]) || !strchr("buif", type[1]) || !strchr("1248", type[2]) ||
        (type[1] == 'b' && type[2] != '1') || (type[1] == 'f' && type[2] == '1'))
        return error_set(error, ERROR_DATA,
                         "holds values of type \"%.*s\", expected whole numbers or floats of 1 to 8 bytes",
                         length < 20 ? (int)length : 20, type);
    return 0;
}

static int read_order(struct text *text, struct error *error)
{
    if (take_word(text, "False"))
        return 0;
    if (take_word(text, "True"))
        return error_set(error, ERROR_DATA,
                         "is in Fortran's order; save it with numpy.ascontiguousarray, in C's order");
    return fail_header(error);
}

static int read_shape(struct npy_header *header, struct text *text, struct error *error)
{
    if (!take(text, '('))
        return fail_header(error);
    for (header->rank = 0; !take(text, ')'); header->rank++) {
        size_t value = 0, digits = 0;
        skip_blanks(text);
        for (; text->at < text->end && *text->at >= '0' && *text->at <= '9'; text->at++, digits++)
            value = value <= NPY_MOST_DIMENSION ? 10 * value + (size_t)(*text->at - '0') : value;
        take(text, 'L'); /* of Python 2 */
        if (digits == 0 || (!take(text, ',') && (text->at == text->end || *text->at != ')')))
            return fail_header(error);
        if (value > NPY_MOST_DIMENSION)
            return error_set(error, ERROR_DATA, "has a dimension above %d", NPY_MOST_DIMENSION);
        if (header->rank == NPY_MOST_RANK)
            return error_set(error, ERROR_DATA, "has more than %d dimensions", NPY_MOST_RANK);
        header->dimension[header->rank] = value;
    }
    return 0;
}

static int read_entry(struct npy_header *header, struct text *text, unsigned *seen, struct error *error)
{
    static const char *const keys[] = {"descr", "fortran_order", "shape"};
    const char *key;
    size_t length;
    unsigned k = 0;

    if (!take_string(text, &key, &length) || !take(text, ':'))
        return fail_header(error);
    while (k < 3 && (strlen(keys[k]) != length || memcmp(keys[k], key, length) != 0))
        k++;
    if (k == 3 || *seen >> k & 1)
        return fail_header(error);
    *seen |= 1u << k;
    return k == 0   ? read_type(header, text, error)
           : k == 1 ? read_order(text, error)
                    : read_shape(header, text, error);
}

int npy_text_read(struct npy_header *header, const char *string, size_t length, struct error *error)
{
    struct text text = {string, string + length};
    unsigned seen = 0;

    *header = (struct npy_header){0};
    if (!take(&text, '{'))
        return fail_header(error);
    while (!take(&text, '}')) {
        if (read_entry(header, &text, &seen, error) != 0)
            return -1;
        skip_blanks(&text);
        if (!take(&text, ',') && (text.at == text.end || *text.at != '}'))
            return fail_header(error);
    }
    skip_blanks(&text);
    return seen == 7 && text.at == text.end ? 0 : fail_header(error);
}

/* ---- values -------------------------------------------------------------------------------------------- */

static uint64_t read_bits(const uint8_t *bytes, size_t count)
{
    uint64_t bits = 0;

    for (size_t i = count; i-- > 0;)
        bits = bits << 8 | bytes[i];
    return bits;
}

static double half(uint64_t bits)
{
    const int exponent = (int)(bits >> 10 & 31);
    const double fraction = (double)(bits & 1023);
    double value = exponent == 0 ? ldexp(fraction, -24) : ldexp(fraction + 1024, exponent - 25);

    if (exponent == 31)
        value = fraction > 0 ? (double)NAN : (double)INFINITY;
    return bits >> 15 & 1 ? -value : value;
}

static double floating(uint64_t bits, size_t bytes)
{
    const uint32_t low = (uint32_t)bits;
    double value;
    float single;

    if (bytes == 2)
        return half(bits);
    if (bytes == 4) {
        memcpy(&single, &low, sizeof single);
        return (double)single;
    }
    memcpy(&value, &bits, sizeof value);
    return value;
}

double npy_value(const struct npy_header *header, const uint8_t *bytes, size_t i)
{
    const size_t size = header->value_bytes;
    const uint64_t bits = read_bits(bytes + i * size, size),
                   sign = size > 0 ? (uint64_t)1 << (8 * size - 1) : 0;

    if (header->kind == 'f')
        return floating(bits, size);
    if (header->kind == 'i')
        return (double)(int64_t)((bits ^ sign) - sign);
    return (double)bits;
}
