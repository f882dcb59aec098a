/* predict_route.c: see predict_route.h. */
#include "serve/predict_route.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "serve/answer.h"
#include "serve/limits.h"

/* Up to parameters such as "; charset=utf-8". */
static bool is_type(const char *given, const char *type)
{
    const size_t length = strlen(type);

    return strncasecmp(given, type, length) == 0 && strchr("; \t", given[length]);
}

/* What the Content-Type says of the body; false if it is none that is taken. */
static bool take_type(struct request *request)
{
    static const char *const types[] = {"application/json",
                                        "image/png",
                                        "image/jpeg",
                                        "image/x-portable-graymap",
                                        "image/x-portable-pixmap",
                                        "image/x-portable-anymap",
                                        "text/csv",
                                        "text/tab-separated-values"};
    const char *type =
        request->http->lookup_connection_value(request->connection, MHD_HEADER_KIND, "Content-Type");
    const char *coding =
        request->http->lookup_connection_value(request->connection, MHD_HEADER_KIND, "Content-Encoding");

    if (!type || (coding && strcasecmp(coding, "identity") != 0))
        return false;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (is_type(type, types[i])) {
            request->question.json = i == 0;
            request->question.table = strncmp(types[i], "text/", strlen("text/")) == 0;
            return true;
        }
    return false;
}

struct parameters {
    struct question *question;
    unsigned seen; /* a bit for each word */
};

/* 0, or 1 for "1"; -1: another value. */
static int read_flag(const char *value)
{
    return value && (strcmp(value, "0") == 0 || strcmp(value, "1") == 0) ? *value - '0' : -1;
}

static enum MHD_Result take_parameter(void *arg, enum MHD_ValueKind kind, const char *key, const char *value)
{
    struct parameters *parameters = arg;
    struct question *question = parameters->question;
    bool header = false, *const flags[] = {&question->raw, &question->all, &question->tell_input,
                                           &question->tell_layers, &header};
    static const char *const keys[] = {"raw", "all", "input", "layers", "header"};
    enum { KEYS = sizeof keys / sizeof keys[0], HEADER = KEYS - 1 };
    const int flag = read_flag(value);
    size_t i = 0;

    (void)kind;
    while (i < KEYS && strcmp(key, keys[i]) != 0)
        i++;
    if (i == KEYS || flag < 0 || parameters->seen >> i & 1) {
        question->status = QUESTION_BAD;
        return MHD_NO;
    }
    parameters->seen |= 1u << i;
    *flags[i] = flag;
    if (i == HEADER)
        question->header = header ? NNRUN_HEADER_YES : NNRUN_HEADER_NO;
    return MHD_YES;
}

static enum MHD_Result send_error(struct request *request, unsigned status, const char *reason)
{
    return answer_send(request->http, request->connection, status, answer_error(request->http, reason));
}

static enum MHD_Result send_busy(struct request *request, const char *reason)
{
    struct MHD_Response *response = answer_error(request->http, reason);

    if (response)
        request->http->add_response_header(response, "Retry-After", "1");
    return answer_send(request->http, request->connection, MHD_HTTP_SERVICE_UNAVAILABLE, response);
}

static enum MHD_Result send_no_room(struct request *request)
{
    char reason[160];

    snprintf(reason, sizeof reason,
             "the bodies and answers of all requests take more than %zu bytes, or those of your address more "
             "than %zu; try again",
             request->all->most, request->all->most / LIMIT_HELD_SHARE);
    return send_busy(request, reason);
}

static enum MHD_Result send_full(struct request *request, bool of_client)
{
    const bool large = request->question.large;
    const int most = large ? (of_client ? LIMIT_LARGE_WAITING_CLIENT : LIMIT_LARGE_WAITING)
                           : (of_client ? LIMIT_SMALL_WAITING_CLIENT : LIMIT_SMALL_WAITING);
    char reason[128];

    snprintf(reason, sizeof reason, "%d %s requests%s wait already; try again", most,
             large ? "large" : "small", of_client ? " of your address" : "");
    return send_busy(request, reason);
}

static enum MHD_Result send_stopping(struct request *request)
{
    struct MHD_Response *response = answer_error(request->http, "the server is stopping");

    if (response)
        request->http->add_response_header(response, "Connection", "close");
    return answer_send(request->http, request->connection, MHD_HTTP_SERVICE_UNAVAILABLE, response);
}

static enum MHD_Result send_too_long(struct request *request, const char *of_what, int most)
{
    char reason[128];

