/* nnrun/layer_one.h: the part of nnrun/layer.h about one sample alone, without lanes. Include that one. */
#ifndef NNRUN_LAYER_ONE_H
#define NNRUN_LAYER_ONE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The id of struct nnrun_one: how a layer evaluates one sample, for who has one question at a time. The core gives a
 * layer that lacks it a slice in which every lane has the sample, and takes lane 0. */
#define NNRUN_ONE_1 "one/1"

/* Floats past the end of each x[i] and of y that may be touched, so that a loop over whole vectors needs no end of its
 * own: those of x may be read and hold anything, those of y may be written and are never read. */
enum { NNRUN_ONE_SPARE = 32 };

/* What an instance wants. Zeroed before the call. */
struct nnrun_one_need {
    size_t weight_bytes;  /* of its weights in a form for this; 0: none, and make() is not called */
    size_t scratch_bytes; /* free to use within one call of forward; its contents are undefined */
    uint32_t parts;       /* calls of make() that fill the weights, 1 .. 4096 */
    uint32_t flags;       /* 0; the core refuses what it does not know */
};

/* One call. x[i], y, w[i], derived, weights, scratch and self are aligned to 64 bytes. x[i] may equal x[j]; nothing else
 * overlaps, whether the layer has NNRUN_IN_PLACE or not. */
struct nnrun_one_sample {
    uint32_t inputs;
    uint32_t reserved;     /* 0 */
    const float *const *x; /* [inputs]: the sample, x[i][value], in C order */
    float *y;              /* likewise, to be written */
    const float *const *w; /* the tensors, states included, as in a slice */
    const void *derived;   /* as in a slice in evaluation; NULL: need() asked for none */
    const void *weights;   /* what make() made of w; NULL: none were asked for */
    void *scratch;         /* NULL: none was asked for */
};

/* In evaluation alone: there is no target, loss, keep or random word, and no backward. A NULL in forward or make falls to
 * the next lower level. */
struct nnrun_one {
    /* After plan(), which may have left in self what this says. A function of self. NULL: nothing. [setup] */
    void (*need)(const void *self, struct nnrun_one_need *need);
    /* Writes part `part` of the weights, as make() of struct nnrun_derived does, but of states too: w is all there is,
     * and does not change any more. Its form may differ from level to level only if forward's does. NULL at the first
     * level: need() asks for no weights. [worker] */
    void (*make[NNRUN_LEVELS])(const void *self, const float *const *w, void *weights, uint32_t part);
    /* y from x. Each value has the bits that the layer's code of that level gives in lane 0 of a slice: the same
     * expression, its terms in the same order. Where that is NaN it is NaN, of any bits. [worker] */
    void (*forward[NNRUN_LEVELS])(const void *self, const struct nnrun_one_sample *sample);
};

#ifdef __cplusplus
}
#endif
#endif
