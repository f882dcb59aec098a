/* model_fit.c: see model_fit.h. */
#include "model/model_fit.h"

#include <stdint.h>
#include <string.h>

#include "base/memory.h"

static int check_version(const struct safetensors *file, struct error *error)
{
    const char *version = safetensors_value(file, "format_version");

    if (!version)
        return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = safetensors_label(file)},
                            "is not a checkpoint of nnrun: it names no format version");
    if (strcmp(version, MODEL_FORMAT_VERSION) != 0)
        return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = safetensors_label(file)},
                            "has checkpoint format version %.32s; this nnrun reads version %s", version,
                            MODEL_FORMAT_VERSION);
    return 0;
}

void model_tensor_shape(struct tensor *to, const struct net_tensor *like)
{
    to->type = TENSOR_F32;
    to->rank = (uint32_t)like->made.shape.rank;
    for (uint32_t i = 0; i < to->rank; i++)
        to->dim[i] = (uint64_t)like->made.shape.dim[i];
    to->bytes = like->count * sizeof(float);
}

int model_find_tensor(const struct model *model, const struct safetensors *file, const char *name,
                      const struct net_tensor *like, const struct tensor **found, struct error *error)
{
    const struct tensor *there = safetensors_tensor(file, name);
    char text[NET_SHAPE_TEXT];
    struct tensor wanted;

    *found = there;
    model_tensor_shape(&wanted, like);
    if (!there || (there->type == wanted.type && there->rank == wanted.rank &&
                   memcmp(there->dim, wanted.dim, there->rank * sizeof *there->dim) == 0))
        return 0;
    return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = safetensors_label(file)},
                        "tensor %s differs in shape from the network's, %s%s", name,
                        net_shape_text(&like->made.shape, text),
                        model->overridden ? "; an override may have changed the network" : "");
}

int model_check_file(const struct model *model, const struct safetensors *file, struct error *error)
{
    if (check_version(file, error) != 0)
        return -1;
    for (size_t i = 0; i < model->net->tensor_count; i++) {
        const struct net_tensor *like = &model->net->tensors[i];
        const struct tensor *found;

        if (model_find_tensor(model, file, like->name, like, &found, error) != 0)
            return -1;
        if (!found)
            return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = safetensors_label(file)},
                                "tensor %s is missing", like->name);
    }
    return 0;
}

/* What lasts, in units of an arena's values: 64 bytes. */
static size_t lasting(const struct net_node *node)
{
    return node->parameters / 16 + node->derived_bytes / 64;
}

int model_check_memory(const struct model *model, size_t bytes, struct error *error)
{
    const size_t physical = memory_physical();
    const struct net_node *largest = &model->net->nodes[model->net->largest_node];

    for (size_t i = 0; i < model->net->node_count; i++)
        if (lasting(&model->net->nodes[i]) > lasting(largest) + largest->values)
            largest = &model->net->nodes[i];
    if (physical == 0 || bytes <= physical)
        return 0;
    return error_set(
        error, ERROR_CONFIG,
        "the network needs %.1f GB of memory and the machine has %.1f; layer \"%s\" (%s) takes most of it",
        (double)bytes / 1e9, (double)physical / 1e9, largest->name, largest->type);
}

size_t model_lasting_bytes(const struct model *model)
{
    const struct net *net = model->net;
    size_t bytes = net->derived_bytes;

    return size_add_array(&bytes, net->weights, sizeof(float)) &&
                   size_add_array(&bytes, net->states, sizeof(float))
               ? bytes
               : SIZE_MAX;
}

int model_check_least_memory(const struct model *model, struct error *error)
{
    size_t bytes;
    const bool fits = size_add(model_lasting_bytes(model), model->net->arena_bytes, &bytes);

    return model_check_memory(model, fits ? bytes : SIZE_MAX, error);
}
