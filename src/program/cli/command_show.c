/* command_show.c: nnrun show: what a config or checkpoint describes, without opening data. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "cli/algorithms.h"
#include "base/text.h"
#include "cli/column.h"
#include "cli/command.h"
#include "cli/inner_options.h"
#include "cli/memory_plan.h"
#include "cli/output_paths.h"
#include "cli/say.h"
#include "data/png_file.h"
#include "run/run_model.h"
#include "base/json_text.h"
#include "cli/sample_sheet.h"
#include "model/warning.h"
#include "train/executor.h"

struct figures {
    double forward, backward; /* FLOPs a sample */
    size_t arena, augment, thread, group, weights, derived;
    unsigned threads, groups;
};

static double backward_flops(const struct net_node *node)
{
    return node->dx_flops + node->dw_flops;
}

static struct figures figures_of(const struct model *model)
{
    const struct net *net = model->net;
    struct figures figures = {
        .arena = net->arena_bytes,
        .group = net->weights * sizeof(float),
        .weights = net->weights * sizeof(float),
        .derived = net->derived_bytes,
        .threads = model_threads(model),
        .groups = executor_groups((size_t)model->settings.train.batch, model->settings.train.groups)};

    for (size_t i = 0; i < net->node_count; i++) {
        figures.forward += net->nodes[i].forward_flops;
        figures.backward += backward_flops(&net->nodes[i]);
    }
    figures.augment = model->augment ? augment_scratch_bytes(model->augment) : 0;
    figures.thread = figures.arena + net_target_values(net) * NNRUN_LANES * sizeof(float) + figures.augment;
    return figures;
}

/* "1.23 M" */
static const char *with_prefix(double value, char text[16])
{
    static const char prefixes[] = " kMGTPE";
    size_t i = 0;

    for (; value >= 1000 && prefixes[i + 1]; i++)
        value /= 1000;
    snprintf(text, 16, i ? "%.3g %c" : "%.0f", value, prefixes[i]);
    return text;
}

/* "1.23 MFLOP", "35 FLOP" */
static const char *flop_text(double value, char text[24])
{
    char number[16];

    with_prefix(value, number);
    snprintf(text, 24, "%s%sFLOP", number, strchr(number, ' ') ? "" : " ");
    return text;
}

static void print_inputs(const struct net *net, const struct net_node *node, size_t position)
{
    bool plain = node->input_count == 1 && node->inputs[0] == position;

    for (size_t k = 0; !plain && k < node->input_count; k++)
        say(stdout, "%s%s", k ? ", " : "  <- ",
            node->inputs[k] == 0 ? "input" : net->nodes[node->inputs[k] - 1].name);
}

static int wider(int width, const char *text)
{
    return (int)strlen(text) > width ? (int)strlen(text) : width;
}

/* Of columns no wider than what stands in them: 80 in all for the configs that come with nnrun, but for the
 * inputs of branches. */
static void print_table(const struct model *model)
{
    const struct net *net = model->net;
    char shape[NET_SHAPE_TEXT], forward[16], backward[16];
    int name = 5, type = 4, output = wider(6, net_shape_text(&net->input, shape));

    for (size_t i = 0; i < net->node_count; i++) {
        name = column_wider(name, net->nodes[i].name);
        type = wider(type, net->nodes[i].type);
        output = wider(output, net_shape_text(&net->nodes[i].shape, shape));
    }
    printf("%-*s  %-*s  %-*s  parameters  FLOP forward  backward\n", name, "layer", type, "type", output,
           "output");
    printf("%-*s  %-*s  %s\n", name, "input", type, "", net_shape_text(&net->input, shape));
    for (size_t i = 0; i < net->node_count; i++) {
        const struct net_node *node = &net->nodes[i];
        column_left(node->name, name + 2);
        say(stdout, "%-*s  %-*s  %10zu  %12s  %8s", type, node->type, output,
            net_shape_text(&node->shape, shape), node->parameters, with_prefix(node->forward_flops, forward),
            with_prefix(backward_flops(node), backward));
        if (node->in_place)
            printf(" in place");
        if (node->frozen)
            printf(" frozen");
        else if (node->rate < 1 || node->rate > 1)
            printf(" rate x %g", node->rate);
        print_inputs(net, node, i);
        putchar('\n');
    }
}

static void print_class_names(const struct model *model)
{
    const char *name;

    if (model_class_name(model, 0))
        fputs("\nclasses: ", stdout);
    for (size_t i = 0; (name = model_class_name(model, i)) != NULL; i++)
        say(stdout, "%s%s", i ? ", " : "", name);
    if (model_class_name(model, 0))
        putchar('\n');
}

