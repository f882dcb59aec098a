/* nnrun/layer_traits.h: the part of nnrun/layer.h about what messages say of a layer: capabilities by which nothing is
 * computed. Include that one. */
#ifndef NNRUN_LAYER_TRAITS_H
#define NNRUN_LAYER_TRAITS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The id of struct nnrun_traits: what is known of a layer's outputs, whatever its weights are. The core warns of
 * networks with it, "two linear layers in a row"; nothing is computed another way. */
#define NNRUN_TRAITS_1 "traits/1"

/* In evaluation, of the first input and the output. A layer that does not claim a trait may have it. */
enum nnrun_trait {
    NNRUN_LINEAR = 1,        /* y is a linear function of x, perhaps plus a constant */
    NNRUN_ELEMENTWISE = 2,   /* each value of y is made of one value of x */
    NNRUN_KEEPS_SIGN = 4,    /* if no value of x is negative, none of y is */
    NNRUN_NOT_NEGATIVE = 8,  /* no value of y is ever negative */
    NNRUN_DISTRIBUTION = 16, /* nor is it, and the values of a sample sum to 1 */
    NNRUN_TAKES_LOGITS =
        32 /* y are probabilities, for which x is meant to be any numbers, negative ones too */
};

struct nnrun_traits {
    uint32_t always; /* enum nnrun_trait, added together; what the core does not know it ignores */
    /* Those that depend on settings, besides. After plan(); a function of self. May be NULL. [setup] */
    uint32_t (*also)(const void *self);
};

/* The id of struct nnrun_words[], which ends with an entry without words: what other systems call the layer, its
 * keys and their values. Messages about unknown words name the layer's own for them. */
#define NNRUN_WORDS_1 "words/1"

enum nnrun_words_of {
    NNRUN_WORDS_TYPE,  /* `here` is what more the type stands for, "mode = \"average\""; NULL: nothing */
    NNRUN_WORDS_KEY,   /* `here` is the name of a setting */
    NNRUN_WORDS_VALUE, /* `here` is a choice of a setting */
    NNRUN_WORDS_ADVICE /* of keys that this layer has no counterpart for: what to do instead, in words; VALUE in them:
                          the string given */
};

struct nnrun_words {
    uint32_t of;       /* enum nnrun_words_of; the core ignores what it does not know */
    const char *words; /* "conv2d|convolution"; case, "_" and "-" make no difference */
    const char *here;
};

#ifdef __cplusplus
}
#endif
#endif
