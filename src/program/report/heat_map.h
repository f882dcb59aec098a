/* heat_map.h: a confusion matrix in colours. */
#ifndef REPORT_HEAT_MAP_H
#define REPORT_HEAT_MAP_H

#include "report/html.h"
#include "model/model.h"
#include "train/evaluate.h"

/* An <svg>: a row for each label, a column for each class predicted. What is right is blue, the stronger the more
 * of its row; mistakes are orange, the stronger the nearer to the most frequent one. Classes have their names, those of the model. */
void heat_map_add(struct html *html, const struct model *model, const struct evaluation *result);

/* Adds the name of a class, or its number if it has none. */
void heat_map_add_class(struct html *html, const struct model *model, size_t class);

/* The most frequent mistake, 0: none. */
uint64_t heat_map_worst(const struct evaluation *result, size_t *label, size_t *predicted);
#endif
