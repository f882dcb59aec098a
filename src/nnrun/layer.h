/* nnrun/layer.h: the contract between nnrun and a layer plugin. All a plugin includes of nnrun is this
 * file and nnrun/math.h. C11 and C++17.
 *
 * A plugin is one shared object that exports one constant, `nnrun_plugin`: a table of facts and pure
 * functions. It runs no code when it is loaded, starts no thread, opens no file and keeps no variable.
 *
 * Data layout. Samples travel in slices of NNRUN_LANES samples, side by side: value i of sample `lane`
 * is x[i * NNRUN_LANES + lane], i counting in C order through the shape (channels, height, width).
 *
 * Ownership. Everything a function receives belongs to the core and is valid for that call only, except
 * the instance (`self`): zeroed by the core, filled from the settings, then completed by plan(), constant
 * from there on, freed by the core. It is plain bytes without pointers into itself or constructors: the core
 * may compare and move it before plan(). A plugin owns nothing and allocates nothing; in C++ it has trivial
 * types only, and nothing static with a constructor.
 *
 * Threads. [setup]: once for an instance, before its [worker] calls; other instances may plan or run at the
 * same time. [worker]: called by many threads at once with the same `self`, each with a slice of its own. A
 * worker has 64 kB of stack for a call. No exception and no longjmp leaves a function.
 *
 * Arithmetic. Workers take denormals as zero and round to nearest: leave that alone. Of libm only what is exact
 * is the same everywhere, as sqrt and floor are and exp is not: nnrun-layer(3) has the list, <nnrun/math.h> the
 * rest. That holds in plan() too where a number reaches a result. */
#ifndef NNRUN_LAYER_H
#define NNRUN_LAYER_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A plugin compiled for 1.0 is loaded by every later nnrun of major 1. 1.1 is open until nnrun 1.0.0 is
 * released: what it adds may change until then, and a plugin that needs it must be compiled again. */
#define NNRUN_ABI_MAJOR 1
#define NNRUN_ABI_MINOR 1

/* The oldest ABI minor a plugin needs of the core; define it before this header to ask for a newer one. What
 * minor n added to enums and to structures of the core is there from NNRUN_NEEDS n on. */
#ifndef NNRUN_NEEDS
#define NNRUN_NEEDS 0
#endif
#if NNRUN_NEEDS > NNRUN_ABI_MINOR
#error "NNRUN_NEEDS is newer than these headers"
#endif

enum {
    NNRUN_LANES = 16,   /* samples in a slice */
    NNRUN_LEVELS = 3,   /* code levels, never more: see struct nnrun_layer */
    NNRUN_MAX_RANK = 7, /* dimensions of a tensor, for ever */
    NNRUN_MAX_LIST = 16 /* numbers in a list, for ever */
};

/* A shape: dim[0] .. dim[rank - 1], each at least 1, outermost first. A sample has at most 3 dimensions, for
 * ever in a layer that does not ask for more. */
struct nnrun_shape {
    int32_t rank;
    int32_t dim[NNRUN_MAX_RANK];
};

/* The product of the dimensions. The core has checked inputs only: there, too, 16 lanes of 32 bytes a value
 * fit a size_t. */
static inline size_t nnrun_values(const struct nnrun_shape *shape)
{
    size_t values = 1;

    for (int32_t i = 0; i < shape->rank; i++)
        values *= (size_t)shape->dim[i];
    return values;
}

/* ---- settings: the keys a layer takes in a config ------------------------------------------------ */

/* What the core stores at `offset` in the instance. */
enum nnrun_kind {
    NNRUN_INT = 1,    /* int32_t */
    NNRUN_REAL = 2,   /* double, not float; the config may also give a whole number */
    NNRUN_BOOL = 3,   /* int32_t, 0 or 1 */
    NNRUN_STRING = 4, /* const char *, lives as long as the instance */
    NNRUN_CHOICE = 5, /* int32_t, the index of the word in `choices` */
    NNRUN_INTS = 6,   /* struct nnrun_ints; the config may also give a single number */
    NNRUN_REALS = 7   /* struct nnrun_reals; likewise */
};

