/* model_kind.c: see model_kind.h. */
#include "model/model_kind.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file_io.h"
#include "checkpoint/safetensors_read.h"
#include "config/config.h"

enum model_kind model_kind(const void *bytes, size_t size)
{
    if (safetensors_begins(bytes, size))
        return MODEL_CHECKPOINT;
    return config_begins(bytes, size) ? MODEL_CONFIG : MODEL_ANY;
}

enum model_kind model_file_kind(const char *path)
{
    char begin[MODEL_BEGINNING];
    size_t size;

    return model_file_begin(path, begin, &size) == 0 ? model_kind(begin, size) : MODEL_ANY;
}

int model_file_begin(const char *path, char bytes[MODEL_BEGINNING], size_t *size)
{
    /* O_NONBLOCK: a pipe of that name must not hang us before we see what it is. */
    const int fd = file_open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
    struct stat status;
    ssize_t got = 0;
    int kept;

    *size = 0;
    if (fd < 0)
        return -1;
    if (fstat(fd, &status) != 0)
        got = -1;
    else if (S_ISREG(status.st_mode))
        do {
            got = read(fd, bytes + *size, MODEL_BEGINNING - *size);
            *size += got > 0 ? (size_t)got : 0;
        } while (*size < MODEL_BEGINNING && (got > 0 || (got < 0 && errno == EINTR)));
    kept = errno;
    close(fd);
    errno = kept;
    return got < 0 ? -1 : 0;
}
