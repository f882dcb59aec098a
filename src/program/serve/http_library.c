/* http_library.c: see http_library.h. */
#include "serve/http_library.h"

#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define FUNCTION(name) {"MHD_" #name, offsetof(struct http, name)},
static const struct {
    const char *name;
    size_t offset;
} functions[] = {HTTP_FUNCTIONS(FUNCTION)};

/* For packagers: their tools read what is needed from NEEDED entries and, since this is none, from this note
 * (https://uapi-group.org/specifications/specs/elf_dlopen_metadata). */
#define NOTE                                                                                                 \
    "[{\"feature\":\"serve\",\"description\":\"nnrun serve\",\"priority\":\"recommended\","                  \
    "\"soname\":[\"" MICROHTTPD_SONAME "\"]}]"
__attribute__((used, aligned(4), section(".note.dlopen"))) static const struct {
    uint32_t owner_size, text_size, type;
    char owner[4];
    _Alignas(4) char text[sizeof NOTE];
} note = {.owner_size = 4, .text_size = sizeof NOTE, .type = 0x407c0c0a, .owner = "FDO", .text = NOTE};

enum { ROOM = 16 << 20 }; /* more than it and the libraries that it needs take */

static bool is_lax(const char *version)
{
    char *end;
    const unsigned long major = strtoul(version, &end, 10);
    const unsigned long minor = *end == '.' ? strtoul(end + 1, &end, 10) : 0;
    const unsigned long patch = *end == '.' ? strtoul(end + 1, &end, 10) : 0;

    return major == 0 && (minor < 9 || (minor == 9 && patch < 77));
}

int http_load(struct http *http, struct error *error)
{
    void *library;

    errno = 0;
    library = dlopen(MICROHTTPD_SONAME, RTLD_NOW | RTLD_LOCAL);
    if (!library && (errno == ENOMEM || !memory_has_room(ROOM))) /* dlerror() words that in a dozen ways */
        return error_memory(error);
    for (size_t i = 0; library && i < sizeof functions / sizeof functions[0]; i++) {
        void *symbol = dlsym(library, functions[i].name);
        if (!symbol)
            library = NULL;
        memcpy((char *)http + functions[i].offset, &symbol, sizeof symbol);
    }
    if (library) {
        http->lax = is_lax(http->get_version());
        return 0;
    }
    return error_set(error, ERROR_FAILED, "libmicrohttpd, which nnrun serve needs, cannot be loaded: %s",
                     dlerror());
}