struct nnrun_ints {
    int32_t count;
    int32_t value[NNRUN_MAX_LIST];
};

struct nnrun_reals {
    int32_t count, reserved;
    double value[NNRUN_MAX_LIST];
};

enum {
    NNRUN_REQUIRED = 1, /* the config must give it; there is no default */
    NNRUN_OPEN_LOW = 2, /* `low` itself is outside the range; if it is 0, so is what is 0 as a float */
    NNRUN_OPEN_HIGH = 4 /* `high` itself is outside the range */
};

struct nnrun_setting {
    const char *name; /* [a-z][a-z0-9_]*, not "type", "name" or "inputs" */
    uint32_t kind;    /* enum nnrun_kind */
    uint32_t flags;
    uint32_t offset; /* where in the instance: offsetof(struct my_layer, member), one setting a member */
    union {
        uint32_t most, max_count; /* two names: a list: the most numbers, 1 .. NNRUN_MAX_LIST */
    };
    double low, high; /* range of a number or of each of a list, finite */
    union {
        /* two names: the default of an int, real, bool or choice (its index); of a list of one */
        double fallback, default_value;
    };
    const char *text;    /* the default of a string; NULL: "" */
    const char *choices; /* NNRUN_CHOICE: the words, as names are, "max|average" */
    const char *doc;     /* one line, no full stop; like all text it is printable ASCII */
};

/* ---- plan: shapes in, shapes and needs out --------------------------------------------------------- */

enum nnrun_role {
    NNRUN_WEIGHT = 0, /* learned: backward adds its gradient to dw[] */
    NNRUN_STATE = 1   /* a running average: forward, in training, writes an observation to dw[] */
};

/* Values before the first step; U is the uniform distribution. */
enum nnrun_init {
    NNRUN_ZEROS = 0,
    NNRUN_CONSTANT = 1, /* `value` everywhere */
    NNRUN_UNIFORM = 2,  /* U(-value, value) */
    NNRUN_HE = 3,       /* U(-a, a), a = sqrt(6 / fan_in): He et al. 2015, eq. 10, uniform form */
    NNRUN_XAVIER = 4,   /* U(-a, a), a = sqrt(6 / (fan_in + fan_out)): Glorot and Bengio 2010, eq. 16 */
    NNRUN_FAN_IN = 5    /* U(-a, a), a = sqrt(1 / fan_in): PyTorch's default for dense and conv */
};

enum {
    NNRUN_DECAY = 1 /* weight decay applies to it (weights yes, biases no) */
};

struct nnrun_tensor {
    const char *name; /* "weight"; in a checkpoint "conv1.weight" */
    struct nnrun_shape shape;
    uint32_t role; /* enum nnrun_role */
    uint32_t init; /* enum nnrun_init */
    uint32_t flags;
    int32_t fan_in, fan_out;
    uint32_t reserved; /* 0 */
    double value;
    /* NNRUN_STATE: after a step, state += momentum * (mean observation - state). A weight: 0. */
    double momentum;
};

