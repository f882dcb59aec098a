/* unit_serve.c: pictures in JSON, what is refused before it is read, and the queues of those who ask. */
#include "unit.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "serve/asker.h"
#include "serve/clients.h"
#include "serve/host.h"
#include "serve/limits.h"
#include "serve/open_files.h"
#include "serve/picture_header.h"
#include "serve/pixels_json.h"
#include "serve/question_cost.h"
#include "serve/server_memory.h"
#include "serve/strict.h"
#include "serve/table_answer.h"

/* ---- JSON ------------------------------------------------------------------------------------------ */

/* The picture, or "" and the reason in `error`. */
static const char *read_json(const char *text, struct error *error)
{
    static char said[256];
    struct pixels pixels;
    size_t used = 0;

    error_clear(error);
    said[0] = '\0';
    if (pixels_json_read(&pixels, "body", text, strlen(text), error) == 0) {
        used =
            (size_t)snprintf(said, sizeof said, "%zux%zux%zu:", pixels.channels, pixels.height, pixels.width);
        for (size_t i = 0; i < pixels.channels * pixels.height * pixels.width && used < sizeof said; i++)
            used += (size_t)snprintf(said + used, sizeof said - used, " %u", pixels.values[i]);
    }
    free(pixels.values);
    return said;
}

static void json_pictures(void)
{
    static const char *const table[][2] = {
        {"{\"pixels\": [[0, 255, 7]]}", "1x1x3: 0 255 7"},
        {"{\"pixels\": [[1, 2], [3, 4], [5, 6]]}", "1x3x2: 1 2 3 4 5 6"},
        {"{\"height\": 3, \"pixels\": [[1, 2], [3, 4], [5, 6]], \"width\": 2}", "1x3x2: 1 2 3 4 5 6"},
        {"{\"width\": 3, \"height\": 1, \"pixels\": [0, 255, 7]}", "1x1x3: 0 255 7"},
        {"{\"width\": 1, \"height\": 2, \"channels\": 3, \"pixels\": [1, 2, 3, 4, 5, 6]}",
         "3x2x1: 1 2 3 4 5 6"},
        {"{\"channels\": 1, \"pixels\": [[9]]}", "1x1x1: 9"},
        {" \n {\"pixels\":[[9]]} \n", "1x1x1: 9"},
    };
    struct error error UNIT_CLEARED = {0};

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        CU_ASSERT_STRING_EQUAL(read_json(table[i][0], &error), table[i][1]);
        CU_ASSERT_STRING_EQUAL(error_text(&error), "");
    }
}

/* What is left of a right one when it is cut or one of its bytes is another. */
static void json_mutants(void)
{
    static const char right[] = "{\"width\": 2, \"height\": 2, \"channels\": 1, \"pixels\": [0, 255, 17, 3]}";
    char text[sizeof right];
    struct error error UNIT_CLEARED = {0};
    size_t refused = 0;

    for (size_t length = 0; length < sizeof right - 1; length++) {
        snprintf(text, sizeof text, "%.*s", (int)length, right);
        CU_ASSERT_STRING_EQUAL(read_json(text, &error), "");
        CU_ASSERT_EQUAL(error.code, ERROR_DATA);
    }
    for (size_t at = 0; at < sizeof right - 1; at++)
        for (int byte = 1; byte < 256; byte++) {
            memcpy(text, right, sizeof right);
            text[at] = (char)byte;
            if (*read_json(text, &error) == '\0') {
                refused++;
                CU_ASSERT_EQUAL(error.code, ERROR_DATA);
                CU_ASSERT(strncmp(error_text(&error), "body: ", 6) == 0 ||
                          strncmp(error_text(&error), "body is ", 8) == 0);
            }
        }
    CU_ASSERT(refused > 10000);
}

/* ---- hosts ----------------------------------------------------------------------------------------- */

static void hosts(void)
{
    static const char *const local[] = {"localhost",   "LocalHost:80", "127.0.0.1",  "127.0.0.1:8080",
                                        "192.168.0.7", "[::1]",        "[::1]:8080", "[fe80::1]",
                                        "localhost:",  "0.0.0.0:1"};
    static const char *const other[] = {"",
                                        "example.org",
                                        "localhost.example.org",
                                        "127.0.0.1.example.org",
                                        "example.org:127.0.0.1",
                                        "127.0.0.1:80@example.org",
                                        "127.1",
                                        "[::1",
                                        "[::1]example.org",
                                        "[example.org]",
                                        "::1",
                                        "1234567890.1234567890.1234567890.1234567890.1234567890"};

    for (size_t i = 0; i < sizeof local / sizeof local[0]; i++)
        CU_ASSERT(host_is_local(local[i]));
    for (size_t i = 0; i < sizeof other / sizeof other[0]; i++)
        CU_ASSERT(!host_is_local(other[i]));
    CU_ASSERT_STRING_EQUAL(host_path("/model"), "/model");
    CU_ASSERT_STRING_EQUAL(host_path("http://localhost:1/model"), "/model");
    CU_ASSERT_STRING_EQUAL(host_path("HTTP://localhost"), "/");
    CU_ASSERT_STRING_EQUAL(host_path("*"), "*");
}

