/* idx_content.c: see idx_content.h. */
#include "pack/idx_content.h"

#include <string.h>

enum { IDX_BYTES = 0x08, IDX_FLOATS = 0x0D, NUMBER = 4 };

static void put_number(struct idx_content *idx, uint32_t number)
{
    for (size_t i = 0; i < NUMBER; i++)
        idx->header[idx->header_size++] = (uint8_t)(number >> (24 - 8 * i));
}

static void begin_header(struct idx_content *idx, int type, size_t rank)
{
    idx->header[0] = idx->header[1] = 0;
    idx->header[2] = (uint8_t)type;
    idx->header[3] = (uint8_t)(rank + 1);
    idx->header_size = NUMBER;
    put_number(idx, (uint32_t)idx->count);
}

/* Calls for each sample in which bytes of the content lie. */
typedef int fill_sample(const struct idx_content *idx, size_t sample, size_t from, size_t size, uint8_t *to,
                        struct error *error);

static int fill(const struct idx_content *idx, fill_sample *one, uint64_t offset, size_t size, uint8_t *to,
                struct error *error)
{
    for (; size > 0 && offset < idx->header_size; size--, offset++)
        *to++ = idx->header[offset];
    while (size > 0) {
        const uint64_t at = offset - idx->header_size;
        const size_t i = (size_t)(at / idx->record), from = (size_t)(at % idx->record);
        const size_t left = idx->record - from, part = left < size ? left : size;
        if (one(idx, idx->samples[i], from, part, to, error) != 0)
            return -1;
        to += part;
        offset += part;
        size -= part;
    }
    return 0;
}

static int one_image(const struct idx_content *idx, size_t sample, size_t from, size_t size, uint8_t *to,
                     struct error *error)
{
    return spool_values(idx->spool, sample, from, size, to, error);
}

static int one_label(const struct idx_content *idx, size_t sample, size_t from, size_t size, uint8_t *to,
                     struct error *error)
{
    if (idx->record > 1)
        return spool_labels(idx->spool, sample, from, size, to, error);
    *to = (uint8_t)idx->class_of[idx->spool->samples[sample].class];
    return 0;
}

static int fill_images(const void *context, uint64_t offset, size_t size, uint8_t *to, struct error *error)
{
    return fill(context, one_image, offset, size, to, error);
}

static int fill_labels(const void *context, uint64_t offset, size_t size, uint8_t *to, struct error *error)
{
    return fill(context, one_label, offset, size, to, error);
}

void idx_content_images(struct idx_content *idx, const struct pack_form *form, struct gzip_content *content)
{
    begin_header(idx, form->kind == PACK_FLOATS ? IDX_FLOATS : IDX_BYTES, (size_t)form->shape.rank);
    for (int32_t i = 0; i < form->shape.rank; i++)
        put_number(idx, (uint32_t)form->shape.dim[i]);
    idx->record = idx->spool->value_bytes;
    *content = (struct gzip_content){fill_images, idx, idx->header_size + (uint64_t)idx->count * idx->record};
}

void idx_content_labels(struct idx_content *idx, const struct pack_form *form, struct gzip_content *content)
{
    idx->record = form->label_width;
    begin_header(idx, IDX_BYTES, form->label_width > 1);
    if (form->label_width > 1)
        put_number(idx, (uint32_t)form->label_width);
    *content = (struct gzip_content){fill_labels, idx, idx->header_size + (uint64_t)idx->count * idx->record};
}
