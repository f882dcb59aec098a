/* elf_image.c: see elf_image.h. Nothing in the file need be aligned: all is copied. */
#include "net/elf_image.h"

#include <string.h>

enum { PAGE = 4096 }; /* the smallest there is: pages that two segments share hold the bytes of the last */

/* Part of the file, `count` elements of that size; false if it is incomplete. */
static bool find_part(const struct elf_part *file, uint64_t at, uint64_t count, size_t size,
                      struct elf_part *part)
{
    if (at > file->size || count > (file->size - at) / size)
        return false;
    *part = (struct elf_part){file->bytes + at, (size_t)count * size};
    return true;
}

const char *elf_name(const struct elf_part *names, size_t at)
{
    return at < names->size && memchr(names->bytes + at, '\0', names->size - at) ? names->bytes + at : NULL;
}

size_t elf_symbol_count(const struct elf_part *symbols)
{
    return symbols->size / sizeof(ElfW(Sym));
}

const char *elf_symbol(const struct elf_part *symbols, const struct elf_part *names, size_t i,
                       ElfW(Sym) * symbol)
{
    memcpy(symbol, symbols->bytes + i * sizeof *symbol, sizeof *symbol);
    return elf_name(names, symbol->st_name);
}

/* ---- the header --------------------------------------------------------------------------------------------- */

/* False of processors that are not listed, too: the loader looks at that, before anything of the file runs. */
static bool is_foreign(unsigned machine)
{
#if defined(__x86_64__)
    return machine != EM_X86_64;
#elif defined(__i386__)
    return machine != EM_386;
#elif defined(__aarch64__)
    return machine != EM_AARCH64;
#else
    return machine == EM_NONE;
#endif
}

static int open_header(struct elf_image *image, const char *path, struct error *error)
{
    const unsigned char class = __ELF_NATIVE_CLASS == 64 ? ELFCLASS64 : ELFCLASS32;
    const unsigned char order = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB : ELFDATA2MSB;
    const ElfW(Ehdr) *header = &image->header;

    if (image->file.size == 0)
        return error_set(error, ERROR_CONFIG, "%s: the file is empty", path);
    if (image->file.size < SELFMAG || memcmp(image->file.bytes, ELFMAG, SELFMAG) != 0)
        return error_set(error, ERROR_CONFIG, "%s is not a shared object", path);
    if (image->file.size < sizeof image->header)
        return error_set(error, ERROR_CONFIG, "%s is cut off: it ends within its header", path);
    memcpy(&image->header, image->file.bytes, sizeof image->header);
    if (header->e_ident[EI_CLASS] != class || header->e_ident[EI_DATA] != order ||
        is_foreign(header->e_machine))
        return error_set(error, ERROR_CONFIG,
                         "%s is for another kind of processor (ELF machine %u, %s): compile it here", path,
                         header->e_machine,
                         header->e_ident[EI_CLASS] == ELFCLASS32   ? "32 bits"
                         : header->e_ident[EI_CLASS] == ELFCLASS64 ? "64 bits"
                                                                   : "of no known size");
    if (header->e_type != ET_DYN)
        return error_set(error, ERROR_CONFIG, "%s is not a shared object: link it with -shared", path);
    return 0;
}

/* ---- all is there ------------------------------------------------------------------------------------------- */

static int cut_off(struct error *error, const char *path, const char *what)
{
    return error_set(error, ERROR_CONFIG, "%s is cut off or damaged: %s", path, what);
}

static bool find_segment(const struct elf_image *image, unsigned i, ElfW(Phdr) * segment)
{
    const ElfW(Ehdr) *header = &image->header;
    struct elf_part table;

    if (i >= header->e_phnum || header->e_phentsize != sizeof *segment ||
        !find_part(&image->file, header->e_phoff, header->e_phnum, sizeof *segment, &table))
        return false;
    memcpy(segment, table.bytes + i * sizeof *segment, sizeof *segment);
    return true;
}

static int check_segments(const struct elf_image *image, const char *path, struct error *error)
{
    ElfW(Phdr) segment;
    struct elf_part part;
    ElfW(Addr) end = 0; /* of the pages so far */
    unsigned loads = 0, links = 0;

    for (unsigned i = 0; i < image->header.e_phnum; i++) {
        if (!find_segment(image, i, &segment))
            return cut_off(error, path, "its table of segments is incomplete");
        if (segment.p_type == PT_NULL)
            continue;
        if (!find_part(&image->file, segment.p_offset, segment.p_filesz, 1, &part))
            return cut_off(error, path, "a segment is incomplete");
        if (segment.p_type == PT_LOAD &&
            (segment.p_filesz > segment.p_memsz || segment.p_vaddr + segment.p_memsz < segment.p_vaddr))
            return cut_off(error, path, "a segment has an impossible size");
        if (segment.p_type == PT_LOAD && loads++ > 0 && segment.p_vaddr / PAGE < end)
            return cut_off(error, path, "a segment is loaded over another");
        if (segment.p_type == PT_LOAD && segment.p_memsz > 0)
            end = (segment.p_vaddr + segment.p_memsz - 1) / PAGE + 1;
        links += segment.p_type == PT_DYNAMIC;
    }
    if (!loads || !links)
        return cut_off(error, path, "a segment that every shared object has is missing");
    if (links > 1)
        return cut_off(error, path, "it has two dynamic sections");
    return 0;
}

