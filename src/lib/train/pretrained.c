/* pretrained.c: see pretrained.h. */
#include "train/pretrained.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/half.h"
#include "base/memory.h"

/* ---- names --------------------------------------------------------------------------------------------- */

/* What is looked for. Returns 0 or -1. */
static int name_tensors(struct pretrained *p, const struct net *net, const char *prefix, struct error *error)
{
    p->tensors = memory_array(net->tensor_count, sizeof *p->tensors);
    if (!p->tensors)
        return error_memory(error);
    for (size_t i = 0; i < net->node_count; i++) {
        const struct net_node *node = &net->nodes[i];
        const char *layer = node->from ? node->from : node->name;
        for (size_t t = node->first_tensor; t < node->first_tensor + node->tensor_count; t++) {
            struct pretrained_tensor *tensor = &p->tensors[p->count++];
            tensor->to = &net->tensors[t];
            tensor->wanted = memory_format("%s%s%s", prefix, layer, tensor->to->name + strlen(node->name));
            if (!tensor->wanted)
                return error_memory(error);
        }
    }
    return 0;
}

/* struct safetensors_choice's: whether it goes into the network. */
static bool wants(void *arg, const struct tensor *from)
{
    const struct pretrained *p = arg;

    for (size_t t = 0; t < p->count; t++)
        if (strcmp(p->tensors[t].wanted, from->name) == 0 &&
            pretrained_fit(from, p->tensors[t].to) == PRETRAINED_FITS)
            return true;
    return false;
}

static void find_tensors(struct pretrained *p)
{
    for (size_t t = 0; t < p->count; t++) {
        struct pretrained_tensor *tensor = &p->tensors[t];
        tensor->from = safetensors_tensor(p->file, tensor->wanted);
        tensor->fit = pretrained_fit(tensor->from, tensor->to);
        p->fit += tensor->fit == PRETRAINED_FITS;
    }
}

/* Whether a checkpoint keeps it for its run: it is no weight. */
static bool is_of_run(const char *name)
{
    static const char *const known[] = {"history", "optimizer.", "input."};
    bool found = false;

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        found = found || strncmp(name, known[i], strlen(known[i])) == 0;
    return found;
}

/* `used` has room for each tensor of the file, and is all false. */
static void find_unused(struct pretrained *p, bool *used)
{
    const struct tensor *const first = safetensors_at(p->file, 0), *from;

    for (size_t t = 0; t < p->count; t++)
        if (p->tensors[t].from)
            used[p->tensors[t].from - first] = true;
    for (size_t i = 0; (from = safetensors_at(p->file, i)); i++)
        if (!used[i] && (safetensors_is_other(p->file) || !is_of_run(from->name)))
            p->unused[p->unused_count++] = from;
}

static size_t count_tensors(const struct safetensors *file)
{
    size_t count = 0;

    while (safetensors_at(file, count))
        count++;
    return count;
}

/* ---- what is refused ----------------------------------------------------------------------------------- */

/* The first of the file's tensors whose name ends as one that was looked for, past the prefix of both: *prefix is the
 * length of its own. NULL: there is none. */
static const struct tensor *find_other_prefix(const struct pretrained *p, size_t before, size_t *prefix)
{
    const struct tensor *from;

    for (size_t i = 0; (from = safetensors_at(p->file, i)); i++)
        for (size_t t = 0; t < p->count; t++) {
            const char *wanted = p->tensors[t].wanted + before;
            const size_t length = strlen(from->name), end = strlen(wanted);
            *prefix = length - end;
            if (length >= end && strcmp(from->name + *prefix, wanted) == 0 &&
                (*prefix == 0 || from->name[*prefix - 1] == '.') &&
                (safetensors_is_other(p->file) || !is_of_run(from->name)))
                return from;
        }
    return NULL;
}

static int refuse_tensor(const struct pretrained *p, const struct pretrained_tensor *tensor, const char *why,
                         struct error *error)
{
    const struct error_facts facts = {.file = safetensors_label(p->file), .key = "train.from"};
    char text[PRETRAINED_LINE];

    return error_set_at(error, ERROR_DATA, &facts, "%s: tensor %s %s", why, tensor->to->name,
                        pretrained_fit_text(p, tensor, text));
}

