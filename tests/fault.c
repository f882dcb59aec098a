/* fault.c: preloaded, makes the n-th of chosen library calls fail, come short or kill the process, so that
 * tests can walk through every instant of a save. Linux and glibc.
 *
 *   FAULT_CALL    names separated by commas: malloc calloc realloc aligned_alloc posix_memalign read write
 *                 pwrite writev fsync fdatasync close open (for writing; openat too) open_read (for reading)
 *                 rename mkdir unlink stat (of every kind) access lseek flock opendir readdir mmap pthread_create
 *                 stdout (what is written to it, see begin_stdout)
 *   FAULT_AT      the call that is struck, counted over all those named; 1 if not given
 *   FAULT_ALWAYS  1: that and all later ones
 *   FAULT_PATH    count only calls on files whose path has this in it
 *   FAULT_BY      count only allocations asked for by the program or a library whose file name begins with this
 *   FAULT_ERRNO   ENOSPC, EIO ...; ENOMEM if not given
 *   FAULT_SHORT   1: reads and writes do half of what was asked for instead of failing
 *   FAULT_KILL    1: SIGKILL instead of failing; a write does half before. early: a write does nothing before
 *   FAULT_SIGNAL  a signal's number: it is sent to the process instead, and the call goes on
 *   FAULT_TAKEN   1: only once the thread that waits for signals has taken it, and waits for the next
 *   FAULT_ALONE   1: only this process; those that it starts make their calls undisturbed
 *   FAULT_RANK    a number: only processes whose $RANK is that
 *   FAULT_MARK    a file made when a call is struck
 *   FAULT_TRACE   a file that then gets the call's callers, innermost first: "libc.so.6+0x95f3e", a line each
 *   FAULT_SITES   a file that gets 8 bytes for each call counted by FAULT_AT, equal for equal callers
 *   FAULT_COUNT   a file that at the end gets the number of calls of each name, a line each
 *   FAULT_STEADY  1: two runs print the same: clocks start at a fixed time and advance by 5 ms whenever
 *                 they are read, and the process has used no time and no memory
 *   FAULT_MEMORY  megabytes of memory that the machine is said to have
 * A mistake in these ends the program with status 99. Calls that the C library makes within itself are not
 * seen, but fopen counts as open, fwrite as write and fclose as close; its allocations are. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static const char *const names[] = {
    "malloc",  "calloc",  "realloc", "aligned_alloc",  "posix_memalign", "read",  "write",
    "pwrite",  "writev",  "fsync",   "fdatasync",      "close",          "open",  "open_read",
    "rename",  "mkdir",   "unlink",  "stat",           "access",         "lseek", "flock",
    "opendir", "readdir", "mmap",    "pthread_create", "stdout"};
enum call {
    MALLOC,
    CALLOC,
    REALLOC,
    ALIGNED_ALLOC,
    POSIX_MEMALIGN,
    READ,
    WRITE,
    PWRITE,
    WRITEV,
    FSYNC,
    FDATASYNC,
    CLOSE,
    OPEN,
    OPEN_READ,
    RENAME,
    MKDIR,
    UNLINK,
    STAT,
    ACCESS,
    LSEEK,
    FLOCK,
    OPENDIR,
    READDIR,
    MMAP,
    PTHREAD_CREATE,
    STDOUT,
    CALLS
};

static const struct {
    const char *name;
    int value;
} reasons[] = {{"ENOMEM", ENOMEM}, {"ENOSPC", ENOSPC}, {"EDQUOT", EDQUOT}, {"EIO", EIO},
               {"EINTR", EINTR},   {"EACCES", EACCES}, {"EROFS", EROFS},   {"EMFILE", EMFILE},
               {"EPERM", EPERM},   {"EINVAL", EINVAL}, {"ENFILE", ENFILE}, {"EAGAIN", EAGAIN},
               {"EPIPE", EPIPE},   {"ENOLCK", ENOLCK}};

/* Set once, before main; nothing is struck earlier. */
static struct {
    bool chosen[CALLS], always, shorten, kill, early, steady, taken;
    unsigned long at, memory;
    int reason, signal;
    const char *path, *by, *mark, *trace, *count;
    int sites; /* the open file; -1: none */
} plan = {.sites = -1};
static atomic_ulong calls, moments, counted[CALLS];
static atomic_ulong waits;          /* calls of sigwait */
static atomic_bool ending, watched; /* the process is, its end is */

