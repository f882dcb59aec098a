/* events.c: see events.h. */
#include "train/events.h"

#include <jansson.h>
#include <sys/resource.h>

#include "base/json_text.h"

/* Takes the object over. */
static char *event_text(json_t *object)
{
    return json_line(object, 9);
}

char *event_start_json(const struct start_event *event)
{
    return event_text(json_pack(
        "{s:s, s:o, s:o, s:b, s:I, s:I, s:I, s:I, s:i, s:s, s:I}", "event", "start", "name",
        json_text(event->model->settings.name), "run", json_text(event->run), "resumed", event->resumed,
        "step", (json_int_t)event->step, "parameters", (json_int_t)event->model->net->parameters, "samples",
        (json_int_t)event->samples, "validation", (json_int_t)event->validation, "threads",
        (int)event->threads, "isa", plugin_level_names[event->model->level], "seed",
        (json_int_t)event->model->settings.train.seed));
}

char *event_epoch_json(const struct epoch_event *event)
{
    return event_text(json_pack("{s:s, s:I, s:I, s:o, s:o, s:o, s:o, s:f, s:f, s:f, s:b}", "event", "epoch",
                                "epoch", (json_int_t)event->epoch, "step", (json_int_t)event->step, "loss",
                                json_number(event->loss), "train_accuracy",
                                json_number(event->train_accuracy), "validation_loss",
                                json_number(event->validation_loss), "validation_accuracy",
                                json_number(event->validation_accuracy), "rate", event->rate, "samples_per_s",
                                event->samples_per_s, "seconds", event->seconds, "best", event->best));
}

/* Of each of several labels, with their names if they have any. Returns 0 or -1. */
static int add_areas(json_t *object, const struct model *model, const struct areas *areas)
{
    json_t *list = json_array(), *names = json_array();
    int failed = 0;

    for (size_t i = 0; i < areas->count; i++) {
        const char *name = model_class_name(model, i);
        failed |= json_array_append_new(list, json_number(areas->area[i]));
        failed |= name ? json_array_append_new(names, json_text(name)) : 0;
    }
    if (json_array_size(names) > 0)
        failed |= json_object_set(object, "names", names);
    failed |= json_object_set_new(object, "areas", list);
    json_decref(names);
    return failed;
}

/* What not every network has. Returns 0 or -1. */
static int add_figures(json_t *object, const struct test_event *event)
{
    const struct evaluation *result = &event->result;
    int failed = 0;

    if (result->classes > 0)
        failed |= json_object_set_new(object, "balanced_accuracy",
                                      json_number(evaluation_balanced_accuracy(result)));
    if (result->areas.count > 1)
        failed |= add_areas(object, event->model, &result->areas);
    if (result->areas.count > 0)
        failed |= json_object_set_new(object, "area", json_number(result->areas.mean));
    return failed;
}

char *event_test_json(const struct test_event *event, uint64_t step)
{
    const struct evaluation_interval interval = evaluation_interval(event->result.right, event->result.count);
    json_t *object;
    int failed = 0;

    object = json_pack("{s:s, s:I, s:I, s:s, s:I, s:I, s:o, s:f, s:f, s:o}", "event", "test", "epoch",
                       (json_int_t)event->epoch, "step", (json_int_t)step, "checkpoint", event->checkpoint,
                       "count", (json_int_t)event->result.count, "right", (json_int_t)event->result.right,
                       "accuracy", json_number(event->result.accuracy), "accuracy_low", interval.low,
                       "accuracy_high", interval.high, "loss", json_number(event->result.loss));
    if (event->result.unanswered)
        failed =
            json_object_set_new(object, "unanswered", json_integer((json_int_t)event->result.unanswered));
    return event_text(json_whole(object, failed | add_figures(object, event)));
}

char *event_warning_json(const struct warning_event *event)
{
    return event_text(json_pack("{s:s, s:o, s:I, s:o}", "event", "warning", "name",
                                event->name ? json_text(event->name) : json_null(), "step",
                                (json_int_t)event->step, "message", json_text(event->text)));
}

char *event_underflow_json(uint64_t step)
{
    return event_text(json_pack("{s:s, s:I}", "event", "underflow", "step", (json_int_t)step));
}

char *event_done_json(const char *run, uint64_t step, enum training_end end)
{
    static const char *const words[] = {
        [TRAINING_EPOCHS] = "epochs", [TRAINING_PATIENCE] = "patience", [TRAINING_STOPPED] = "stopped"};
    struct rusage usage;
    const json_int_t peak = getrusage(RUSAGE_SELF, &usage) == 0 ? (json_int_t)usage.ru_maxrss * 1024 : 0;

    return event_text(json_pack("{s:s, s:o, s:I, s:b, s:s, s:I}", "event", "done", "run", json_text(run),
                                "step", (json_int_t)step, "interrupted", end == TRAINING_STOPPED, "ended_by",
                                words[end], "peak_bytes", peak));
}
