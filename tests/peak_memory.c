/* peak_memory.c: a command that must do with little memory.
 *
 *   peak_memory KB COMMAND...
 *
 * ends as the command does, or with 98, saying so, if more than that was resident at once. With "-" for KB it ends as the
 * command does and prints how much was. */
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    const bool tells = argc > 2 && strcmp(argv[1], "-") == 0;
    const long most = tells ? LONG_MAX : argc > 2 ? strtol(argv[1], NULL, 10) : 0;
    const pid_t child = most > 0 ? fork() : -1;
    struct rusage usage;
    int status;

    if (child == 0) {
        execvp(argv[2], argv + 2);
        _exit(99);
    }
    if (child < 0 || waitpid(child, &status, 0) != child || getrusage(RUSAGE_CHILDREN, &usage) != 0)
        return 99;
    if (tells)
        printf("%ld\n", usage.ru_maxrss);
    if (usage.ru_maxrss > most) {
        fprintf(stderr, "peak_memory: %ld kB, at most %ld are right\n", usage.ru_maxrss, most);
        return 98;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
