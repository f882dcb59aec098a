/* sweep_json.c: see sweep_json.h. */
#include "cli/sweep_json.h"

#include <math.h>

#include <jansson.h>

#include "base/json_text.h"
#include "cli/command.h"

static json_t *settings_json(const struct plan *plan, size_t combination)
{
    json_t *settings = json_object();
    int failed = 0;

    for (size_t i = 0; i < plan->axis_count; i++)
        failed |= json_object_set_new(settings, plan->axes[i].key,
                                      json_text(plan->combinations[combination].values[i]));
    return json_whole(settings, failed);
}

/* Takes the line over; NULL: there was no memory for it. */
static void print_event(struct sweep *sweep, char *line)
{
    sweep->event_lost = command_print_json(line) != 0 || sweep->event_lost;
}

void sweep_json_start(struct sweep *sweep)
{
    const struct plan *plan = sweep->plan;

    print_event(
        sweep, json_line(json_pack("{s:s, s:o, s:o, s:I, s:I, s:I, s:I, s:I, s:I}", "event", "sweep", "name",
                                   json_text(plan->name), "folder",
                                   json_text(sweep_folder_path(sweep->folder)), "combinations",
                                   (json_int_t)plan->combination_count, "seeds", (json_int_t)plan->seed_count,
                                   "runs", (json_int_t)plan->run_count, "share", (json_int_t)sweep->share,
                                   "done", (json_int_t)sweep->before, "jobs", (json_int_t)sweep->job_count),
                         9));
}

void sweep_json_run(struct sweep *sweep, size_t i)
{
    static const char *const states[] = {
        [SWEEP_APART] = "apart",  [SWEEP_WAITING] = "waiting", [SWEEP_RUNNING] = "running",
        [SWEEP_BEFORE] = "done",  [SWEEP_DONE] = "done",       [SWEEP_STOPPED] = "interrupted",
        [SWEEP_FAILED] = "failed"};
    const struct plan_run *run = &sweep->plan->runs[i];
    const struct sweep_run *state = &sweep->runs[i];

    print_event(
        sweep,
        json_line(json_pack("{s:s, s:s, s:o, s:i, s:s, s:b, s:o}", "event", "sweep_run", "run", run->name,
                            "settings", settings_json(sweep->plan, run->combination), "seed", (int)run->seed,
                            "state", states[state->state], "resumed", (int)state->resumed, "message",
                            state->message && state->state == SWEEP_FAILED ? json_text(state->message)
                                                                           : json_null()),
                  9));
}

void sweep_json_combination(struct sweep *sweep, const struct summary *summary, size_t row)
{
    const struct summary_row *one = &summary->rows[row];

    print_event(
        sweep,
        json_line(json_pack("{s:s, s:o, s:s, s:I, s:o, s:o, s:o, s:o, s:o, s:o}", "event", "combination",
                            "settings", settings_json(sweep->plan, one->combination), "measure",
                            summary->by_test ? "test_accuracy" : "validation_accuracy", "count",
                            (json_int_t)one->measured.count, "mean", json_number(one->measured.mean),
                            "deviation", json_number(one->measured.deviation), "low",
                            json_number(one->measured.low), "high", json_number(one->measured.high), "p",
                            json_number(one->p), "test", json_number(one->test.mean)),
                  12));
}

void sweep_json_done(struct sweep *sweep, const struct summary *summary)
{
    const bool best = summary->verdict == SUMMARY_BEST;
    const size_t done = sweep->before + sweep->done;

    print_event(
        sweep,
        json_line(json_pack("{s:s, s:o, s:I, s:I, s:I, s:b, s:o}", "event", "sweep_done", "folder",
                            json_text(sweep_folder_path(sweep->folder)), "done", (json_int_t)done, "failed",
                            (json_int_t)sweep->failed, "share", (json_int_t)sweep->share, "interrupted",
                            (int)(sweep->stopping || sweep->stopped > 0), "best",
                            best ? settings_json(sweep->plan, summary->rows[0].combination) : json_null()),
                  9));
}
