/* rank_model.h: the model of a run that is resumed, for ranks that do not see its folder. */
#ifndef TRAIN_RANK_MODEL_H
#define TRAIN_RANK_MODEL_H

#include "model/model.h"
#include "train/ranks.h"

/* All ranks: rank 0 has the model of a checkpoint that is a file, the others a zeroed one, which becomes the same: of the
 * bytes of that file, with the paths of the data that rank 0 knows. Returns 0, or -1 after setting error. */
int rank_model_share(struct model *model, const struct model_options *options, struct ranks *ranks,
                     struct error *error);
#endif
