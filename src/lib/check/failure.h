/* failure.h: what is wrong with a layer, as facts, and the words for it. */
#ifndef CHECK_FAILURE_H
#define CHECK_FAILURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PART_TEXT = 128,    /* bytes of a part's name */
    FAILURE_TEXT = 512, /* bytes of a failure in words */
    FAILURE_MOST = 256  /* kept of one layer in one case */
};

/* A buffer of the layer: "x", the second of several inputs "x[1]", "dw of weight". */
struct part {
    char what[PART_TEXT];
    int input; /* counted from 0; -1: it is not one of several */
};

/* What a failure has besides level and mode, in the order of its words:
 * part: a whole buffer; place: part, index and, where it has lanes, lane; function: forward or backward;
 * difference: a place, and in figure what it is and what it should be. */
enum failure_kind {
    FAILURE_GRADIENT,          /* place; figure: by differences, by backward */
    FAILURE_LOSS_GRADIENT,     /* the same of a whole network */
    FAILURE_KINKS,             /* part; figure: the directions, all of which have a kink */
    FAILURE_PORTABLE,          /* figure: distance, limit; part */
    FAILURE_LEVEL_BITS,        /* difference between code levels */
    FAILURE_LEVEL_BITS_ADDING, /* the same, adding to a gradient */
    FAILURE_ARITHMETIC,        /* of the thread is changed */
    FAILURE_NOT_FINITE,        /* place */
    FAILURE_IN_FRONT,          /* function, part */
    FAILURE_BEHIND,            /* function, part */
    FAILURE_READ_ONLY,         /* function, part */
    FAILURE_WRITES,            /* function, part */
    FAILURE_INSTANCE,          /* function */
    FAILURE_NOT_ADDED,         /* place; figure: before, gradient, after */
    FAILURE_HEEDS_FIRST,       /* part */
    FAILURE_IDLE_LANES,        /* figure[0]: count; place; figure[1]: what is there */
    /* differences between two calls: */
    FAILURE_REPETITION,
    FAILURE_OLD_MEMORY,
    FAILURE_READS_X,
    FAILURE_READS_Y,
    FAILURE_IN_PLACE,
    FAILURE_ONE_X,
    FAILURE_ADDED_TO_ZERO,
    FAILURE_UNWANTED_DX,
    FAILURE_EVALUATION,
    FAILURE_MIXES,
    FAILURE_MIXES_EVALUATED,
    FAILURE_COUNT,
    FAILURE_COUNT_EVALUATED,
    FAILURE_READS_IDLE,
    FAILURE_IDLE_EFFECT,
    /* of derived weights; at: a byte, figure: numbers of parts */
    FAILURE_DERIVED_REPETITION,
    FAILURE_DERIVED_MEMORY,
    FAILURE_DERIVED_OVERLAP,
    FAILURE_DERIVED_GAP,
    FAILURE_DERIVED_LEVELS,
    FAILURE_HIDDEN_NAN, /* place of a weight */
    /* of one sample alone; place; figure: what it is, what it should be: */
    FAILURE_ONE_BITS,
    FAILURE_ONE_MEMORY,
    FAILURE_ONE_MAKE,  /* at: a byte */
    FAILURE_OPERATORS, /* a difference: by the operators that it describes, by forward */
    /* of traits; place; figure: what it is, what it should be: */
    FAILURE_TRAIT_LINEAR,
    FAILURE_TRAIT_ELEMENTWISE,
    FAILURE_TRAIT_SIGN,
    FAILURE_TRAIT_NOT_NEGATIVE,
    FAILURE_TRAIT_DISTRIBUTION,
    FAILURE_TRAIT_LOGITS,
    /* part: functions of the C library that the plugin's file needs: */
    FAILURE_USES_INEXACT,
    FAILURE_USES_RANDOM,
    FAILURE_USES_CLOCK,
    FAILURE_USES_MEMORY,
    FAILURE_USES_FILES,
    FAILURE_USES_THREADS,
    FAILURE_USES_ENVIRONMENT,
    FAILURE_USES_EXIT,
    FAILURE_VARIABLES, /* part: "262144 bytes, tmp" */
    /* of a plan for evaluation alone: */
    FAILURE_PLAN_TENSORS,
    FAILURE_PLAN_BITS, /* a difference */
    /* part: what is wrong: */
    FAILURE_PLAN_BROKEN,
    FAILURE_DESCRIPTION,
    FAILURE_KINDS
};

#define FAILURE_NO_LANE SIZE_MAX

struct failure {
    enum failure_kind kind;
    unsigned level; /* of code */
    bool as_loss;   /* the layer ended the network */
    bool backward;  /* the function, where the kind has one: backward or forward, or with `make` make */
    bool make;
    bool one; /* that function of struct nnrun_one */
    struct part part;
    size_t at, lane; /* lane FAILURE_NO_LANE: a part without lanes */
    double figure[3];
};

/* The first FAILURE_MOST; `count` says how many are held. */
struct failure_list {
    size_t count;
    struct failure failure[FAILURE_MOST];
};

void failure_add(struct failure_list *list, const struct failure *failure);

/* A wrong gradient: other failures may follow from it. */
bool failure_is_gradient(const struct failure *failure);

/* True if two failures of a layer differ in case, level, mode, place or figures only. */
bool failure_is_like(const struct failure *a, const struct failure *b);

/* "avx2, as the loss: gradient by x is wrong: ..."; returns text. */
const char *failure_text(const struct failure *failure, char text[FAILURE_TEXT]);

/* "x[1]" */
void part_text(const struct part *part, char text[PART_TEXT]);
#endif
