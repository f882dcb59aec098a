/* mistakes.h: the samples of an evaluation that a network predicted as another class, its most confident
 * mistakes first, and their way into PNG files. */
#ifndef TRAIN_MISTAKES_H
#define TRAIN_MISTAKES_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "nnrun/layer.h"

struct mistake {
    uint32_t sample; /* its number in the file, from 0 */
    uint32_t label, predicted;
    float confidence;      /* the output of the class predicted; NaN: no output is a number */
    const uint8_t *pixels; /* of the sample, as its file has them; NULL: they are no pixels */
};

struct mistakes {
    size_t most, count, sample_bytes;
    struct mistake *list; /* [count], by confidence, equals by sample */
    uint8_t **pixels;     /* [count], what each points at */
};

/* At most `most` are kept; sample_bytes 0: without pixels. 0 or -1; mistakes_finish in either case. */
int mistakes_init(struct mistakes *mistakes, size_t most, size_t sample_bytes, struct error *error);
void mistakes_finish(struct mistakes *mistakes);

/* To be called in the order of samples; copies the pixels if it is kept. Returns 0 or -1. */
int mistakes_add(struct mistakes *mistakes, const struct mistake *mistake, struct error *error);

/* Fails if there is something in the folder (ERROR_ARGUMENT), or in its place (ERROR_FAILED). One that does not exist is fine. */
int mistakes_check_folder(const char *folder, struct error *error);

/* Makes the folder, which must be empty, and writes each as FOLDER/NUMBER-said-CLASS-is-CLASS.png, all
 * numbers with as many digits as the largest, at least four; the samples have the given shape. Returns 0, or
 * -1 after setting error: ERROR_DATA if that is not a picture's. */
int mistakes_write(const struct mistakes *mistakes, const char *folder, const struct nnrun_shape *shape,
                   struct error *error);
#endif
