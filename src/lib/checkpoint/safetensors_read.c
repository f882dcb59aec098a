/* safetensors_read.c: reading a checkpoint file; see safetensors.h. Nothing in the file is believed. */
#include "checkpoint/safetensors.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/file_io.h"
#include "base/json_parse.h"
#include "checkpoint/safetensors_format.h"

struct safetensors {
    json_t *root; /* owns names and metadata */
    struct tensor *tensors;
    size_t count;
    char *data;
};

/* A tensor as the header describes it: bytes begin .. end - 1 of the data. */
struct place {
    struct tensor *tensor;
    uint64_t begin, end;
};

static int torn(int ended, const char *what, struct error *error)
{
    return error_set(error, ERROR_DATA, "%s: %s", what,
                     ended > 0 ? "the file became shorter" : strerror(errno));
}

/* The size of a file that may be a checkpoint this machine can hold. */
static int file_size(int fd, uint64_t *size, struct error *error)
{
    const size_t memory = memory_physical();
    struct stat status;

    if (fstat(fd, &status) != 0)
        return error_set(error, ERROR_DATA, "%s", strerror(errno));
    if (!S_ISREG(status.st_mode))
        return error_set(error, ERROR_DATA, "not a regular file");
    *size = (uint64_t)status.st_size;
    if (*size < SAFETENSORS_LENGTH)
        return error_set(error, ERROR_DATA, "only %" PRIu64 " bytes long: no checkpoint, or torn", *size);
    if (memory && *size > memory)
        return error_set(error, ERROR_DATA, "%" PRIu64 " bytes long, more than this machine's memory", *size);
    return 0;
}

/* What a file is that begins so, NULL: not known. None of these can begin a header as long as are read. */
static const char *other_kind(const unsigned char begin[SAFETENSORS_LENGTH])
{
    if (memcmp(begin, "\x89PNG\r\n\x1a\n", 8) == 0)
        return "a PNG picture";
    if (memcmp(begin, "\x1f\x8b", 2) == 0)
        return "a gzip file";
    if (memcmp(begin, "\0\0\x08", 3) == 0 && begin[3] >= 1 && begin[3] <= 4)
        return "an IDX file";
    if (begin[0] == 'P' && begin[1] >= '1' && begin[1] <= '6' && memchr(" \t\r\n#", begin[2], 5))
        return "a PNM picture";
    return NULL;
}

static int check_length(uint64_t length, uint64_t file, struct error *error)
{
    unsigned char begin[SAFETENSORS_LENGTH];
    const char *kind;

    memcpy(begin, &length, sizeof begin);
    kind = other_kind(begin);
    if (length > SAFETENSORS_MOST_HEADER && kind)
        return error_set(error, ERROR_DATA, "is %s, but a checkpoint (.safetensors) is expected", kind);
    if (length > SAFETENSORS_MOST_HEADER)
        return error_set(error, ERROR_DATA,
                         "a header of %" PRIu64 " bytes, at most %d are read: no checkpoint, or torn", length,
                         (int)SAFETENSORS_MOST_HEADER);
    if (length > file - SAFETENSORS_LENGTH)
        return error_set(error, ERROR_DATA, "ends within its header");
    return 0;
}

/* The length and the header in fresh memory, a '\0' behind them; what comes before the data is *size bytes.
 */
static char *read_header(int fd, uint64_t file, size_t *size, struct error *error)
{
    uint64_t length;
    char *bytes;
    int ended = file_read(fd, &length, sizeof length);

    if (ended) {
        torn(ended, "header", error);
        return NULL;
    }
    if (check_length(length, file, error) != 0)
        return NULL;
    *size = SAFETENSORS_LENGTH + (size_t)length;
    bytes = malloc(*size + 1);
    if (!bytes) {
        error_memory(error);
        return NULL;
    }
    memcpy(bytes, &length, SAFETENSORS_LENGTH);
    bytes[*size] = '\0';
    ended = file_read(fd, bytes + SAFETENSORS_LENGTH, (size_t)length);
    if (ended) {
        torn(ended, "header", error);
        free(bytes);
        return NULL;
    }
    return bytes;
}

