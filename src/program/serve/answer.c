/* answer.c: see answer.h. */
#include "serve/answer.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "serve/question.h"

/* The page needs nothing but its own files, and is nobody's frame. */
static const char *const headers[][2] = {
    {"Cache-Control", "no-store"},
    {"Content-Security-Policy",
     "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Referrer-Policy", "no-referrer"},
    {"X-Content-Type-Options", "nosniff"},
};

/* Takes the text over. */
static struct MHD_Response *make_response(const struct http *http, char *text, const char *type)
{
    struct MHD_Response *response =
        text ? http->create_response_from_buffer(strlen(text), text, MHD_RESPMEM_MUST_FREE) : NULL;
    bool whole = response && http->add_response_header(response, "Content-Type", type) == MHD_YES;

    if (!response)
        free(text);
    for (size_t i = 0; whole && i < sizeof headers / sizeof headers[0]; i++)
        whole = http->add_response_header(response, headers[i][0], headers[i][1]) == MHD_YES;
    if (whole || !response)
        return response;
    http->destroy_response(response);
    return NULL;
}

struct MHD_Response *answer_json(const struct http *http, char *text)
{
    return make_response(http, text, "application/json");
}

struct MHD_Response *answer_error(const struct http *http, const char *reason)
{
    return answer_json(http, question_error_json(reason));
}

struct MHD_Response *answer_lines(const struct http *http, const char *const *lines, const char *type)
{
    size_t size = 1;
    char *text, *at;

    for (const char *const *line = lines; *line; line++)
        size += strlen(*line);
    at = text = malloc(size);
    for (const char *const *line = lines; text && *line; line++)
        at = stpcpy(at, *line);
    return make_response(http, text, type);
}

enum MHD_Result answer_send(const struct http *http, struct MHD_Connection *connection, unsigned status,
                            struct MHD_Response *response)
{
    enum MHD_Result result;

    if (!response)
        return MHD_NO;
    result = http->queue_response(connection, status, response);
    http->destroy_response(response);
    return result;
}