static void targets(void)
{
    static const struct {
        const char *target;
        unsigned status;
    } table[] = {{"/", 0},
                 {"/predict?raw=1&layers=0", 0},
                 {"/a%20b%e2%82%AC~", 0},
                 {"*", 0},
                 {"http://localhost/", 0},
                 {"HTTP://localhost", 0},
                 {"", 400},
                 {"predict", 400},
                 {"https://localhost/", 400},
                 {"localhost:80", 400},
                 {"**", 400},
                 {"/%00", 400},
                 {"/?raw=1%00", 400},
                 {"/%0a", 400},
                 {"/%1F", 400},
                 {"/%7f", 400},
                 {"/%7F", 400},
                 {"/%", 400},
                 {"/%2", 400},
                 {"/%2g", 400},
                 {"/%%20", 400},
                 {"/a b", 400},
                 {"/\t", 400},
                 {"/\x01", 400},
                 {"/\x7f", 400},
                 {"/\xff", 400},
                 {"/#", 400}};
    char longest[LIMIT_TARGET_BYTES + 2];

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        CU_ASSERT_EQUAL(strict_target(table[i].target).status, table[i].status);
    memset(longest, '/', sizeof longest);
    longest[LIMIT_TARGET_BYTES] = '\0';
    CU_ASSERT_EQUAL(strict_target(longest).status, 0);
    longest[LIMIT_TARGET_BYTES] = '/';
    longest[LIMIT_TARGET_BYTES + 1] = '\0';
    CU_ASSERT_EQUAL(strict_target(longest).status, 414);
    CU_ASSERT(host_target_is_local("/model"));
    CU_ASSERT(host_target_is_local("http://localhost:1?x"));
    CU_ASSERT(!host_target_is_local("http:///model"));
    CU_ASSERT(!host_target_is_local("http://example.org/localhost"));
    CU_ASSERT(!host_target_is_local("http://localhost@example.org/"));
}

/* ---- costs ----------------------------------------------------------------------------------------- */

#define PNG_OF(width, height, interlaced)                                                                    \
    "\x89PNG\r\n\x1a\n\0\0\0\rIHDR" width height "\x08\0\0\0" interlaced "crc."

static void headers(void)
{
    static const struct {
        const char *bytes;
        size_t size;
        bool good;
        uint64_t width, height;
        bool interlaced;
    } table[] = {
        {PNG_OF("\0\0\0\x1c", "\0\0\1\0", "\0"), 33, true, 28, 256, false},
        {PNG_OF("\xff\xff\xff\xff", "\xff\xff\xff\xff", "\1"), 33, true, 0xffffffff, 0xffffffff, true},
        {PNG_OF("\0\0\0\x1c", "\0\0\1\0", "\0"), 28, false, 0, 0, false},
        {"\x89PNG\r\n\x1a\n\0\0\0\rIDAT\0\0\0\1\0\0\0\1\0\0\0\0\0", 29, false, 0, 0, false},
        {"P5 28 29 255\n", 13, true, 28, 29, false},
        {"P2#3 4\n\t5 # 7\n#\n 6", 18, true, 5, 6, false},
        {"P6 999999999 1", 14, true, 999999999, 1, false},
        {"P6 9999999999 1", 15, false, 0, 0, false},
        {"P6 99999999999999999999999999999999 1", 37, false, 0, 0, false},
        {"P5 000000000002048 0000000000001\n", 33, true, 2048, 1, false},
        {"P5 28", 5, false, 0, 0, false},
        {"P4 8 8\n", 7, false, 0, 0, false},
        {"\xff\xd8\xff\xe0\0\4ab\xff\xff\xc0\0\x0b\x08\1\2\3\4", 18, true, 0x304, 0x102, false},
        {"\xff\xd8\xff\xc2\0\x0b\x08\0\x1c\0\x20\0", 12, true, 32, 28, true},
        {"\xff\xd8\xff\xc4\0\3x\xff\xcb\0\x0b\x08\0\x1c\0\x20\0", 17, true, 32, 28, false},
        {"\xff\xd8\xff\xc2\0\x0b\x08\0\x1c\0", 10, false, 0, 0, false},
        {"\xff\xd8\xff\xe0\xff\xff", 6, false, 0, 0, false},
        {"\xff\xd8\xff\xe0\xff\xff........", 14, false, 0, 0, false},
        {"\xff\xd8\xff", 3, false, 0, 0, false},
        {"P5 # 28 28", 10, false, 0, 0, false},
        {"P", 1, false, 0, 0, false},
        {"", 0, false, 0, 0, false},
    };

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct picture_header header;
        const bool good = picture_header_read(&header, table[i].bytes, table[i].size);
        CU_ASSERT_EQUAL(good, table[i].good);
        if (good && table[i].good) {
            CU_ASSERT_EQUAL(header.width, table[i].width);
            CU_ASSERT_EQUAL(header.height, table[i].height);
            CU_ASSERT_EQUAL(header.interlaced, table[i].interlaced);
        }
    }
}

