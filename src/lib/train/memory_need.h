/* memory_need.h: what training, testing and timing are about to take, before they take it. */
#ifndef TRAIN_MEMORY_NEED_H
#define TRAIN_MEMORY_NEED_H

#include "model/model.h"
#include "train/executor.h"

struct memory_need {
    const struct executor_spec *executors; /* [count] */
    size_t count;
    size_t copies;  /* of the weights: slots, and whatever else is as large */
    size_t more;    /* other bytes of the network's, there from beginning to end */
    size_t loaded;  /* bytes of a checkpoint, freed before there are executors */
    size_t windows; /* bytes of samples, an index of them included */
    size_t figures; /* bytes of what an evaluation finds */
};

/* Fails (ERROR_CONFIG) if that exceeds the machine's memory, derived weights and states included: as
 * model_check_memory, or naming data.window if it is samples that do not fit beside the network, or the figures of a test. */
int memory_need_check(const struct model *model, const struct memory_need *need, struct error *error);
#endif
