/* host.h: whom a request is meant for. */
#ifndef SERVE_HOST_H
#define SERVE_HOST_H

#include <stdbool.h>

/* True of what follows "Host:" if it is localhost or an address in numbers, with or without a port. Another
 * name may be that of a foreign page, which its own name server sends here (DNS rebinding). */
bool host_is_local(const char *host);

/* False of a target "http://host/path" whose host is another. */
bool host_target_is_local(const char *target);

/* The path of a request's target: what is behind the host of "http://host/path", else all of it. */
const char *host_path(const char *target);
#endif
