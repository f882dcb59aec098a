/* asker.c: see asker.h. */
#include "serve/asker.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/thread_signals.h"

enum { BATCH = 16 }; /* questions that take as long as one */

struct worker {
    struct asker *asker;
    pthread_t thread;
    nnrun_context *context;
    uint8_t *samples; /* [BATCH][info->inputs] */
    float *outputs;   /* [BATCH][info->outputs] */
};

struct asker {
    const nnrun_model *model;
    const nnrun_info *info;
    unsigned threads, started;
    struct worker *workers; /* [threads] */
    pthread_mutex_t mutex;
    pthread_cond_t come;
    /* under the mutex */
    struct question *first, *last;
    size_t waiting;
    unsigned long answered;
    bool stopping;
    double give_up; /* if it is stopping: when */
};

/* ---- the queue --------------------------------------------------------------------------------------- */

enum asker_took asker_add(struct asker *asker, struct question *question)
{
    enum asker_took took = ASKER_TOOK;

    question->next = NULL;
    pthread_mutex_lock(&asker->mutex);
    if (asker->stopping) {
        took = ASKER_STOPPING;
    } else if (asker->waiting == ASKER_MOST_WAITING) {
        took = ASKER_FULL;
    } else {
        *(asker->first ? &asker->last->next : &asker->first) = question;
        asker->last = question;
        asker->waiting++;
        pthread_cond_signal(&asker->come);
    }
    pthread_mutex_unlock(&asker->mutex);
    return took;
}

static struct question *take_first(struct asker *asker)
{
    struct question *question = asker->first;

    assert(question); /* asker->waiting is more than those taken */
    asker->first = question->next;
    asker->waiting--;
    return question;
}

/* A fair share of those that wait, so that the other threads have work, too. Only the first of them may want
 * to know what the layers give: a run keeps that of one sample. */
static size_t take_waiting(struct asker *asker, struct question *taken[BATCH])
{
    size_t count = 0, share;

    pthread_mutex_lock(&asker->mutex);
    while (!asker->first && !asker->stopping)
        pthread_cond_wait(&asker->come, &asker->mutex);
    share = (asker->waiting + asker->threads - 1) / asker->threads;
    share = share < BATCH ? share : BATCH;
    while (count < share && (count == 0 || !asker->first->tell_layers))
        taken[count++] = take_first(asker);
    pthread_mutex_unlock(&asker->mutex);
    return count;
}

static bool given_up(struct asker *asker)
{
    bool is;

    pthread_mutex_lock(&asker->mutex);
    is = asker->stopping && clock_seconds() > asker->give_up;
    pthread_mutex_unlock(&asker->mutex);
    return is;
}

static void count_answered(struct asker *asker)
{
    pthread_mutex_lock(&asker->mutex);
    asker->answered++;
    pthread_mutex_unlock(&asker->mutex);
}

/* ---- threads ----------------------------------------------------------------------------------------- */

/* Reads the bodies; those that cannot be read are answered, the others moved to the front. */
static size_t prepare_all(struct worker *worker, struct question *taken[], size_t count)
{
    struct asker *asker = worker->asker;
    size_t good = 0;

    for (size_t i = 0; i < count; i++) {
        struct question *question = taken[i];
        int failed = -1;
        question->sample = worker->samples + good * asker->info->inputs;
        if (given_up(asker))
            question->status = QUESTION_UNASKED;
        else
            failed = question_prepare(question, asker->model);
        if (failed)
            question->done(question);
        else
            taken[good++] = question;
    }
    return good;
}

static void answer_all(struct worker *worker, struct question *taken[], size_t count)
{
    struct asker *asker = worker->asker;

    nnrun_predict(worker->context, worker->samples, count, worker->outputs);
    for (size_t i = 0; i < count; i++) {
        question_answer(taken[i], asker->model, worker->outputs + i * asker->info->outputs, worker->context);
        count_answered(asker);
        taken[i]->done(taken[i]);
    }
}

