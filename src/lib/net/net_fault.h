/* net_fault.h: what is wrong with a network, and in which layer. */
#ifndef NET_NET_FAULT_H
#define NET_NET_FAULT_H

#include <stddef.h>

#include "nnrun/layer.h"

/* What was wrong, where: for the caller to say in the config's terms. `layer` is an index into the list
 * given, SIZE_MAX: the list itself; `setting` "" if none is at fault; `unknown` is the input in the list that
 * is no layer's name, if that is what is wrong. `input` has what the layer was given, from which layer of the list
 * (SIZE_MAX: from outside), if it is the layer that says so. */
enum { NET_FAULT_INPUTS = 4 };
struct net_fault {
    size_t layer;
    const char *unknown;
    size_t input_count;
    struct {
        size_t layer;
        struct nnrun_shape shape;
    } input[NET_FAULT_INPUTS];
    char setting[64];
    char text[512];
};

enum { NET_MOST_FAULTS = 16 };

/* As many as fit. */
struct net_faults {
    size_t count;
    struct net_fault fault[NET_MOST_FAULTS];
};

/* Adds a fault, if there is room. Returns -1. */
int net_fault_add(struct net_faults *faults, size_t layer, const char *setting, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
#endif
