/* net_pack.h: places in one stretch of memory for buffers that are alive at different times. */
#ifndef NET_NET_PACK_H
#define NET_NET_PACK_H

#include "net/net.h"

/* Gives each buffer its place `at`, so that no two that are alive at once overlap; *bytes: what they take,
 * SIZE_MAX if that does not fit. Each is alive before `times`. Returns 0, or -1 after setting error: memory
 * ran out. */
int net_pack(struct net_buffer *const *buffers, size_t count, size_t times, size_t *bytes,
             struct error *error);
#endif
