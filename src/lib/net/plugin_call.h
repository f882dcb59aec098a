/* plugin_call.h: a call of a plugin's function, as facts, and the words for it. */
#ifndef NET_PLUGIN_CALL_H
#define NET_PLUGIN_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nnrun/layer.h"

/* The pointers of a slice that may be NULL, a bit each; of the inputs' gradients there are bits of their own. */
enum {
    PLUGIN_NULL_DW = 1,
    PLUGIN_NULL_DY = 2,
    PLUGIN_NULL_DX = 4, /* the array itself */
    PLUGIN_NULL_TARGET = 8,
    PLUGIN_NULL_LOSS = 16,
    PLUGIN_NULL_KEEP = 32,
    PLUGIN_NULL_SCRATCH = 64,
    PLUGIN_NULL_RANDOM = 128
};

struct plugin_call {
    const char *layer;    /* its name; NULL: the file `type` is being loaded */
    const char *type;     /* of the layer */
    const char *function; /* "plan", "forward": as struct nnrun_layer calls it */
    const char *path;     /* of the plugin's file; NULL: unknown */
    const char *level;    /* of code; NULL: it has but one */
    bool of_slice;        /* it has a slice, and the rest means something: */
    bool training;        /* as against evaluation */
    uint32_t inputs, null;
    uint64_t null_dx; /* bit i: dx[i] */
};

enum { PLUGIN_CALL_TEXT = 512 };

/* layer "gate1" (gate), backward in training (avx2 code) */
const char *plugin_call_text(const struct plugin_call *call, char text[PLUGIN_CALL_TEXT]);

/* What is NULL in the call, "dx[1], target"; "" if nothing is. Both are async-signal-safe, cut what does not fit
 * and return text. */
const char *plugin_call_nulls(const struct plugin_call *call, char text[PLUGIN_CALL_TEXT]);
#endif
