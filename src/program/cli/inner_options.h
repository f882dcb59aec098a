/* inner_options.h: the command line's options for the library's inner rooms. */
#ifndef CLI_INNER_OPTIONS_H
#define CLI_INNER_OPTIONS_H

#include "cli/options.h"
#include "model/model.h"

/* The part of them that opening a model needs. */
struct model_options options_model(const struct options *options, bool evaluate_only);
#endif
