/* idx_content.h: the bytes of an IDX file of spooled samples or their labels, any part of them at any time. */
#ifndef PACK_IDX_CONTENT_H
#define PACK_IDX_CONTENT_H

#include "pack/gzip_blocks.h"
#include "pack/spool.h"

enum { IDX_HEADER = 4 + 4 * (NNRUN_MAX_RANK + 1) };

struct idx_content {
    const struct spool *spool;
    const uint32_t *samples; /* in their order */
    size_t count;
    const uint32_t *class_of; /* of labels: a provisional label's class */
    size_t record;            /* bytes of a sample */
    uint8_t header[IDX_HEADER];
    size_t header_size;
};

/* `content` reads from `idx` until the spool is closed. */
void idx_content_images(struct idx_content *idx, const struct pack_form *form, struct gzip_content *content);
void idx_content_labels(struct idx_content *idx, const struct pack_form *form, struct gzip_content *content);
#endif
