/* public_watch.h: what an nnrun_watch is. */
#ifndef API_PUBLIC_WATCH_H
#define API_PUBLIC_WATCH_H

#include <nnrun/nnrun.h>

#include "net/plugin_watch.h"

struct nnrun_watch {
    struct plugin_watch calls;
};
#endif
