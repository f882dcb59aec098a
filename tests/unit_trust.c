/* unit_trust.c: whose plugins may run, and that what is checked is what is loaded: whole, by its ELF headers. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "unit.h"

#include <dirent.h>
#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file_io.h"
#include "net/elf_image.h"
#include "net/elf_loader.h"
#include "net/plugin.h"
#include "net/plugin_file.h"
#include "net/trust_rule.h"

/* ---- the rule -------------------------------------------------------------------------------------------------- */

enum { ME = 1001, BUILDER = 1002, OTHER = 1003, STAFF = 50 };

#define FOLDER_OF(user, bits)                                                                                \
    {                                                                                                        \
        .owner = (user), .group = STAFF, .mode = (bits) | S_IFDIR                                            \
    }
#define FILE_OF(user, bits)                                                                                  \
    {                                                                                                        \
        .owner = (user), .group = STAFF, .mode = (bits) | S_IFREG                                            \
    }
#define ROOT_FOLDER FOLDER_OF(0, 0755)

enum { PLACES = 4 };

struct rule_case {
    const char *what;
    struct trust_place plugin[PLACES], library[PLACES]; /* modes of 0: no more places */
    enum trust_fault fault;
    size_t at;
};

static struct trust_chain chain_of(const struct trust_place *places)
{
    struct trust_chain chain = {places, 0};

    while (chain.count < PLACES && places[chain.count].mode)
        chain.count++;
    return chain;
}

static void expect_rule(const struct rule_case *one)
{
    const struct trust_chain plugin = chain_of(one->plugin), library = chain_of(one->library);
    size_t at = 0;
    const enum trust_fault fault = trust_check(&plugin, &library, ME, &at);

    if (fault != one->fault || (fault != TRUST_FINE && at != one->at)) {
        printf("\n  %s: fault %d at %zu ", one->what, (int)fault, at);
        CU_FAIL("another verdict");
    }
}

#define EXPECT_RULES(cases)                                                                                  \
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases)[0]; i++)                                            \
        expect_rule(&(cases)[i]);

static void elsewhere(void)
{
    static const struct rule_case cases[] = {
        {"root's", {ROOT_FOLDER, ROOT_FOLDER, FILE_OF(0, 0644)}, {{0}}, TRUST_FINE, 0},
        {"the user's", {ROOT_FOLDER, FOLDER_OF(ME, 0755), FILE_OF(ME, 0600)}, {{0}}, TRUST_FINE, 0},
        {"another's file", {ROOT_FOLDER, ROOT_FOLDER, FILE_OF(OTHER, 0644)}, {{0}}, TRUST_OWNER, 2},
        {"a file that its owner made read-only",
         {ROOT_FOLDER, ROOT_FOLDER, FILE_OF(OTHER, 0444)},
         {{0}},
         TRUST_OWNER,
         2},
        {"another's folder, high above",
         {ROOT_FOLDER, FOLDER_OF(OTHER, 0755), FOLDER_OF(ME, 0700), FILE_OF(ME, 0600)},
         {{0}},
         TRUST_OWNER,
         1},
        {"a world-writable file", {ROOT_FOLDER, FILE_OF(ME, 0646)}, {{0}}, TRUST_EVERYONE, 1},
        {"a world-writable folder, high above",
         {FOLDER_OF(0, 0777), ROOT_FOLDER, FILE_OF(0, 0644)},
         {{0}},
         TRUST_EVERYONE,
         0},
        {"a group's file", {ROOT_FOLDER, FILE_OF(ME, 0664)}, {{0}}, TRUST_GROUP, 1},
        {"a group's folder", {ROOT_FOLDER, FOLDER_OF(0, 0775), FILE_OF(0, 0644)}, {{0}}, TRUST_GROUP, 1},
        {"the builder's, whose library is elsewhere",
         {ROOT_FOLDER, FOLDER_OF(BUILDER, 0755), FILE_OF(BUILDER, 0644)},
         {{0}},
         TRUST_OWNER,
         1},
    };

    EXPECT_RULES(cases);
}

