/* elf_symbols.c: see elf_symbols.h. */
#include "check/elf_symbols.h"

#include <elf.h>
#include <link.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file_io.h"
#include "base/memory.h"

/* Without names nothing tells a variable from what the start files of GCC and Clang have: 16 bytes, in C++ 24. */
enum { MOST_BYTES = 1 << 28, START_FILES = 24 };

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

/* The symbols of a section of that type, and their names. */
static bool find_symbols(const struct image *image, uint32_t type, struct image *symbols, struct image *names)
{
    ElfW(Ehdr) header;
    ElfW(Shdr) section, strings;

    if (!is_elf(image, &header))
        return false;
    for (uint32_t i = 0; find_section(image, &header, i, &section); i++) {
        if (section.sh_type != type || !find_section(image, &header, section.sh_link, &strings))
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

/* Its name, NULL: it has none that can be read. */
static const char *read_symbol(const struct image *symbols, const struct image *names, size_t i,
                               ElfW(Sym) * symbol)
{
    memcpy(symbol, symbols->bytes + i * sizeof *symbol, sizeof *symbol);
    return name_at(names, symbol->st_name);
}

/* The bytes of the file, and where its dynamic symbols are. NULL after setting error. */
static char *load_image(const char *path, struct image *image, struct image *symbols, struct image *names,
                        struct error *error)
{
    char *bytes = file_load(path, MOST_BYTES, &image->size, error);

    image->bytes = bytes;
    if (!bytes || find_symbols(image, SHT_DYNSYM, symbols, names))
        return bytes;
    free(bytes);
    error_set(error, ERROR_CONFIG, "%s: its table of symbols cannot be read", path);
    return NULL;
}

int elf_symbols_needed(const char *path, void (*use)(void *arg, const char *name), void *arg,
                       struct error *error)
{
    struct image image = {0}, symbols, names;
    char *bytes = load_image(path, &image, &symbols, &names, error);

    if (!bytes)
        return -1;
    for (size_t i = 0; i < symbols.size / sizeof(ElfW(Sym)); i++) {
        ElfW(Sym) symbol;
        const char *name = read_symbol(&symbols, &names, i, &symbol);
        /* the macro is the same for both classes */
        if (symbol.st_shndx == SHN_UNDEF && ELF64_ST_BIND(symbol.st_info) == STB_GLOBAL && name)
            use(arg, name);
    }
    free(bytes);
    return 0;
}

/* ---- variables ---------------------------------------------------------------------------------------- */

static bool begins_with_any(const char *name, const char *const *begins)
{
    for (; *begins; begins++)
        if (strncmp(name, *begins, strlen(*begins)) == 0)
            return true;
    return false;
}

/* Of a compiler's start files and run-time libraries. */
static bool is_reserved(const char *name)
{
    static const char *const begins[] = {"__", "completed.", "DW.ref.", "_ZSt", "_ZNSt", NULL};

    return begins_with_any(name, begins);
}

/* A sanitizer or a coverage report keeps counters and tables in the file. */
static bool is_instrumented(const struct image *symbols, const struct image *names)
{
    static const char *const begins[] = {"__asan_", "__tsan_",        "__ubsan_",    "__msan_", "__hwasan_",
                                         "__gcov_", "__llvm_profile", "__sanitizer", NULL};

    for (size_t i = 0; i < symbols->size / sizeof(ElfW(Sym)); i++) {
        ElfW(Sym) symbol;
        const char *name = read_symbol(symbols, names, i, &symbol);
        if (name && begins_with_any(name, begins))
            return true;
    }
    return false;
}

/* It can still be written to once the file is loaded. */
static bool stays_writable(const struct image *names, const ElfW(Shdr) * section)
{
    static const char *const linked[] = {".data.rel.ro", ".bss.rel.ro", ".got", ".plt",
                                         ".ctors",       ".dtors",      ".jcr", ".tm_clone",
                                         ".eh_frame",    ".gcc_except", NULL};
    const char *name = name_at(names, section->sh_name);

    return (section->sh_type == SHT_PROGBITS || section->sh_type == SHT_NOBITS) &&
           (section->sh_flags & (SHF_ALLOC | SHF_WRITE)) == (SHF_ALLOC | SHF_WRITE) && name &&
           !begins_with_any(name, linked);
}

/* Adds up the variables in section `number`. */
static void add_variables(const struct image *symbols, const struct image *names, uint32_t number,
                          struct elf_variables *found)
{
    for (size_t i = 0; i < symbols->size / sizeof(ElfW(Sym)); i++) {
        ElfW(Sym) symbol;
        const char *name = read_symbol(symbols, names, i, &symbol);
        const unsigned type = ELF64_ST_TYPE(symbol.st_info);
        if (symbol.st_shndx != number || !name || (type != STT_OBJECT && type != STT_TLS) ||
            is_reserved(name))
            continue;
        found->bytes += symbol.st_size;
        if (symbol.st_size <= found->largest_bytes)
            continue;
        found->largest_bytes = symbol.st_size;
        snprintf(found->largest, sizeof found->largest, "%s", name);
    }
}

static void find_variables(const struct image *image, struct elf_variables *found)
{
    struct image symbols, names, sections;
    const bool has_names = find_symbols(image, SHT_SYMTAB, &symbols, &names);
    ElfW(Ehdr) header;
    ElfW(Shdr) section;

    if (!is_elf(image, &header) || !find_section(image, &header, header.e_shstrndx, &section) ||
        (has_names && is_instrumented(&symbols, &names)))
        return;
    sections.bytes = find_part(image, section.sh_offset, section.sh_size, 1);
    sections.size = sections.bytes ? section.sh_size : 0;
    for (uint32_t i = 0; find_section(image, &header, i, &section); i++) {
        if (!stays_writable(&sections, &section))
            continue;
        if (has_names)
            add_variables(&symbols, &names, i, found);
        else
            found->bytes += section.sh_size;
    }
    if (!has_names)
        found->bytes -= found->bytes < START_FILES ? found->bytes : START_FILES;
}

int elf_variables_find(const char *path, struct elf_variables *found, struct error *error)
{
    struct image image = {0}, symbols, names;
    char *bytes = load_image(path, &image, &symbols, &names, error);

    *found = (struct elf_variables){0};
    if (!bytes)
        return -1;
    if (!is_instrumented(&symbols, &names))
        find_variables(&image, found);
    free(bytes);
    return 0;
}
