/* label_rule.h: what the labels of a data set may be. */
#ifndef DATA_LABEL_RULE_H
#define DATA_LABEL_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the network's end compares its outputs with: a label file holds either one label a sample or, in a
 * second dimension, as many as there are outputs. */
struct label_rule {
    uint32_t classes;  /* one label a sample is below it; 0: any byte */
    size_t several;    /* labels a sample that are taken besides one; 0, 1: none */
    bool binary;       /* each of several is 0 or 1 */
    const char *taker; /* "net.cfg:14: layer \"loss\" (mse)", for messages */
};
#endif