static struct question weigh(const char *bytes, size_t size, bool json, bool layers)
{
    const struct question_limits limits = {
        .pixels = LIMIT_PIXELS, .small = 1 << 16, .input_values = 784, .layer_values = 30000, .prepare = 4};
    struct question question = {.body = bytes, .size = size, .json = json, .tell_layers = layers};

    question_weigh(&question, &limits);
    return question;
}

static void costs(void)
{
    const struct question digit = weigh("P5 28 28 255\n", 13 + 784, false, false);
    const struct question small = weigh("P5 64 64 255\n", 13 + 4096, false, false);
    const struct question middling = weigh(PNG_OF("\0\0\1\0", "\0\0\1\0", "\0"), 33, false, false);
    const struct question photograph = weigh(PNG_OF("\0\0\x08\0", "\0\0\x08\0", "\0"), 33, false, false);
    const struct question interlaced = weigh(PNG_OF("\0\0\x08\0", "\0\0\x08\0", "\1"), 33, false, false);
    const struct question larger = weigh(PNG_OF("\0\0\x08\0", "\0\0\x08\1", "\0"), 33, false, false);
    const struct question largest = weigh("P5 999999999 999999999", 22, false, false);

    CU_ASSERT(!digit.large && !weigh("{}", 4000, true, false).large && !weigh("", 0, false, false).large);
    CU_ASSERT(weigh("P5 28 28 255\n", 13 + 784, false, true).large &&
              weigh("{}", LIMIT_JSON_BYTES, true, false).large);
    CU_ASSERT(photograph.large && photograph.status == 0);
    CU_ASSERT(!small.large && middling.large); /* preparing takes longer than decoding */
    CU_ASSERT(interlaced.cost > photograph.cost && photograph.cost > 500 * digit.cost);
    CU_ASSERT(larger.status == QUESTION_TOO_LARGE && largest.status == QUESTION_TOO_LARGE);
    CU_ASSERT(larger.answer &&
              strstr(larger.answer, "picture of 2048x2049 pixels is too large: expected at most 4194304"));
    free(larger.answer);
    free(largest.answer);
}

/* One about each digit takes a thread's room for samples to itself. */
static void costs_of_all(void)
{
    const struct question_limits limits = {.pixels = LIMIT_PIXELS, .small = 1 << 24, .input_values = 784};
    struct question one = {.body = "P5 28 28 255\n", .size = 13 + 784, .tell_input = true}, all = one;

    all.all = true;
    CU_ASSERT_EQUAL(question_weigh(&one, &limits), 0);
    CU_ASSERT_EQUAL(question_weigh(&all, &limits), 0);
    CU_ASSERT(!one.large && all.large && all.cost > 40 * one.cost);
    CU_ASSERT_EQUAL(question_answer_bytes(&all, &limits),
                    NNRUN_MOST_DIGITS * question_answer_bytes(&one, &limits));
}

/* ---- turns ----------------------------------------------------------------------------------------- */

enum { FEW = 8, TURNS = 64 };
struct asking {
    struct turns turns;
    struct share shares[3];
    struct question questions[TURNS];
    size_t count;
};

static enum turns_add ask(struct asking *asking, size_t client, uint64_t cost)
{
    struct question *question = &asking->questions[asking->count++];

    question->cost = cost;
    return turns_add(&asking->turns, &asking->shares[client], question);
}

/* Their numbers, in the order in which they have their turns. */
static const char *order(struct asking *asking)
{
    static char text[4 * TURNS];
    size_t used = 0;
    struct question *question;

    text[0] = '\0';
    while ((question = turns_see(&asking->turns))) {
        CU_ASSERT_PTR_EQUAL_FATAL(turns_take(&asking->turns), question);
        used += (size_t)snprintf(text + used, sizeof text - used, "%d ", (int)(question - asking->questions));
    }
    CU_ASSERT_PTR_NULL(turns_take(&asking->turns));
    CU_ASSERT_EQUAL(asking->turns.waiting, 0);
    return text;
}

