/* unit_watch.c: what a thread is doing can be asked within it and after its process, and is said in full; what a
 * plugin's file needs is read from any bytes. */
#include "unit.h"

#include <link.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/file_io.h"
#include "check/elf_symbols.h"
#include "check/foreign_calls.h"
#include "cli/crash_text.h"
#include "net/plugin_watch.h"

static const struct plugin_call planning = {.layer = "gate1", .type = "gate", .function = "plan"};

static void found_within(void)
{
    static struct plugin_watch watch;
    struct plugin_watch_entry *entry;
    struct plugin_call call;

    CU_ASSERT_FALSE(plugin_watch_find(&watch, &call));
    entry = plugin_watch_begin(&watch, &planning, NULL);
    CU_ASSERT_FATAL(plugin_watch_find(&watch, &call));
    CU_ASSERT_STRING_EQUAL(call.layer, "gate1");
    CU_ASSERT_STRING_EQUAL(call.type, "gate");
    CU_ASSERT_STRING_EQUAL(call.function, "plan");
    CU_ASSERT_FALSE(call.of_slice);
    plugin_watch_end(entry);
    CU_ASSERT_FALSE(plugin_watch_find(&watch, &call));
    CU_ASSERT_FALSE(plugin_watch_find_any(&watch, &call));
}

static void nobody_watches(void)
{
    CU_ASSERT_PTR_NULL(plugin_watch_begin(NULL, &planning, NULL));
    plugin_watch_end(NULL);
}

static void words_of_a_call(void)
{
    static struct plugin_watch watch;
    float value = 0, *const dx[] = {&value, NULL, &value, NULL};
    const struct nnrun_slice slice = {.training = 1, .inputs = 4, .dy = &value, .dx = dx, .keep = &value};
    const struct plugin_call made = {.layer = "gate1",
                                     .type = "gate",
                                     .function = "backward",
                                     .level = plugin_level_names[NNRUN_LEVELS - 1]};
    struct plugin_watch_entry *entry = plugin_watch_begin(&watch, &made, &slice);
    struct plugin_call call;
    char text[PLUGIN_CALL_TEXT];

    CU_ASSERT_FATAL(plugin_watch_find_any(&watch, &call));
    plugin_watch_end(entry);
    CU_ASSERT_STRING_EQUAL(plugin_call_text(&call, text),
                           "layer \"gate1\" (gate), backward in training (avx512 code)");
    CU_ASSERT_STRING_EQUAL(plugin_call_nulls(&call, text), "dw, dx[1], dx[3], target, loss, scratch, random");
}

static void long_names_are_cut(void)
{
    static char name[3 * PLUGIN_CALL_TEXT];
    struct plugin_call call = {
        .layer = name, .type = name, .function = "plan", .inputs = 64, .null = 0xff, .null_dx = UINT64_MAX};
    char text[PLUGIN_CALL_TEXT], message[CRASH_TEXT], event[CRASH_EVENT];
    json_t *object;

    memset(name, '"', sizeof name - 1);
    CU_ASSERT(strlen(plugin_call_text(&call, text)) == sizeof text - 1);
    CU_ASSERT(strlen(plugin_call_nulls(&call, text)) == sizeof text - 1);
    CU_ASSERT(strlen(crash_text(&call, name, "crashed", message)) == sizeof message - 1);
    object = json_loads(crash_event(&call, name, 1, event), 0, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(object);
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(object, "event")), "error");
    CU_ASSERT(json_integer_value(json_object_get(object, "status")) == 1);
    json_decref(object);
}

enum { THREADS = 8, CALLS = 20000 };

struct work {
    struct plugin_watch *watch;
    char name[24];
    bool wrong;
};

static void *call_often(void *arg)
{
    struct work *work = arg;

    for (int i = 0; i < CALLS; i++) {
        const struct plugin_call made = {.layer = work->name, .type = "gate", .function = "forward"};
        struct plugin_watch_entry *entry = plugin_watch_begin(work->watch, &made, NULL);
        struct plugin_call call;
        work->wrong =
            work->wrong || !entry || !plugin_watch_find(work->watch, &call) || call.layer != work->name;
        plugin_watch_end(entry);
    }
    return NULL;
}

static void threads_find_their_own(void)
{
    static struct plugin_watch watch;
    pthread_t threads[THREADS];
    struct work work[THREADS];
    struct plugin_call call;

    for (int i = 0; i < THREADS; i++) {
        work[i] = (struct work){.watch = &watch};
        snprintf(work[i].name, sizeof work[i].name, "layer%d", i);
        CU_ASSERT_FATAL(pthread_create(&threads[i], NULL, call_often, &work[i]) == 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        CU_ASSERT_FALSE(work[i].wrong);
    }
    CU_ASSERT_FALSE(plugin_watch_find_any(&watch, &call));
}

static void too_many_calls(void)
{
    static struct plugin_watch watch;
    struct plugin_watch_entry *entries[PLUGIN_WATCH_CALLS];

    for (int i = 0; i < PLUGIN_WATCH_CALLS; i++)
        CU_ASSERT_PTR_NOT_NULL(entries[i] = plugin_watch_begin(&watch, &planning, NULL));
    CU_ASSERT_PTR_NULL(plugin_watch_begin(&watch, &planning, NULL));
    plugin_watch_end(entries[7]);
    CU_ASSERT_PTR_EQUAL(plugin_watch_begin(&watch, &planning, NULL), entries[7]);
}

static void every_signal_has_words(void)
{
    static const int signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGKILL, SIGTRAP};

    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
        for (size_t k = 0; k < i; k++)
            CU_ASSERT_STRING_NOT_EQUAL(crash_signal_text(signals[i]), crash_signal_text(signals[k]));
}

