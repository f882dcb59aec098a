/* fuzz_support.c: see fuzz.h. */
#include "fuzz.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file_io.h"
#include "base/text.h"
#include "model/model.h"

enum { PATH_ROOM = 512, PATHS = 4, LINE_ROOM = 1 << 16 };

void fuzz_fail(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    fputs("fuzz: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    abort();
}

void fuzz_check_line(const char *text)
{
    char *shown = fuzz_copy(text, strlen(text) + 1);

    text_make_printable(shown);
    if (*text == '\0' || strcmp(shown, text) != 0)
        fuzz_fail("a message is not one printable line: %s", shown);
    free(shown);
}

void fuzz_check_error(struct error *error)
{
    if (error->code == ERROR_NONE || error_count(error) == 0)
        fuzz_fail("it failed, and does not say why");
    if (error->code == ERROR_MEMORY)
        fuzz_fail("it asked for more memory than there is");
    for (unsigned i = 0; i < error_count(error); i++)
        fuzz_check_line(error_entry(error, i)->text);
    error_clear(error);
}

size_t fuzz_draw(unsigned *state, size_t count)
{
    *state = *state * 1103515245u + 12345u;
    return count > 0 ? (*state >> 8) % count : 0;
}

void *fuzz_copy(const void *data, size_t size)
{
    void *copy = malloc(size > 0 ? size : 1);

    if (!copy)
        fuzz_fail("no memory");
    if (size > 0)
        memcpy(copy, data, size);
    return copy;
}

size_t fuzz_split(const uint8_t *data, size_t size, struct fuzz_part *parts, size_t most)
{
    static const char line[] = "===\n";
    const uint8_t *start = data, *end = data + size;
    size_t count = 0;

    for (const uint8_t *at = data; (size_t)(end - at) >= sizeof line - 1 && count + 1 < most; at++)
        if ((at == data || at[-1] == '\n') && memcmp(at, line, sizeof line - 1) == 0) {
            parts[count++] = (struct fuzz_part){start, (size_t)(at - start)};
            start = at + sizeof line - 1;
            at = start - 1;
        }
    parts[count++] = (struct fuzz_part){start, (size_t)(end - start)};
    return count;
}

/* ---- texts --------------------------------------------------------------------------------------------- */

struct span {
    size_t at, size;
};

static bool is_of_word(uint8_t byte)
{
    return byte == '_' || isalnum(byte);
}

static bool is_of_number(uint8_t byte)
{
    return byte == '.' || byte == '-' || isdigit(byte);
}

static bool is_of_line(uint8_t byte)
{
    return byte != '\n';
}

/* The first stretch of such bytes from anywhere on; of size 0 if there is none. */
static struct span draw_span(const uint8_t *text, size_t size, bool (*is_of)(uint8_t byte), unsigned *state)
{
    struct span span = {.at = fuzz_draw(state, size)};

    while (span.at > 0 && is_of(text[span.at - 1]))
        span.at--;
    while (span.at < size && !is_of(text[span.at]))
        span.at++;
    while (span.at + span.size < size && is_of(text[span.at + span.size]))
        span.size++;
    return span;
}

/* Puts a piece, which may be of the text, into the place of a span. */
static size_t put_piece(uint8_t *text, size_t size, size_t most, struct span span, const void *piece,
                        size_t length)
{
    uint8_t *copy;

    if (length > span.size && length - span.size > most - size)
        return size;
    copy = fuzz_copy(piece, length);
    memmove(text + span.at + length, text + span.at + span.size, size - span.at - span.size);
    memcpy(text + span.at, copy, length);
    free(copy);
    return size + length - span.size;
}

size_t fuzz_change_text(uint8_t *text, size_t size, size_t most, unsigned *state)
{
    static const char *const numbers[] = {"0",
                                          "1",
                                          "-1",
                                          "2",
                                          "1.0",
                                          "0.5",
                                          "1e-300",
                                          "1e300",
                                          "255",
                                          "256",
                                          "65536",
                                          "2147483647",
                                          "1000000",
                                          "4294967296",
                                          "-2147483648",
                                          "9223372036854775807",
                                          "18446744073709551615"};
    const unsigned kind = (unsigned)fuzz_draw(state, 8);
    bool (*const is_of)(uint8_t byte) = kind < 2 ? is_of_line : is_of_word;
    const char *number = numbers[fuzz_draw(state, sizeof numbers / sizeof numbers[0])];
    struct span span, other;

    if (kind > 4 || size == 0)
        return LLVMFuzzerMutate(text, size, most);
    if (kind == 4)
        return put_piece(text, size, most, draw_span(text, size, is_of_number, state), number,
                         strlen(number));
    span = draw_span(text, size, is_of, state);
    other = draw_span(text, size, is_of, state);
    if (kind == 0) { /* a line twice, or taken out with its end */
        span.size += span.at + span.size < size;
        other = span;
        if (fuzz_draw(state, 2))
            span.size = 0;
        else
            other.size = 0;
    }
    return put_piece(text, size, most, span, text + other.at, other.size);
}

/* ---- files --------------------------------------------------------------------------------------------- */

static int remove_file(const char *path, const struct stat *status, int type, struct FTW *where)
{
    (void)status, (void)type, (void)where;
    return remove(path);
}

static char *own_folder(void)
{
    static char folder[PATH_ROOM];

    return folder;
}

static void remove_folder(void)
{
    nftw(own_folder(), remove_file, 8, FTW_DEPTH | FTW_PHYS);
}

const char *fuzz_folder(void)
{
    char *folder = own_folder();
    const char *parent = getenv("TMPDIR");

    if (*folder)
        return folder;
    if (!parent || !*parent) /* in memory, where fsync costs nothing */
        parent = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    snprintf(folder, PATH_ROOM, "%s/nnrun-fuzz-XXXXXX", parent);
    if (!mkdtemp(folder))
        fuzz_fail("%s: %s", folder, strerror(errno));
    atexit(remove_folder);
    return folder;
}

const char *fuzz_path(const char *name)
{
    static char paths[PATHS][PATH_ROOM];
    static unsigned next;
    char *path = paths[next++ % PATHS];

    snprintf(path, PATH_ROOM, "%s/%s", fuzz_folder(), name);
    return path;
}

void fuzz_put(const char *name, const void *data, size_t size)
{
    const char *path = fuzz_path(name);
    int fd;

    if (!data) {
        if (unlink(path) != 0 && errno != ENOENT)
            fuzz_fail("%s: %s", path, strerror(errno));
        return;
    }
    fd = file_open(path, O_WRONLY | O_CREAT | O_TRUNC);
    if (fd < 0 || file_write(fd, data, size) != 0 || close(fd) != 0)
        fuzz_fail("%s: %s", path, strerror(errno));
}

static int remove_plain(const char *path, const struct stat *status, int type, struct FTW *where)
{
    (void)status;
    return type == FTW_F || type == FTW_SL || where->level > 0 ? remove(path) : 0;
}

void fuzz_clear_folder(const char *name)
{
    const char *path = fuzz_path(name);

    nftw(path, remove_plain, 8, FTW_DEPTH | FTW_PHYS);
    if (mkdir(path, 0777) != 0 && errno != EEXIST)
        fuzz_fail("%s: %s", path, strerror(errno));
}

/* As make check says, or beside this program. */
struct model_options fuzz_model_options(void)
{
    static char folder[PATH_ROOM];
    static const char *const folders[] = {folder};
    const char *given = getenv("NNRUN_PLUGIN_PATH");
    ssize_t length = 0;

    if (!*folder && given)
        snprintf(folder, sizeof folder, "%s", given);
    else if (!*folder) {
        length = readlink("/proc/self/exe", folder, sizeof folder - 32);
        folder[length > 0 ? length : 0] = '\0';
        *(strrchr(folder, '/') ? strrchr(folder, '/') : folder) = '\0';
        strcat(folder, "/../plugins/.libs");
    }
    return (struct model_options){.plugin_folders = folders, .plugin_folder_count = 1};
}

/* ---- memory -------------------------------------------------------------------------------------------- */

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define COUNTS_MEMORY
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define COUNTS_MEMORY
#endif

#ifdef COUNTS_MEMORY
/* As sanitizer/allocator_interface.h has them, which only comes with Clang. */
int __sanitizer_install_malloc_and_free_hooks(void (*on_malloc)(const volatile void *, size_t),
                                              void (*on_free)(const volatile void *));
size_t __sanitizer_get_allocated_size(const volatile void *memory);

static _Atomic size_t held, most_held;

static void on_malloc(const volatile void *memory, size_t size)
{
    size_t now, most;

    (void)memory;
    now = atomic_fetch_add(&held, size) + size;
    most = atomic_load(&most_held);
    while (now > most && now < SIZE_MAX / 2 && !atomic_compare_exchange_weak(&most_held, &most, now))
        ;
}

static void on_free(const volatile void *memory)
{
    if (memory)
        atomic_fetch_sub(&held, __sanitizer_get_allocated_size(memory));
}

void fuzz_memory_begin(void)
{
    static bool installed;

    if (!installed)
        __sanitizer_install_malloc_and_free_hooks(on_malloc, on_free);
    installed = true;
    atomic_store(&held, 0);
    atomic_store(&most_held, 0);
}

size_t fuzz_memory_most(void)
{
    return atomic_load(&most_held);
}
#else
void fuzz_memory_begin(void)
{
}

size_t fuzz_memory_most(void)
{
    return 0;
}
#endif
