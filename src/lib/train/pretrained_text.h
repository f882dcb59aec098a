/* pretrained_text.h: the table of all tensors that were looked for in a file of weights. */
#ifndef TRAIN_PRETRAINED_TEXT_H
#define TRAIN_PRETRAINED_TEXT_H

#include "train/pretrained_fit.h"

/* For people, with a newline after each line, and as an event. Fresh memory; NULL: out of memory. */
char *pretrained_text(const struct pretrained *pretrained);
char *pretrained_json(const struct pretrained *pretrained);
#endif
