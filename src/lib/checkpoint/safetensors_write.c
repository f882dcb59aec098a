/* safetensors_write.c: see safetensors_write.h. */
#include "checkpoint/safetensors_write.h"

#include <assert.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/file_io.h"
#include "checkpoint/safetensors_format.h"

/* jansson says only that it could not: tell text that is no UTF-8 from lack of memory. */
static int refuse_text(const char *what, const char *name, const char *text, struct error *error)
{
    json_t *accepted = json_string(text), *copied = json_string_nocheck(text);
    const bool bad = !accepted && copied;

    json_decref(accepted);
    json_decref(copied);
    return bad ? error_set(error, ERROR_FAILED, "%s \"%s\" is not UTF-8", what, name) : error_memory(error);
}

/* Takes over `value`. */
static int set_member(json_t *object, const char *key, json_t *value, struct error *error)
{
    if (!value)
        return error_memory(error);
    return json_object_set_new(object, key, value) == 0 ? 0 : refuse_text("the name", key, key, error);
}

static int add_checksum(json_t *metadata, const struct tensor *tensor, struct error *error)
{
    const struct safetensors_digits sum = safetensors_checksum(tensor->data, tensor->bytes);
    char *key = memory_format(SAFETENSORS_CHECKSUM ".%s", tensor->name);
    int result;

    if (!key)
        return error_memory(error);
    result = set_member(metadata, key, json_string(sum.text), error);
    free(key);
    return result;
}

static json_t *metadata_object(const struct tensor *const *tensors, size_t tensor_count,
                               const struct metadata *metadata, size_t metadata_count, struct error *error)
{
    json_t *object = json_object();
    int result = set_member(object, SAFETENSORS_CHECKSUM, json_string("00000000"), error);

    for (size_t i = 0; result == 0 && i < tensor_count; i++)
        result = add_checksum(object, tensors[i], error);
    for (size_t i = 0; result == 0 && i < metadata_count; i++) {
        json_t *value = json_string(metadata[i].value);

        if (!value)
            result = refuse_text("metadata", metadata[i].key, metadata[i].value, error);
        else if (json_object_get(object, metadata[i].key)) {
            json_decref(value);
            result = error_set(error, ERROR_FAILED, "metadata \"%s\" is given twice", metadata[i].key);
        } else
            result = set_member(object, metadata[i].key, value, error);
    }
    if (result == 0)
        return object;
    json_decref(object);
    return NULL;
}

static json_t *number_list(const uint64_t *number, size_t count)
{
    json_t *list = json_array();

    for (size_t i = 0; i < count; i++)
        if (json_array_append_new(list, json_integer((json_int_t)number[i])) != 0) {
            json_decref(list);
            return NULL;
        }
    return list;
}

static json_t *tensor_object(const struct tensor *tensor, size_t begin)
{
    const uint64_t offsets[2] = {begin, begin + tensor->bytes};
    json_t *object = json_object();

    if (json_object_set_new(object, "dtype", json_string(safetensors_dtype(tensor->type))) == 0 &&
        json_object_set_new(object, "shape", number_list(tensor->dim, tensor->rank)) == 0 &&
        json_object_set_new(object, "data_offsets", number_list(offsets, 2)) == 0)
        return object;
    json_decref(object);
    return NULL;
}

static json_t *header_object(const struct tensor *const *tensors, size_t tensor_count,
                             const struct metadata *metadata, size_t metadata_count, struct error *error)
{
    json_t *root = json_object();
    json_t *own = metadata_object(tensors, tensor_count, metadata, metadata_count, error);
    int result = own ? set_member(root, SAFETENSORS_METADATA, own, error) : -1;
    size_t begin = 0;

    for (size_t i = 0; result == 0 && i < tensor_count; i++) {
        if (json_object_get(root, tensors[i]->name))
            result = error_set(error, ERROR_FAILED, "two tensors are called \"%s\"", tensors[i]->name);
        else
            result = set_member(root, tensors[i]->name, tensor_object(tensors[i], begin), error);
        begin += tensors[i]->bytes;
    }
    if (result == 0)
        return root;
    json_decref(root);
    return NULL;
}

