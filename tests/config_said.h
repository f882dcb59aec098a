/* config_said.h: what the tests of src/lib/config share: a small trainer's tables, and all that is said of a
 * text. */
#ifndef TESTS_CONFIG_SAID_H
#define TESTS_CONFIG_SAID_H

#include "config/config.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define NET          "network = ({ type = \"relu\"; });"

struct values { /* what the tables fill in */
    const char *name;
    struct nnrun_ints input;
    int32_t epochs, shuffle, type, filters, pad;
    double rate, momentum;
    struct nnrun_reals mean;
    struct nnrun_ints kernel;
};

/* Reads a config as a trainer does: root, train, train.optimizer, and layers, of which those of type conv
 * have settings, all others none. */
void config_read_all(struct config *config, struct values *values);

/* All that is said of a text, or of a file: "" if it is good. Overrides end in NULL; they and values may be
 * NULL. Valid until the next call. */
const char *said(const char *text, const char *const *overrides, struct values *values);
const char *said_of_file(const char *path);

/* Fails the test unless the texts are equal, and shows them. */
void same_text(const char *got, const char *expected, const char *of);
#endif
