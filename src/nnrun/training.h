/* nnrun/training.h: the part of nnrun/nnrun.h about testing and training. Include that one. */
#ifndef NNRUN_TRAINING_H
#define NNRUN_TRAINING_H

#include <nnrun/nnrun.h>

#ifdef __cplusplus
extern "C" {
#endif
#ifdef __GNUC__
#pragma GCC visibility push(default)
#endif

/* ---- testing --------------------------------------------------------------------------------------------- */

/* What a model made of a data set: each sample counted once, in the order of its file. */
typedef struct nnrun_evaluation {
    uint64_t count, right;
    double accuracy;  /* right / count */
    double low, high; /* Wilson's 95 % interval of it */
    double loss;      /* mean */
    /* 0 if a sample has no single label, or if outputs are not one per class, of 256 at most */
    size_t classes;
    const uint64_t *confusion; /* [label][said], classes x classes; or NULL */
    size_t mistakes;           /* that were kept */
} nnrun_evaluation;
void nnrun_evaluation_free(nnrun_evaluation *evaluation);

/* Samples of `count` that had no answer: an output was NaN or infinite. They are not right, and neither in the
 * confusion matrix nor among the mistakes. */
uint64_t nnrun_evaluation_unanswered(const nnrun_evaluation *evaluation);

/* The mean recall of the classes that have samples; NaN where there are no classes. */
double nnrun_evaluation_balanced_accuracy(const nnrun_evaluation *evaluation);

/* How many areas under ROC curves there are: of two classes 1, that of the second; of several labels one for each; else 0,
 * also of more than 2^23 outputs. */
size_t nnrun_evaluation_areas(const nnrun_evaluation *evaluation);

/* Area i: how probable it is that a sample with the label has a larger output for it than one without, of which equal
 * outputs count half. NaN if no sample has the label, or all have it; past the last the mean of those that are no NaN. */
double nnrun_evaluation_area(const nnrun_evaluation *evaluation, size_t i);

typedef struct nnrun_class_figures {
    uint64_t samples, said;   /* with that label; said to be of that class */
    uint64_t right;           /* both */
    double recall, precision; /* right / samples, right / said; of nothing NaN, 0 */
} nnrun_class_figures;
/* Of a class below evaluation->classes; NULL past the last. */
const nnrun_class_figures *nnrun_evaluation_class(const nnrun_evaluation *evaluation, size_t i);

/* Mistake i of those kept, the most confident first; NULL past the last. */
typedef struct nnrun_mistake {
    uint64_t sample;       /* its number in the file, from 0 */
    uint32_t label, said;  /* classes */
    float confidence;      /* the output of the class said; NaN: no output is a number */
    const uint8_t *pixels; /* of the sample, as its file has them; NULL of a model of numbers */
} nnrun_mistake;
const nnrun_mistake *nnrun_evaluation_mistake(const nnrun_evaluation *evaluation, size_t i);

/* Makes the folder, which must be empty, and writes each mistake as NUMBER-said-CLASS-is-CLASS.png: the sample as it
 * is, for nnrun_prepare_file with `raw`. Returns 0 or a code. */
int nnrun_evaluation_write_mistakes(const nnrun_evaluation *evaluation, const char *folder,
                                    nnrun_error *error);

/* Whether such a folder could be made, before the work: 0; NNRUN_ERROR_ARGUMENT if there is something in it; or
 * NNRUN_ERROR_FAILED, as if it were made, if there is a file in its place. */
int nnrun_check_mistakes_folder(const char *folder, nnrun_error *error);

/* Of two networks on the same samples: how many were right. Most samples are right for both, and say nothing of the
 * difference. `p` is of McNemar's test (exact, two-sided) on those that only one got right: the probability that two
 * equally good networks differ by as much. 1: they do not differ. */
typedef struct nnrun_comparison {
    size_t size; /* sizeof(nnrun_comparison) */
    uint64_t both, only_first, only_second, neither;
    double p;
} nnrun_comparison;
#define NNRUN_COMPARISON_INIT                                                                                \
    {                                                                                                        \
        sizeof(nnrun_comparison), 0, 0, 0, 0, 0                                                              \
    }

/* Of evaluations by nnrun_test with `compare`. Returns 0, NNRUN_ERROR_DATA if the samples were not the same, or
 * NNRUN_ERROR_ARGUMENT if an evaluation was without `compare`. */
int nnrun_evaluation_compare(const nnrun_evaluation *first, const nnrun_evaluation *second,
                             nnrun_comparison *comparison, nnrun_error *error);

/* ---- events ---------------------------------------------------------------------------------------------- */

enum nnrun_event_kind {
    NNRUN_EVENT_START = 1, /* the data are open: info, run, resumed, step, samples, validation, threads */
    NNRUN_EVENT_STEP = 2,  /* a step is done: epoch, epochs, step, done, samples, loss, accuracy, rate */
    NNRUN_EVENT_EVALUATING = 3, /* some samples are evaluated: testing, done, samples */
    NNRUN_EVENT_EPOCH =
        4, /* an epoch is done and saved: epoch, epochs, step, loss, accuracy, validation_loss and
                              validation_accuracy (NaN: no validation), rate, samples_per_s, seconds, best, history */
    NNRUN_EVENT_TEST = 5,      /* the test at the end: evaluation, weights, epoch, step */
    NNRUN_EVENT_WARNING = 6,   /* text, name, step */
    NNRUN_EVENT_DONE = 7,      /* the end of a training that did not fail: run, step, interrupted, ended_by */
    NNRUN_EVENT_UNDERFLOW = 8, /* the first result that was below the normal floats, and became 0: step */
    NNRUN_EVENT_WEIGHTS =
        9 /* after START: what train.from has of the network's weights: text, a table of lines */
};

/* What ended a training. */
enum nnrun_ended_by {
    NNRUN_ENDED_BY_EPOCHS = 0,   /* train.epochs are done */
    NNRUN_ENDED_BY_PATIENCE = 1, /* no better validation accuracy for train.patience epochs */
    NNRUN_ENDED_BY_STOP = 2      /* the callback */
};

/* Valid during the call. What the kind does not list is 0 or NULL. */
typedef struct nnrun_event {
    int32_t kind;                                /* enum nnrun_event_kind */
    int32_t resumed, testing, best, interrupted; /* 0 or 1 */
    uint32_t threads;
    const char *json; /* the line of the run's log.jsonl, without its end; NULL: this kind has none */
    const char *text;
    const char *run;     /* the run folder */
    const char *weights; /* "best" or "last": which were tested */
    const nnrun_info
        *info; /* of the network that is trained; its epoch and history are those it begins with */
    const nnrun_evaluation *evaluation;
    uint64_t epoch, epochs; /* EPOCH: the one done; STEP: the open one; TEST: that of the weights; from 1 */
    uint64_t step;          /* finished steps; TEST: all of them, not those of the weights */
    uint64_t done, samples; /* of the open epoch or the evaluation; START: samples to train on */
    uint64_t validation;    /* samples to validate with */
    double loss, accuracy;  /* means over the epoch so far, while learning */
    double validation_loss, validation_accuracy;
    double rate, samples_per_s, seconds;
    const double *history; /* [epoch][NNRUN_HISTORY_COLUMNS]: all epochs so far */
    const char
        *name; /* of the key that switches the warning off, "no_test" in the group "warnings"; NULL: none */
    int32_t ended_by; /* enum nnrun_ended_by */
    uint32_t rank;    /* of this process, of a training by several; 0: it is alone, or the first */
} nnrun_event;

/* What the callback returns, added together; other bits have no meaning yet and no effect. Once the last epoch is done
 * it is too late to stop a training, which is tested and finished then. */
enum {
    NNRUN_GO_ON = 0,
    NNRUN_STOP =
        1, /* save after the step under way, then leave: it can be resumed. nnrun_test fails at once */
    NNRUN_SAVE = 2 /* save after the step under way, then continue */
};

/* Called by the thread that called nnrun_train, nnrun_resume or nnrun_test. It must return: an exception or longjmp out
 * of it would leave threads running and the run folder locked. */
typedef int32_t nnrun_on_event(void *arg, const nnrun_event *event);

typedef struct nnrun_test_options {
    size_t size;              /* sizeof(nnrun_test_options) */
    size_t mistakes;          /* to keep, at most */
    nnrun_on_event *on_event; /* EVALUATING; may be NULL */
    void *arg;                /* its first argument */
    int32_t compare;          /* 1: for nnrun_evaluation_compare, with a byte a sample */
} nnrun_test_options;
#define NNRUN_TEST_OPTIONS_INIT                                                                              \
    {                                                                                                        \
        sizeof(nnrun_test_options), 0, NULL, NULL, 0                                                         \
    }

/* On the model's test data: its run's, or those of its config or overrides. It has threads of its own,
 * train.threads of them. `options` may be NULL. NULL after setting error: NNRUN_ERROR_FAILED if the callback stopped
 * it. [any thread] */
nnrun_evaluation *nnrun_test(const nnrun_model *model, const nnrun_test_options *options, nnrun_error *error);

/* ---- training -------------------------------------------------------------------------------------------- */

typedef struct nnrun_train_options {
    size_t size; /* sizeof(nnrun_train_options) */
    const char
        *folder; /* of the run, refused if it has one; NULL: output.directory, or the next free name. NULL to
                           resume */
    size_t mistakes;          /* of the test at the end that are kept, at most */
    nnrun_on_event *on_event; /* may be NULL */
    void *arg;                /* its first argument */
    int32_t any_arithmetic;   /* resume even if the arithmetic is another here: the bits change */
    int32_t reserved;         /* 0 */
    /* The communicator by which several processes, its ranks, do this training together, as "mpi": comm_mpi.so where plugins
     * are searched for. All call with the same config and options, and come to the bits of one process. Rank 0 writes the
     * folder, of which the others know nothing, and is told all events; the others are told STEP and EVALUATING. What any
     * callback returns holds for all. NULL: this process is alone. A process trains with a communicator once. */
    const char *comm;
} nnrun_train_options;
#define NNRUN_TRAIN_OPTIONS_INIT                                                                             \
    {                                                                                                        \
        sizeof(nnrun_train_options), NULL, 0, NULL, NULL, 0, 0, NULL                                         \
    }

enum nnrun_end {
    NNRUN_FINISHED = 0,
    NNRUN_INTERRUPTED = 1, /* by the callback; saved */
    NNRUN_WAS_FINISHED = 2 /* there was nothing to resume: ended_by says why */
};

/* What became of a training, filled in by failed ones too. It may be used again; what it held is freed then. */
typedef struct nnrun_training {
    size_t size;      /* sizeof(nnrun_training) */
    int32_t end;      /* enum nnrun_end, if it did not fail */
    int32_t saved;    /* there is a checkpoint to resume from */
    int32_t diverged; /* it failed because a loss was NaN or infinite */
    int32_t report;   /* output.report: whether the run wants a page about it, which is not written here:
                                     nnrun report does that */
    const char *run;  /* its folder; NULL: none was made yet, or it is gone */
    uint64_t step;    /* finished steps */
    double rate;      /* train.optimizer.rate */
    const nnrun_evaluation *test; /* the one at the end; NULL: there was none */
    void *held;                   /* the library's */
    int32_t ended_by;             /* enum nnrun_ended_by, if it did not fail */
    int32_t patience;             /* train.patience */
    uint64_t epoch, epochs;       /* finished ones; train.epochs */
    uint64_t best_epoch;          /* that with the best validation accuracy, from 1; 0: none */
    uint32_t rank, ranks;         /* this process, of how many that trained together; 0 of 1: it was alone */
    int32_t told;                 /* it failed, and rank 0, which is another process, has the same error */
    int32_t reserved;             /* 0 */
} nnrun_training;
#define NNRUN_TRAINING_INIT                                                                                  \
    {                                                                                                        \
        sizeof(nnrun_training), 0, 0, 0, 0, NULL, 0, 0, NULL, NULL, 0, 0, 0, 0, 0, 0, 1, 0, 0                \
    }
void nnrun_training_clear(nnrun_training *training); /* frees what it holds */

/* Trains a model of a config as nnrun train does: into a run folder, validated and saved after each epoch, tested at
 * the end with the best weights; the model itself stays as it is. What was trained is in the folder's
 * best.safetensors (without validation in its newest checkpoint): nnrun_run_checkpoint names it. It
 * has threads of its own, train.threads of them, and the same bits with any number of them. `options` and
 * `training` may be NULL. Returns 0 or a code. [any thread] */
int nnrun_train(const nnrun_model *model, const nnrun_train_options *options, nnrun_training *training,
                nnrun_error *error);

/* Goes on from a run folder's newest checkpoint that is whole, to the same bits as a run that was never
 * stopped. Overrides in `open` may change keys of train and output and the paths of the data, but for those
 * that would change what was done so far (NNRUN_ERROR_ARGUMENT); its `expect` has no effect. `open`, `options`
 * and `training` may be NULL. Returns 0 or a code. [any thread] */
int nnrun_resume(const char *folder, const nnrun_options *open, const nnrun_train_options *options,
                 nnrun_training *training, nnrun_error *error);

/* In place of nnrun_train or nnrun_resume, for a rank that has failed before, as with a config that is wrong: joins the others by
 * the communicator, where `open` has its folder, and makes all of them fail with this code and text, a message a line. `open`
 * may be NULL. Returns 1 if another rank tells of it, rank 0; or 0: this process has to, as rank 0, or alone. */
int32_t nnrun_fail_ranks(const char *comm, const nnrun_options *open, int32_t code, const char *text);

#ifdef __GNUC__
#pragma GCC visibility pop
#endif
#ifdef __cplusplus
}
#endif
#endif
