/* crash_text.h: the words for a plugin that ended the process. All of it is async-signal-safe. */
#ifndef CLI_CRASH_TEXT_H
#define CLI_CRASH_TEXT_H

#include "net/plugin_call.h"

enum { CRASH_TEXT = 2048, CRASH_EVENT = 2 * CRASH_TEXT };

/* "crashed (segmentation fault)" */
const char *crash_signal_text(int number);

/* The call, the case `about` ("": none) and how the plugin ended it, with what was NULL; returns text. */
const char *crash_text(const struct plugin_call *call, const char *about, const char *how,
                       char text[CRASH_TEXT]);

/* As nnrun says it outside of gradcheck, a line; and as an error event, a line of JSON. */
const char *crash_message(const struct plugin_call *call, const char *how, bool has_line,
                          char text[CRASH_TEXT]);
const char *crash_event(const struct plugin_call *call, const char *how, int status, char text[CRASH_EVENT]);

/* To a descriptor, as far as it takes it. */
void crash_write(int fd, const char *text);
#endif
