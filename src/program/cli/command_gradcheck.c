/* command_gradcheck.c: nnrun gradcheck: does a layer compute its gradient, and keep the plugin contract? */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "cli/bar.h"
#include "cli/column.h"
#include "base/json_text.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/command_plugin.h"
#include "cli/inner_options.h"
#include "cli/crash_apart.h"
#include "cli/fixed_settings.h"
#include "cli/say.h"
#include "check/findings.h"
#include "model/model_fit.h"
#include "setting/name_word.h"

enum { DIRECTIONS_OF_TYPE = 4, DIRECTIONS_OF_CONFIG = 2 };

/* What was found so far. */
struct tally {
    const struct options *options;
    struct bar bar;
    bool of_config;           /* rows are layers, not cases of one */
    unsigned results, failed; /* cases or layers; those with failures */
    unsigned forward_only;    /* those that have no backward */
    double worst;
    struct findings findings;
    bool no_memory;
};

static json_t *levels_json(const struct gradcheck_result *result)
{
    json_t *levels = json_object();
    int failed = 0;

    for (unsigned i = 0; i < NNRUN_LEVELS; i++) {
        const struct gradcheck_level *level = &result->level[i];
        if (level->checked)
            failed |= json_object_set_new(levels, plugin_level_names[i],
                                          json_pack("{s:f, s:o, s:i, s:i}", "error", level->worst, "error_at",
                                                    json_text(level->worst_at), "directions",
                                                    (int)level->directions, "kinks", (int)level->kinks));
    }
    return json_whole(levels, failed);
}

static json_t *failures_json(const struct failure_list *failures)
{
    json_t *lines = json_array();
    char text[FAILURE_TEXT];
    int failed = 0;

    for (size_t i = 0; i < failures->count; i++)
        failed |= json_array_append_new(lines, json_text(failure_text(&failures->failure[i], text)));
    return json_whole(lines, failed);
}

static char *result_json(const struct gradcheck_result *result)
{
    json_t *object = json_pack("{s:s, s:o, s:o, s:o, s:b, s:b, s:i, s:o, s:o}", "event", "gradcheck", "layer",
                               json_text(result->name), "type", json_text(result->type), "case",
                               json_text(result->label), "ok", result->failures.count == 0, "backward",
                               !result->forward_only, "frozen", (int)result->frozen, "levels",
                               levels_json(result), "failures", failures_json(&result->failures));

    return json_line(object, 6);
}

/* "3x5x5 kernel=3      2.1e-05 weight      portable avx2" */
static void print_row(const struct tally *tally, const struct gradcheck_result *result)
{
    const struct gradcheck_level *worst = NULL;
    unsigned kinks = 0;

    for (unsigned i = 0; i < NNRUN_LEVELS; i++) {
        const struct gradcheck_level *level = &result->level[i];
        kinks += level->kinks;
        if (level->checked && (!worst || level->worst > worst->worst))
            worst = level;
    }
    if (tally->of_config) {
        column_left(result->name, 12);
        say(stdout, " %-10s ", result->type);
    }
    say(stdout, "%-38s ", result->label);
    if (worst && *worst->worst_at)
        say(stdout, "%8.1e %-14s %6u ", worst->worst, worst->worst_at, kinks);
    else
        printf("%8s %-14s %6u ", "-", "-", kinks);
    for (unsigned i = 0; i < NNRUN_LEVELS; i++)
        if (result->level[i].checked)
            printf(" %s", plugin_level_names[i]);
    if (result->frozen)
        printf(", without %u frozen layer%s", result->frozen, text_plural(result->frozen));
    printf("%s%s\n", result->forward_only ? ", no backward" : "", result->failures.count ? "  FAILED" : "");
}

static void show_progress(void *arg, const char *name, unsigned done, unsigned all)
{
    struct tally *tally = arg;
    char label[64];

    snprintf(label, sizeof label, "checking %s", name);
    text_make_printable(label);
    bar_begin(&tally->bar, label, done, all);
}

/* At once: they are few, and a plugin that crashes in its first case does not hide them. */
static void print_file_failures(const struct gradcheck_result *result)
{
    char text[FAILURE_TEXT];

    for (size_t i = 0; i < result->failures.count; i++)
        say(stderr, "nnrun: %s (%s): %s\n", result->name, result->type,
            failure_text(&result->failures.failure[i], text));
}