static void sticky(void)
{
    static const struct rule_case cases[] = {
        {"the user's in a sticky folder",
         {ROOT_FOLDER, FOLDER_OF(0, 01777), FOLDER_OF(ME, 0700), FILE_OF(ME, 0600)},
         {{0}},
         TRUST_FINE,
         0},
        {"the user's file right in it",
         {ROOT_FOLDER, FOLDER_OF(0, 01777), FILE_OF(ME, 0600)},
         {{0}},
         TRUST_FINE,
         0},
        {"another's in it", {ROOT_FOLDER, FOLDER_OF(0, 01777), FILE_OF(OTHER, 0644)}, {{0}}, TRUST_OWNER, 2},
        {"a sticky folder of another's",
         {ROOT_FOLDER, FOLDER_OF(OTHER, 01777), FILE_OF(ME, 0600)},
         {{0}},
         TRUST_OWNER,
         1},
        {"a world-writable folder in it",
         {ROOT_FOLDER, FOLDER_OF(0, 01777), FOLDER_OF(ME, 0777), FILE_OF(ME, 0600)},
         {{0}},
         TRUST_EVERYONE,
         2},
        {"a sticky group's folder", {FOLDER_OF(0, 01775), FILE_OF(ME, 0600)}, {{0}}, TRUST_FINE, 0},
        {"a file with that bit, where it means nothing",
         {ROOT_FOLDER, FILE_OF(ME, 01646)},
         {{0}},
         TRUST_EVERYONE,
         1},
    };

    EXPECT_RULES(cases);
}

static void own_prefix(void)
{
#define BUILT                                                                                                \
    {                                                                                                        \
        ROOT_FOLDER, FOLDER_OF(BUILDER, 0755), FILE_OF(BUILDER, 0755)                                        \
    }
    static const struct rule_case cases[] = {
        {"the builder's",
         {ROOT_FOLDER, FOLDER_OF(BUILDER, 0755), FOLDER_OF(BUILDER, 0755), FILE_OF(BUILDER, 0644)},
         BUILT,
         TRUST_FINE,
         0},
        {"a third one's file in it",
         {ROOT_FOLDER, FOLDER_OF(BUILDER, 0755), FILE_OF(OTHER, 0644)},
         BUILT,
         TRUST_OWNER,
         2},
        {"the user's own file in it",
         {ROOT_FOLDER, FOLDER_OF(BUILDER, 0755), FILE_OF(ME, 0644)},
         BUILT,
         TRUST_FINE,
         0},
        {"a world-writable folder of plugins",
         {ROOT_FOLDER, FOLDER_OF(BUILDER, 0755), FOLDER_OF(BUILDER, 0777), FILE_OF(BUILDER, 0644)},
         BUILT,
         TRUST_EVERYONE,
         2},
        {"a group's folder of plugins, where the library is not the group's",
         {ROOT_FOLDER, FOLDER_OF(BUILDER, 0755), FOLDER_OF(BUILDER, 0775), FILE_OF(BUILDER, 0644)},
         BUILT,
         TRUST_GROUP,
         2},
        {"a group's, as the library is",
         {ROOT_FOLDER, FOLDER_OF(BUILDER, 0775), FOLDER_OF(BUILDER, 0775), FILE_OF(BUILDER, 0664)},
         {ROOT_FOLDER, FOLDER_OF(BUILDER, 0775), FILE_OF(BUILDER, 0775)},
         TRUST_FINE,
         0},
        {"everyone's, as the library is",
         {ROOT_FOLDER, FOLDER_OF(BUILDER, 0777), FILE_OF(BUILDER, 0646)},
         {ROOT_FOLDER, FOLDER_OF(BUILDER, 0777), FILE_OF(BUILDER, 0755)},
         TRUST_FINE,
         0},
        {"everyone's, where the library is safe in a sticky folder",
         {ROOT_FOLDER, FOLDER_OF(0, 01777), FILE_OF(BUILDER, 0646)},
         {ROOT_FOLDER, FOLDER_OF(0, 01777), FILE_OF(BUILDER, 0755)},
         TRUST_EVERYONE,
         2},
    };

    EXPECT_RULES(cases);
#undef BUILT
}

