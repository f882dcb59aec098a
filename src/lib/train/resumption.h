/* resumption.h: a run that is to go on: its folder, locked, and the model of its newest checkpoint. One thread at a
 * time. */
#ifndef TRAIN_RESUMPTION_H
#define TRAIN_RESUMPTION_H

#include "model/model.h"
#include "run/run_folder.h"
#include "train/ranks.h"

struct resumption {
    struct run_folder *run; /* NULL: another rank has it */
    struct model model;
    char *warnings; /* a line for each checkpoint passed over; NULL: not known */
};

/* Of several ranks the first opens the folder, and gives the others the checkpoint and the paths of the data; `ranks` NULL:
 * this process is alone. Overrides may change what has the flag SETTING_RESUME (ERROR_ARGUMENT: others). What the run was told of its
 * output holds, where no override gives another. Returns 0, or -1 after setting error; resumption_close in
 * either case. */
int resumption_open(struct resumption *resumption, const char *folder, const struct model_options *options,
                    struct ranks *ranks, struct error *error);
void resumption_close(struct resumption *resumption);
#endif
