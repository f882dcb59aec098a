/* idx_file.c: see idx_file.h. */
#include "data/idx_file.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

#include "base/file_kind.h"
#include "base/memory.h"
#include "base/text.h"
#include "data/inflate_stream.h"

enum { MAGIC_BYTES = 4, MOST_RANK = 4, ANNOUNCED_TEXT = IDX_SHAPE_TEXT + 32 };

struct idx_file {
    struct inflate_stream *stream;
    bool any; /* values of any type are read */
    enum idx_type type;
    struct nnrun_shape shape; /* of one sample */
    size_t count, sample_bytes;
    size_t header_bytes, data_bytes;
    size_t reversed; /* samples, if the header's numbers make sense only with their bytes reversed; else 0 */
    size_t offset;   /* of the next byte within the data; SIZE_MAX: unknown */
};

const char *idx_file_path(const struct idx_file *file)
{
    return inflate_stream_path(file->stream);
}

size_t idx_file_count(const struct idx_file *file)
{
    return file->count;
}

size_t idx_file_sample_bytes(const struct idx_file *file)
{
    return file->sample_bytes;
}

struct nnrun_shape idx_file_shape(const struct idx_file *file)
{
    return file->shape;
}

enum idx_type idx_file_type(const struct idx_file *file)
{
    return file->type;
}

size_t idx_file_sample_values(const struct idx_file *file)
{
    return file->sample_bytes / idx_type_bytes(file->type);
}

size_t idx_file_position(const struct idx_file *file)
{
    return file->offset == SIZE_MAX || file->offset % file->sample_bytes ? SIZE_MAX
                                                                         : file->offset / file->sample_bytes;
}

const char *idx_shape_text(struct nnrun_shape shape, char text[IDX_SHAPE_TEXT])
{
    size_t used = 0;

    snprintf(text, IDX_SHAPE_TEXT, "1");
    for (int32_t i = 0; i < shape.rank && used < IDX_SHAPE_TEXT; i++) {
        const int n = snprintf(text + used, IDX_SHAPE_TEXT - used, "%s%" PRId32, i ? "x" : "", shape.dim[i]);
        used += n > 0 ? (size_t)n : 0;
    }
    return text;
}

/* "60000 samples of 28x28" or "60000 labels", for messages. */
static const char *announced(const struct idx_file *file, char text[ANNOUNCED_TEXT])
{
    char shape[IDX_SHAPE_TEXT];

    if (file->shape.rank == 0)
        snprintf(text, ANNOUNCED_TEXT, "%zu label%s", file->count, text_plural(file->count));
    else
        snprintf(text, ANNOUNCED_TEXT, "%zu sample%s of %s", file->count, text_plural(file->count),
                 idx_shape_text(file->shape, shape));
    return text;
}

/* What is said of a header that the file does not bear out, if it would with its bytes reversed. */
static int fail_reversed(const struct idx_file *file, struct error *error)
{
    return error_set_at(
        error, ERROR_DATA, &(struct error_facts){.file = idx_file_path(file)},
        "its byte order is reversed: it announces %zu samples, and %zu if each number of its header "
        "is read backwards; IDX files are big-endian",
        file->count, file->reversed);
}

static int fail_short(const struct idx_file *file, uint64_t bytes, struct error *error)
{
    char text[ANNOUNCED_TEXT];

    return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = idx_file_path(file)},
                        "announces %s but ends after %" PRIu64 " bytes, %zu were expected",
                        announced(file, text), bytes, file->header_bytes + file->data_bytes);
}

static int fail_long(const struct idx_file *file, struct error *error)
{
    char text[ANNOUNCED_TEXT];

    return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = idx_file_path(file)},
                        "announces %s but has more than the %zu bytes that they take", announced(file, text),
                        file->header_bytes + file->data_bytes);
}

static bool is_text(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if ((bytes[i] < ' ' && bytes[i] != '\n' && bytes[i] != '\r' && bytes[i] != '\t') || bytes[i] == 127)
            return false;
    return true;
}

