/* gradcheck.h: checks by numbers that a layer's backward is the gradient of its forward, and by experiment
 * that it keeps the contract of nnrun/layer.h, at every code level the processor has.
 *
 * Gradients: central differences of the float forward pass along random directions, of a random linear form
 * of y (of the loss, where there is one) summed in double, at two step sizes; a direction on which a kink
 * lies is drawn again. Contract: what each buffer may be used for, flags, lanes, counts, evaluation, equal
 * bits of equal calls and of all levels with FMA. Everything drawn is a function of names and shapes: equal
 * runs check equal things. */
#ifndef CHECK_GRADCHECK_H
#define CHECK_GRADCHECK_H

#include "base/error.h"
#include "base/thread_pool.h"
#include "check/failure.h"
#include "net/net.h"
#include "net/plugin.h"

enum { GRADCHECK_LABEL = 256, GRADCHECK_REASON = 640, GRADCHECK_CASES = 40 };

struct gradcheck_level {
    bool checked;
    double worst;               /* relative error of a gradient, the largest */
    char worst_at[PART_TEXT];   /* of which tensor: "x", "weight"; "" if none was compared */
    unsigned directions, kinks; /* that were compared; that were drawn again */
};

struct gradcheck_result {
    const char *name, *type;
    const char *label; /* "3x5x5 kernel=3" */
    bool forward_only; /* the layer has no backward */
    bool of_file;      /* no case: what is wrong with the plugin's file */
    unsigned frozen;   /* layers of a network that are frozen: their weights have no gradient to compare */
    struct gradcheck_level level[NNRUN_LEVELS];
    struct failure_list failures; /* count 0: all good */
};

struct gradcheck_spec {
    struct thread_pool *pool; /* of one thread: sets the arithmetic as in training */
    unsigned level;           /* the highest to check */
    unsigned directions;      /* for each tensor */
    /* before case or layer number `done`, counted from 0, of at most `all`; may be NULL */
    void (*on_start)(void *arg, const char *name, unsigned done, unsigned all);
    void (*on_result)(void *arg, const struct gradcheck_result *result);
    void *arg;
    /* settings of a plugin that all cases have from this instance, a bool for each; NULL: all are drawn */
    const bool *fixed;
    const void *instance;
    char *about; /* [GRADCHECK_LABEL], for who watches the plugin: the case under way; NULL: nobody does */
};

struct gradcheck_count {
    unsigned cases, refused;                                      /* checked; drawn, but refused by plan() */
    char refused_case[GRADCHECK_LABEL], reason[GRADCHECK_REASON]; /* the first refused, and why */
};

/* One layer of a net, with its settings and shapes; `evaluation`: the same, the last layer there, planned for
 * evaluation alone, NULL: there is none to compare with. These functions return 0 after reporting whatever they
 * found, or -1 after setting error. */
int gradcheck_node(const struct gradcheck_spec *spec, const struct net *net, size_t index,
                   const struct net *evaluation, const char *label, struct error *error);

/* A case whose plan is broken, with what the net says of it. */
int gradcheck_broken(const struct gradcheck_spec *spec, const struct plugin *plugin, const char *label,
                     const char *reason, struct error *error);

/* Each layer of a net that was planned with backward, then the gradient of its loss as a whole. */
int gradcheck_net(const struct gradcheck_spec *spec, const struct net *net, const char *name,
                  struct error *error);

/* Bytes that this takes at most; SIZE_MAX if they are more than that. [any thread] */
size_t gradcheck_net_bytes(const struct net *net);

/* A plugin in GRADCHECK_CASES different cases of settings and input shapes, fewer where fewer are found. */
int gradcheck_plugin(const struct gradcheck_spec *spec, const struct plugin *plugin,
                     struct gradcheck_count *count, struct error *error);
#endif
