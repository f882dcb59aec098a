/* picture_file.h: the pictures in a file of any kind that is read: one in PNG, JPEG, PGM and PPM, any number in
 * IDX, gzip or plain. The kind is seen from the first bytes, never from the name.
 *
 * Errors are ERROR_DATA, "NAME: reason", one line. One thread at a time; distinct objects on any. */
#ifndef DATA_PICTURE_FILE_H
#define DATA_PICTURE_FILE_H

#include "data/picture.h"
#include "data/picture_rows.h"

/* Of a file that is held in memory: all but an IDX file that has a path. */
enum { PICTURE_FILE_MOST_BYTES = 1 << 29 };

struct picture_file;

/* "-" is standard input; pipes are read, too. `one`: of one picture, IDX is refused. NULL after setting error. */
struct picture_file *picture_file_open(const char *path, bool one, struct error *error);
/* Of bytes that the caller keeps until it is closed. */
struct picture_file *picture_file_open_memory(const char *name, const void *bytes, size_t size,
                                              struct error *error);
/* The same of one picture: IDX is refused. */
struct picture_file *picture_file_open_one(const char *name, const void *bytes, size_t size,
                                           struct error *error);
void picture_file_close(struct picture_file *file); /* NULL: nothing */

/* Refuses larger pictures than that in PNG and JPEG, whose bytes may stand for a thousand times as many. */
void picture_file_limit(struct picture_file *file, size_t pixels);

size_t picture_file_count(const struct picture_file *file); /* pictures, at least 1 */
bool picture_file_is_idx(const struct picture_file *file);  /* its pictures are samples, known by number */

/* Reads the next picture; not to be called more often than there are pictures, nor after an error. Free the
 * picture in either case. Returns 0 or -1. */
int picture_file_next(struct picture_file *file, struct picture *picture, struct error *error);
/* The same row by row, where the file's kind allows it: a JPEG that lies upright. *picture is empty then, and 1 is
 * returned. Of any other nobody is asked. */
int picture_file_rows(struct picture_file *file, const struct picture_rows *rows, struct picture *picture,
                      struct error *error);
#endif
