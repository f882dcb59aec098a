/* sample_sheet.h: a picture of what a network is trained on, to look at before anything is trained. */
#ifndef CLI_SAMPLE_SHEET_H
#define CLI_SAMPLE_SHEET_H

#include "model/model.h"

enum { SAMPLE_SHEET_ROWS = 10, SAMPLE_SHEET_COLUMNS = 10 };

/* Writes a PNG of the training samples that come first in epoch 1. Without augmentation a column behind the
 * other; with it a sample a row, as it is in the first column, then as it is seen in epochs 1, 2, ... Colour
 * for three channels, else the mean of the channels. Returns 0 or -1. */
int sample_sheet_write(const struct model *model, const char *path, struct error *error);
#endif
