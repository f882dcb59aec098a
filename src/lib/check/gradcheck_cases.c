/* gradcheck_cases.c: checks a plugin in cases drawn from its table of settings: the core knows no layer. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "check/gradcheck.h"
#include "check/gradcheck_file.h"
#include "net/net_create.h"
#include "setting/choices.h"
#include "setting/setting_text.h"

enum { MOST_DRAWS = 5000, MOST_ARENA = 1 << 26, MOST_INPUTS_DRAWN = 3 };

/* Small, odd, one channel, 17 channels, vectors; then shapes are drawn. */
static const struct nnrun_shape shapes[] = {
    {3, {1, 5, 7}}, {1, {17}},      {3, {17, 3, 3}},  {2, {9, 5}},     {3, {2, 6, 6}},
    {1, {1}},       {3, {3, 7, 4}}, {3, {1, 1, 1}},   {2, {4, 4}},     {3, {1, 9, 8}},
    {1, {33}},      {3, {4, 5, 5}}, {2, {1, 12}},     {3, {17, 6, 5}}, {1, {5}},
    {3, {2, 1, 9}}, {3, {5, 8, 1}}, {3, {1, 11, 11}}, {1, {16}},       {2, {7, 3}},
};
enum { SHAPES = sizeof shapes / sizeof shapes[0] };

/* One case: its numbers come from (type, draw) alone, but for those that the caller fixed. */
struct draw {
    const struct gradcheck_spec *spec;
    struct random_key key;
    uint32_t number, drawn;
    bool evaluate; /* planned for evaluation alone */
    char label[GRADCHECK_LABEL];
    size_t used;
    char reason[GRADCHECK_REASON]; /* why it cannot be checked */
};

/* 0 .. count - 1 */
static uint32_t pick(struct draw *draw, uint32_t count)
{
    uint32_t bits[4];

    random_block(draw->key, (const uint32_t[4]){draw->number, draw->drawn++, 0, 0}, bits);
    return (uint32_t)((uint64_t)bits[0] * count >> 32);
}

__attribute__((format(printf, 2, 3))) static void say(struct draw *draw, const char *format, ...)
{
    va_list args;
    int length;

    va_start(args, format);
    length = vsnprintf(draw->label + draw->used, sizeof draw->label - draw->used, format, args);
    va_end(args);
    if (length > 0)
        draw->used += (size_t)length;
    if (draw->used >= sizeof draw->label)
        draw->used = sizeof draw->label - 1;
}

static bool is_allowed(const struct nnrun_setting *setting, double value)
{
    return value >= setting->low && value <= setting->high &&
           !((setting->flags & NNRUN_OPEN_LOW) && value == setting->low) &&
           !((setting->flags & NNRUN_OPEN_HIGH) && value == setting->high);
}

/* A number the table allows: a small one, its default, or an end of its range. */
static double pick_number(struct draw *draw, const struct nnrun_setting *setting)
{
    static const double whole[] = {1, 2, 3, 5, 0, 4, 1, 2, 3, 7, 17},
                        real[] = {0.1, 0.25, 0.5, 1, 2, 1e-3, 0, -1};
    const bool is_whole = setting->kind == NNRUN_INT || setting->kind == NNRUN_INTS;
    const bool optional = !(setting->flags & NNRUN_REQUIRED);

    for (int attempt = 0; attempt < 8; attempt++) {
        const double value = is_whole ? whole[pick(draw, sizeof whole / sizeof whole[0])]
                                      : real[pick(draw, sizeof real / sizeof real[0])];
        if (is_allowed(setting, value))
            return value;
    }
    if (optional)
        return setting->fallback;
    if (is_allowed(setting, setting->low))
        return setting->low;
    if (is_allowed(setting, setting->low + 1))
        return setting->low + 1;
    return is_whole ? setting->high : setting->low + (setting->high - setting->low) / 2;
}

