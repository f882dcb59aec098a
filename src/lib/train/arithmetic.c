/* arithmetic.c: see arithmetic.h.
 *
 * 1: 0.1.0.
 * 2: 1 - beta1, 1 - beta2 and AdamW's rate * decay are computed in double and rounded once; averages of Adam and
 *    AdamW weigh the difference with them; clipping rounds the gradient's factor once.
 * 3: explicit flushing; convolutions with fewer multiplications.
 * 4: those of few channels, too, in forward. */
#include "train/arithmetic.h"

#include <stdbool.h>
#include <string.h>

#include "net/plugin.h"

const char *arithmetic_text(unsigned level)
{
    return plugin_level_has_fma(level) ? "fma 4" : "two roundings 4";
}

/* The length of what stands before the number, and the number, which is 1 if there is none. */
static size_t split(const char *text, const char **number)
{
    const char *space = strrchr(text, ' ');
    const bool numbered = space && space[1] && strspn(space + 1, "0123456789") == strlen(space + 1);

    *number = numbered ? space + 1 : "1";
    return numbered ? (size_t)(space - text) : strlen(text);
}

int arithmetic_check(const char *was, unsigned level, const char *file, struct error *error)
{
    const char *is = arithmetic_text(level), *was_number, *is_number;
    const size_t was_kind = split(was, &was_number), is_kind = split(is, &is_number);
    const struct error_facts facts = {.file = file, .advice = ADVICE_OTHER_ARITHMETIC};

    if (was_kind != is_kind || memcmp(was, is, is_kind) != 0)
        return error_set_at(error, ERROR_CONFIG, &facts,
                            "was trained with %.*s arithmetic; this is %.*s: the bits would differ",
                            (int)was_kind, was, (int)is_kind, is);
    if (strcmp(was_number, is_number) != 0)
        return error_set_at(
            error, ERROR_CONFIG, &facts,
            "was trained with arithmetic number %s; this nnrun has number %s%s: the bits may differ",
            was_number, is_number,
            strcmp(was_number, "1") == 0 ? ", whose Adam, AdamW and clipping are more exact" : "");
    return 0;
}