static struct asking make_asking(void)
{
    return (struct asking){.turns = {.most = TURNS, .most_of_client = TURNS}};
}

/* One client's: cheap before dear, but the fourth is the oldest. */
static void small_first(void)
{
    struct asking asking = make_asking();
    const uint64_t costs[] = {9, 8, 7, 6, 5, 4, 3, 2};

    for (size_t i = 0; i < FEW; i++)
        ask(&asking, 0, costs[i]);
    CU_ASSERT_STRING_EQUAL(order(&asking), "7 6 5 0 4 3 2 1 ");
    for (size_t i = asking.count = 0; i < FEW; i++)
        ask(&asking, 0, 1);
    CU_ASSERT_STRING_EQUAL(order(&asking), "0 1 2 3 4 5 6 7 ");
}

/* However many small ones come meanwhile, a dear one has its turn. */
static void none_waits_for_ever(void)
{
    struct asking asking = make_asking();
    size_t turns = 0;

    ask(&asking, 0, 1000);
    ask(&asking, 0, 1);
    while (turns_take(&asking.turns) != &asking.questions[0] && turns++ < TURNS - 3)
        ask(&asking, 0, 1);
    CU_ASSERT_EQUAL(turns, TURNS_OLDEST - 1);
}

/* One with many questions and one with a few have turns alike; one who comes late has no more than that. */
static void shares_by_client(void)
{
    struct asking asking = make_asking();

    for (size_t i = 0; i < 6; i++)
        ask(&asking, 0, 10);
    ask(&asking, 1, 10);
    ask(&asking, 1, 10);
    CU_ASSERT_STRING_EQUAL(order(&asking), "0 6 1 7 2 3 4 5 ");
    for (size_t i = asking.count = 0; i < 4; i++)
        ask(&asking, 0, 10);
    for (size_t i = 0; i < 3; i++)
        ask(&asking, 2, 10); /* it had nothing yet */
    CU_ASSERT_STRING_EQUAL(order(&asking), "4 0 5 1 6 2 3 ");
}

/* By cost: ten small ones for one that costs ten times as much. */
static void shares_by_cost(void)
{
    struct asking asking = make_asking();

    for (size_t i = 0; i < 3; i++)
        ask(&asking, 0, 1000);
    for (size_t i = 0; i < 20; i++)
        ask(&asking, 1, 100);
    CU_ASSERT_STRING_EQUAL(order(&asking), "0 3 4 5 6 7 8 9 10 11 12 1 13 14 15 16 17 18 19 20 21 22 2 ");
}

static void bounded(void)
{
    struct asking asking = {.turns = {.most = 5, .most_of_client = 3}};

    for (size_t i = 0; i < 3; i++)
        CU_ASSERT_EQUAL(ask(&asking, 0, 1), TURNS_ADDED);
    CU_ASSERT_EQUAL(ask(&asking, 0, 1), TURNS_CLIENT_FULL);
    CU_ASSERT_EQUAL(ask(&asking, 1, 1), TURNS_ADDED);
    CU_ASSERT_EQUAL(ask(&asking, 2, 1), TURNS_ADDED);
    CU_ASSERT_EQUAL(ask(&asking, 1, 1), TURNS_FULL);
    CU_ASSERT_STRING_EQUAL(order(&asking), "0 4 5 1 2 ");
    CU_ASSERT_EQUAL(ask(&asking, 0, 1), TURNS_ADDED);
}

/* ---- connections ----------------------------------------------------------------------------------- */

static void files(void)
{
    const struct {
        unsigned long files;
        unsigned connections, ending;
    } table[] = {{1UL << 20, 384, 64}, {480, 384, 64}, {479, 383, 64},
                 {256, 192, 32},       {64, 27, 5},    {3, 6, 2}};

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const struct open_files share = open_files_share(table[i].files);
        CU_ASSERT_EQUAL(share.connections, table[i].connections);
        CU_ASSERT_EQUAL(share.ending, table[i].ending);
    }
}

enum { MOST_CONNECTIONS = 4 };
struct connected {
    int sockets[2];
    struct connection *connection;
};

static void connect_one(struct clients *clients, struct connected *one, const char *address)
{
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};
    struct sockaddr_in four = {.sin_family = AF_INET};
    const bool is_six = inet_pton(AF_INET6, address, &six.sin6_addr) == 1;

    CU_ASSERT(is_six || inet_pton(AF_INET, address, &four.sin_addr) == 1);
    CU_ASSERT_EQUAL_FATAL(socketpair(AF_UNIX, SOCK_STREAM, 0, one->sockets), 0);
    one->connection = clients_add(clients, one->sockets[0],
                                  is_six ? (const struct sockaddr *)&six : (const struct sockaddr *)&four);
    CU_ASSERT_PTR_NOT_NULL_FATAL(one->connection);
}

