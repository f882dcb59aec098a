/* pack_collector.h: a sink for the tests: it keeps what a source pushes, and checks that it keeps to the order. */
#ifndef TESTS_PACK_COLLECTOR_H
#define TESTS_PACK_COLLECTOR_H

#include "pack/source.h"

struct pack_collector { /* begins zeroed but for what is asked for */
    bool skip_broken;
    int stop_after; /* samples; 0: never */

    bool begun;
    struct pack_form form;
    size_t values, sample_bytes;
    size_t count, broken;
    uint8_t *bytes;        /* [count * sample_bytes] */
    uint32_t *labels;      /* [count * form.label_width] */
    enum pack_part *parts; /* [count] */
    char places[1024];     /* all of them, each with a blank behind it, as far as there is room */
    char messages[1024];   /* of what was broken, likewise, with line feeds */
    char remarks[1024];    /* "KIND(OPTION): text\n" */
    uint64_t done, all;
};

struct pack_sink pack_collector_sink(struct pack_collector *collector);
void pack_collector_finish(struct pack_collector *collector);

/* Opens by the format, reads all, and keeps the names: "cat dog ". 0, or -1 after setting error. */
int pack_collect(struct pack_collector *collector, const struct pack_format *format, const char *const *paths,
                 size_t count, const struct pack_options *options, char names[1024], struct error *error);
#endif
