/* command_export.c: nnrun export: a trained network as files that other programs run. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/file_io.h"
#include "base/json_text.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/bar.h"
#include "cli/command.h"
#include "cli/compiled_c.h"
#include "cli/output_paths.h"
#include "cli/inner_options.h"
#include "cli/say.h"
#include "export/c_source.h"
#include "export/export_about.h"
#include "export/export_check.h"
#include "export/export_network.h"
#include "export/html_page.h"
#include "export/network_graph.h"
#include "export/onnx_model.h"
#include "model/model_fit.h"
#include "run/run_model.h"

/* How far an output may be from the network's, of the largest of all. */
#define TOLERANCE 1e-5

/* What is exported. */
struct exported {
    const struct options *options;
    struct model model;
    struct train_state state;
    struct graph *graph;
    char *name, *classes, *about, *network; /* see export_facts.h */
    size_t *results;                        /* [node_count] values of the graph that the layers give */
};

/* The kinds of files. */
struct format {
    const char *name, *option, *kind; /* as in JSON, on the command line, and in messages */
    size_t path;                      /* in struct options */
    size_t weight_bytes;              /* of memory for each weight, itself and in the file, at most */
    bool (*begins)(const void *bytes, size_t size);
    void *(*make)(const struct graph *graph, const struct export_facts *facts, size_t *size,
                  struct error *error);
};
static const struct format formats[] = {
    {"c", "--c", "a C file that nnrun exported", offsetof(struct options, export.c), 28, export_about_begins,
     c_source},
    {"html", "--html", "a page that nnrun exported", offsetof(struct options, export.html), 10,
     html_page_begins, html_page},
    {"onnx", "--onnx", "an ONNX file that nnrun exported", offsetof(struct options, export.onnx), 8,
     onnx_model_begins, onnx_model},
};
enum { FORMATS = sizeof formats / sizeof formats[0] };

/* Where to write that kind; NULL: nowhere. */
static const char *path_of(const struct options *options, const struct format *format)
{
    return *(const char *const *)(const void *)((const char *)options + format->path);
}

/* ---- files --------------------------------------------------------------------------------------------- */

static int check_paths(const struct options *options, struct error *error)
{
    struct output_path paths[FORMATS];
    size_t files = 0;

    for (size_t i = 0; i < FORMATS; i++) {
        paths[i] = (struct output_path){path_of(options, &formats[i]), formats[i].option, formats[i].kind,
                                        formats[i].begins};
        files += paths[i].path != NULL;
    }
    if (files == 0)
        return error_set(error, ERROR_ARGUMENT,
                         "expected a file to write: --onnx FILE, --c FILE or --html FILE");
    return output_paths_check(options->subject, paths, FORMATS, error);
}

static char *file_json(const struct exported *now, const struct format *format, size_t size)
{
    const struct graph *graph = now->graph;
    const struct nnrun_shape *in = &graph->values[0].shape, *out = &graph->values[graph->output].shape;

    return json_line(json_pack("{s:s, s:s, s:o, s:I, s:I, s:o, s:o}", "event", "export", "format",
                               format->name, "path", json_text(path_of(now->options, format)), "bytes",
                               (json_int_t)size, "operators", (json_int_t)graph->operator_count, "input",
                               json_shape((size_t)in->rank, in->dim), "output",
                               json_shape((size_t)out->rank, out->dim)),
                     6);
}

static int tell_file(const struct exported *now, const struct format *format, size_t size,
                     struct error *error)
{
    const struct graph *graph = now->graph;
    char in[NET_SHAPE_TEXT], out[NET_SHAPE_TEXT];

    if (now->options->json) {
        char *line = file_json(now, format, size);
        return line ? command_print_json(line) : error_memory(error);
    }
    if (!now->options->quiet)
        say(stdout, "%s: %.1f kB, %zu operators, from %s values to %s\n", path_of(now->options, format),
            (double)size / 1e3, graph->operator_count, net_shape_text(&graph->values[0].shape, in),
            net_shape_text(&graph->values[graph->output].shape, out));
    return 0;
}

