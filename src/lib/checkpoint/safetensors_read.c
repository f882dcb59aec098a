/* safetensors_read.c: see safetensors_read.h. Nothing in the file is believed. */
#include "checkpoint/safetensors_read.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file_io.h"
#include "base/file_kind.h"
#include "base/memory.h"
#include "base/sha256.h"
#include "checkpoint/safetensors_format.h"
#include "checkpoint/safetensors_header.h"

enum { PART = 1 << 18 };

struct safetensors {
    char *label;
    json_t *root; /* owns names and metadata */
    struct tensor *tensors;
    size_t count;
    char *data;
    bool other;             /* it is of another program */
    char hash[SHA256_TEXT]; /* "": not asked for */
};

/* What is read, from the front: a file, or bytes in memory. */
struct input {
    int fd; /* -1: `bytes` */
    const char *bytes;
    uint64_t size;                           /* of all of it; of bytes, what is left */
    bool any;                                /* another program may have written it */
    const struct safetensors_choice *choice; /* NULL: all */
    struct sha256 hash;
};

/* As file_read. */
static int take_bytes(struct input *input, void *to, size_t size)
{
    if (input->fd >= 0)
        return file_read(input->fd, to, size);
    if (size > input->size)
        return 1;
    if (size > 0)
        memcpy(to, input->bytes, size);
    input->bytes += size;
    input->size -= size;
    return 0;
}

/* The same. Each byte is taken once, in order, so that the hash is that of the file. */
static int take(struct input *input, void *to, size_t size)
{
    const int ended = take_bytes(input, to, size);

    if (ended == 0 && input->any)
        sha256_add(&input->hash, to, size);
    return ended;
}

static int set_read_error(int ended, const char *what, struct error *error)
{
    return error_set(error, ERROR_FAILED, "%s: %s", what,
                     ended > 0 ? "the file became shorter" : strerror(errno));
}

static int find_size(int fd, bool any, uint64_t *size, struct error *error)
{
    const size_t memory = memory_physical();
    struct stat status;

    if (fstat(fd, &status) != 0)
        return error_set(error, ERROR_FAILED, "%s", strerror(errno));
    if (!S_ISREG(status.st_mode))
        return error_set(error, ERROR_DATA, "is not a regular file");
    *size = (uint64_t)status.st_size;
    if (!any && memory && *size > memory)
        return error_set(error, ERROR_DATA, "is %" PRIu64 " bytes long, more than this machine's memory",
                         *size);
    return 0;
}

/* How long a header may be in a file of that size. */
static uint64_t most_header(bool any, uint64_t file)
{
    const uint64_t most = SAFETENSORS_LEAST_OTHER_HEADER + file / SAFETENSORS_OTHER_HEADER_PART;

    if (!any)
        return SAFETENSORS_MOST_HEADER;
    return most < SAFETENSORS_MOST_OTHER_HEADER ? most : SAFETENSORS_MOST_OTHER_HEADER;
}

static int check_length(uint64_t length, uint64_t file, uint64_t most, struct error *error)
{
    const char *kind = file_kind(&length, sizeof length);
    const bool within = length <= file - SAFETENSORS_LENGTH;

    if (kind && (length > most || !within)) /* a header's length may begin like any kind */
        return error_set(error, ERROR_DATA, "is %s, but a checkpoint (.safetensors) is expected", kind);
    if (length > most)
        return error_set(error, ERROR_DATA,
                         "has a header of %" PRIu64 " bytes; at most %" PRIu64 " are read%s", length, most,
                         within ? " of a file of its size" : ": not a checkpoint, or truncated");
    return within ? 0 : error_set(error, ERROR_DATA, "ends within its header");
}

/* The length and the header in fresh memory, a '\0' behind them; what comes before the data is *size bytes.
 */
static char *read_header(struct input *input, size_t *size, struct error *error)
{
    const uint64_t most = most_header(input->any, input->size);
    const uint64_t file = input->size;
    uint64_t length;
    char *bytes;
    int ended = take(input, &length, sizeof length);

    if (ended) {
        set_read_error(ended, "header", error);
        return NULL;
    }
    if (check_length(length, file, most, error) != 0)
        return NULL;
    *size = SAFETENSORS_LENGTH + (size_t)length;
    bytes = malloc(*size + 1);
    if (!bytes) {
        error_memory(error);
        return NULL;
    }
    memcpy(bytes, &length, SAFETENSORS_LENGTH);
    bytes[*size] = '\0';
    ended = take(input, bytes + SAFETENSORS_LENGTH, (size_t)length);
    if (ended) {
        set_read_error(ended, "header", error);
        free(bytes);
        return NULL;
    }
    return bytes;
}

