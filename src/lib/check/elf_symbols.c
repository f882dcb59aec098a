/* elf_symbols.c: see elf_symbols.h. */
#include "check/elf_symbols.h"

#include <elf.h>
#include <link.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/file_io.h"
#include "base/memory.h"

enum { MOST_BYTES = 1 << 28 };

struct image {
    const char *bytes;
    size_t size;
};

/* Part of the file, of `count` elements of that size; NULL if it is not all there. */
static const char *find_part(const struct image *image, uint64_t at, uint64_t count, size_t size)
{
    if (at > image->size || count > (image->size - at) / size)
        return NULL;
    return image->bytes + at;
}

static bool is_elf(const struct image *image, ElfW(Ehdr) * header)
{
    const unsigned char native = __ELF_NATIVE_CLASS == 64 ? ELFCLASS64 : ELFCLASS32;
    const unsigned char order = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB : ELFDATA2MSB;

    if (image->size < sizeof *header)
        return false;
    memcpy(header, image->bytes, sizeof *header);
    return memcmp(header->e_ident, ELFMAG, SELFMAG) == 0 && header->e_ident[EI_CLASS] == native &&
           header->e_ident[EI_DATA] == order && header->e_shentsize == sizeof(ElfW(Shdr));
}

/* Its places in the file need not be aligned. */
static bool find_section(const struct image *image, const ElfW(Ehdr) * header, uint32_t number,
                         ElfW(Shdr) * section)
{
    const char *table = find_part(image, header->e_shoff, header->e_shnum, sizeof *section);

    if (!table || number >= header->e_shnum)
        return false;
    memcpy(section, table + number * sizeof *section, sizeof *section);
    return true;
}

/* The dynamic symbols and their names. */
static bool find_symbols(const struct image *image, struct image *symbols, struct image *names)
{
    ElfW(Ehdr) header;
    ElfW(Shdr) section, strings;

    if (!is_elf(image, &header))
        return false;
    for (uint32_t i = 0; find_section(image, &header, i, &section); i++) {
        if (section.sh_type != SHT_DYNSYM || !find_section(image, &header, section.sh_link, &strings))
            continue;
        symbols->bytes = find_part(image, section.sh_offset, section.sh_size, 1);
        names->bytes = find_part(image, strings.sh_offset, strings.sh_size, 1);
        symbols->size = section.sh_size;
        names->size = strings.sh_size;
        return symbols->bytes && names->bytes && section.sh_entsize == sizeof(ElfW(Sym));
    }
    return false;
}

/* NULL: it has no end. */
static const char *name_at(const struct image *names, size_t at)
{
    return at < names->size && memchr(names->bytes + at, '\0', names->size - at) ? names->bytes + at : NULL;
}

int elf_symbols_needed(const char *path, void (*use)(void *arg, const char *name), void *arg,
                       struct error *error)
{
    struct image image = {0}, symbols, names;
    char *bytes = file_load(path, MOST_BYTES, &image.size, error);

    if (!bytes)
        return -1;
    image.bytes = bytes;
    if (!find_symbols(&image, &symbols, &names)) {
        free(bytes);
        return error_set(error, ERROR_CONFIG, "%s: its table of symbols cannot be read", path);
    }
    for (size_t i = 0; i < symbols.size / sizeof(ElfW(Sym)); i++) {
        const char *name;
        ElfW(Sym) symbol;
        memcpy(&symbol, symbols.bytes + i * sizeof symbol, sizeof symbol);
        name = name_at(&names, symbol.st_name);
        /* the macro is the same for both classes */
        if (symbol.st_shndx == SHN_UNDEF && ELF64_ST_BIND(symbol.st_info) == STB_GLOBAL && name)
            use(arg, name);
    }
    free(bytes);
    return 0;
}
