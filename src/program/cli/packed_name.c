/* packed_name.c: see packed_name.h. */
#include "cli/packed_name.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

char *packed_name(const char *path)
{
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path, *dot = strrchr(base, '.');
    char *name = memory_string_part(base, dot && dot > base ? (size_t)(dot - base) : strlen(base));

    if (name)
        text_make_printable(name);
    if (name && (*name == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)) {
        free(name); /* a run folder cannot be called so */
        name = memory_string("packed");
    }
    return name;
}
