/* request.c: see request.h. */
#include "serve/request.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "serve/limits.h"

enum { FIRST_ROOM = 1 << 14 };

struct request *request_create(const struct http *http, struct MHD_Connection *connection, struct room *all)
{
    struct connection *client_connection =
        http->get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
    struct request *request = client_connection ? memory_array(1, sizeof *request) : NULL;

    if (!request)
        return NULL;
    request->http = http;
    request->connection = connection;
    request->client_connection = client_connection;
    request->all = all;
    return request;
}

/* ---- room -------------------------------------------------------------------------------------------- */

bool request_hold(struct request *request, size_t bytes)
{
    struct client *client = request->client_connection->client;
    struct room *all = request->all;

    if (bytes > all->most - all->held || bytes > all->most / LIMIT_HELD_SHARE - client->held)
        return false;
    all->held += bytes;
    client->held += bytes;
    request->held += bytes;
    return true;
}

static void release(struct request *request)
{
    request->all->held -= request->held;
    request->client_connection->client->held -= request->held;
    request->held = 0;
}

/* ---- the body ---------------------------------------------------------------------------------------- */

static void drop_body(struct request *request)
{
    free(request->body);
    release(request);
    request->body = NULL;
    request->size = request->room = 0;
}

void request_destroy(struct request *request)
{
    if (!request)
        return;
    drop_body(request);
    free(request->question.answer);
    free(request);
}

unsigned long long request_announced(struct request *request)
{
    const char *text =
        request->http->lookup_connection_value(request->connection, MHD_HEADER_KIND, "Content-Length");
    const unsigned long long length = text ? strtoull(text, NULL, 10) : 0;

    if (length > LIMIT_BODY_BYTES)
        request->refusal = REQUEST_TOO_LONG;
    return length;
}

/* Bytes of a body's memory beyond what every connection may have. */
static size_t beyond_small(size_t room)
{
    return room > LIMIT_SMALL_BODY ? room - LIMIT_SMALL_BODY : 0;
}

static enum request_refusal grow(struct request *request, size_t size)
{
    size_t room = request->room ? request->room : FIRST_ROOM;
    char *body;

    while (room < size)
        room *= 2;
    if (!request_hold(request, beyond_small(room) - beyond_small(request->room)))
        return REQUEST_TOO_MANY;
    body = memory_resize(request->body, room, 1);
    if (!body)
        return REQUEST_NO_MEMORY;
    request->body = body;
    request->room = room;
    return REQUEST_FINE;
}

int request_take(struct request *request, const char *bytes, size_t size)
{
    if (request->refusal == REQUEST_FINE && size > LIMIT_BODY_BYTES - request->size)
        request->refusal = REQUEST_TOO_LONG;
    if (request->refusal == REQUEST_FINE && request->size + size > request->room)
        request->refusal = grow(request, request->size + size);
    if (request->refusal != REQUEST_FINE) {
        drop_body(request);
        request->refused_bytes += size;
        return request->refused_bytes > LIMIT_REFUSED_BYTES ? -1 : 0;
    }
    memcpy(request->body + request->size, bytes, size);
    request->size += size;
    return 0;
}