static bool is_ended(const struct connected *one)
{
    char byte;

    return recv(one->sockets[1], &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

static void one_too_many(void)
{
    static const char *const addresses[] = {"10.0.0.1",        "10.0.0.2", "10.0.0.2",
                                            "::ffff:10.0.0.2", "10.0.0.2", "2001:db8::1"};
    enum { COUNT = sizeof addresses / sizeof addresses[0] };
    struct connected all[COUNT];
    struct clients clients;

    clients_init(&clients, MOST_CONNECTIONS);
    for (size_t i = 0; i < MOST_CONNECTIONS; i++)
        connect_one(&clients, &all[i], addresses[i]);
    CU_ASSERT_PTR_EQUAL(all[1].connection->client, all[3].connection->client);
    CU_ASSERT_PTR_NOT_EQUAL(all[0].connection->client, all[1].connection->client);
    clients_set(&clients, all[1].connection, CONNECTION_WAITS); /* for an answer: it is not ended */
    connect_one(&clients, &all[4], addresses[4]);
    for (size_t i = 0; i <= 4; i++)
        CU_ASSERT_EQUAL(is_ended(&all[i]), i == 2);
    clients_set(&clients, all[3].connection, CONNECTION_READS); /* since then */
    connect_one(&clients, &all[5], addresses[5]);
    for (size_t i = 0; i <= 5; i++)
        CU_ASSERT_EQUAL(is_ended(&all[i]), i == 2 || i == 4);
    CU_ASSERT_EQUAL(clients.live, MOST_CONNECTIONS);
    for (size_t i = 0; i < COUNT; i++) {
        clients_remove(&clients, all[i].connection);
        close(all[i].sockets[0]);
        close(all[i].sockets[1]);
    }
    CU_ASSERT(clients.live == 0 && !clients.first && !clients.clients);
    clients_finish(&clients);
}

/* ---- the queue ------------------------------------------------------------------------------------- */

enum { MANY = LIMIT_SMALL_WAITING_CLIENT, HELD = ASKER_LEAST_THREADS };
static const char config[] = "input = [1, 4, 4];\n"
                             "network = ( { type = \"dense\"; units = 3; }, { type = \"softmax\"; } );\n"
                             "train: { epochs = 1; batch = 16; };";
static const char body[] = "P2 4 4 9 0 0 0 0 0 9 9 0 0 9 0 0 0 0 0 0";

struct test_question {
    struct question question; /* first */
    sem_t *asked, *go;        /* done() posts one, waits for the other; NULL: it does not */
    int calls;                /* of done() */
};

static void on_done(struct question *question)
{
    struct test_question *mine = (struct test_question *)question;

    sem_t *go = mine->go;

    mine->calls++;
    if (mine->asked)
        sem_post(mine->asked); /* without `go` the question may be gone from here on */
    while (go && sem_wait(go) != 0)
        ;
}

static struct test_question make_question(void)
{
    return (struct test_question){.question = {.body = body, .size = strlen(body), .done = on_done}};
}

static void need(bool ok, struct error *error)
{
    if (ok)
        return;
    printf("\n  %s\n", error_text(error));
    exit(99);
}

static nnrun_model *open_text(const char *text)
{
    const char *folder = getenv("NNRUN_PLUGIN_PATH");
    const nnrun_options options = {.size = sizeof options,
                                   .plugin_folders = &folder,
                                   .plugin_folder_count = folder != NULL,
                                   .level = getenv("NNRUN_ISA")};
    nnrun_error error = NNRUN_ERROR_INIT;
    nnrun_model *model = nnrun_open_bytes(text, strlen(text), "net.cfg", &options, &error);

    if (model)
        return model;
    printf("\n  %s\n", error.text);
    exit(99);
}

static nnrun_model *open_model(void)
{
    return open_text(config);
}

struct queue {
    nnrun_model *model;
    struct asker *asker;
    struct share shares[2][LANES]; /* of two clients */
    sem_t asked, go[HELD];
    struct test_question held[HELD], many[MANY], others[LIMIT_SMALL_WAITING - MANY], one_more;
};

static enum asker_took add(struct queue *queue, size_t client, struct test_question *question)
{
    return asker_add(queue->asker, queue->shares[client], &question->question);
}

static void wait_for(sem_t *semaphore)
{
    while (sem_wait(semaphore) != 0)
        ;
}

/* One thread of each kind, held in done() of a question: the first is large. */
static void hold(struct queue *queue)
{
    struct error error UNIT_CLEARED = {0};

    queue->model = open_model();
    queue->asker = asker_create(queue->model, 1, &error);
    need(queue->asker != NULL, &error);
    sem_init(&queue->asked, 0, 0);
    for (size_t i = 0; i < HELD; i++) {
        sem_init(&queue->go[i], 0, 0);
        queue->held[i] = make_question();
        queue->held[i].question.large = i == 0;
        queue->held[i].asked = &queue->asked;
        queue->held[i].go = &queue->go[i];
        CU_ASSERT_EQUAL_FATAL(add(queue, 0, &queue->held[i]), ASKER_TOOK);
        wait_for(&queue->asked);
    }
}

/* As many waiting as may. */
static void fill(struct queue *queue)
{
    hold(queue);
    queue->one_more = make_question();
    for (size_t i = 0; i < MANY; i++) {
        queue->many[i] = make_question();
        queue->many[i].question.tell_layers = i % 3 == 0;
        CU_ASSERT_EQUAL_FATAL(add(queue, 0, &queue->many[i]), ASKER_TOOK);
    }
    CU_ASSERT_EQUAL(asker_waiting(queue->asker), MANY);
    CU_ASSERT_EQUAL(add(queue, 0, &queue->one_more), ASKER_CLIENT_FULL);
    for (size_t i = 0; i < LIMIT_SMALL_WAITING - MANY; i++) {
        queue->others[i] = make_question();
        CU_ASSERT_EQUAL_FATAL(add(queue, 1, &queue->others[i]), ASKER_TOOK);
    }
    CU_ASSERT_EQUAL(asker_waiting(queue->asker), LIMIT_SMALL_WAITING);
    CU_ASSERT_EQUAL(add(queue, 1, &queue->one_more), ASKER_FULL);
}

/* Lets those that are held go on once the asker is stopping. */
static void *release(void *arg)
{
    struct queue *queue = arg;
    const struct timespec moment = {.tv_nsec = 1000000};

    while (add(queue, 0, &queue->one_more) != ASKER_STOPPING)
        nanosleep(&moment, NULL);
    for (size_t i = 0; i < HELD; i++)
        sem_post(&queue->go[i]);
    return NULL;
}

static void drop(struct queue *queue)
{
    for (size_t i = 0; i < HELD; i++) {
        CU_ASSERT_EQUAL(queue->held[i].question.status, QUESTION_ANSWERED);
        free(queue->held[i].question.answer);
        sem_destroy(&queue->go[i]);
    }
    asker_destroy(queue->asker);
    nnrun_close(queue->model);
    sem_destroy(&queue->asked);
}

/* Each of the many has this status, and heard of it once. */
static void stop(struct queue *queue, double seconds, int status)
{
    pthread_t thread;

    CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, release, queue), 0);
    asker_stop(queue->asker, seconds);
    pthread_join(thread, NULL);
    CU_ASSERT_EQUAL(queue->one_more.calls, 0);
    for (size_t i = 0; i < MANY; i++) {
        const struct question *question = &queue->many[i].question;
        CU_ASSERT_EQUAL(queue->many[i].calls, 1);
        CU_ASSERT_EQUAL(question->status, status);
        CU_ASSERT_EQUAL(question->answer != NULL, status == QUESTION_ANSWERED);
        if (question->answer) {
            CU_ASSERT_EQUAL(strstr(question->answer, "\"layers\":[") != NULL, question->tell_layers);
            if (!question->tell_layers)
                CU_ASSERT_STRING_EQUAL(question->answer, queue->held[0].question.answer);
        }
        free(question->answer);
    }
    for (size_t i = 0; i < LIMIT_SMALL_WAITING - MANY; i++) {
        CU_ASSERT_EQUAL(queue->others[i].calls, 1);
        CU_ASSERT_EQUAL(queue->others[i].question.status, status);
        free(queue->others[i].question.answer);
    }
    CU_ASSERT_EQUAL(asker_answered(queue->asker),
                    HELD + (status == QUESTION_ANSWERED ? LIMIT_SMALL_WAITING : 0));
    drop(queue);
}

