/* safetensors_format.c: see safetensors_format.h. */
#include "checkpoint/safetensors_format.h"

#include <stdio.h>
#include <string.h>
#include <zlib.h>

static const char zeros[] = "00000000";

struct safetensors_digits safetensors_checksum_text(uint32_t sum)
{
    struct safetensors_digits result;

    snprintf(result.text, sizeof result.text, "%08lx", (unsigned long)sum);
    return result;
}

uint32_t safetensors_checksum_add(uint32_t sum, const void *data, size_t size)
{
    /* zlib takes NULL as a question for the first value. */
    return size ? (uint32_t)crc32_z(sum, data, size) : sum;
}

struct safetensors_digits safetensors_checksum(const void *data, size_t size)
{
    return safetensors_checksum_text(safetensors_checksum_add(0, data, size));
}

char *safetensors_checksum_field(char *json)
{
    /* Within a string of JSON a quote has a backslash before it, so this can only be a key. */
    static const char key[] = "\"" SAFETENSORS_CHECKSUM "\":\"";
    char *field = strstr(json, key);

    if (!field)
        return NULL;
    field += strlen(key);
    return strlen(field) > SAFETENSORS_DIGITS && field[SAFETENSORS_DIGITS] == '"' ? field : NULL;
}

struct safetensors_digits safetensors_header_checksum(const char *start, size_t size, const char *field)
{
    const size_t before = (size_t)(field - start), past = before + SAFETENSORS_DIGITS;
    uint32_t sum = safetensors_checksum_add(0, start, before);

    sum = safetensors_checksum_add(sum, zeros, SAFETENSORS_DIGITS);
    return safetensors_checksum_text(safetensors_checksum_add(sum, start + past, size - past));
}

const char *safetensors_dtype(enum tensor_type type)
{
    static const char *const names[] = {
        [TENSOR_F32] = "F32", [TENSOR_F64] = "F64", [TENSOR_F16] = "F16", [TENSOR_BF16] = "BF16"};

    return names[type];
}
