/* nnrun_error.c: the caller's nnrun_error, and how it is filled. */
#include "api/public_error.h"

#include <stdlib.h>
#include <string.h>

#include "api/public_struct.h"
#include "base/memory.h"

#define SAME(own, shown) _Static_assert((int)(own) == (int)(shown), "the numbers are those of base/error.h")
SAME(ERROR_NONE, NNRUN_OK);
SAME(ERROR_FAILED, NNRUN_ERROR_FAILED);
SAME(ERROR_ARGUMENT, NNRUN_ERROR_ARGUMENT);
SAME(ERROR_CONFIG, NNRUN_ERROR_CONFIG);
SAME(ERROR_DATA, NNRUN_ERROR_DATA);
SAME(ERROR_MEMORY, NNRUN_ERROR_MEMORY);
SAME(ADVICE_DATA_MISSING, NNRUN_ADVICE_DATA_MISSING);
SAME(ADVICE_NO_SUCH_LAYER, NNRUN_ADVICE_NO_SUCH_LAYER);
SAME(ADVICE_NO_PLUGIN_FOLDER, NNRUN_ADVICE_NO_PLUGIN_FOLDER);
SAME(ADVICE_NO_PLUGINS, NNRUN_ADVICE_NO_PLUGINS);
SAME(ADVICE_OTHER_ARITHMETIC, NNRUN_ADVICE_OTHER_ARITHMETIC);
SAME(ADVICE_RUN_EXISTS, NNRUN_ADVICE_RUN_EXISTS);
SAME(ADVICE_NO_RUN, NNRUN_ADVICE_NO_RUN);
SAME(ADVICE_STEP_UNREAD, NNRUN_ADVICE_STEP_UNREAD);
SAME(ADVICE_NEW_RUN, NNRUN_ADVICE_NEW_RUN);
SAME(ADVICE_NOT_IDX, NNRUN_ADVICE_NOT_IDX);

struct held {
    struct error error; /* what the pointers below point into */
    nnrun_message messages[];
};

static const nnrun_message no_memory = {.code = NNRUN_ERROR_MEMORY, .text = "out of memory"};

/* The structure as the first header had it; later members come after these. */
enum { FIRST_SIZE = offsetof(nnrun_error, held) + sizeof(void *) };

void nnrun_error_clear(nnrun_error *error)
{
    struct held *held;

    if (!public_struct_begin(error, FIRST_SIZE))
        return;
    held = error->held;
    if (held)
        error_clear(&held->error);
    free(held);
    public_struct_give(error, &(nnrun_error){0}, sizeof *error);
}

const nnrun_message *nnrun_error_message(const nnrun_error *error, uint32_t i)
{
    const struct held *held;

    if (!error || error->size < FIRST_SIZE || i >= error->count)
        return NULL;
    held = error->held;
    return held ? &held->messages[i] : &no_memory;
}

static nnrun_message message_of(const struct error_entry *entry)
{
    return (nnrun_message){.code = (int32_t)entry->code,
                           .line = (int32_t)entry->facts.line,
                           .text = entry->text,
                           .file = entry->facts.file,
                           .key = entry->facts.key,
                           .layer = entry->facts.layer,
                           .expected = entry->facts.expected,
                           .got = entry->facts.got,
                           .advice = (int32_t)entry->facts.advice,
                           .advice_at = (uint32_t)strlen(entry->text) - entry->facts.tail};
}

/* Takes the messages over. NULL when out of memory. */
static struct held *hold(struct error *from)
{
    const unsigned count = error_count(from);
    struct held *held =
        from->code == ERROR_MEMORY ? NULL : malloc(sizeof *held + count * sizeof held->messages[0]);

    if (!held)
        return NULL;
    held->error = (struct error){0};
    error_move(from, &held->error);
    for (unsigned i = 0; i < count; i++)
        held->messages[i] = message_of(error_entry(&held->error, i));
    return held;
}

int public_error_give(nnrun_error *to, struct error *from)
{
    const int code = (int)from->code;
    struct held *held;

    if (code == NNRUN_OK || !public_struct_begin(to, FIRST_SIZE)) {
        error_clear(from);
        return code;
    }
    nnrun_error_clear(to);
    held = hold(from);
    error_clear(from);
    to->held = held;
    to->code = held ? code : NNRUN_ERROR_MEMORY;
    to->count = held ? error_count(&held->error) : 1;
    to->left_out = held ? held->error.left_out : 0;
    to->text = held ? error_text(&held->error) : no_memory.text;
    to->line = nnrun_error_message(to, 0)->line;
    to->file = nnrun_error_message(to, 0)->file;
    to->key = nnrun_error_message(to, 0)->key;
    return to->code;
}
