/* crash_text.c: see crash_text.h. */
#include "cli/crash_text.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/shell.h"

const char *crash_signal_text(int number)
{
    switch (number) {
    case SIGSEGV:
        return "crashed (segmentation fault)";
    case SIGBUS:
        return "crashed (bus error)";
    case SIGILL:
        return "crashed (illegal instruction)";
    case SIGFPE:
        return "crashed (arithmetic exception)";
    case SIGABRT:
        return "called abort()";
    case SIGKILL:
        return "was killed";
    default:
        return "crashed";
    }
}

static void add(char *text, size_t size, const char *words)
{
    const size_t used = strlen(text), length = strlen(words), room = size - 1 - used;
    const size_t taken = length < room ? length : room;

    memcpy(text + used, words, taken);
    text[used + taken] = '\0';
}

/* Adds to text. */
static void add_text(const struct plugin_call *call, const char *about, const char *how,
                     char text[CRASH_TEXT])
{
    char part[PLUGIN_CALL_TEXT];

    add(text, CRASH_TEXT, plugin_call_text(call, part));
    if (*about) {
        add(text, CRASH_TEXT, ", case ");
        add(text, CRASH_TEXT, about);
    }
    add(text, CRASH_TEXT, call->layer ? ": the plugin " : ": the plugin, while it was loaded, ");
    add(text, CRASH_TEXT, how);
    if (call->of_slice && *plugin_call_nulls(call, part)) {
        add(text, CRASH_TEXT, "; NULL in this call: ");
        add(text, CRASH_TEXT, part);
    }
}

const char *crash_text(const struct plugin_call *call, const char *about, const char *how,
                       char text[CRASH_TEXT])
{
    text[0] = '\0';
    add_text(call, about, how, text);
    return text;
}

/* With where to go on: the file, as its type alone is found only with the same --plugin-path. */
static void add_advised(const struct plugin_call *call, const char *how, char text[CRASH_TEXT])
{
    char word[SHELL_WORD];

    add_text(call, "", how, text);
    if (!call->of_slice)
        return;
    add(text, CRASH_TEXT, "; \"nnrun gradcheck ");
    add(text, CRASH_TEXT, shell_word(call->path ? call->path : call->type, word));
    add(text, CRASH_TEXT, "\" looks for such faults");
}

const char *crash_message(const struct plugin_call *call, const char *how, bool has_line,
                          char text[CRASH_TEXT])
{
    size_t head;

    text[0] = '\0';
    add(text, CRASH_TEXT, has_line ? "\r\033[Knnrun: " : "nnrun: ");
    head = strlen(text);
    add_advised(call, how, text);
    text_make_printable(text + head);
    add(text, CRASH_TEXT, "\n");
    return text;
}

/* Of what is printable JSON wants a backslash before two. */
static void add_quoted(char *text, size_t size, const char *words)
{
    for (; *words; words++) {
        const char byte[] = {*words == '"' || *words == '\\' ? '\\' : '\0', *words, '\0'};
        add(text, size, *byte ? byte : byte + 1);
    }
}

const char *crash_event(const struct plugin_call *call, const char *how, int status, char text[CRASH_EVENT])
{
    char message[CRASH_TEXT] = "";

    add_advised(call, how, message);
    text_make_printable(message);
    text[0] = '\0';
    add(text, CRASH_EVENT, "{\"event\":\"error\",\"message\":\"");
    add_quoted(text, CRASH_EVENT - 32, message);
    add(text, CRASH_EVENT, "\",\"status\":");
    add(text, CRASH_EVENT, (const char[]){(char)('0' + status), '\0'});
    add(text, CRASH_EVENT, "}\n");
    return text;
}

void crash_write(int fd, const char *text)
{
    size_t left = strlen(text);
    ssize_t count;

    while (left > 0 && (count = write(fd, text, left)) > 0) {
        text += count;
        left -= (size_t)count;
    }
}
