/* packed_name.h: what a network is called whose config pack writes. */
#ifndef CLI_PACKED_NAME_H
#define CLI_PACKED_NAME_H

/* By the file's name; for the caller to free. NULL: no memory. */
char *packed_name(const char *path);
#endif
