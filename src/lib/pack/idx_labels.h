/* idx_labels.h: the labels of an IDX file: one for each sample, several of 0 or 1, or the eight columns of QMNIST, of which the
 * first is the class. One thread at a time. */
#ifndef PACK_IDX_LABELS_H
#define PACK_IDX_LABELS_H

#include "data/idx_file.h"
#include "pack/class_names.h"

enum { IDX_LABELS_MOST = 256, IDX_LABELS_QMNIST = 8 };

struct idx_labels {
    struct idx_file *file;
    uint8_t *bytes; /* of one sample's labels */
    size_t columns; /* in the file */
    size_t width;   /* that are taken */
};

/* 0, or -1 after setting error. Finish it in either case. */
int idx_labels_open(struct idx_labels *labels, const char *path, struct error *error);
void idx_labels_finish(struct idx_labels *labels);

/* The next sample's: a class gets its number from `names`, where mapped[value] stands for values below mapped_count, else
 * the number itself. 0, -1 after setting error, or 1 after setting error: this one alone is wrong. */
int idx_labels_next(struct idx_labels *labels, struct class_names *names, char *const *mapped,
                    size_t mapped_count, uint32_t *out, struct error *error);
#endif
