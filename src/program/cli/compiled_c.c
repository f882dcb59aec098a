/* compiled_c.c: see compiled_c.h. */
#include "cli/compiled_c.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file_io.h"
#include "base/memory.h"
#include "export/c_source.h"

struct compiled_c {
    size_t inputs, outputs;
    struct c_names names;
    char *folder, *driver, *program;
    int socket; /* to the program; -1: none */
    pid_t child;
};

/* What the driver writes after the outputs. */
struct verdict {
    int place; /* that predict returned */
    int same;  /* whether predict_bytes, if there is one, gives the same bits and place */
};

/* Reads samples, writes answers. */
static char *driver_text(const char *path, const struct c_names *names, bool bytes)
{
    const char *upper = names->capitals, *plain = names->plain;
    char *compare =
        bytes ? memory_format("        for (int i = 0; i < %s_INPUTS; i++)\n"
                              "            bytes[i] = (unsigned char)input[i];\n"
                              "        said[1] = %s_predict_bytes(bytes, other, memory) == said[0] &&\n"
                              "                  memcmp(other, output, sizeof output) == 0;\n",
                              upper, plain)
              : memory_string("");
    char *text = NULL;

    if (compare)
        text = memory_format("#include \"%s\"\n"
                             "#include <stdio.h>\n"
                             "#include <string.h>\n"
                             "int main(void)\n"
                             "{\n"
                             "    static float input[%s_INPUTS], output[%s_OUTPUTS], other[%s_OUTPUTS];\n"
                             "    static float memory[%s_MEMORY / sizeof(float)];\n"
                             "    static unsigned char bytes[%s_INPUTS];\n"
                             "    int said[2] = {0, 1};\n"
                             "\n"
                             "    (void)bytes, (void)other;\n"
                             "    while (fread(input, sizeof input, 1, stdin) == 1) {\n"
                             "        said[0] = %s_predict(input, output, memory);\n"
                             "%s"
                             "        if (fwrite(output, sizeof output, 1, stdout) != 1 ||\n"
                             "            fwrite(said, sizeof said, 1, stdout) != 1 || fflush(stdout) != 0)\n"
                             "            return 1;\n"
                             "    }\n"
                             "    return 0;\n"
                             "}\n",
                             path, upper, upper, upper, upper, upper, plain, compare);
    free(compare);
    return text;
}

/* ---- processes ----------------------------------------------------------------------------------------- */

/* The signals that would end this process and leave the folder, and the one by which a child ends. */
static void held_signals(sigset_t *held)
{
    static const int numbers[] = {SIGINT,  SIGTERM, SIGHUP,  SIGQUIT,  SIGUSR1,
                                  SIGUSR2, SIGALRM, SIGXCPU, SIGVTALRM};
    struct sigaction action;

    sigemptyset(held);
    sigaddset(held, SIGCHLD);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (sigaction(numbers[i], NULL, &action) == 0 && action.sa_handler != SIG_IGN)
            sigaddset(held, numbers[i]);
}

