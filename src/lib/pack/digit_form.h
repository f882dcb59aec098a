/* digit_form.h: whether samples have the form that MNIST's digits were brought to. */
#ifndef PACK_DIGIT_FORM_H
#define PACK_DIGIT_FORM_H

#include "pack/spool.h"

/* Of grey samples[height][width] of bytes: whether nine in ten are, to a pixel, light on black, in a box of 5/7 of the
 * height or width, with their centre of mass in the middle, as data/prepare_picture.h makes them. The first thousand are
 * looked at. Returns 1, 0, or -1 after setting error. */
int digit_form_is(const struct spool *spool, const uint32_t *samples, size_t count, size_t height,
                  size_t width, struct error *error);
#endif