static void print_memory(const struct model *model)
{
    const struct figures f = figures_of(model);

    printf("memory: %.1f kB per thread for a slice, %.1f kB per gradient group\n", (double)f.thread / 1e3,
           (double)f.group / 1e3);
    if (f.augment)
        printf("        %.1f kB of a thread's for augmentation\n", (double)f.augment / 1e3);
    if (f.derived)
        printf("        %.1f kB of weights in another form\n", (double)f.derived / 1e3);
    printf("        one sample alone: %.1f kB more per thread", (double)model->net->one_bytes / 1e3);
    if (model->net->one_weight_bytes)
        printf(", %.1f kB of weights in a form of their own", (double)model->net->one_weight_bytes / 1e3);
    putchar('\n');
    memory_plan_print_sum(model->net);
}

/* Of what is no picture, or not scaled by the config's own numbers. */
static void print_samples(const struct model *model)
{
    const struct data_settings *data = &model->settings.data;
    const size_t apart = model->scaling.channels;
    const char *what = model->net->input.rank == 1 ? "feature" : "channel";

    if (data->values == VALUES_PIXELS && data->normalize == NORMALIZE_NONE)
        return;
    printf("samples: %s", data->values == VALUES_NUMBERS ? "numbers" : "pixels / 255");
    if (data->normalize == NORMALIZE_TRAIN)
        printf(", less mean and divided by standard deviation of the training samples");
    else
        printf(", less data.mean and divided by data.std");
    if (apart > 1)
        printf(", one of each of %zu %ss", apart, what);
    putchar('\n');
}

static void print_text(const struct model *model)
{
    const struct figures f = figures_of(model);
    char forward[24], step[24];

    say(stdout, "%s\n", model->settings.name);
    putchar('\n');
    print_table(model);
    print_class_names(model);
    printf("\n%zu parameters, %.1f kB; per sample: %s forward, %s forward and backward\n",
           model->net->parameters, (double)f.weights / 1e3, flop_text(f.forward, forward),
           flop_text(f.forward + f.backward, step));
    if (model->net->frozen)
        printf("%zu parameters are learned, %zu are frozen\n", model->net->parameters - model->net->frozen,
               model->net->frozen);
    algorithms_print(model->net);
    printf("per step: %d samples in %d slices, %u gradient groups; code level %s, %u thread%s\n",
           (int)model->settings.train.batch, (int)((model->settings.train.batch + 15) / 16), f.groups,
           plugin_level_names[model->level], f.threads, text_plural(f.threads));
    print_samples(model);
    print_memory(model);
    puts("        --memory shows where each buffer lies, and when it is alive");
}

static int print_plan(const struct model *model, struct error *error)
{
    say(stdout, "%s\n", model->settings.name);
    putchar('\n');
    print_memory(model);
    putchar('\n');
    return memory_plan_print(model->net, error);
}

/* ---- warnings ----------------------------------------------------------------------------------------- */

/* What warns of the model: each line is said, or with --json added to a list, too. */
struct warned {
    json_t *list; /* NULL: none is made, or memory ran out */
    int failed;
};

static int warn(void *arg, const struct warning *warning)
{
    struct warned *warned = arg;

    fflush(stdout);
    say(stderr, "nnrun: warning: %s\n", warning->text);
    if (warned->list)
        warned->failed |= json_array_append_new(warned->list, json_pack("{s:s, s:o}", "name", warning->name,
                                                                        "message", json_text(warning->text)));
    return 0;
}

/* Of a config: a checkpoint is trained already. */
static int warn_of(const struct model *model, struct warned *warned, struct error *error)
{
    const struct warning_listener to = {.use = warn, .arg = warned};

    return model->file ? 0 : warning_model(model, &to, error);
}

/* ---- JSON --------------------------------------------------------------------------------------------- */

/* Takes the object over. */
static json_t *add_class_names(json_t *object, const struct model *model)
{
    json_t *names = model_class_name(model, 0) ? json_array() : NULL;
    int failed = 0;
    const char *name;

    for (size_t i = 0; names && (name = model_class_name(model, i)) != NULL; i++)
        failed |= json_array_append_new(names, json_text(name));
    if (model_class_name(model, 0))
        failed |= json_object_set_new(object, "classes", json_whole(names, failed));
    return json_whole(object, failed);
}

