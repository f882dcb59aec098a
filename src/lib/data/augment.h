/* augment.h: pictures moved a little at random, so that a network learns what stays the same. What happens to
 * a sample is a function of (seed, epoch, its number in the file) alone, computed in whole numbers: the same
 * bits at every code level, on any thread, after any resume.
 *
 * A pixel of the new picture lies where rotation, scale, shear, flip and shift, about the centre, then the
 * elastic field lead to in the old one; its value is interpolated between the four pixels around (bilinear).
 * Elastic: Simard, Steinkraus and Platt, "Best practices for convolutional neural networks applied to visual
 * document analysis", ICDAR 2003: displacements uniform in (-1, 1), smoothed by a Gaussian, times a factor.
 */
#ifndef DATA_AUGMENT_H
#define DATA_AUGMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "data/lanes.h"

enum { AUGMENT_MOST_SIDE = 4096 }; /* pixels */

/* How far each may go; 0 everywhere: not at all. Numbers are drawn uniformly. */
struct augment_settings {
    double shift;         /* pixels, along both axes, 0 .. 1024 */
    double rotate, shear; /* degrees, 0 .. 180 and 0 .. 45 */
    double scale;         /* the size is 1 - scale .. 1 + scale of the old one, 0 .. 0.5 */
    double flip;          /* probability of left and right changing places */
    double elastic;       /* factor on the smoothed displacements, pixels, 0 .. 1000 */
    double elastic_sigma; /* of the Gaussian, pixels, 0.5 .. 64 */
    int32_t fill;         /* byte beyond the picture's edge */
};

/* True if any picture would change. */
bool augment_wanted(const struct augment_settings *settings);

struct augment;

/* For pictures of scaling->channels times `height` x `width` bytes; what scaling points to outlives it. NULL
 * after setting error (out of memory). Constant from here on. */
struct augment *augment_create(const struct augment_settings *settings, const struct lanes_scaling *scaling,
                               size_t height, size_t width, uint64_t seed, unsigned level,
                               struct error *error);
void augment_destroy(struct augment *augment); /* NULL: nothing */

/* False if a picture is too large: a side longer than AUGMENT_MOST_SIDE, or 16 of them 2 GB. */
bool augment_fits(size_t channels, size_t height, size_t width);

/* Memory that a thread needs for it, in bytes. */
size_t augment_scratch_bytes(const struct augment *augment);

/* What lanes_gather does, of the new pictures: to[i][lane]. `samples` are their numbers, scratch is aligned
 * to 64 bytes. An unmoved picture gives the bits that lanes_gather gives. [worker] */
void augment_gather(const struct augment *augment, const uint8_t *const pixels[NNRUN_LANES],
                    const uint32_t samples[NNRUN_LANES], uint32_t epoch, void *scratch, float *to);
#endif
