/* warning.h: what is unusual about a run, though nothing is wrong with it. The library says nothing itself: each
 * warning goes to a function of the caller's. */
#ifndef MODEL_WARNING_H
#define MODEL_WARNING_H

#include "model/model.h"

/* Valid during the call. */
struct warning {
    const char *name; /* of the key that switches it off: "no_test" in the group "warnings" */
    const char *text; /* "FILE:LINE: ... (warnings.no_test)" */
};

struct warning_listener {
    int (*use)(void *arg,
               const struct warning *warning); /* returns 0, or -1 to end what looks for warnings */
    void *arg;
};

bool warning_is_on(const struct model *model, enum warning_kind kind);

enum { WARNING_TEXT = 2048 };

/* Tells of what was found at a place of config_place, unless the kind is switched off. Returns 0 or -1. */
int warning_tell(const struct model *model, const struct warning_listener *to, enum warning_kind kind,
                 const char *place, const char *format, ...) __attribute__((format(printf, 5, 6)));

/* What shows without data: the network, the settings and where the data are. Returns 0 or -1: the listener ended it,
 * or memory ran out, after setting error. */
int warning_model(const struct model *model, const struct warning_listener *to, struct error *error);

/* True if the test images are the file of the training images. */
bool warning_tests_training(const struct model *model);

/* The words for it: also of files that hold the same. Returns 0 or -1. */
int warning_tell_tests_training(const struct model *model, const struct warning_listener *to);

/* The part of it about groups that overrides replace. Returns 0 or -1. */
int warning_override(const struct model *model, const struct warning_listener *to);

/* The part of it about the network. */
int warning_network(const struct model *model, const struct warning_listener *to, struct error *error);
#endif
