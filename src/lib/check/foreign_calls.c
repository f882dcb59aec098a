/* foreign_calls.c: see foreign_calls.h. What is in no table is allowed: printing, copying, a compiler's own. */
#include "check/foreign_calls.h"

#include <stdio.h>
#include <string.h>

#include "check/elf_symbols.h"
#include "setting/choices.h"

enum { MOST_NAME = 64 };

/* Functions of mathematics that C libraries round differently, without the letter for their type. What rounds
 * exactly everywhere (sqrt, floor, round, lrint, fmod, fmin, ldexp and such) is not among them. */
static const char inexact[] =
    "exp|exp2|exp10|pow10|expm1|log|log2|log10|log1p|log2p1|log10p1|logp1|exp2m1|exp10m1|pow|powr|pown|"
    "compoundn|rootn|rsqrt|cbrt|hypot|sin|cos|tan|sincos|asin|acos|atan|atan2|sinpi|cospi|tanpi|asinpi|acospi|"
    "atanpi|atan2pi|sinh|cosh|tanh|asinh|acosh|atanh|erf|erfc|gamma|lgamma|tgamma|j0|j1|jn|y0|y1|yn|fma|abs|"
    "arg|sqrt";

/* abs, arg and sqrt are inexact for complex numbers only. */
static const char exact_unless_complex[] = "abs|arg|sqrt";

static const struct {
    enum failure_kind kind;
    const char *names, *begins; /* of functions; what else their names may begin with */
} foreign[] = {
    {FAILURE_USES_RANDOM,
     "rand|srand|rand_r|random|srandom|random_r|srandom_r|initstate|setstate|drand48|erand48|lrand48|nrand48|"
     "mrand48|jrand48|srand48|seed48|getrandom|getentropy",
     "arc4random"},
    {FAILURE_USES_CLOCK,
     "time|clock|times|gettimeofday|clock_gettime|timespec_get|ftime|getrusage|sleep|usleep|nanosleep|"
     "clock_nanosleep",
     NULL},
    {FAILURE_USES_MEMORY,
     "malloc|calloc|realloc|reallocarray|free|aligned_alloc|posix_memalign|memalign|valloc|pvalloc|strdup|"
     "strndup|asprintf|vasprintf|mmap|mmap64|munmap|mremap|brk|sbrk",
     "_Znw|_Zna|_Zdl|_Zda"},
    {FAILURE_USES_FILES,
     "fopen|fopen64|freopen|freopen64|fdopen|open|open64|openat|openat64|creat|creat64|opendir|fdopendir|popen|"
     "mkstemp|mkstemp64|tmpfile|tmpfile64|shm_open|socket|dlopen|dlmopen|read|pread|pread64",
     NULL},
    {FAILURE_USES_THREADS,
     "fork|vfork|clone|system|execv|execve|execvp|execl|execlp|posix_spawn|posix_spawnp|sem_wait|sem_post|"
     "call_once",
     "pthread_|thrd_|mtx_|cnd_|tss_|GOMP_|omp_|__kmpc_|_ZNSt6thread"},
    {FAILURE_USES_ENVIRONMENT,
     "getenv|secure_getenv|setenv|putenv|unsetenv|setlocale|uselocale|newlocale|signal|sigaction|fesetround|"
     "fesetenv|feenableexcept|feupdateenv|sched_getcpu|getpid|gettid|sysconf",
     NULL},
    {FAILURE_USES_EXIT, "exit|_exit|_Exit|quick_exit|atexit|at_quick_exit", NULL},
};

static bool is_in(const char *names, const char *name, size_t length)
{
    char word[MOST_NAME];
    size_t i;

    if (length >= sizeof word)
        return false;
    memcpy(word, name, length);
    word[length] = '\0';
    return choices_find(names, word, &i);
}

/* "expf", "cexpl", "lgammaf_r": in double precision or with the letter of another. */
static bool is_inexact_name(const char *name, size_t length)
{
    if (length > 2 && strncmp(name + length - 2, "_r", 2) == 0)
        length -= 2;
    for (unsigned complex = 0; complex <= 1 && length > complex; complex++) {
        const char *base = name + complex;
        const size_t rest = length - complex;
        const size_t bare = base[rest - 1] == 'f' || base[rest - 1] == 'l' ? rest - 1 : rest;
        if (complex && *name != 'c')
            break;
        if (is_in(inexact, base, rest) || is_in(inexact, base, bare))
            return complex ||
                   !(is_in(exact_unless_complex, base, rest) || is_in(exact_unless_complex, base, bare));
    }
    return false;
}

/* A compiler's forms too: _ZGVdN8v_expf and __svml_expf8 of vectors, __expf_finite. */
static bool is_inexact(const char *symbol)
{
    static const char finite[] = "_finite";
    const char *name = symbol;
    size_t length;

    if (strncmp(name, "__svml_", 7) == 0)
        return true;
    if (strncmp(name, "_ZGV", 4) == 0 && strchr(name, '_') && strchr(name + 1, '_'))
        name = strchr(name + 1, '_') + 1;
    name += strncmp(name, "__", 2) == 0 ? 2 : 0;
    length = strlen(name);
    if (length > strlen(finite) && strcmp(name + length - strlen(finite), finite) == 0)
        length -= strlen(finite);
    return is_inexact_name(name, length);
}

enum failure_kind foreign_calls_kind(const char *symbol)
{
    const size_t length = strlen(symbol);

    for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++) {
        const char *word;
        size_t size;
        if (is_in(foreign[i].names, symbol, length))
            return foreign[i].kind;
        for (size_t k = 0; (word = choices_word(foreign[i].begins, k, &size)); k++)
            if (strncmp(symbol, word, size) == 0)
                return foreign[i].kind;
    }
    return is_inexact(symbol) ? FAILURE_USES_INEXACT : FAILURE_KINDS;
}

/* One failure for each kind, its part the list of names, cut where it does not fit. */
static void add_symbol(void *arg, const char *symbol)
{
    struct failure_list *failures = arg;
    struct failure failure = {.kind = foreign_calls_kind(symbol), .part.input = -1, .lane = FAILURE_NO_LANE};
    size_t used;

    if (failure.kind == FAILURE_KINDS)
        return;
    for (size_t i = 0; i < failures->count; i++) {
        char *what = failures->failure[i].part.what;
        if (failures->failure[i].kind != failure.kind)
            continue;
        used = strlen(what);
        if (used + strlen(symbol) + 8 < PART_TEXT)
            snprintf(what + used, PART_TEXT - used, ", %s", symbol);
        else if (used > 3 && strcmp(what + used - 3, "...") != 0)
            snprintf(what + used, PART_TEXT - used, ", ...");
        return;
    }
    snprintf(failure.part.what, sizeof failure.part.what, "%s", symbol);
    failure_add(failures, &failure);
}

int foreign_calls_check(const struct plugin *plugin, struct failure_list *failures, struct error *error)
{
    return elf_symbols_needed(plugin->path, add_symbol, failures, error);
}
