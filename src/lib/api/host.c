/* host.c: see host.h. */
#include "api/host.h"

void host_enter(struct host *host)
{
    fegetenv(&host->floating);
    fesetenv(FE_DFL_ENV);
}

void host_leave(const struct host *host)
{
    fesetenv(&host->floating);
}
