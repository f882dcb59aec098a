/* compiled_c.c: see compiled_c.h. */
#include "cli/compiled_c.h"

#include <errno.h>
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
    char *folder, *driver, *program;
    int socket; /* to the program; -1: none */
    pid_t child;
};

/* Reads samples, writes answers. */
static char *driver_text(const char *path, const struct c_names *names)
{
    const char *upper = names->capitals;

    return memory_format(
        "#include \"%s\"\n"
        "#include <stdio.h>\n"
        "int main(void)\n"
        "{\n"
        "    static float input[%s_INPUTS], output[%s_OUTPUTS], memory[%s_MEMORY / sizeof(float)];\n"
        "\n"
        "    while (fread(input, sizeof input, 1, stdin) == 1) {\n"
        "        %s_predict(input, output, memory);\n"
        "        if (fwrite(output, sizeof output, 1, stdout) != 1 || fflush(stdout) != 0)\n"
        "            return 1;\n"
        "    }\n"
        "    return 0;\n"
        "}\n",
        path, upper, upper, upper, names->plain);
}

/* The status that a child ends with; -1 after a signal. */
static int wait_for(pid_t child)
{
    int status;

    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Returns 0, 1 if there is no cc, or -1. */
static int compile(const struct compiled_c *compiled, struct error *error)
{
    char cc[] = "cc", std[] = "-std=c99", fast[] = "-O2", to[] = "-o", math[] = "-lm";
    char *const words[] = {cc, std, fast, compiled->driver, to, compiled->program, math, NULL};
    pid_t child;
    const int failed = posix_spawnp(&child, cc, NULL, NULL, words, environ);

    if (failed == ENOENT)
        return 1;
    if (failed)
        return error_set(error, ERROR_FAILED, "cannot run cc: %s", strerror(failed));
    return wait_for(child) == 0 ? 0 : error_set(error, ERROR_FAILED, "cc does not compile the C file");
}

/* With both ends of its input and output at one socket. Returns 0 or -1. */
static int start(struct compiled_c *compiled, struct error *error)
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
        failed = failed ? failed
                        : posix_spawn(&compiled->child, compiled->program, &actions, NULL, words, environ);
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

/* A folder for the driver and the program, and the driver. Returns 0 or -1. */
static int make_files(struct compiled_c *compiled, const char *path, const char *name, struct error *error)
{
    const struct c_names names = c_source_names(name);
    const char *home = getenv("TMPDIR");
    char *whole = realpath(path, NULL), *text = NULL;
    int failed = -1;

    compiled->folder = memory_format("%s/nnrun-export-XXXXXX", home && *home ? home : "/tmp");
    if (whole && compiled->folder && strpbrk(whole, "\"\\\n")) {
        error_set(error, ERROR_ARGUMENT, "%s: cc cannot include a file with \" or \\ in its name", path);
    } else if (whole && compiled->folder && !mkdtemp(compiled->folder)) {
        error_set(error, ERROR_FAILED, "%s: cannot create: %s", compiled->folder, strerror(errno));
        free(compiled->folder);
        compiled->folder = NULL;
    } else if (whole && compiled->folder) {
        text = driver_text(whole, &names);
        compiled->driver = memory_format("%s/answers.c", compiled->folder);
        compiled->program = memory_format("%s/answers", compiled->folder);
        failed = text && compiled->driver && compiled->program
                     ? file_create(compiled->driver, text, strlen(text), error)
                     : error_memory(error);
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

struct compiled_c *compiled_c_open(const char *path, const char *name, size_t inputs, size_t outputs,
                                   struct error *error)
{
    struct compiled_c *compiled = memory_array(1, sizeof *compiled);
    int failed;

    if (!compiled) {
        error_memory(error);
        return NULL;
    }
    *compiled = (struct compiled_c){.inputs = inputs, .outputs = outputs, .socket = -1, .child = -1};
    failed = make_files(compiled, path, name, error);
    failed = failed ? failed : compile(compiled, error);
    failed = failed ? failed : start(compiled, error);
    remove_files(compiled); /* a running program needs none */
    if (!failed)
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

int compiled_c_answer(void *compiled, const float *x, float *y, struct error *error)
{
    const struct compiled_c *c = compiled;

    if (send_all(c->socket, x, c->inputs * sizeof *x) == 0 &&
        file_read(c->socket, y, c->outputs * sizeof *y) == 0)
        return 0;
    return error_set(error, ERROR_FAILED, "the compiled C file ended before it answered");
}
