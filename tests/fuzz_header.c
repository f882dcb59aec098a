/* fuzz_header.c: see fuzz_header.h. */
#include "fuzz_header.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checkpoint/safetensors_format.h"
#include "fuzz.h"

enum { TEXT_ROOM = 1 << 16, HEADER_ROOM = 1 << 17 };

/* A checkpoint taken apart. */
struct parts {
    json_t *root, *metadata; /* metadata: in root */
    uint8_t *data;           /* in the file */
    size_t data_size;
    unsigned *state; /* of fuzz_draw */
};

void fuzz_header_repair(uint8_t *file, size_t size)
{
    char *text = (char *)file, *field, *header;
    uint64_t length;

    if (size < SAFETENSORS_LENGTH)
        return;
    memcpy(&length, file, sizeof length);
    if (length > size - SAFETENSORS_LENGTH)
        return;
    header = malloc((size_t)length + 1);
    if (!header)
        fuzz_fail("no memory");
    memcpy(header, text + SAFETENSORS_LENGTH, (size_t)length);
    header[length] = '\0';
    field = safetensors_checksum_field(header);
    if (field) {
        const size_t at = SAFETENSORS_LENGTH + (size_t)(field - header);
        const struct safetensors_digits sum =
            safetensors_header_checksum(text, SAFETENSORS_LENGTH + (size_t)length, text + at);

        memcpy(text + at, sum.text, SAFETENSORS_DIGITS);
    }
    free(header);
}

/* ---- changes of JSON ----------------------------------------------------------------------------------- */

static json_int_t draw_number(unsigned *state)
{
    static const json_int_t numbers[] = {0,
                                         1,
                                         2,
                                         3,
                                         5,
                                         7,
                                         10,
                                         16,
                                         17,
                                         4096,
                                         65535,
                                         65536,
                                         -1,
                                         1 << 24,
                                         1 << 30,
                                         INT32_MAX,
                                         (json_int_t)1 << 31,
                                         (json_int_t)1 << 32,
                                         (json_int_t)1 << 53,
                                         (json_int_t)1 << 62,
                                         INT64_MAX,
                                         INT64_MIN};

    return numbers[fuzz_draw(state, sizeof numbers / sizeof numbers[0])];
}

/* A key of the object, NULL if it is none or empty. */
static const char *draw_key(json_t *object, unsigned *state)
{
    void *at = json_object_iter(object);

    for (size_t i = fuzz_draw(state, json_object_size(object)); i > 0 && at; i--)
        at = json_object_iter_next(object, at);
    return at ? json_object_iter_key(at) : NULL;
}

/* The text with some bytes changed; what is no UTF-8 then becomes a question mark. */
static json_t *change_text(const char *text, unsigned *state)
{
    static uint8_t changed[TEXT_ROOM];
    size_t size = strlen(text);
    json_t *made = NULL;

    size = size < TEXT_ROOM / 2 ? size : TEXT_ROOM / 2;
    memcpy(changed, text, size);
    for (size_t i = fuzz_draw(state, 3); i < 3; i++)
        size = fuzz_change_text(changed, size, TEXT_ROOM, state);
    made = json_stringn((const char *)changed, size);
    for (size_t i = 0; !made && i < size; i++)
        changed[i] = changed[i] < 0x80 ? changed[i] : '?';
    return made ? made : json_stringn((const char *)changed, size);
}

static json_t *draw_value(unsigned *state)
{
    switch (fuzz_draw(state, 6)) {
    case 0:
        return json_null();
    case 1:
        return json_string("F32");
    case 2:
        return json_array();
    case 3:
        return json_object();
    case 4:
        return json_real(1e300);
    default:
        return json_integer(draw_number(state));
    }
}

static void change_metadata(struct parts *parts)
{
    static const char *const rich[] = {"config", "config", "overrides", "epoch", "step", "epoch_samples"};
    unsigned *state = parts->state;
    const char *drawn = draw_key(parts->metadata, state);
    const char *key = fuzz_draw(state, 2) ? rich[fuzz_draw(state, sizeof rich / sizeof rich[0])] : drawn;
    const char *text = key ? json_string_value(json_object_get(parts->metadata, key)) : NULL;
    char number[32];

    if (!key)
        return;
    switch (fuzz_draw(state, 8)) {
    case 0:
        json_object_del(parts->metadata, key);
        break;
    case 1:
        json_object_set_new(parts->metadata, key, draw_value(state));
        break;
    case 2:
        snprintf(number, sizeof number, "%" PRIu64, (uint64_t)draw_number(state));
        json_object_set_new(parts->metadata, key, json_string(number));
        break;
    default:
        json_object_set_new(parts->metadata, key, change_text(text ? text : "", state));
    }
}