static int compare_names(const void *a, const void *b)
{
    const struct tensor *x = a, *y = b;

    return strcmp(x->name, y->name);
}

/* Against the checksum that the metadata have of it. */
static int check_sum(const struct safetensors *file, const struct tensor *tensor, uint32_t found,
                     struct error *error)
{
    const struct safetensors_digits sum = safetensors_checksum_text(found);
    char *key = memory_format(SAFETENSORS_CHECKSUM ".%s", tensor->name);
    const char *expected = key ? safetensors_value(file, key) : NULL;

    free(key);
    if (!key)
        return error_memory(error);
    if (expected && strcmp(sum.text, expected) == 0)
        return 0;
    return error_set(error, ERROR_DATA, "tensor \"%s\" %s", tensor->name,
                     expected ? "does not match its checksum" : "has no checksum");
}

/* To `to`; NULL: nowhere, but through `part`, of PART bytes. */
static int read_tensor(struct input *input, const struct safetensors *file, struct tensor *tensor, char *to,
                       char *part, struct error *error)
{
    uint32_t sum = 0;
    size_t size;

    for (size_t done = 0; done < tensor->bytes; done += size) {
        char *at = to ? to + done : part;
        int ended;

        size = tensor->bytes - done < PART ? tensor->bytes - done : PART;
        ended = take(input, at, size);
        if (ended)
            return set_read_error(ended, tensor->name, error);
        if (!file->other)
            sum = safetensors_checksum_add(sum, at, size);
    }
    tensor->data = to;
    return file->other ? 0 : check_sum(file, tensor, sum, error);
}

static int read_data(struct input *input, struct safetensors *file, const struct tensor_place *places,
                     struct error *error)
{
    char *part = input->choice ? malloc(PART) : NULL;
    int failed = input->choice && !part ? error_memory(error) : 0;
    size_t at = 0;

    for (size_t i = 0; i < file->count && !failed; i++) {
        struct tensor *tensor = places[i].tensor;
        char *to = places[i].left_out ? NULL : file->data + at;

        failed = read_tensor(input, file, tensor, to, part, error);
        if (to)
            at = (at + tensor->bytes + SAFETENSORS_ALIGN - 1) & ~(size_t)(SAFETENSORS_ALIGN - 1);
    }
    free(part);
    return failed;
}

/* Tensors out of the header, in the order it lists them, then the data. */
static int read_tensors(struct input *input, uint64_t data, struct safetensors *file,
                        struct tensor_place *places, struct error *error)
{
    const struct safetensors_choice *choice = input->choice;
    size_t memory;

    if (safetensors_header_tensors(file->root, file->other, file->tensors, places, &file->count, error) != 0)
        return -1;
    for (size_t i = 0; choice && i < file->count; i++)
        places[i].left_out = !choice->wants(choice->arg, places[i].tensor);
    if (safetensors_header_layout(places, file->count, data, &memory, error) != 0)
        return -1;
    file->data = memory_array(memory, 1);
    if (!file->data)
        return error_memory(error);
    if (read_data(input, file, places, error) != 0)
        return -1;
    qsort(file->tensors, file->count, sizeof *file->tensors, compare_names);
    return 0;
}

static int read_all(struct input *input, struct safetensors *file, struct error *error)
{
    const uint64_t size = input->size;
    struct tensor_place *places = NULL;
    size_t header_size = 0, members;
    char *header;
    int result = -1;

    if (size < SAFETENSORS_LENGTH)
        return error_set(error, ERROR_DATA, "is only %" PRIu64 " bytes long: not a checkpoint, or truncated",
                         size);
    header = read_header(input, &header_size, error);
    if (!header)
        return -1;
    file->root = safetensors_header_parse(header, header_size, input->any ? &file->other : NULL, error);
    free(header);
    if (!file->root)
        return -1;
    members = json_object_size(file->root);
    file->tensors = memory_array(members, sizeof *file->tensors);
    places = memory_array(members, sizeof *places);
    if (file->tensors && places)
        result = read_tensors(input, size - header_size, file, places, error);
    else
        error_memory(error);
    free(places);
    return result;
}

