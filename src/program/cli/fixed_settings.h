/* fixed_settings.h: KEY=VALUE of a layer by itself, outside of a config. */
#ifndef CLI_FIXED_SETTINGS_H
#define CLI_FIXED_SETTINGS_H

#include <stdbool.h>

#include "config/config.h"

struct fixed_settings {
    struct config *config; /* has the strings */
    bool *fixed;           /* [setting_count]: one is given */
    void *instance;        /* where the layer's settings are */
};

/* Checked as in a config. Returns 0, or -1 after setting error; finish them in either case. */
int fixed_settings_init(struct fixed_settings *fixed, const struct nnrun_layer *layer,
                        const char *const *overrides, size_t count, struct error *error);
void fixed_settings_finish(struct fixed_settings *fixed);
#endif
