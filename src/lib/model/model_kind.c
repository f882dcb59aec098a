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

    return model_kind(begin, model_file_begin(path, begin));
}

size_t model_file_begin(const char *path, char bytes[MODEL_BEGINNING])
{
    /* O_NONBLOCK: a pipe of that name must not hang us before we see what it is. */
    const int fd = file_open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
    struct stat status;
    size_t all = 0;
    ssize_t got = 0;

    if (fd < 0)
        return 0;
    if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode))
        do {
            got = read(fd, bytes + all, MODEL_BEGINNING - all);
            all += got > 0 ? (size_t)got : 0;
        } while (all < MODEL_BEGINNING && (got > 0 || (got < 0 && errno == EINTR)));
    close(fd);
    return got < 0 ? 0 : all;
}
