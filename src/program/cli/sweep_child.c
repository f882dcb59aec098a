/* sweep_child.c: see sweep_child.h. */
#include "cli/sweep_child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"

enum { READ = 65536, LINE_MOST = 1 << 20 };

/* The file that runs now, whatever has its name by then. */
static const char program[] = "/proc/self/exe";

static int set_up(posix_spawn_file_actions_t *actions, posix_spawnattr_t *attributes, int output, int kept)
{
    /* another number, or it would be closed on exec */
    const int own = STDERR_FILENO + (kept == STDERR_FILENO + 1 ? 2 : 1);
    sigset_t none;
    int failed;

    sigemptyset(&none); /* ours are held back for a thread of ours */
    failed = posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    failed = failed ? failed : posix_spawn_file_actions_adddup2(actions, output, STDOUT_FILENO);
    failed = failed ? failed : posix_spawn_file_actions_adddup2(actions, output, STDERR_FILENO);
    failed = failed ? failed : posix_spawn_file_actions_adddup2(actions, kept, own);
    failed = failed ? failed : posix_spawnattr_setsigmask(attributes, &none);
    return failed ? failed : posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK);
}

/* Returns 0 or an errno. */
static int spawn(struct sweep_child *child, char *const *words, int output, int kept)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int failed = posix_spawn_file_actions_init(&actions);

    if (failed)
        return failed;
    failed = posix_spawnattr_init(&attributes);
    if (!failed) {
        failed = set_up(&actions, &attributes, output, kept);
        if (!failed)
            failed = posix_spawn(&child->process, program, &actions, &attributes, words, environ);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return failed;
}

int sweep_child_start(struct sweep_child *child, char *const *words, int kept, struct error *error)
{
    int ends[2], failed;

    *child = (struct sweep_child){.output = -1};
    if (pipe2(ends, O_CLOEXEC) != 0)
        return error_set(error, ERROR_FAILED, "cannot make a pipe: %s", strerror(errno));
    failed = spawn(child, words, ends[1], kept);
    close(ends[1]);
    if (failed) {
        close(ends[0]);
        child->process = 0;
        return error_set(error, ERROR_FAILED, "cannot start %s: %s", program, strerror(failed));
    }
    child->output = ends[0];
    return 0;
}

/* Room for more behind the line under way; one that is too long is forgotten. Returns 0 or -1: out of memory. */
static int make_room(struct sweep_child *child)
{
    char *grown;

    if (child->used > LINE_MOST)
        child->used = 0;
    if (child->room - child->used > READ)
        return 0;
    grown = memory_resize(child->text, child->used + 2 * READ, 1);
    if (!grown)
        return -1;
    child->text = grown;
    child->room = child->used + 2 * READ;
    return 0;
}

static void take_lines(struct sweep_child *child, void (*use)(void *arg, const char *line), void *arg)
{
    char *line = child->text, *end;

    while ((end = memchr(line, '\n', child->used - (size_t)(line - child->text))) != NULL) {
        *end = '\0';
        use(arg, line);
        line = end + 1;
    }
    child->used -= (size_t)(line - child->text);
    memmove(child->text, line, child->used);
}

int sweep_child_read(struct sweep_child *child, void (*use)(void *arg, const char *line), void *arg,
                     struct error *error)
{
    ssize_t size;

    if (child->output < 0)
        return 0;
    if (make_room(child) != 0)
        return error_memory(error);
    do
        size = read(child->output, child->text + child->used, READ);
    while (size < 0 && errno == EINTR);
    if (size <= 0) {
        close(child->output);
        child->output = -1;
        return 0;
    }
    child->used += (size_t)size;
    take_lines(child, use, arg);
    return 1;
}

int sweep_child_end(struct sweep_child *child)
{
    int status = -1;

    if (child->output >= 0)
        close(child->output); /* one that would wait for us to read it ends instead */
    while (child->process > 0 && waitpid(child->process, &status, 0) < 0 && errno == EINTR)
        ;
    free(child->text);
    *child = (struct sweep_child){.output = -1};
    return status;
}