/* Passed on as it came, never a copy of it. */
struct nnrun_plan {
    /* given */
    uint32_t minor; /* the core's ABI minor */
    int32_t inputs;
    const struct nnrun_shape *input; /* [inputs] */
    /* to be set; zero before the call */
    struct nnrun_shape output;
    size_t keep_bytes;     /* carried from the forward to the backward call of a slice */
    size_t scratch_bytes;  /* free to use within one call; its contents are undefined. From NNRUN_NEEDS 1 on
                              forward's alone, see backward_scratch_bytes */
    uint32_t random_words; /* random 16-bit words a sample that forward reads in training */
    uint32_t flags;        /* 0; the core refuses what it does not know */
    /* for reports: operations a sample by the layer's definition, a multiply-add counting 2, in forward, for dx
     * and for dw */
    double forward_flops, dx_flops, dw_flops;
    /* to be called: tensors get their index (w[], dw[]) in the order of these calls, from 0. All is copied,
     * the name too. Returns 0, or -1 once something failed; plan() then returns -1 too. */
    int (*tensor)(struct nnrun_plan *plan, const struct nnrun_tensor *tensor);
    /* Says why the layer cannot be: fail(plan, "kernel", "%d is larger than the input", k). `setting` is the
     * key at fault, of the table or "inputs"; or NULL. Always returns -1. */
    int (*fail)(struct nnrun_plan *plan, const char *setting, const char *format, ...)
#ifdef __GNUC__
        __attribute__((format(printf, 3, 4)))
#endif
        ;
    void *core; /* the core's own */
    /* The core allocates this. What minor n adds follows here within #if NNRUN_NEEDS >= n: a plugin that does
     * not need n cannot name it, as an older core has no room for it. */
#if NNRUN_NEEDS >= 1
    /* given: 1: for training; 0: for evaluation alone, with no call in training and no backward. Tensors and
     * the bits of an evaluation are the same either way. */
    uint32_t training;
    uint32_t reserved; /* 0 */
    /* to be set: scratch of backward; scratch_bytes is that of forward alone */
    size_t backward_scratch_bytes;
    /* to be called: fail() for languages that cannot call it. `reason` is not a format: a % is a % */
    int (*refuse)(struct nnrun_plan *plan, const char *setting, const char *reason);
    /* to be set, for reports: the algorithm, if it takes fewer operations than the definition, which is what the
     * FLOPs above count anyway; a constant, 1 to 47 printable characters */
    const char *algorithm;
#endif
};

/* ---- slice: one forward or backward call ----------------------------------------------------------- */

/* x, y, w, dw, dy, dx, target, loss, keep, scratch, random, derived and self are aligned to 64 bytes;
 * nothing past their end may be read or written. x[i] may equal x[j]; nothing else overlaps, except with
 * NNRUN_IN_PLACE.
 *
 * Lanes from `count` on repeat the last sample, its target included: compute them like the others. There dy
 * is 0 and backward leaves dx 0, so that sums over all 16 lanes are right.
 *
 * keep, scratch and random are NULL if none was asked for; keep and random also in evaluation, and in
 * training never otherwise. A slice may be copied. */
struct nnrun_slice {
    uint32_t count;    /* samples that count, 1 .. NNRUN_LANES */
    uint32_t training; /* 0: evaluation (no dropout, running averages) */
    union {
        uint32_t first, first_of_group; /* two names: backward: the first of its group, see NNRUN_STORES */
    };
    uint32_t inputs;
    const float *const *x;  /* [inputs]; backward: valid with NNRUN_READS_X only */
    float *y;               /* forward writes it; backward: valid with NNRUN_READS_Y only, read-only */
    const float *const *w;  /* the tensors, states included (as of before this step) */
    float *const *dw;       /* training; evaluation: NULL. Gradients of weights: backward alone touches them,
                               and adds. Observations of states: forward alone touches them, and writes every
                               element; the core weighs them by `count`. dw[i] is never NULL: a frozen tensor
                               gets a buffer nobody reads */
    const float *dy;        /* backward: gradient of the loss of each sample by y; NULL: `target` rules */
    float *const *dx;       /* backward writes dx[i], gradient by x[i]; dx[i] NULL: not wanted */
    const void *target;     /* a loss at the end of a network, see enum nnrun_target; else NULL */
    float *loss;            /* with target, forward: float[lane] to write, one loss per sample */
    void *keep;             /* keep_bytes: backward reads what forward left, and does not change it */
    void *scratch;          /* scratch_bytes; in backward, from NNRUN_NEEDS 1 on, backward_scratch_bytes */
    const uint16_t *random; /* forward: [random_words][lane] */
    /* What minor n adds follows here within #if NNRUN_NEEDS >= n, as in nnrun_plan. */
#if NNRUN_NEEDS >= 1
    const void *derived; /* what struct nnrun_derived made of these w; NULL: it wanted nothing */
#endif
};

