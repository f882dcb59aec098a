/* memory.c: see memory.h. */
#include "base/memory.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Sizes are rounded up, but AddressSanitizer is to see what goes beyond those that were asked for. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_ADDRESS_SANITIZER
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define HAS_ADDRESS_SANITIZER
#endif
#ifdef HAS_ADDRESS_SANITIZER
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(at, size) ((void)(at), (void)(size))
#endif

enum { ALIGNMENT = 64 };

bool size_multiply(size_t a, size_t b, size_t *result)
{
    if (b != 0 && a > SIZE_MAX / b)
        return false;
    *result = a * b;
    return true;
}

bool size_add(size_t a, size_t b, size_t *result)
{
    if (a > SIZE_MAX - b)
        return false;
    *result = a + b;
    return true;
}

bool size_add_array(size_t *total, size_t count, size_t size)
{
    size_t bytes;

    return size_multiply(count, size, &bytes) && size_add(*total, bytes, total);
}

void *memory_array(size_t count, size_t size)
{
    size_t wanted, bytes;
    char *array;

    if (!size_multiply(count, size, &wanted) || !size_add(wanted, ALIGNMENT - 1, &bytes))
        return NULL;
    bytes &= ~(size_t)(ALIGNMENT - 1);
    if (bytes == 0)
        bytes = ALIGNMENT;
    array = aligned_alloc(ALIGNMENT, bytes);
    if (!array)
        return NULL;
    memset(array, 0, bytes);
    ASAN_POISON_MEMORY_REGION(array + wanted, bytes - wanted);
    return array;
}

void *memory_resize(void *array, size_t count, size_t size)
{
    size_t bytes;

    if (!size_multiply(count, size, &bytes))
        return NULL;
    return realloc(array, bytes ? bytes : 1);
}

char *memory_string_part(const char *text, size_t length)
{
    const char *end = memchr(text, '\0', length);
    const size_t size = end ? (size_t)(end - text) : length;
    char *copy = size < SIZE_MAX ? malloc(size + 1) : NULL;

    if (!copy)
        return NULL;
    memcpy(copy, text, size);
    copy[size] = '\0';
    return copy;
}

void memory_free_each(void **pointers, size_t count)
{
    for (size_t i = 0; pointers && i < count; i++)
        free(pointers[i]);
    free(pointers);
}

char *memory_string(const char *text)
{
    return memory_string_part(text, strlen(text));
}

char *memory_format(const char *format, ...)
{
    va_list args, again;
    char *text = NULL;
    int length;

    va_start(args, format);
    va_copy(again, args);
    length = vsnprintf(NULL, 0, format, args);
    if (length >= 0)
        text = malloc((size_t)length + 1);
    if (text)
        vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    va_end(args);
    return text;
}

bool memory_has_room(size_t size)
{
    void *room = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (room == MAP_FAILED)
        return false;
    munmap(room, size);
    return true;
}

size_t memory_physical(void)
{
    const long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGE_SIZE);
    size_t bytes;

    if (pages <= 0 || page <= 0 || !size_multiply((size_t)pages, (size_t)page, &bytes))
        return 0;
    return bytes;
}