static int status_of(int status)
{
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* The status that a child ends with; -1 after a signal. */
static int wait_for(pid_t child)
{
    int status;

    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return status_of(status);
}

/* The same of a child with a group of its own. A signal that comes meanwhile ends the group, and is pending then. */
static int wait_for_group(pid_t child, const sigset_t *held)
{
    int number = 0, taken, status;
    pid_t ended;

    while ((ended = waitpid(child, &status, WNOHANG)) == 0)
        if (sigwait(held, &taken) == 0 && taken != SIGCHLD) {
            number = taken;
            kill(-child, SIGTERM);
        }
    if (number)
        raise(number);
    return ended < 0 ? -1 : status_of(status);
}

/* posix_spawnp with the signals that are let through as they were `before`. Returns 0 or an errno. */
static int spawn(pid_t *child, char *const words[], const posix_spawn_file_actions_t *actions, short flags,
                 const sigset_t *before)
{
    posix_spawnattr_t attributes;
    int failed = posix_spawnattr_init(&attributes);

    if (failed)
        return failed;
    failed = posix_spawnattr_setflags(&attributes, (short)(flags | POSIX_SPAWN_SETSIGMASK));
    failed = failed ? failed : posix_spawnattr_setsigmask(&attributes, before);
    failed = failed ? failed : posix_spawnp(child, words[0], actions, &attributes, words, environ);
    posix_spawnattr_destroy(&attributes);
    return failed;
}

/* Returns 0, 1 if there is no cc, or -1. */
static int compile(const struct compiled_c *compiled, const sigset_t *held, const sigset_t *before,
                   struct error *error)
{
    char cc[] = "cc", std[] = "-std=c99", fast[] = "-O2", to[] = "-o", math[] = "-lm";
    char *const words[] = {cc, std, fast, compiled->driver, to, compiled->program, math, NULL};
    pid_t child;
    const int failed = spawn(&child, words, NULL, POSIX_SPAWN_SETPGROUP, before);

    if (failed == ENOENT)
        return 1;
    if (failed)
        return error_set(error, ERROR_FAILED, "cannot run cc: %s", strerror(failed));
    return wait_for_group(child, held) == 0
               ? 0
               : error_set(error, ERROR_FAILED, "cc does not compile the C file");
}

/* With both ends of its input and output at one socket. Returns 0 or -1. */
static int start(struct compiled_c *compiled, const sigset_t *before, struct error *error)
{
    char *const words[] = {compiled->program, NULL};
    posix_spawn_file_actions_t actions;
    int ends[2], failed;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return error_set(error, ERROR_FAILED, "cannot talk to a program: %s", strerror(errno));
    failed = posix_spawn_file_actions_init(&actions);
    if (!failed) {
        failed = posix_spawn_file_actions_adddup2(&actions, ends[1], STDIN_FILENO);
        failed = failed ? failed : posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
        failed = failed ? failed : spawn(&compiled->child, words, &actions, 0, before);
        posix_spawn_file_actions_destroy(&actions);
    }
    close(ends[1]);
    if (!failed) {
        compiled->socket = ends[0];
        return 0;
    }
    close(ends[0]);
    compiled->child = -1;
    return error_set(error, ERROR_FAILED, "cannot run the compiled C file: %s", strerror(failed));
}

/* ---- files --------------------------------------------------------------------------------------------- */

/* A folder for the driver and the program, and the driver. Returns 0 or -1. */
static int make_files(struct compiled_c *compiled, const struct compiled_c_of *of, struct error *error)
{
    const char *home = getenv("TMPDIR");
    char *whole = realpath(of->path, NULL), *text = NULL;
    int failed = -1;

    compiled->folder = memory_format("%s/nnrun-export-XXXXXX", home && *home ? home : "/tmp");
    if (whole && compiled->folder && strpbrk(whole, "\"\\\n")) {
        error_set(error, ERROR_ARGUMENT, "%s: cc cannot include a file with \" or \\ in its name", of->path);
    } else if (whole && compiled->folder && !mkdtemp(compiled->folder)) {
        error_set(error, ERROR_FAILED, "%s: cannot create: %s", compiled->folder, strerror(errno));
        free(compiled->folder);
        compiled->folder = NULL;
    } else if (whole && compiled->folder) {
        text = driver_text(whole, &compiled->names, of->bytes);
        compiled->driver = memory_format("%s/answers.c", compiled->folder);
        compiled->program = memory_format("%s/answers", compiled->folder);
        if (text && compiled->driver && compiled->program)
            failed = file_create(compiled->driver, text, strlen(text), error);
        else
            error_memory(error);
    } else {
        error_memory(error);
    }
    free(whole);
    free(text);
    return failed;
}

static void remove_files(struct compiled_c *compiled)
{
    if (compiled->driver)
        unlink(compiled->driver);
    if (compiled->program)
        unlink(compiled->program);
    if (compiled->folder)
        rmdir(compiled->folder);
    free(compiled->driver);
    free(compiled->program);
    free(compiled->folder);
    compiled->driver = compiled->program = compiled->folder = NULL;
}

/* Returns 0, 1 if there is no cc, or -1. */
static int make_program(struct compiled_c *compiled, const struct compiled_c_of *of, struct error *error)
{
    sigset_t held, before;
    int failed;

    held_signals(&held);
    pthread_sigmask(SIG_BLOCK, &held, &before);
    failed = make_files(compiled, of, error);
    failed = failed ? failed : compile(compiled, &held, &before, error);
    failed = failed ? failed : start(compiled, &before, error);
    remove_files(compiled); /* a running program needs none */
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failed;
}

struct compiled_c *compiled_c_open(const struct compiled_c_of *of, struct error *error)
{
    struct compiled_c *compiled = memory_array(1, sizeof *compiled);

    if (!compiled) {
        error_memory(error);
        return NULL;
    }
    *compiled = (struct compiled_c){.inputs = of->inputs,
                                    .outputs = of->outputs,
                                    .names = c_source_names(of->name),
                                    .socket = -1,
                                    .child = -1};
    if (make_program(compiled, of, error) == 0)
        return compiled;
    compiled_c_close(compiled);
    return NULL;
}

void compiled_c_close(struct compiled_c *compiled)
{
    if (!compiled)
        return;
    if (compiled->socket >= 0)
        close(compiled->socket); /* the program ends then */
    if (compiled->child > 0)
        wait_for(compiled->child);
    free(compiled);
}

/* All bytes, as file_write, but without a signal where nobody reads them. */
static int send_all(int end, const void *bytes, size_t size)
{
    const char *at = bytes;

    while (size > 0) {
        const ssize_t done = send(end, at, size, MSG_NOSIGNAL);
        if (done < 0 && errno != EINTR)
            return -1;
        if (done > 0) {
            at += done;
            size -= (size_t)done;
        }
    }
    return 0;
}

/* What predict is to return. */
static int place_of(const float *y, size_t outputs)
{
    size_t best = 0;

    for (size_t i = 0; i < outputs; i++) {
        if (isnan(y[i]))
            return -1;
        best = y[i] > y[best] ? i : best;
    }
    return outputs == 1 ? *y > 0.5F : (int)best;
}

int compiled_c_answer(void *compiled, const float *x, float *y, struct error *error)
{
    const struct compiled_c *c = compiled;
    const char *name = c->names.plain;
    struct verdict verdict;
    int place;

    if (send_all(c->socket, x, c->inputs * sizeof *x) != 0 ||
        file_read(c->socket, y, c->outputs * sizeof *y) != 0 ||
        file_read(c->socket, &verdict, sizeof verdict) != 0)
        return error_set(error, ERROR_FAILED, "the compiled C file ended before it answered");
    place = place_of(y, c->outputs);
    if (verdict.place != place)
        return error_set(error, ERROR_FAILED,
                         "the compiled C file: %s_predict returns %d, where its outputs mean %d", name,
                         verdict.place, place);
    if (!verdict.same)
        return error_set(error, ERROR_FAILED,
                         "the compiled C file: %s_predict_bytes does not answer as %s_predict", name, name);
    return 0;
}
