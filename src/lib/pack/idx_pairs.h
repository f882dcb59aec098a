/* idx_pairs.h: which IDX files belong together, by their names: "emnist-letters-train-images-idx3-ubyte.gz" and
 * "emnist-letters-train-labels-idx1-ubyte.gz" are the training part of the set "emnist-letters". */
#ifndef PACK_IDX_PAIRS_H
#define PACK_IDX_PAIRS_H

#include "pack/source.h"

enum idx_role { IDX_ROLE_UNKNOWN, IDX_ROLE_SAMPLES, IDX_ROLE_LABELS };
enum { IDX_SET_NAME = 128 };

struct idx_name {
    char set[IDX_SET_NAME]; /* "" for MNIST's own names */
    enum pack_part part;
    enum idx_role role;
};

/* Of the last name of a path. [any thread] */
struct idx_name idx_name_of(const char *path);

struct idx_pair {
    char *samples, *labels; /* paths; labels may be NULL */
    struct idx_name name;
};

struct idx_pairs {
    struct idx_pair *list; /* [count], in the order of paths, of a folder in that of names */
    size_t count;
    char *mapping; /* path of the set's table of characters, or NULL */
};

/* Of one folder, or of files. In a folder only names with "idx1-" to "idx4-" or "ubyte" in them count. 1; 0: there are none; -1 after
 * setting error: what belongs together is not clear, or the system failed. Finish them in either case. */
int idx_pairs_find(struct idx_pairs *pairs, const char *const *paths, size_t count, struct error *error);
void idx_pairs_finish(struct idx_pairs *pairs);
#endif
