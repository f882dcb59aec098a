/* idx_mapping.c: see idx_mapping.h. */
#include "pack/idx_mapping.h"

#include <stdlib.h>
#include <string.h>

#include "base/file_io.h"
#include "base/memory.h"

enum { MOST_BYTES = 1 << 16, MOST_LABEL = 255, FIRST_CODE = 33, LAST_CODE = 126 };

/* A number at *at, after blanks; -1: there is none. */
static long number(const char **at)
{
    char *end;
    long value;

    *at += strspn(*at, " \t");
    if (**at < '0' || **at > '9')
        return -1;
    value = strtol(*at, &end, 10);
    *at = end;
    return value;
}

/* One line; false: it is none of such a table. */
static bool take_line(struct idx_mapping *mapping, const char **at, struct error *error)
{
    const long label = number(at), code = number(at);
    char name[2];

    while (number(at) >= 0)
        ;
    *at += strspn(*at, " \t\r");
    if (label < 0 || label > MOST_LABEL || code < FIRST_CODE || code > LAST_CODE ||
        (**at != '\n' && **at != '\0') || mapping->names[label])
        return false;
    *at += strspn(*at, "\r\n");
    name[0] = (char)code;
    name[1] = '\0';
    mapping->names[label] = memory_string(name);
    if (!mapping->names[label])
        return error_memory(error), false;
    mapping->count = mapping->count > (size_t)label ? mapping->count : (size_t)label + 1;
    return true;
}

int idx_mapping_load(struct idx_mapping *mapping, const char *path, struct error *error)
{
    size_t size;
    char *text = file_load(path, MOST_BYTES, &size, error);
    const char *at = text;
    unsigned line = 1;

    *mapping = (struct idx_mapping){0};
    if (!text)
        return -1;
    mapping->names = calloc(MOST_LABEL + 1, sizeof *mapping->names);
    if (!mapping->names)
        error_memory(error);
    while (mapping->names && *at && take_line(mapping, &at, error))
        line++;
    if (mapping->names && *at && error->code == ERROR_NONE)
        error_set_at(error, ERROR_DATA, &(struct error_facts){.file = path, .line = line},
                     "expected a label, from 0 to %d, and the codes of its characters, as in \"10 65\"",
                     MOST_LABEL);
    free(text);
    return error->code == ERROR_NONE ? 0 : -1;
}

void idx_mapping_finish(struct idx_mapping *mapping)
{
    memory_free_each((void **)mapping->names, mapping->names ? MOST_LABEL + 1 : 0);
    *mapping = (struct idx_mapping){0};
}
