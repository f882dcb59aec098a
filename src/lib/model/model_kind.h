/* model_kind.h: configs and checkpoints are told apart by what is in them, never by their names. */
#ifndef MODEL_MODEL_KIND_H
#define MODEL_MODEL_KIND_H

#include <stddef.h>

enum model_kind {
    MODEL_ANY, /* either is wanted; or it is neither, as far as its beginning tells */
    MODEL_CONFIG,
    MODEL_CHECKPOINT
};

enum { MODEL_BEGINNING = 4096 }; /* bytes that mostly tell: a config may have a long comment in front */

/* What begins with these bytes: a guess, which opening it may prove wrong. [any thread] */
enum model_kind model_kind(const void *bytes, size_t size);

/* The same of a file; MODEL_ANY of what cannot be read, or is no regular file. It never waits. [any thread] */
enum model_kind model_file_kind(const char *path);

/* The first bytes of a regular file: *size of them, 0 of any other. Returns 0, or -1 with errno. [any thread] */
int model_file_begin(const char *path, char bytes[MODEL_BEGINNING], size_t *size);
#endif
