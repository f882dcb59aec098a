/* server.c: see server.h. */
#include "serve/server.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "serve/answer.h"
#include "serve/asker.h"
#include "serve/clients.h"
#include "serve/host.h"
#include "serve/limits.h"
#include "serve/listener.h"
#include "serve/model_json.h"
#include "serve/open_files.h"
#include "serve/pages.h"
#include "serve/predict_route.h"
#include "serve/server_memory.h"

enum { FIXED = 5 }; /* answers that stay the same */

struct server {
    struct http http;
    struct asker *asker;
    struct open_files files;
    struct clients clients;
    struct MHD_Daemon *daemon;
    struct question_limits limits;
    int listener; /* from before the daemon until after it */
    /* of the daemon's thread */
    struct room room;
    unsigned open, taken; /* connections; of those that were accepted here, how many it has not begun */
    char url[LISTENER_URL];
    struct {
        const char *path;
        struct MHD_Response *response;
    } fixed[FIXED];
};

static struct MHD_Response *health(struct server *server)
{
    return answer_json(&server->http, question_json_text(json_pack(
                                          "{s:s, s:s, s:I, s:I}", "status", "ok", "version", NNRUN_VERSION,
                                          "answered", (json_int_t)asker_answered(server->asker), "waiting",
                                          (json_int_t)asker_waiting(server->asker))));
}

/* Of a path whose methods are others. */
static enum MHD_Result send_not_allowed(const struct request *request, const char *allowed)
{
    char reason[64];
    struct MHD_Response *response;

    snprintf(reason, sizeof reason, "the method: expected %s", allowed);
    response = answer_error(request->http, reason);
    if (response)
        request->http->add_response_header(response, "Allow", allowed);
    return answer_send(request->http, request->connection, MHD_HTTP_METHOD_NOT_ALLOWED, response);
}

/* The answer that always stays the same; NULL: there is none for that path. */
static struct MHD_Response *find_fixed(const struct server *server, const char *path)
{
    for (size_t i = 0; i < FIXED; i++)
        if (strcmp(server->fixed[i].path, path) == 0)
            return server->fixed[i].response;
    return NULL;
}

static int descriptor_of(const struct server *server, struct MHD_Connection *connection)
{
    return server->http.get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
}

/* Of a request for another host, by its header or by its target, that came to an address of this machine alone. */
static bool is_misdirected(const struct server *server, const struct request *request)
{
    const char *host = server->http.lookup_connection_value(request->connection, MHD_HEADER_KIND, "Host");

    return ((host && !host_is_local(host)) || request->foreign) &&
           listener_is_local(descriptor_of(server, request->connection));
}

/* The request is there, with its body. */
static enum MHD_Result route(struct server *server, struct request *request, const char *path,
                             const char *method)
{
    struct MHD_Response *fixed = find_fixed(server, path);
    const bool is_health = strcmp(path, "/healthz") == 0;

    if (is_misdirected(server, request))
        return answer_send(
            request->http, request->connection, MHD_HTTP_MISDIRECTED_REQUEST,
            answer_error(request->http, "the Host header: expected localhost or an address in numbers"));
    if (strcmp(path, "/predict") == 0)
        return strcmp(method, MHD_HTTP_METHOD_POST) == 0
                   ? predict_route(request, &server->limits, server->asker, &server->clients)
                   : send_not_allowed(request, MHD_HTTP_METHOD_POST);
    if (!fixed && !is_health)
        return answer_send(
            request->http, request->connection, MHD_HTTP_NOT_FOUND,
            answer_error(request->http, "no such path: expected /, /predict, /model or /healthz"));
    if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
        return send_not_allowed(request, "GET, HEAD");
    return is_health ? answer_send(request->http, request->connection, MHD_HTTP_OK, health(server))
                     : server->http.queue_response(request->connection, MHD_HTTP_OK, fixed);
}

/* What comes before is known to be the target alone. NULL, when out of memory, ends the connection below. */
static void *on_target(void *arg, const char *target, struct MHD_Connection *connection)
{
    struct server *server = arg;
    struct request *request = request_create(&server->http, connection, &server->room);

    if (request) {
        clients_set(&server->clients, request->client_connection, CONNECTION_SENDS);
        request->fault = strict_target(target);
        request->target_bytes = strlen(target);
        request->foreign = !host_target_is_local(target);
    }
    return request;
}