/* ---- the layer ------------------------------------------------------------------------------------- */

enum {
    /* Backward reads x, all of them; without it they point at anything, not NULL. */
    NNRUN_READS_X = 1,
    /* Backward reads y; likewise. */
    NNRUN_READS_Y = 2,
    /* It works with y == x[0], no other x[i] being there, and with dx[0] == dy, either without the other;
     * there are as many values in both. With NNRUN_READS_X, x is overwritten in evaluation only. */
    NNRUN_IN_PLACE = 4,
    /* Backward with `first` set stores every element of every weight's dw; with 0 it adds. Other layers
     * always add: the core has cleared dw. The core may pass 0 on any call. */
    NNRUN_STORES = 8,
    /* In training an output depends on other samples of the slice: on those that count, and backward sees to
     * it that dx is 0 in the other lanes. In evaluation each output depends on its own sample. */
    NNRUN_MIXES_LANES = 16
};

/* What a loss compares with. Without target, loss is NULL and it is an ordinary layer; with it, dy is NULL.
 * Its gradient is per sample and unscaled; lanes from `count` on get 0 in dx and have no part in dw. */
enum nnrun_target {
    NNRUN_NO_TARGET = 0, /* not a loss */
    NNRUN_CLASS = 1,     /* int32_t[lane]: the class, which the core has checked: 0 .. values of y - 1 */
    NNRUN_DENSE = 2,     /* values shaped like the first input: float[value][lane] */
    NNRUN_LABELS = 3     /* likewise, each value 0 or 1: several labels per sample */
};

/* One code level. forward: y from x, [worker]. backward: dx and dw from dy, [worker]. Neither can fail, and
 * the result depends on nothing but self and slice: the same bits on every level that has FMA. Without random
 * words and states it is the same in training and evaluation. A NaN in x shows in y: the core looks
 * for the first layer that has one.
 *
 * forward may be called again, or without a backward; observations of the last call count. backward follows a
 * forward with training = 1 on the same slice, and may be repeated. In forward dy and dx are NULL; in
 * backward loss and random are. */
struct nnrun_code {
    void (*forward)(const void *self, const struct nnrun_slice *slice);
    void (*backward)(const void *self, const struct nnrun_slice *slice);
};

/* ---- capabilities: what not every layer has (1.1) -------------------------------------------------- */

enum {
    NNRUN_NEEDED = 1 /* a core that does not know the id refuses the plugin; else it ignores the entry */
};

/* An entry of a layer's list. It never grows. */
struct nnrun_capability {
    const char *id;    /* name and version, "derived/1": 1 to 63 printable characters, no space; each once */
    uint32_t flags;    /* NNRUN_NEEDED; the core refuses what it does not know */
    const void *table; /* a constant; the id says of which type */
};

/* The id of struct nnrun_derived: weights in another form, such as transformed kernels or packed rows. */
#define NNRUN_DERIVED_1 "derived/1"

/* What an instance wants. Zeroed before the call. */
struct nnrun_derived_need {
    size_t bytes;   /* 0: nothing, and make() is not called */
    uint32_t parts; /* calls of make() that fill them, 1 .. 4096; never a function of the number of threads */
    /* How many of the parts, the last ones, are for evaluation alone: what they write is undefined in training. */
    uint32_t evaluation_parts;
};

/* The core makes an instance's derived weights once after weights were initialised, loaded or updated, before
 * the next slice that reads them. Forward and backward find them in slice->derived, to be read only. */