/* What does not begin as an IDX file does: what it is, if that is known, else its first bytes. */
static int fail_kind(const struct idx_file *file, const uint8_t magic[MAGIC_BYTES], struct error *error)
{
    static const char table[] = "text";
    struct error_facts facts = {.file = idx_file_path(file)};
    const bool gzip = inflate_stream_is_gzip(file->stream);
    uint8_t begin[2 * MAGIC_BYTES];
    const char *kind;
    size_t got;

    memcpy(begin, magic, MAGIC_BYTES);
    if (inflate_stream_read(file->stream, begin + MAGIC_BYTES, MAGIC_BYTES, &got, error))
        return -1;
    kind = file_kind(begin, MAGIC_BYTES + got);
    if (!kind && got == MAGIC_BYTES && is_text(begin, sizeof begin))
        kind = table;
    if (kind == table)
        facts.advice = ADVICE_NOT_IDX;
    if (kind)
        return error_set_at(
            error, ERROR_DATA, &facts,
            "is %s%s, not an IDX file: a header with the numbers of values, then the values, plain or gzip",
            kind, gzip ? " in gzip" : "");
    return error_set_at(error, ERROR_DATA, &facts, "%s: it begins with %02x %02x %02x %02x",
                        gzip ? "is gzip data, but no IDX file is in it" : "is neither gzip nor an IDX file",
                        magic[0], magic[1], magic[2], magic[3]);
}

static bool is_read(const struct idx_file *file, uint8_t type)
{
    return file->any ? idx_type_bytes(type) > 0 : type == IDX_UBYTE;
}

static int fail_type(const struct idx_file *file, const uint8_t magic[MAGIC_BYTES], struct error *error)
{
    return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = idx_file_path(file)},
                        "wrong IDX magic %02x %02x %02x %02x: the type is 0x%02x; only %s read", magic[0],
                        magic[1], magic[2], magic[3], magic[2],
                        file->any ? "0x08, 0x09 and 0x0b to 0x0e are" : "0x08 (unsigned bytes) is");
}

static int read_magic(struct idx_file *file, uint32_t *rank, struct error *error)
{
    const struct error_facts facts = {.file = idx_file_path(file)};
    uint8_t magic[MAGIC_BYTES];
    size_t got;

    if (inflate_stream_read(file->stream, magic, sizeof magic, &got, error))
        return -1;
    if (got < sizeof magic)
        return error_set_at(error, ERROR_DATA, &facts, "%s: its length is %zu",
                            inflate_stream_is_gzip(file->stream) ? "is gzip data, but no IDX file is in it"
                                                                 : "is neither gzip nor an IDX file",
                            got);
    if (is_read(file, magic[1]) && magic[2] == 0 && magic[3] == 0 && magic[0] >= 1 && magic[0] <= MOST_RANK)
        return error_set_at(
            error, ERROR_DATA, &facts,
            "its byte order is reversed: it begins with %02x %02x 00 00, expected 00 00 %02x %02x", magic[0],
            magic[1], magic[1], magic[0]);
    if (magic[0] != 0 || magic[1] != 0)
        return fail_kind(file, magic, error);
    if (!is_read(file, magic[2]))
        return fail_type(file, magic, error);
    file->type = magic[2];
    *rank = magic[3];
    if (*rank < 1 || *rank > MOST_RANK)
        return error_set_at(error, ERROR_DATA, &facts,
                            "wrong IDX magic: %" PRIu32 " dimensions, 1 to %d are read", *rank, MOST_RANK);
    return 0;
}

/* The number of samples in a header of `rank` numbers whose bytes seem to be reversed: each is a reasonable size only
 * so. One alone may be a large file's that was torn: the size tells. 0: they are not. */
static size_t reversed_count(const struct idx_file *file, const uint8_t *bytes, uint32_t rank)
{
    const size_t count = (size_t)bytes[2] << 16 | (size_t)bytes[1] << 8 | bytes[0];

    for (uint32_t i = 0; i < rank; i++)
        if (bytes[4 * i] == 0 || bytes[4 * i + 3] != 0)
            return 0;
    if (rank == 1 && !inflate_stream_is_gzip(file->stream) &&
        inflate_stream_file_size(file->stream) != file->header_bytes + count * idx_type_bytes(file->type))
        return 0;
    return count;
}

static int read_dimensions(struct idx_file *file, uint32_t rank, struct error *error)
{
    const char *path = idx_file_path(file);
    uint8_t bytes[4 * MOST_RANK];
    size_t got;

    if (inflate_stream_read(file->stream, bytes, 4 * (size_t)rank, &got, error))
        return -1;
    if (got < 4 * (size_t)rank)
        return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = path},
                            "ends within the IDX header, after %zu bytes", MAGIC_BYTES + got);
    file->header_bytes = MAGIC_BYTES + got;
    file->reversed = reversed_count(file, bytes, rank);
    file->shape.rank = (int32_t)rank - 1;
    for (uint32_t i = 0; i < rank; i++) {
        const uint8_t *b = bytes + 4 * i;
        const uint32_t dim = (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
        if (i == 0)
            file->count = dim;
        if (dim > INT32_MAX && file->reversed)
            return fail_reversed(file, error);
        if (dim > INT32_MAX)
            return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = path},
                                "dimension %" PRIu32 " is %" PRIu32 "; at most %d is read", i + 1, dim,
                                INT32_MAX);
        if (dim == 0 && i == 0)
            return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = path},
                                "announces zero samples");
        if (dim == 0)
            return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = path},
                                "dimension %" PRIu32 " is 0", i + 1);
        if (i > 0)
            file->shape.dim[i - 1] = (int32_t)dim;
    }
    return 0;
}

