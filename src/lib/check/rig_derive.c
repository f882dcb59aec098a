/* rig_derive.c: see rig_derive.h. */
#include "check/rig_derive.h"

#include <string.h>

#include "net/plugin_capability.h"
#include "net/net_watch.h"

static void report_write(struct rig *rig, enum failure_kind kind, const struct guarded *buffer)
{
    rig_report(rig, &(struct failure){.kind = kind, .part = buffer->part, .make = true});
}

static void check_writes(struct rig *rig)
{
    const unsigned found = guarded_restore(&rig->making);

    if (found & GUARDED_IN_FRONT)
        report_write(rig, FAILURE_IN_FRONT, &rig->making);
    if (found & GUARDED_BEHIND)
        report_write(rig, FAILURE_BEHIND, &rig->making);
    for (size_t t = 0; t < rig->tensors; t++)
        if (guarded_restore(&rig->w[t]))
            report_write(rig, FAILURE_READ_ONLY, &rig->w[t]);
    if (memcmp(rig->instance, rig->node->instance, rig->layer->instance_size) != 0) {
        rig_report(rig, &(struct failure){.kind = FAILURE_INSTANCE, .make = true});
        memcpy(rig->node->instance, rig->instance, rig->layer->instance_size);
    }
}

void rig_derive_part(struct rig *rig, uint32_t part)
{
    const struct nnrun_derived *derived = rig->node->plugin->derived;
    const float *w[NET_MOST_TENSORS];
    const unsigned level = plugin_derived_level(derived, rig->level);
    struct plugin_watch_entry *entry;

    for (size_t t = 0; t < rig->tensors; t++) {
        guarded_remember(&rig->w[t]);
        w[t] = rig->tensor[t].made.role == NNRUN_STATE ? NULL : guarded_floats(&rig->w[t]);
    }
    entry = net_watch_begin(rig->node, "make", plugin_level_names[level], NULL);
    derived->make[level](rig->node->instance, w, guarded_floats(&rig->making), part);
    plugin_watch_end(entry);
    check_writes(rig);
}

void rig_derive(struct rig *rig, bool evaluate, unsigned char fill)
{
    const struct net_node *node = rig->node;

    if (node->derived_bytes == 0)
        return;
    guarded_fill(&rig->making, fill);
    for (uint32_t part = 0; part < (evaluate ? node->derived_parts : node->trained_parts); part++)
        rig_derive_part(rig, part);
    memcpy(guarded_floats(&rig->derived), guarded_floats(&rig->making), node->derived_bytes);
}
