/* command_plugin.h: the layer that a command is about. */
#ifndef CLI_COMMAND_PLUGIN_H
#define CLI_COMMAND_PLUGIN_H

#include "net/plugin.h"

/* The layer that the subject names: a file if it has a slash, else a type. NULL after setting error. */
const struct plugin *command_plugin(const char *subject, struct registry *registry, struct error *error);
#endif