static int multiply_sizes(struct idx_file *file, struct error *error)
{
    char text[ANNOUNCED_TEXT];
    size_t whole;
    bool fits = true;

    file->sample_bytes = idx_type_bytes(file->type);
    for (int32_t i = 0; i < file->shape.rank; i++)
        fits = fits && size_multiply(file->sample_bytes, (size_t)file->shape.dim[i], &file->sample_bytes);
    fits = fits && size_multiply(file->count, file->sample_bytes, &file->data_bytes);
    if (!fits && file->reversed)
        return fail_reversed(file, error);
    if (!fits || !size_add(file->data_bytes, file->header_bytes, &whole))
        return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = idx_file_path(file)},
                            "announces %s: the product of its dimensions overflows", announced(file, text));
    return 0;
}

/* A header costs nothing: believe it only as far as the file's size allows. */
static int check_size(const struct idx_file *file, struct error *error)
{
    const uint64_t size = inflate_stream_file_size(file->stream);
    const uint64_t whole = file->header_bytes + file->data_bytes;
    char text[ANNOUNCED_TEXT];

    if (inflate_stream_is_gzip(file->stream)) {
        if (whole / INFLATE_MOST_RATIO > size && file->reversed)
            return fail_reversed(file, error);
        if (whole / INFLATE_MOST_RATIO > size)
            return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = idx_file_path(file)},
                                "announces %s, %" PRIu64 " bytes, more than its %" PRIu64
                                " gzip bytes can hold",
                                announced(file, text), whole, size);
        return 0;
    }
    if (size < whole && file->reversed)
        return fail_reversed(file, error);
    if (size < whole)
        return fail_short(file, size, error);
    return size > whole ? fail_long(file, error) : 0;
}

/* Takes the stream over; NULL: the error is set. */
static struct idx_file *open_stream(struct inflate_stream *stream, bool any, struct error *error)
{
    struct idx_file *file = stream ? calloc(1, sizeof *file) : NULL;
    uint32_t rank = 0;

    if (!file) {
        if (stream)
            error_memory(error);
        inflate_stream_close(stream);
        return NULL;
    }
    file->stream = stream;
    file->any = any;
    if (read_magic(file, &rank, error) || read_dimensions(file, rank, error) || multiply_sizes(file, error) ||
        check_size(file, error)) {
        idx_file_close(file);
        return NULL;
    }
    return file;
}

struct idx_file *idx_file_open(const char *path, struct error *error)
{
    return open_stream(inflate_stream_open(path, error), false, error);
}

struct idx_file *idx_file_open_any(const char *path, struct error *error)
{
    return open_stream(inflate_stream_open(path, error), true, error);
}

struct idx_file *idx_file_open_memory(const char *name, const void *bytes, size_t size, struct error *error)
{
    return open_stream(inflate_stream_open_memory(name, bytes, size, error), false, error);
}

void idx_file_close(struct idx_file *file)
{
    if (!file)
        return;
    inflate_stream_close(file->stream);
    free(file);
}

int idx_file_read_bytes(struct idx_file *file, size_t bytes, uint8_t *out, struct error *error)
{
    const size_t offset = file->offset;
    uint8_t more;
    size_t got;

    file->offset = SIZE_MAX;
    if (inflate_stream_read(file->stream, out, bytes, &got, error))
        return -1;
    if (got < bytes)
        return fail_short(file, file->header_bytes + offset + got, error);
    if (offset + bytes == file->data_bytes) {
        if (inflate_stream_read(file->stream, &more, 1, &got, error))
            return -1;
        if (got > 0)
            return fail_long(file, error);
    }
    file->offset = offset + bytes;
    return 0;
}

int idx_file_read(struct idx_file *file, size_t count, uint8_t *out, struct error *error)
{
    return idx_file_read_bytes(file, count * file->sample_bytes, out, error);
}

int idx_file_rewind(struct idx_file *file, struct error *error)
{
    uint8_t header[MAGIC_BYTES + 4 * MOST_RANK];
    size_t got;

    file->offset = SIZE_MAX;
    if (inflate_stream_rewind(file->stream, error) ||
        inflate_stream_read(file->stream, header, file->header_bytes, &got, error))
        return -1;
    if (got < file->header_bytes)
        return fail_short(file, got, error);
    file->offset = 0;
    return 0;
}
