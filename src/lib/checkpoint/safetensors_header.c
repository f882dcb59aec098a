/* safetensors_header.c: see safetensors_header.h. */
#include "checkpoint/safetensors_header.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/file_kind.h"
#include "base/json_parse.h"
#include "base/memory.h"
#include "checkpoint/safetensors_format.h"

static int check_header_bytes(const char *bytes, size_t size, struct error *error)
{
    const char *json = bytes + SAFETENSORS_LENGTH, *kind = file_kind(bytes, SAFETENSORS_LENGTH);

    if (json[0] != '{' && kind)
        return error_set(error, ERROR_DATA, "is %s, but a checkpoint (.safetensors) is expected", kind);
    if (json[0] != '{')
        return error_set(error, ERROR_DATA,
                         "the header does not begin with '{': not a checkpoint, or truncated");
    if (strlen(json) != size - SAFETENSORS_LENGTH)
        return error_set(error, ERROR_DATA, "a zero byte within the header");
    return 0;
}

static int check_checksum(char *bytes, size_t size, struct error *error)
{
    char *field = safetensors_checksum_field(bytes + SAFETENSORS_LENGTH);
    struct safetensors_digits sum;

    if (!field)
        return error_set(error, ERROR_DATA, "the header has no checksum: not written by nnrun, or truncated");
    sum = safetensors_header_checksum(bytes, size, field);
    if (memcmp(sum.text, field, SAFETENSORS_DIGITS) != 0)
        return error_set(error, ERROR_DATA, "the header does not match its checksum");
    return 0;
}

static json_t *parse_json(const char *json, size_t length, struct error *error)
{
    json_error_t reason;
    json_t *root;
    bool memory;

    while (length > 0 && json[length - 1] == ' ')
        length--;
    if (length == 0 || json[length - 1] != '}') {
        error_set(error, ERROR_DATA, "the header ends in something that is not a space");
        return NULL;
    }
    root = json_parse(json, length, JSON_REJECT_DUPLICATES, &memory, &reason);
    if (!root) {
        if (memory)
            error_memory(error);
        else
            error_set(error, ERROR_DATA, "header: byte %d: %s", reason.position, reason.text);
    }
    return root;
}

static int check_metadata(json_t *root, bool other, struct error *error)
{
    json_t *metadata = json_object_get(root, SAFETENSORS_METADATA), *value;
    const char *key;

    if (!metadata && other)
        return 0;
    if (!json_is_object(metadata))
        return error_set(error, ERROR_DATA, "header: " SAFETENSORS_METADATA " is not an object");
    json_object_foreach (metadata, key, value) {
        if (!json_is_string(value))
            return error_set(error, ERROR_DATA, "metadata \"%s\" is not a string", key);
    }
    return 0;
}

/* Whether the header says that nnrun wrote it. */
static bool is_ours(const json_t *root)
{
    const char *format =
        json_string_value(json_object_get(json_object_get(root, SAFETENSORS_METADATA), "format"));

    return format && strcmp(format, "nnrun") == 0;
}

json_t *safetensors_header_parse(char *bytes, size_t size, bool *other, struct error *error)
{
    json_t *root = NULL;

    /* The checksum before the JSON is looked at, so that a torn header is called torn. */
    if (check_header_bytes(bytes, size, error) == 0 && (other || check_checksum(bytes, size, error) == 0))
        root = parse_json(bytes + SAFETENSORS_LENGTH, size - SAFETENSORS_LENGTH, error);
    if (!root)
        return NULL;
    if (other)
        *other = !is_ours(root);
    if ((!other || *other || check_checksum(bytes, size, error) == 0) &&
        check_metadata(root, other != NULL, error) == 0)
        return root;
    json_decref(root);
    return NULL;
}

/* A number >= 0, not written as a real. */
static bool whole_number(const json_t *value, uint64_t *number)
{
    if (!json_is_integer(value) || json_integer_value(value) < 0)
        return false;
    *number = (uint64_t)json_integer_value(value);
    return true;
}

static int parse_dtype(const json_t *value, bool other, struct tensor *tensor, struct error *error)
{
    const enum tensor_type last = other ? TENSOR_BF16 : TENSOR_F64;
    const char *text = json_string_value(value);
    enum tensor_type type = TENSOR_F32;

    if (!text)
        return error_set(error, ERROR_DATA, "dtype is not a string");
    while (type <= last && strcmp(text, safetensors_dtype(type)) != 0)
        type++;
    tensor->type = type <= last ? type : TENSOR_OTHER;
    if (tensor->type == TENSOR_OTHER && !other)
        return error_set(error, ERROR_DATA, "dtype \"%s\": F32 or F64 expected", text);
    return 0;
}