bool elf_image_section(const struct elf_image *image, uint32_t number, ElfW(Shdr) * section)
{
    const ElfW(Ehdr) *header = &image->header;
    struct elf_part table;

    if (number >= header->e_shnum || header->e_shentsize != sizeof *section ||
        !find_part(&image->file, header->e_shoff, header->e_shnum, sizeof *section, &table))
        return false;
    memcpy(section, table.bytes + number * sizeof *section, sizeof *section);
    return true;
}

struct elf_part elf_image_section_bytes(const struct elf_image *image, const ElfW(Shdr) * section)
{
    struct elf_part part = {NULL, 0};

    if (section->sh_type != SHT_NOBITS && section->sh_type != SHT_NULL)
        find_part(&image->file, section->sh_offset, section->sh_size, 1, &part);
    return part;
}

/* The loader needs none of them, but a file that has lost them was not copied whole. */
static int check_sections(const struct elf_image *image, const char *path, struct error *error)
{
    ElfW(Shdr) section;

    for (uint32_t i = 0; i < image->header.e_shnum; i++) {
        if (!elf_image_section(image, i, &section))
            return cut_off(error, path, "its table of sections is incomplete");
        if (section.sh_type != SHT_NOBITS && section.sh_type != SHT_NULL &&
            !elf_image_section_bytes(image, &section).bytes)
            return cut_off(error, path, "a section is incomplete");
    }
    return 0;
}

/* ---- what of it is read --------------------------------------------------------------------------------------- */

/* The bytes up to the last that is loaded. */
static size_t loaded_end(const struct elf_image *image)
{
    ElfW(Phdr) segment;
    size_t end = 0;

    for (unsigned i = 0; find_segment(image, i, &segment); i++) {
        struct elf_part part;
        if (segment.p_type == PT_LOAD &&
            find_part(&image->file, segment.p_offset, segment.p_filesz, 1, &part) &&
            segment.p_offset + segment.p_filesz > end)
            end = segment.p_offset + segment.p_filesz;
    }
    return end;
}

bool elf_image_range(const char *bytes, size_t size, unsigned i, size_t *at, size_t *length)
{
    struct elf_image image = {.file = {bytes, size}};
    struct elf_part part = {bytes, 0};
    const ElfW(Ehdr) *header = &image.header;

    if (i == 0)
        find_part(&image.file, 0, size < sizeof *header ? size : sizeof *header, 1, &part);
    else if (size < sizeof *header || memcmp(bytes, ELFMAG, SELFMAG) != 0)
        return false;
    else
        memcpy(&image.header, bytes, sizeof *header);
    if (i == 1)
        find_part(&image.file, header->e_phoff, header->e_phnum, sizeof(ElfW(Phdr)), &part);
    else if (i == 2)
        find_part(&image.file, header->e_shoff, header->e_shnum, sizeof(ElfW(Shdr)), &part);
    else if (i == 3)
        part.size = loaded_end(&image);
    *at = (size_t)(part.bytes - bytes);
    *length = part.size;
    return i < 4;
}

/* ---- symbols ------------------------------------------------------------------------------------------------- */

struct elf_part elf_image_loaded(const struct elf_image *image, ElfW(Addr) address)
{
    ElfW(Phdr) segment;

    for (unsigned i = 0; find_segment(image, i, &segment); i++) {
        struct elf_part part;
        if (segment.p_type == PT_LOAD && address >= segment.p_vaddr &&
            address - segment.p_vaddr < segment.p_filesz &&
            find_part(&image->file, segment.p_offset, segment.p_filesz, 1, &part)) {
            part.bytes += address - segment.p_vaddr;
            part.size -= address - segment.p_vaddr;
            return part;
        }
    }
    return (struct elf_part){NULL, 0};
}

static bool find_dynamic(const struct elf_image *image, struct elf_part *entries, ElfW(Addr) * place)
{
    ElfW(Phdr) segment;

    for (unsigned i = 0; find_segment(image, i, &segment); i++) {
        if (segment.p_type != PT_DYNAMIC)
            continue;
        *place = segment.p_vaddr;
        *entries = elf_image_loaded(image, *place);
        return entries->bytes && segment.p_memsz <= entries->size;
    }
    return false;
}

