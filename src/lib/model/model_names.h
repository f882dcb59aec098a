/* model_names.h: the names of classes and of columns: data.classes and data.columns, each a list or a file with one name per line.
 * A checkpoint keeps them as lists, whatever they were read from.
 *
 * A name is UTF-8 text that can be shown, without blanks around it; no two of a list are equal. There are as many as classes, or as
 * values of a sample. */
#ifndef MODEL_MODEL_NAMES_H
#define MODEL_MODEL_NAMES_H

#include "model/model.h"

/* What is named. */
struct model_names_kind;
extern const struct model_names_kind model_names_classes, model_names_columns;

/* Complains of names in a list that cannot be. For model_open. */
void model_names_check_list(const struct model *model, const struct model_names_kind *kind);

/* The same of all that data.columns may be, once the network is planned (NULL: it could not be). */
void model_columns_check_list(const struct model *model);

/* For model_open, once nothing is wrong with the config: a file of names takes its place as a list, and names that an
 * override gives are compared with those of the checkpoint. Returns 0, or -1 after setting error. */
int model_names_read(struct model *model, struct error *error);

/* Compares the network's names with those in the folder of a label file, where both have any. Returns 0, or -1 after
 * setting error. */
int model_names_check_data(const struct model *model, const char *labels, struct error *error);
#endif
