/* wire.h: bytes in the encoding of protobuf, written into memory. */
#ifndef EXPORT_WIRE_H
#define EXPORT_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zeroed: empty. After a failed allocation it takes nothing more. */
struct wire {
    unsigned char *bytes; /* freed by the caller */
    size_t size, room;
    bool failed;
};

/* Field `field` of the message under way. */
void wire_number(struct wire *wire, unsigned field, uint64_t number);
void wire_float(struct wire *wire, unsigned field, float number);
void wire_text(struct wire *wire, unsigned field, const char *text);

/* A message or bytes in that field; what is written up to wire_end belongs to it. Returns what wire_end needs. */
size_t wire_begin(struct wire *wire, unsigned field);
void wire_end(struct wire *wire, size_t begun);

/* Bytes, and 32- and 64-bit numbers in little-endian order, without a field. */
void wire_bytes(struct wire *wire, const void *bytes, size_t size);
void wire_floats(struct wire *wire, const float *numbers, size_t count);
void wire_long(struct wire *wire, int64_t number);
#endif