static int32_t pick_whole(struct draw *draw, const struct nnrun_setting *setting)
{
    const char *word;
    size_t length;
    int32_t value;

    if (setting->kind == NNRUN_INT) {
        value = (int32_t)pick_number(draw, setting);
        say(draw, " %s=%d", setting->name, (int)value);
    } else if (setting->kind == NNRUN_BOOL) {
        value = (int32_t)pick(draw, 2);
        say(draw, " %s=%s", setting->name, value ? "true" : "false");
    } else {
        value = (int32_t)pick(draw, (uint32_t)choices_count(setting->choices));
        word = choices_word(setting->choices, (size_t)value, &length);
        say(draw, " %s=%.*s", setting->name, (int)length, word);
    }
    return value;
}

static struct nnrun_reals pick_list(struct draw *draw, const struct nnrun_setting *setting)
{
    struct nnrun_reals list = {.count = 1 + (int32_t)pick(draw, setting->most)};

    say(draw, " %s=", setting->name);
    for (int32_t i = 0; i < list.count; i++) {
        list.value[i] = pick_number(draw, setting);
        say(draw, "%s%.6g", i ? "," : "", list.value[i]);
    }
    return list;
}

/* Stores what the core would store for a config that gives the setting, or does not. */
static void draw_setting(struct draw *draw, const struct nnrun_setting *setting, char *at)
{
    const bool given = (setting->flags & NNRUN_REQUIRED) || pick(draw, 2);
    const char *text = setting->text ? setting->text : "";
    struct nnrun_reals reals = {.count = 1, .value = {setting->fallback}};
    struct nnrun_ints ints = {.count = 1};
    int32_t whole = (int32_t)setting->fallback;

    switch ((enum nnrun_kind)setting->kind) {
    case NNRUN_INT:
    case NNRUN_BOOL:
    case NNRUN_CHOICE:
        whole = given ? pick_whole(draw, setting) : whole;
        memcpy(at, &whole, sizeof whole);
        break;
    case NNRUN_REAL:
        if (given) {
            reals.value[0] = pick_number(draw, setting);
            say(draw, " %s=%.6g", setting->name, reals.value[0]);
        }
        memcpy(at, reals.value, sizeof reals.value[0]);
        break;
    case NNRUN_STRING: /* words nobody can guess */
        memcpy(at, &text, sizeof text);
        break;
    case NNRUN_INTS:
    case NNRUN_REALS:
        if (given)
            reals = pick_list(draw, setting);
        ints.count = reals.count;
        for (int32_t i = 0; setting->kind == NNRUN_INTS && i < reals.count; i++)
            ints.value[i] = (int32_t)reals.value[i];
        if (setting->kind == NNRUN_INTS)
            memcpy(at, &ints, sizeof ints);
        else
            memcpy(at, &reals, sizeof reals);
        break;
    }
}

static size_t size_of(const struct nnrun_setting *setting)
{
    switch ((enum nnrun_kind)setting->kind) {
    case NNRUN_INT:
    case NNRUN_BOOL:
    case NNRUN_CHOICE:
        break;
    case NNRUN_REAL:
        return sizeof(double);
    case NNRUN_STRING:
        return sizeof(const char *);
    case NNRUN_INTS:
        return sizeof(struct nnrun_ints);
    case NNRUN_REALS:
        return sizeof(struct nnrun_reals);
    }
    return sizeof(int32_t);
}

static void take_fixed(struct draw *draw, const struct nnrun_setting *setting, char *instance)
{
    const char *from = draw->spec->instance;
    char text[SETTING_VALUE];

    memcpy(instance + setting->offset, from + setting->offset, size_of(setting));
    say(draw, " %s=%s", setting->name, setting_value(setting, from, text));
}

static void fill_instance(struct draw *draw, const struct nnrun_layer *layer, char *instance)
{
    for (uint32_t i = 0; i < layer->setting_count; i++) {
        const struct nnrun_setting *setting = &layer->settings[i];
        if (draw->spec->fixed && draw->spec->fixed[i])
            take_fixed(draw, setting, instance);
        else
            draw_setting(draw, setting, instance + setting->offset);
    }
}

static struct nnrun_shape pick_shape(struct draw *draw)
{
    struct nnrun_shape shape;