static void take_result(void *arg, const struct gradcheck_result *result)
{
    struct tally *tally = arg;

    bar_clear(&tally->bar);
    tally->results += !result->of_file;
    tally->failed += result->failures.count > 0;
    tally->forward_only += result->forward_only;
    for (unsigned i = 0; i < NNRUN_LEVELS; i++)
        tally->worst = result->level[i].worst > tally->worst ? result->level[i].worst : tally->worst;
    if (tally->options->json)
        tally->no_memory = command_print_json(result_json(result)) != 0 || tally->no_memory;
    else if (!tally->options->quiet)
        print_row(tally, result);
    fflush(stdout); /* a plugin that crashes must not take the rows before it along */
    if (result->of_file)
        print_file_failures(result);
    else if (findings_add(&tally->findings, result) != 0 && !tally->no_memory) {
        fputs("nnrun: out of memory\n", stderr);
        tally->no_memory = true;
    }
}

static void print_head(const struct tally *tally)
{
    if (tally->options->json || tally->options->quiet)
        return;
    if (tally->of_config)
        printf("%-12s %-10s ", "layer", "type");
    printf("%-38s %8s %-14s %6s  %s\n", "case", "error", "in", "kinks", "code levels");
}

static char *done_json(const struct tally *tally, unsigned refused)
{
    json_t *object = json_pack("{s:s, s:i, s:i, s:i, s:f, s:b}", "event", "done", "checked",
                               (int)tally->results, "failed", (int)tally->failed, "refused", (int)refused,
                               "error", tally->worst, "ok", tally->failed == 0);

    return json_line(object, 6);
}

static int print_sum(const struct tally *tally, unsigned refused)
{
    const char *what = tally->of_config ? "layers and network" : "cases";

    if (tally->no_memory)
        return STATUS_FAILED;
    if (tally->options->json && command_print_json(done_json(tally, refused)) != 0)
        return STATUS_FAILED;
    if (!tally->options->json && !tally->options->quiet) {
        printf("\n%u %s checked, ", tally->results, what);
        if (tally->forward_only)
            printf("%u of them forward only, for lack of a backward, ", tally->forward_only);
        if (!tally->of_config)
            printf("%u drawn that plan refuses, ", refused);
        if (!tally->of_config && tally->results < GRADCHECK_CASES)
            printf("no more found, ");
        if (tally->forward_only < tally->results)
            printf("largest error %.1e, ", tally->worst);
        if (tally->failed)
            printf("%u FAILED\n", tally->failed);
        else
            puts("all good");
    }
    return tally->failed ? STATUS_FAILED : STATUS_OK;
}

/* The first of its kind, and how many more there are. */
static void print_finding(const struct finding *finding)
{
    const unsigned cases = finding->cases - 1, others = finding->levels & ~(1u << finding->first.level);
    unsigned levels = 0;
    char text[FAILURE_TEXT];

    for (unsigned i = 0; i < NNRUN_LEVELS; i++)
        levels += others >> i & 1;
    say(stderr, "nnrun: %s (%s) %s: %s", finding->layer, finding->type, finding->label,
        failure_text(&finding->first, text));
    if (cases)
        fprintf(stderr, "; likewise in %u more case%s", cases, text_plural(cases));
    if (levels)
        fprintf(stderr, "%s at %u more code level%s", cases ? " and" : "; likewise", levels,
                text_plural(levels));
    fputc('\n', stderr);
}

/* Of each layer wrong gradients come first: other failures may follow from them. */
static void print_findings(const struct findings *findings)
{
    for (size_t from = 0, to; from < findings->count; from = to) {
        const struct finding *list = findings->list;
        for (to = from; to < findings->count && strcmp(list[to].layer, list[from].layer) == 0; to++)
            if (failure_is_gradient(&list[to].first))
                print_finding(&list[to]);
        for (size_t i = from; i < to; i++)
            if (!failure_is_gradient(&list[i].first))
                print_finding(&list[i]);
    }
}

/* As against a config. */
static bool is_plugin(const char *subject)
{
    const size_t length = strlen(subject);

    return name_word_ok(subject) ||
           (strchr(subject, '/') && length > 3 && strcmp(subject + length - 3, ".so") == 0 &&
            model_file_kind(subject) != MODEL_CONFIG);
}

