/* path_look.c: see path_look.h. */
#include "pack/path_look.h"

#include <string.h>
#include <sys/stat.h>

#include "base/file_io.h"
#include "base/memory.h"
#include "data/inflate_stream.h"

int path_look(const char *path, void *begin, size_t size, size_t *got, struct error *error)
{
    struct inflate_stream *stream;
    struct stat status;
    int result;

    *got = 0;
    if (stat(path, &status) != 0)
        return file_read_failed(path, ERROR_DATA, error);
    if (S_ISDIR(status.st_mode))
        return 0;
    stream = inflate_stream_open(path, error);
    result = stream && inflate_stream_read(stream, begin, size, got, error) == 0 ? 1 : -1;
    inflate_stream_close(stream);
    return result;
}

bool path_is_file(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

char *path_beside(const char *file, const char *name)
{
    const char *slash = strrchr(file, '/');

    return memory_format("%.*s%s", slash ? (int)(slash + 1 - file) : 0, file, name);
}
