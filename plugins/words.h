/* words.h: what other systems call a layer, its keys and their values, for messages about unknown words. */
#ifndef WORDS_H
#define WORDS_H
#include <nnrun/layer.h>

#define WORDS_TYPE(there, with)                                                                              \
    {                                                                                                        \
        NNRUN_WORDS_TYPE, there, with                                                                        \
    }
#define WORDS_KEY(there, key)                                                                                \
    {                                                                                                        \
        NNRUN_WORDS_KEY, there, key                                                                          \
    }
#define WORDS_VALUE(there, choice)                                                                           \
    {                                                                                                        \
        NNRUN_WORDS_VALUE, there, choice                                                                     \
    }
#define WORDS_ADVICE(there, advice)                                                                          \
    {                                                                                                        \
        NNRUN_WORDS_ADVICE, there, advice                                                                    \
    }

/* Those that layers share. */
#define WORDS_WINDOW                                                                                         \
    WORDS_KEY("kernel_size|kernel_shape|ksize|size|filter_size|pool_size|window|window_size", "kernel"),     \
        WORDS_KEY("strides|step", "stride"), WORDS_KEY("padding|pads", "pad")
#define WORDS_WEIGHTS                                                                                        \
    WORDS_KEY("use_bias|bias_term|has_bias", "bias"),                                                        \
        WORDS_KEY("initializer|kernel_initializer|weight_initializer|weight_init|weight_filler", "init"),    \
        WORDS_VALUE("kaiming|kaiming_normal|kaiming_uniform|he_normal|he_uniform|msra", "he"),               \
        WORDS_VALUE("glorot|glorot_normal|glorot_uniform|xavier_normal|xavier_uniform", "xavier"),           \
        WORDS_VALUE("default|uniform|lecun|pytorch", "torch")
#define WORDS_INPUT                                                                                          \
    WORDS_ADVICE("in_channels|input_channels|in_features|input_shape|input_dim|input_size|num_features|in",  \
                 "leave it out; the layer before it says that")
#define WORDS_ACTIVATION                                                                                     \
    WORDS_ADVICE(                                                                                            \
        "activation|act|nonlinearity|activation_function",                                                   \
        "an activation is a layer of its own: unless it follows already, write { type = \"VALUE\"; }, after this one")

/* A layer's table of them, for the capability words/1. */
#define WORDS(...) static const struct nnrun_words words[] = {__VA_ARGS__, {.words = NULL}}
#endif