/* A member of a list, or one more. */
static void change_list(json_t *list, unsigned *state)
{
    const size_t size = json_array_size(list), at = fuzz_draw(state, size + 1);
    const json_int_t was = json_integer_value(json_array_get(list, at));
    json_t *value = fuzz_draw(state, 3) ? json_integer(draw_number(state))
                                        : json_integer((json_int_t)((uint64_t)was + fuzz_draw(state, 9) - 4));

    if (at == size)
        json_array_append_new(list, value);
    else if (fuzz_draw(state, 6) == 0) {
        json_decref(value);
        json_array_remove(list, at);
    } else
        json_array_set_new(list, at, value);
}

/* Another name, which may be that of another tensor. */
static void rename_tensor(struct parts *parts, const char *name)
{
    json_t *tensor = json_incref(json_object_get(parts->root, name)), *text = change_text(name, parts->state);
    const char *other = draw_key(parts->root, parts->state);

    if (fuzz_draw(parts->state, 2) && other) {
        json_decref(text);
        text = json_string(other);
    }
    if (fuzz_draw(parts->state, 2))
        json_object_del(parts->root, name);
    if (json_is_string(text) && strcmp(json_string_value(text), SAFETENSORS_METADATA) != 0)
        json_object_set(parts->root, json_string_value(text), tensor);
    json_decref(tensor);
    json_decref(text);
}

static void change_tensor(struct parts *parts)
{
    unsigned *state = parts->state;
    const char *name = draw_key(parts->root, state);
    json_t *tensor = name ? json_object_get(parts->root, name) : NULL;

    if (!tensor || tensor == parts->metadata)
        return;
    switch (fuzz_draw(state, 8)) {
    case 0:
        json_object_del(parts->root, name);
        break;
    case 1:
        rename_tensor(parts, name);
        break;
    case 2:
        json_object_set_new(tensor, "dtype", json_string(fuzz_draw(state, 2) ? "F64" : "BF16"));
        break;
    case 3:
        json_object_set_new(tensor, fuzz_draw(state, 2) ? "shape" : "more", draw_value(state));
        break;
    case 4:
    case 5:
        change_list(json_object_get(tensor, "data_offsets"), state);
        break;
    default:
        change_list(json_object_get(tensor, "shape"), state);
    }
}

/* ---- what the JSON says, made true ---------------------------------------------------------------------- */

/* Bytes that a tensor should have, SIZE_MAX if there are too many. */
static size_t tensor_bytes(const json_t *tensor, size_t most)
{
    const json_t *shape = json_object_get(tensor, "shape"), *dim;
    const char *type = json_string_value(json_object_get(tensor, "dtype"));
    size_t bytes = type && strcmp(type, "F64") == 0 ? 8 : 4, i;

    json_array_foreach (shape, i, dim) {
        const json_int_t value = json_integer_value(dim);

        if (value < 0 || (value > 0 && bytes > most / (size_t)value))
            return SIZE_MAX;
        bytes *= (size_t)value;
    }
    return bytes;
}

/* Offsets that fit the shapes, one after another. Returns the size of the data, SIZE_MAX if there is no room. */
static size_t lay_out(struct parts *parts, size_t most)
{
    size_t at = 0;
    const char *name;
    json_t *tensor;

    json_object_foreach (parts->root, name, tensor) {
        const size_t bytes = tensor == parts->metadata ? 0 : tensor_bytes(tensor, most);

        if (tensor == parts->metadata || !json_is_object(tensor))
            continue;
        if (bytes > most - at)
            return SIZE_MAX;
        json_object_set_new(tensor, "data_offsets",
                            json_pack("[I, I]", (json_int_t)at, (json_int_t)(at + bytes)));
        at += bytes;
    }
    return at;
}