static void answered_at_the_end(void)
{
    static struct queue queue;

    fill(&queue);
    stop(&queue, 1000, QUESTION_ANSWERED);
}

static void given_up_at_the_end(void)
{
    static struct queue queue;

    fill(&queue);
    stop(&queue, 0, QUESTION_UNASKED);
}

/* With large ones waiting for a thread that has one, what is small and comes later is answered by the other
 * thread; which never takes a large one, though it has nothing else to do. */
static void small_pass_large(void)
{
    static struct queue queue;
    size_t large = 0;

    hold(&queue);
    for (size_t i = 0; i < LIMIT_LARGE_WAITING_CLIENT; i++) {
        queue.many[i] = make_question();
        queue.many[i].question.large = true;
        queue.many[i].asked = &queue.asked;
        CU_ASSERT_EQUAL_FATAL(add(&queue, 0, &queue.many[i]), ASKER_TOOK);
    }
    queue.one_more = make_question();
    queue.one_more.question.large = true;
    CU_ASSERT_EQUAL(add(&queue, 0, &queue.one_more), ASKER_CLIENT_FULL);
    sem_post(&queue.go[1]);
    for (size_t i = 0; i < 2; i++) {
        queue.others[i] = make_question();
        queue.others[i].asked = &queue.asked;
        CU_ASSERT_EQUAL_FATAL(add(&queue, i, &queue.others[i]), ASKER_TOOK);
        wait_for(&queue.asked);
        CU_ASSERT_EQUAL(queue.others[i].question.status, QUESTION_ANSWERED);
        free(queue.others[i].question.answer);
    }
    CU_ASSERT_EQUAL(asker_waiting(queue.asker), LIMIT_LARGE_WAITING_CLIENT);
    sem_post(&queue.go[0]);
    for (size_t i = 0; i < LIMIT_LARGE_WAITING_CLIENT; i++)
        wait_for(&queue.asked);
    for (size_t i = 0; i < LIMIT_LARGE_WAITING_CLIENT; i++) {
        large += queue.many[i].question.status == QUESTION_ANSWERED;
        free(queue.many[i].question.answer);
    }
    CU_ASSERT_EQUAL(large, LIMIT_LARGE_WAITING_CLIENT);
    asker_stop(queue.asker, 1000);
    drop(&queue);
}

