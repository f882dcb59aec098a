/* model_classes.h: what data.classes and train.class_weights may be of a network: as much as it has classes. */
#ifndef MODEL_MODEL_CLASSES_H
#define MODEL_MODEL_CLASSES_H

#include "model/model.h"

/* Complains of a list of names that cannot be. For model_open, once the network is planned (NULL: it could not be). */
void model_classes_check_list(const struct model *model);

/* Complains of train.class_weights that the network's end cannot have. Likewise. */
void model_classes_check_weights(const struct model *model);
#endif
