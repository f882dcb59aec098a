/* export_about.h: what a file says of the network in it, for whoever finds the file. */
#ifndef EXPORT_EXPORT_ABOUT_H
#define EXPORT_EXPORT_ABOUT_H

#include "model/model.h"
#include "train/train_state.h"

/* Lines of text in fresh memory: who made it, by `name`, of which checkpoint, how good it was, and its layers. The model still
 * has its file. NULL after setting error: no memory. */
char *export_about(const struct model *model, const struct train_state *state, const char *name,
                   struct error *error);

/* Whether a file with that text in its first comment, of C, begins with these bytes. [any thread] */
bool export_about_begins(const void *bytes, size_t size);
#endif
