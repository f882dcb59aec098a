/* run_model.h: models opened from the files of runs. Where the data of a checkpoint are, unless an override says
 * so, is known from run.json beside it. One thread at a time. Functions return 0, or -1 after setting error;
 * model_finish in either case. */
#ifndef RUN_RUN_MODEL_H
#define RUN_RUN_MODEL_H

#include "model/model.h"
#include "run/run_folder.h"

/* From a file that is of that kind, a config or a checkpoint, in a run's folder or anywhere else. */
int run_model_open(struct model *model, const char *path, enum model_kind kind,
                   const struct model_options *options, struct error *error);

/* From the newest checkpoint of a run that verifies, as run_checkpoints_newest finds it; *warnings is that
 * function's, for the caller to free, also after a failure. */
int run_model_open_run(struct model *model, struct run_folder *run, const struct model_options *options,
                       char **warnings, struct error *error);

/* The same of a folder that need not be ours (run_checkpoints_peek). */
int run_model_peek(struct model *model, const char *folder, const struct model_options *options,
                   struct error *error);
#endif