/* Before the JSON is looked at, so that a torn header is called torn. */
static int check_header(char *bytes, size_t size, struct error *error)
{
    char *json = bytes + SAFETENSORS_LENGTH, *field;
    struct safetensors_digits sum;

    if (json[0] != '{')
        return error_set(error, ERROR_DATA, "the header does not begin with '{': no checkpoint, or torn");
    if (strlen(json) != size - SAFETENSORS_LENGTH)
        return error_set(error, ERROR_DATA, "a zero byte within the header");
    field = safetensors_checksum_field(json);
    if (!field)
        return error_set(error, ERROR_DATA, "the header has no checksum: not written by nnrun, or torn");
    sum = safetensors_header_checksum(bytes, size, field);
    if (memcmp(sum.text, field, SAFETENSORS_DIGITS) != 0)
        return error_set(error, ERROR_DATA, "the header does not match its checksum");
    return 0;
}

static json_t *parse_header(const char *json, size_t length, struct error *error)
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

static int check_metadata(json_t *root, struct error *error)
{
    json_t *metadata = json_object_get(root, SAFETENSORS_METADATA), *value;
    const char *key;

    if (!json_is_object(metadata))
        return error_set(error, ERROR_DATA, "header: " SAFETENSORS_METADATA " is not an object");
    json_object_foreach (metadata, key, value) {
        if (!json_is_string(value))
            return error_set(error, ERROR_DATA, "metadata \"%s\" is not a string", key);
    }
    return 0;
}

/* A number >= 0, not written as a real. */
static bool whole(const json_t *value, uint64_t *number)
{
    if (!json_is_integer(value) || json_integer_value(value) < 0)
        return false;
    *number = (uint64_t)json_integer_value(value);
    return true;
}

static int parse_dtype(const json_t *value, struct tensor *tensor, struct error *error)
{
    const char *text = json_string_value(value);

    if (!text)
        return error_set(error, ERROR_DATA, "dtype is not a string");
    if (strcmp(text, safetensors_dtype(TENSOR_F32)) == 0)
        tensor->type = TENSOR_F32;
    else if (strcmp(text, safetensors_dtype(TENSOR_F64)) == 0)
        tensor->type = TENSOR_F64;
    else
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
        if (!whole(json_array_get(value, i), &tensor->dim[i]))
            return error_set(error, ERROR_DATA, "shape: dimension %u is not a whole number >= 0", i + 1);
    if (!tensor_size(tensor->type, tensor->rank, tensor->dim, &tensor->bytes))
        return error_set(error, ERROR_DATA, "shape: the size does not fit");
    return 0;
}

static int parse_tensor(const json_t *object, struct place *place, struct error *error)
{
    const json_t *offsets = json_object_get(object, "data_offsets");

    if (!json_is_object(object) || json_object_size(object) != 3)
        return error_set(error, ERROR_DATA, "dtype, shape and data_offsets expected");
    if (parse_dtype(json_object_get(object, "dtype"), place->tensor, error) != 0 ||
        parse_shape(json_object_get(object, "shape"), place->tensor, error) != 0)
        return -1;
    if (json_array_size(offsets) != 2 || !whole(json_array_get(offsets, 0), &place->begin) ||
        !whole(json_array_get(offsets, 1), &place->end))
        return error_set(error, ERROR_DATA, "data_offsets is not a pair of whole numbers >= 0");
    if (place->end < place->begin || place->end - place->begin != place->tensor->bytes)
        return error_set(error, ERROR_DATA,
                         "offsets %" PRIu64 " to %" PRIu64 " do not hold the %zu bytes of its shape",
                         place->begin, place->end, place->tensor->bytes);
    return 0;
}

static int by_offset(const void *a, const void *b)
{
    const struct place *x = a, *y = b;

    if (x->begin != y->begin)
        return x->begin < y->begin ? -1 : 1;
    return (x->end > y->end) - (x->end < y->end);
}

static int by_name(const void *a, const void *b)
{
    const struct tensor *x = a, *y = b;

    return strcmp(x->name, y->name);
}

/* Every byte of the data belongs to exactly one tensor. Sets *memory to what the tensors take when each
 * is aligned. */
static int check_layout(struct place *places, size_t count, uint64_t data, size_t *memory,
                        struct error *error)
{
    uint64_t at = 0;