static void sum_tensors(struct parts *parts)
{
    const char *name;
    json_t *tensor;

    json_object_foreach (parts->root, name, tensor) {
        const json_t *offsets = json_object_get(tensor, "data_offsets");
        const json_int_t begin = json_integer_value(json_array_get(offsets, 0)),
                         end = json_integer_value(json_array_get(offsets, 1));
        char key[512];

        if (tensor == parts->metadata || begin < 0 || end < begin || (uint64_t)end > parts->data_size)
            continue;
        snprintf(key, sizeof key, SAFETENSORS_CHECKSUM ".%s", name);
        json_object_set_new(
            parts->metadata, key,
            json_string(safetensors_checksum(parts->data + begin, (size_t)(end - begin)).text));
    }
    json_object_set_new(parts->metadata, SAFETENSORS_CHECKSUM, json_string("00000000"));
}

/* Puts the file together again. Returns its size, or 0: it is too large. */
static size_t put_together(struct parts *parts, uint8_t *file, size_t most, bool honest)
{
    char *text;
    size_t length, padded;

    if (honest)
        sum_tensors(parts);
    text = json_dumps(parts->root, JSON_COMPACT | JSON_SORT_KEYS);
    length = text ? strlen(text) : 0;
    padded = (SAFETENSORS_LENGTH + length + SAFETENSORS_ALIGN - 1) / SAFETENSORS_ALIGN * SAFETENSORS_ALIGN;
    if (!text || padded > most || parts->data_size > most - padded) {
        free(text);
        return 0;
    }
    memset(file, ' ', padded);
    memcpy(file, &(uint64_t){padded - SAFETENSORS_LENGTH}, SAFETENSORS_LENGTH);
    memcpy(file + SAFETENSORS_LENGTH, text, length);
    memcpy(file + padded, parts->data, parts->data_size);
    free(text);
    if (honest)
        fuzz_header_repair(file, padded + parts->data_size);
    return padded + parts->data_size;
}

/* Another size of the data: what the shapes want, or any. */
static void change_data(struct parts *parts, size_t most)
{
    size_t size = lay_out(parts, most);
    uint8_t *data;

    if (size == SIZE_MAX)
        return;
    data = calloc(size + 16, 1);
    if (!data)
        fuzz_fail("no memory");
    memcpy(data, parts->data, size < parts->data_size ? size : parts->data_size);
    free(parts->data);
    parts->data = data;
    parts->data_size = size;
}

static void change_parts(struct parts *parts, size_t most)
{
    for (size_t i = fuzz_draw(parts->state, 3); i < 3; i++)
        if (fuzz_draw(parts->state, 2))
            change_metadata(parts);
        else
            change_tensor(parts);
    if (fuzz_draw(parts->state, 3))
        change_data(parts, most);
    if (parts->data_size > 0 && fuzz_draw(parts->state, 4) == 0)
        LLVMFuzzerMutate(parts->data, parts->data_size, parts->data_size);
    if (!json_is_object(json_object_get(parts->root, SAFETENSORS_METADATA)))
        json_object_set_new(parts->root, SAFETENSORS_METADATA, json_object());
    parts->metadata = json_object_get(parts->root, SAFETENSORS_METADATA);
}

size_t fuzz_header_change(uint8_t *file, size_t size, size_t most, unsigned seed)
{
    const bool honest = fuzz_draw(&seed, 16) != 0;
    struct parts parts = {.state = &seed};
    uint64_t length = UINT64_MAX;
    size_t made = 0;

    if (size >= SAFETENSORS_LENGTH)
        memcpy(&length, file, sizeof length);
    if (fuzz_draw(&seed, 6) && length <= size - (size < SAFETENSORS_LENGTH ? size : SAFETENSORS_LENGTH))
        parts.root = json_loadb((const char *)file + SAFETENSORS_LENGTH, (size_t)length, 0, NULL);
    parts.metadata = json_object_get(parts.root, SAFETENSORS_METADATA);
    if (parts.metadata) {
        parts.data_size = size - SAFETENSORS_LENGTH - (size_t)length;
        parts.data = fuzz_copy(file + size - parts.data_size, parts.data_size);
        change_parts(&parts, most);
        made = put_together(&parts, file, most, honest);
    }
    free(parts.data);
    json_decref(parts.root);
    if (made > 0)
        return made;
    size = LLVMFuzzerMutate(file, size, most);
    if (honest)
        fuzz_header_repair(file, size);
    return size;
}
