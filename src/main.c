/* main.c: the table of commands. */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"

static const struct command commands[] = {
    {"train", "CONFIG [KEY=VALUE...]", "train, validate, save, and test at the end (the default)",
     command_train},
    {"resume", "RUN [KEY=VALUE...]", "go on from the newest whole checkpoint of a run folder",
     command_resume},
    {"test", "CHECKPOINT [KEY=VALUE...]", "accuracy, classes, confusion matrix, mistakes", command_test},
    {"predict", "CHECKPOINT IMAGE...", "what is in pictures: PNG, PGM, PPM, IDX, or - for stdin",
     command_predict},
    {"show", "CONFIG|CHECKPOINT", "layers, shapes, parameters, FLOPs and memory, without data", command_show},
    {"layers", "[TYPE|./FILE.so]", "the layer plugins found, or one's settings", command_layers},
    {"gradcheck", "CONFIG|TYPE|./FILE.so", "check gradients and the plugin contract by numbers",
     command_gradcheck},
    {"time", "CONFIG|CHECKPOINT [KEY=VALUE...]",
     "speed of each layer and of steps, beside the processor's peak", command_time},
};
enum { COMMANDS = sizeof commands / sizeof commands[0] };

static void help(FILE *to)
{
    fputs(
        "usage: nnrun [COMMAND] CONFIG [KEY=VALUE...] [OPTION...]\n\nTrains small neural networks described as text.\n\n",
        to);
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(to, "  %-9s %-26s %s\n", commands[i].name, commands[i].arguments, commands[i].does);
    fputs("\n  -o, --output DIR      run folder (train); it must not hold a run\n"
          "  -q, --quiet           print nothing but errors\n"
          "      --json            one JSON object a line on stdout\n"
          "      --new TYPE        print a layer plugin to start from (layers)\n"
          "      --memory          where each buffer of a slice lies, and when (show)\n"
          "      --threads N       0: all processors; changes the speed, never the result\n"
          "      --raw             resize pictures, change nothing else (predict)\n"
          "      --seed N          of all random numbers\n"
          "      --samples FILE    also draw training samples into a PNG (show)\n"
          "      --wrong DIR       also write the mistakes as PNG (test)\n"
          "      --plugin-path DIR look for layers there first\n"
          "      --any-arithmetic  resume even where sums are rounded another way\n"
          "      --version, --help\n\n"
          "Examples:\n"
          "  nnrun configs/lenet.cfg train.epochs=3\n"
          "  nnrun resume runs/lenet\n"
          "  nnrun test runs/lenet/best.safetensors\n"
          "  nnrun predict runs/lenet/best.safetensors digit.png\n\n"
          "Manual: nnrun(1), nnrun.cfg(5), nnrun-layer(3).\n",
          to);
}

static const struct command *find(const char *name)
{
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(name, commands[i].name) == 0)
            return &commands[i];
    return NULL;
}

static bool is_command(const char *word)
{
    return find(word) != NULL;
}

static int run(const struct options *options, struct error *error)
{
    if (options->help) {
        help(stdout);
        return STATUS_OK;
    }
    if (options->version) {
        puts("nnrun " NNRUN_VERSION);
        return STATUS_OK;
    }
    if (!options->command && !options->subject) {
        error_set(error, STATUS_USAGE, "expected a command or a config; \"nnrun --help\" shows how");
        return command_failed(options, error);
    }
    return find(options->command ? options->command : "train")->run(options);
}

int main(int argc, char **argv)
{
    struct options options;
    struct error error;
    int status;

    error_init(&error);
    if (options_parse(&options, argc, argv, is_command, &error) != 0)
        status = command_failed(&options, &error);
    else
        status = run(&options, &error);
    options_finish(&options);
    return command_flush(status);
}