/* Ends the connection after the answer: where the next request begins is in doubt. */
static enum MHD_Result send_fault(const struct request *request, const struct strict_fault *fault)
{
    struct MHD_Response *response = answer_error(request->http, fault->reason);

    if (response)
        request->http->add_response_header(response, "Connection", "close");
    return answer_send(request->http, request->connection, fault->status, response);
}

/* The headers are there. A body that is too long is refused at once if the client waits to hear so before it
 * sends it, or if it would not be passed over anyway; other clients may not listen before they have sent it. */
static enum MHD_Result begin_request(struct request *request, const struct strict_line *line)
{
    struct strict_fault fault = request->fault;
    unsigned long long length;

    request->begun = true;
    if (!fault.status)
        fault = strict_headers(request->http, request->connection, line);
    if (fault.status)
        return send_fault(request, &fault);
    length = request_announced(request);
    if (request->refusal == REQUEST_FINE)
        return MHD_YES;
    if (length > LIMIT_REFUSED_BYTES ||
        request->http->lookup_connection_value(request->connection, MHD_HEADER_KIND, "Expect"))
        return predict_route_refuse(request);
    return MHD_YES;
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *connection, const char *path,
                                  const char *method, const char *version, const char *bytes, size_t *size,
                                  void **slot)
{
    struct server *server = arg;
    struct request *request = *slot;
    enum MHD_Result result;

    (void)connection;
    if (!request)
        return MHD_NO;
    if (!request->begun)
        return begin_request(request, &(struct strict_line){method, path, version, request->target_bytes});
    if (*size > 0) {
        const int failed = request_take(request, bytes, *size);
        *size = 0;
        return failed ? MHD_NO : MHD_YES;
    }
    if (request->asked) { /* and answered: the connection goes on */
        clients_set(&server->clients, request->client_connection, CONNECTION_READS);
        return predict_route_answer(request);
    }
    result = route(server, request, host_path(path), method);
    if (!request->asked)
        clients_set(&server->clients, request->client_connection, CONNECTION_READS);
    return result;
}

static void on_completed(void *arg, struct MHD_Connection *connection, void **slot,
                         enum MHD_RequestTerminationCode why)
{
    struct server *server = arg;
    struct request *request = *slot;

    (void)connection, (void)why;
    if (request)
        clients_set(&server->clients, request->client_connection, CONNECTION_SENDS);
    request_destroy(request);
    *slot = NULL;
}

/* libmicrohttpd accepts one connection each time round: who opens and closes them without end would keep the
 * others waiting behind thousands. So whenever it does, those that wait are taken, too, as far as there is room;
 * it begins them the next time round. */
static void accept_waiting(struct server *server, struct MHD_Connection *connection)
{
    struct MHD_Daemon *daemon =
        server->http.get_connection_info(connection, MHD_CONNECTION_INFO_DAEMON)->daemon;
    const unsigned most = server->files.connections + server->files.ending;

    while (server->taken < LIMIT_ACCEPTED && server->open + server->taken < most) {
        struct sockaddr_storage address = {0};
        socklen_t length = sizeof address;
        const int fd =
            accept4(server->listener, (struct sockaddr *)&address, &length, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd < 0) /* none waits, or it cannot be taken now */
            return;
        if (server->http.add_connection(daemon, fd, (struct sockaddr *)&address, length) == MHD_YES)
            server->taken++; /* else it was closed */
    }
}

static void on_connection(void *arg, struct MHD_Connection *connection, void **slot,
                          enum MHD_ConnectionNotificationCode code)
{
    struct server *server = arg;

    if (code != MHD_CONNECTION_NOTIFY_STARTED) {
        server->open--;
        if (*slot)
            clients_remove(&server->clients, *slot);
        return;
    }
    *slot = clients_add(
        &server->clients, descriptor_of(server, connection),
        server->http.get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr);
    server->open++;
    if (server->taken > 0)
        server->taken--;
    else
        accept_waiting(server, connection);
}

/* ---- beginning and end ------------------------------------------------------------------------------- */