bool elf_entry(const struct elf_part *entries, size_t i, ElfW(Dyn) * entry)
{
    if (i >= entries->size / sizeof *entry)
        return false;
    memcpy(entry, entries->bytes + i * sizeof *entry, sizeof *entry);
    return entry->d_tag != DT_NULL;
}

static void read_dynamic(const struct elf_part *entries, ElfW(Addr) place, struct elf_dynamic *dynamic)
{
    ElfW(Dyn) entry;

    *dynamic = (struct elf_dynamic){.entries = *entries, .place = place};
    for (size_t i = 0; elf_entry(entries, i, &entry); i++)
        if (entry.d_tag == DT_SYMTAB)
            dynamic->symbols = entry.d_un.d_ptr;
        else if (entry.d_tag == DT_STRTAB)
            dynamic->names = entry.d_un.d_ptr;
        else if (entry.d_tag == DT_STRSZ)
            dynamic->names_size = entry.d_un.d_val;
        else if (entry.d_tag == DT_GNU_HASH)
            dynamic->gnu_hash = entry.d_un.d_ptr;
        else if (entry.d_tag == DT_HASH)
            dynamic->hash = entry.d_un.d_ptr;
}

bool elf_word(const struct elf_part *table, uint64_t i, uint32_t *word)
{
    if (i >= table->size / sizeof *word)
        return false;
    memcpy(word, table->bytes + i * sizeof *word, sizeof *word);
    return true;
}

/* How many symbols a table of GNU's kind tells of: the last chain ends with the last of them, in an odd word. */
static bool count_gnu(const struct elf_part *table, uint32_t *count)
{
    uint32_t buckets, first, bloom, last = 0, word;
    uint64_t at;

    if (!elf_word(table, 0, &buckets) || !elf_word(table, 1, &first) || !elf_word(table, 2, &bloom))
        return false;
    at = 4 + (uint64_t)bloom * (sizeof(ElfW(Addr)) / sizeof word);
    for (uint32_t i = 0; i < buckets; i++) {
        if (!elf_word(table, at + i, &word) || (word && word < first))
            return false;
        last = word > last ? word : last;
    }
    *count = first;
    if (last < first)
        return true;
    for (at += buckets; elf_word(table, at + last - first, &word); last++)
        if (word & 1) {
            *count = last + 1;
            return last < UINT32_MAX;
        }
    return false;
}

static bool count_symbols(const struct elf_image *image, const struct elf_dynamic *dynamic, uint32_t *count)
{
    struct elf_part table;

    if (dynamic->gnu_hash) {
        table = elf_image_loaded(image, dynamic->gnu_hash);
        return count_gnu(&table, count);
    }
    table = elf_image_loaded(image, dynamic->hash);
    return dynamic->hash && elf_word(&table, 1, count);
}

/* Of files that are needed, and of folders to look for them. */
static bool names_place(const struct elf_image *image, const struct elf_part *entries)
{
    ElfW(Dyn) entry;

    for (size_t i = 0; elf_entry(entries, i, &entry); i++) {
        const bool is_file = entry.d_tag == DT_NEEDED || entry.d_tag == DT_RPATH || entry.d_tag == DT_RUNPATH;
        const char *name = is_file ? elf_name(&image->names, entry.d_un.d_val) : NULL;

        if (name && strchr(name, '$'))
            return true;
    }
    return false;
}

static int find_symbols(struct elf_image *image, const char *path, struct error *error)
{
    struct elf_dynamic *const dynamic = &image->dynamic;
    struct elf_part entries;
    ElfW(Addr) place;
    uint32_t count;

    if (!find_dynamic(image, &entries, &place))
        return cut_off(error, path, "its dynamic section is incomplete");
    read_dynamic(&entries, place, dynamic);
    image->symbols = elf_image_loaded(image, dynamic->symbols);
    image->names = elf_image_loaded(image, dynamic->names);
    if (!image->symbols.bytes || !image->names.bytes || dynamic->names_size > image->names.size ||
        !count_symbols(image, dynamic, &count) || count > elf_symbol_count(&image->symbols))
        return cut_off(error, path, "its table of symbols is incomplete");
    image->symbols.size = count * sizeof(ElfW(Sym));
    image->names.size = dynamic->names_size;
    image->finds_by_place = names_place(image, &entries);
    return 0;
}

int elf_image_open(struct elf_image *image, const char *bytes, size_t size, const char *path,
                   struct error *error)
{
    *image = (struct elf_image){.file = {bytes, size}};
    if (open_header(image, path, error) != 0 || check_segments(image, path, error) != 0 ||
        check_sections(image, path, error) != 0)
        return -1;
    return find_symbols(image, path, error);
}
