/* elf_image.h: the bytes of a shared object, read without believing any of them. All that is found lies within the
 * bytes that were given, which the caller keeps. Pure functions. [any thread] */
#ifndef NET_ELF_IMAGE_H
#define NET_ELF_IMAGE_H

#include <elf.h>
#include <link.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct elf_part {
    const char *bytes;
    size_t size;
};

/* What the segment PT_DYNAMIC at address `place` says; addresses are those of the file, 0: it has none. */
struct elf_dynamic {
    struct elf_part entries;
    ElfW(Addr) place, symbols, names, gnu_hash, hash;
    size_t names_size;
};

struct elf_image {
    struct elf_part file;
    ElfW(Ehdr) header;
    struct elf_part symbols, names; /* what others may take of it, by the table that the loader reads */
    struct elf_dynamic dynamic;
    bool finds_by_place; /* it names other files by where it lies itself: $ORIGIN */
};

/* Takes the bytes of file `path` for a shared object of this machine's kind that is all there: each segment and
 * section, its table of dynamic symbols and their names. Returns 0, or -1 after setting error (ERROR_CONFIG), which
 * says what is missing. */
int elf_image_open(struct elf_image *image, const char *bytes, size_t size, const char *path,
                   struct error *error);

/* The i-th range of bytes that elf_image_open reads of a file of that size; `bytes` have those before it. Of
 * all else only the size counts. False: there are no more. */
bool elf_image_range(const char *bytes, size_t size, unsigned i, size_t *at, size_t *length);

/* Section `number`; false: it has none of that number. */
bool elf_image_section(const struct elf_image *image, uint32_t number, ElfW(Shdr) * section);

/* The bytes of a section in the file; none if it has none there. elf_image_open does not read them. */
struct elf_part elf_image_section_bytes(const struct elf_image *image, const ElfW(Shdr) * section);

/* What the loader puts at that address before it changes anything: as many bytes as the file has of that segment. */
struct elf_part elf_image_loaded(const struct elf_image *image, ElfW(Addr) address);

/* The name there in a table of names; NULL: it has no end. */
const char *elf_name(const struct elf_part *names, size_t at);

/* The i-th symbol of a table, and its name, NULL: it has none that can be read. */
size_t elf_symbol_count(const struct elf_part *symbols);
const char *elf_symbol(const struct elf_part *symbols, const struct elf_part *names, size_t i,
                       ElfW(Sym) * symbol);

/* Word `i` of a table of them; false: it has none. */
bool elf_word(const struct elf_part *table, uint64_t i, uint32_t *word);

/* The i-th entry of the dynamic section, before the one that ends it. */
bool elf_entry(const struct elf_part *entries, size_t i, ElfW(Dyn) * entry);
#endif