static void nobody(void)
{
    static const struct trust_place places[] = {ROOT_FOLDER, FILE_OF(TRUST_NOBODY_ID, 0644)},
                                    grouped[] = {ROOT_FOLDER,
                                                 {.owner = ME,
                                                  .group = TRUST_NOBODY_ID,
                                                  .mode = S_IFREG | 0664,
                                                  .private_group = true}};
    const struct trust_chain chain = {places, 2}, none = {NULL, 0}, group = {grouped, 2};
    size_t at = 0;

    CU_ASSERT(trust_check(&chain, &none, ME, &at) == TRUST_NOBODY && at == 1);
    CU_ASSERT(trust_check(&chain, &none, TRUST_NOBODY_ID, &at) == TRUST_NOBODY);
    CU_ASSERT(trust_check(&chain, &chain, ME, &at) == TRUST_NOBODY);
    CU_ASSERT(trust_check(&group, &none, ME, &at) == TRUST_GROUP);
    CU_ASSERT(trust_check(&group, &group, ME, &at) == TRUST_GROUP);
}

static void groups(void)
{
    struct trust_place places[] = {ROOT_FOLDER, FILE_OF(ME, 0664)};
    const struct trust_chain chain = {places, 2}, none = {NULL, 0};
    size_t at = 0;

    CU_ASSERT(trust_check(&chain, &none, ME, &at) == TRUST_GROUP && at == 1);
    places[1].private_group = true;
    CU_ASSERT(trust_check(&chain, &none, ME, &at) == TRUST_FINE);
    places[1].mode |= S_IWOTH;
    CU_ASSERT(trust_check(&chain, &none, ME, &at) == TRUST_EVERYONE);
}

/* ---- the file -------------------------------------------------------------------------------------------------- */

/* Of relu; ends the program if there is none. */
static char *load_relu(size_t *size)
{
    const char *folder = getenv("NNRUN_PLUGIN_PATH");
    struct error error UNIT_CLEARED = {0};
    char path[4096];
    char *bytes;

    snprintf(path, sizeof path, "%s/relu.so", folder ? folder : ".");
    bytes = file_load(path, PLUGIN_MOST_BYTES, size, &error);
    if (!bytes) {
        printf("%s\n", error_text(&error));
        exit(99);
    }
    return bytes;
}

/* What elf_image_open says that it reads of the bytes is all that it takes to decide. */
static bool ranges_look_whole(const char *bytes, size_t size)
{
    struct error error UNIT_CLEARED = {0};
    struct elf_image image;
    size_t at, length;
    char *const copy = calloc(size + 1, 1);
    bool whole;

    if (!copy)
        exit(99);
    for (unsigned i = 0; elf_image_range(copy, size, i, &at, &length); i++) {
        CU_ASSERT_FATAL(at <= size && length <= size - at);
        memcpy(copy + at, bytes + at, length);
    }
    whole = elf_image_open(&image, copy, size, "x.so", &error) == 0;
    free(copy);
    return whole;
}