    if (draw->number < SHAPES)
        return shapes[draw->number];
    shape = (struct nnrun_shape){.rank = 1 + (int32_t)pick(draw, 3)};
    for (int32_t i = 0; i < shape.rank; i++)
        shape.dim[i] = 1 + (int32_t)pick(draw, i == 0 && shape.rank == 3 ? 6 : 12);
    return shape;
}

/* Shapes of all inputs: mostly equal ones, else another first dimension, or nothing in common. */
static size_t pick_shapes(struct draw *draw, const struct nnrun_layer *layer,
                          struct nnrun_shape shape[MOST_INPUTS_DRAWN])
{
    const int32_t spread = layer->max_inputs - layer->min_inputs;
    const size_t count = (size_t)layer->min_inputs + (spread > 0 ? pick(draw, spread < 2 ? 2 : 3) : 0);
    char text[NET_SHAPE_TEXT];

    for (size_t k = 0; k < count && k < MOST_INPUTS_DRAWN; k++) {
        const uint32_t kind = k ? pick(draw, 4) : 0;
        shape[k] = kind == 3 || k == 0 ? pick_shape(draw) : shape[0];
        if (kind == 2)
            shape[k].dim[0] = 1 + (int32_t)pick(draw, 6);
        say(draw, "%s%s", k ? "," : "", net_shape_text(&shape[k], text));
    }
    return count;
}

/* ---- a net of the layer and, for each input, a source: a layer of a given shape that is never run ---- */

static int plan_source(void *self, struct nnrun_plan *plan)
{
    memcpy(&plan->output, self, sizeof plan->output);
    return 0;
}

static const struct plugin source = {.layer = {.head = NNRUN_HEAD,
                                               .type = "source",
                                               .min_inputs = 1,
                                               .max_inputs = 1,
                                               .instance_size = sizeof(struct nnrun_shape),
                                               .plan = plan_source}};

static void free_instances(struct net_layer *layers, size_t count)
{
    for (size_t k = 0; k < count; k++)
        free(layers[k].instance);
}

/* NULL after saying why in draw->reason if the case cannot be; or after setting error, *no_memory then. */
static struct net *plan_case(struct draw *draw, const struct net_layer *layers, size_t count, bool *no_memory,
                             struct error *error)
{
    static const struct nnrun_shape one = {.rank = 1, .dim = {1}};
    struct net_faults faults;
    struct net *net;

    if (draw->spec->about)
        snprintf(draw->spec->about, GRADCHECK_LABEL, "%s", draw->label);
    net = net_create(&one, layers, count, !draw->evaluate, &faults, error);
    *no_memory = !net && faults.count == 0;
    if (!net && faults.count > 0)
        snprintf(draw->reason, sizeof draw->reason, "%s%s%s", faults.fault[0].setting,
                 *faults.fault[0].setting ? ": " : "", faults.fault[0].text);
    if (net &&
        (net->arena_bytes + net->weights * sizeof(float) > MOST_ARENA || net->derived_bytes > MOST_ARENA)) {
        net_destroy(net);
        snprintf(draw->reason, sizeof draw->reason, "it takes more than %d bytes", (int)MOST_ARENA);
        return NULL;
    }
    return net;
}

static bool make_layer(struct net_layer *layer, const struct plugin *plugin, const char *name,
                       const char *const *inputs, size_t input_count)
{
    *layer = (struct net_layer){.name = name, .type = plugin->layer.type, .plugin = plugin, .inputs = inputs};
    layer->input_count = input_count;
    layer->instance = memory_array(1, plugin->layer.instance_size);
    return layer->instance != NULL;
}

/* As plan_case. */
static struct net *create_case(struct draw *draw, const struct plugin *plugin, bool *no_memory,
                               struct error *error)
{
    static const char *const names[MOST_INPUTS_DRAWN] = {"first", "second", "third"};
    static const char *const from_input[] = {"input"};
    struct net_layer layers[MOST_INPUTS_DRAWN + 1];
    struct nnrun_shape shape[MOST_INPUTS_DRAWN];
    const size_t count = pick_shapes(draw, &plugin->layer, shape);
    bool made = true;