static int parse_shape(const json_t *value, struct tensor *tensor, struct error *error)
{
    if (!json_is_array(value) || json_array_size(value) > TENSOR_MOST_RANK)
        return error_set(error, ERROR_DATA, "shape is not a list of at most %d numbers",
                         (int)TENSOR_MOST_RANK);
    tensor->rank = (uint32_t)json_array_size(value);
    for (uint32_t i = 0; i < tensor->rank; i++)
        if (!whole_number(json_array_get(value, i), &tensor->dim[i]))
            return error_set(error, ERROR_DATA, "shape: dimension %u is not a whole number >= 0", i + 1);
    if (tensor->type != TENSOR_OTHER && !tensor_size(tensor->type, tensor->rank, tensor->dim, &tensor->bytes))
        return error_set(error, ERROR_DATA, "shape: the size does not fit");
    return 0;
}

static int parse_tensor(const json_t *object, bool other, struct tensor_place *place, struct error *error)
{
    const json_t *offsets = json_object_get(object, "data_offsets");

    if (!json_is_object(object) || json_object_size(object) != 3)
        return error_set(error, ERROR_DATA, "dtype, shape and data_offsets expected");
    if (parse_dtype(json_object_get(object, "dtype"), other, place->tensor, error) != 0 ||
        parse_shape(json_object_get(object, "shape"), place->tensor, error) != 0)
        return -1;
    if (json_array_size(offsets) != 2 || !whole_number(json_array_get(offsets, 0), &place->begin) ||
        !whole_number(json_array_get(offsets, 1), &place->end))
        return error_set(error, ERROR_DATA, "data_offsets is not a pair of whole numbers >= 0");
    if (place->tensor->type == TENSOR_OTHER && place->end >= place->begin && place->end <= SIZE_MAX)
        place->tensor->bytes = (size_t)(place->end - place->begin); /* whatever a number takes */
    if (place->end < place->begin || place->end - place->begin != place->tensor->bytes)
        return error_set(error, ERROR_DATA,
                         "offsets %" PRIu64 " to %" PRIu64 " do not hold the %zu bytes of its shape",
                         place->begin, place->end, place->tensor->bytes);
    return 0;
}

int safetensors_header_tensors(json_t *root, bool other, struct tensor *tensors, struct tensor_place *places,
                               size_t *count, struct error *error)
{
    json_t *object;
    const char *name;

    *count = 0;
    json_object_foreach (root, name, object) {
        struct tensor_place *place = &places[*count];

        if (strcmp(name, SAFETENSORS_METADATA) == 0)
            continue;
        place->tensor = &tensors[(*count)++];
        place->tensor->name = name;
        if (parse_tensor(object, other, place, error) != 0)
            return error_prefix(error, "tensor \"%s\": ", name);
    }
    return 0;
}

static int compare_offsets(const void *a, const void *b)
{
    const struct tensor_place *x = a, *y = b;

    if (x->begin != y->begin)
        return x->begin < y->begin ? -1 : 1;
    return (x->end > y->end) - (x->end < y->end);
}

int safetensors_header_layout(struct tensor_place *places, size_t count, uint64_t data, size_t *memory,
                              struct error *error)
{
    uint64_t at = 0;

    *memory = 0;
    qsort(places, count, sizeof *places, compare_offsets);
    for (size_t i = 0; i < count; i++) {
        const size_t bytes = places[i].left_out ? 0 : places[i].tensor->bytes;

        if (places[i].begin != at)
            return error_set(error, ERROR_DATA, "tensor \"%s\": %s the tensor before it",
                             places[i].tensor->name, places[i].begin < at ? "overlaps" : "leaves a gap to");
        at = places[i].end;
        if (!size_add(*memory, bytes, memory) || !size_add(*memory, SAFETENSORS_ALIGN - 1, memory))
            return error_memory(error);
        *memory &= ~(size_t)(SAFETENSORS_ALIGN - 1);
    }
    if (at == data)
        return 0;
    return error_set(error, ERROR_DATA, "%" PRIu64 " bytes of data; the header announces %" PRIu64 "%s", data,
                     at, at > data ? ": truncated" : "");
}
