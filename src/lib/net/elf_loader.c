/* elf_loader.c: see elf_loader.h. */
#include "net/elf_loader.h"

#include <string.h>

/* ---- symbols ------------------------------------------------------------------------------------------------- */

static uint32_t gnu_hash(const char *name)
{
    uint32_t hash = 5381;

    for (; *name; name++)
        hash = hash * 33 + (unsigned char)*name;
    return hash;
}

static uint32_t system_v_hash(const char *name)
{
    uint32_t hash = 0;

    for (; *name; name++) {
        hash = (hash << 4) + (unsigned char)*name;
        hash = (hash ^ (hash >> 24 & 0xf0)) & 0x0fffffff;
    }
    return hash;
}

/* Its chain ends with an odd word; elf_image_open has seen that each chain ends within the table. */
static bool is_in_gnu(const struct elf_part *table, const char *name, uint32_t wanted)
{
    uint32_t buckets, first, bloom, i, word = 0;
    uint64_t at;

    if (!elf_word(table, 0, &buckets) || !elf_word(table, 1, &first) || !elf_word(table, 2, &bloom) ||
        buckets == 0)
        return false;
    at = 4 + (uint64_t)bloom * (sizeof(ElfW(Addr)) / sizeof word);
    if (!elf_word(table, at + gnu_hash(name) % buckets, &i) || i < first)
        return false;
    for (at += buckets; i <= wanted && elf_word(table, at + i - first, &word); i++) {
        if (i == wanted)
            return (word | 1) == (gnu_hash(name) | 1);
        if (word & 1)
            break;
    }
    return false;
}

/* Each symbol names the next of its chain. */
static bool is_in_system_v(const struct elf_part *table, const char *name, uint32_t wanted)
{
    uint32_t buckets, count, i;

    if (!elf_word(table, 0, &buckets) || !elf_word(table, 1, &count) || buckets == 0 ||
        !elf_word(table, 2 + system_v_hash(name) % buckets, &i))
        return false;
    for (uint32_t steps = 0; i != wanted; steps++)
        if (i == STN_UNDEF || i >= count || steps >= count || !elf_word(table, 2 + (uint64_t)buckets + i, &i))
            return false;
    return true;
}

static bool is_found(const struct elf_image *image, const char *name, uint32_t i)
{
    const ElfW(Addr) gnu = image->dynamic.gnu_hash;
    const struct elf_part table = elf_image_loaded(image, gnu ? gnu : image->dynamic.hash);

    return gnu ? is_in_gnu(&table, name, i) : is_in_system_v(&table, name, i);
}

bool elf_loader_variable(const struct elf_image *image, const char *name, ElfW(Sym) * symbol)
{
    ElfW(Sym) other;
    size_t found = 0, at = 0;
    unsigned bind;

    for (size_t i = 0; i < elf_symbol_count(&image->symbols); i++) {
        const char *const its = elf_symbol(&image->symbols, &image->names, i, &other);

        if (its && strcmp(its, name) == 0) {
            *symbol = other;
            at = i;
            found++;
        }
    }
    if (found != 1)
        return false;
    bind = ELF64_ST_BIND(symbol->st_info); /* the macros are the same for both classes */
    return symbol->st_shndx != SHN_UNDEF && (bind == STB_GLOBAL || bind == STB_WEAK) &&
           ELF64_ST_TYPE(symbol->st_info) == STT_OBJECT && is_found(image, name, (uint32_t)at);
}

/* ---- relocations --------------------------------------------------------------------------------------------- */

struct range {
    ElfW(Addr) at, size;
};

enum { TAG_RELRSZ = 35, TAG_RELR = 36 }; /* older elf.h lack DT_RELR */

/* What is believed before the file is loaded. */
struct believed {
    struct range ranges[4];
};

/* Addresses wrap, as the loader's do. */
static bool is_hit(const struct believed *believed, ElfW(Addr) at)
{
    for (size_t i = 0; i < sizeof believed->ranges / sizeof believed->ranges[0]; i++) {
        const struct range *const range = &believed->ranges[i];

        if (at - range->at < range->size || range->at - at < sizeof at)
            return true;
    }
    return false;
}

/* The last entry of that kind counts; 0: there is none. */
static ElfW(Xword) value_of(const struct elf_image *image, uint64_t tag)
{
    ElfW(Xword) value = 0;
    ElfW(Dyn) entry;

    for (size_t i = 0; elf_entry(&image->dynamic.entries, i, &entry); i++)
        if ((uint64_t)entry.d_tag == tag)
            value = entry.d_un.d_val;
    return value;
}

/* Of a table of relocations, each of which begins with its address. What is not all there may change anything. */
static bool table_hits(const struct elf_image *image, const struct believed *believed,
                       const struct range *table, size_t each)
{
    const struct elf_part part = elf_image_loaded(image, table->at);
    ElfW(Addr) at;

    if (table->size > 0 && table->size > part.size)
        return true;
    for (size_t i = 0; i < table->size / each; i++) {
        memcpy(&at, part.bytes + i * each, sizeof at);
        if (is_hit(believed, at))
            return true;
    }
    return false;
}

/* An even word is an address; an odd one has a bit for each of the words that follow. */
static bool packed_hits(const struct elf_image *image, const struct believed *believed,
                        const struct range *table)
{
    const struct elf_part part = elf_image_loaded(image, table->at);
    ElfW(Addr) word, at = 0;

    if (table->size > 0 && table->size > part.size)
        return true;
    for (size_t i = 0; i < table->size / sizeof word; i++) {
        memcpy(&word, part.bytes + i * sizeof word, sizeof word);
        if (word & 1) {
            for (size_t bit = 1; bit < 8 * sizeof word; bit++, at += sizeof word)
                if ((word >> bit & 1) && is_hit(believed, at))
                    return true;
        } else if (is_hit(believed, word)) {
            return true;
        } else {
            at = word + sizeof word;
        }
    }
    return false;
}

static size_t entry_count(const struct elf_dynamic *dynamic)
{
    ElfW(Dyn) entry;
    size_t count = 0;

    while (elf_entry(&dynamic->entries, count, &entry))
        count++;
    return count;
}

bool elf_loader_changes(const struct elf_image *image, ElfW(Addr) at, size_t size)
{
    const struct elf_dynamic *const dynamic = &image->dynamic;
    const struct believed believed = {{{at, size},
                                       {dynamic->symbols, image->symbols.size},
                                       {dynamic->names, dynamic->names_size},
                                       {dynamic->place, entry_count(dynamic) * sizeof(ElfW(Dyn))}}};
    const struct range with_addends = {value_of(image, DT_RELA), value_of(image, DT_RELASZ)},
                       without = {value_of(image, DT_REL), value_of(image, DT_RELSZ)},
                       calls = {value_of(image, DT_JMPREL), value_of(image, DT_PLTRELSZ)},
                       packed = {value_of(image, TAG_RELR), value_of(image, TAG_RELRSZ)};

    return table_hits(image, &believed, &with_addends, sizeof(ElfW(Rela))) ||
           table_hits(image, &believed, &without, sizeof(ElfW(Rel))) ||
           table_hits(image, &believed, &calls,
                      value_of(image, DT_PLTREL) == DT_REL ? sizeof(ElfW(Rel)) : sizeof(ElfW(Rela))) ||
           packed_hits(image, &believed, &packed);
}