    if (count > MOST_INPUTS_DRAWN) {
        snprintf(draw->reason, sizeof draw->reason, "it takes more than %d inputs", (int)MOST_INPUTS_DRAWN);
        return NULL;
    }
    for (size_t k = 0; k < count; k++)
        made &= make_layer(&layers[k], &source, names[k], from_input, 1);
    made &= make_layer(&layers[count], plugin, plugin->layer.type, names, count);
    if (!made) {
        free_instances(layers, count + 1);
        *no_memory = true;
        error_memory(error);
        return NULL;
    }
    for (size_t k = 0; k < count; k++)
        memcpy(layers[k].instance, &shape[k], sizeof shape[k]);
    fill_instance(draw, &plugin->layer, layers[count].instance);
    return plan_case(draw, layers, count + 1, no_memory, error);
}

static void count_refused(struct gradcheck_count *count, const struct draw *draw)
{
    if (count->refused++ > 0)
        return;
    memcpy(count->refused_case, draw->label, sizeof count->refused_case);
    memcpy(count->reason, draw->reason, sizeof count->reason);
}

static bool is_repeated(char labels[GRADCHECK_CASES][GRADCHECK_LABEL], unsigned count, const char *label)
{
    for (unsigned i = 0; i < count; i++)
        if (strcmp(labels[i], label) == 0)
            return true;
    return false;
}

/* The case cannot be for a fault of the plugin's, as against settings and shapes that plan() refuses. */
static bool is_broken(const struct draw *draw)
{
    return strncmp(draw->reason, "broken plugin: ", 15) == 0;
}

/* The case as it is and, if plan() can know of it, as it is planned for evaluation alone. net NULL: its plan is
 * broken. */
static int check_case(const struct gradcheck_spec *spec, const struct plugin *plugin, const struct net *net,
                      const struct draw *draw, struct error *error)
{
    struct draw again = *draw;
    struct net *evaluation = NULL;
    bool no_memory = false;
    int failed;

    if (!net)
        return gradcheck_broken(spec, plugin, draw->label, draw->reason, error);
    again.drawn = 0;
    again.used = 0;
    again.evaluate = true;
    if (net->backward && plugin->layer.head.needs > 0)
        evaluation = create_case(&again, plugin, &no_memory, error);
    if (no_memory)
        return -1;
    failed = !evaluation && is_broken(&again)
                 ? gradcheck_broken(spec, plugin, draw->label, again.reason, error)
                 : gradcheck_node(spec, net, net->last, evaluation, draw->label, error);
    net_destroy(evaluation);
    return failed;
}

int gradcheck_plugin(const struct gradcheck_spec *spec, const struct plugin *plugin,
                     struct gradcheck_count *count, struct error *error)
{
    char labels[GRADCHECK_CASES][GRADCHECK_LABEL];

    *count = (struct gradcheck_count){0};
    if (gradcheck_file(spec, plugin, plugin->layer.type, error) != 0)
        return -1;
    for (uint32_t number = 0; number < MOST_DRAWS && count->cases < GRADCHECK_CASES; number++) {
        struct draw draw = {
            .spec = spec, .key = random_key(1, RANDOM_CHECK, plugin->layer.type), .number = number};
        bool no_memory = false;
        struct net *net = create_case(&draw, plugin, &no_memory, error);
        int failed = 0;
        if (!net && !no_memory && !is_broken(&draw) && !plugin->code.backward) { /* it may have weights */
            draw = (struct draw){.spec = spec, .key = draw.key, .number = number, .evaluate = true};
            net = create_case(&draw, plugin, &no_memory, error);
        }
        if (no_memory)
            return -1;
        if (!net && !is_broken(&draw)) {
            count_refused(count, &draw);
            continue;
        }
        if (!is_repeated(labels, count->cases, draw.label)) {
            if (spec->on_start)
                spec->on_start(spec->arg, plugin->layer.type, count->cases, GRADCHECK_CASES);
            memcpy(labels[count->cases++], draw.label, sizeof draw.label);
            failed = check_case(spec, plugin, net, &draw, error);
        }
        net_destroy(net);
        if (failed)
            return -1;
    }
    return 0;
}
