/* command_time.c: nnrun time: how fast each layer and a whole step are, and where the time goes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "cli/algorithms.h"
#include "cli/bar.h"
#include "cli/column.h"
#include "base/json_text.h"
#include "cli/command.h"
#include "cli/inner_options.h"
#include "cli/say.h"
#include "measure/timing.h"
#include "run/run_model.h"

enum { MOST_THREADS = OPTIONS_MOST_THREADS };

/* "  12.3   45.6  78 %   123.4": microseconds, GFLOP/s, share of a thread's peak, kB. */
static void print_pass(const struct timing_pass *pass)
{
    if (pass->seconds <= 0) {
        printf("  %9s %7s %6s %8s", "-", "", "", "");
        return;
    }
    printf("  %9.2f", pass->seconds * 1e6);
    if (pass->flops > 0)
        printf(" %7.1f %4.0f %%", pass->flops / pass->seconds / 1e9, pass->share * 100);
    else
        printf(" %7s %6s", "-", "-");
    printf(" %8.1f", (double)pass->bytes / 1e3);
}

static void add_pass(struct timing_pass *sum, const struct timing_pass *pass)
{
    /* shares weigh by time: the sum of what would have been possible over the sum of what was */
    sum->share += pass->share * pass->seconds;
    sum->seconds += pass->seconds;
    sum->flops += pass->flops;
    sum->bytes += pass->bytes;
}

static void print_layers(const struct net *net, const struct timing *timing)
{
    struct timing_pass forward = {0}, backward = {0};

    printf("%-12s %-10s  %9s %7s %6s %8s  %9s %7s %6s %8s\n", "a slice, one thread", "", "forward us",
           "GFLOP/s", "peak", "kB", "backward", "GFLOP/s", "peak", "kB");
    for (size_t i = 0; i < net->node_count; i++) {
        column_left(net->nodes[i].name, 12);
        say(stdout, " %-10s", net->nodes[i].type);
        print_pass(&timing->layers[i].forward);
        print_pass(&timing->layers[i].backward);
        putchar('\n');
        add_pass(&forward, &timing->layers[i].forward);
        add_pass(&backward, &timing->layers[i].backward);
    }
    forward.share /= forward.seconds > 0 ? forward.seconds : 1;
    backward.share /= backward.seconds > 0 ? backward.seconds : 1;
    printf("%-12s %-10s", "all", "");
    print_pass(&forward);
    print_pass(&backward);
    putchar('\n');
    algorithms_print(net); /* why there may be more than 100 % of the peak */
    putchar('\n');
}

static void print_row(const struct timing *timing, const char *name,
                      double (*value)(const struct timing_threads *))
{
    printf("%-34s", name);
    for (size_t i = 0; i < timing->count; i++)
        printf(" %11.2f", value(&timing->threads[i]));
    putchar('\n');
}

#define COLUMN(name, expression)                                                                             \
    static double name(const struct timing_threads *t)                                                       \
    {                                                                                                        \
        return expression;                                                                                   \
    }
COLUMN(peak, t->peak / 1e9)
COLUMN(step, t->step * 1e6)
COLUMN(gather, t->inside.gather * 1e6)
COLUMN(forward, t->inside.forward * 1e6)
COLUMN(backward, t->inside.backward * 1e6)
COLUMN(judge, t->inside.judge * 1e6)
COLUMN(update, t->inside.update * 1e6)
COLUMN(wait_of, t->wait * 1e6)
COLUMN(rate, t->samples_per_s / 1e3)
COLUMN(share, t->share * 100)
COLUMN(infer, t->infer_per_s / 1e3)
COLUMN(infer_share, t->infer_share * 100)

static void print_text(const struct model *model, const struct timing *timing)
{
    say(stdout, "%s: code level %s, batches of %d in %u groups\n", model->settings.name,
        plugin_level_names[model->level], (int)model->settings.train.batch,
        executor_groups((size_t)model->settings.train.batch, model->settings.train.groups));
    putchar('\n');
    print_layers(model->net, timing);
    printf("%-34s", "threads");
    for (size_t i = 0; i < timing->count; i++)
        printf(" %11u", timing->threads[i].threads);
    putchar('\n');
    print_row(timing, "peak of multiply-adds, GFLOP/s", peak);
    print_row(timing, "a step, us", step);
    print_row(timing, "  gather, us of all threads", gather);
    print_row(timing, "  forward", forward);
    print_row(timing, "  loss and answers", judge);
    print_row(timing, "  backward", backward);
    print_row(timing, "  reduce and update", update);
    print_row(timing, "  wait and the rest", wait_of);
    print_row(timing, "training, 1000 samples/s", rate);
    print_row(timing, "  % of peak", share);
    print_row(timing, "inference, 1000 samples/s", infer);
    print_row(timing, "  % of peak", infer_share);
    printf("\none sample alone: %.1f us on one thread\n", timing->latency * 1e6);
}

