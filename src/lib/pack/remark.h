/* remark.h: what was noticed in data: things that a user should know, and that are no errors. */
#ifndef PACK_REMARK_H
#define PACK_REMARK_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum { REMARKS_MOST = 100 };

struct remark {
    char *kind;     /* a word for programs: "same_sample" */
    char *option;   /* of the program, that mends it: source.h; NULL: none */
    char *text;     /* one sentence, printable */
    uint64_t count; /* of what it is about; 0: not counted */
};

struct remarks { /* zeroed: none */
    struct remark *list;
    size_t count;
    uint64_t left_out; /* beyond REMARKS_MOST */
};

/* Returns 0 or -1: no memory. */
int remark_add(struct remarks *remarks, const char *kind, const char *option, uint64_t count,
               struct error *error, const char *format, ...) __attribute__((format(printf, 6, 7)));
void remarks_finish(struct remarks *remarks);
#endif