static int write_file(const struct exported *now, const struct format *format, struct error *error)
{
    const struct export_facts facts = {.name = now->name,
                                       .about = now->about,
                                       .bytes = now->model.settings.data.values == VALUES_PIXELS,
                                       .scaling =
                                           normalization_scaling(&now->state.normalization, &now->model),
                                       .classes = now->classes,
                                       .network = now->network};
    const char *path = path_of(now->options, format);
    size_t size;
    void *bytes;
    int failed;

    if (!path)
        return 0;
    bytes = format->make(now->graph, &facts, &size, error);
    if (!bytes)
        return -1;
    failed = file_replace(path, bytes, size, error);
    free(bytes);
    return failed ? -1 : tell_file(now, format, size, error);
}

/* ---- the check ----------------------------------------------------------------------------------------- */

static bool on_progress(void *arg, uint64_t done, uint64_t all)
{
    bar_step(arg, "checking", done, all);
    return false;
}

static bool is_good(const struct export_check *result)
{
    return result->difference <= TOLERANCE * result->largest;
}

static double part(uint64_t right, uint64_t samples)
{
    return samples ? (double)right / (double)samples : 0;
}

/* `what`: "operators", or the format of a file. */
static char *check_json(const char *what, const struct export_check *result)
{
    return json_line(json_pack("{s:s, s:s, s:I, s:f, s:f, s:I, s:o, s:f, s:b}", "event", "check", "of", what,
                               "samples", (json_int_t)result->samples, "accuracy",
                               part(result->right, result->samples), "exported_accuracy",
                               part(result->right_exported, result->samples), "differing",
                               (json_int_t)result->differing, "difference", json_number(result->difference),
                               "largest", result->largest, "ok", is_good(result)),
                     9);
}

static int tell_check(const struct exported *now, const char *what, const struct export_check *result,
                      struct error *error)
{
    const bool operators = strcmp(what, "operators") == 0;

    if (now->options->json) {
        char *line = check_json(what, result);
        return line ? command_print_json(line) : error_memory(error);
    }
    if (!now->options->quiet)
        printf("%llu test samples: the network is right about %.2f %%, its %s about %.2f %%; %llu "
               "answers differ, outputs by at most %.1e\n",
               (unsigned long long)result->samples, 100 * part(result->right, result->samples),
               operators ? "operators" : "compiled C", 100 * part(result->right_exported, result->samples),
               (unsigned long long)result->differing, result->difference);
    return 0;
}

static int judge_operators(const struct exported *now, const struct export_check *result, struct error *error)
{
    if (tell_check(now, "operators", result, error) != 0)
        return -1;
    if (is_good(result))
        return 0;
    return error_set(
        error, ERROR_FAILED,
        "the operators, rounded to 32-bit floats as in programs that read the file, do not give the "
        "network's outputs: one differs by %.2g, where the largest is %.2g; \"nnrun gradcheck\" with the "
        "type of each layer tells if one is described wrongly",
        result->difference, result->largest);
}

static int judge_c(const struct exported *now, const struct export_check *result, struct error *error)
{
    if (tell_check(now, "c", result, error) != 0)
        return -1;
    if (is_good(result))
        return 0;
    return error_set(error, ERROR_FAILED,
                     "the compiled C file does not give the network's outputs: one differs by %.2g, "
                     "where the largest is %.2g",
                     result->difference, result->largest);
}

static int tell_skipped(const struct exported *now, struct error *error)
{
    static const char why[] = "there is no cc to compile it";
    char *line;

    if (now->options->json) {
        line = json_line(json_pack("{s:s, s:s, s:s}", "event", "check", "of", "c", "skipped", why), 6);
        return line ? command_print_json(line) : error_memory(error);
    }
    if (!now->options->quiet)
        say(stdout, "%s: %s\n", now->options->export.c, why);
    return 0;
}

/* NULL after setting error; or, without one, there is no C file or no cc. */
static struct compiled_c *open_c(const struct exported *now, struct error *error)
{
    const struct compiled_c_of of = {.path = now->options->export.c,
                                     .name = now->name,
                                     .inputs = now->graph->values[0].values,
                                     .outputs = now->graph->values[now->graph->output].values,
                                     .bytes = now->model.settings.data.values == VALUES_PIXELS};

    return now->options->export.c ? compiled_c_open(&of, error) : NULL;
}