enum { MOST_CALLERS = 64 };

static void mistake(const char *variable, const char *value)
{
    fprintf(stderr, "fault: %s=%s is not understood\n", variable, value);
    _exit(99);
}

static bool flag(const char *variable)
{
    const char *value = getenv(variable);

    if (value && strcmp(value, "0") != 0 && strcmp(value, "1") != 0)
        mistake(variable, value);
    return value && value[0] == '1';
}

static void choose_calls(const char *list)
{
    while (*list) {
        const size_t length = strcspn(list, ",");
        size_t i = 0;

        while (i < CALLS && (strlen(names[i]) != length || strncmp(list, names[i], length) != 0))
            i++;
        if (i == CALLS)
            mistake("FAULT_CALL", list);
        plan.chosen[i] = true;
        list += length + (list[length] == ',');
    }
}

static void choose_reason(const char *name)
{
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        if (strcmp(name, reasons[i].name) == 0)
            plan.reason = reasons[i].value;
    if (!plan.reason)
        mistake("FAULT_ERRNO", name);
}

static void begin_stdout(void);
static void find_real(void);

static void begin_sites(const char *path)
{
    plan.sites =
        (int)syscall(SYS_openat, AT_FDCWD, path, O_CREAT | O_TRUNC | O_WRONLY | O_APPEND | O_CLOEXEC, 0666);
    if (plan.sites < 0)
        mistake("FAULT_SITES", path);
}

/* The calls that may be struck in this process. */
static const char *own_calls(void)
{
    const char *list = getenv("FAULT_CALL"), *rank = getenv("FAULT_RANK"), *own = getenv("RANK");

    if (rank && (!own || strcmp(own, rank) != 0))
        return "";
    if (list && flag("FAULT_ALONE") &&
        (setenv("FAULT_CALL", "", 1) != 0 || unsetenv("FAULT_SITES") != 0 || unsetenv("FAULT_COUNT") != 0))
        mistake("FAULT_ALONE", "1");
    return list ? list : "";
}

__attribute__((constructor)) static void begin(void)
{
    const char *at = getenv("FAULT_AT"), *reason = getenv("FAULT_ERRNO");
    const char *number = getenv("FAULT_SIGNAL"), *killed = getenv("FAULT_KILL");
    const char *memory = getenv("FAULT_MEMORY"), *sites = getenv("FAULT_SITES"), *list;
    char *end;

    find_real();

    plan.at = at ? strtoul(at, &end, 10) : 1;
    if (at && (*at < '1' || *at > '9' || *end))
        mistake("FAULT_AT", at);
    plan.memory = memory ? strtoul(memory, &end, 10) : 0;
    if (memory && (plan.memory == 0 || *end))
        mistake("FAULT_MEMORY", memory);
    plan.signal = number ? (int)strtol(number, &end, 10) : 0;
    if (number && (plan.signal < 1 || plan.signal > 31 || *end))
        mistake("FAULT_SIGNAL", number);
    choose_reason(reason ? reason : "ENOMEM");
    plan.path = getenv("FAULT_PATH");
    plan.mark = getenv("FAULT_MARK");
    plan.count = getenv("FAULT_COUNT");
    plan.always = flag("FAULT_ALWAYS");
    plan.taken = flag("FAULT_TAKEN");
    plan.shorten = flag("FAULT_SHORT");
    plan.early = killed && strcmp(killed, "early") == 0;
    plan.kill = plan.early || flag("FAULT_KILL");
    plan.steady = flag("FAULT_STEADY");
    plan.by = getenv("FAULT_BY");
    plan.trace = getenv("FAULT_TRACE");
    list = own_calls();
    if (sites && *list)
        begin_sites(sites);
    if (plan.trace || plan.sites >= 0) { /* the first one loads a library */
        void *caller;

        backtrace(&caller, 1);
    }
    choose_calls(list);
    if (plan.chosen[STDOUT])
        begin_stdout();
}

