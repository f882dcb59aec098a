/* model_paths.h: where a model's data are. */
#ifndef MODEL_MODEL_PATHS_H
#define MODEL_MODEL_PATHS_H

#include "config/config.h"
#include "model/settings.h"

enum { MODEL_PATHS = 6 };

struct model_paths { /* owned; NULL: not known */
    char *train_images, *train_labels, *test_images, *test_labels, *validation_images, *validation_labels;
};

/* The names that MNIST's files have, which stand in data.directory. */
#define MODEL_TRAIN_IMAGES "train-images-idx3-ubyte.gz"
#define MODEL_TRAIN_LABELS "train-labels-idx1-ubyte.gz"
#define MODEL_TEST_IMAGES  "t10k-images-idx3-ubyte.gz"
#define MODEL_TEST_LABELS  "t10k-labels-idx1-ubyte.gz"

/* The i-th of them, i < MODEL_PATHS, in the order above. */
char **model_path_at(struct model_paths *paths, size_t i);

/* The paths that a config names, or those of the usual files in the folder that it names, into empty `paths`;
 * no file is looked for. An override of data.directory moves what was named before it: the files have the same names,
 * but are in that folder. Complains of names that would become one. Returns 0, or -1 when out of memory;
 * model_paths_finish in either case. */
int model_paths_find(struct model_paths *paths, struct config *config, const struct data_settings *data,
                     struct error *error);

/* The path of the file that data.classes or data.columns names, `key`, which moves likewise if it was in the folder of the data.
 * Fresh; NULL when out of memory. */
char *model_paths_names(struct config *config, const struct data_settings *data, const char *key,
                        const char *file);

/* Frees what it holds; the object is empty then. */
void model_paths_finish(struct model_paths *paths);
#endif