static int make_fixed(struct server *server, const nnrun_model *model, const char *checkpoint,
                      struct error *error)
{
    const struct {
        const char *path;
        struct MHD_Response *response;
    } made[FIXED] = {{"/", answer_lines(&server->http, page_html, "text/html; charset=utf-8")},
                     {"/page.css", answer_lines(&server->http, page_css, "text/css; charset=utf-8")},
                     {"/page.js", answer_lines(&server->http, page_js, "text/javascript; charset=utf-8")},
                     {"/icon.svg", answer_lines(&server->http, page_svg, "image/svg+xml")},
                     {"/model", answer_json(&server->http, model_json(model, checkpoint))}};
    int failed = 0;

    for (size_t i = 0; i < FIXED; i++) {
        server->fixed[i].path = made[i].path;
        server->fixed[i].response = made[i].response;
        failed = made[i].response ? failed : error_memory(error);
    }
    return failed;
}

/* Versions that are not lax are as strict as they can be; older ones, asked for that, end some connections without an
 * answer. With poll: with epoll an end that comes with the last bytes of a request is not heard of. */
static int start_daemon(struct server *server, struct error *error)
{
    int reason;

    errno = 0;
    server->daemon = server->http.start_daemon(
        MHD_USE_POLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, on_request, server,
        MHD_OPTION_LISTEN_SOCKET, server->listener, MHD_OPTION_NOTIFY_COMPLETED, on_completed, server,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, server, MHD_OPTION_URI_LOG_CALLBACK, on_target, server,
        MHD_OPTION_CONNECTION_LIMIT, server->files.connections + server->files.ending,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)LIMIT_HEADER_BYTES, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)LIMIT_IDLE_SECONDS, MHD_OPTION_STRICT_FOR_CLIENT, (int)!server->http.lax, MHD_OPTION_END);
    if (server->daemon)
        return 0;
    reason = errno;
    close(server->listener);
    return error_set(error, ERROR_FAILED, "cannot start the HTTP server: %s", strerror(reason));
}

static int open_server(struct server *server, const nnrun_model *model, const struct server_options *options,
                       struct error *error)
{
    server->limits = question_limits(model);
    server->room.most = server_memory_room(&server->limits);
    if (server_memory_check(model, options->threads, &server->limits, error) != 0 ||
        http_load(&server->http, error) != 0 || make_fixed(server, model, options->checkpoint, error) != 0)
        return -1;
    server->asker = asker_create(model, options->threads, error);
    if (!server->asker)
        return -1;
    server->listener = listener_open(options->address, options->port, server->url, error);
    return server->listener < 0 ? -1 : start_daemon(server, error);
}

struct server *server_start(const nnrun_model *model, const struct server_options *options,
                            struct error *error)
{
    struct server *server = memory_array(1, sizeof *server);

    if (!server) {
        error_memory(error);
        return NULL;
    }
    server->files = open_files_begin();
    clients_init(&server->clients, server->files.connections);
    if (open_server(server, model, options, error) == 0)
        return server;
    server_stop(server);
    return NULL;
}

const char *server_url(const struct server *server)
{
    return server->url;
}

void server_look(struct server *server)
{
    clients_cut(&server->clients, LIMIT_SLOW_SECONDS);
}

/* Until no client is served any more, for so many seconds at most. */
static void wait_served(struct server *server, double seconds)
{
    const double until = clock_seconds() + seconds;
    const struct timespec moment = {.tv_nsec = 2000000};

    while (clients_any_served(&server->clients) && clock_seconds() < until)
        nanosleep(&moment, NULL);
}

/* The daemon's thread may still look at the listening socket until it has stopped, so that is closed last. */
void server_stop(struct server *server)
{
    const int listener = server->daemon ? server->http.quiesce_daemon(server->daemon) : -1;

    if (listener >= 0)
        shutdown(listener, SHUT_RDWR);
    if (server->asker)
        asker_stop(server->asker, 0.5);
    if (server->daemon) {
        wait_served(server, 0.25);
        server->http.stop_daemon(server->daemon);
    }
    if (listener >= 0)
        close(listener);
    asker_destroy(server->asker);
    for (size_t i = 0; i < FIXED; i++)
        if (server->fixed[i].response)
            server->http.destroy_response(server->fixed[i].response);
    clients_finish(&server->clients);
    free(server);
}
