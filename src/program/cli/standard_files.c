/* standard_files.c: see standard_files.h. */
#include "cli/standard_files.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int standard_files_take(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        /* The lowest number that is free is fd. O_PATH: neither to be read nor to be written; there is always a root. */
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF && open("/", O_PATH) < 0)
            return -1;
    return 0;
}
