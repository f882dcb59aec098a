/* file_kind.c: see file_kind.h. */
#include "base/file_kind.h"

#include <string.h>

const char *file_kind(const void *bytes, size_t size)
{
    const unsigned char *begin = bytes;

    if (size >= 8 && memcmp(begin, "\x89PNG\r\n\x1a\n", 8) == 0)
        return "a PNG picture";
    if (size >= 2 && memcmp(begin, "\x1f\x8b", 2) == 0)
        return "a gzip file";
    if (size >= 4 && memcmp(begin, "\0\0\x08", 3) == 0 && begin[3] >= 1 && begin[3] <= 4)
        return "an IDX file";
    if (size >= 3 && begin[0] == 'P' && begin[1] >= '1' && begin[1] <= '6' && memchr(" \t\r\n#", begin[2], 5))
        return "a PNM picture";
    return NULL;
}
