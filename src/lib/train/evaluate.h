/* evaluate.h: a network's loss and accuracy over a range of samples, each counted once, in file order. */
#ifndef TRAIN_EVALUATE_H
#define TRAIN_EVALUATE_H

#include "data/samples.h"
#include "train/areas.h"
#include "train/mistakes.h"
#include "train/executor.h"

enum { EVALUATE_MOST_CLASSES = 256 };

struct evaluation {
    uint64_t count, right;
    uint64_t unanswered; /* of `count`, not right: see net_is_answer */
    double loss;         /* mean */
    double accuracy;     /* fraction */
    /* of a network with one label a sample, if evaluation_init asked for it */
    size_t classes;           /* 0: none of this but the shape */
    uint64_t *confusion;      /* [label][predicted], classes x classes; what has no answer is in none */
    uint64_t *silent;         /* [label] samples without an answer */
    struct mistakes mistakes; /* most 0: none are kept */
    /* of two classes, by the output of the second; of several labels of each; samples without an answer are left out */
    struct areas areas;
    size_t outputs; /* of a sample */
    /* to compare with another network, if evaluation_keep_verdicts asked for it; NULL and 0: it did not */
    uint8_t *verdicts; /* [count] 1: right */
    uint32_t checksum; /* of the pixels and labels that were seen (CRC-32) */
    struct nnrun_shape
        shape; /* of a sample as its file has it: a picture even if it enters as a vector; numbers,
                                 which are no picture, are a vector */
    /* called after each batch by the thread that evaluates, returns whether to stop; may be NULL */
    bool (*progress)(void *arg, uint64_t done, uint64_t all);
    void *progress_arg;
};

/* Takes room for the confusion matrix and at most `mistakes` mistakes if the samples have one label each and
 * the network an output for each of at most EVALUATE_MOST_CLASSES classes. Returns 0 or -1; evaluation_finish in
 * either case. */
int evaluation_init(struct evaluation *result, const struct net *net, const struct samples *samples,
                    size_t mistakes, struct error *error);
void evaluation_finish(struct evaluation *result);

/* Bytes that it takes at most, evaluation_keep_verdicts included if `verdicts`; SIZE_MAX if they are more than that. */
size_t evaluation_bytes(const struct net *net, const struct samples *samples, size_t mistakes, bool verdicts);

/* Takes room for what mcnemar.h compares, of `count` samples. Returns 0 or -1. */
int evaluation_keep_verdicts(struct evaluation *result, size_t count, struct error *error);

/* Over samples [first, first + count). `batch` is the executor's. Returns 0 or -1: ERROR_FAILED if
 * it was stopped. */
int evaluate(struct executor *executor, struct samples *samples, size_t first, size_t count, size_t batch,
             struct evaluation *result, struct error *error);

/* Batch size for evaluation: enough slices for all threads, at most a window. */
size_t evaluate_batch(size_t window);

/* Wilson's 95 % interval of a fraction of which `right` of `count` drawn samples were seen. */
struct evaluation_interval {
    double low, high;
};
struct evaluation_interval evaluation_interval(uint64_t right, uint64_t count);

struct class_figures {
    uint64_t samples, predicted, right; /* with that label; predicted as that class; both */
    double recall, precision;           /* right / samples, right / predicted; of nothing NaN, 0 */
};
struct class_figures evaluation_class(const struct evaluation *result, size_t class);

/* The mean recall of the classes that have samples; NaN where there are no classes. */
double evaluation_balanced_accuracy(const struct evaluation *result);
#endif