    *memory = 0;
    qsort(places, count, sizeof *places, by_offset);
    for (size_t i = 0; i < count; i++) {
        const size_t bytes = places[i].tensor->bytes;

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
    return error_set(error, ERROR_DATA, "%" PRIu64 " bytes of data, the header announces %" PRIu64 "%s", data,
                     at, at > data ? ": truncated" : "");
}

static int read_data(int fd, struct safetensors *file, const struct place *places, struct error *error)
{
    const json_t *metadata = json_object_get(file->root, SAFETENSORS_METADATA);
    size_t at = 0;

    for (size_t i = 0; i < file->count; i++) {
        struct tensor *tensor = places[i].tensor;
        char *key = memory_format(SAFETENSORS_CHECKSUM ".%s", tensor->name);
        const char *expected = key ? json_string_value(json_object_get(metadata, key)) : NULL;
        struct safetensors_digits sum;
        int ended;

        free(key);
        if (!key)
            return error_memory(error);
        if ((ended = file_read(fd, file->data + at, tensor->bytes)) != 0)
            return torn(ended, tensor->name, error);
        tensor->data = file->data + at;
        sum = safetensors_checksum(tensor->data, tensor->bytes);
        if (!expected || strcmp(sum.text, expected) != 0)
            return error_set(error, ERROR_DATA, "tensor \"%s\" %s", tensor->name,
                             expected ? "does not match its checksum" : "has no checksum");
        at = (at + tensor->bytes + SAFETENSORS_ALIGN - 1) & ~(size_t)(SAFETENSORS_ALIGN - 1);
    }
    return 0;
}

/* Tensors out of the header, in the order it lists them, then the data. */
static int read_tensors(int fd, uint64_t data, struct safetensors *file, struct place *places,
                        struct error *error)
{
    json_t *object;
    const char *name;
    size_t memory;

    json_object_foreach (file->root, name, object) {
        struct place *place = &places[file->count];

        if (strcmp(name, SAFETENSORS_METADATA) == 0)
            continue;
        place->tensor = &file->tensors[file->count++];
        place->tensor->name = name;
        if (parse_tensor(object, place, error) != 0)
            return error_prefix(error, "tensor \"%s\": ", name);
    }
    if (check_layout(places, file->count, data, &memory, error) != 0)
        return -1;
    file->data = memory_array(memory, 1);
    if (!file->data)
        return error_memory(error);
    if (read_data(fd, file, places, error) != 0)
        return -1;
    qsort(file->tensors, file->count, sizeof *file->tensors, by_name);
    return 0;
}

static int read_file(int fd, struct safetensors *file, struct error *error)
{
    struct place *places = NULL;
    uint64_t size = 0;
    size_t header_size = 0, members;
    char *header;
    int result = -1;

    if (file_size(fd, &size, error) != 0)
        return -1;
    header = read_header(fd, size, &header_size, error);
    if (!header)
        return -1;
    if (check_header(header, header_size, error) == 0)
        file->root = parse_header(header + SAFETENSORS_LENGTH, header_size - SAFETENSORS_LENGTH, error);
    free(header);
    if (!file->root || check_metadata(file->root, error) != 0)
        return -1;
    members = json_object_size(file->root);
    file->tensors = memory_array(members, sizeof *file->tensors);
    places = memory_array(members, sizeof *places);
    if (file->tensors && places)
        result = read_tensors(fd, size - header_size, file, places, error);
    else
        error_memory(error);
    free(places);
    return result;
}

struct safetensors *safetensors_read(const char *path, struct error *error)
{
    struct safetensors *file = memory_array(1, sizeof *file);
    int fd, result = -1;

    if (!file) {
        error_memory(error);
        return NULL;
    }
    /* O_NONBLOCK: a pipe of that name must not hang us before we see what it is. */
    fd = file_open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
    if (fd < 0) {
        error_set(error, ERROR_DATA, "%s", strerror(errno));
    } else {
        result = read_file(fd, file, error);
        close(fd);
    }
    if (result == 0)
        return file;
    error_in_file(error, path);
    safetensors_free(file);
    return NULL;
}

void safetensors_free(struct safetensors *file)
{
    if (!file)
        return;
    json_decref(file->root);
    free(file->tensors);
    free(file->data);
    free(file);
}

const struct tensor *safetensors_tensor(const struct safetensors *file, const char *name)
{
    const struct tensor wanted = {.name = name};

    return bsearch(&wanted, file->tensors, file->count, sizeof *file->tensors, by_name);
}

const char *safetensors_value(const struct safetensors *file, const char *key)
{
    return json_string_value(json_object_get(json_object_get(file->root, SAFETENSORS_METADATA), key));
}

const struct tensor *safetensors_at(const struct safetensors *file, size_t i)
{
    return i < file->count ? &file->tensors[i] : NULL;
}
