/* contract_one.c: see contract_one.h. */
#include "check/contract_one.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "net/net_watch.h"
#include "net/plugin_capability.h"

enum { FILL = 0xff, OTHER_FILL = 0x3f };

/* What a layer is given for one sample. */
struct one {
    struct rig *rig;
    const struct nnrun_one *code;
    struct guarded x[NET_MOST_INPUTS], y, scratch;
    struct guarded making, weights; /* where they are made, where they are read */
};

static int create(struct one *one)
{
    const struct rig *rig = one->rig;
    const struct net_one_part *need = &rig->node->one;
    const struct part y = {"y", -1}, scratch = {"scratch", -1}, weights = {"the weights", -1};

    for (size_t k = 0; k < rig->inputs; k++) {
        const size_t values = rig->x[k].bytes / sizeof(float) / NNRUN_LANES;
        if (guarded_create(&one->x[k], values + NNRUN_ONE_SPARE, sizeof(float), true, rig->x[k].part) != 0)
            return -1;
    }
    return guarded_create(&one->y, rig->node->values + NNRUN_ONE_SPARE, sizeof(float), false, y) ||
                   guarded_create(&one->scratch, need->scratch_bytes, 1, false, scratch) ||
                   guarded_create(&one->making, need->weight_bytes, 1, false, weights) ||
                   guarded_create(&one->weights, need->weight_bytes, 1, true, weights)
               ? -1
               : 0;
}

static void destroy(struct one *one)
{
    for (size_t k = 0; k < one->rig->inputs; k++)
        guarded_destroy(&one->x[k]);
    guarded_destroy(&one->y);
    guarded_destroy(&one->scratch);
    guarded_destroy(&one->making);
    guarded_destroy(&one->weights);
}

/* ---- what is written ----------------------------------------------------------------------------------- */

/* Calls use(one, buffer, make) for every buffer of a call. */
static void each_buffer(struct one *one, bool make,
                        void (*use)(struct one *one, struct guarded *buffer, bool make))
{
    struct rig *rig = one->rig;

    for (size_t t = 0; t < rig->tensors; t++)
        use(one, &rig->w[t], make);
    if (make) {
        use(one, &one->making, make);
        return;
    }
    for (size_t k = 0; k < rig->inputs; k++)
        use(one, &one->x[k], make);
    use(one, &one->y, make);
    use(one, &one->scratch, make);
    use(one, &one->weights, make);
    use(one, &rig->derived, make);
}

static void remember_buffer(struct one *one, struct guarded *buffer, bool make)
{
    (void)one, (void)make;
    guarded_remember(buffer);
}

static void report_write(struct one *one, enum failure_kind kind, struct part part, bool make)
{
    rig_report(one->rig, &(struct failure){.kind = kind, .part = part, .make = make, .one = true});
}

static void check_buffer(struct one *one, struct guarded *buffer, bool make)
{
    const unsigned found = guarded_restore(buffer);

    if (found & GUARDED_IN_FRONT)
        report_write(one, FAILURE_IN_FRONT, buffer->part, make);
    if (found & GUARDED_BEHIND)
        report_write(one, FAILURE_BEHIND, buffer->part, make);
    if (found & GUARDED_CHANGED)
        report_write(one, FAILURE_READ_ONLY, buffer->part, make);
}

static void check_writes(struct one *one, bool make)
{
    struct rig *rig = one->rig;

    each_buffer(one, make, check_buffer);
    if (memcmp(rig->instance, rig->node->instance, rig->layer->instance_size) != 0) {
        report_write(one, FAILURE_INSTANCE, (struct part){"", -1}, make);
        memcpy(rig->node->instance, rig->instance, rig->layer->instance_size);
    }
}

/* ---- its weights --------------------------------------------------------------------------------------- */

static void fill_tensors(const struct rig *rig, const float *w[NET_MOST_TENSORS])
{
    for (size_t t = 0; t < rig->tensors; t++)
        w[t] = guarded_floats(&rig->w[t]);
}

static void make_part(struct one *one, uint32_t part)
{
    const struct net_node *node = one->rig->node;
    const unsigned level = plugin_one_make_level(one->code, one->rig->level);
    const float *w[NET_MOST_TENSORS];
    struct plugin_watch_entry *entry;

    fill_tensors(one->rig, w);
    each_buffer(one, true, remember_buffer);
    entry = net_watch_begin(node, "make for one sample", plugin_level_names[level], NULL);
    one->code->make[level](node->instance, w, guarded_floats(&one->making), part);
    plugin_watch_end(entry);
    check_writes(one, true);
}

/* Twice, over other bytes and in the other order: what differs was not written, or read. False after a report. */
static bool make_weights(struct one *one)
{
    const struct net_one_part *need = &one->rig->node->one;
    unsigned char *weights = (unsigned char *)guarded_floats(&one->weights);
    const unsigned char *again = (const unsigned char *)guarded_floats(&one->making);

    guarded_fill(&one->making, FILL);
    for (uint32_t part = 0; part < need->weight_parts; part++)
        make_part(one, part);
    memcpy(weights, again, need->weight_bytes);
    guarded_fill(&one->making, OTHER_FILL);
    for (uint32_t part = need->weight_parts; part-- > 0;)
        make_part(one, part);
    for (size_t i = 0; i < need->weight_bytes; i++)
        if (weights[i] != again[i]) {
            rig_report(one->rig, &(struct failure){.kind = FAILURE_ONE_MAKE,
                                                   .part = one->making.part,
                                                   .at = i,
                                                   .lane = FAILURE_NO_LANE});
            return false;
        }
    return true;
}

