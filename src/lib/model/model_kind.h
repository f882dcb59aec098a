/* model_kind.h: configs and checkpoints are told apart by what is in them, never by their names. */
#ifndef MODEL_MODEL_KIND_H
#define MODEL_MODEL_KIND_H

#include <stddef.h>

enum model_kind {
    MODEL_ANY, /* either is wanted; or it is neither, as far as its beginning tells */
    MODEL_CONFIG,
    MODEL_CHECKPOINT
};

/* What begins with these bytes, of which a few hundred are enough: a guess that opening it may prove wrong.
 * [any thread] */
enum model_kind model_kind(const void *bytes, size_t size);

/* The same of a file; MODEL_ANY of what cannot be read, or is no regular file. It never waits. [any thread] */
enum model_kind model_file_kind(const char *path);

/* The first bytes of a regular file, at most `size` of them: how many; 0 if it cannot be read. */
size_t model_file_begin(const char *path, void *bytes, size_t size);
#endif
