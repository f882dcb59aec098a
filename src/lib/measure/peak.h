/* peak.h: the yardstick of speed: what a thread could do if it did nothing but fused multiply-adds. */
#ifndef MEASURE_PEAK_H
#define MEASURE_PEAK_H

#include "base/thread_pool.h"

/* Floating-point operations a second of all threads of the pool together, a multiply-add counting 2, on
 * registers alone: the best of windows of about 2 ms over about `seconds`. At the portable level a
 * multiply-add is a product and a sum where the processor has no better. */
double peak_flops(struct thread_pool *pool, unsigned level, double seconds);
#endif
