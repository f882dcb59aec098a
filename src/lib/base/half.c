/* half.c: see half.h. By their bits, as arithmetic may take small numbers for 0. */
#include "base/half.h"

#include <string.h>

static float of_bits(uint32_t bits)
{
    float value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

float half_to_float(uint16_t half)
{
    const uint32_t sign = (uint32_t)(half & 0x8000) << 16;
    uint32_t exponent = (half >> 10) & 0x1f, digits = half & 0x3ff;

    if (exponent == 0x1f)
        return of_bits(sign | 0x7f800000 | digits << 13);
    if (exponent == 0 && digits == 0)
        return of_bits(sign);
    if (exponent == 0) { /* below its normal numbers, but a normal float */
        for (exponent = 1; !(digits & 0x400); exponent--)
            digits <<= 1;
        digits &= 0x3ff;
    }
    return of_bits(sign | (exponent + 127 - 15) << 23 | digits << 13);
}

float half_brain_to_float(uint16_t half)
{
    return of_bits((uint32_t)half << 16);
}