__attribute__((destructor)) static void end(void)
{
    const char *path = plan.count;
    FILE *file;

    plan.count = NULL;
    if (!path)
        return;
    file = fopen(path, "we");
    for (size_t i = 0; file && i < CALLS; i++)
        fprintf(file, "%s %lu\n", names[i], atomic_load(&counted[i]));
    if (!file || fclose(file) != 0)
        _exit(99);
}

/* What has no name is "": a thread, memory. */
static void find_name(const char *path, int fd, char name[PATH_MAX])
{
    char link[64];
    ssize_t length = 0;

    if (path) {
        snprintf(name, PATH_MAX, "%s", path);
        return;
    }
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    if (fd >= 0)
        length = readlink(link, name, PATH_MAX - 1);
    name[length < 0 ? 0 : length] = '\0';
}

/* The counters of a build with coverage, which a process writes when it ends. They must stay whole. */
static bool is_counters(const char *name)
{
    const size_t length = strlen(name);

    return length > 5 && strcmp(name + length - 5, ".gcda") == 0;
}

static bool wanted_path(const char *path, int fd)
{
    char name[PATH_MAX];

    find_name(path, fd, name);
    if (is_counters(name))
        atomic_store(&ending, true);
    return !atomic_load(&ending) && (!plan.path || strstr(name, plan.path) != NULL);
}

static const char *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static void trace(void)
{
    void *callers[MOST_CALLERS];
    const int count = backtrace(callers, MOST_CALLERS);
    const long file =
        syscall(SYS_openat, AT_FDCWD, plan.trace, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0666);
    char line[PATH_MAX];
    Dl_info info;

    if (file < 0)
        _exit(99);
    for (int i = 0; i < count; i++) {
        if (dladdr(callers[i], &info) == 0)
            continue;
        snprintf(line, sizeof line, "%s+0x%tx\n", file_name(info.dli_fname),
                 (const char *)callers[i] - (const char *)info.dli_fbase);
        if (strncmp(line, "fault.so", 8) != 0 && syscall(SYS_write, (int)file, line, strlen(line)) < 0)
            _exit(99);
    }
    syscall(SYS_close, (int)file);
}

/* A hash of the callers' addresses, which are the same within a process. */
static void note_site(void)
{
    void *callers[MOST_CALLERS];
    const int count = backtrace(callers, MOST_CALLERS);
    uint64_t hash = 14695981039346656037u;

    for (int i = 0; i < count; i++)
        hash = (hash ^ (uint64_t)(uintptr_t)callers[i]) * 1099511628211u;
    if (syscall(SYS_write, plan.sites, &hash, sizeof hash) != sizeof hash)
        _exit(99);
}

/* Who waits for signals has taken the one before when it comes again. */
int sigwait(const sigset_t *set, int *number)
{
    long got;

    atomic_fetch_add(&waits, 1);
    do
        got = syscall(SYS_rt_sigtimedwait, set, NULL, NULL, NSIG / 8);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return errno;
    *number = (int)got;
    return 0;
}

static void send_signal(void)
{
    unsigned long before;

    while (plan.taken && atomic_load(&waits) == 0)
        sched_yield();
    before = atomic_load(&waits);
    kill(getpid(), plan.signal);
    while (plan.taken && atomic_load(&waits) == before)
        sched_yield();
}

