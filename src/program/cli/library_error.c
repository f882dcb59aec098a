/* library_error.c: see library_error.h. */
#include "cli/library_error.h"

#include <string.h>

static void add(struct error *to, const nnrun_message *message)
{
    const size_t length = strlen(message->text);
    const struct error_entry entry = {
        .code = (enum error_code)message->code,
        .facts = {.file = message->file,
                  .line = (unsigned)message->line,
                  .key = message->key,
                  .layer = message->layer,
                  .expected = message->expected,
                  .got = message->got,
                  .advice = (enum error_advice)message->advice,
                  .tail = message->advice_at < length ? (unsigned)(length - message->advice_at) : 0},
        .text = message->text};

    error_add_entry(to, &entry);
}

int library_error(struct error *to, nnrun_error *from)
{
    error_clear(to);
    if (from->code == NNRUN_ERROR_MEMORY)
        error_memory(to);
    for (uint32_t i = 0; to->code != ERROR_MEMORY && i < from->count; i++)
        add(to, nnrun_error_message(from, i));
    if (to->code != ERROR_MEMORY) {
        error_recode(to, (enum error_code)from->code);
        to->left_out += from->left_out;
    }
    nnrun_error_clear(from);
    return -1;
}
