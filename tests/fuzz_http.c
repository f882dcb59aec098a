/* fuzz_http.c: any bytes sent to nnrun serve, which answers in this process: each answer is whole and valid, and none
 * fails. Input: what a client sends before it ends its side. */
#include <arpa/inet.h>
#include <errno.h>
#include <jansson.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <nnrun/nnrun.h>

#include "fuzz.h"
#include "model/model.h"
#include "serve/server.h"

enum { MOST_INPUT = 1 << 15, MOST_ANSWERS = 1 << 20, MOST_SECONDS = 20 };

static const char config[] = "input = [1, 4, 4];\n"
                             "network = ( { type = \"dense\"; units = 3; }, { type = \"softmax\"; } );\n"
                             "train: { epochs = 1; batch = 16; };";

/* ---- the server ---------------------------------------------------------------------------------------- */

static struct {
    nnrun_model *model;
    struct server *server;
} serving;

static void stop_server(void)
{
    server_stop(serving.server);
    nnrun_close(serving.model);
}

/* Where it listens; it is started by the first call. */
static struct sockaddr_in start_server(void)
{
    const struct server_options serve = {.checkpoint = "it", .address = "127.0.0.1", .threads = 1};
    const struct model_options options = fuzz_model_options();
    nnrun_options open = NNRUN_OPTIONS_INIT;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct error error = {0};
    unsigned port;

    open.plugin_folders = options.plugin_folders;
    open.plugin_folder_count = options.plugin_folder_count;
    if (!serving.server) {
        serving.model = nnrun_open_bytes(config, sizeof config - 1, "it", &open, NULL);
        serving.server = serving.model ? server_start(serving.model, &serve, &error) : NULL;
        atexit(stop_server);
    }
    if (!serving.server || sscanf(server_url(serving.server), "http://127.0.0.1:%u/", &port) != 1)
        fuzz_fail("it does not serve: %s", error_text(&error));
    to.sin_port = htons((uint16_t)port);
    return to;
}

/* From an address of its own, or the ports of one would soon be used up. */
static int connect_to(const struct sockaddr_in *to)
{
    static uint32_t clients;
    const struct sockaddr_in from = {.sin_family = AF_INET,
                                     .sin_addr.s_addr = htonl(0x7f010001u + clients++ % 0xfe00u)};
    const struct timeval most = {.tv_sec = MOST_SECONDS};
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0 || bind(fd, (const struct sockaddr *)&from, sizeof from) != 0 ||
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most) != 0 ||
        TEMP_FAILURE_RETRY(connect(fd, (const struct sockaddr *)to, sizeof *to)) != 0)
        fuzz_fail("no connection: %s", strerror(errno));
    return fd;
}

/* All that comes back; *whole: to its end. */
static size_t talk(const uint8_t *data, size_t size, char *answers, bool *whole)
{
    const struct sockaddr_in to = start_server();
    const int fd = connect_to(&to);
    size_t got = 0, sent = 0;
    ssize_t now = 1;

    while (sent < size && now > 0) {
        now = TEMP_FAILURE_RETRY(send(fd, data + sent, size - sent, MSG_NOSIGNAL));
        sent += now > 0 ? (size_t)now : 0;
    }
    shutdown(fd, SHUT_WR); /* fails if the server ended it */
    for (now = 1; got < MOST_ANSWERS && now > 0; got += now > 0 ? (size_t)now : 0)
        now = TEMP_FAILURE_RETRY(recv(fd, answers + got, MOST_ANSWERS - got, 0));
    if (now < 0 && errno != ECONNRESET && errno != EPIPE)
        fuzz_fail("no end of the answer: %s", strerror(errno));
    *whole = now == 0;
    close(fd);
    answers[got] = '\0';
    return got;
}

/* ---- answers ------------------------------------------------------------------------------------------- */

