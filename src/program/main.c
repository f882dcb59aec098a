/* main.c: the table of commands. */
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/crash.h"
#include "cli/crash_text.h"
#include "cli/environment.h"
#include "cli/help.h"
#include "cli/rank_refusal.h"
#include "cli/screen.h"
#include "cli/signals.h"
#include "cli/stack_room.h"
#include "cli/standard_files.h"
#include "cli/subject.h"
#include "cli/training_page.h"

static const struct command commands[] = {
    {.name = "train",
     .arguments = "CONFIG",
     .overrides = true,
     .takes = TAKES_OUTPUT | TAKES_QUIET | TAKES_JSON | TAKES_THREADS | TAKES_SEED | TAKES_COMM |
              TAKES_PLUGIN_PATH,
     .does = "train, validate, save, and test at the end",
     .about = "Checks the config, then trains, validating and saving after each epoch, and\n"
              "tests at the end. KEY=VALUE overrides any key of the config. Without -o the run\n"
              "folder is runs/NAME, or the next free name. The word train may be left out.",
     .examples = "nnrun configs/lenet.cfg\n"
                 "nnrun train configs/mlp.cfg train.epochs=3 --seed 2 -o runs/mlp-2",
     .takes_signals = true,
     .run = command_train,
     .write_page = training_page_write},
    {.name = "resume",
     .arguments = "RUN",
     .overrides = true,
     .takes =
         TAKES_QUIET | TAKES_JSON | TAKES_THREADS | TAKES_COMM | TAKES_PLUGIN_PATH | TAKES_ANY_ARITHMETIC,
     .does = "continue a run from its newest checkpoint",
     .about = "Continues from the newest intact checkpoint of a run folder, to the same bits as\n"
              "a run that was never stopped. Keys of train and output, and the paths of the\n"
              "data, may change.",
     .examples = "nnrun resume runs/lenet\n"
                 "nnrun resume runs/lenet train.epochs=20",
     .takes_signals = true,
     .run = command_resume,
     .write_page = training_page_write},
    {.name = "sweep",
     .arguments = "CONFIG",
     .overrides = true,
     .takes = TAKES_SWEEP | TAKES_QUIET | TAKES_JSON | TAKES_PLUGIN_PATH,
     .does = "train several values and seeds, compare",
     .about = "Trains a config with every combination of the values given, as KEY=A,B,C or a\n"
              "range KEY=0.01..0.3/log5, and with every seed, each into a folder of its own.\n"
              "The same command continues what was interrupted. At the end it compares the\n"
              "combinations over the seeds: mean, deviation, interval, paired t-tests.",
     .examples = "nnrun sweep configs/mlp.cfg train.batch=32,64 --seeds 1-3 -o runs/batches\n"
                 "nnrun sweep configs/mlp.cfg train.optimizer.rate=0.01..0.3/log --random 3",
     .takes_signals = true,
     .run = command_sweep},
    {.name = "test",
     .arguments = "CHECKPOINT [CHECKPOINT]",
     .overrides = true,
     .most_subjects = 2,
     .takes = TAKES_QUIET | TAKES_JSON | TAKES_THREADS | TAKES_WRONG | TAKES_PLUGIN_PATH,
     .does = "accuracy, classes, confusions, mistakes",
     .about = "Counts how many of the test samples a checkpoint gets right. The data are those\n"
              "of its run, unless data.directory names others. With -q it prints one line. Two\n"
              "checkpoints are compared: McNemar's test tells a difference from chance.",
     .examples = "nnrun test runs/lenet/best.safetensors",
     .run = command_test},
    {.name = "report",
     .arguments = "RUN...",
     .overrides = true,
     .most_subjects = SIZE_MAX,
     .takes = TAKES_PAGE | TAKES_QUIET | TAKES_JSON | TAKES_THREADS | TAKES_PLUGIN_PATH,
     .does = "a page about a run, or about several",
     .about = "Writes one HTML file, which fetches nothing: curves, confusion matrix, mistakes,\n"
              "filters, layers, config; or several runs side by side, with -o.",
     .examples = "nnrun report runs/lenet",
     .run = command_report},
    {.name = "predict",
     .arguments = "CHECKPOINT FILE...",
     .most_subjects = SIZE_MAX,
     .takes = TAKES_QUIET | TAKES_JSON | TAKES_CSV | TAKES_HEADER | TAKES_RAW | TAKES_ALL | TAKES_PLUGIN_PATH,
     .does = "what is in pictures, IDX or CSV files",
     .about = "Prepares each picture, of any size, as data.prepare says, and says what the\n"
              "network takes it for; - is the standard input. With -q one line per picture.\n"
              "A row of a CSV file is a sample as it is, without its label.",
     .examples = "nnrun predict runs/lenet/best.safetensors data/mnist/t10k-images-idx3-ubyte.gz",
     .run = command_predict},
    {.name = "serve",
     .arguments = "CHECKPOINT",
     .takes = TAKES_PORT | TAKES_ADDRESS | TAKES_QUIET | TAKES_JSON | TAKES_THREADS | TAKES_PLUGIN_PATH,
     .does = "draw in a browser; pictures over HTTP",
     .about = "Serves a page to draw on, which shows what the network makes of it, and an HTTP\n"
              "interface: POST /predict, GET /model, GET /healthz. Only programs of this\n"
              "machine reach it, unless --address says otherwise. SIGTERM or Ctrl-C ends it.",
     .examples = "nnrun serve runs/lenet/best.safetensors",
     .takes_signals = true,
     .run = command_serve},
    {.name = "export",
     .arguments = "CHECKPOINT",
     .overrides = true,
     .takes = TAKES_EXPORT | TAKES_QUIET | TAKES_JSON | TAKES_THREADS | TAKES_PLUGIN_PATH,
     .does = "a trained network as ONNX, C or a page",
     .about = "Writes a trained network, with all that is done to a sample before it, as a file\n"
              "that other programs run. --check computes the answers for all test samples by\n"
              "the definitions of the file's operators and compares them with the network's.",
     .examples = "nnrun export runs/lenet/best.safetensors --onnx lenet.onnx",
     .run = command_export},
    {.name = "show",
     .arguments = "CONFIG|CHECKPOINT",
     .overrides = true,
     .takes = TAKES_QUIET | TAKES_JSON | TAKES_THREADS | TAKES_SEED | TAKES_MEMORY | TAKES_KEYS |
              TAKES_SAMPLES | TAKES_PLUGIN_PATH,
     .does = "layers, shapes, parameters, FLOPs, memory",
     .about = "Prints what a config or checkpoint describes: layers with their shapes,\n"
              "parameters and operations, and the memory that training takes. No data are read,\n"
              "except with --samples. With -q it only says what is wrong.",
     .examples = "nnrun show configs/lenet.cfg network.conv1.filters=12\n"
                 "nnrun show configs/mlp.cfg --keys\n"
                 "nnrun show configs/mlp.cfg --memory",
     .run = command_show},
    {.name = "layers",
     .arguments = "[TYPE|./FILE.so]",
     .takes = TAKES_JSON | TAKES_NEW | TAKES_PLUGIN_PATH,
     .does = "the layer plugins found, or one's settings",
     .about = "Lists the layer plugins found, where, for which ABI, with code for which\n"
              "processors; or one of them with its settings; or prints one to start from.",
     .examples = "nnrun layers\n"
                 "nnrun layers conv\n"
                 "nnrun layers --new swish",
     .run = command_layers},
    {.name = "gradcheck",
     .arguments = "CONFIG|TYPE|./FILE.so",
     .overrides = true,
     .takes = TAKES_QUIET | TAKES_JSON | TAKES_PLUGIN_PATH,
     .does = "check gradients and the plugin contract",
     .about = "Checks by numbers that a layer's backward is the gradient of its forward, and\n"
              "that it keeps the contract of nnrun-layer(3), at every code level there is here.\n"
              "KEY=VALUE after a type or a file fixes a setting in all of its cases.",
     .examples = "nnrun gradcheck conv\n"
                 "nnrun gradcheck conv kernel=3\n"
                 "nnrun gradcheck configs/mlp.cfg",
     .run = command_gradcheck},
    {.name = "time",
     .arguments = "CONFIG|CHECKPOINT",
     .overrides = true,
     .takes = TAKES_JSON | TAKES_THREAD_LIST | TAKES_PLUGIN_PATH,
     .does = "speed of layers and steps beside the peak",
     .about = "Measures on random samples how long each layer and a whole step take, beside the\n"
              "processor's peak of multiply-adds; some seconds for each number of threads.",
     .examples = "nnrun time configs/mlp.cfg --threads 1,2",
     .run = command_time},
    {.name = "pack",
     .arguments = "SOURCE...",
     .most_subjects = SIZE_MAX,
     .takes = TAKES_PACK | TAKES_QUIET | TAKES_JSON,
     .does = "your own pictures or tables as data files",
     .about = "Makes IDX files for training and test of your own data, and looks at them.",
     .examples = "nnrun pack pets -o data/pets --size 28x28 --grey",
     .takes_signals = true,
     .run = command_pack},
    {.name = "help",
     .arguments = "[COMMAND]",
     .helps = true,
     .does = "the commands, or one with its options",
     .about = "Prints what nnrun --help prints, or nnrun COMMAND --help.",
     .examples = "nnrun help\n"
                 "nnrun help train"},
};
enum { COMMANDS = sizeof commands / sizeof commands[0] };

