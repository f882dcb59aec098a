/* class_names.h: labels that are words, numbered in the order in which they appear. One thread at a time. */
#ifndef PACK_CLASS_NAMES_H
#define PACK_CLASS_NAMES_H

#include <stddef.h>
#include <stdint.h>

enum { CLASS_NAMES_MOST = 65536, CLASS_NAME_MOST = 1024 /* bytes */ };

struct class_names { /* begins zeroed */
    size_t count;
    char **name;      /* [count] */
    uint32_t *places; /* [place_count], a hash table: number + 1; 0: free */
    size_t place_count;
};

void class_names_finish(struct class_names *names);

/* *number of the class of that name, a new one if there was none. 0, or -1 without memory; 1: there are as many already
 * as can be, or the name is longer than it can be. */
int class_names_number(struct class_names *names, const char *text, size_t length, uint32_t *number);

/* The same for whole numbers, in decimal. */
int class_names_whole(struct class_names *names, int64_t value, uint32_t *number);
#endif
