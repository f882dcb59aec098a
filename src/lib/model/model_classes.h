/* model_classes.h: the names of classes: data.classes, a list or a file with one name per line. A checkpoint keeps them
 * as a list, whatever they were read from.
 *
 * A name is UTF-8 text of at most MODEL_CLASS_NAME bytes that can be shown, without blanks around it; no two are
 * equal. There are as many as classes. */
#ifndef MODEL_MODEL_CLASSES_H
#define MODEL_MODEL_CLASSES_H

#include "model/model.h"

enum { MODEL_CLASS_NAME = 64 };

/* The file that has the names of a folder of data. */
#define MODEL_CLASSES_FILE "classes.txt"

/* Complains of a list of names that cannot be. For model_open, once the network is planned (NULL: it could not be). */
void model_classes_check_list(const struct model *model);

/* Complains of train.class_weights that the network's end cannot have. Likewise. */
void model_classes_check_weights(const struct model *model);

/* For model_open, once nothing is wrong with the config: a file of names takes its place as a list, and names that an
 * override gives are compared with those of the checkpoint. Returns 0, or -1 after setting error. */
int model_classes_read(struct model *model, struct error *error);

/* Compares the network's names with those in the folder of a label file, where both have any. Returns 0, or -1 after
 * setting error. */
int model_classes_check_data(const struct model *model, const char *labels, struct error *error);
#endif
