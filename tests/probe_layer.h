/* probe_layer.h: networks of layers that compute nothing but check everything: each writes a pattern of its
 * own wherever it may write, and counts what it finds overwritten where it may read. */
#ifndef TESTS_PROBE_LAYER_H
#define TESTS_PROBE_LAYER_H

#include <stdbool.h>
#include <stddef.h>

#include "net/net_create.h"

enum {                      /* beside enum nnrun's flags of a layer */
       PROBE_LOSS = 32,     /* compares with a class */
       PROBE_ONE = 64,      /* takes one input */
       PROBE_TWO = 128,     /* takes two or three; without either: 1 .. NET_MOST_INPUTS */
       PROBE_FORWARD = 256, /* has no backward */
       PROBE_ALONE = 1024,  /* evaluates one sample without lanes */
       PROBE_OLD = 512,     /* needs ABI 1.0 alone: its scratch is for forward and backward */
       PROBE_MOST_WORDS = 32
};

struct probe_spec {
    const char *name;
    uint32_t flags;
    int32_t units; /* values of the output; 0: shaped like the first input */
    size_t keep, scratch, backward_scratch;
    struct nnrun_derived_need derived; /* byte i of part p becomes w[0][0] + p */
    struct nnrun_one_need one;         /* with PROBE_ALONE; its weights are those that keep would have */
    uint32_t random;
    uint32_t plan_flags;
    double flops[3]; /* of forward, dx and dw */
    const char *algorithm;
    const struct nnrun_tensor *tensors;
    size_t tensor_count;
    size_t input_count; /* 0: the layer before it */
    const char *const *inputs;
    const char *failure; /* plan() fails with it, naming the setting "units"; "": without a reason */
    const char *refusal; /* likewise, through plan->refuse */
};

/* How many calls there were, and how many of them found something else than was written there; `place`: a
 * buffer that is not aligned, or shared by a layer that does not work in place. */
struct probe_findings {
    unsigned calls, x, y, dy, keep, random, place;
};

/* As net_create. The specs must outlive the net. */
struct net *probe_net(int32_t input, const struct probe_spec *specs, size_t count, bool backward,
                      struct net_faults *faults, struct error *error);

/* Runs a slice forward and, with gradients ([net->weights]), in training and backward, in an arena of exactly
 * the size. Every layer adds 1 to each of its gradients. */
struct probe_findings probe_run(const struct net *net, float *gradients, bool first);

/* Runs one sample in evaluation, without lanes where the layers have it, in memory of exactly the size. */
struct probe_findings probe_run_one(const struct net *net);

/* Runs a slice forward in training and shows the random words that node i was given: words[i][word][lane]. */
typedef uint16_t probe_words[PROBE_MOST_WORDS][NNRUN_LANES];
void probe_draw(const struct net *net, uint32_t count, uint32_t sample, uint64_t seed, uint64_t step,
                probe_words *words);
#endif
