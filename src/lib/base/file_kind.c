/* file_kind.c: see file_kind.h. */
#include "base/file_kind.h"

#include <string.h>

const char *file_kind(const void *bytes, size_t size)
{
    static const struct {
        size_t length;
        const char *begin, *kind;
    } known[] = {
        {8, "\x89PNG\r\n\x1a\n", "a PNG picture"},
        {2, "\x1f\x8b", "a gzip file"},
        {4, "PK\3\4", "a ZIP archive"},
        {3, "\xff\xd8\xff", "a JPEG picture"},
        {4, "GIF8", "a GIF picture"},
        {6, "\x93NUMPY", "a NumPy array"},
        {4, "\x89HDF", "an HDF5 file"},
        {5, "%PDF-", "a PDF document"},
        {5, "<!DOC", "an HTML page"},
        {5, "<!doc", "an HTML page"},
        {5, "<html", "an HTML page"},
        {6, "\xfd\x37zXZ", "an xz file"},
        {3, "BZh", "a bzip2 file"},
        {4, "\x7f\x45LF", "a program or library"},
    };
    const unsigned char *begin = bytes;

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (size >= known[i].length && memcmp(begin, known[i].begin, known[i].length) == 0)
            return known[i].kind;
    if (size >= 4 && memcmp(begin, "\0\0\x08", 3) == 0 && begin[3] >= 1 && begin[3] <= 4)
        return "an IDX file";
    if (size >= 3 && begin[0] == 'P' && begin[1] >= '1' && begin[1] <= '6' && memchr(" \t\r\n#", begin[2], 5))
        return "a PNM picture";
    return NULL;
}
