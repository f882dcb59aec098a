/* fuzz_elf.c: any bytes as a plugin's file, of which gradcheck lists what it needs and has. */
#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file_io.h"
#include "check/elf_symbols.h"
#include "fuzz.h"

static void on_symbol(void *arg, const char *name)
{
    *(size_t *)arg += strlen(name) + 1;
}

static void read_file(const char *path)
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
    char path[32];
    const int fd = memfd_create("fuzz", MFD_CLOEXEC);

    if (fd < 0 || file_write(fd, data, size) != 0)
        fuzz_fail("no file");
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    read_file(path);
    if (close(fd) != 0)
        fuzz_fail("no file");
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
    LLVMFuzzerTestOneInput(NULL, 0);
}
