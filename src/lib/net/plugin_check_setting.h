/* plugin_check_setting.h: reading one row of a plugin's table of settings. Pure. */
#ifndef NET_PLUGIN_CHECK_SETTING_H
#define NET_PLUGIN_CHECK_SETTING_H

#include "base/error.h"
#include "nnrun/layer.h"

/* Checks a setting of layer->settings against its layer and those before it. Returns 0 or -1. */
int plugin_check_setting(const struct nnrun_layer *layer, const struct nnrun_setting *setting,
                         const char *path, struct error *error);
#endif