/* Is this call struck? Sets errno if so. */
static bool struck(enum call call, const char *path, int fd)
{
    const int kept = errno;
    unsigned long number;

    if (plan.count && wanted_path(path, fd))
        atomic_fetch_add(&counted[call], 1);
    if (!plan.chosen[call] || !wanted_path(path, fd)) {
        errno = kept;
        return false;
    }
    number = atomic_fetch_add(&calls, 1) + 1;
    if (plan.sites >= 0)
        note_site();
    if (number < plan.at || (number > plan.at && !plan.always)) {
        errno = kept;
        return false;
    }
    if (plan.mark) {
        const long mark = syscall(SYS_openat, AT_FDCWD, plan.mark, O_CREAT | O_WRONLY | O_CLOEXEC, 0666);

        if (mark < 0)
            _exit(99);
        syscall(SYS_close, (int)mark);
    }
    if (plan.trace)
        trace();
    if (plan.kill && (plan.early || (call != WRITE && call != PWRITE && call != WRITEV)))
        raise(SIGKILL);
    if (plan.signal)
        send_signal();
    errno = plan.signal ? kept : plan.reason;
    return !plan.signal;
}

static size_t half(size_t size)
{
    return size > 1 ? size / 2 : size;
}

/* ---- memory ---- */

static bool is_by(const void *caller)
{
    Dl_info info;

    return dladdr(caller, &info) != 0 && strncmp(file_name(info.dli_fname), plan.by, strlen(plan.by)) == 0;
}

static void note_end(void)
{
    atomic_store(&ending, true);
}

/* By whom is asked only until the process ends: counters of coverage, which allocate then, are in the program's file. */
static bool strikes(enum call call, const void *caller)
{
    if (!plan.by)
        return struck(call, "", -1);
    if (atomic_load(&ending) || !is_by(caller))
        return false;
    if (!atomic_exchange(&watched, true))
        atexit(note_end); /* no place is allocated for the first few */
    return struck(call, "", -1);
}

#define STRIKES(call) strikes(call, __builtin_return_address(0))