static json_t *pass_json(const struct timing_pass *pass)
{
    if (pass->seconds <= 0)
        return json_null();
    return json_pack("{s:f, s:f, s:f, s:I}", "seconds", pass->seconds, "flops", pass->flops, "share",
                     pass->share, "bytes", (json_int_t)pass->bytes);
}

static json_t *threads_json(const struct timing_threads *t)
{
    return json_pack("{s:i, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f}", "threads",
                     (int)t->threads, "peak_flops", t->peak, "step_seconds", t->step, "gather",
                     t->inside.gather, "forward", t->inside.forward, "judge", t->inside.judge, "backward",
                     t->inside.backward, "update", t->inside.update, "wait", t->wait, "samples_per_s",
                     t->samples_per_s, "share", t->share, "infer_per_s", t->infer_per_s, "infer_share",
                     t->infer_share);
}

static char *timing_json(const struct model *model, const struct timing *timing)
{
    json_t *layers = json_array(), *threads = json_array(), *object;
    int failed = 0;

    for (size_t i = 0; i < model->net->node_count; i++)
        failed |= json_array_append_new(
            layers,
            json_pack("{s:o, s:o, s:o, s:o, s:o}", "name", json_text(model->net->nodes[i].name), "type",
                      json_text(model->net->nodes[i].type), "forward", pass_json(&timing->layers[i].forward),
                      "backward", pass_json(&timing->layers[i].backward), "algorithm",
                      model->net->nodes[i].algorithm ? json_text(model->net->nodes[i].algorithm)
                                                     : json_null()));
    for (size_t i = 0; i < timing->count; i++)
        failed |= json_array_append_new(threads, threads_json(&timing->threads[i]));
    object = json_pack("{s:s, s:o, s:s, s:i, s:f, s:f, s:o, s:o, s:f}", "event", "time", "name",
                       json_text(model->settings.name), "isa", plugin_level_names[model->level], "batch",
                       (int)model->settings.train.batch, "forward_flops", timing->forward_flops,
                       "backward_flops", timing->backward_flops, "layers", json_whole(layers, failed), "runs",
                       threads, "latency", timing->latency);
    return json_line(object, 6);
}

/* The numbers of threads to try: those asked for, 0 being all processors, else one and as many as training
 * takes. */
static size_t thread_counts(const struct options *options, const struct model *model,
                            unsigned counts[MOST_THREADS])
{
    size_t count = options->thread_count;

    for (size_t i = 0; i < count; i++)
        counts[i] = options->threads[i] ? options->threads[i] : thread_pool_processors();
    if (count > 0)
        return count;
    counts[count++] = 1;
    if (model_threads(model) > 1)
        counts[count++] = model_threads(model);
    return count;
}

static void show_progress(void *arg, unsigned done, unsigned all)
{
    bar_step(arg, "timing", done, all);
}

int command_time(const struct options *options)
{
    const struct model_options model_options = options_model(options, false);
    struct bar bar;
    const struct timing_listener listener = {.arg = &bar, .on_round = show_progress};
    unsigned counts[MOST_THREADS];
    struct timing timing = {0};
    struct model model = {0};
    struct error error = {0};
    int status = STATUS_OK;
    bool failed;

    bar_init(&bar, !options->json);
    failed =
        options_need_subject(options, "one CONFIG or CHECKPOINT", &error) != 0 ||
        run_model_open(&model, options->subject, MODEL_ANY, &model_options, &error) != 0 ||
        timing_run(&model, counts, thread_counts(options, &model, counts), &listener, &timing, &error) != 0;
    bar_clear(&bar);
    if (failed)
        status = command_failed(options, &error);
    else if (options->json)
        status = command_print_json(timing_json(&model, &timing)) == 0 ? STATUS_OK : STATUS_FAILED;
    else
        print_text(&model, &timing);
    timing_finish(&timing);
    model_finish(&model);
    return status;
}
