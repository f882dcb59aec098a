/* source.h: where samples come from: a folder of pictures, a CSV file, another data set's files. A source reads
 * them in its own order and hands each to a sink. It takes memory for a few samples at a time, whatever their
 * number, besides what it must know of each file's name. */
#ifndef PACK_SOURCE_H
#define PACK_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "data/picture_size.h"
#include "nnrun/layer.h"

enum pack_part { PACK_UNSPLIT, PACK_TRAIN, PACK_VALIDATION, PACK_TEST, PACK_PARTS };
enum pack_kind { PACK_BYTES, PACK_FLOATS }; /* of IDX: 0x08, 0x0D */
enum pack_colours { PACK_AS_IT_IS, PACK_GREY, PACK_RGB };
enum pack_header { PACK_HEADER_LOOK, PACK_HEADER_YES, PACK_HEADER_NO };

/* What is asked for. Zeroed, it asks for nothing. */
struct pack_options {
    size_t height, width; /* of a picture; 0: as it is */
    enum pack_colours colours;
    enum picture_fitting fitting; /* where the sides have another ratio */
    double test; /* the fraction of each class that becomes test samples; below 0: not given */
    uint64_t seed;
    /* The column of a table that holds the label: its name, its number from 1, "first", "last" or "none"; of CIFAR-100 "fine" or
     * "coarse"; NULL. */
    const char *label;
    enum pack_header header; /* is the first row of a table one? */
    uint32_t first_label; /* with `numbered`: classes are the numbers from this one to the largest there is */
    bool numbered;
    bool natural;     /* class names in natural order: 2 before 10 */
    bool skip_broken; /* what cannot be read is passed over, and told */
    bool transpose;   /* rows of pictures are their columns */
    unsigned threads; /* 0: as many as there are processors */
};

/* What every sample of a source is. */
struct pack_form {
    enum pack_kind kind;
    struct nnrun_shape shape; /* as in IDX: 28x28; 3x32x32, channel first; rank 1: a row of numbers */
    size_t label_width;       /* 0: no labels; 1: a class; more: so many labels of 0 or 1 */
    bool finished;            /* pictures have the size and colours asked for; else the sink sees to it */
};

/* Who takes the samples: called by one thread, in the order of the source. Each returns 0 to go on, or -1 after
 * setting error, also if a stop is wanted: the source then ends at once, and returns -1. */
struct pack_sink {
    void *context;
    int (*begin)(void *context, const struct pack_form *form, struct error *error); /* once, first */
    /* The values are bytes or floats, as the form says; labels[label_width] are provisional numbers: classes are
     * counted in the order in which they appear. `place` names the sample: "cats/7.png", "train.csv:12". */
    int (*take)(void *context, enum pack_part part, const void *values, const uint32_t *labels,
                const char *place, struct error *error);
    /* A file or row that cannot be read, as `error` says, which is cleared if it may be passed over. */
    int (*broken)(void *context, const char *place, struct error *error);
    /* In units of the source, often enough for a bar; `all` may be 0: not known. */
    int (*progress)(void *context, uint64_t done, uint64_t all, struct error *error);
    /* Something of the whole source that a user should know, in one sentence that is no error; NULL: nobody asks.
     * `kind` is a word for programs: "empty_folder". `option` mends it, without dashes, perhaps with words behind it: "transpose to turn them"; NULL:
     * none. */
    int (*remark)(void *context, const char *kind, const char *option, const char *text, struct error *error);
};

struct pack_source;

/* Opens by content: what kind of source the paths are is seen from what lies there. Several paths are parts of one
 * source. The paths and options are the caller's until it is closed. NULL after setting error. */
struct pack_source *pack_source_open(const char *const *paths, size_t count,
                                     const struct pack_options *options, struct error *error);
/* "folder", "csv", ... */
const char *pack_source_format(const struct pack_source *source);
/* Pushes all samples; once. A source whose samples have one shape leaves size, colours, fitting and transposing
 * to the sink. Returns 0 or -1. */
int pack_source_read(struct pack_source *source, const struct pack_sink *sink, struct error *error);
/* After reading: the names of the provisional labels, or of several labels each. Those of numbers are decimal: "0",
 * "7". */
size_t pack_source_classes(const struct pack_source *source, const char *const **names);
/* Of a table: which column holds the label, and what the others are called. Valid until the source is closed. */
struct pack_columns {
    size_t label;             /* its number, from 1; 0: none */
    const char *label_name;   /* NULL: it has none */
    const char *const *names; /* [count], of the values of a sample, in their order; NULL: they have none */
    size_t count;
};
void pack_source_columns(const struct pack_source *source, struct pack_columns *columns);
/* Whether its samples were transposed when they were packed before. */
bool pack_source_is_transposed(const struct pack_source *source);
void pack_source_close(struct pack_source *source); /* NULL: nothing */

/* A kind of source; `self` is what its open returns. */
struct pack_format {
    const char *name;
    /* Are the paths such a source? 1, 0, or -1 after setting error. */
    int (*is)(const char *const *paths, size_t count, struct error *error);
    void *(*open)(const char *const *paths, size_t count, const struct pack_options *options,
                  struct error *error);
    int (*read)(void *self, const struct pack_sink *sink, struct error *error);
    size_t (*classes)(const void *self, const char *const **names);
    void (*close)(void *self);
    void (*columns)(const void *self, struct pack_columns *columns); /* NULL: values have no names */
    bool (*is_transposed)(const void *self);                         /* NULL: it was never packed */
    bool table;                                                      /* it may have a header */
    const char *labels; /* why no label can be chosen: "the folders are the classes"; NULL: one can */
};
extern const struct pack_format pack_folder, pack_csv, pack_idx, pack_cifar, pack_npz;
#endif
