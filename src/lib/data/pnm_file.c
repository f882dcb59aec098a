/* pnm_file.c: see pnm_file.h. */
#include "data/pnm_file.h"

#include <string.h>

#include "base/memory.h"

enum { MOST_VALUE = 65535 };

struct pnm {
    const char *name;
    const uint8_t *bytes;
    size_t size, at;
    bool text;
    size_t channels, width, height, most;
};

bool pnm_is(const uint8_t *bytes, size_t size)
{
    return size >= 2 && bytes[0] == 'P' && memchr("2356", bytes[1], 4);
}

static int pnm_error(const struct pnm *pnm, const char *reason, struct error *error)
{
    return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = pnm->name},
                        "is not a complete PGM or PPM file: %s", reason);
}

static bool is_blank(uint8_t byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static void skip_blanks(struct pnm *pnm)
{
    while (pnm->at < pnm->size && (is_blank(pnm->bytes[pnm->at]) || pnm->bytes[pnm->at] == '#'))
        if (pnm->bytes[pnm->at++] == '#')
            while (pnm->at < pnm->size && pnm->bytes[pnm->at] != '\n')
                pnm->at++;
}

static bool is_digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

/* A number low .. high with blanks before it; false if there is none. */
static bool read_number(struct pnm *pnm, size_t low, size_t high, size_t *number)
{
    size_t begin;

    skip_blanks(pnm);
    *number = 0;
    for (begin = pnm->at; pnm->at < pnm->size && is_digit(pnm->bytes[pnm->at]) && *number <= high; pnm->at++)
        *number = *number * 10 + (size_t)(pnm->bytes[pnm->at] - '0');
    return pnm->at > begin && *number >= low && *number <= high;
}

static int read_header(struct pnm *pnm, struct error *error)
{
    pnm->at = 2;
    pnm->text = pnm->bytes[1] < '5';
    pnm->channels = pnm->bytes[1] == '3' || pnm->bytes[1] == '6' ? 3 : 1;
    if (pnm->at == pnm->size || !(is_blank(pnm->bytes[pnm->at]) || pnm->bytes[pnm->at] == '#'))
        return pnm_error(pnm, "no space after its first two letters", error);
    if (!read_number(pnm, 1, PICTURE_MOST_PIXELS, &pnm->width) ||
        !read_number(pnm, 1, PICTURE_MOST_PIXELS, &pnm->height))
        return pnm_error(pnm, "width and height are not numbers from 1 to 67108864", error);
    if (!read_number(pnm, 1, MOST_VALUE, &pnm->most))
        return pnm_error(pnm, "the largest value is not a number from 1 to 65535", error);
    if (pnm->at == pnm->size || !is_blank(pnm->bytes[pnm->at++]))
        return pnm_error(pnm, "no space after its header", error);
    return 0;
}

/* What is left of the file must be able to hold the values: checked before memory is taken. */
static int check_size(const struct pnm *pnm, struct error *error)
{
    const size_t left = pnm->size - pnm->at;
    size_t values, bytes;

    if (!size_multiply(pnm->width, pnm->height, &values) || values > PICTURE_MOST_PIXELS)
        return 0; /* picture_make says so */
    values *= pnm->channels;
    bytes = pnm->text || pnm->most > 255 ? 2 * values : values;
    if (left + pnm->text < bytes)
        return pnm_error(pnm, "it ends too early", error);
    if (!pnm->text && left > bytes)
        return pnm_error(pnm, "there is something after the last pixel", error);
    return 0;
}

static int read_value(struct pnm *pnm, size_t *value, struct error *error)
{
    if (pnm->text) {
        if (!read_number(pnm, 0, pnm->most, value))
            return pnm_error(pnm, "a value is not a number up to the largest", error);
        return 0;
    }
    *value = pnm->bytes[pnm->at++];
    if (pnm->most > 255)
        *value = *value << 8 | pnm->bytes[pnm->at++];
    return *value <= pnm->most ? 0 : pnm_error(pnm, "a value is above the largest", error);
}

static int read_values(struct pnm *pnm, struct picture *picture, struct error *error)
{
    const size_t area = pnm->width * pnm->height;

    for (size_t i = 0; i < area; i++)
        for (size_t c = 0; c < pnm->channels; c++) {
            size_t value;
            if (read_value(pnm, &value, error) != 0)
                return -1;
            picture->pixels[c * area + i] = (uint8_t)((value * 255 + pnm->most / 2) / pnm->most);
        }
    skip_blanks(pnm);
    return pnm->text && pnm->at < pnm->size ? pnm_error(pnm, "there is something after the last pixel", error)
                                            : 0;
}

int pnm_read(struct picture *picture, const char *name, const uint8_t *bytes, size_t size,
             struct error *error)
{
    struct pnm pnm = {.name = name, .bytes = bytes, .size = size};

    *picture = (struct picture){0};
    return read_header(&pnm, error) != 0 || check_size(&pnm, error) != 0 ||
                   picture_make(picture, name, pnm.channels, pnm.height, pnm.width, error) != 0 ||
                   read_values(&pnm, picture, error) != 0
               ? -1
               : 0;
}