static int compare(const struct exported *now, struct compiled_c *compiled, struct error *error)
{
    const struct export_answerer other = {.answer = compiled_c_answer, .arg = compiled};
    struct export_check results[EXPORT_CHECKS];
    struct bar bar;
    int failed;

    bar_init(&bar, !now->options->quiet && !now->options->json);
    failed = export_check(&now->model, &now->state, now->graph, compiled ? &other : NULL, on_progress, &bar,
                          results, error);
    bar_clear(&bar);
    if (failed || judge_operators(now, &results[EXPORT_CHECK_OPERATORS], error) != 0)
        return -1;
    if (compiled)
        return judge_c(now, &results[EXPORT_CHECK_OTHER], error);
    return now->options->export.c ? tell_skipped(now, error) : 0;
}

static int check_files(const struct exported *now, struct error *error)
{
    struct compiled_c *compiled = open_c(now, error);
    const int failed = error->code != ERROR_NONE ? -1 : compare(now, compiled, error);

    compiled_c_close(compiled);
    return failed;
}

/* ---- the command --------------------------------------------------------------------------------------- */

/* Returns 0 or -1. */
static int list_classes(struct exported *now, struct error *error)
{
    json_t *names = json_array();
    int failed = 0;

    if (!model_class_name(&now->model, 0)) {
        json_decref(names);
        return 0;
    }
    for (size_t i = 0; i < model_class_count(now->model.net); i++)
        failed |= json_array_append_new(names, json_text(model_class_name(&now->model, i)));
    names = json_whole(names, failed);
    now->classes = json_dump_text(names, JSON_COMPACT | JSON_ENSURE_ASCII);
    json_decref(names);
    return now->classes ? 0 : error_memory(error);
}

/* What the file of the checkpoint says, which is not needed then. Returns 0 or -1. */
static int describe(struct exported *now, struct error *error)
{
    now->name = memory_string(now->model.settings.name);
    if (!now->name)
        return error_memory(error);
    text_make_printable(now->name);
    now->about = export_about(&now->model, &now->state, now->name, error);
    model_release_file(&now->model);
    return now->about ? 0 : -1;
}

/* Before the weights are read: each file is made in memory. Returns 0 or -1. */
static int check_memory(const struct exported *now, struct error *error)
{
    size_t most = 0, bytes;

    for (size_t i = 0; i < FORMATS; i++)
        if (path_of(now->options, &formats[i]) && formats[i].weight_bytes > most)
            most = formats[i].weight_bytes;
    return model_check_memory(&now->model,
                              size_multiply(now->model.net->weights, most, &bytes) ? bytes : SIZE_MAX, error);
}

static int export(struct exported *now, struct error *error)
{
    const struct options *options = now->options;
    const struct model_options model_options = options_model(options, true);

    if (options_need_subject(options, "one CHECKPOINT", error) != 0 || check_paths(options, error) != 0 ||
        run_model_open(&now->model, options->subject, MODEL_CHECKPOINT, &model_options, error) != 0 ||
        check_memory(now, error) != 0 ||
        train_state_load(&now->state, &now->model, now->model.file, false, error) != 0)
        return -1;
    if (describe(now, error) != 0)
        return -1;
    now->results = memory_array(now->model.net->node_count, sizeof *now->results);
    if (!now->results)
        return error_memory(error);
    now->graph = network_graph(&now->model, &now->state, now->results, error);
    if (!now->graph || list_classes(now, error) != 0)
        return -1;
    now->network = export_network(&now->model, &now->state, now->results, now->about, error);
    if (!now->network)
        return -1;
    for (size_t i = 0; i < FORMATS; i++)
        if (write_file(now, &formats[i], error) != 0)
            return -1;
    return options->export.check ? check_files(now, error) : 0;
}

int command_export(const struct options *options)
{
    struct exported now = {.options = options};
    struct error error = {0};
    const int failed = export(&now, &error);

    free(now.name);
    free(now.classes);
    free(now.about);
    free(now.network);
    free(now.results);
    graph_destroy(now.graph);
    train_state_finish(&now.state);
    model_finish(&now.model);
    return failed ? command_failed(options, &error) : STATUS_OK;
}
