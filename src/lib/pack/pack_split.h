/* pack_split.h: which samples are for training, validation and test, and their order: a function of the samples, their
 * classes and the seed. */
#ifndef PACK_PACK_SPLIT_H
#define PACK_PACK_SPLIT_H

#include "pack/spool.h"

struct split_spec {
    const struct pack_options *options;
    const uint32_t *class_of; /* of a provisional label; NULL: there is no class */
    size_t classes;
    bool labelled; /* else samples of no part are for the test */
};

struct split {
    uint32_t *samples[PACK_PARTS]; /* of the spool; PACK_UNSPLIT has none */
    size_t count[PACK_PARTS];
    size_t drawn; /* test samples that were drawn here */
    bool tried;   /* they were to be */
};

/* A test part is drawn where the source has none: from samples without a part, a fifth unless options->test says
 * otherwise; if all have one, from the training part, but only if it says so. Of each class the same fraction,
 * rounded, and never all. Training samples and what is drawn are shuffled; what the source gave as validation or
 * test keeps its order. Fails if a test is asked for and the source has one: ERROR_ARGUMENT. Finish it in either case. */
int split_make(struct split *split, const struct split_spec *spec, const struct spool *spool,
               struct error *error);
void split_finish(struct split *split);
#endif
