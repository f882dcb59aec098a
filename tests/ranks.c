/* ranks.c: starts a command several times, as mpirun does, its processes joined by socket pairs for comm_sockets.c:
 *
 *   ranks N COMMAND...
 *
 * In each $RANK is its number, from 0. SIGTERM and SIGINT go on to all. Once one ends otherwise than with the status of the
 * first, or by a signal, the others have GRACE seconds before they are killed. Each status that is not 0 is told on stderr,
 * "rank 2: status 1" or "rank 2: signal 9"; $RANKS_PIDS names a file for their numbers. Ends with the status of the first
 * rank that failed, 128 and the number of the signal if it was one. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST = 64, GRACE = 8 };

static volatile sig_atomic_t forward, late;

static void on_signal(int number)
{
    if (number == SIGALRM)
        late = 1;
    else
        forward = number;
}

static void fail(const char *what)
{
    perror(what);
    exit(99);
}

static void run(int rank, int count, int (*pairs)[MOST], char **command)
{
    char text[16 * MOST + 32], number[16];
    size_t used = (size_t)snprintf(text, sizeof text, "%d %d", rank, count);

    for (int a = 0; a < count; a++)
        for (int b = 0; b < count; b++)
            if (a != rank && pairs[a][b] >= 0)
                close(pairs[a][b]);
    for (int r = 0; r < count; r++)
        used += (size_t)snprintf(text + used, sizeof text - used, " %d", pairs[rank][r]);
    snprintf(number, sizeof number, "%d", rank);
    if (setenv("NNRUN_SOCKETS", text, 1) != 0 || setenv("RANK", number, 1) != 0)
        fail("setenv");
    execvp(command[0], command);
    fail(command[0]);
}

static void note(const pid_t *pids, int count)
{
    const char *path = getenv("RANKS_PIDS");
    FILE *file = path ? fopen(path, "w") : NULL;

    for (int r = 0; file && r < count; r++)
        fprintf(file, "%d\n", (int)pids[r]);
    if (path && (!file || fclose(file) != 0))
        fail(path);
}

static void send_all(const pid_t *pids, int count, int number)
{
    for (int r = 0; r < count; r++)
        if (pids[r] > 0)
            kill(pids[r], number);
}

int main(int argc, char **argv)
{
    const int count = argc > 2 ? atoi(argv[1]) : 0;
    struct sigaction action = {.sa_handler = on_signal};
    int pairs[MOST][MOST], first = 0, left = count;
    pid_t pids[MOST];

    if (count < 1 || count > MOST) {
        fprintf(stderr, "usage: ranks N COMMAND..., N at most %d\n", (int)MOST);
        return 99;
    }
    for (int a = 0; a < count; a++)
        for (int b = 0; b <= a; b++) {
            int ends[2] = {-1, -1};
            if (a != b && socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0)
                fail("socketpair");
            pairs[a][b] = ends[0];
            pairs[b][a] = ends[1];
        }
    for (int r = 0; r < count; r++) {
        pids[r] = fork();
        if (pids[r] < 0)
            fail("fork");
        if (pids[r] == 0)
            run(r, count, pairs, argv + 2);
    }
    for (int a = 0; a < count; a++)
        for (int b = 0; b < count; b++)
            if (pairs[a][b] >= 0)
                close(pairs[a][b]);
    note(pids, count);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGALRM, &action, NULL);
    while (left > 0) {
        int status, code;
        const pid_t pid = waitpid(-1, &status, 0);

        if (pid < 0 && errno != EINTR)
            fail("waitpid");
        if (forward)
            send_all(pids, count, forward);
        if (late)
            send_all(pids, count, SIGKILL);
        forward = 0;
        for (int r = 0; pid > 0 && r < count; r++) {
            if (pids[r] != pid)
                continue;
            pids[r] = 0;
            left--;
            code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
            if (code == 0)
                continue;
            fprintf(stderr, "rank %d: %s %d\n", r, WIFSIGNALED(status) ? "signal" : "status",
                    WIFSIGNALED(status) ? WTERMSIG(status) : code);
            if (!first)
                alarm(GRACE);
            first = first ? first : code;
        }
    }
    return first;
}
