/* fuzz_safetensors.c: the checkpoint reader on any bytes: it refuses them or hands out tensors that can be
 * read.
 *
 * With clang -fsanitize=fuzzer -DFUZZER a libFuzzer target. Else a program: `fuzz_safetensors FILE...`
 * runs these files, `fuzz_safetensors` changes a good file in 20,000 ways, the same ones each time. The
 * header's checksum is made right before each run, or nothing behind it would be reached. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/random.h"
#include "checkpoint/safetensors_format.h"
#include "checkpoint/safetensors_read.h"
#include "checkpoint/safetensors_write.h"

enum { MOST_INPUT = 65536, ROUNDS = 20000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Makes the header's checksum right if there is a header that has one. */
static void make_honest(char *file, size_t size)
{
    uint64_t length;
    char *field, kept;

    if (size < SAFETENSORS_LENGTH)
        return;
    memcpy(&length, file, sizeof length);
    if (length > size - SAFETENSORS_LENGTH)
        return;
    kept = file[SAFETENSORS_LENGTH + length]; /* there is room for one byte behind */
    file[SAFETENSORS_LENGTH + length] = '\0';
    field = safetensors_checksum_field(file + SAFETENSORS_LENGTH);
    if (field) {
        const struct safetensors_digits sum =
            safetensors_header_checksum(file, SAFETENSORS_LENGTH + (size_t)length, field);

        memcpy(field, sum.text, SAFETENSORS_DIGITS);
    }
    file[SAFETENSORS_LENGTH + length] = kept;
}

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
            abort();
        for (size_t j = 0; j < bytes; j++)
            sum = (unsigned char)(sum + ((const unsigned char *)tensor->data)[j]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[] = "/tmp/nnrun-fuzz-XXXXXX", *copy;
    struct error error = {0};
    struct safetensors *file;
    int fd;

    if (size > MOST_INPUT)
        return 0;
    copy = malloc(size + 1);
    fd = mkstemp(path);
    if (!copy || fd < 0)
        abort();
    if (size > 0)
        memcpy(copy, data, size);
    make_honest(copy, size);
    if (write(fd, copy, size) != (ssize_t)size || close(fd) != 0)
        abort();
    free(copy);
    file = safetensors_read(path, &error);
    if (file)
        look(file);
    else if (error.code != ERROR_DATA || error_count(&error) != 1)
        abort();
    safetensors_free(file);
    error_clear(&error);
    unlink(path);
    return 0;
}

#ifndef FUZZER
static size_t load(const char *path, uint8_t *bytes)
{
    FILE *file = fopen(path, "rb");
    const size_t size = file ? fread(bytes, 1, MOST_INPUT, file) : 0;

    if (!file || ferror(file) || fclose(file) != 0) {
        perror(path);
        exit(99);
    }
    return size;
}

static size_t good_file(uint8_t *bytes)
{
    static const float a[] = {1.0f, 2.0f, 3.0f};
    static const double b[] = {4.0, 5.0};
    static const struct tensor tensors[] = {{"conv1.weight", TENSOR_F32, 3, {3, 1, 1}, a, sizeof a},
                                            {"empty", TENSOR_F32, 2, {0, 7}, NULL, 0},
                                            {"history", TENSOR_F64, 2, {1, 2}, b, sizeof b}};
    static const struct metadata metadata[] = {{"step", "12"}, {"config", "a = \"b\";\n"}};
    char path[] = "/tmp/nnrun-fuzz-XXXXXX";
    struct error error = {0};
    const int fd = mkstemp(path);
    size_t size;

    if (fd < 0 || close(fd) != 0 || safetensors_write(path, tensors, 3, metadata, 2, &error) != 0)
        exit(99);
    size = load(path, bytes);
    unlink(path);
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

int main(int argc, char **argv)
{
    static uint8_t good[MOST_INPUT], bytes[MOST_INPUT];

    for (int i = 1; i < argc; i++)
        LLVMFuzzerTestOneInput(bytes, load(argv[i], bytes));
    if (argc == 1) {
        const size_t size = good_file(good);

        for (uint32_t round = 0; round < ROUNDS; round++) {
            memcpy(bytes, good, size);
            LLVMFuzzerTestOneInput(bytes, change(bytes, size, round));
        }
    }
    return 0;
}
#endif
