/* seed_list.c: see seed_list.h. */
#include "sweep/seed_list.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"

/* Digits, as a number of at most 31 bits; *text moves past them. */
static bool take_seed(const char **text, int32_t *seed)
{
    char *end;
    long value;

    if (**text < '0' || **text > '9')
        return false;
    value = strtol(*text, &end, 10);
    *text = end;
    *seed = (int32_t)value;
    return value <= INT32_MAX;
}

static int add(int32_t **seeds, size_t *count, int32_t seed, struct error *error)
{
    int32_t *grown;

    for (size_t i = 0; i < *count; i++)
        if ((*seeds)[i] == seed)
            return error_set(error, ERROR_ARGUMENT, "--seeds: %d stands there twice", (int)seed);
    if (*count == SEED_LIST_MOST)
        return error_set(error, ERROR_ARGUMENT, "--seeds: more than %d seeds", (int)SEED_LIST_MOST);
    grown = memory_resize(*seeds, *count + 1, sizeof *grown);
    if (!grown)
        return error_memory(error);
    grown[(*count)++] = seed;
    *seeds = grown;
    return 0;
}

int seed_list_parse(const char *text, int32_t **seeds, size_t *count, struct error *error)
{
    const char *at = text;
    int32_t first = 0, last;

    *seeds = NULL;
    *count = 0;
    for (;;) {
        bool fine = take_seed(&at, &first);
        last = first;
        if (fine && *at == '-') {
            at++;
            fine = take_seed(&at, &last) && last >= first;
        }
        if (!fine || (*at && *at != ','))
            return error_set(error, ERROR_ARGUMENT, "--seeds: expected seeds as 1-10 or 1,3,7-9, not \"%s\"",
                             text);
        for (int64_t seed = first; seed <= last; seed++)
            if (add(seeds, count, (int32_t)seed, error) != 0)
                return -1;
        if (!*at)
            return 0;
        at++;
    }
}
