/* fuzz_safetensors.c: the checkpoint reader on any bytes, of a file and of memory: it refuses them or hands out tensors
 * that can be read. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/file_io.h"
#include "base/random.h"
#include "checkpoint/safetensors_format.h"
#include "checkpoint/safetensors_read.h"
#include "checkpoint/safetensors_write.h"
#include "fuzz.h"
#include "fuzz_header.h"

enum { MOST_INPUT = 65536, ROUNDS = 20000 };

/* Aborts where a tensor that was handed out is not what the header promises. */
static void look(const struct safetensors *file)
{
    const struct tensor *tensor;

    for (size_t i = 0; (tensor = safetensors_at(file, i)) != NULL; i++) {
        volatile unsigned char sum = 0;
        size_t bytes;

        if (!tensor_size(tensor->type, tensor->rank, tensor->dim, &bytes) || bytes != tensor->bytes ||
            (uintptr_t)tensor->data % SAFETENSORS_ALIGN != 0 ||
            safetensors_tensor(file, tensor->name) != tensor)
            fuzz_fail("tensor %zu is not what the header says", i);
        for (size_t j = 0; j < bytes; j++)
            sum = (unsigned char)(sum + ((const unsigned char *)tensor->data)[j]);
    }
}

static void need_same(const struct safetensors *a, const struct safetensors *b)
{
    const struct tensor *one, *other;

    for (size_t i = 0; (one = safetensors_at(a, i)) != NULL; i++) {
        other = safetensors_at(b, i);
        if (!other || strcmp(one->name, other->name) != 0 || one->bytes != other->bytes ||
            (one->bytes > 0 && memcmp(one->data, other->data, one->bytes) != 0))
            fuzz_fail("of a file, tensor %zu is other than of memory", i);
    }
}

/* As one of any program: what is a checkpoint is read alike, what is not is refused or can be read. */
static void read_any(const char *path, const struct safetensors *checkpoint)
{
    struct error error = {0};
    struct safetensors *file = safetensors_read_any(path, NULL, &error);
    const struct tensor *tensor;

    if (file && checkpoint)
        need_same(checkpoint, file);
    if (!file && error.code != ERROR_DATA)
        fuzz_fail("an error of code %d", (int)error.code);
    if (!file)
        fuzz_check_error(&error);
    for (size_t i = 0; file && (tensor = safetensors_at(file, i)) != NULL; i++) {
        volatile unsigned char sum = 0;
        size_t bytes;

        if ((tensor->type != TENSOR_OTHER &&
             (!tensor_size(tensor->type, tensor->rank, tensor->dim, &bytes) || bytes != tensor->bytes)) ||
            !safetensors_tensor_dtype(file, tensor) || strlen(safetensors_hash(file)) != 64)
            fuzz_fail("of another program, tensor %zu is not what the header says", i);
        for (size_t j = 0; j < tensor->bytes; j++)
            sum = (unsigned char)(sum + ((const unsigned char *)tensor->data)[j]);
    }
    safetensors_free(file);
}

/* Both ways to read it end alike. */
static void read_both(const char *path, const void *bytes, size_t size)
{
    struct error error = {0}, other = {0};
    struct safetensors *file = safetensors_read(path, &error),
                       *memory = safetensors_parse(bytes, size, path, &other);

    if (!file != !memory || strcmp(error_text(&error), error_text(&other)) != 0)
        fuzz_fail("of a file: %s; of memory: %s", error_text(&error), error_text(&other));
    if (file) {
        look(file);
        look(memory);
        need_same(file, memory);
    } else {
        if (error.code != ERROR_DATA || other.code != ERROR_DATA || error_count(&error) != 1)
            fuzz_fail("%u errors, of code %d", error_count(&error), (int)error.code);
        fuzz_check_error(&error);
        fuzz_check_error(&other);
    }
    read_any(path, file);
    safetensors_free(file);
    safetensors_free(memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *copy;

    if (size > MOST_INPUT)
        return 0;
    copy = fuzz_copy(data, size);
    fuzz_put("it", copy, size);
    fuzz_memory_begin();
    read_both(fuzz_path("it"), copy, size);
    if (fuzz_memory_most() > (64u << 20) + 8 * size)
        fuzz_fail("%zu bytes took %zu of memory", size, fuzz_memory_most());
    free(copy);
    return 0;
}

/* ---- inputs -------------------------------------------------------------------------------------------- */

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed)
{
    return fuzz_header_change(data, size, most < MOST_INPUT ? most : MOST_INPUT, seed);
}

static size_t good_file(uint8_t *bytes)
{
    static const float a[] = {1.0f, 2.0f, 3.0f};
    static const double b[] = {4.0, 5.0};
    static const struct tensor tensors[] = {{"conv1.weight", TENSOR_F32, 3, {3, 1, 1}, a, sizeof a},
                                            {"empty", TENSOR_F32, 2, {0, 7}, NULL, 0},
                                            {"history", TENSOR_F64, 2, {1, 2}, b, sizeof b}};
    static const struct metadata metadata[] = {{"step", "12"}, {"config", "a = \"b\";\n"}};
    const char *path = fuzz_path("good");
    struct error error = {0};
    char *written;
    size_t size;

    if (safetensors_write(path, tensors, 3, metadata, 2, &error) != 0 ||
        !(written = file_load(path, MOST_INPUT, &size, &error)))
        fuzz_fail("%s", error_text(&error));
    memcpy(bytes, written, size);
    free(written);
    return size;
}

/* One to four changes: a byte set, a byte that JSON knows, a piece copied elsewhere, the end cut. */
static size_t change(uint8_t *bytes, size_t size, uint32_t round)
{
    static const char json[] = "{}[]\",:0123456789-e.\\u F";
    const struct random_key key = random_key(1, RANDOM_CHECK, "fuzz");
    uint32_t drawn[4];

    random_block(key, (const uint32_t[4]){round, 0, 0, 0}, drawn);
    for (uint32_t i = 0, count = 1 + drawn[0] % 4; i < count && size > 0; i++) {
        size_t at, from, length;

        random_block(key, (const uint32_t[4]){round, i + 1, 0, 0}, drawn);
        at = drawn[0] % size;
        from = drawn[1] % size;
        switch (drawn[2] % 8) {
        case 0:
            bytes[at] = (uint8_t)drawn[3];
            break;
        case 1:
            length = drawn[3] % 16;
            length = length < size - (at > from ? at : from) ? length : 0;
            memmove(bytes + at, bytes + from, length);
            break;
        case 2:
            size = drawn[3] % 16 ? size : at;
            break;
        default:
            bytes[at] = (uint8_t)json[drawn[3] % (sizeof json - 1)];
        }
    }
    return size;
}

void fuzz_own(void)
{
    static uint8_t good[MOST_INPUT], bytes[MOST_INPUT];
    const size_t size = good_file(good);

    for (uint32_t round = 0; round < ROUNDS; round++) {
        size_t changed;

        memcpy(bytes, good, size);
        changed = change(bytes, size, round);
        fuzz_header_repair(bytes, changed);
        LLVMFuzzerTestOneInput(bytes, changed);
    }
}