/* The value of a header, NULL if there is none; its end is that of its line. */
static const char *find_header(const char *head, const char *end, const char *name)
{
    for (const char *line = strstr(head, "\r\n"); line && line < end; line = strstr(line + 2, "\r\n"))
        if (strncasecmp(line + 2, name, strlen(name)) == 0 && line[2 + strlen(name)] == ':')
            return line + 3 + strlen(name);
    return NULL;
}

static void check_json(const char *text, size_t size, int status)
{
    json_t *object = json_loadb(text, size, 0, NULL);
    const char *said = json_string_value(json_object_get(object, "error"));

    if (!json_is_object(object) || (status != 200 && !said))
        fuzz_fail("status %d: %.*s", status, (int)size, text);
    if (said)
        fuzz_check_line(said);
    json_decref(object);
}

static int check_status(const char *answer)
{
    static const int known[] = {100, 200, 400, 404, 405, 408, 411, 413, 414,
                                415, 417, 421, 429, 431, 501, 503, 505};
    int status = 0;

    if (sscanf(answer, "HTTP/1.%*1[01] %3d ", &status) != 1)
        fuzz_fail("no status: %.40s", answer);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (status == known[i])
            return status;
    fuzz_fail("status %d: %s", status, answer);
}

/* Returns the size of the first answer, 0 if the end is missing; *last: no client reads on after it. `heads`: there may
 * be no body. */
static size_t check_answer(const char *answer, size_t size, bool heads, bool *last)
{
    const int status = check_status(answer);
    const char *end = strstr(answer, "\r\n\r\n"), *length, *type, *connection;
    size_t head, body;

    if (!end)
        return 0;
    head = (size_t)(end - answer) + 4;
    if (status == 100)
        return head;
    length = find_header(answer, end, "Content-Length");
    type = find_header(answer, end, "Content-Type");
    connection = find_header(answer, end, "Connection");
    *last = connection && strncmp(connection, " close", 6) == 0;
    if (!length)
        fuzz_fail("no length: %s", answer);
    body = strtoul(length, NULL, 10);
    if (heads && (head == size || strncmp(answer + head, "HTTP/1.", 7) == 0))
        return head;
    if (body > size - head)
        return 0;
    if (type && strncmp(type + strspn(type, " "), "application/json", 16) == 0)
        check_json(answer + head, body, status);
    return head + body;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char answers[MOST_ANSWERS + 1];
    const bool heads = memmem(data, size, "HEAD", 4) != NULL;
    bool whole, last = false;
    size_t got, at = 0, length;

    if (size > MOST_INPUT)
        return 0;
    got = talk(data, size, answers, &whole);
    for (; at < got && !last; at += length) {
        length = check_answer(answers + at, got - at, heads, &last);
        if (length == 0 && (whole || got == MOST_ANSWERS))
            fuzz_fail("an answer is torn: %s", answers + at);
        if (length == 0)
            break;
    }
    return 0;
}

/* ---- inputs -------------------------------------------------------------------------------------------- */

/* The length that the first header of that name announces becomes that of what follows the headers. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed)
{
    static const char name[] = "Content-Length: ";
    uint8_t *at, *end, *digits;
    char number[24];
    size_t length, old;

    size = fuzz_change_text(data, size, most, &seed);
    at = memmem(data, size, name, sizeof name - 1);
    end = memmem(data, size, "\r\n\r\n", 4);
    if (!at || !end || at > end || fuzz_draw(&seed, 4) == 0)
        return size;
    digits = at + sizeof name - 1;
    old = (size_t)((uint8_t *)memchr(digits, '\r', size - (size_t)(digits - data)) - digits);
    length = (size_t)snprintf(number, sizeof number, "%zu", size - (size_t)(end + 4 - data));
    if (length > old && length - old > most - size)
        return size;
    memmove(digits + length, digits + old, size - (size_t)(digits + old - data));
    memcpy(digits, number, length);
    return size + length - old;
}

void fuzz_own(void)
{
    LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
}
