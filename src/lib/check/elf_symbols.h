/* elf_symbols.h: what a shared object takes from others. */
#ifndef CHECK_ELF_SYMBOLS_H
#define CHECK_ELF_SYMBOLS_H

#include "base/error.h"

/* Calls use(arg, name) for each symbol that the file needs and does not have, in its order; weak ones, which may
 * stay missing, are left out. Nothing in the file is believed. Returns 0, or -1 after setting error: it cannot be
 * read, or is no shared object of this machine's kind. */
int elf_symbols_needed(const char *path, void (*use)(void *arg, const char *name), void *arg,
                       struct error *error);
#endif
