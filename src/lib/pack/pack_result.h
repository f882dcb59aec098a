/* pack_result.h: what is asked of a pack, and what became of it. */
#ifndef PACK_PACK_RESULT_H
#define PACK_PACK_RESULT_H

#include "pack/class_order.h"
#include "pack/output.h"
#include "pack/source.h"
#include "pack/statistics.h"

struct pack_result;

struct pack_spec {
    const char *const *paths;
    size_t path_count;
    const char *folder; /* to write into, output.h */
    struct pack_options options;
    bool unique, skip_constant; /* of equal samples one is kept; those of a single value are left out */
    bool over;                  /* an older pack in the folder may be replaced */
    /* How far it is, often; anything but 0 stops it. NULL: nobody asks. */
    int (*progress)(void *context, const char *what, uint64_t done, uint64_t all);
    /* Once all is known of the pack but its statistics and the names of its files, and nothing is written yet: -1 after
     * setting error ends it. NULL: nobody asks. */
    int (*ready)(void *context, const struct pack_result *result, struct error *error);
    void *context;
};

struct pack_part_result {
    size_t samples;
    size_t *by_class; /* [classes.count]; of several labels each, how many samples have it */
    char images[OUTPUT_NAME], labels[OUTPUT_NAME]; /* names in the folder, "" where there is none */
};

struct pack_result {
    char format[32];          /* of the source */
    struct pack_form form;    /* of what was written */
    struct class_order order; /* names of the classes, or of several labels */
    size_t label_column;      /* of a table, from 1; 0: none, or no table */
    char *label_name;         /* of that column; NULL: none */
    char **columns;           /* [column_count], names of the values of a row; NULL: they have none */
    size_t column_count;
    struct pack_part_result parts[PACK_PARTS];
    size_t drawn; /* test samples that were drawn */
    struct statistics statistics;
    const char *
        prepare; /* the word of data.prepare by which pictures become such samples; NULL: they are no pictures */
    bool transposed; /* the samples have the rows of their source for columns */
    bool named;      /* the columns' names were written, as a network can have them */
    struct remarks remarks;
    bool stopped; /* progress asked for it */
};

void pack_result_finish(struct pack_result *result);

/* "train", "validation", "test" */
const char *pack_part_name(enum pack_part part);
#endif
