/* npz_arrays.h: the arrays of NPZ files, NumPy's ZIP archives, and which belong together, by their names: "train_images" and
 * "train_labels", "x_test" and "y_test". One thread at a time. */
#ifndef PACK_NPZ_ARRAYS_H
#define PACK_NPZ_ARRAYS_H

#include "pack/idx_pairs.h"
#include "pack/npy_header.h"
#include "pack/part_name.h"
#include "pack/zip_file.h"

enum { NPZ_MOST_SAMPLE = 1 << 24 /* bytes */, NPZ_MOST_LABELS = 256 };

struct npz_array {
    const char *path; /* of the archive, the caller's */
    size_t entry;     /* in it */
    char *file;       /* its name: "train_images.npy" */
    struct idx_name name;
    struct npy_header header;
    size_t before; /* bytes before the values */
    size_t count;  /* samples */
    size_t values; /* of one sample */
};

struct npz_pair {
    const struct npz_array *samples, *labels; /* labels may be NULL */
    enum pack_part part;
};

struct npz_arrays {
    struct npz_array *list; /* [count] */
    size_t count;
    struct npz_pair *pairs; /* [pair_count] */
    size_t pair_count;
    struct part_names said;
    const struct npz_array *left_out; /* the first one whose name tells nothing; NULL: none */
};

/* Of the archives. 0, or -1 after setting error. Finish them in either case. */
int npz_arrays_find(struct npz_arrays *arrays, const char *const *paths, size_t count, struct error *error);
void npz_arrays_finish(struct npz_arrays *arrays);

/* Its values, from the first one on; NULL after setting error. */
struct zip_file *npz_array_open(const struct npz_array *array, struct error *error);

/* Puts "PATH: FILE: " before what is said of it. Returns -1. */
int npz_array_failed(const struct npz_array *array, struct error *error);
#endif
