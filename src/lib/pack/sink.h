/* sink.h: samples from a source brought to one form, looked at and spooled. */
#ifndef PACK_SINK_H
#define PACK_SINK_H

#include "data/picture_size.h"
#include "pack/pack_result.h"
#include "pack/spool.h"

struct sink {
    const struct pack_spec *spec;
    struct pack_result *result;
    struct pack_sink calls; /* for a source; its context is this sink */
    struct spool spool;
    struct pack_form from; /* what the source pushes; result->form is what is spooled */
    bool convert;
    struct picture_size size;
    uint8_t *converted;    /* [what the spool takes], if `convert` */
    bool begun, colour;    /* a picture has colours that differ */
    struct remarks broken; /* what was passed over */
    uint64_t passed_over;
};

void sink_init(struct sink *sink, const struct pack_spec *spec, struct pack_result *result);
/* After the last sample: what was passed over, and what all samples have in common, become remarks. */
int sink_end(struct sink *sink, struct error *error);
void sink_finish(struct sink *sink);

/* Tells how far it is; -1 after setting error if that asks for a stop. */
int sink_progress(const struct pack_spec *spec, struct pack_result *result, const char *what, uint64_t done,
                  uint64_t all, struct error *error);
#endif
