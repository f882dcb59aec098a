/* safetensors_format.c: see safetensors_format.h. */
#include "checkpoint/safetensors_format.h"

#include <stdio.h>
#include <string.h>
#include <zlib.h>

static const char zeros[] = "00000000";

static struct safetensors_digits format_digits(uLong crc)
{
    struct safetensors_digits result;

    snprintf(result.text, sizeof result.text, "%08lx", crc & 0xffffffffu);
    return result;
}

struct safetensors_digits safetensors_checksum(const void *data, size_t size)
{
    /* zlib takes NULL as a question for the first value. */
    return format_digits(size ? crc32_z(0, data, size) : 0);
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
    uLong crc = crc32_z(0, (const Bytef *)start, before);

    crc = crc32_z(crc, (const Bytef *)zeros, SAFETENSORS_DIGITS);
    return format_digits(crc32_z(crc, (const Bytef *)start + past, size - past));
}

const char *safetensors_dtype(enum tensor_type type)
{
    static const char *const names[] = {
        [TENSOR_F32] = "F32", [TENSOR_F64] = "F64", [TENSOR_F16] = "F16", [TENSOR_BF16] = "BF16"};

    return names[type];
}
