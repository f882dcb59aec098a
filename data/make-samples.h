/* make-samples.h: the command line of a program that draws samples. */
#ifndef DATA_MAKE_SAMPLES_H
#define DATA_MAKE_SAMPLES_H

#include "sample-files.h"

struct make_samples {
    const char *program, *help;
    const struct sample_files *files;
    int (*sheet)(const char *path, uint64_t seed, struct error *error); /* NULL: it has none to write */
};

/* What main does. Returns the exit status: 0, 1, or 2 of a wrong command line. */
int make_samples_main(const struct make_samples *make, int argc, char **argv);
#endif
