/* elf_loader.h: what the loader will make of a shared object, by its bytes alone: which symbol it finds by a name, and
 * which bytes it changes. Pure functions. [any thread] */
#ifndef NET_ELF_LOADER_H
#define NET_ELF_LOADER_H

#include "net/elf_image.h"

/* The variable that dlsym finds by that name. False: there is none, or it is not the only symbol of that name. */
bool elf_loader_variable(const struct elf_image *image, const char *name, ElfW(Sym) * symbol);

/* Whether relocations may change so many bytes at that address, or what says where a symbol is. */
bool elf_loader_changes(const struct elf_image *image, ElfW(Addr) at, size_t size);
#endif