/* Everything that runs a layer, and prints: in a process of its own. Returns the exit status. */
struct check {
    struct tally *tally;
    struct gradcheck_spec *spec;
    const struct plugin *plugin; /* or */
    const struct model *model;
};

static int check_plugin(const struct check *check, struct error *error)
{
    const char *subject = check->tally->options->subject;
    struct gradcheck_count count;

    if (gradcheck_plugin(check->spec, check->plugin, &count, error) != 0)
        return -1;
    if (count.cases == 0)
        return error_set(error, ERROR_FAILED, "%s: no case could be planned; of the first, %s: %s", subject,
                         count.refused_case, count.reason);
    return print_sum(check->tally, count.refused);
}

static int check_config(const struct check *check, struct error *error)
{
    const struct model *model = check->model;

    check->spec->directions = DIRECTIONS_OF_CONFIG;
    if (gradcheck_net(check->spec, model->net, model->settings.name, error) != 0)
        return -1;
    return print_sum(check->tally, 0);
}

static int run_check(void *arg)
{
    const struct check *check = arg;
    struct tally *tally = check->tally;
    struct error error = {0};
    int status;

    print_head(tally);
    fflush(stdout);
    status = check->plugin ? check_plugin(check, &error) : check_config(check, &error);
    bar_clear(&tally->bar);
    fflush(stdout);
    print_findings(&tally->findings);
    findings_finish(&tally->findings);
    return status < 0 ? command_failed(tally->options, &error) : status;
}

static int run_apart(struct check *check, struct error *error)
{
    const struct options *options = check->tally->options;
    const int status = crash_apart(options->crash, check->plugin ? check->plugin->layer.type : NULL,
                                   run_check, check, error);

    if (status < 0 && check->tally->bar.on) /* it may have ended with a bar on the screen */
        check->tally->bar.drawn = true;
    bar_clear(&check->tally->bar);
    return status;
}

static int open_plugin(struct check *check, const struct model_options *model_options, struct error *error)
{
    struct registry *registry = model_registry(model_options, &check->spec->level, error);
    struct fixed_settings fixed = {0};
    int status = -1;

    if (registry)
        check->plugin = command_plugin(check->tally->options->subject, registry, error);
    if (check->plugin && fixed_settings_init(&fixed, &check->plugin->layer, model_options->overrides,
                                             model_options->override_count, error) == 0) {
        check->spec->fixed = fixed.fixed;
        check->spec->instance = fixed.instance;
        status = run_apart(check, error);
    }
    fixed_settings_finish(&fixed);
    registry_destroy(registry);
    return status;
}

static int open_config(struct check *check, const struct model_options *model_options, struct error *error)
{
    const struct model_source source = {.path = check->tally->options->subject, .kind = MODEL_CONFIG};
    struct model model = {0};
    int status = -1;

    if (model_open(&model, &source, model_options, error) == 0 &&
        model_check_memory(&model, gradcheck_net_bytes(model.net), error) == 0) {
        check->spec->level = model.level;
        check->model = &model;
        status = run_apart(check, error);
    }
    model_finish(&model);
    return status;
}

int command_gradcheck(const struct options *options)
{
    struct tally tally = {.options = options};
    struct gradcheck_spec spec = {.directions = DIRECTIONS_OF_TYPE,
                                  .on_start = show_progress,
                                  .on_result = take_result,
                                  .arg = &tally,
                                  .about = options->crash->about};
    struct check check = {.tally = &tally, .spec = &spec};
    const struct model_options model_options = options_model(options, false);
    struct error error = {0};
    int status = -1;

    if (options_need_subject(options, "one CONFIG, TYPE or ./FILE.so", &error) != 0)
        return command_failed(options, &error);
    bar_init(&tally.bar, !options->quiet && !options->json);
    spec.pool = thread_pool_create(1, &error);
    if (spec.pool) {
        tally.of_config = !is_plugin(options->subject);
        status = tally.of_config ? open_config(&check, &model_options, &error)
                                 : open_plugin(&check, &model_options, &error);
    }
    thread_pool_destroy(spec.pool);
    return status < 0 ? command_failed(options, &error) : status;
}
