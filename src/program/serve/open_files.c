/* open_files.c: see open_files.h. */
#include "serve/open_files.h"

#include <sys/resource.h>

#include "serve/limits.h"

enum { ALL = LIMIT_CONNECTIONS + LIMIT_ENDING, LEAST = 8 };

struct open_files open_files_share(unsigned long files)
{
    const unsigned long left = files > LEAST + LIMIT_OTHER_FILES ? files - LIMIT_OTHER_FILES : LEAST;
    const unsigned all = left < ALL ? (unsigned)left : ALL;
    const unsigned connections = all * LIMIT_CONNECTIONS / ALL;

    return (struct open_files){connections, all - connections};
}

struct open_files open_files_begin(void)
{
    const rlim_t wanted = ALL + LIMIT_OTHER_FILES;
    struct rlimit limit, raised;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return open_files_share(wanted);
    raised = limit;
    if (limit.rlim_cur < wanted)
        raised.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
    if (raised.rlim_cur > limit.rlim_cur && setrlimit(RLIMIT_NOFILE, &raised) == 0)
        limit = raised;
    return open_files_share(limit.rlim_cur < wanted ? limit.rlim_cur : wanted);
}
