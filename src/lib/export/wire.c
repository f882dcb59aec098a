/* wire.c: see wire.h. */
#include "export/wire.h"

#include <string.h>

#include "base/memory.h"

enum { VARINT = 0, LENGTH = 2, FIXED32 = 5, MOST_OF_VARINT = 10, FIRST_ROOM = 4096 };

/* Room for so many bytes more; NULL if there is none. */
static unsigned char *reserve(struct wire *wire, size_t size)
{
    size_t needed, room = wire->room ? wire->room : FIRST_ROOM;
    unsigned char *bytes;

    if (wire->failed || !size_add(wire->size, size, &needed)) {
        wire->failed = true;
        return NULL;
    }
    while (room < needed)
        if (!size_multiply(room, 2, &room))
            room = needed;
    if (room != wire->room) {
        bytes = memory_resize(wire->bytes, room, 1);
        if (!bytes) {
            wire->failed = true;
            return NULL;
        }
        wire->bytes = bytes;
        wire->room = room;
    }
    return wire->bytes + wire->size;
}

void wire_bytes(struct wire *wire, const void *bytes, size_t size)
{
    unsigned char *to = reserve(wire, size);

    if (!to)
        return;
    memcpy(to, bytes, size);
    wire->size += size;
}

static size_t varint(uint64_t number, unsigned char to[MOST_OF_VARINT])
{
    size_t size = 0;

    for (; number > 127; number >>= 7)
        to[size++] = (unsigned char)(number | 128);
    to[size++] = (unsigned char)number;
    return size;
}

static void write_varint(struct wire *wire, uint64_t number)
{
    unsigned char bytes[MOST_OF_VARINT];

    wire_bytes(wire, bytes, varint(number, bytes));
}

static void write_tag(struct wire *wire, unsigned field, unsigned type)
{
    write_varint(wire, (uint64_t)field << 3 | type);
}

static void write_little(struct wire *wire, uint64_t bits, size_t size)
{
    unsigned char bytes[8];

    for (size_t i = 0; i < size; i++)
        bytes[i] = (unsigned char)(bits >> 8 * i);
    wire_bytes(wire, bytes, size);
}

static void write_float(struct wire *wire, float number)
{
    uint32_t bits;

    memcpy(&bits, &number, sizeof bits);
    write_little(wire, bits, sizeof bits);
}

void wire_number(struct wire *wire, unsigned field, uint64_t number)
{
    write_tag(wire, field, VARINT);
    write_varint(wire, number);
}

void wire_float(struct wire *wire, unsigned field, float number)
{
    write_tag(wire, field, FIXED32);
    write_float(wire, number);
}

void wire_text(struct wire *wire, unsigned field, const char *text)
{
    const size_t size = strlen(text);

    write_tag(wire, field, LENGTH);
    write_varint(wire, size);
    wire_bytes(wire, text, size);
}

size_t wire_begin(struct wire *wire, unsigned field)
{
    write_tag(wire, field, LENGTH);
    return wire->size;
}

/* The length comes before what it counts. */
void wire_end(struct wire *wire, size_t begun)
{
    unsigned char length[MOST_OF_VARINT];
    const size_t size = wire->failed ? 0 : varint(wire->size - begun, length);

    if (!reserve(wire, size))
        return;
    memmove(wire->bytes + begun + size, wire->bytes + begun, wire->size - begun);
    memcpy(wire->bytes + begun, length, size);
    wire->size += size;
}

void wire_floats(struct wire *wire, const float *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        write_float(wire, numbers[i]);
}

void wire_long(struct wire *wire, int64_t number)
{
    write_little(wire, (uint64_t)number, sizeof number);
}
