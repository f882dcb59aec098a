/* public_listener.c: see public_listener.h. */
#include "api/public_listener.h"

#include <stdlib.h>

#include "api/public_evaluation.h"
#include "api/public_model.h"
#include "base/memory.h"

int32_t public_listener_tell(const struct public_listener *listener, const nnrun_event *event)
{
    struct host own;
    int32_t wanted;

    host_enter(&own);
    host_leave(listener->host);
    wanted = listener->on_event(listener->arg, event);
    host_leave(&own);
    return wanted;
}

/* In a training. */
static void tell(struct public_listener *listener, nnrun_event *event)
{
    int32_t wanted;

    event->rank = listener->rank;
    wanted = public_listener_tell(listener, event);

    if (wanted & NNRUN_STOP)
        atomic_store(&listener->requests.stop, 1);
    if (wanted & NNRUN_SAVE)
        atomic_store(&listener->requests.save, 1);
}

/* An event that is a line of the log, too: takes that over. */
static void tell_line(struct public_listener *listener, nnrun_event *event, char *json)
{
    listener->no_memory = listener->no_memory || !json;
    event->json = json;
    tell(listener, event);
    free(json);
}

static void on_start(void *arg, const struct start_event *event)
{
    const nnrun_info info = public_model_info(event->model, NULL);
    nnrun_event told = {.kind = NNRUN_EVENT_START,
                        .resumed = event->resumed,
                        .threads = event->threads,
                        .run = event->run,
                        .info = &info,
                        .step = event->step,
                        .samples = event->samples,
                        .validation = event->validation};

    tell_line(arg, &told, event_start_json(event));
}

static void on_weights(void *arg, const struct weights_event *event)
{
    tell_line(arg, &(nnrun_event){.kind = NNRUN_EVENT_WEIGHTS, .text = event->text},
              memory_string(event->json));
}

static void on_progress(void *arg, const struct progress_event *event)
{
    tell(arg, &(nnrun_event){.kind = NNRUN_EVENT_STEP,
                             .epoch = event->epoch,
                             .epochs = event->epochs,
                             .step = event->step,
                             .done = event->done,
                             .samples = event->samples,
                             .loss = event->loss,
                             .accuracy = event->accuracy,
                             .rate = event->rate});
}

static void on_evaluated(void *arg, bool test, uint64_t done, uint64_t all)
{
    tell(arg, &(nnrun_event){.kind = NNRUN_EVENT_EVALUATING, .testing = test, .done = done, .samples = all});
}

static void on_epoch(void *arg, const struct epoch_event *event)
{
    nnrun_event told = {.kind = NNRUN_EVENT_EPOCH,
                        .best = event->best,
                        .epoch = event->epoch,
                        .epochs = event->epochs,
                        .step = event->step,
                        .loss = event->loss,
                        .accuracy = event->train_accuracy,
                        .validation_loss = event->validation_loss,
                        .validation_accuracy = event->validation_accuracy,
                        .rate = event->rate,
                        .samples_per_s = event->samples_per_s,
                        .seconds = event->seconds,
                        .history = event->history};

    tell_line(arg, &told, event_epoch_json(event));
}

/* Without memory the evaluation is told without its classes. */
static void on_test(void *arg, const struct test_event *event, uint64_t step)
{
    struct public_listener *listener = arg;
    struct public_evaluation evaluation;
    nnrun_event told = {.kind = NNRUN_EVENT_TEST,
                        .weights = event->checkpoint,
                        .evaluation = &evaluation.told,
                        .epoch = event->epoch,
                        .step = step};

    if (public_evaluation_tell(&evaluation, &event->result) != 0)
        listener->no_memory = true;
    tell_line(listener, &told, event_test_json(event, step));
    public_evaluation_drop(&evaluation);
}

static void on_warning(void *arg, const struct warning_event *event)
{
    public_listener_warn(arg, event);
}

static void on_underflow(void *arg, uint64_t step)
{
    tell_line(arg, &(nnrun_event){.kind = NNRUN_EVENT_UNDERFLOW, .step = step}, event_underflow_json(step));
}

void public_listener_warn(struct public_listener *listener, const struct warning_event *event)
{
    nnrun_event told = {
        .kind = NNRUN_EVENT_WARNING, .text = event->text, .name = event->name, .step = event->step};

    if (listener->on_event)
        tell_line(listener, &told, event_warning_json(event));
}

void public_listener_done(struct public_listener *listener, const struct trainer_result *result)
{
    nnrun_event told = {.kind = NNRUN_EVENT_DONE,
                        .interrupted = result->end == TRAINER_INTERRUPTED,
                        .run = result->run,
                        .step = result->step,
                        .ended_by = (int32_t)result->ended_by};

    if (listener->on_event && listener->rank == 0)
        tell_line(listener, &told, event_done_json(result->run, result->step, result->ended_by));
}

struct trainer_listener public_listener_make(struct public_listener *listener)
{
    if (!listener->on_event)
        return (struct trainer_listener){0};
    if (listener->rank > 0)
        return (struct trainer_listener){.arg = listener, .progress = on_progress, .evaluated = on_evaluated};
    return (struct trainer_listener){.arg = listener,
                                     .start = on_start,
                                     .weights = on_weights,
                                     .progress = on_progress,
                                     .evaluated = on_evaluated,
                                     .epoch = on_epoch,
                                     .test = on_test,
                                     .warning = on_warning,
                                     .underflow = on_underflow};
}
