/* elf_symbols.h: what a shared object takes from others, and what variables it has. */
#ifndef CHECK_ELF_SYMBOLS_H
#define CHECK_ELF_SYMBOLS_H

#include <stddef.h>

#include "base/error.h"

/* Calls use(arg, name) for each symbol that the file needs and does not have, in its order; weak ones, which
 * may stay missing, are left out, and those that GCC's coverage counters need, where these are linked in.
 * Nothing in the file is believed. Returns 0, or -1 after setting error: it cannot be read, or is no shared
 * object of this machine's kind. */
int elf_symbols_needed(const char *path, void (*use)(void *arg, const char *name), void *arg,
                       struct error *error);

struct elf_variables {
    size_t bytes; /* that can be written to, a thread's own among them; 0: it has none */
    size_t largest_bytes;
    char largest[64]; /* its name; "": the file has no names */
};

/* The variables of the file, without those of its compiler. One that a sanitizer or a coverage report is built
 * into counts as having none. The same holds. */
int elf_variables_find(const char *path, struct elf_variables *found, struct error *error);
#endif
