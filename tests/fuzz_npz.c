/* fuzz_npz.c: any bytes as NumPy's archive, or as arrays in a whole one.
 *
 * Input: a byte of flags, then the archive; or, with FLAG_ARRAYS, its files, each a line with its name and then its bytes,
 * separated by lines of "===". */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "fuzz.h"
#include "fuzz_sink.h"

enum { FLAG_ARRAYS = 1, FLAG_SKIP = 2, FLAG_DEFLATE = 4, FLAGS = 8, MOST_INPUT = 1 << 16, MOST_FILES = 8 };
enum { MOST_MEMORY = 100 << 20 }; /* a sample of 16 MB, as floats, twice */
enum { HEADER = 30, ENTRY = 46, END = 22 };

/* ---- an archive of arrays ------------------------------------------------------------------------------ */

struct archive {
    uint8_t *bytes; /* [room] */
    size_t size, room;
};

static void put(struct archive *to, const void *bytes, size_t size)
{
    if (size > to->room - to->size)
        fuzz_fail("the archive has no room");
    memcpy(to->bytes + to->size, bytes, size);
    to->size += size;
}

static void number(struct archive *to, size_t bytes, size_t value)
{
    for (size_t i = 0; i < bytes; i++) {
        const uint8_t byte = (uint8_t)(value >> 8 * i);
        put(to, &byte, 1);
    }
}

/* What both headers of a file say. */
struct facts {
    const uint8_t *name;
    size_t name_length, packed, whole, begin;
    uLong crc;
    unsigned method;
};

static void put_facts(struct archive *to, const struct facts *facts)
{
    number(to, 2, 20);
    number(to, 2, 0);
    number(to, 2, facts->method);
    number(to, 4, 0);
    number(to, 4, facts->crc);
    number(to, 4, facts->packed);
    number(to, 4, facts->whole);
    number(to, 2, facts->name_length);
    number(to, 2, 0);
}

static size_t deflate_into(struct archive *to, const uint8_t *bytes, size_t size)
{
    z_stream z = {.next_in = (Bytef *)(uintptr_t)bytes, .avail_in = (uInt)size};

    z.next_out = to->bytes + to->size;
    z.avail_out = (uInt)(to->room - to->size);
    if (deflateInit2(&z, 6, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK ||
        deflate(&z, Z_FINISH) != Z_STREAM_END)
        fuzz_fail("zlib does not deflate");
    size = z.total_out;
    deflateEnd(&z);
    return size;
}

/* A file with its header; the bytes are behind the first line. */
static struct facts put_file(struct archive *to, const struct fuzz_part *part, bool deflated)
{
    const uint8_t *line = part->size ? memchr(part->data, '\n', part->size) : NULL;
    const size_t length = line ? (size_t)(line - part->data) : part->size, skip = line ? length + 1 : length;
    struct facts facts = {.name = part->data,
                          .name_length = length < 255 ? length : 255,
                          .begin = to->size,
                          .whole = part->size - skip,
                          .method = deflated ? 8 : 0};
    const size_t header = to->size;

    facts.crc = crc32_z(0, part->data + skip, facts.whole);
    to->size += HEADER + facts.name_length;
    if (deflated)
        facts.packed = deflate_into(to, part->data + skip, facts.whole);
    else
        memcpy(to->bytes + to->size, part->data + skip, facts.packed = facts.whole);
    to->size = header;
    put(to, "PK\3\4", 4);
    put_facts(to, &facts);
    put(to, facts.name, facts.name_length);
    to->size += facts.packed;
    return facts;
}

static void make_archive(struct archive *to, const uint8_t *data, size_t size, bool deflated)
{
    struct fuzz_part parts[MOST_FILES];
    struct facts facts[MOST_FILES];
    const size_t count = fuzz_split(data, size, parts, MOST_FILES);
    size_t begin;

    for (size_t i = 0; i < count; i++)
        facts[i] = put_file(to, &parts[i], deflated);
    begin = to->size;
    for (size_t i = 0; i < count; i++) {
        put(to, "PK\1\2\24", 6);
        put_facts(to, &facts[i]);
        number(to, 4, 0);
        number(to, 4, 0);
        number(to, 2, 0);
        number(to, 4, facts[i].begin);
        put(to, facts[i].name, facts[i].name_length);
    }
    size = to->size - begin;
    put(to, "PK\5\6\0\0\0", 8);
    number(to, 2, count);
    number(to, 2, count);
    number(to, 4, size);
    number(to, 4, begin);
    number(to, 2, 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pack_options options = {.test = -1};
    struct archive archive = {.room = 4 * MOST_INPUT};
    const char *path = fuzz_path("arrays.npz");

    if (size < 1 || size > MOST_INPUT)
        return 0;
    options.skip_broken = data[0] & FLAG_SKIP;
    if (data[0] & FLAG_ARRAYS) {
        archive.bytes = calloc(1, archive.room);
        if (!archive.bytes)
            fuzz_fail("no memory for an archive");
        make_archive(&archive, data + 1, size - 1, data[0] & FLAG_DEFLATE);
        fuzz_put("arrays.npz", archive.bytes, archive.size);
        free(archive.bytes);
    } else
        fuzz_put("arrays.npz", data + 1, size - 1);
    fuzz_source(&pack_npz, &path, 1, &options, MOST_MEMORY);
    return 0;
}

/* Two arrays under all flags, cut anywhere. */
void fuzz_own(void)
{
    static const char arrays[] =
        "Xx.npy\n\x93NUMPY\1\0\x36\0{'descr': '<i2', 'fortran_order': False, 'shape': (2,2)}"
        "\1\2\3\4\5\6\7\10\n===\ny.npy\n\x93NUMPY\1\0\x36\0"
        "{'descr': '|u1', 'fortran_order': False, 'shape': (2,) }\1\2";
    uint8_t data[sizeof arrays - 1];

    for (unsigned flags = 0; flags < FLAGS; flags++)
        for (size_t length = 1; length <= sizeof data; length++) {
            memcpy(data, arrays, length);
            data[0] = (uint8_t)flags;
            LLVMFuzzerTestOneInput(data, length);
        }
}
