/* remark.c: see remark.h. */
#include "pack/remark.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"

enum { REMARK_TEXT = 2048 };

static void remark_free(struct remark *remark)
{
    free(remark->kind);
    free(remark->option);
    free(remark->text);
}

int remark_add(struct remarks *remarks, const char *kind, const char *option, uint64_t count,
               struct error *error, const char *format, ...)
{
    struct remark *more, remark = {.count = count};
    char text[REMARK_TEXT];
    va_list args;

    if (remarks->count == REMARKS_MOST) {
        remarks->left_out++;
        return 0;
    }
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    text_make_printable(text);
    remark.kind = memory_string(kind);
    remark.option = option ? memory_string(option) : NULL;
    remark.text = memory_string(text);
    more = memory_resize(remarks->list, remarks->count + 1, sizeof *more);
    if (more)
        remarks->list = more;
    if (!more || !remark.kind || !remark.text || (option && !remark.option)) {
        remark_free(&remark);
        return error_memory(error);
    }
    more[remarks->count++] = remark;
    return 0;
}

void remarks_finish(struct remarks *remarks)
{
    for (size_t i = 0; i < remarks->count; i++)
        remark_free(&remarks->list[i]);
    free(remarks->list);
    *remarks = (struct remarks){0};
}
