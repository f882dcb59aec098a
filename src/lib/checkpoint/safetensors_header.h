/* safetensors_header.h: the header of a checkpoint file, checked and taken apart before any data is read.
 * Nothing in it is believed. Errors are ERROR_DATA, or ERROR_MEMORY. */
#ifndef CHECKPOINT_SAFETENSORS_HEADER_H
#define CHECKPOINT_SAFETENSORS_HEADER_H

#include <jansson.h>

#include "base/error.h"
#include "checkpoint/tensor.h"

/* A tensor as the header describes it: bytes begin .. end - 1 of the data. */
struct tensor_place {
    struct tensor *tensor;
    uint64_t begin, end;
    bool left_out; /* its data are not kept */
};

/* From what comes before the data, `size` bytes and a '\0': a JSON object whose metadata are strings. With `other` it
 * may be of another program; *other is then whether it is: such a file has no checksums, and perhaps no metadata. NULL
 * after setting error. */
json_t *safetensors_header_parse(char *bytes, size_t size, bool *other, struct error *error);

/* The tensors of the header in the order it lists them; both arrays have room for its members. The names
 * stay the header's. With `other` they may have any dtype. Returns 0 or -1. */
int safetensors_header_tensors(json_t *root, bool other, struct tensor *tensors, struct tensor_place *places,
                               size_t *count, struct error *error);

/* Sorts the places by offset and checks that every one of the `data` bytes belongs to exactly one tensor.
 * Sets *memory to what those that are kept take when each is aligned. Returns 0 or -1. */
int safetensors_header_layout(struct tensor_place *places, size_t count, uint64_t data, size_t *memory,
                              struct error *error);
#endif
