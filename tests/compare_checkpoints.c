/* compare_checkpoints.c: where two checkpoints first differ, in a line.
 *
 *   compare_checkpoints FILE FILE
 *
 * Ends with status 1 if their bytes differ, with 99 if one cannot be read. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file_io.h"
#include "checkpoint/safetensors_read.h"

enum { MOST_BYTES = 1 << 30 };

/* The first element in which they differ: of the same name and shape. */
static void print_element(const struct tensor *a, const struct tensor *b)
{
    const size_t size = a->type == TENSOR_F32 ? sizeof(float) : sizeof(double);
    const char *one = a->data, *other = b->data;
    size_t i = 0;

    while (memcmp(one + i * size, other + i * size, size) == 0)
        i++;
    printf("tensor %s, element %zu: ", a->name, i);
    if (a->type == TENSOR_F32) {
        float x, y;
        memcpy(&x, one + i * size, size);
        memcpy(&y, other + i * size, size);
        printf("%.9g (%a) and %.9g (%a)\n", (double)x, (double)x, (double)y, (double)y);
    } else {
        double x, y;
        memcpy(&x, one + i * size, size);
        memcpy(&y, other + i * size, size);
        printf("%.17g (%a) and %.17g (%a)\n", x, x, y, y);
    }
}

static bool same_form(const struct tensor *a, const struct tensor *b)
{
    return strcmp(a->name, b->name) == 0 && a->type == b->type && a->rank == b->rank &&
           memcmp(a->dim, b->dim, a->rank * sizeof *a->dim) == 0;
}

/* Returns false if all tensors are the same. */
static bool print_tensor(const struct safetensors *one, const struct safetensors *other)
{
    for (size_t i = 0;; i++) {
        const struct tensor *a = safetensors_at(one, i), *b = safetensors_at(other, i);
        if (!a && !b)
            return false;
        if (!a || !b || !same_form(a, b)) {
            printf("tensor number %zu is %s and %s, or their shapes differ\n", i, a ? a->name : "missing",
                   b ? b->name : "missing");
            return true;
        }
        if (memcmp(a->data, b->data, a->bytes) != 0) {
            print_element(a, b);
            return true;
        }
    }
}

static void print_difference(const char *one, size_t one_size, const char *other, size_t other_size,
                             char **path)
{
    struct error error = {0};
    struct safetensors *a = safetensors_parse(one, one_size, path[0], &error);
    struct safetensors *b = a ? safetensors_parse(other, other_size, path[1], &error) : NULL;

    if (!b)
        printf("no checkpoint: %s\n", error_text(&error));
    else if (!print_tensor(a, b)) {
        size_t at = 0;
        while (at < one_size && at < other_size && one[at] == other[at])
            at++;
        printf("metadata, byte %zu: \"%.40s\" and \"%.40s\"\n", at, one + at, other + at);
    }
    safetensors_free(a);
    safetensors_free(b);
    error_clear(&error);
}

int main(int argc, char **argv)
{
    struct error error = {0};
    size_t sizes[2] = {0};
    char *one = argc == 3 ? file_load(argv[1], MOST_BYTES, &sizes[0], &error) : NULL;
    char *other = one ? file_load(argv[2], MOST_BYTES, &sizes[1], &error) : NULL;
    int status = 99;

    if (!other)
        fprintf(stderr, "compare_checkpoints: %s\n", argc == 3 ? error_text(&error) : "two files are needed");
    else if (sizes[0] == sizes[1] && memcmp(one, other, sizes[0]) == 0)
        status = 0;
    else {
        print_difference(one, sizes[0], other, sizes[1], argv + 1);
        status = 1;
    }
    error_clear(&error);
    free(one);
    free(other);
    return status;
}
