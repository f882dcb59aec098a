/* pack_words.c: see pack_words.h. */
#include "cli/pack_words.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_SIDE = 4096, MOST_THREADS = 1024, MOST_TEXT = 15 };

/* A whole number up to `most` that begins the text; NULL if there is none, else what is behind it. */
static const char *read_number(const char *text, unsigned long most, unsigned long *number)
{
    char *end;

    if (*text < '0' || *text > '9')
        return NULL;
    errno = 0;
    *number = strtoul(text, &end, 10);
    return errno || *number > most ? NULL : end;
}

static int whole(const char *option, const char *text, unsigned long most, unsigned long *number,
                 struct error *error)
{
    const char *end = read_number(text, most, number);

    if (end && *end == '\0')
        return 0;
    return error_set(error, ERROR_ARGUMENT, "%s: expected a whole number from 0 to %lu, not \"%s\"", option,
                     most, text);
}

static int read_size(const char *text, struct pack_options *to, struct error *error)
{
    unsigned long height = 0, width = 0;
    const char *end = read_number(text, MOST_SIDE, &height);

    if (end && (*end == 'x' || *end == 'X'))
        end = read_number(end + 1, MOST_SIDE, &width);
    else
        end = NULL;
    if (!end || *end || height == 0 || width == 0)
        return error_set(error, ERROR_ARGUMENT,
                         "--size: expected HEIGHTxWIDTH, such as 28x28, each from 1 to %d, not \"%s\"",
                         (int)MOST_SIDE, text);
    to->height = height;
    to->width = width;
    return 0;
}

/* "0.2", whatever the locale says of points. */
static int read_test(const char *text, double *to, struct error *error)
{
    double value = 0, unit = 1;
    const char *at = text;
    bool any = false;

    for (; *at >= '0' && *at <= '9'; at++, any = true)
        value = 10 * value + (*at - '0');
    if (*at == '.')
        for (at++; *at >= '0' && *at <= '9'; at++, any = true) {
            value = 10 * value + (*at - '0');
            unit *= 10;
        }
    value /= unit;
    if (!any || *at || at - text > MOST_TEXT || value >= 1)
        return error_set(error, ERROR_ARGUMENT,
                         "--test: expected a number from 0 to below 1, such as 0.2, not \"%s\"", text);
    *to = value;
    return 0;
}

/* Those that exclude one another, or need one. */
static int check_pairs(const struct pack_words *words, struct error *error)
{
    if (words->grey && words->rgb)
        return error_set(error, ERROR_ARGUMENT, "--grey and --rgb exclude each other");
    if (words->fit && words->crop)
        return error_set(error, ERROR_ARGUMENT, "--fit and --crop exclude each other");
    if ((words->fit || words->crop) && !words->size)
        return error_set(error, ERROR_ARGUMENT, "%s needs --size", words->fit ? "--fit" : "--crop");
    return 0;
}

static int read_numbers(const struct pack_words *words, struct pack_options *to, struct error *error)
{
    unsigned long number = 0;

    if (words->size && read_size(words->size, to, error) != 0)
        return -1;
    if (words->test && read_test(words->test, &to->test, error) != 0)
        return -1;
    if (words->seed) {
        if (whole("--seed", words->seed, INT32_MAX, &number, error) != 0)
            return -1;
        to->seed = number;
    }
    if (words->first_label) {
        if (whole("--first-label", words->first_label, INT32_MAX, &number, error) != 0)
            return -1;
        to->first_label = (uint32_t)number;
        to->numbered = true;
    }
    if (words->threads) {
        if (whole("--threads", words->threads, MOST_THREADS, &number, error) != 0)
            return -1;
        to->threads = (unsigned)number;
    }
    return 0;
}

int pack_words_read(const struct options *options, struct pack_spec *spec, struct error *error)
{
    const struct pack_words *words = &options->pack;

    *spec = (struct pack_spec){.paths = options->subjects,
                               .path_count = options->subject_count,
                               .folder = options->output,
                               .unique = words->unique,
                               .skip_constant = words->skip_constant,
                               .over = words->force};
    spec->options = (struct pack_options){
        .colours = words->grey  ? PACK_GREY
                   : words->rgb ? PACK_RGB
                                : PACK_AS_IT_IS,
        .fitting = words->fit    ? PICTURE_FIT
                   : words->crop ? PICTURE_CROP
                                 : PICTURE_STRETCH,
        .test = -1,
        .seed = 1,
        .label = words->label,
        .header = options->header      ? PACK_HEADER_YES
                  : options->no_header ? PACK_HEADER_NO
                                       : PACK_HEADER_LOOK,
        .natural = words->natural,
        .skip_broken = words->skip_broken,
        .transpose = words->transpose,
    };
    return options_check_header(options, error) || check_pairs(words, error) ||
                   read_numbers(words, &spec->options, error)
               ? -1
               : 0;
}
