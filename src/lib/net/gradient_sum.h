/* gradient_sum.h: adds the gradients of a value that several layers use. */
#ifndef NET_GRADIENT_SUM_H
#define NET_GRADIENT_SUM_H

#include <stddef.h>

/* sum[i] += part[i] for `count` floats, a multiple of 16; both 64-byte aligned and apart. [worker] */
typedef void gradient_sum_code(float *sum, const float *part, size_t count);

/* The code of a level; all give the same bits. */
gradient_sum_code *gradient_sum(unsigned level);
#endif
