/* class_names.c: see class_names.h. */
#include "pack/class_names.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { FIRST_PLACES = 64 };

void class_names_finish(struct class_names *names)
{
    memory_free_each((void **)names->name, names->count);
    free(names->places);
    *names = (struct class_names){0};
}

/* FNV-1a. */
static size_t hash(const char *text, size_t length)
{
    uint64_t h = 14695981039346656037u;

    for (size_t i = 0; i < length; i++)
        h = (h ^ (unsigned char)text[i]) * 1099511628211u;
    return (size_t)(h ^ h >> 32);
}

/* Where the name is, or would be. */
static uint32_t *find(const struct class_names *names, const char *text, size_t length)
{
    size_t at = hash(text, length) & (names->place_count - 1);

    for (;; at = (at + 1) & (names->place_count - 1)) {
        const char *name = names->places[at] ? names->name[names->places[at] - 1] : NULL;
        if (!name || (strncmp(name, text, length) == 0 && name[length] == '\0'))
            return &names->places[at];
    }
}

/* Room for one more name: at most half of the places are taken. */
static int grow(struct class_names *names)
{
    const size_t count = names->place_count ? 2 * names->place_count : FIRST_PLACES;
    uint32_t *places, *old = names->places;
    char **name;

    if (2 * (names->count + 1) <= names->place_count)
        return 0;
    name = memory_resize(names->name, count / 2, sizeof *name);
    if (!name)
        return -1;
    names->name = name;
    places = calloc(count, sizeof *places);
    if (!places)
        return -1;
    names->places = places;
    names->place_count = count;
    for (size_t i = 0; i < names->count; i++)
        *find(names, name[i], strlen(name[i])) = (uint32_t)i + 1;
    free(old);
    return 0;
}

int class_names_number(struct class_names *names, const char *text, size_t length, uint32_t *number)
{
    uint32_t *place;

    if (length > CLASS_NAME_MOST)
        return 1;
    if (grow(names) != 0)
        return -1;
    place = find(names, text, length);
    if (*place == 0) {
        if (names->count == CLASS_NAMES_MOST)
            return 1;
        names->name[names->count] = memory_string_part(text, length);
        if (!names->name[names->count])
            return -1;
        *place = (uint32_t)++names->count;
    }
    *number = *place - 1;
    return 0;
}

int class_names_whole(struct class_names *names, int64_t value, uint32_t *number)
{
    char text[32];
    const int length = snprintf(text, sizeof text, "%" PRId64, value);

    return class_names_number(names, text, length > 0 ? (size_t)length : 0, number);
}
