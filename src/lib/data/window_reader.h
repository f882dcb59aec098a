/* window_reader.h: the windows of a walk, one after another, read by a thread of its own into two places: one
 * is filled while the other is used. All calls by one thread. */
#ifndef DATA_WINDOW_READER_H
#define DATA_WINDOW_READER_H

#include <stddef.h>

#include "base/error.h"
#include "data/samples_walk.h"
#include "data/window.h"

enum { WINDOW_READER_PLACES = 2 };

struct window_reader;

/* A reader with room for two windows of at most `most` samples. It reads from the source's files whenever a
 * walk is on; they outlive it. NULL after setting error. */
struct window_reader *window_reader_create(const struct window_source *source, size_t most,
                                           struct error *error);
void window_reader_destroy(struct window_reader *reader); /* ends the walk; NULL: nothing */

/* Begins with window `number` of a walk whose windows are `most` samples long. Ends the walk before: its
 * windows are gone. Returns 0 or -1. */
int window_reader_start(struct window_reader *reader, const struct samples_walk *walk, size_t number,
                        struct error *error);

/* Ends the walk: the thread gives up what it is doing and is joined. */
void window_reader_stop(struct window_reader *reader);

/* Window `number`, once it is there; to be asked for in order. It stays until it is released. NULL after
 * setting error, if that window could not be read. */
const struct window *window_reader_get(struct window_reader *reader, size_t number, struct error *error);

/* Every window below `number` may be overwritten. */
void window_reader_release(struct window_reader *reader, size_t number);
#endif