/* Before the command runs. */
static int refuse(struct options *options, struct error *error)
{
    struct error other = {0};

    if (options->comm && !options->folders)
        environment_read(options, &other); /* as far as it goes: where communicators are */
    error_clear(&other);
    return rank_refusal(options, error);
}

/* With plugins watched. */
static int run_watched(struct options *options)
{
    struct error error = {0};
    struct screen screen;
    int status;

    screen_init(&screen, STDERR_FILENO);
    options->crash = crash_begin(options->json, screen.escapes, &error);
    if (!options->crash)
        return refuse(options, &error);
    options->watch = &options->crash->watch;
    status = options->command->run(options);
    crash_end(options->crash);
    return status;
}

static int run_command(struct options *options, struct error *error)
{
    if (options->help) {
        if (options->named)
            help_print_command(options->command);
        else
            help_print(commands, COMMANDS);
        return STATUS_OK;
    }
    if (options->version) {
        puts("nnrun " NNRUN_VERSION);
        return STATUS_OK;
    }
    if (!options->named && !options->subject) {
        error_set(error, ERROR_ARGUMENT, "expected a command or a config; \"nnrun --help\" shows how");
        return refuse(options, error);
    }
    if (subject_check(options, error) != 0 || (!options->new_type && environment_read(options, error) != 0))
        return refuse(options, error);
    return run_watched(options);
}

int main(int argc, char **argv)
{
    struct options options;
    struct error error = {0};
    const char *lack;
    sigset_t before;
    int status, failed;

    signals_hold(&before);
    lack = standard_files_take() == 0 ? stack_room_take() : "no file can be opened";
    if (lack) {
        crash_write(STDERR_FILENO, "nnrun: ");
        crash_write(STDERR_FILENO, lack);
        crash_write(STDERR_FILENO, "\n");
        return STATUS_FAILED;
    }
    failed = options_parse(&options, argc, argv, commands, COMMANDS, &error);
    if (failed)
        rank_refusal_find(&options, argc, argv);
    /* a rank is asked to end as soon as another has ended, but says why first */
    if (!options.command->takes_signals && !options.comm)
        signals_release(&before);
    if (failed)
        status = refuse(&options, &error);
    else
        status = run_command(&options, &error);
    error_clear(&error);
    options_finish(&options);
    return command_flush(status);
}