    snprintf(reason, sizeof reason, "the body is too long: expected at most %d bytes%s", most, of_what);
    return send_error(request, MHD_HTTP_CONTENT_TOO_LARGE, reason);
}

static enum MHD_Result send_empty(struct request *request, const struct question_limits *limits)
{
    const struct question *question = &request->question;

    return send_error(request, QUESTION_BAD,
                      question->table   ? "the body is empty; expected rows of numbers, as CSV"
                      : limits->numbers ? "the body is empty; expected JSON, {\"values\": [...]}, or rows as "
                                          "text/csv"
                      : question->json  ? "the body is empty; expected JSON, {\"pixels\": [...]}"
                                        : "the body is empty; expected a picture");
}

enum MHD_Result predict_route_refuse(struct request *request)
{
    if (request->refusal == REQUEST_NO_MEMORY)
        return send_error(request, MHD_HTTP_INTERNAL_SERVER_ERROR, "out of memory");
    if (request->refusal == REQUEST_TOO_MANY)
        return send_no_room(request);
    return send_too_long(request, "", LIMIT_BODY_BYTES);
}

enum MHD_Result predict_route_answer(struct request *request)
{
    struct question *question = &request->question;
    char *text = question->answer;

    if (question->status == QUESTION_UNASKED)
        return request->took == ASKER_FULL || request->took == ASKER_CLIENT_FULL
                   ? send_full(request, request->took == ASKER_CLIENT_FULL)
                   : send_stopping(request);
    question->answer = NULL;
    return answer_send(request->http, request->connection, (unsigned)question->status,
                       answer_json(request->http, text));
}

static void on_done(struct question *question)
{
    const struct request *request = (const struct request *)question;

    request->http->resume_connection(request->connection);
}

/* A long answer takes room as long as the client reads it. */
static bool hold_answer(struct request *request, const struct question_limits *limits)
{
    const size_t bytes = question_answer_bytes(&request->question, limits);

    return bytes <= LIMIT_SHORT_ANSWER || request_hold(request, bytes);
}

/* Suspends the connection, which goes on when the question is answered, or at once if it is not taken. */
static enum MHD_Result ask(struct request *request, struct asker *asker, struct clients *clients)
{
    struct question *question = &request->question;

    question->done = on_done;
    request->asked = true;
    clients_set(clients, request->client_connection, CONNECTION_WAITS);
    request->http->suspend_connection(request->connection);
    request->took = asker_add(asker, request->client_connection->client->shares, question);
    if (request->took != ASKER_TOOK) {
        question->status = QUESTION_UNASKED;
        on_done(question);
    }
    return MHD_YES;
}

enum MHD_Result predict_route(struct request *request, const struct question_limits *limits,
                              struct asker *asker, struct clients *clients)
{
    struct question *question = &request->question;
    struct parameters parameters = {question, 0};

    if (request->refusal != REQUEST_FINE)
        return predict_route_refuse(request);
    if (!take_type(request))
        return send_error(request, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE,
                          "expected Content-Type image/png, image/jpeg, image/x-portable-graymap, "
                          "image/x-portable-pixmap, application/json or text/csv, and no Content-Encoding");
    request->http->get_connection_values(request->connection, MHD_GET_ARGUMENT_KIND, take_parameter,
                                         &parameters);
    if (question->status == QUESTION_BAD)
        return send_error(
            request, QUESTION_BAD,
            "the query: expected raw, all, input, layers and, for tables, header, each 0 or 1, and "
            "once: /predict?layers=1");
    if (question->all && question->tell_layers)
        return send_error(request, QUESTION_BAD, "the query: all and layers exclude each other");
    if (question->table && (question->raw || question->all || question->tell_input || question->tell_layers))
        return send_error(request, QUESTION_BAD,
                          "the query: a table takes none of raw, all, input and layers");
    if (!question->table && question->header != NNRUN_HEADER_LOOK)
        return send_error(request, QUESTION_BAD, "the query: only a table has a header; leave header out");
    if (question->json && request->size > LIMIT_JSON_BYTES)
        return send_too_long(request, " of JSON", LIMIT_JSON_BYTES);
    if (request->size == 0)
        return send_empty(request, limits);
    question->body = request->body;
    question->size = request->size;
    if (question_weigh(question, limits) != 0)
        return predict_route_answer(request);
    if (!hold_answer(request, limits))
        return send_no_room(request);
    return ask(request, asker, clients);
}
