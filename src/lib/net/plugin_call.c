/* plugin_call.c: see plugin_call.h. What formats numbers in the C library is not async-signal-safe. */
#include "net/plugin_call.h"

struct writer {
    char *text;
    size_t used;
};

static void add(struct writer *to, const char *words)
{
    while (*words && to->used + 1 < PLUGIN_CALL_TEXT)
        to->text[to->used++] = *words++;
    to->text[to->used] = '\0';
}

static void add_number(struct writer *to, unsigned number)
{
    if (number >= 10)
        add_number(to, number / 10);
    add(to, (const char[]){(char)('0' + number % 10), '\0'});
}

const char *plugin_call_text(const struct plugin_call *call, char text[PLUGIN_CALL_TEXT])
{
    struct writer to = {.text = text};

    if (!call->layer) {
        add(&to, call->type);
        return text;
    }
    add(&to, "layer \"");
    add(&to, call->layer);
    add(&to, "\" (");
    add(&to, call->type);
    add(&to, "), ");
    add(&to, call->function);
    if (call->of_slice)
        add(&to, call->training ? " in training" : " in evaluation");
    if (call->level) {
        add(&to, " (");
        add(&to, call->level);
        add(&to, " code)");
    }
    return text;
}

static void begin_item(struct writer *to)
{
    if (to->used > 0)
        add(to, ", ");
}

static void add_dx(struct writer *to, const struct plugin_call *call)
{
    for (uint32_t i = 0; i < call->inputs; i++) {
        if (!(call->null_dx >> i & 1))
            continue;
        begin_item(to);
        add(to, "dx[");
        add_number(to, i);
        add(to, "]");
    }
}

const char *plugin_call_nulls(const struct plugin_call *call, char text[PLUGIN_CALL_TEXT])
{
    static const char *const names[] = {"dw", "dy", "dx", "target", "loss", "keep", "scratch", "random"};
    struct writer to = {.text = text};

    text[0] = '\0';
    for (uint32_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (call->null >> i & 1) {
            begin_item(&to);
            add(&to, names[i]);
        }
        if (1u << i == PLUGIN_NULL_DX)
            add_dx(&to, call);
    }
    return text;
}
