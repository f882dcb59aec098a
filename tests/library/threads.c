/* threads.c: 8 threads on two models, each thread with contexts of its own and another size of batch, get the
 * answers that one thread gets. So does a child process after fork, with the parent's models and contexts.
 *
 *   threads threads|fork CHECKPOINT CHECKPOINT IDX-FILE
 *
 * Exit status 1 and a line if an answer differs. */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <nnrun/nnrun.h>

enum { THREADS = 8, MODELS = 2, ROUNDS = 5, MOST_BATCH = 17 };

struct asked {
    const nnrun_model *model;
    nnrun_context *context; /* of the first thread */
    size_t count, inputs, outputs;
    uint8_t *samples;
    float *answers; /* that the first thread gets */
};

struct worker {
    const struct asked *asked; /* [MODELS] */
    size_t number;
    int differs;
};

static void *must(void *memory, const nnrun_error *error)
{
    if (memory)
        return memory;
    fprintf(stderr, "threads: %s\n", error && error->text ? error->text : "out of memory");
    exit(1);
}

static void prepare(struct asked *asked, const char *path)
{
    nnrun_error error = NNRUN_ERROR_INIT;
    nnrun_pictures *pictures = must(nnrun_pictures_open(path, &error), &error);

    asked->context = must(nnrun_context_create(asked->model, 0, &error), &error);
    asked->inputs = nnrun_describe(asked->model)->inputs;
    asked->outputs = nnrun_describe(asked->model)->outputs;
    asked->count = nnrun_pictures_count(pictures);
    asked->samples = must(malloc(asked->count * asked->inputs), NULL);
    asked->answers = must(malloc(asked->count * asked->outputs * sizeof(float)), NULL);
    for (size_t i = 0; i < asked->count; i++)
        if (nnrun_pictures_next(pictures, asked->model, NULL, asked->samples + i * asked->inputs, NULL,
                                &error) != 0)
            must(NULL, &error);
    nnrun_pictures_close(pictures);
    nnrun_predict(asked->context, asked->samples, asked->count, asked->answers);
}

/* Asks in batches of that size: nonzero if an answer differs. */
static int differs(const struct asked *asked, nnrun_context *context, size_t batch)
{
    const size_t outputs = asked->outputs;
    float *answers = must(calloc(asked->count * outputs, sizeof(float)), NULL);
    int differ;

    for (size_t i = 0; i < asked->count; i += batch) {
        const size_t left = asked->count - i;
        nnrun_predict(context, asked->samples + i * asked->inputs, left < batch ? left : batch,
                      answers + i * outputs);
    }
    differ = memcmp(answers, asked->answers, asked->count * outputs * sizeof(float));
    free(answers);
    return differ;
}

static void *work(void *arg)
{
    struct worker *worker = arg;

    for (size_t round = 0; round < ROUNDS; round++)
        for (size_t i = 0; i < MODELS; i++) {
            const struct asked *asked = &worker->asked[i];
            nnrun_error error = NNRUN_ERROR_INIT;
            nnrun_context *context = must(nnrun_context_create(asked->model, 0, &error), &error);
            worker->differs |= differs(asked, context, 1 + (worker->number + round) % MOST_BATCH);
            nnrun_context_destroy(context);
        }
    return NULL;
}

static int run_threads(const struct asked asked[MODELS])
{
    pthread_t threads[THREADS];
    struct worker workers[THREADS];
    int differ = 0;

    for (size_t i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){.asked = asked, .number = i};
        if (pthread_create(&threads[i], NULL, work, &workers[i]) != 0)
            must(NULL, NULL);
    }
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        differ |= workers[i].differs;
    }
    return differ;
}

/* The child asks with the parent's contexts, makes one of its own, and frees everything, as the parent does later. */
static int run_fork(const struct asked asked[MODELS])
{
    const pid_t child = fork();
    int status = 0;

    if (child < 0)
        return -1;
    for (size_t i = 0; i < MODELS; i++)
        status |= differs(&asked[i], asked[i].context, MOST_BATCH) != 0;
    if (child == 0) {
        struct worker worker = {.asked = asked};
        work(&worker);
        return status | worker.differs;
    }
    if (status || waitpid(child, &status, 0) != child)
        return -1;
    return status;
}

int main(int argc, char **argv)
{
    struct asked asked[MODELS];
    nnrun_model *models[MODELS];
    nnrun_error error = NNRUN_ERROR_INIT;
    int differ;

    if (argc != 5)
        return 2;
    for (size_t i = 0; i < MODELS; i++) {
        asked[i].model = models[i] = must(nnrun_open(argv[2 + i], NULL, &error), &error);
        prepare(&asked[i], argv[4]);
    }
    differ = strcmp(argv[1], "fork") == 0 ? run_fork(asked) : run_threads(asked);
    if (differ)
        fprintf(stderr, "threads: an answer differs\n");
    for (size_t i = 0; i < MODELS; i++) {
        nnrun_context_destroy(asked[i].context);
        nnrun_close(models[i]);
        free(asked[i].samples);
        free(asked[i].answers);
    }
    return differ != 0;
}