/* ---- its forward --------------------------------------------------------------------------------------- */

static void *floats_if_any(const struct guarded *buffer)
{
    return buffer->bytes ? guarded_floats(buffer) : NULL;
}

/* Evaluates a lane's sample; what is past its end, and what the layer is to write, holds `fill`. */
static void run_sample(struct one *one, size_t lane, unsigned char fill)
{
    struct rig *rig = one->rig;
    const unsigned level = plugin_one_level(one->code, rig->level);
    const float *x[NET_MOST_INPUTS], *w[NET_MOST_TENSORS];
    const struct nnrun_one_sample sample = {.inputs = (uint32_t)rig->inputs,
                                            .x = x,
                                            .y = guarded_floats(&one->y),
                                            .w = w,
                                            .derived = floats_if_any(&rig->derived),
                                            .weights = floats_if_any(&one->weights),
                                            .scratch = floats_if_any(&one->scratch)};
    struct plugin_watch_entry *entry;

    fill_tensors(rig, w);
    for (size_t k = 0; k < rig->inputs; k++) {
        float *to = guarded_floats(&one->x[k]);
        guarded_fill(&one->x[k], fill);
        for (size_t i = lane; i < rig->x[k].bytes / sizeof *to; i += NNRUN_LANES)
            to[i / NNRUN_LANES] = guarded_floats(&rig->x[k])[i];
        x[k] = to;
    }
    guarded_fill(&one->y, fill);
    guarded_fill(&one->scratch, fill);
    each_buffer(one, false, remember_buffer);
    entry = net_watch_begin(rig->node, "forward for one sample", plugin_level_names[level], NULL);
    one->code->forward[level](rig->node->instance, &sample);
    plugin_watch_end(entry);
    check_writes(one, false);
}

/* False after a report. */
static bool is_like_lane(struct one *one, const float *y, size_t lane, enum failure_kind otherwise)
{
    const float *now = guarded_floats(&one->y);

    for (size_t i = 0; i < one->rig->node->values; i++) {
        const float wanted = y[i * NNRUN_LANES + lane];
        if (memcmp(&now[i], &wanted, sizeof wanted) == 0 || (isnan(now[i]) && isnan(wanted)))
            continue;
        rig_report(one->rig, &(struct failure){.kind = otherwise,
                                               .part = one->y.part,
                                               .at = i,
                                               .lane = FAILURE_NO_LANE,
                                               .figure = {(double)now[i], (double)wanted}});
        return false;
    }
    return true;
}

/* Each lane's sample, until one is wrong. */
static void check_lanes(struct one *one, float *snapshot)
{
    struct rig *rig = one->rig;
    const struct rig_call call = {.count = NNRUN_LANES, .evaluate = true, .fill = FILL};
    const float *y = snapshot + rig->section[0].at;

    rig_run(rig, &call, snapshot);
    for (size_t lane = 0; lane < NNRUN_LANES; lane++) {
        run_sample(one, lane, FILL);
        if (!is_like_lane(one, y, lane, FAILURE_ONE_BITS))
            return;
        run_sample(one, lane, OTHER_FILL);
        if (!is_like_lane(one, y, lane, FAILURE_ONE_MEMORY))
            return;
    }
}

/* One in each lane, at another place. */
static void add_special_values(struct rig *rig)
{
    static const float special[] = {NAN, INFINITY, -INFINITY, 0.0f, -0.0f, FLT_MAX, FLT_MIN / 4};

    for (size_t k = 0; k < rig->inputs; k++) {
        const size_t values = rig->x[k].bytes / sizeof(float) / NNRUN_LANES;
        for (size_t lane = 0; lane < NNRUN_LANES; lane++)
            guarded_floats(&rig->x[k])[lane * (values - 1) / (NNRUN_LANES - 1) * NNRUN_LANES + lane] =
                special[lane % (sizeof special / sizeof special[0])];
    }
}

/* Many equal ones, zeros of both signs among them. */
static void make_values_equal(struct rig *rig)
{
    for (size_t k = 0; k < rig->inputs; k++) {
        float *x = guarded_floats(&rig->x[k]);
        for (size_t i = 0; i < rig->x[k].bytes / sizeof *x; i++)
            x[i] = truncf(x[i]);
    }
}

int contract_check_one(struct rig *rig, float *snapshot)
{
    struct one one = {.rig = rig, .code = rig->node->plugin->one};
    int result;

    if (!one.code)
        return 0;
    result = create(&one);
    if (result == 0 && make_weights(&one)) {
        rig_draw(rig, RIG_ALL_LANES, 0);
        check_lanes(&one, snapshot);
        make_values_equal(rig);
        check_lanes(&one, snapshot);
        rig_draw(rig, RIG_ALL_LANES, 0);
        add_special_values(rig);
        check_lanes(&one, snapshot);
        rig_draw(rig, RIG_ALL_LANES, 0);
    }
    destroy(&one);
    return result;
}
