/* memory_file.h: a stdio stream into memory that tells when there was too little. (open_memstream's does not: glibc leaves
 * out what had no room, and sets no error.) [any thread] */
#ifndef BASE_MEMORY_FILE_H
#define BASE_MEMORY_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct memory_file {
    FILE *out; /* NULL: there was no memory */
    char *text;
    size_t size, room;
    bool failed;
};

/* Opens file->out, which is written to and never sought in. memory_file_close in any case. */
FILE *memory_file_open(struct memory_file *file);

/* Closes it. Returns all that was written, with a '\0' behind it, or NULL if some of it had no room. *size, unless size is
 * NULL: its bytes. Released with free(). */
char *memory_file_close(struct memory_file *file, size_t *size);
#endif