/* Whether a copy of so many of the bytes, with nothing behind them, is taken for whole. All that is read of it is. */
static bool looks_whole(const char *bytes, size_t size)
{
    struct error error UNIT_CLEARED = {0};
    struct elf_image image;
    char *const copy = malloc(size ? size : 1);
    bool whole;

    if (!copy)
        exit(99);
    memcpy(copy, bytes, size);
    whole = elf_image_open(&image, copy, size, "x.so", &error) == 0;
    CU_ASSERT(whole == (error_count(&error) == 0));
    CU_ASSERT(whole == ranges_look_whole(copy, size));
    if (whole) {
        ElfW(Sym) symbol = {0};
        ElfW(Shdr) section;
        if (elf_loader_variable(&image, "nnrun_plugin", &symbol)) {
            const struct elf_part part = elf_image_loaded(&image, symbol.st_value);
            CU_ASSERT(part.size == 0 || (part.bytes >= copy && part.bytes + part.size <= copy + size));
        }
        for (uint32_t i = 0; elf_image_section(&image, i, &section); i++)
            elf_image_section_bytes(&image, &section);
    }
    free(copy);
    return whole;
}

static void cut_anywhere(void)
{
    size_t size, taken = 0;
    char *bytes = load_relu(&size);

    for (size_t to = 0; to < size; to++)
        taken += looks_whole(bytes, to);
    CU_ASSERT_EQUAL(taken, 0);
    CU_ASSERT(looks_whole(bytes, size));
    free(bytes);
}

/* Writes `count` bytes at `at` as each of some values. */
static void spoil(char *bytes, size_t size, size_t at, size_t count)
{
    static const unsigned char values[] = {0x00, 0x01, 0x04, 0x7f, 0x80, 0xff};

    for (size_t i = at; i < at + count && i < size; i++)
        for (size_t k = 0; k < sizeof values; k++) {
            const char kept = bytes[i];
            bytes[i] = (char)values[k];
            looks_whole(bytes, size);
            bytes[i] = kept;
        }
}

static void spoilt_anywhere(void)
{
    size_t size;
    char *bytes = load_relu(&size);
    ElfW(Ehdr) header;
    ElfW(Phdr) segment;
    ElfW(Shdr) section;
    uint32_t random = 1;

    memcpy(&header, bytes, sizeof header);
    spoil(bytes, size, 0, sizeof header);
    spoil(bytes, size, header.e_phoff, header.e_phnum * sizeof segment);
    spoil(bytes, size, header.e_shoff, header.e_shnum * sizeof section);
    for (unsigned i = 0; i < header.e_phnum; i++) {
        memcpy(&segment, bytes + header.e_phoff + i * sizeof segment, sizeof segment);
        if (segment.p_type == PT_DYNAMIC)
            spoil(bytes, size, segment.p_offset, segment.p_filesz);
    }
    for (unsigned i = 0; i < header.e_shnum; i++) {
        memcpy(&section, bytes + header.e_shoff + i * sizeof section, sizeof section);
        if (section.sh_type == SHT_GNU_HASH || section.sh_type == SHT_HASH || section.sh_type == SHT_DYNSYM)
            spoil(bytes, size, section.sh_offset, section.sh_size);
    }
    for (int n = 0; n < 5000; n++) { /* several bits at once */
        char kept[4];
        size_t at[4];
        for (int k = 0; k < 4; k++) {
            random = random * 1664525u + 1013904223u;
            at[k] = (random >> 8) % (k < 2 ? 1024 : size);
            kept[k] = bytes[at[k]];
            bytes[at[k]] = (char)(bytes[at[k]] ^ (1 << (random >> 29)));
        }
        looks_whole(bytes, size);
        for (int k = 3; k >= 0; k--)
            bytes[at[k]] = kept[k];
    }
    CU_ASSERT(looks_whole(bytes, size));
    free(bytes);
}

/* ---- loading ---------------------------------------------------------------------------------------------------- */

static char why[512]; /* the last one was refused */

/* Loads that file with a registry of its own; its type and an address of its code go where it is wanted. */
static bool load(const char *path, char type[64], void *code)
{
    struct error error UNIT_CLEARED = {0};
    struct registry *registry = registry_create(NULL, 0, 0, &error);
    const struct plugin *plugin = registry ? registry_load(registry, path, &error) : NULL;

    CU_ASSERT((plugin == NULL) == (error_count(&error) == 1));
    snprintf(why, sizeof why, "%s", error_text(&error));
    if (plugin && type)
        snprintf(type, 64, "%s", plugin->layer.type);
    if (plugin && code)
        memcpy(code, &plugin->layer.plan, sizeof plugin->layer.plan);
    registry_destroy(registry);
    return plugin != NULL;
}

