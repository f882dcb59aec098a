/* unit_serve.c: pictures in JSON, and the queue of those who ask. */
#include "unit.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "serve/asker.h"
#include "serve/host.h"
#include "serve/pixels_json.h"

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
                CU_ASSERT_EQUAL(strncmp(error_text(&error), "body: ", 6), 0);
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

/* ---- the queue ------------------------------------------------------------------------------------- */

enum { MANY = ASKER_MOST_WAITING };
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

static nnrun_model *open_model(void)
{
    const char *folder = getenv("NNRUN_PLUGIN_PATH");
    const nnrun_options options = {.size = sizeof options,
                                   .plugin_folders = &folder,
                                   .plugin_folder_count = folder != NULL,
                                   .level = getenv("NNRUN_ISA")};
    nnrun_error error = NNRUN_ERROR_INIT;
    nnrun_model *model = nnrun_open_bytes(config, strlen(config), "net.cfg", &options, &error);

    if (model)
        return model;
    printf("\n  %s\n", error.text);
    exit(99);
}

struct queue {
    nnrun_model *model;
    struct asker *asker;
    sem_t asked, go;
    struct test_question first, many[MANY], one_more;
};

/* One thread, which is held in done() of the first question, and as many waiting as may. */
static void fill(struct queue *queue)
{
    struct error error UNIT_CLEARED = {0};

    queue->model = open_model();
    queue->asker = asker_create(queue->model, 1, &error);
    need(queue->asker != NULL, &error);
    sem_init(&queue->asked, 0, 0);
    sem_init(&queue->go, 0, 0);
    queue->first = queue->one_more = make_question();
    queue->first.asked = &queue->asked;
    queue->first.go = &queue->go;
    CU_ASSERT_EQUAL_FATAL(asker_add(queue->asker, &queue->first.question), ASKER_TOOK);
    while (sem_wait(&queue->asked) != 0)
        ;
    for (size_t i = 0; i < MANY; i++) {
        queue->many[i] = make_question();
        queue->many[i].question.tell_layers = i % 3 == 0;
        CU_ASSERT_EQUAL_FATAL(asker_add(queue->asker, &queue->many[i].question), ASKER_TOOK);
    }
    CU_ASSERT_EQUAL(asker_waiting(queue->asker), MANY);
    CU_ASSERT_EQUAL(asker_add(queue->asker, &queue->one_more.question), ASKER_FULL);
}

/* Lets the first go on once the asker is stopping. */
static void *release(void *arg)
{
    struct queue *queue = arg;
    const struct timespec moment = {.tv_nsec = 1000000};

    while (asker_add(queue->asker, &queue->one_more.question) != ASKER_STOPPING)
        nanosleep(&moment, NULL);
    sem_post(&queue->go);
    return NULL;
}

/* Each of the many has this status, and heard of it once. */
static void stop(struct queue *queue, double seconds, int status)
{
    pthread_t thread;

    CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, release, queue), 0);
    asker_stop(queue->asker, seconds);
    pthread_join(thread, NULL);
    CU_ASSERT_EQUAL(queue->first.question.status, QUESTION_ANSWERED);
    CU_ASSERT_EQUAL(queue->one_more.calls, 0);
    for (size_t i = 0; i < MANY; i++) {
        const struct question *question = &queue->many[i].question;
        CU_ASSERT_EQUAL(queue->many[i].calls, 1);
        CU_ASSERT_EQUAL(question->status, status);
        CU_ASSERT_EQUAL(question->answer != NULL, status == QUESTION_ANSWERED);
        if (question->answer) {
            CU_ASSERT_EQUAL(strstr(question->answer, "\"layers\":[") != NULL, question->tell_layers);
            if (!question->tell_layers)
                CU_ASSERT_STRING_EQUAL(question->answer, queue->first.question.answer);
        }
        free(question->answer);
    }
    CU_ASSERT_EQUAL(asker_answered(queue->asker), status == QUESTION_ANSWERED ? MANY + 1 : 1);
    free(queue->first.question.answer);
    asker_destroy(queue->asker);
    nnrun_close(queue->model);
    sem_destroy(&queue->asked);
    sem_destroy(&queue->go);
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

/* Threads that take from one queue. */
static void several_threads(void)
{
    enum { ROUNDS = 40, THREADS = 3 };
    nnrun_model *model = open_model();
    struct asker *asker;
    struct error error UNIT_CLEARED = {0};
    size_t unlike = 0;
    sem_t asked;

    asker = asker_create(model, THREADS, &error);
    need(asker != NULL, &error);
    sem_init(&asked, 0, 0);
    for (size_t round = 0; round < ROUNDS; round++) {
        struct test_question questions[MANY];
        for (size_t i = 0; i < MANY; i++) {
            questions[i] = make_question();
            questions[i].asked = &asked;
            CU_ASSERT_EQUAL_FATAL(asker_add(asker, &questions[i].question), ASKER_TOOK);
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
    {"a full queue takes no more, and all of it is answered at the end", answered_at_the_end},
    {"what still waits when the time is up is given up, and each hears of it", given_up_at_the_end},
    {"several threads give one answer", several_threads},
};
UNIT_MAIN("serve", tests)