static void foreign_functions(void)
{
    static const struct {
        enum failure_kind kind;
        const char *names;
    } known[] = {
        {FAILURE_USES_INEXACT,
         "expf exp expl tanhf powf fma fmaf lgamma lgammaf_r sinf sincosf log1pf csqrt cabsf "
         "cexpl erf erff j0 j1f ynf _ZGVdN8v_expf _ZGVeN16vv_powf __svml_expf8 __expf_finite "
         "__powf_finite exp10f tgammal"},
        {FAILURE_USES_RANDOM, "rand srand random rand_r drand48 getrandom arc4random arc4random_buf"},
        {FAILURE_USES_CLOCK, "time clock clock_gettime gettimeofday"},
        {FAILURE_USES_MEMORY,
         "malloc calloc realloc free posix_memalign strdup mmap _Znwm _Znam _ZdlPvm _ZdaPv"},
        {FAILURE_USES_FILES, "fopen fopen64 open openat popen dlopen"},
        {FAILURE_USES_THREADS,
         "pthread_create pthread_mutex_lock thrd_create GOMP_parallel omp_get_num_threads fork"},
        {FAILURE_USES_ENVIRONMENT, "getenv setlocale fesetround sigaction"},
        {FAILURE_USES_EXIT, "exit _exit _Exit quick_exit"},
        {FAILURE_KINDS,
         "sqrt sqrtf fabs fabsf floor floorf ceil rint rintf round roundf trunc truncf lrintf lroundf "
         "nearbyint fmod fmodf fmax fminf ldexp frexpf modf copysign scalbn logb ilogbf nextafterf "
         "abs labs memcpy memset memmove strcmp strlen snprintf printf puts fprintf qsort "
         "__stack_chk_fail __cxa_finalize __gmon_start__ _ITM_registerTMCloneTable __asan_init "
         "__asan_report_load4 __ubsan_handle_add_overflow __tsan_func_entry __memcpy_chk "
         "__assert_fail abort __mulsc3 __divdc3 __tls_get_addr timer expand exponent copy"},
    };

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        char names[1024], *rest = names;
        snprintf(names, sizeof names, "%s", known[i].names);
        for (char *name; (name = strtok_r(rest, " ", &rest));)
            if (foreign_calls_kind(name) != known[i].kind)
                CU_FAIL_FATAL(name);
    }
}

static void count_symbol(void *arg, const char *name)
{
    *(size_t *)arg += strlen(name) + 1;
}

/* The real file of a plugin; NULL: there is none. */
static char *load_relu(size_t *size)
{
    const char *folder = getenv("NNRUN_PLUGIN_PATH");
    struct error error UNIT_CLEARED = {0};
    char path[4096];

    snprintf(path, sizeof path, "%s/relu.so", folder ? folder : ".");
    return file_load(path, 1 << 26, size, &error);
}

static int read_symbols(const char *bytes, size_t size, size_t *said)
{
    struct error error UNIT_CLEARED = {0};

    *said = 0;
    return elf_symbols_needed(unit_file("x.so", bytes, size), count_symbol, said, &error);
}

static void cut_files(void)
{
    size_t size, said;
    char *bytes = load_relu(&size);

    CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
    CU_ASSERT(read_symbols(bytes, size, &said) == 0);
    for (size_t to = 0; to < size; to += to < 256 ? 1 : 509)
        CU_ASSERT(read_symbols(bytes, to, &said) != 0); /* the table of sections is at its end */
    CU_ASSERT(read_symbols("#!/bin/sh\n", 10, &said) != 0);
    free(bytes);
}

static void spoilt_files(void)
{
    static const unsigned char spoils[] = {0x00, 0x01, 0x7f, 0x80, 0xff};
    size_t size, said;
    char *bytes = load_relu(&size);
    ElfW(Ehdr) header;

    CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
    memcpy(&header, bytes, sizeof header);
    for (size_t i = 0; i < size; i = i + 1 == sizeof header ? header.e_shoff : i + 1)
        for (size_t k = 0; k < sizeof spoils; k++) {
            const char kept = bytes[i];
            bytes[i] = (char)spoils[k];
            if (read_symbols(bytes, size, &said) == 0)
                CU_ASSERT(said <= size * size);
            bytes[i] = kept;
        }
    free(bytes);
}

static const struct unit_test tests[] = {
    {"a thread finds its call within it, and only there", found_within},
    {"a plugin that nobody watches is not", nobody_watches},
    {"a call is said with the code level and every pointer that is NULL", words_of_a_call},
    {"what does not fit is cut, and an event stays JSON", long_names_are_cut},
    {"of many threads each finds its own call", threads_find_their_own},
    {"calls beyond those there is room for are not watched", too_many_calls},
    {"no two signals have the same words", every_signal_has_words},
    {"functions of the C library are told apart by what is wrong with them", foreign_functions},
    {"a plugin's file that is cut off is refused", cut_files},
    {"no byte of it is believed", spoilt_files},
};

UNIT_MAIN("watch", tests)
