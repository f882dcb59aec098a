/* digit-draw.h: one handwritten digit as a picture. A pure function of its arguments, [any thread]. */
#ifndef DATA_DIGIT_DRAW_H
#define DATA_DIGIT_DRAW_H

#include <stdint.h>

#include "base/random.h"

enum { DIGIT_SIDE = 28, DIGIT_PIXELS = DIGIT_SIDE * DIGIT_SIDE };

/* Draws sample number `sample` of set `set`, light on dark, rows from the top, and returns its label 0 .. 9.
 * Only
 * + - * / and sqrt touch a pixel, each rounded on its own, so the bytes are the same on every machine with
 * IEEE arithmetic. */
uint8_t digit_draw(struct random_key key, uint32_t set, uint32_t sample, uint8_t pixels[DIGIT_PIXELS]);

/* The same digit in a picture of side x side pixels, its lines as much wider; ink[side * side] is
 * overwritten. */
uint8_t digit_draw_sized(struct random_key key, uint32_t set, uint32_t sample, int side, float *ink,
                         uint8_t *pixels);
#endif
