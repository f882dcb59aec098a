/* idx_values.c: see idx_values.h. */
#include "data/idx_values.h"

#include <float.h>
#include <math.h>
#include <string.h>

size_t idx_type_bytes(unsigned type)
{
    switch (type) {
    case IDX_UBYTE:
    case IDX_BYTE:
        return 1;
    case IDX_SHORT:
        return 2;
    case IDX_INT:
    case IDX_FLOAT:
        return 4;
    case IDX_DOUBLE:
        return 8;
    default:
        return 0;
    }
}

const char *idx_type_name(enum idx_type type)
{
    switch (type) {
    case IDX_UBYTE:
        return "unsigned bytes";
    case IDX_BYTE:
        return "signed bytes";
    case IDX_SHORT:
        return "shorts";
    case IDX_INT:
        return "ints";
    case IDX_FLOAT:
        return "floats";
    case IDX_DOUBLE:
        break;
    }
    return "doubles";
}

static uint32_t read_32(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/* The number whose two's complement this is in `width` bits. */
static double with_sign(uint32_t value, unsigned width)
{
    const double whole = (double)value;

    return value >> (width - 1) & 1 ? whole - 2 * (double)((uint32_t)1 << (width - 1)) : whole;
}

static double read_float(const uint8_t *bytes)
{
    const uint32_t bits = read_32(bytes);
    float value;

    memcpy(&value, &bits, sizeof value);
    return (double)value;
}

static double read_double(const uint8_t *bytes)
{
    const uint64_t bits = (uint64_t)read_32(bytes) << 32 | read_32(bytes + 4);
    double value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

double idx_value(enum idx_type type, const uint8_t *bytes, size_t i)
{
    bytes += i * idx_type_bytes(type);
    switch (type) {
    case IDX_UBYTE:
        return bytes[0];
    case IDX_BYTE:
        return with_sign(bytes[0], 8);
    case IDX_SHORT:
        return with_sign((uint32_t)bytes[0] << 8 | bytes[1], 16);
    case IDX_INT:
        return with_sign(read_32(bytes), 32);
    case IDX_FLOAT:
        return read_float(bytes);
    case IDX_DOUBLE:
        break;
    }
    return read_double(bytes);
}

float idx_float(double value)
{
    const float rounded = (float)value;

    return fabsf(rounded) < FLT_MIN ? 0.0f : rounded;
}

size_t idx_values_floats(enum idx_type type, const uint8_t *bytes, size_t count, float *out)
{
    size_t finite = count;

    for (size_t i = 0; i < count; i++) {
        out[i] = idx_float(idx_value(type, bytes, i));
        if (!isfinite(out[i]) && finite == count)
            finite = i;
    }
    return finite;
}