/* Takes the list over. */
static char *shown_json(const struct model *model, json_t *warnings)
{
    const struct net *net = model->net;
    const struct figures f = figures_of(model);
    json_t *layers = json_array(), *object;
    int failed = 0;

    for (size_t i = 0; i < net->node_count; i++) {
        const struct net_node *node = &net->nodes[i];
        json_t *inputs = json_array();
        for (size_t k = 0; k < node->input_count; k++)
            failed |= json_array_append_new(
                inputs, json_text(node->inputs[k] == 0 ? "input" : net->nodes[node->inputs[k] - 1].name));
        failed |= json_array_append_new(
            layers, json_pack("{s:o, s:o, s:o, s:o, s:I, s:f, s:f, s:b, s:o, s:b, s:f}", "name",
                              json_text(node->name), "type", json_text(node->type), "inputs", inputs,
                              "output", json_shape((size_t)node->shape.rank, node->shape.dim), "parameters",
                              (json_int_t)node->parameters, "forward_flops", node->forward_flops,
                              "backward_flops", backward_flops(node), "in_place", node->in_place, "algorithm",
                              node->algorithm ? json_text(node->algorithm) : json_null(), "frozen",
                              node->frozen, "rate", node->rate));
    }
    object = json_pack(
        "{s:s, s:o, s:o, s:I, s:I, s:f, s:f, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:b, s:s, s:o, s:o, s:s, s:s}",
        "event", "show", "name", json_text(model->settings.name), "layers", json_whole(layers, failed),
        "parameters", (json_int_t)net->parameters, "learned", (json_int_t)(net->parameters - net->frozen),
        "forward_flops", f.forward, "backward_flops", f.backward, "thread_bytes", (json_int_t)f.thread,
        "group_bytes", (json_int_t)f.group, "derived_bytes", (json_int_t)f.derived, "one_bytes",
        (json_int_t)net->one_bytes, "one_weight_bytes", (json_int_t)net->one_weight_bytes, "groups",
        (json_int_t)f.groups, "threads", (json_int_t)f.threads, "trainable", net->backward, "isa",
        plugin_level_names[model->level], "memory", memory_plan_json(net), "warnings", warnings, "values",
        model->settings.data.values == VALUES_NUMBERS ? "numbers" : "pixels", "normalize",
        model->settings.data.normalize == NORMALIZE_TRAIN ? "train" : "none");
    return json_line(add_class_names(object, model), 17);
}

/* With its warnings; 0 or -1, and *status. */
static int print_json(const struct model *model, int *status, struct error *error)
{
    struct warned warned = {.list = json_array()};

    if (warn_of(model, &warned, error) != 0) {
        json_decref(warned.list);
        return -1;
    }
    if (command_print_json(shown_json(model, json_whole(warned.list, warned.failed))) != 0)
        *status = STATUS_FAILED;
    return 0;
}

/* ---- text --------------------------------------------------------------------------------------------- */

static void print_sheet(const struct model *model, const char *path)
{
    putchar('\n');
    if (model->augment)
        say(stdout, "%s: %d training samples, each as it is, then augmented as in epochs 1 to %d\n", path,
            SAMPLE_SHEET_ROWS, SAMPLE_SHEET_COLUMNS - 1);
    else
        say(stdout, "%s: the first training samples\n", path);
}

/* As it is trained, or, if it cannot be, as it is tested: *untrainable is why then. */
static int open_model(struct model *model, const struct options *options, struct error *untrainable,
                      struct error *error)
{
    const struct model_options trained = options_model(options, false), tested = options_model(options, true);
    struct error unused = {0};

    if (run_model_open(model, options->subject, MODEL_ANY, &trained, error) == 0)
        return 0;
    model_finish(model);
    *model = (struct model){0};
    if (error->code != ERROR_CONFIG ||
        run_model_open(model, options->subject, MODEL_ANY, &tested, &unused) != 0) {
        error_clear(&unused);
        return -1;
    }
    error_move(error, untrainable);
    return 0;
}

static void print_untrainable(const struct error *untrainable)
{
    for (unsigned i = 0; i < error_count(untrainable); i++)
        say(stdout, "it cannot be trained: %s\n", error_entry(untrainable, i)->text);
}

/* All but the picture. Returns 0 or -1, and *status. */
static int print(const struct options *options, const struct model *model, int *status, struct error *error)
{
    struct warned warned = {0};

    if (options->keys)
        *status = command_show_keys(options, model);
    else if (options->json)
        return print_json(model, status, error);
    else if (options->memory && !options->quiet && print_plan(model, error) != 0)
        return -1;
    else if (!options->memory && !options->quiet)
        print_text(model);
    return warn_of(model, &warned, error);
}

/* Before anything is printed. */
static int check_arguments(const struct options *options, struct error *error)
{
    const struct output_path sheet = {options->samples, "--samples", "a PNG picture", png_is};

    if (options_need_subject(options, "one CONFIG or CHECKPOINT", error) != 0)
        return -1;
    return options->samples ? output_path_check(&sheet, error) : 0;
}

int command_show(const struct options *options)
{
    struct error untrainable = {0};
    struct model model = {0};
    struct error error = {0};
    const bool plain = !options->json && !options->quiet;
    int status = STATUS_OK;

    if (check_arguments(options, &error) != 0)
        return command_failed(options, &error);
    if (open_model(&model, options, &untrainable, &error) != 0 ||
        print(options, &model, &status, &error) != 0)
        status = command_failed(options, &error);
    if (status == STATUS_OK && !options->keys && plain)
        print_untrainable(&untrainable);
    if (status == STATUS_OK && options->samples) {
        if (sample_sheet_write(&model, options->samples, &error) != 0)
            status = command_failed(options, &error);
        else if (plain)
            print_sheet(&model, options->samples);
    }
    error_clear(&untrainable);
    model_finish(&model);
    return status;
}
