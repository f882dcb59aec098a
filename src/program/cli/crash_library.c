/* crash_library.c: see crash_library.h. */
#include "cli/crash_library.h"

#include <dlfcn.h>
#include <link.h>
#include <stddef.h>
#include <unwind.h>

struct search {
    uintptr_t inside;
    struct crash_library *library;
};

static int look_into(struct dl_phdr_info *object, size_t size, void *arg)
{
    const struct search *search = arg;

    (void)size;
    for (size_t i = 0; i < object->dlpi_phnum; i++) {
        const uintptr_t begin = object->dlpi_addr + object->dlpi_phdr[i].p_vaddr;
        const uintptr_t end = begin + object->dlpi_phdr[i].p_memsz;

        if (object->dlpi_phdr[i].p_type != PT_LOAD || search->inside < begin || search->inside >= end)
            continue;
        *search->library = (struct crash_library){begin, end};
        return 1;
    }
    return 0;
}

static bool is_in(const struct crash_library *library, uintptr_t address)
{
    return address >= library->begin && address < library->end;
}

void crash_library_find(struct crash_library *library)
{
    const struct search search = {(uintptr_t)dlsym(RTLD_DEFAULT, "config_read_string"), library};

    *library = (struct crash_library){0};
    dl_iterate_phdr(look_into, (void *)(uintptr_t)&search);
    if (is_in(library, (uintptr_t)crash_library_find))
        *library = (struct crash_library){0}; /* one file with this program: its crash may be ours */
}

struct frames {
    const struct crash_library *code;
    bool found;
};

static _Unwind_Reason_Code look_at(struct _Unwind_Context *frame, void *arg)
{
    struct frames *frames = arg;

    frames->found = is_in(frames->code, (uintptr_t)_Unwind_GetIP(frame));
    return frames->found ? _URC_END_OF_STACK : _URC_NO_REASON;
}

bool crash_library_runs(const struct crash_library *library)
{
    struct frames frames = {.code = library};

    if (library->end)
        _Unwind_Backtrace(look_at, &frames);
    return frames.found;
}