/* Where the first section of that kind is in the file, its size in *length; 0: there is none. */
static size_t find_section(const char *bytes, uint32_t type, size_t *length)
{
    ElfW(Ehdr) header;
    ElfW(Shdr) section;

    memcpy(&header, bytes, sizeof header);
    for (unsigned i = 0; i < header.e_shnum; i++) {
        memcpy(&section, bytes + header.e_shoff + i * sizeof section, sizeof section);
        *length = section.sh_size;
        if (section.sh_type == type)
            return section.sh_offset;
    }
    *length = 0;
    return 0;
}

/* Where the n-th segment of that kind is described, or else the last of any kind. */
static size_t find_segment(const char *bytes, uint32_t type, unsigned n)
{
    ElfW(Ehdr) header;
    ElfW(Phdr) segment;
    size_t at = 0;

    memcpy(&header, bytes, sizeof header);
    for (unsigned i = 0; i < header.e_phnum; i++) {
        at = header.e_phoff + i * sizeof segment;
        memcpy(&segment, bytes + at, sizeof segment);
        if (segment.p_type == type && n-- == 0)
            break;
    }
    return at;
}

/* Whether relu with those bytes at `at` is refused for that reason, before any of its code runs; restores them. */
static bool is_refused_with(char *bytes, size_t size, size_t at, const void *other, size_t count,
                            const char *reason)
{
    char kept[256];
    bool refused;

    memcpy(kept, bytes + at, count);
    memcpy(bytes + at, other, count);
    refused = !load(unit_file("forged.so", bytes, size), NULL, NULL) && strstr(why, reason);
    memcpy(bytes + at, kept, count);
    return refused;
}

/* The loader finds nnrun_plugin by the table of hashes, not by the order of symbols. */
static void two_descriptors(void)
{
    static const char nothing[64] = {0};
    struct error error UNIT_CLEARED = {0};
    struct elf_image image;
    size_t size, length, at;
    char *bytes = load_relu(&size);
    ElfW(Sym) symbol;

    CU_ASSERT_FATAL(elf_image_open(&image, bytes, size, "relu.so", &error) == 0);
    CU_ASSERT_FATAL(elf_loader_variable(&image, "nnrun_plugin", &symbol));
    at = find_section(bytes, SHT_DYNSYM, &length);
    CU_ASSERT_FATAL(length > sizeof symbol * 2);
    CU_ASSERT(is_refused_with(bytes, size, at + sizeof symbol, &symbol, sizeof symbol, "or several"));
    at = find_section(bytes, SHT_GNU_HASH, &length);
    if (length > 0) { /* its buckets are empty */
        uint32_t words[4];
        memcpy(words, bytes + at, sizeof words);
        at += sizeof words + words[2] * sizeof(ElfW(Addr));
        CU_ASSERT_FATAL(words[0] * 4 <= sizeof nothing);
        CU_ASSERT(is_refused_with(bytes, size, at, nothing, words[0] * 4, "symbol"));
    }
    free(bytes);
}

