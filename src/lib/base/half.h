/* half.h: 16-bit floats as 32-bit ones: exactly, whatever the thread's floating-point mode. [any thread] */
#ifndef BASE_HALF_H
#define BASE_HALF_H

#include <stdint.h>

float half_to_float(uint16_t half);       /* IEEE binary16 */
float half_brain_to_float(uint16_t half); /* bfloat16 */
#endif
