/* dropout_kernels.h: what dropout.c computes, included once for each code level. */
#ifndef DROPOUT_KERNELS_H
#define DROPOUT_KERNELS_H
#include <nnrun/layer.h>

#include <string.h>

struct dropout {
    double rate;
    size_t values;
    int32_t least; /* random words from here on keep their value */
    float factor;
};
#endif

#include <nnrun/math.h>

typedef uint16_t NNRUN_FN(words) __attribute__((vector_size(2 * NNRUN_WIDTH)));
typedef int16_t NNRUN_FN(marks) __attribute__((vector_size(2 * NNRUN_WIDTH)));

/* value * factor where the mark is -1, 0 where it is 0 */
NNRUN_INLINE nnrun_vec NNRUN_FN(sift)(NNRUN_FN(marks) marks, nnrun_vec value, nnrun_vec factor)
{
    return nnrun_select(__builtin_convertvector(marks, nnrun_ivec), value * factor, nnrun_set(0.0f));
}

static void NNRUN_FN(forward)(const void *self, const struct nnrun_slice *s)
{
    const struct dropout *dropout = self;
    const nnrun_vec factor = nnrun_set(dropout->factor);
    int16_t *kept = s->keep;

    if (!s->training) {
        if (s->y != s->x[0])
            memcpy(s->y, s->x[0], dropout->values * NNRUN_LANES * sizeof *s->y);
        return;
    }
    for (size_t i = 0; i < dropout->values * NNRUN_LANES; i += NNRUN_WIDTH) {
        NNRUN_FN(words) words;
        NNRUN_FN(marks) marks;

        memcpy(&words, s->random + i, sizeof words);
        marks = (NNRUN_FN(marks))(words >= (uint16_t)dropout->least);
        memcpy(kept + i, &marks, sizeof marks);
        nnrun_store(s->y + i, NNRUN_FN(sift)(marks, nnrun_load(s->x[0] + i), factor));
    }
}

static void NNRUN_FN(backward)(const void *self, const struct nnrun_slice *s)
{
    const struct dropout *dropout = self;
    const nnrun_vec factor = nnrun_set(dropout->factor);
    const int16_t *kept = s->keep;

    for (size_t i = 0; s->dx[0] && i < dropout->values * NNRUN_LANES; i += NNRUN_WIDTH) {
        NNRUN_FN(marks) marks;

        memcpy(&marks, kept + i, sizeof marks);
        nnrun_store(s->dx[0] + i, NNRUN_FN(sift)(marks, nnrun_load(s->dy + i), factor));
    }
}

#include <nnrun/math_end.h>
