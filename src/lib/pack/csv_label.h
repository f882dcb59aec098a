/* csv_label.h: which column of a table holds the label. One thread at a time. */
#ifndef PACK_CSV_LABEL_H
#define PACK_CSV_LABEL_H

#include "pack/csv_look.h"

/* Whether the text is what a column of labels is called: as asked for, or by custom. */
bool csv_label_is_name(const struct csv_look *look, const char *text);

/* Sets layout->label, by the options or else by names and cells. 0, or -1 after setting error. */
int csv_label_find(struct csv_look *look, struct error *error);
#endif