static int refuse_all(const struct pretrained *p, const char *given, struct error *error)
{
    const struct error_facts facts = {.file = safetensors_label(p->file), .key = "train.from"};
    const struct tensor *first = safetensors_at(p->file, 0), *near;
    size_t prefix;

    if (p->count == 0)
        return error_set_at(error, ERROR_DATA, &facts, "the network has no weights to take from it");
    for (size_t i = 0; i < p->count; i++)
        if (p->tensors[i].from)
            return refuse_tensor(p, &p->tensors[i], "none of its tensors fits the network", error);
    near = find_other_prefix(p, strlen(given), &prefix);
    if (near && prefix == 0 && *given)
        return error_set_at(
            error, ERROR_DATA, &facts,
            "none of its tensors is called as the network's with train.from_prefix; \"%s\" is "
            "there: leave train.from_prefix out",
            near->name);
    if (near && prefix > 0)
        return error_set_at(error, ERROR_DATA, &facts,
                            "none of its tensors is called as the network's; \"%s\" is there: write "
                            "train.from_prefix = \"%.*s\"",
                            near->name, (int)prefix, near->name);
    if (!first)
        return error_set_at(error, ERROR_DATA, &facts, "has no tensors");
    return error_set_at(
        error, ERROR_DATA, &facts,
        "none of its tensors is called as the network's, such as \"%s\"; its first is \"%s\": "
        "give each layer the name that it has there, such as from = \"features.0\"",
        p->tensors[0].wanted, first->name);
}

static int check(const struct pretrained *p, const struct train_settings *settings, struct error *error)
{
    if (p->fit == 0)
        return refuse_all(p, settings->from_prefix, error);
    for (size_t i = 0; i < p->count; i++) {
        const struct pretrained_tensor *tensor = &p->tensors[i];
        if (tensor->fit == PRETRAINED_FITS)
            continue;
        if (settings->from_strict)
            return refuse_tensor(p, tensor, "not all tensors fit, and train.from_strict is set", error);
        if (tensor->to->frozen)
            return refuse_tensor(p, tensor, "a frozen layer would keep its random weights", error);
    }
    return 0;
}

/* ---- the file ------------------------------------------------------------------------------------------ */

static int find_all(struct pretrained *p, struct error *error)
{
    const size_t count = count_tensors(p->file);
    bool *used = memory_array(count, sizeof *used);
    int failed;

    p->unused = memory_array(count, sizeof(const struct tensor *));
    if (used && p->unused) {
        find_tensors(p);
        find_unused(p, used);
    } else {
        error_memory(error);
    }
    failed = used && p->unused ? 0 : -1;
    free(used);
    return failed;
}

int pretrained_open(struct pretrained *pretrained, const struct model *model, struct error *error)
{
    const struct train_settings *settings = &model->settings.train;
    const struct safetensors_choice choice = {wants, pretrained};

    *pretrained = (struct pretrained){0};
    if (name_tensors(pretrained, model->net, settings->from_prefix, error) != 0)
        return -1;
    pretrained->file = safetensors_read_any(model->from, &choice, error);
    if (!pretrained->file || find_all(pretrained, error) != 0)
        return -1;
    return check(pretrained, settings, error);
}

void pretrained_finish(struct pretrained *pretrained)
{
    for (size_t i = 0; i < pretrained->count; i++)
        free(pretrained->tensors[i].wanted);
    free(pretrained->tensors);
    free(pretrained->unused);
    safetensors_free(pretrained->file);
    *pretrained = (struct pretrained){0};
}

/* ---- values -------------------------------------------------------------------------------------------- */

static float value_at(const struct tensor *from, size_t i)
{
    float value;
    uint16_t half;

    if (from->type == TENSOR_F32) {
        memcpy(&value, (const char *)from->data + i * sizeof value, sizeof value);
        return value;
    }
    memcpy(&half, (const char *)from->data + i * sizeof half, sizeof half);
    return from->type == TENSOR_F16 ? half_to_float(half) : half_brain_to_float(half);
}

int pretrained_load(const struct pretrained *pretrained, float *weights, float *states, struct error *error)
{
    for (size_t t = 0; t < pretrained->count; t++) {
        const struct pretrained_tensor *tensor = &pretrained->tensors[t];
        float *to = (tensor->to->made.role == NNRUN_STATE ? states : weights) + tensor->to->offset;
        for (size_t i = 0; tensor->fit == PRETRAINED_FITS && i < tensor->to->count; i++) {
            to[i] = value_at(tensor->from, i);
            if (!isfinite(to[i]))
                return error_set_at(
                    error, ERROR_DATA, &(struct error_facts){.file = safetensors_label(pretrained->file)},
                    "number %zu (the first is 0) of tensor %s is NaN or infinite", i, tensor->from->name);
        }
    }
    return 0;
}