/* Few bytes of gzip stand for many rows. */
static void costs_of_tables(void)
{
    const struct question_limits limits = {.small = 1 << 16, .input_values = 784};
    struct question few = {.body = "1,2", .size = 3 * 784 * 2, .table = true};
    struct question all = {.body = "1,2", .size = (size_t)LIMIT_ROWS * 784 * 2, .table = true};
    struct question packed = {.body = "\x1f\x8b", .size = 2900, .table = true};

    CU_ASSERT_EQUAL(question_weigh(&few, &limits), 0);
    CU_ASSERT_EQUAL(question_weigh(&all, &limits), 0);
    CU_ASSERT_EQUAL(question_weigh(&packed, &limits), 0);
    CU_ASSERT(!few.large && all.large && packed.large && packed.cost > all.cost / 2);
    CU_ASSERT_EQUAL(question_answer_bytes(&packed, &limits), question_answer_bytes(&all, &limits));
    packed.size = 1; /* too short to be told */
    CU_ASSERT_EQUAL(question_weigh(&packed, &limits), 0);
    CU_ASSERT(!packed.large);
}

static bool never(void *arg)
{
    (void)arg;
    return false;
}

/* With the longest names there are, of which JSON has each character as six bytes. */
static void answers_of_tables(void)
{
    static const char name[] = "\xc3\xa9"; /* e with an acute accent */
    char text[2048], rows[] = "1,2,3,4\n5,6,7,8\n9,9,9,9\n";
    size_t used = (size_t)snprintf(text, sizeof text, "input = [1, 2, 2];\ndata: { classes = [ ");
    struct question question = {.body = rows, .size = sizeof rows - 1, .table = true}, none = {.size = 0};
    struct question_limits limits;
    nnrun_error error = NNRUN_ERROR_INIT;
    nnrun_context *context;
    nnrun_model *model;

    for (int class = 0; class < 6; class ++) {
        used += (size_t)snprintf(text + used, sizeof text - used, "%s\"%da", class ? ", " : "", class);
        for (int i = 0; i < 31; i++)
            used += (size_t)snprintf(text + used, sizeof text - used, "%s", name);
        used += (size_t)snprintf(text + used, sizeof text - used, "\"");
    }
    snprintf(text + used, sizeof text - used,
             " ]; };\nnetwork = ( { type = \"dense\"; units = 6; }, { type = \"softmax\"; } );\n"
             "train: { epochs = 1; batch = 16; };");
    model = open_text(text);
    context = nnrun_context_create(model, 0, &error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(context);
    table_answer(&question, model, context, never, NULL);
    CU_ASSERT_EQUAL(question.status, QUESTION_ANSWERED);
    CU_ASSERT_PTR_NOT_NULL_FATAL(question.answer);
    CU_ASSERT(strlen(question.answer) > 3 * 1200);
    limits = question_limits(model);
    CU_ASSERT(strlen(question.answer) <=
              question_answer_bytes(&question, &limits) - question_answer_bytes(&none, &limits) + 64);
    free(question.answer);
    nnrun_context_destroy(context);
    nnrun_close(model);
}

/* What a server may take grows with its threads, its network and its pictures. */
static void memory(void)
{
    nnrun_model *model = open_model();
    const nnrun_info *info = nnrun_describe(model);
    const struct question_limits limits = question_limits(model);
    nnrun_info vast = *info;
    struct question_limits more = limits;
    const size_t bytes = server_memory(info, 2, &limits);

    CU_ASSERT_EQUAL(limits.pixels, LIMIT_PIXELS);
    CU_ASSERT(info->context_bytes >= 16 * 16 * sizeof(float) &&
              info->model_bytes >= (16 + 1) * 3 * sizeof(float));
    CU_ASSERT(bytes > (size_t)32 * LIMIT_PIXELS + LIMIT_HELD_BYTES && bytes < (size_t)1 << 30);
    CU_ASSERT_EQUAL(server_memory(info, 1, &limits), bytes);
    CU_ASSERT(server_memory(info, 4, &limits) - bytes > (size_t)32 * LIMIT_PIXELS);
    more.pixels = LIMIT_MOST_PIXELS;
    CU_ASSERT_EQUAL(server_memory(info, 2, &more) - bytes, (size_t)32 * (LIMIT_MOST_PIXELS - LIMIT_PIXELS));
    vast.context_bytes = SIZE_MAX / 2;
    CU_ASSERT_EQUAL(server_memory(&vast, 2, &limits), SIZE_MAX);
    nnrun_close(model);
}

/* Threads that take from one queue. */
static void several_threads(void)
{
    enum { ROUNDS = 40, THREADS = 3 };
    nnrun_model *model = open_model();
    struct asker *asker;
    struct error error UNIT_CLEARED = {0};
    size_t unlike = 0;
    struct share shares[LANES];
    sem_t asked;

    asker = asker_create(model, THREADS, &error);
    memset(shares, 0, sizeof shares);
    need(asker != NULL, &error);
    sem_init(&asked, 0, 0);
    for (size_t round = 0; round < ROUNDS; round++) {
        struct test_question questions[MANY];
        for (size_t i = 0; i < MANY; i++) {
            questions[i] = make_question();
            questions[i].asked = &asked;
            CU_ASSERT_EQUAL_FATAL(asker_add(asker, shares, &questions[i].question), ASKER_TOOK);
        }
        for (size_t i = 0; i < MANY; i++)
            while (sem_wait(&asked) != 0)
                ;
        for (size_t i = 0; i < MANY; i++)
            unlike += strcmp(questions[i].question.answer, questions[0].question.answer) != 0;
        for (size_t i = 0; i < MANY; i++)
            free(questions[i].question.answer);
    }
    CU_ASSERT_EQUAL(unlike, 0);
    asker_stop(asker, 1000);
    asker_destroy(asker);
    sem_destroy(&asked);
    nnrun_close(model);
}

static const struct unit_test tests[] = {
    {"JSON with pixels becomes a picture", json_pictures},
    {"JSON that was cut or changed is read as what it says, or refused as data", json_mutants},
    {"only localhost and addresses in numbers are local, whatever stands around them", hosts},
    {"a target that could be read in two ways is refused, with its status", targets},
    {"the size of a picture is known from its first bytes", headers},
    {"what a question costs is known before it is read; a picture beyond the bound is refused", costs},
    {"a question about each digit is large, and its answer as long as many", costs_of_all},
    {"a table costs what it inflates to, and so does its answer", costs_of_tables},
    {"the answer to a row is no longer than what is held for it, whatever the names", answers_of_tables},
    {"of one client's questions the cheapest is next, and every fourth time the oldest", small_first},
    {"however many small ones come, a large one has its turn", none_waits_for_ever},
    {"clients have turns alike, however many questions they have", shares_by_client},
    {"clients have equal shares by cost", shares_by_cost},
    {"a client has no more questions waiting than it may, and all have no more", bounded},
    {"there are no more connections than the files that may be opened", files},
    {"one connection too many ends the oldest of who has most, unless it waits for an answer", one_too_many},
    {"small questions pass large ones, which do not occupy all threads", small_pass_large},
    {"the memory a server may take is summed up, and a sum that overflows is seen", memory},
    {"a full queue takes no more, and all of it is answered at the end", answered_at_the_end},
    {"what still waits when the time is up is given up, and each hears of it", given_up_at_the_end},
    {"several threads give one answer", several_threads},
};
UNIT_MAIN("serve", tests)