/* Everything before the data, in fresh memory: length, text, spaces up to the alignment, checksum filled in.
 */
static char *header_bytes(const json_t *root, size_t *size, struct error *error)
{
    /* Into memory of ours: jansson 2.14's json_dumps leaves keys out, in silence, when its own cannot grow.
     */
    const size_t flags = JSON_COMPACT | JSON_SORT_KEYS, length = json_dumpb(root, NULL, 0, flags);
    const size_t room = SAFETENSORS_LENGTH + length + SAFETENSORS_ALIGN - 1;
    const size_t total = room / SAFETENSORS_ALIGN * SAFETENSORS_ALIGN;
    const uint64_t padded = total - SAFETENSORS_LENGTH;
    struct safetensors_digits sum;
    char *bytes, *field;

    if (padded > SAFETENSORS_MOST_HEADER) {
        error_set(error, ERROR_FAILED, "names and metadata take %zu bytes in the header; at most %d fit",
                  length, (int)SAFETENSORS_MOST_HEADER);
        return NULL;
    }
    bytes = malloc(total + 1);
    if (length == 0 || !bytes || json_dumpb(root, bytes + SAFETENSORS_LENGTH, length, flags) != length) {
        free(bytes);
        error_memory(error);
        return NULL;
    }
    memcpy(bytes, &padded, SAFETENSORS_LENGTH);
    memset(bytes + SAFETENSORS_LENGTH + length, ' ', (size_t)padded - length);
    bytes[total] = '\0';
    field = safetensors_checksum_field(bytes + SAFETENSORS_LENGTH);
    assert(field);
    sum = safetensors_header_checksum(bytes, total, field);
    memcpy(field, sum.text, SAFETENSORS_DIGITS);
    *size = total;
    return bytes;
}

static int compare_names(const void *a, const void *b)
{
    const struct tensor *const *x = a, *const *y = b;

    return strcmp((*x)->name, (*y)->name);
}

/* The tensors in the order of their names, to be freed. */
static const struct tensor **sort_by_name(const struct tensor *tensors, size_t count, struct error *error)
{
    const struct tensor **order = memory_array(count, sizeof *order);

    if (!order) {
        error_memory(error);
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        size_t bytes = 0;

        assert(tensor_size(tensors[i].type, tensors[i].rank, tensors[i].dim, &bytes) &&
               bytes == tensors[i].bytes);
        (void)bytes;
        order[i] = &tensors[i];
    }
    qsort(order, count, sizeof *order, compare_names);
    return order;
}

static int write_file(const char *path, const char *header, size_t header_size,
                      const struct tensor *const *tensors, size_t tensor_count, struct error *error)
{
    struct file_replacement file;
    int result = file_replace_begin(&file, path, error);

    if (result == 0)
        result = file_replace_write(&file, header, header_size, error);
    for (size_t i = 0; result == 0 && i < tensor_count; i++)
        result = file_replace_write(&file, tensors[i]->data, tensors[i]->bytes, error);
    return result == 0 ? file_replace_commit(&file, error) : -1;
}

int safetensors_write(const char *path, const struct tensor *tensors, size_t tensor_count,
                      const struct metadata *metadata, size_t metadata_count, struct error *error)
{
    const struct tensor **order = sort_by_name(tensors, tensor_count, error);
    json_t *root = order ? header_object(order, tensor_count, metadata, metadata_count, error) : NULL;
    size_t header_size = 0;
    char *header = root ? header_bytes(root, &header_size, error) : NULL;
    int result = -1;

    if (header)
        result = write_file(path, header, header_size, order, tensor_count, error);
    else
        error_in_file(error, path);
    free(header);
    json_decref(root);
    free(order);
    return result;
}