/* NULL after setting error. */
static struct safetensors *create(const char *label, struct error *error)
{
    struct safetensors *file = memory_array(1, sizeof *file);

    if (file && (file->label = memory_string(label)))
        return file;
    safetensors_free(file);
    error_memory(error);
    return NULL;
}

/* The file if it could be read; else the error says which it is, and it is freed. */
static struct safetensors *created(struct safetensors *file, int result, struct error *error)
{
    if (result == 0)
        return file;
    error_in_file(error, file->label);
    safetensors_free(file);
    return NULL;
}

/* Into the file, whose label is its path. Returns 0 or -1. */
static int read_path(struct safetensors *file, struct input *input, bool *damaged, struct error *error)
{
    int result = -1;

    *damaged = false;
    /* O_NONBLOCK: a pipe of that name must not hang us before we see what it is. */
    input->fd = file_open(file->label, O_RDONLY | O_NONBLOCK | O_NOCTTY);
    if (input->fd < 0)
        return error_set(error, file_open_code(errno), "%s", strerror(errno));
    if (find_size(input->fd, input->any, &input->size, error) == 0) {
        result = read_all(input, file, error);
        *damaged = result != 0 && error->code == ERROR_DATA;
    }
    close(input->fd);
    return result;
}

struct safetensors *safetensors_verify(const char *path, bool *damaged, struct error *error)
{
    struct safetensors *file = create(path, error);
    struct input input = {.fd = -1};

    *damaged = false;
    return file ? created(file, read_path(file, &input, damaged, error), error) : NULL;
}

struct safetensors *safetensors_read_any(const char *path, const struct safetensors_choice *choice,
                                         struct error *error)
{
    struct safetensors *file = create(path, error);
    struct input input = {.fd = -1, .any = true, .choice = choice};
    bool damaged;
    int result;

    if (!file)
        return NULL;
    sha256_begin(&input.hash);
    result = read_path(file, &input, &damaged, error);
    sha256_end(&input.hash, file->hash);
    return created(file, result, error);
}

struct safetensors *safetensors_read(const char *path, struct error *error)
{
    bool damaged;

    return safetensors_verify(path, &damaged, error);
}

struct safetensors *safetensors_parse(const void *bytes, size_t size, const char *label, struct error *error)
{
    struct safetensors *file = create(label, error);
    struct input input = {.fd = -1, .bytes = bytes, .size = size};

    return file ? created(file, read_all(&input, file, error), error) : NULL;
}

bool safetensors_begins(const void *bytes, size_t size)
{
    const char *begin = bytes;
    uint64_t length;

    if (size <= SAFETENSORS_LENGTH || begin[SAFETENSORS_LENGTH] != '{')
        return false;
    memcpy(&length, begin, sizeof length);
    return length <= SAFETENSORS_MOST_HEADER;
}

void safetensors_free(struct safetensors *file)
{
    if (!file)
        return;
    free(file->label);
    json_decref(file->root);
    free(file->tensors);
    free(file->data);
    free(file);
}

const char *safetensors_label(const struct safetensors *file)
{
    return file->label;
}

const struct tensor *safetensors_tensor(const struct safetensors *file, const char *name)
{
    const struct tensor wanted = {.name = name};

    return bsearch(&wanted, file->tensors, file->count, sizeof *file->tensors, compare_names);
}

const char *safetensors_value(const struct safetensors *file, const char *key)
{
    return json_string_value(json_object_get(json_object_get(file->root, SAFETENSORS_METADATA), key));
}

const char *safetensors_hash(const struct safetensors *file)
{
    return file->hash;
}

bool safetensors_is_other(const struct safetensors *file)
{
    return file->other;
}

const char *safetensors_tensor_dtype(const struct safetensors *file, const struct tensor *tensor)
{
    return json_string_value(json_object_get(json_object_get(file->root, tensor->name), "dtype"));
}

const struct tensor *safetensors_at(const struct safetensors *file, size_t i)
{
    return i < file->count ? &file->tensors[i] : NULL;
}
