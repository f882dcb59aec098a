/* lanes.h: from bytes of samples to interleaved lanes. [worker] */
#ifndef DATA_LANES_H
#define DATA_LANES_H

#include <stddef.h>
#include <stdint.h>

#include "nnrun/layer.h"

/* to[i][lane] = pixels[lane][i] * scale[c] + shift[c], c the channel of i: `channels` runs of `area` bytes.
 */
struct lanes_scaling {
    size_t channels, area;
    const float *scale, *shift; /* [channels] */
};
typedef void lanes_gather_code(const struct lanes_scaling *scaling, const uint8_t *const pixels[NNRUN_LANES],
                               float *to);

lanes_gather_code *lanes_gather(unsigned level);

/* The same of floats on the scale of the bytes: whole ones give the same bits. */
typedef void lanes_gather_floats_code(const struct lanes_scaling *scaling,
                                      const float *const values[NNRUN_LANES], float *to);
lanes_gather_floats_code *lanes_gather_floats(unsigned level);

/* to[i] = pixels[i] * scale[c] + shift[c]: one sample without lanes, with the same bits. */
typedef void lanes_scale_code(const struct lanes_scaling *scaling, const uint8_t *pixels, float *to);
lanes_scale_code *lanes_scale(unsigned level);
typedef void lanes_scale_floats_code(const struct lanes_scaling *scaling, const float *values, float *to);
lanes_scale_floats_code *lanes_scale_floats(unsigned level);
#endif
