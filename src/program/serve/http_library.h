/* http_library.h: libmicrohttpd, which a server loads when it starts. Linked, it would bring GnuTLS and what that
 * needs into every command. */
#ifndef SERVE_HTTP_LIBRARY_H
#define SERVE_HTTP_LIBRARY_H

#include <microhttpd.h>
#include <stdbool.h>

#include "base/error.h"

/* Every function of it that is used, without MHD_. */
#define HTTP_FUNCTIONS(each)                                                                                 \
    each(add_connection) each(add_response_header) each(create_response_from_buffer) each(destroy_response)  \
        each(get_connection_info) each(get_connection_values) each(get_version)                              \
            each(lookup_connection_value) each(queue_response) each(quiesce_daemon) each(resume_connection)  \
                each(start_daemon) each(stop_daemon) each(suspend_connection)

#define HTTP_MEMBER(name) __typeof__(MHD_##name) *name;
struct http {
    HTTP_FUNCTIONS(HTTP_MEMBER)
    bool
        lax; /* it ends a header at a NUL, and takes lines that are folded or end without CR: it is older than 0.9.77 */
};
#undef HTTP_MEMBER

/* Returns 0 or -1. The library stays loaded: GnuTLS leaves state in the process. [setup] */
int http_load(struct http *http, struct error *error);
#endif
