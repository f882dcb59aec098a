/* contract_derived.c: see contract_derived.h. */
#include "check/contract_derived.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "check/rig_derive.h"
#include "net/plugin.h"

enum { FILL = 0xff, OTHER_FILL = 0x3f, NAN_PLACES = 5 };

struct bytes {
    unsigned char *whole, *one; /* [bytes]: what all parts give, one after another; what one gives alone */
    uint16_t *owner;            /* [bytes]: the part that writes it + 1; 0: none yet */
};

static void report_byte(struct rig *rig, enum failure_kind kind, size_t byte, double a, double b)
{
    rig_report(rig, &(struct failure){.kind = kind,
                                      .part = rig->making.part,
                                      .make = true,
                                      .at = byte,
                                      .lane = FAILURE_NO_LANE,
                                      .figure = {a, b}});
}

static const unsigned char *make_alone(struct rig *rig, uint32_t part, unsigned char fill)
{
    guarded_fill(&rig->making, fill);
    rig_derive_part(rig, part);
    return (const unsigned char *)guarded_floats(&rig->making);
}

/* A byte that neither call changed was not written: it cannot be both fills. Returns false after a report. */
static bool check_part(struct rig *rig, struct bytes *bytes, uint32_t part)
{
    const size_t count = rig->node->derived_bytes;
    const unsigned char *now;

    memcpy(bytes->one, make_alone(rig, part, FILL), count);
    now = make_alone(rig, part, FILL);
    for (size_t i = 0; i < count; i++)
        if (now[i] != bytes->one[i]) {
            report_byte(rig, FAILURE_DERIVED_REPETITION, i, part, 0);
            return false;
        }
    now = make_alone(rig, part, OTHER_FILL);
    for (size_t i = 0; i < count; i++) {
        if (bytes->one[i] == FILL && now[i] == OTHER_FILL)
            continue;
        if (bytes->owner[i]) {
            report_byte(rig, FAILURE_DERIVED_OVERLAP, i, bytes->owner[i] - 1, part);
            return false;
        }
        if (now[i] != bytes->one[i] || now[i] != bytes->whole[i]) {
            report_byte(rig, FAILURE_DERIVED_MEMORY, i, part, 0);
            return false;
        }
        bytes->owner[i] = (uint16_t)(part + 1);
    }
    return true;
}

static bool check_parts(struct rig *rig, struct bytes *bytes)
{
    const size_t count = rig->node->derived_bytes;

    rig_derive(rig, true, FILL);
    memcpy(bytes->whole, guarded_floats(&rig->derived), count);
    for (uint32_t part = 0; part < rig->node->derived_parts; part++)
        if (!check_part(rig, bytes, part))
            return false;
    for (size_t i = 0; i < count; i++)
        if (!bytes->owner[i]) {
            report_byte(rig, FAILURE_DERIVED_GAP, i, 0, 0);
            return false;
        }
    return true;
}

/* With what the first level that has FMA gave. */
static void compare_level(struct rig *rig, const unsigned char *whole)
{
    const size_t count = rig->node->derived_bytes;

    if (!plugin_level_has_fma(rig->level))
        return;
    for (size_t i = 0; rig->have_derived && i < count; i++)
        if (whole[i] != rig->fma_derived[i]) {
            report_byte(rig, FAILURE_DERIVED_LEVELS, i, 0, 0);
            return;
        }
    memcpy(rig->fma_derived, whole, count);
    rig->have_derived = true;
}

/* ---- NaN ----------------------------------------------------------------------------------------------- */

static bool y_is_other(const struct rig *rig, const float *a, const float *b)
{
    return memcmp(a + rig->section[0].at, b + rig->section[0].at, rig->section[0].count * sizeof *a) != 0;
}

static bool y_has_nan(const struct rig *rig, const float *snapshot)
{
    for (size_t i = 0; i < rig->section[0].count; i++)
        if (isnan(snapshot[rig->section[0].at + i]))
            return true;
    return false;
}

/* A weight that moves y must not hide a NaN. */
static void check_nan_at(struct rig *rig, const struct rig_call *call, size_t t, size_t i, const float *base,
                         float *other)
{
    float *weight = guarded_floats(&rig->w[t]) + i;
    const float kept = *weight;
    bool moves;

    *weight = kept + 1;
    rig_run(rig, call, other);
    moves = y_is_other(rig, base, other);
    *weight = NAN;
    rig_run(rig, call, other);
    *weight = kept;
    if (moves && !y_has_nan(rig, other))
        rig_report(rig,
                   &(struct failure){
                       .kind = FAILURE_HIDDEN_NAN, .part = rig->w[t].part, .at = i, .lane = FAILURE_NO_LANE});
}

static void check_nan(struct rig *rig, bool evaluate, float *base, float *other)
{
    const struct rig_call call = {.count = NNRUN_LANES, .evaluate = evaluate, .fill = FILL};

    rig_run(rig, &call, base);
    for (size_t t = 0; t < rig->tensors; t++) {
        const size_t count = rig->tensor[t].count, places = count < NAN_PLACES ? count : NAN_PLACES;
        for (size_t k = 0; rig->tensor[t].made.role == NNRUN_WEIGHT && k < places; k++)
            check_nan_at(rig, &call, t, places > 1 ? k * (count - 1) / (places - 1) : 0, base, other);
    }
}

int contract_check_derived(struct rig *rig, float *base, float *other)
{
    const size_t count = rig->node->derived_bytes;
    struct bytes bytes = {.whole = memory_array(count, 1),
                          .one = memory_array(count, 1),
                          .owner = memory_array(count, sizeof *bytes.owner)};
    const bool made = bytes.whole && bytes.one && bytes.owner;

    if (made && count > 0) {
        rig_draw(rig, RIG_ALL_LANES, 0);
        if (check_parts(rig, &bytes))
            compare_level(rig, bytes.whole);
        check_nan(rig, true, base, other);
        if (rig->net->backward && rig->node->trained_parts > 0)
            check_nan(rig, false, base, other);
    }
    free(bytes.whole);
    free(bytes.one);
    free(bytes.owner);
    return made ? 0 : -1;
}
