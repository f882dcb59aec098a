/* idx_values.h: the types of an IDX file's values, which are big-endian there. [any thread] */
#ifndef DATA_IDX_VALUES_H
#define DATA_IDX_VALUES_H

#include <stddef.h>
#include <stdint.h>

/* The third byte of the file. */
enum idx_type {
    IDX_UBYTE = 0x08,
    IDX_BYTE = 0x09,
    IDX_SHORT = 0x0B,
    IDX_INT = 0x0C,
    IDX_FLOAT = 0x0D,
    IDX_DOUBLE = 0x0E
};

/* Bytes of one value; 0: there is no such type. */
size_t idx_type_bytes(unsigned type);

/* "unsigned bytes"; the type is one of the above. */
const char *idx_type_name(enum idx_type type);

/* Value `i` of those at `bytes`: a double holds each of them exactly. */
double idx_value(enum idx_type type, const uint8_t *bytes, size_t i);

/* Rounded once. What no normal float holds because it is too close to 0 becomes 0, whatever the processor does with
 * denormals. */
float idx_float(double value);

/* out[count], each as idx_float gives it. Returns how many values come before the first that is NaN or infinite as a
 * float: `count` if all are finite. */
size_t idx_values_floats(enum idx_type type, const uint8_t *bytes, size_t count, float *out);
#endif