static void *work(void *arg)
{
    struct worker *worker = arg;
    struct question *taken[BATCH];
    struct thread_handler_stack stack;
    size_t count;

    thread_handler_stack_begin(&stack);
    while ((count = take_waiting(worker->asker, taken)) > 0) {
        count = prepare_all(worker, taken, count);
        if (count > 0)
            answer_all(worker, taken, count);
    }
    thread_handler_stack_end(&stack);
    return NULL;
}

/* ---- beginning and end ------------------------------------------------------------------------------- */

static int open_context(struct worker *worker, struct error *error)
{
    nnrun_error reason = NNRUN_ERROR_INIT;

    worker->context = nnrun_context_create(worker->asker->model, NNRUN_KEEP_LAYERS, &reason);
    if (worker->context)
        return 0;
    if (reason.code == NNRUN_ERROR_MEMORY)
        error_memory(error);
    else
        error_set(error, (enum error_code)reason.code, "%s", reason.text);
    nnrun_error_clear(&reason);
    return -1;
}

static int start_worker(struct worker *worker, struct error *error)
{
    const struct asker *asker = worker->asker;
    size_t samples, outputs;
    int failed;

    if (size_multiply(BATCH, asker->info->inputs, &samples))
        worker->samples = memory_array(samples, 1);
    if (size_multiply(BATCH, asker->info->outputs, &outputs))
        worker->outputs = memory_array(outputs, sizeof *worker->outputs);
    if (!worker->samples || !worker->outputs)
        return error_memory(error);
    if (open_context(worker, error) != 0)
        return -1;
    failed = pthread_create(&worker->thread, NULL, work, worker);
    if (failed)
        return error_set(error, ERROR_FAILED, "cannot start thread %u of %u: %s", asker->started + 1,
                         asker->threads, strerror(failed));
    worker->asker->started++;
    return 0;
}

struct asker *asker_create(const nnrun_model *model, unsigned threads, struct error *error)
{
    struct asker *asker = memory_array(1, sizeof *asker);
    int failed;

    if (!asker) {
        error_memory(error);
        return NULL;
    }
    asker->model = model;
    asker->info = nnrun_describe(model);
    asker->threads = threads;
    pthread_mutex_init(&asker->mutex, NULL);
    pthread_cond_init(&asker->come, NULL);
    asker->workers = memory_array(threads, sizeof *asker->workers);
    failed = asker->workers ? 0 : error_memory(error);
    for (unsigned i = 0; asker->workers && i < threads && !failed; i++) {
        asker->workers[i].asker = asker;
        failed = start_worker(&asker->workers[i], error);
    }
    if (!failed)
        return asker;
    asker_stop(asker, 0);
    asker_destroy(asker);
    return NULL;
}

size_t asker_waiting(struct asker *asker)
{
    size_t waiting;

    pthread_mutex_lock(&asker->mutex);
    waiting = asker->waiting;
    pthread_mutex_unlock(&asker->mutex);
    return waiting;
}

unsigned long asker_answered(struct asker *asker)
{
    unsigned long answered;

    pthread_mutex_lock(&asker->mutex);
    answered = asker->answered;
    pthread_mutex_unlock(&asker->mutex);
    return answered;
}

void asker_stop(struct asker *asker, double seconds)
{
    pthread_mutex_lock(&asker->mutex);
    asker->stopping = true;
    asker->give_up = clock_seconds() + seconds;
    pthread_cond_broadcast(&asker->come);
    pthread_mutex_unlock(&asker->mutex);
    for (unsigned i = 0; i < asker->started; i++)
        pthread_join(asker->workers[i].thread, NULL);
    asker->started = 0;
}

void asker_destroy(struct asker *asker)
{
    if (!asker)
        return;
    for (unsigned i = 0; asker->workers && i < asker->threads; i++) {
        nnrun_context_destroy(asker->workers[i].context);
        free(asker->workers[i].samples);
        free(asker->workers[i].outputs);
    }
    free(asker->workers);
    pthread_cond_destroy(&asker->come);
    pthread_mutex_destroy(&asker->mutex);
    free(asker);
}