/* What is read of it is what will be there when its code runs. */
static void changed_by_the_loader(void)
{
    struct error error UNIT_CLEARED = {0};
    struct elf_image image;
    size_t size, length, at;
    char *bytes = load_relu(&size);
    ElfW(Phdr) segment, before;
    ElfW(Addr) place;
    ElfW(Sym) symbol;

    CU_ASSERT_FATAL(elf_image_open(&image, bytes, size, "relu.so", &error) == 0);
    CU_ASSERT_FATAL(elf_loader_variable(&image, "nnrun_plugin", &symbol));
    at = find_section(bytes, SHT_RELA, &length);
    if (length == 0)
        at = find_section(bytes, SHT_REL, &length);
    for (size_t to = 1; length > 0 && to < sizeof place + sizeof(struct nnrun_head); to++) {
        place = symbol.st_value - sizeof place + to;
        CU_ASSERT(
            is_refused_with(bytes, size, at, &place, sizeof place, "a relocation changes nnrun_plugin"));
    }
    place = image.dynamic.symbols + sizeof place;
    CU_ASSERT(length == 0 || is_refused_with(bytes, size, at, &place, sizeof place, "a relocation changes"));
    at = find_segment(bytes, PT_DYNAMIC, 0);
    CU_ASSERT(is_refused_with(bytes, size, find_segment(bytes, PT_GNU_STACK, 0), bytes + at, sizeof segment,
                              "two dynamic sections"));
    memcpy(&before, bytes + find_segment(bytes, PT_LOAD, 0), sizeof before);
    at = find_segment(bytes, PT_LOAD, 1);
    memcpy(&segment, bytes + at, sizeof segment);
    segment.p_vaddr = before.p_vaddr + before.p_memsz; /* in the same page */
    CU_ASSERT(is_refused_with(bytes, size, at, &segment, sizeof segment, "a segment is loaded over another"));
    free(bytes);
}

static size_t count_descriptors(void)
{
    DIR *folder = opendir("/proc/self/fd");
    size_t count = 0;

    while (folder && readdir(folder))
        count++;
    if (folder)
        closedir(folder);
    return count;
}

static void cut_files(void)
{
    size_t size, taken = 0;
    char *bytes = load_relu(&size);
    const char *path = unit_file("relu.so", bytes, size);
    const size_t before = count_descriptors();

    for (size_t to = size; to-- > 0;) {
        if (truncate(path, (off_t)to) != 0)
            exit(99);
        if (to < 2048 || to % 61 == 0 || size - to < 2048)
            taken += load(path, NULL, NULL);
    }
    CU_ASSERT_EQUAL(taken, 0);
    CU_ASSERT_EQUAL(count_descriptors(), before);
    free(bytes);
}

/* Such a file has nothing behind what is loaded but what nobody needs: it works as long as that is there. */
static void cut_without_sections(void)
{
    size_t size, end = 0;
    char *bytes = load_relu(&size);
    ElfW(Ehdr) header;
    ElfW(Phdr) segment;

    memcpy(&header, bytes, sizeof header);
    for (unsigned i = 0; i < header.e_phnum; i++) {
        memcpy(&segment, bytes + header.e_phoff + i * sizeof segment, sizeof segment);
        if (segment.p_type == PT_LOAD && segment.p_offset + segment.p_filesz > end)
            end = segment.p_offset + segment.p_filesz;
    }
    header.e_shoff = 0;
    header.e_shnum = header.e_shstrndx = 0;
    memcpy(bytes, &header, sizeof header);
    CU_ASSERT_FATAL(mkdir(unit_path("short"), 0755) == 0 && mkdir(unit_path("shorter"), 0755) == 0);
    CU_ASSERT(load(unit_file("short/relu.so", bytes, end), NULL, NULL));
    CU_ASSERT(!load(unit_file("shorter/relu.so", bytes, end - 1), NULL, NULL));
    free(bytes);
}

/* As the loader, backtraces and debuggers name it. */
static void named_by_path(void)
{
    size_t size;
    char *bytes = load_relu(&size), real[PATH_MAX];
    void *code = NULL;
    Dl_info info = {0};

    CU_ASSERT_FATAL(mkdir(unit_path("named"), 0755) == 0 && mkdir(unit_path("linked"), 0755) == 0);
    CU_ASSERT_FATAL(realpath(unit_file("named/relu.so", bytes, size), real) != NULL);
    CU_ASSERT_FATAL(symlink(real, unit_path("linked/relu.so")) == 0);
    CU_ASSERT(load(unit_path("linked/relu.so"), NULL, &code));
    CU_ASSERT(code && dladdr(code, &info) != 0 && info.dli_fname && strcmp(info.dli_fname, real) == 0);
    free(bytes);
}