struct nnrun_derived {
    /* After plan(), which may have left in self what this says. A function of self. [setup] */
    void (*need)(const void *self, struct nnrun_derived_need *need);
    /* Writes part `part`, 0 .. parts - 1, into `derived`, the whole buffer, whose contents are undefined. Each
     * byte is written by one part, and no part reads any. A function of self and w alone: w[i] of a state is
     * NULL, as states change at other times. The same bytes on every level that has FMA, and a NaN in w still
     * shows in y. The level is that of forward; the first is there, a NULL falls to the next lower one. Parts
     * run at once, in any order. [worker] */
    void (*make[NNRUN_LEVELS])(const void *self, const float *const *w, void *derived, uint32_t part);
};

/* More capabilities: one sample without lanes; what leaves for other systems; two for messages. */
#include <nnrun/layer_one.h>
#include <nnrun/layer_operators.h>
#include <nnrun/layer_traits.h>

/* ---- the descriptor -------------------------------------------------------------------------------- */

#define NNRUN_MAGIC 0x6e72756eu

/* Frozen for ever: what the core reads before anything else. By the sizes it reads structures that a plugin
 * allocates (layer, setting, tensor), older or newer than its own. Members added later may be ignored by an
 * older core. What must not be ignored comes with a flag or an enum value, which an older core refuses. */
struct nnrun_head {
    uint32_t magic;
    uint16_t major, minor;                          /* the ABI compiled against */
    uint16_t needs;                                 /* the oldest core minor it runs on */
    uint16_t layer_size, setting_size, tensor_size; /* sizeof, as compiled; they only grow */
};

#define NNRUN_HEAD                                                                                           \
    {                                                                                                        \
        NNRUN_MAGIC, NNRUN_ABI_MAJOR, NNRUN_ABI_MINOR, NNRUN_NEEDS, sizeof(struct nnrun_layer),              \
            sizeof(struct nnrun_setting), sizeof(struct nnrun_tensor)                                        \
    }

/* C++ would warn of a layer that ends where one of 1.0 does. */
#ifdef __cplusplus
#define NNRUN_NO_MORE = NULL
#else
#define NNRUN_NO_MORE
#endif
struct nnrun_layer {
    struct nnrun_head head; /* NNRUN_HEAD */
    const char *type;       /* [a-z][a-z0-9_]*; the file is called type.so */
    const char *doc;        /* one line: what it computes */
    uint32_t flags;
    uint32_t target; /* enum nnrun_target */
    /* A slice never has more. Limits of the core (64 inputs, 64 tensors, 1 MiB of instance) only rise. */
    int32_t min_inputs, max_inputs;
    uint32_t instance_size; /* sizeof the struct the settings' offsets refer to */
    uint32_t setting_count;
    const struct nnrun_setting *settings;
    /* Checks shapes and settings against each other, completes self, fills in plan. Returns 0, or -1 after
     * plan->fail or plan->tensor said why. [setup] */
    int (*plan)(void *self, struct nnrun_plan *plan);
    /* Portable (complete), AVX2 with FMA, AVX-512; a NULL falls to the next lower one. Off x86-64 [1] and [2]
     * are NULL or portable code. Further levels will come as another member.
     *
     * From 1.1 on backward may be missing, at all levels then: a layer for evaluation. A network that has it can
     * be trained only if no gradient is wanted of it: neither it nor a layer before it has weights. */
    struct nnrun_code code[NNRUN_LEVELS];
    /* 1.1: what else it has, ended by an entry whose id is NULL; NULL: nothing. */
    const struct nnrun_capability *capabilities NNRUN_NO_MORE;
};
#undef NNRUN_NO_MORE

#ifdef __GNUC__
__attribute__((visibility("default")))
#endif
extern const struct nnrun_layer nnrun_plugin;

/* What a file includes to include itself, whatever it is called: see nnrun/math.h. A compiler that lacks
 * __FILE_NAME__ (GCC before 12) finds it only if run in the file's folder or given its absolute path. */
#ifdef __FILE_NAME__
#define NNRUN_THIS_FILE __FILE_NAME__
#else
#define NNRUN_THIS_FILE __FILE__
#endif

#ifdef __cplusplus
}
#endif
#endif
