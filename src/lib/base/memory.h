/* memory.h: checked sizes and allocation. [any thread] */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* *result = a * b or a + b; false, leaving *result alone, if that does not fit. */
bool size_multiply(size_t a, size_t b, size_t *result);
bool size_add(size_t a, size_t b, size_t *result);

/* *total += count * size, likewise. */
bool size_add_array(size_t *total, size_t count, size_t size);

/* `count` zeroed elements of `size` bytes, aligned to 64 bytes; NULL if there is no room or the product
 * overflows. Never returns NULL for a count of 0. Released with free(). */
void *memory_array(size_t count, size_t size);

/* Grows or shrinks an array of plain malloc'ed memory like realloc, the product checked. */
void *memory_resize(void *array, size_t count, size_t size);

/* Frees `count` pointers and the array that holds them; NULL: nothing. */
void memory_free_each(void **pointers, size_t count);

/* A copy of a string, of at most `length` bytes of it; NULL if there is no room. Released with free(). */
char *memory_string(const char *text);
char *memory_string_part(const char *text, size_t length);

/* printf into fresh memory; NULL if there is no room. Released with free(). */
char *memory_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* True if the system would give so many bytes more. For what cannot say that it got none. */
bool memory_has_room(size_t size);

/* Bytes of physical memory of the machine, 0 if the system does not say. */
size_t memory_physical(void);
#endif
