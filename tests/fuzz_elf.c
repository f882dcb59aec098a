/* fuzz_elf.c: any bytes as a plugin's file, which is checked before any of it is loaded, and of which gradcheck lists what
 * it needs and has. */
#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "check/elf_symbols.h"
#include "fuzz.h"
#include "net/elf_loader.h"
#include "net/plugin_check.h"
#include "net/plugin_file.h"

static void on_symbol(void *arg, const char *name)
{
    *(size_t *)arg += strlen(name) + 1;
}

/* What nnrun layers FILE does, but for loading it. */
static void check_plugin(const char *path)
{
    struct plugin_home home = {0};
    struct plugin_file file;
    struct error error = {0};
    ElfW(Sym) symbol;

    if (plugin_home_open(&home, &error) != 0)
        fuzz_fail("%s", error_text(&error));
    if (plugin_file_open(&file, &home, &plugin_kind_layer, path, &error) == 0) {
        if (!elf_loader_variable(&file.image, "nnrun_plugin", &symbol))
            fuzz_fail("a plugin without its constant is taken");
        plugin_file_close(&file);
    } else
        fuzz_check_error(&error);
    plugin_home_close(&home);
}

static void list_symbols(const char *path)
{
    struct elf_variables found;
    struct error error = {0};
    size_t names = 0;

    if (elf_symbols_needed(path, on_symbol, &names, &error) != 0)
        fuzz_check_error(&error);
    if (elf_variables_find(path, &found, &error) != 0)
        fuzz_check_error(&error);
    else if (!memchr(found.largest, '\0', sizeof found.largest))
        fuzz_fail("a name without an end");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path;

    fuzz_put("layer.so", data ? data : (const uint8_t *)"", size);
    path = fuzz_path("layer.so");
    check_plugin(path);
    list_symbols(path);
    return 0;
}

/* A number of the header, of a section or of a symbol becomes another. */
static void change_number(uint8_t *data, size_t size, unsigned *state)
{
    static const uint64_t numbers[] = {0, 1, 2, 7, 0x40, 0xff, 0xffff, 1u << 31, UINT32_MAX, UINT64_MAX};
    Elf64_Ehdr header;
    size_t at = fuzz_draw(state, sizeof header / 2) * 2, length = (size_t)2 << fuzz_draw(state, 3);
    uint64_t number = numbers[fuzz_draw(state, sizeof numbers / sizeof numbers[0])], was = 0;

    memcpy(&header, data, sizeof header);
    if (fuzz_draw(state, 4) && header.e_shnum > 0 && header.e_shoff < size)
        at = (size_t)header.e_shoff + fuzz_draw(state, header.e_shnum) * sizeof(Elf64_Shdr) +
             fuzz_draw(state, sizeof(Elf64_Shdr) / 4) * 4;
    else if (fuzz_draw(state, 3) && header.e_phnum > 0 && header.e_phoff < size)
        at = (size_t)header.e_phoff + fuzz_draw(state, header.e_phnum) * sizeof(Elf64_Phdr) +
             fuzz_draw(state, sizeof(Elf64_Phdr) / 4) * 4;
    if (at >= size)
        return;
    length = length < size - at ? length : size - at;
    memcpy(&was, data + at, length);
    if (fuzz_draw(state, 2))
        number = was + fuzz_draw(state, 64) - 32;
    memcpy(data + at, &number, length);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed)
{
    if (size < sizeof(Elf64_Ehdr) || fuzz_draw(&seed, 3) == 0)
        return LLVMFuzzerMutate(data, size, most);
    change_number(data, size, &seed);
    return size;
}

void fuzz_own(void)
{
    LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
}
