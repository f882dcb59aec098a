/* five_commands.c: train, resume, test, predict and serve linked with libnnrun.so alone, and with the room base, which
 * library and program share: what they call of the library is in nnrun.h, or this does not link. */
#include <stdint.h>

#include "cli/command.h"
#include "cli/environment.h"
#include "cli/subject.h"

static const struct command commands[] = {
    {.name = "train",
     .arguments = "CONFIG",
     .overrides = true,
     .takes = TAKES_OUTPUT | TAKES_QUIET | TAKES_JSON | TAKES_THREADS | TAKES_SEED,
     .run = command_train},
    {.name = "resume",
     .arguments = "RUN",
     .overrides = true,
     .takes = TAKES_QUIET | TAKES_JSON | TAKES_THREADS,
     .run = command_resume},
    {.name = "test",
     .arguments = "CHECKPOINT",
     .overrides = true,
     .takes = TAKES_QUIET | TAKES_JSON | TAKES_THREADS | TAKES_WRONG,
     .run = command_test},
    {.name = "predict",
     .arguments = "CHECKPOINT IMAGE...",
     .most_subjects = SIZE_MAX,
     .takes = TAKES_QUIET | TAKES_JSON | TAKES_RAW | TAKES_ALL,
     .run = command_predict},
    {.name = "serve",
     .arguments = "CHECKPOINT",
     .takes = TAKES_PORT | TAKES_ADDRESS | TAKES_QUIET | TAKES_JSON | TAKES_THREADS,
     .run = command_serve},
};

int main(int argc, char **argv)
{
    struct options options;
    struct error error = {0};
    int status;

    if (options_parse(&options, argc, argv, commands, sizeof commands / sizeof commands[0], &error) != 0 ||
        subject_check(&options, &error) != 0 || environment_read(&options, &error) != 0)
        status = command_failed(&options, &error);
    else
        status = options.command->run(&options);
    error_clear(&error);
    options_finish(&options);
    return command_flush(status);
}
