/* asker.c: see asker.h. */
#include "serve/asker.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/thread_signals.h"
#include "serve/limits.h"
#include "serve/table_answer.h"

enum { BATCH = ASKER_BATCH };

struct worker {
    struct asker *asker;
    enum asker_lane kind; /* LANE_LARGE: it takes large questions first, but small ones, too */
    pthread_t thread;
    nnrun_context *context;
    uint8_t *samples; /* [ASKER_SAMPLES][info->inputs] */
    float *numbers;   /* [BATCH][info->inputs] in its place, of a model of numbers */
    float *outputs;   /* [ASKER_SAMPLES][info->outputs] */
};

struct asker {
    const nnrun_model *model;
    const nnrun_info *info;
    unsigned threads, started;
    struct worker *workers; /* [threads] */
    pthread_mutex_t mutex;
    pthread_cond_t come[LANES]; /* what a worker of this kind takes */
    /* under the mutex */
    struct turns lanes[LANES];
    unsigned long answered;
    bool stopping;
    double give_up; /* if it is stopping: when */
};

/* ---- the queue --------------------------------------------------------------------------------------- */

enum asker_took asker_add(struct asker *asker, struct share shares[LANES], struct question *question)
{
    static const enum asker_took tooks[] = {
        [TURNS_ADDED] = ASKER_TOOK, [TURNS_FULL] = ASKER_FULL, [TURNS_CLIENT_FULL] = ASKER_CLIENT_FULL};
    const enum asker_lane lane = question->large ? LANE_LARGE : LANE_SMALL;
    enum asker_took took = ASKER_STOPPING;

    pthread_mutex_lock(&asker->mutex);
    if (!asker->stopping)
        took = tooks[turns_add(&asker->lanes[lane], &shares[lane], question)];
    if (took == ASKER_TOOK)
        pthread_cond_signal(&asker->come[LANE_LARGE]);
    if (took == ASKER_TOOK && lane == LANE_SMALL)
        pthread_cond_signal(&asker->come[LANE_SMALL]);
    pthread_mutex_unlock(&asker->mutex);
    return took;
}

/* Where the worker finds its next question; NULL: nowhere. */
static struct turns *find_lane(const struct worker *worker)
{
    struct turns *lanes = worker->asker->lanes;

    if (worker->kind == LANE_LARGE && lanes[LANE_LARGE].waiting > 0)
        return &lanes[LANE_LARGE];
    return lanes[LANE_SMALL].waiting > 0 ? &lanes[LANE_SMALL] : NULL;
}

/* One large question; or a fair share of the small ones, so that the other threads have work, too. Only the
 * first of them may want to know what the layers give: a run keeps that of one sample. 0: it is over. */
static size_t take_waiting(struct worker *worker, struct question *taken[BATCH])
{
    struct asker *asker = worker->asker;
    struct turns *lane;
    size_t count = 0, share;

    pthread_mutex_lock(&asker->mutex);
    while (!(lane = find_lane(worker)) && !asker->stopping)
        pthread_cond_wait(&asker->come[worker->kind], &asker->mutex);
    if (lane) {
        share = lane == &asker->lanes[LANE_LARGE] ? 1 : (lane->waiting + asker->threads - 1) / asker->threads;
        share = share < BATCH ? share : BATCH;
        while (count < share && (count == 0 || !turns_see(lane)->tell_layers))
            taken[count++] = turns_take(lane);
    }
    pthread_mutex_unlock(&asker->mutex);
    return count;
}

static bool given_up(void *arg)
{
    struct asker *asker = arg;
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
        if (asker->info->numbers)
            question->numbers = worker->numbers + good * asker->info->inputs;
        else
            question->sample = worker->samples + good * asker->info->inputs;
        if (given_up(asker)) {
            question->status = QUESTION_UNASKED;
        } else if (question->table) {
            table_answer(question, asker->model, worker->context, given_up, asker);
            count_answered(asker);
        } else {
            failed = question_prepare(question, asker->model);
        }
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

    /* one that asks about each digit is large, and so the only one */
    if (asker->info->numbers)
        nnrun_predict_floats(worker->context, worker->numbers, count, worker->outputs);
    else
        nnrun_predict(worker->context, worker->samples, count == 1 ? taken[0]->samples : count,
                      worker->outputs);
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
    while ((count = take_waiting(worker, taken)) > 0) {
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

    if (asker->info->numbers && size_multiply(BATCH, asker->info->inputs, &samples))
        worker->numbers = memory_array(samples, sizeof *worker->numbers);
    else if (!asker->info->numbers && size_multiply(ASKER_SAMPLES, asker->info->inputs, &samples))
        worker->samples = memory_array(samples, 1);
    if (size_multiply(ASKER_SAMPLES, asker->info->outputs, &outputs))
        worker->outputs = memory_array(outputs, sizeof *worker->outputs);
    if (!(worker->samples || worker->numbers) || !worker->outputs)
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

unsigned asker_threads(unsigned wanted)
{
    return wanted > ASKER_LEAST_THREADS ? wanted : ASKER_LEAST_THREADS;
}

unsigned asker_large_threads(unsigned wanted)
{
    return asker_threads(wanted) / 2;
}

static void init_lanes(struct asker *asker)
{
    asker->lanes[LANE_SMALL] =
        (struct turns){.most = LIMIT_SMALL_WAITING, .most_of_client = LIMIT_SMALL_WAITING_CLIENT};
    asker->lanes[LANE_LARGE] =
        (struct turns){.most = LIMIT_LARGE_WAITING, .most_of_client = LIMIT_LARGE_WAITING_CLIENT};
    for (size_t lane = 0; lane < LANES; lane++)
        pthread_cond_init(&asker->come[lane], NULL);
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
    asker->threads = asker_threads(threads);
    pthread_mutex_init(&asker->mutex, NULL);
    init_lanes(asker);
    asker->workers = memory_array(asker->threads, sizeof *asker->workers);
    failed = asker->workers ? 0 : error_memory(error);
    for (unsigned i = 0; asker->workers && i < asker->threads && !failed; i++) {
        asker->workers[i].asker = asker;
        asker->workers[i].kind = i < asker_large_threads(threads) ? LANE_LARGE : LANE_SMALL;
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
    waiting = asker->lanes[LANE_SMALL].waiting + asker->lanes[LANE_LARGE].waiting;
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
    for (size_t lane = 0; lane < LANES; lane++)
        pthread_cond_broadcast(&asker->come[lane]);
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
        free(asker->workers[i].numbers);
        free(asker->workers[i].outputs);
    }
    free(asker->workers);
    for (size_t lane = 0; lane < LANES; lane++)
        pthread_cond_destroy(&asker->come[lane]);
    pthread_mutex_destroy(&asker->mutex);
    free(asker);
}
