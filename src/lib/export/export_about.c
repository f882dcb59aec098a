/* export_about.c: see export_about.h. */
#include "export/export_about.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory_file.h"
#include "base/text.h"
#include "checkpoint/safetensors_format.h"
#include "nnrun/nnrun.h"

#define MAKER ": a network that nnrun "

static void write_origin(FILE *out, const struct model *model, const struct train_state *state,
                         const char *name)
{
    const char *checksum = safetensors_value(model->file, SAFETENSORS_CHECKSUM);
    const double *last = state->epoch > 0 ? state->history + (state->epoch - 1) * HISTORY_COLUMNS : NULL;

    fprintf(out, "%s" MAKER "%s trained for %llu epoch%s and %llu step%s.\n", name, nnrun_version(),
            (unsigned long long)state->epoch, text_plural(state->epoch), (unsigned long long)state->step,
            text_plural(state->step));
    if (last && !isnan(last[HISTORY_VALIDATION_ACCURACY]))
        fprintf(out, "It was right about %.2f %% of the samples for validation.\n",
                100 * last[HISTORY_VALIDATION_ACCURACY]);
    if (model->settings.data.transposed)
        fputs("Its samples were transposed when they were packed: others of their source must be, too.\n",
              out);
    fprintf(out, "The checksum of its checkpoint is %s.\n", checksum ? checksum : "unknown");
}

/* Columns as wide as what stands in them. */
static void write_layers(FILE *out, const struct net *net)
{
    char shape[NET_SHAPE_TEXT];
    int name = 5, type = 4;

    for (size_t i = 0; i < net->node_count; i++) {
        const struct net_node *node = &net->nodes[i];
        name = (int)strlen(node->name) > name ? (int)strlen(node->name) : name;
        type = (int)strlen(node->type) > type ? (int)strlen(node->type) : type;
    }
    fprintf(out, "\n%-*s  %-*s  parameters  output\n", name, "layer", type, "type");
    fprintf(out, "%-*s  %-*s              %s\n", name, "input", type, "", net_shape_text(&net->input, shape));
    for (size_t i = 0; i < net->node_count; i++) {
        const struct net_node *node = &net->nodes[i];
        fprintf(out, "%-*s  %-*s  %10zu  %s%s", name, node->name, type, node->type, node->parameters,
                net_shape_text(&node->shape, shape), i + 1 < net->node_count ? "\n" : "");
    }
}

char *export_about(const struct model *model, const struct train_state *state, const char *name,
                   struct error *error)
{
    struct memory_file file;
    FILE *out = memory_file_open(&file);
    char *text;

    if (out) {
        write_origin(out, model, state, name);
        write_layers(out, model->net);
    }
    if (!(text = memory_file_close(&file, NULL)))
        error_memory(error);
    return text;
}

bool export_about_begins(const void *bytes, size_t size)
{
    const char *line = bytes, *end = memchr(bytes, '\n', size);

    return end && end - line > 3 && memcmp(line, "/* ", 3) == 0 &&
           memmem(line, (size_t)(end - line), MAKER, sizeof MAKER - 1);
}
