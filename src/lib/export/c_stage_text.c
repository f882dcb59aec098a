/* c_stage_text.c: the function of a stage, see c_writer.h. */
#include "export/c_writer.h"

static void write_signature(struct c_writer *w, const struct c_stage *stage)
{
    const struct graph_operator *one = stage->main;
    const bool several = one && (operator_types[one->kind].family == FAMILY_BROADCAST ||
                                 operator_types[one->kind].family == FAMILY_JOINED);

    fprintf(w->out, "static void %s_layer_%s(", w->name, stage->name);
    for (size_t k = 0; several && k < one->input_count; k++)
        if (c_value(w, one->inputs[k])->source != GRAPH_CONSTANT)
            fprintf(w->out, "const float *x%zu, ", k);
    fprintf(w->out, "%sfloat *y%s)\n{\n", several ? "" : "const float *x, ",
            stage->scratch ? ", float *scratch" : "");
}

static void write_operator(struct c_writer *w, const struct c_stage *stage)
{
    static void (*const by_family[])(struct c_writer * w, const struct c_stage *stage) = {
        [FAMILY_BROADCAST] = c_write_broadcast, [FAMILY_SAME] = c_write_softmax,
        [FAMILY_CHANNELS] = c_write_channels,   [FAMILY_JOINED] = c_write_joined,
        [FAMILY_PRODUCT] = c_write_product,     [FAMILY_WINDOWS] = c_write_pool,
    };

    if (stage->main->kind == OPERATOR_CONV)
        c_write_convolution(w, stage);
    else if (stage->main->kind == OPERATOR_LRN)
        c_write_normalization(w, stage);
    else
        by_family[operator_types[stage->main->kind].family](w, stage);
}

void c_write_shape(struct c_writer *w, const struct nnrun_shape *shape)
{
    for (int32_t i = 0; i < shape->rank; i++)
        fprintf(w->out, i > 0 ? "x%d" : "%d", (int)shape->dim[i]);
}

/* "Conv, Relu, MaxPool: 1x28x28 to 6x14x14" */
static void write_comment(struct c_writer *w, const struct c_stage *stage)
{
    const char *comma = "";

    fprintf(w->out, "\n/* ");
    if (stage->main) {
        fprintf(w->out, "%s", operator_types[stage->main->kind].name);
        comma = ", ";
    }
    for (size_t i = 0; i < stage->chain_count; i++, comma = ", ")
        fprintf(w->out, "%s%s", comma, operator_types[stage->chain[i]->kind].name);
    if (stage->pool)
        fprintf(w->out, ", %s", operator_types[stage->pool->kind].name);
    fprintf(w->out, ": ");
    c_write_shape(w, &c_value(w, stage->x)->shape);
    fprintf(w->out, " to ");
    c_write_shape(w, &c_value(w, stage->y)->shape);
    fprintf(w->out, " */\n");
}

void c_write_stage(struct c_writer *w, const struct c_stage *stage)
{
    const struct nnrun_shape *shape = &c_value(w, stage->y)->shape;

    write_comment(w, stage);
    write_signature(w, stage);
    w->depth = 1;
    c_write_chain_constants(w, stage);
    if (stage->main)
        write_operator(w, stage);
    if (!stage->pool)
        c_write_chain(w, stage, stage->main ? "y" : "x", "y", c_channels(shape), c_area(shape));
    w->depth = 0;
    fprintf(w->out, "}\n");
}
