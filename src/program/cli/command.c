/* command.c: see command.h. */
#include "cli/command.h"

#include <errno.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json_text.h"
#include "cli/advice.h"
#include "cli/say.h"

int command_print_json(char *line)
{
    if (!line) {
        fputs("nnrun: out of memory\n", stderr);
        return -1;
    }
    puts(line);
    fflush(stdout);
    free(line);
    return 0;
}

static char *error_event(const char *message, int status)
{
    return json_line(
        json_pack("{s:s, s:o, s:i}", "event", "error", "message", json_text(message), "status", status), 6);
}

static void print_entry(const struct error_entry *entry)
{
    char *line = advice_line(entry);

    say(stderr, "nnrun: %s\n", line ? line : entry->text);
    free(line);
}

int command_failed(const struct options *options, struct error *error)
{
    const int status = (int)exit_status(error);

    fflush(stdout);
    for (unsigned i = 0; i < error_count(error); i++)
        print_entry(error_entry(error, i));
    if (error->left_out)
        fprintf(stderr, "nnrun: and %u more\n", error->left_out);
    if (options && options->json) {
        char *text = advice_text(error);

        command_print_json(text ? error_event(text, status) : NULL);
        free(text);
    }
    error_clear(error);
    return status;
}

/* The error that was met is gone by now, but a pipe has only one. */
bool command_output_gone(void)
{
    struct stat status;

    return (fflush(stdout) != 0 || ferror(stdout)) && fstat(STDOUT_FILENO, &status) == 0 &&
           (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode));
}

int command_flush(int status)
{
    int reason;

    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    /* of a write that failed before, the reason is gone */
    reason = errno ? errno : command_output_gone() ? EPIPE : 0;
    fprintf(stderr, "nnrun: cannot write the output%s%s\n", reason ? ": " : "",
            reason ? strerror(reason) : "");
    __fpurge(stdout); /* said once is enough: what is left is not tried again */
    clearerr(stdout);
    return status ? status : STATUS_FAILED;
}