void *malloc(size_t size)
{
    return STRIKES(MALLOC) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return STRIKES(CALLOC) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
    return STRIKES(REALLOC) ? NULL : __libc_realloc(memory, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return STRIKES(ALIGNED_ALLOC) ? NULL : __libc_memalign(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size)
{
    void *fresh = STRIKES(POSIX_MEMALIGN) ? NULL : __libc_memalign(alignment, size);

    if (!fresh)
        return ENOMEM;
    *memory = fresh;
    return 0;
}

/* ---- time ---- */

static struct timespec moment(void)
{
    const unsigned long ms = 5 * atomic_fetch_add(&moments, 1);

    return (struct timespec){.tv_sec = 1000000000 + (time_t)(ms / 1000),
                             .tv_nsec = (long)(ms % 1000) * 1000000};
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    if (!plan.steady)
        return (int)syscall(SYS_clock_gettime, clock, now);
    *now = moment();
    return 0;
}

time_t time(time_t *now)
{
    struct timespec here;

    clock_gettime(CLOCK_REALTIME, &here);
    if (now)
        *now = here.tv_sec;
    return here.tv_sec;
}

int getrusage(__rusage_who_t who, struct rusage *usage)
{
    if (!plan.steady)
        return (int)syscall(SYS_getrusage, who, usage);
    *usage = (struct rusage){0};
    return 0;
}

/* ---- files ---- */

ssize_t read(int fd, void *buffer, size_t size)
{
    if (struck(READ, NULL, fd)) {
        if (!plan.shorten)
            return -1;
        size = half(size);
    }
    return syscall(SYS_read, fd, buffer, size);
}

/* What is left to do of a struck write: 0 bytes, it fails; else so many of them. */
static size_t write_half(size_t size)
{
    return plan.shorten || plan.kill ? half(size) : 0;
}

static ssize_t written(ssize_t result)
{
    if (plan.kill)
        raise(SIGKILL);
    return result;
}

ssize_t write(int fd, const void *buffer, size_t size)
{
    if (!struck(WRITE, NULL, fd))
        return syscall(SYS_write, fd, buffer, size);
    size = write_half(size);
    return size ? written(syscall(SYS_write, fd, buffer, size)) : -1;
}

ssize_t pwrite(int fd, const void *buffer, size_t size, off_t offset)
{
    if (!struck(PWRITE, NULL, fd))
        return syscall(SYS_pwrite64, fd, buffer, size, offset);
    size = write_half(size);
    return size ? written(syscall(SYS_pwrite64, fd, buffer, size, offset)) : -1;
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
    size_t size;

    if (!struck(WRITEV, NULL, fd) || count < 1)
        return syscall(SYS_writev, fd, parts, count);
    size = write_half(parts[0].iov_len);
    return size ? written(syscall(SYS_write, fd, parts[0].iov_base, size)) : -1;
}

int fsync(int fd)
{
    return struck(FSYNC, NULL, fd) ? -1 : (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd)
{
    return struck(FDATASYNC, NULL, fd) ? -1 : (int)syscall(SYS_fdatasync, fd);
}

/* Like the kernel, which closes the descriptor even when it reports an error. */
int close(int fd)
{
    const bool fails = struck(CLOSE, NULL, fd);
    const int result = (int)syscall(SYS_close, fd);

    if (!fails)
        return result;
    errno = plan.reason;
    return -1;
}

static int open_file(int folder, const char *path, int flags, mode_t mode)
{
    if (struck((flags & O_ACCMODE) == O_RDONLY ? OPEN_READ : OPEN, path, -1))
        return -1;
    return (int)syscall(SYS_openat, folder, path, flags, mode);
}

#define OPENING(folder)                                                                                      \
    va_list args;                                                                                            \
    mode_t mode = 0;                                                                                         \
    va_start(args, flags);                                                                                   \
    if (flags & (O_CREAT | __O_TMPFILE))                                                                     \
        mode = va_arg(args, mode_t);                                                                         \
    va_end(args);                                                                                            \
    return open_file(folder, path, flags, mode)

int open(const char *path, int flags, ...)
{
    OPENING(AT_FDCWD);
}

int open64(const char *path, int flags, ...)
{
    OPENING(AT_FDCWD);
}

int openat(int folder, const char *path, int flags, ...)
{
    OPENING(folder);
}

int openat64(int folder, const char *path, int flags, ...)
{
    OPENING(folder);
}

int renameat(int old_folder, const char *old, int new_folder, const char *new)
{
    return struck(RENAME, new, -1) ? -1 : (int)syscall(SYS_renameat2, old_folder, old, new_folder, new, 0);
}

int rename(const char *old, const char *new)
{
    return renameat(AT_FDCWD, old, AT_FDCWD, new);
}

int mkdirat(int folder, const char *path, mode_t mode)
{
    return struck(MKDIR, path, -1) ? -1 : (int)syscall(SYS_mkdirat, folder, path, mode);
}

int mkdir(const char *path, mode_t mode)
{
    return mkdirat(AT_FDCWD, path, mode);
}

int unlinkat(int folder, const char *path, int flags)
{
    return struck(UNLINK, path, -1) ? -1 : (int)syscall(SYS_unlinkat, folder, path, flags);
}

int unlink(const char *path)
{
    return unlinkat(AT_FDCWD, path, 0);
}

int access(const char *path, int mode)
{
    return struck(ACCESS, path, -1) ? -1 : (int)syscall(SYS_faccessat, AT_FDCWD, path, mode);
}

off_t lseek(int fd, off_t offset, int whence)
{
    return struck(LSEEK, NULL, fd) ? -1 : (off_t)syscall(SYS_lseek, fd, offset, whence);
}

int flock(int fd, int operation)
{
    return struck(FLOCK, NULL, fd) ? -1 : (int)syscall(SYS_flock, fd, operation);
}

/* ---- those that the C library does the work of ---- */

static struct {
    int (*fstatat)(int folder, const char *path, struct stat *status, int flags);
    DIR *(*opendir)(const char *path);
    struct dirent *(*readdir)(DIR *folder);
    FILE *(*fopen)(const char *path, const char *mode);
    size_t (*fwrite)(const void *data, size_t size, size_t count, FILE *file);
    int (*fclose)(FILE *file);
    int (*pthread_create)(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *),
                          void *arg);
    long (*sysconf)(int name);
} real;

static void find(const char *name, void *function)
{
    void *found = dlsym(RTLD_NEXT, name);

    if (!found)
        mistake("dlsym", name);
    memcpy(function, &found, sizeof found);
}

static void find_real(void)
{
    find("fstatat", &real.fstatat);
    find("opendir", &real.opendir);
    find("readdir", &real.readdir);
    find("fopen", &real.fopen);
    find("fwrite", &real.fwrite);
    find("fclose", &real.fclose);
    find("pthread_create", &real.pthread_create);
    find("sysconf", &real.sysconf);
}

long sysconf(int name)
{
    if (!real.sysconf) /* another library begins before this one */
        find("sysconf", &real.sysconf);
    if (name == _SC_PHYS_PAGES && plan.memory)
        return (long)((plan.memory << 20) / (unsigned long)real.sysconf(_SC_PAGE_SIZE));
    return real.sysconf(name);
}

int fstatat(int folder, const char *path, struct stat *status, int flags)
{
    return struck(STAT, path, -1) ? -1 : real.fstatat(folder, path, status, flags);
}

int stat(const char *path, struct stat *status)
{
    return fstatat(AT_FDCWD, path, status, 0);
}

int lstat(const char *path, struct stat *status)
{
    return fstatat(AT_FDCWD, path, status, AT_SYMLINK_NOFOLLOW);
}

int fstat(int fd, struct stat *status)
{
    return struck(STAT, NULL, fd) ? -1 : real.fstatat(fd, "", status, AT_EMPTY_PATH);
}

DIR *opendir(const char *path)
{
    return struck(OPENDIR, path, -1) ? NULL : real.opendir(path);
}

struct dirent *readdir(DIR *folder)
{
    return struck(READDIR, NULL, dirfd(folder)) ? NULL : real.readdir(folder);
}

void *mmap(void *address, size_t size, int protection, int flags, int fd, off_t offset)
{
    if (struck(MMAP, fd < 0 ? "" : NULL, fd))
        return MAP_FAILED;
    /* NOLINTNEXTLINE(performance-no-int-to-ptr): what a system call gives */
    return (void *)syscall(SYS_mmap, address, size, protection, flags, fd, offset);
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *arg)
{
    return struck(PTHREAD_CREATE, "", -1) ? plan.reason : real.pthread_create(thread, attributes, run, arg);
}

/* A stream of a file: what comes short or is interrupted the C library has to go on with. */
static bool strikes_stream(enum call call, FILE *file)
{
    return fileno(file) > STDERR_FILENO && !plan.shorten && plan.reason != EINTR &&
           struck(call, NULL, fileno(file));
}

FILE *fopen(const char *path, const char *mode)
{
    return plan.reason != EINTR && struck(mode[0] == 'r' ? OPEN_READ : OPEN, path, -1)
               ? NULL
               : real.fopen(path, mode);
}

size_t fwrite(const void *data, size_t size, size_t count, FILE *file)
{
    return strikes_stream(WRITE, file) ? (size_t)written(0) : real.fwrite(data, size, count, file);
}

int fclose(FILE *file)
{
    const bool fails = strikes_stream(CLOSE, file);
    const int result = real.fclose(file);

    if (!fails)
        return result;
    errno = plan.reason;
    return EOF;
}

/* The C library writes its streams by calls of its own. So standard output becomes a stream of ours. */
static ssize_t write_stdout(void *arg, const char *data, size_t size)
{
    (void)arg;
    if (!struck(STDOUT, "", -1))
        return syscall(SYS_write, STDOUT_FILENO, data, size);
    size = write_half(size);
    return size ? written(syscall(SYS_write, STDOUT_FILENO, data, size)) : -1;
}

static void begin_stdout(void)
{
    FILE *stream = fopencookie(NULL, "w", (cookie_io_functions_t){.write = write_stdout});

    if (!stream)
        mistake("FAULT_CALL", "stdout");
    stdout = stream;
}