static void numbers_come_back(void)
{
    static const char *const types[] = {"relu", "tanh", "relu", "swish", "tanh", "relu"};
    const char *folder = getenv("NNRUN_PLUGIN_PATH");
    const size_t before = count_descriptors();

    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        char path[4096], type[64] = "";
        snprintf(path, sizeof path, "%s/%s.so", folder ? folder : ".", types[i]);
        CU_ASSERT(load(path, type, NULL));
        CU_ASSERT_STRING_EQUAL(type, types[i]);
    }
    CU_ASSERT_EQUAL(count_descriptors(), before);
}

/* ---- a name that stands for another file, again and again -------------------------------------------------------- */

struct swapper {
    const char *targets[2], *name, *fresh;
    atomic_bool stop;
    atomic_ulong swaps;
};

static void *swap(void *arg)
{
    struct swapper *swapper = arg;

    for (size_t i = 0; !atomic_load(&swapper->stop); i++) {
        if (link(swapper->targets[i % 2], swapper->fresh) != 0 || rename(swapper->fresh, swapper->name) != 0)
            exit(99);
        atomic_fetch_add(&swapper->swaps, 1);
    }
    return NULL;
}

static void swapped(void)
{
    size_t size, loaded = 0, refused = 0, others = 0;
    char *bytes = load_relu(&size), whole[512], cut[512], name[512], fresh[512];
    struct swapper swapper = {{whole, cut}, name, fresh, false, 0};
    pthread_t thread;

    CU_ASSERT_FATAL(mkdir(unit_path("swapped"), 0755) == 0);
    snprintf(whole, sizeof whole, "%s", unit_file("whole", bytes, size));
    snprintf(cut, sizeof cut, "%s", unit_file("cut", bytes, 5000));
    snprintf(name, sizeof name, "%s", unit_path("swapped/relu.so"));
    snprintf(fresh, sizeof fresh, "%s", unit_path("fresh"));
    CU_ASSERT_FATAL(pthread_create(&thread, NULL, swap, &swapper) == 0);
    while (atomic_load(&swapper.swaps) == 0)
        sched_yield();
    for (int i = 0; i < 200000 && (i < 5000 || !loaded || !refused); i++)
        if (load(name, NULL, NULL))
            loaded++;
        else if (strstr(why, "is cut off"))
            refused++;
        else
            others++;
    atomic_store(&swapper.stop, true);
    pthread_join(thread, NULL);
    CU_ASSERT(loaded > 0 && refused > 0 && others == 0);
    free(bytes);
}

static const struct unit_test tests[] = {
    {"elsewhere a plugin and all above it are the user's or root's, and nobody else's to write", elsewhere},
    {"a sticky folder is no objection to what the user owns in it", sticky},
    {"in the library's prefix whoever can write the library is trusted, and no one else", own_prefix},
    {"nobody is never trusted, not by nobody either", nobody},
    {"a group that can write is others, unless it is the user's own", groups},
    {"a file that is cut off anywhere is not whole", cut_anywhere},
    {"no byte of its headers and tables is believed", spoilt_anywhere},
    {"its version is that of the one descriptor that the loader finds", two_descriptors},
    {"nothing that the loader changes is believed", changed_by_the_loader},
    {"a file that is cut off anywhere is not loaded, and leaves no descriptor", cut_files},
    {"one without a table of sections is, if all that is loaded is there", cut_without_sections},
    {"a plugin is known by the path of its file, without links", named_by_path},
    {"a descriptor's number that comes back stands for the file it is", numbers_come_back},
    {"what is loaded is what was checked, whatever its name stands for by then", swapped},
};

UNIT_MAIN("trust", tests)
