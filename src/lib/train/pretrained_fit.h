/* pretrained_fit.h: what was found in a file of weights (pretrained.h) of a network's tensors. */
#ifndef TRAIN_PRETRAINED_FIT_H
#define TRAIN_PRETRAINED_FIT_H

#include "checkpoint/safetensors_read.h"
#include "net/net.h"

enum pretrained_fit { PRETRAINED_FITS, PRETRAINED_MISSING, PRETRAINED_SHAPE, PRETRAINED_TYPE };

struct pretrained_tensor {
    const struct net_tensor *to;
    char *wanted;              /* its name in the file */
    const struct tensor *from; /* NULL: it is missing */
    enum pretrained_fit fit;
};

struct pretrained {
    struct safetensors *file;
    struct pretrained_tensor *tensors; /* [count], those of the network, in their order */
    size_t count, fit;                 /* so many of them fit */
    const struct tensor **unused; /* [unused_count], of the file; of a checkpoint, what is of its run alone
                                          does not count */
    size_t unused_count;
};

/* How a tensor of a file, NULL: none, fits one of the network. */
enum pretrained_fit pretrained_fit(const struct tensor *from, const struct net_tensor *to);

/* "fits", "is missing", "is 10x100 there, not 10x84", made printable: into a buffer; returns it. */
enum { PRETRAINED_LINE = 512 };
const char *pretrained_fit_text(const struct pretrained *pretrained, const struct pretrained_tensor *tensor,
                                char text[PRETRAINED_LINE]);
#endif
