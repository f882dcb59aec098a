/* elf_symbols.c: see elf_symbols.h. */
#include "check/elf_symbols.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file_io.h"
#include "net/elf_image.h"

/* Without names nothing tells a variable from what the start files of GCC and Clang have: 16 bytes, in C++ 24. */
enum { MOST_BYTES = 1 << 28, START_FILES = 24 };

/* The symbols of a section of that type, and their names. */
static bool find_symbols(const struct elf_image *image, uint32_t type, struct elf_part *symbols,
                         struct elf_part *names)
{
    ElfW(Shdr) section, strings;

    for (uint32_t i = 0; elf_image_section(image, i, &section); i++) {
        if (section.sh_type != type || !elf_image_section(image, section.sh_link, &strings))
            continue;
        *symbols = elf_image_section_bytes(image, &section);
        *names = elf_image_section_bytes(image, &strings);
        return symbols->bytes && names->bytes && section.sh_entsize == sizeof(ElfW(Sym));
    }
    return false;
}

/* The bytes of the file, which hold the image. NULL after setting error. */
static char *load_image(const char *path, struct elf_image *image, struct error *error)
{
    size_t size;
    char *bytes = file_load(path, MOST_BYTES, &size, error);

    if (!bytes || elf_image_open(image, bytes, size, path, error) == 0)
        return bytes;
    free(bytes);
    return NULL;
}

/* Whether GCC's coverage counters, which write a file when the process ends, are linked into the file. */
static bool has_counters(const struct elf_image *image)
{
    struct elf_part symbols, names;

    if (!find_symbols(image, SHT_SYMTAB, &symbols, &names))
        return false;
    for (size_t i = 0; i < elf_symbol_count(&symbols); i++) {
        ElfW(Sym) symbol;
        const char *name = elf_symbol(&symbols, &names, i, &symbol);
        if (name && symbol.st_shndx != SHN_UNDEF && strcmp(name, "__gcov_exit") == 0)
            return true;
    }
    return false;
}

/* Whether they call such a function themselves: whatever else the file calls is still its own. */
static bool is_of_counters(const char *name)
{
    static const char *const called[] = {"calloc", "exit", "fdopen", "fopen",  "free", "getenv",  "getpid",
                                         "malloc", "mmap", "munmap", "open64", "open", "realloc", NULL};
    size_t i = 0;

    while (called[i] && strcmp(called[i], name) != 0)
        i++;
    return called[i] != NULL;
}

int elf_symbols_needed(const char *path, void (*use)(void *arg, const char *name), void *arg,
                       struct error *error)
{
    struct elf_image image;
    char *bytes = load_image(path, &image, error);
    bool counted;

    if (!bytes)
        return -1;
    counted = has_counters(&image);
    for (size_t i = 0; i < elf_symbol_count(&image.symbols); i++) {
        ElfW(Sym) symbol;
        const char *name = elf_symbol(&image.symbols, &image.names, i, &symbol);
        /* the macro is the same for both classes */
        if (symbol.st_shndx == SHN_UNDEF && ELF64_ST_BIND(symbol.st_info) == STB_GLOBAL && name &&
            !(counted && is_of_counters(name)))
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
static bool is_instrumented(const struct elf_part *symbols, const struct elf_part *names)
{
    static const char *const begins[] = {"__asan_", "__tsan_",        "__ubsan_",    "__msan_", "__hwasan_",
                                         "__gcov_", "__llvm_profile", "__sanitizer", NULL};

    for (size_t i = 0; i < elf_symbol_count(symbols); i++) {
        ElfW(Sym) symbol;
        const char *name = elf_symbol(symbols, names, i, &symbol);
        if (name && begins_with_any(name, begins))
            return true;
    }
    return false;
}

/* It can still be written to once the file is loaded. */
static bool stays_writable(const struct elf_part *names, const ElfW(Shdr) * section)
{
    static const char *const linked[] = {".data.rel.ro", ".bss.rel.ro", ".got", ".plt",
                                         ".ctors",       ".dtors",      ".jcr", ".tm_clone",
                                         ".eh_frame",    ".gcc_except", NULL};
    const char *name = elf_name(names, section->sh_name);

    return (section->sh_type == SHT_PROGBITS || section->sh_type == SHT_NOBITS) &&
           (section->sh_flags & (SHF_ALLOC | SHF_WRITE)) == (SHF_ALLOC | SHF_WRITE) && name &&
           !begins_with_any(name, linked);
}

/* Adds up the variables in section `number`. */
static void add_variables(const struct elf_part *symbols, const struct elf_part *names, uint32_t number,
                          struct elf_variables *found)
{
    for (size_t i = 0; i < elf_symbol_count(symbols); i++) {
        ElfW(Sym) symbol;
        const char *name = elf_symbol(symbols, names, i, &symbol);
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

static void find_variables(const struct elf_image *image, struct elf_variables *found)
{
    struct elf_part symbols, names, sections;
    const bool has_names = find_symbols(image, SHT_SYMTAB, &symbols, &names);
    ElfW(Shdr) section;

    if (!elf_image_section(image, image->header.e_shstrndx, &section) ||
        (has_names && is_instrumented(&symbols, &names)))
        return;
    sections = elf_image_section_bytes(image, &section);
    for (uint32_t i = 0; elf_image_section(image, i, &section); i++) {
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
    struct elf_image image;
    char *bytes = load_image(path, &image, error);

    *found = (struct elf_variables){0};
    if (!bytes)
        return -1;
    if (!is_instrumented(&image.symbols, &image.names))
        find_variables(&image, found);
    free(bytes);
    return 0;
}
