/* fuzz_driver.c: the main program of a fuzz target where there is no libFuzzer. `fuzz_NAME FILE...` runs these files.
 * Without a file it runs those in $NNRUN_SOURCE/tests/fuzz/NAME, changes of them, the same ones each time, and what
 * the target makes itself. An input that fails is left in fuzz_NAME.failed. */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file_io.h"
#include "base/random.h"
#include "fuzz.h"

/* Races are in what any input does. */
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define HAS_THREAD_SANITIZER
#endif
#elif defined(__SANITIZE_THREAD__)
#define HAS_THREAD_SANITIZER
#endif
#ifdef HAS_THREAD_SANITIZER
enum { CHANGES = 400 };
#else
enum { CHANGES = 6000 }; /* in all */
#endif
enum { MOST_INPUT = 1 << 18 };

__attribute__((weak)) size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed);
/* Of sanitizers, which end the process by themselves. */
__attribute__((weak)) void __sanitizer_set_death_callback(void (*callback)(void));

static struct {
    const char *name; /* of the target */
    const uint8_t *data;
    size_t size;
    char left[64];
    uint32_t round, drawn; /* of the numbers that LLVMFuzzerMutate draws */
} run;

/* ---- what failed --------------------------------------------------------------------------------------- */

static void keep_input(void)
{
    static const char text[] = "\nto repeat it: tests/fuzz_";
    const int fd = run.data ? open(run.left, O_WRONLY | O_CREAT | O_TRUNC, 0666) : -1;

    if (fd < 0 || file_write(fd, run.data, run.size) != 0 || close(fd) != 0)
        return;
    file_write(STDERR_FILENO, text, sizeof text - 1);
    file_write(STDERR_FILENO, run.name, strlen(run.name));
    file_write(STDERR_FILENO, " ", 1);
    file_write(STDERR_FILENO, run.left, strlen(run.left));
    file_write(STDERR_FILENO, "\n", 1);
}

static void on_signal(int number)
{
    keep_input();
    signal(number, SIG_DFL);
    raise(number);
}

static void run_input(const uint8_t *data, size_t size)
{
    run.data = data;
    run.size = size;
    LLVMFuzzerTestOneInput(data, size);
    run.data = NULL;
}

/* ---- changes ------------------------------------------------------------------------------------------- */

static uint32_t draw(uint32_t count)
{
    uint32_t drawn[4];

    random_block(random_key(1, RANDOM_CHECK, "fuzz"), (const uint32_t[4]){run.round, run.drawn++, 0, 0},
                 drawn);
    return count > 0 ? drawn[0] % count : 0;
}

static size_t insert(uint8_t *data, size_t size, size_t most, size_t at)
{
    const size_t length = 1 + draw(8), from = draw((uint32_t)size + 1);
    uint8_t piece[8];

    if (length > most - size)
        return size;
    for (size_t i = 0; i < length; i++)
        piece[i] = from + i < size ? data[from + i] : (uint8_t)draw(256);
    memmove(data + at + length, data + at, size - at);
    memcpy(data + at, piece, length);
    return size + length;
}

/* Numbers at the ends of ranges, in either order of bytes. */
static void set_number(uint8_t *data, size_t size, size_t at)
{
    static const uint64_t numbers[] = {0,          1,          2,          0x7f,      0x80,
                                       0xff,       0x7fff,     0xffff,     0x10000,   0x7fffffff,
                                       0x80000000, 0xffffffff, 1ull << 53, UINT64_MAX};
    const uint64_t number = numbers[draw(sizeof numbers / sizeof numbers[0])];
    const size_t length = (size_t)1 << draw(4);
    const uint32_t big = draw(2);

    for (size_t i = 0; i < length && at + i < size; i++)
        data[at + i] = (uint8_t)(number >> 8 * (big ? length - 1 - i : i));
}

/* A byte set, a piece copied, put in or taken out, the end cut off, a character of a config or JSON. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most)
{
    static const char characters[] = "{}[]()\",:;=0123456789-+e.\\u F@/#*\n";
    const size_t at = draw((uint32_t)size), from = draw((uint32_t)size);
    size_t length;

    if (size == 0)
        return insert(data, size, most, 0);
    switch (draw(8)) {
    case 0:
        data[at] = (uint8_t)draw(256);
        return size;
    case 1:
        length = draw(16);
        length = length < size - (at > from ? at : from) ? length : 0;
        memmove(data + at, data + from, length);
        return size;
    case 2:
        return draw(16) ? size : at;
    case 3:
        return insert(data, size, most, at);
    case 4:
        length = 1 + draw(8);
        length = length < size - at ? length : size - at;
        memmove(data + at, data + at + length, size - at - length);
        return size - length;
    case 5:
        set_number(data, size, at);
        return size;
    default:
        data[at] = (uint8_t)characters[draw(sizeof characters - 1)];
        return size;
    }
}

static void run_changes(const uint8_t *data, size_t size, size_t count)
{
    static uint8_t changed[MOST_INPUT];

    for (size_t i = 0; i < count; i++) {
        size_t now = size;

        run.drawn = 0;
        run.round++;
        memcpy(changed, data, size);
        for (uint32_t k = 0, times = 1 + draw(4); k < times; k++)
            now = LLVMFuzzerCustomMutator
                      ? LLVMFuzzerCustomMutator(changed, now, MOST_INPUT, draw(UINT32_MAX))
                      : LLVMFuzzerMutate(changed, now, MOST_INPUT);
        run_input(changed, now);
    }
}

/* ---- files --------------------------------------------------------------------------------------------- */

/* Runs the file, and so many changes of it. Returns 0 or -1. */
static int run_file(const char *path, size_t changes)
{
    struct error error = {0};
    size_t size;
    char *data = file_load(path, MOST_INPUT, &size, &error);

    if (!data) {
        fprintf(stderr, "%s\n", error_text(&error));
        error_clear(&error);
        return -1;
    }
    run_input((const uint8_t *)data, size);
    run_changes((const uint8_t *)data, size, changes);
    free(data);
    return 0;
}

static int no_dot(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int run_kept(const char *source)
{
    char folder[512], path[800];
    struct dirent **names;
    int count, failed = 0;

    snprintf(folder, sizeof folder, "%s/tests/fuzz/%s", source, run.name);
    count = scandir(folder, &names, no_dot, alphasort);
    if (count < 1) {
        fprintf(stderr, "%s: there are no inputs\n", folder);
        return -1;
    }
    for (int i = 0; i < count; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]->d_name);
        failed |= run_file(path, (size_t)(CHANGES / count));
        free(names[i]);
    }
    free(names);
    printf("%d inputs, %d changes of each\n", count, CHANGES / count);
    return failed;
}

int main(int argc, char **argv)
{
    const char *source = getenv("NNRUN_SOURCE"), *slash = strrchr(argv[0], '/');
    const char *name = strstr(slash ? slash : argv[0], "fuzz_");
    const int signals[] = {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL};
    int failed = 0;

    run.name = name ? name + strlen("fuzz_") : argv[0];
    snprintf(run.left, sizeof run.left, "fuzz_%s.failed", run.name);
    if (__sanitizer_set_death_callback)
        __sanitizer_set_death_callback(keep_input);
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
        signal(signals[i], on_signal);
    for (int i = 1; i < argc; i++)
        failed |= run_file(argv[i], 0);
    if (argc == 1) {
        failed |= source ? run_kept(source) : 0;
        fuzz_own();
    }
    return failed ? 1 : 0;
}
