/* failing.c: each call here fails, with the code that is expected and a sentence; it prints nothing, and leaves no
 * descriptor open. Run under valgrind or with LeakSanitizer it shows that no memory is left either.
 *
 *   failing
 *
 * in a folder that library.sh has filled. Exit status 1 and a line for each call that does otherwise. */
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nnrun/nnrun.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static int faults;

/* Not standard error, which is watched. */
static FILE *report;

static void fault(const char *name, const char *what)
{
    fprintf(report, "%s: %s\n", name, what);
    faults++;
}

static const nnrun_model *model; /* a checkpoint's */
static const nnrun_model *config;

/* ---- calls that fail: what with ------------------------------------------------------------------------- */

static int end_open(nnrun_model *opened, const nnrun_error *error)
{
    nnrun_close(opened);
    return opened ? NNRUN_OK : error->code;
}

static int open_path(const char *path, nnrun_error *error)
{
    return end_open(nnrun_open(path, NULL, error), error);
}

static int open_override(const char *override, nnrun_error *error)
{
    nnrun_options options = NNRUN_OPTIONS_INIT;

    options.overrides = &override;
    options.override_count = 1;
    return end_open(nnrun_open("small.cfg", &options, error), error);
}

static int open_as_checkpoint(const char *path, nnrun_error *error)
{
    nnrun_options options = NNRUN_OPTIONS_INIT;

    options.expect = NNRUN_CHECKPOINT;
    return end_open(nnrun_open(path, &options, error), error);
}

static int open_as_config(const char *path, nnrun_error *error)
{
    nnrun_options options = NNRUN_OPTIONS_INIT;

    options.expect = NNRUN_CONFIG;
    return end_open(nnrun_open(path, &options, error), error);
}

static int open_as_99(const char *path, nnrun_error *error)
{
    nnrun_options options = NNRUN_OPTIONS_INIT;

    options.expect = 99;
    return end_open(nnrun_open(path, &options, error), error);
}

static int open_with_plugins(const char *folder, nnrun_error *error)
{
    nnrun_options options = NNRUN_OPTIONS_INIT;

    options.plugin_folders = &folder;
    options.plugin_folder_count = 1;
    return end_open(nnrun_open("small.cfg", &options, error), error);
}

static int open_at_level(const char *level, nnrun_error *error)
{
    nnrun_options options = NNRUN_OPTIONS_INIT;

    options.level = level;
    return end_open(nnrun_open("small.cfg", &options, error), error);
}

static int find_level(const char *level, nnrun_error *error)
{
    return nnrun_level(level, error) ? NNRUN_OK : error->code;
}

static int open_text(const char *text, nnrun_error *error)
{
    const int code = end_open(nnrun_open_bytes(text, strlen(text), "a text", NULL, error), error);

    if (!strstr(error->text, "a text"))
        fault(text, "is not called by its name");
    return code;
}

static int open_nothing(const char *name, nnrun_error *error)
{
    return end_open(nnrun_open_bytes(NULL, 0, name, NULL, error), error);
}

static int run_checkpoint(const char *folder, nnrun_error *error)
{
    char *path = nnrun_run_checkpoint(folder, error);

    nnrun_free(path);
    return path ? NNRUN_OK : error->code;
}

static int prepare_with(const char *path, const nnrun_prepare_options *options, nnrun_error *error)
{
    uint8_t *sample = malloc(nnrun_describe(model)->inputs);
    const int code = nnrun_prepare_file(model, path, options, sample, NULL, error);

    free(sample);
    return code;
}

static int prepare(const char *path, nnrun_error *error)
{
    return prepare_with(path, NULL, error);
}

static int prepare_small(const char *path, nnrun_error *error)
{
    nnrun_prepare_options options = NNRUN_PREPARE_OPTIONS_INIT;

    options.most_pixels = 100;
    return prepare_with(path, &options, error);
}

static int prepare_upload(const char *bytes, nnrun_error *error)
{
    uint8_t *sample = malloc(nnrun_describe(model)->inputs);
    nnrun_prepare_options options = NNRUN_PREPARE_OPTIONS_INIT;
    int code;

    options.name = "an upload";
    code = nnrun_prepare_bytes(model, bytes, strlen(bytes), &options, sample, NULL, error);
    if (!strstr(error->text, "an upload"))
        fault(bytes, "is not called by its name");
    free(sample);
    return code;
}

static int prepare_two_channels(const char *pixels, nnrun_error *error)
{
    uint8_t *sample = malloc(nnrun_describe(model)->inputs);
    const int code = nnrun_prepare_pixels(model, (const uint8_t *)pixels, 2, 2, 2, NULL, sample, NULL, error);

    free(sample);
    return code;
}

/* Bytes that are no picture, and nothing at all: neither is a table. */
static int read_bytes(const char *bytes, nnrun_error *error)
{
    nnrun_pictures *opened = nnrun_pictures_open_bytes(bytes, bytes ? strlen(bytes) : 0, NULL, error);
    const int code = opened ? NNRUN_OK : error->code;

    if (code && (!error->file || strcmp(error->file, "picture") != 0))
        fault("bytes", error->text);
    nnrun_pictures_close(opened);
    if (nnrun_bytes_are_table(bytes, bytes ? strlen(bytes) : 0, NULL) != 0)
        fault("bytes", "they are a table");
    return code;
}

static int read_pictures(const char *path, nnrun_error *error)
{
    nnrun_pictures *opened = nnrun_pictures_open(path, error);
    uint8_t *sample = malloc(nnrun_describe(model)->inputs);
    int code = opened ? NNRUN_OK : error->code;

    for (size_t i = 0; !code && i < nnrun_pictures_count(opened); i++)
        code = nnrun_pictures_next(opened, model, NULL, sample, NULL, error);
    free(sample);
    nnrun_pictures_close(opened);
    return code;
}

/* Rows of as many numbers as the model takes, the last of which is the text. */
static int read_table(const char *last, nnrun_error *error)
{
    const size_t inputs = nnrun_describe(model)->inputs;
    char *table = malloc(2 * inputs + strlen(last) + 1), *end = table;
    float *sample = malloc(inputs * sizeof *sample);
    nnrun_rows *rows;
    int32_t there = 1;
    int code;

    for (size_t i = 1; i < inputs; i++)
        end = stpcpy(end, "7,");
    stpcpy(end, last);
    rows = nnrun_rows_open_bytes(model, table, strlen(table), "a table", error);
    code = rows ? NNRUN_OK : error->code;
    while (!code && there)
        code = nnrun_rows_next(rows, sample, &there, error);
    if (code && !strstr(error->text, "a table:1: "))
        fault(last, error->text);
    nnrun_rows_close(rows);
    free(table);
    free(sample);
    return code;
}

/* Empty lines, of which few are allowed. */
static int read_limited(const char *lines, nnrun_error *error)
{
    nnrun_rows *rows = nnrun_rows_open_bytes(model, lines, strlen(lines), "a table", error);
    float *sample = malloc(nnrun_describe(model)->inputs * sizeof *sample);
    int32_t there = 1;
    int code = rows ? NNRUN_OK : error->code;

    nnrun_rows_limit(NULL, 1, 1);
    if (rows)
        nnrun_rows_limit(rows, 1000, 3);
    while (!code && there)
        code = nnrun_rows_next(rows, sample, &there, error);
    nnrun_rows_close(rows);
    free(sample);
    return code;
}

static int read_rows(const char *path, nnrun_error *error)
{
    nnrun_rows *rows = nnrun_rows_open(model, path, error);
    float *sample = malloc(nnrun_describe(model)->inputs * sizeof *sample);
    int32_t there = 1;
    int code = rows ? NNRUN_OK : error->code;

    while (!code && there)
        code = nnrun_rows_next(rows, sample, &there, error);
    nnrun_rows_close(rows);
    free(sample);
    return code;
}

static int save(const char *path, nnrun_error *error)
{
    return nnrun_save(model, path, error);
}

static int train(const nnrun_model *what, const char *run, nnrun_error *error)
{
    nnrun_train_options options = NNRUN_TRAIN_OPTIONS_INIT;
    nnrun_training training = NNRUN_TRAINING_INIT;
    int code;

    options.folder = run;
    code = nnrun_train(what, &options, &training, error);
    nnrun_training_clear(&training);
    return code;
}

static int train_into(const char *run, nnrun_error *error)
{
    return train(config, run, error);
}

static int train_checkpoint(const char *run, nnrun_error *error)
{
    return train(model, run, error);
}

/* Both, with data that are not there. */
static int test_and_train(const char *override, nnrun_error *error)
{
    nnrun_options options = NNRUN_OPTIONS_INIT;
    nnrun_model *opened;
    nnrun_evaluation *evaluation;
    int code;

    options.overrides = &override;
    options.override_count = 1;
    opened = nnrun_open("small.cfg", &options, error);
    if (!opened)
        return error->code;
    evaluation = nnrun_test(opened, NULL, error);
    code = error->code;
    if (evaluation || train(opened, "other", error) != code)
        fault(override, "test and train fail in different ways");
    nnrun_evaluation_free(evaluation);
    nnrun_close(opened);
    return code;
}

static int resume_with(const char *run, const char *override, nnrun_error *error)
{
    nnrun_options options = NNRUN_OPTIONS_INIT;
    nnrun_training training = NNRUN_TRAINING_INIT;
    int code;

    options.overrides = &override;
    options.override_count = override ? 1 : 0;
    code = nnrun_resume(run, &options, NULL, &training, error);
    nnrun_training_clear(&training);
    return code;
}

static int resume(const char *run, nnrun_error *error)
{
    return resume_with(run, NULL, error);
}

static int resume_override(const char *override, nnrun_error *error)
{
    return resume_with("run", override, error);
}

static int mistakes_into(const char *folder, nnrun_error *error)
{
    return nnrun_check_mistakes_folder(folder, error);
}

/* What a test says that its callback stops at the first event. */
static int32_t stop_at_once(void *arg, const nnrun_event *event)
{
    *(int *)arg += 1;
    return event->kind == NNRUN_EVENT_EVALUATING ? NNRUN_STOP : NNRUN_GO_ON;
}

static int stopped_test(const char *text, nnrun_error *error)
{
    nnrun_test_options options = NNRUN_TEST_OPTIONS_INIT;
    nnrun_evaluation *evaluation;
    int events = 0;

    options.on_event = stop_at_once;
    options.arg = &events;
    evaluation = nnrun_test(model, &options, error);
    if (events != 1 || (!evaluation && strcmp(error->text, text) != 0))
        fault(text, "it went on, or is called something else");
    nnrun_evaluation_free(evaluation);
    return evaluation ? NNRUN_OK : error->code;
}

/* Digit by digit, with no room for one, and one more picture than there are. */
static int read_digits(const char *path, nnrun_error *error)
{
    nnrun_pictures *opened = nnrun_pictures_open(path, error);
    uint8_t *sample = malloc(nnrun_describe(model)->inputs);
    size_t count = 99;
    int code = opened ? nnrun_pictures_next_digits(opened, model, NULL, sample, 0, &count, NULL, error)
                      : error->code;

    if (code != NNRUN_ERROR_ARGUMENT || !strstr(error->text, "most is 0; expected at least 1") || count != 99)
        fault(path, error->text);
    for (size_t i = 0; opened && i < nnrun_pictures_count(opened); i++)
        if (nnrun_pictures_next_digits(opened, model, NULL, sample, 1, &count, NULL, error) != 0 ||
            count != 1)
            fault(path, "ends too early");
    if (opened)
        code = nnrun_pictures_next_digits(opened, model, NULL, sample, 1, &count, NULL, error);
    if (!strstr(error->text, "no more pictures"))
        fault(path, error->text);
    free(sample);
    nnrun_pictures_close(opened);
    return code;
}

/* One more than there are. */
static int read_past(const char *path, nnrun_error *error)
{
    nnrun_pictures *opened = nnrun_pictures_open(path, error);
    uint8_t *sample = malloc(nnrun_describe(model)->inputs);
    int code = opened ? NNRUN_OK : error->code;

    for (size_t i = 0; !code && i < nnrun_pictures_count(opened); i++)
        if (nnrun_pictures_next(opened, model, NULL, sample, NULL, error) != 0)
            fault(path, "ends too early");
    for (int i = 0; opened && i < 2; i++)
        code = nnrun_pictures_next(opened, model, NULL, sample, NULL, error);
    if (!strstr(error->text, "no more pictures"))
        fault(path, error->text);
    free(sample);
    nnrun_pictures_close(opened);
    return code;
}

static int override_shape(const char *override, nnrun_error *error)
{
    nnrun_options options = NNRUN_OPTIONS_INIT;
    int code;

    options.overrides = &override;
    options.override_count = 1;
    code = end_open(nnrun_open("run/best.safetensors", &options, error), error);
    if (code && (!strstr(error->text, "an override may have changed") || !error->file ||
                 strcmp(error->file, "run/best.safetensors") != 0))
        fault(override, error->text);
    return code;
}

/* ---- what must be there ----------------------------------------------------------------------------------- */

/* Each function that takes an error, without something else that it takes: number `i` of them. Returns the code, or -1
 * past the last. */
static int call_without(int i, nnrun_error *error)
{
    static uint8_t sample[1 << 16], pixel;
    nnrun_pictures *opened = nnrun_pictures_open("one.pgm", error);
    nnrun_options options = NNRUN_OPTIONS_INIT;
    const char *none[] = {NULL};
    int code = -1;

    switch (i) {
    case 0:
        code = nnrun_train(NULL, NULL, NULL, error);
        break;
    case 1:
        code = nnrun_test(NULL, NULL, error) ? NNRUN_OK : error->code;
        break;
    case 2:
        code = nnrun_save(NULL, "saved", error);
        break;
    case 3:
        code = nnrun_context_create(NULL, 0, error) ? NNRUN_OK : error->code;
        break;
    case 4:
        code = nnrun_prepare_file(NULL, "one.pgm", NULL, sample, NULL, error);
        break;
    case 5:
        code = nnrun_prepare_file(model, "one.pgm", NULL, NULL, NULL, error);
        break;
    case 6:
        code = nnrun_prepare_bytes(NULL, "P5", 2, NULL, sample, NULL, error);
        break;
    case 7:
        code = nnrun_prepare_pixels(NULL, &pixel, 1, 1, 1, NULL, sample, NULL, error);
        break;
    case 8:
        code = nnrun_prepare_pixels(model, &pixel, 1, 1, 1, NULL, NULL, NULL, error);
        break;
    case 9:
        code = nnrun_prepare_pixels(model, NULL, 1, 1, 1, NULL, sample, NULL, error);
        break;
    case 10:
        code = nnrun_pictures_next(opened, NULL, NULL, sample, NULL, error);
        break;
    case 11:
        code = nnrun_pictures_next(NULL, model, NULL, sample, NULL, error);
        break;
    case 12:
        code = nnrun_run_checkpoint(NULL, error) ? NNRUN_OK : error->code;
        break;
    case 13:
        code = nnrun_evaluation_write_mistakes(NULL, "mistakes", error);
        break;
    case 14:
        code = nnrun_check_mistakes_folder(NULL, error);
        break;
    case 15:
        options.overrides = none;
        options.override_count = 1;
        code = end_open(nnrun_open("small.cfg", &options, error), error);
        break;
    case 16:
        options.plugin_folders = none;
        options.plugin_folder_count = 1;
        code = nnrun_resume("run", &options, NULL, NULL, error);
        break;
    case 17:
        options.override_count = 1;
        code = nnrun_resume("run", &options, NULL, NULL, error);
        break;
    case 18:
        code = nnrun_rows_open(NULL, "rows.csv", error) ? NNRUN_OK : error->code;
        break;
    case 19:
        code = nnrun_rows_open_bytes(NULL, "1", 1, NULL, error) ? NNRUN_OK : error->code;
        break;
    case 21:
        code = nnrun_file_is_table(NULL, error) < 0 ? error->code : NNRUN_OK;
        break;
    case 20:
        code = nnrun_rows_next(NULL, (float *)(void *)sample, (int32_t[1]){0}, error);
        break;
    default:
        break;
    }
    nnrun_pictures_close(opened);
    return code;
}

static void check_missing(void)
{
    nnrun_rows_set_header(NULL, NNRUN_HEADER_NO);
    if (nnrun_rows_header_counts(NULL) != 0)
        fault("nnrun_rows_header_counts", "no rows have a header that counts");
    for (int i = 0, code = 0; code >= 0; i++) {
        nnrun_error error = NNRUN_ERROR_INIT;
        char name[32];

        snprintf(name, sizeof name, "without, number %d", i);
        code = call_without(i, &error);
        if (code >= 0 && (code != NNRUN_ERROR_ARGUMENT || error.code != code || !error.text || !*error.text))
            fault(name, error.text ? error.text : "no error");
        nnrun_error_clear(&error);
    }
    if (nnrun_describe(NULL))
        fault("without", "nothing is described");
}

/* ---- structures whose size is wrong --------------------------------------------------------------------- */

static int size_of_open(const char *path, nnrun_error *error)
{
    nnrun_options options = {0};

    return end_open(nnrun_open(path, &options, error), error);
}

static int size_of_prepare(const char *path, nnrun_error *error)
{
    nnrun_prepare_options options = {0};

    return prepare_with(path, &options, error);
}

static int size_of_test(const char *unused, nnrun_error *error)
{
    nnrun_test_options options = {0};
    nnrun_evaluation *evaluation = nnrun_test(model, &options, error);

    (void)unused;
    nnrun_evaluation_free(evaluation);
    return evaluation ? NNRUN_OK : error->code;
}

/* One of a test that did not keep what it takes; and of one that did: with itself. */
static int compare_without(const char *unused, nnrun_error *error)
{
    nnrun_test_options options = NNRUN_TEST_OPTIONS_INIT;
    nnrun_comparison comparison = NNRUN_COMPARISON_INIT;
    nnrun_evaluation *without = nnrun_test(model, &options, error), *with;
    int code;

    (void)unused;
    options.compare = 1;
    with = nnrun_test(model, &options, error);
    if (!with || nnrun_evaluation_compare(with, with, &comparison, error) != 0 ||
        comparison.both != with->right || comparison.both + comparison.neither != with->count ||
        comparison.p < 1)
        fault("nnrun_evaluation_compare", "a network differs from itself");
    code = with && without ? nnrun_evaluation_compare(with, without, &comparison, error) : NNRUN_OK;
    nnrun_evaluation_free(with);
    nnrun_evaluation_free(without);
    return code;
}

static int size_of_train(const char *run, nnrun_error *error)
{
    nnrun_train_options options = {0};

    options.folder = run;
    return nnrun_train(config, &options, NULL, error);
}

static int reserved_of_open(const char *path, nnrun_error *error)
{
    nnrun_options options = NNRUN_OPTIONS_INIT;

    options.reserved = 1;
    return end_open(nnrun_open(path, &options, error), error);
}

static int reserved_of_prepare(const char *path, nnrun_error *error)
{
    nnrun_prepare_options options = NNRUN_PREPARE_OPTIONS_INIT;

    options.reserved = 1;
    return prepare_with(path, &options, error);
}

static int reserved_of_train(const char *run, nnrun_error *error)
{
    nnrun_train_options options = NNRUN_TRAIN_OPTIONS_INIT;

    options.folder = run;
    options.reserved = -1;
    return nnrun_train(config, &options, NULL, error);
}

static int resume_elsewhere(const char *run, nnrun_error *error)
{
    nnrun_train_options options = NNRUN_TRAIN_OPTIONS_INIT;

    options.folder = "other";
    return nnrun_resume(run, NULL, &options, NULL, error);
}

/* As a program would that sets what only a later header has. */
static int newer_open(const char *path, nnrun_error *error)
{
    struct {
        nnrun_options options;
        size_t newer;
    } both = {NNRUN_OPTIONS_INIT, 1};

    both.options.size = sizeof both;
    return end_open(nnrun_open(path, &both.options, error), error);
}

static int unknown_flags(const char *unused, nnrun_error *error)
{
    nnrun_context *context = nnrun_context_create(model, 1u << 20, error);

    (void)unused;
    nnrun_context_destroy(context);
    return context ? NNRUN_OK : error->code;
}

/* ---- the table ---------------------------------------------------------------------------------------- */

static const struct call {
    const char *name;
    int (*call)(const char *with, nnrun_error *error);
    const char *with;
    int code;
} calls[] = {
    {"a file that is not there", open_path, "missing.cfg", NNRUN_ERROR_CONFIG},
    {"a checkpoint that is not there", open_as_checkpoint, "missing.cfg", NNRUN_ERROR_DATA},
    {"a folder", open_path, "run", NNRUN_ERROR_DATA},
    {"no path", open_path, NULL, NNRUN_ERROR_ARGUMENT},
    {"an empty path", open_path, "", NNRUN_ERROR_ARGUMENT},
    {"an empty file", open_path, "empty", NNRUN_ERROR_CONFIG},
    {"a torn checkpoint", open_path, "torn.safetensors", NNRUN_ERROR_DATA},
    {"a wrong character", open_path, "syntax.cfg", NNRUN_ERROR_CONFIG},
    {"several mistakes", open_path, "several.cfg", NNRUN_ERROR_CONFIG},
    {"a config instead of a checkpoint", open_as_checkpoint, "small.cfg", NNRUN_ERROR_DATA},
    {"a checkpoint instead of a config", open_as_config, "run/best.safetensors", NNRUN_ERROR_CONFIG},
    {"no such source", open_as_99, "small.cfg", NNRUN_ERROR_ARGUMENT},
    {"an unknown key", open_override, "train.epoch=3", NNRUN_ERROR_CONFIG},
    {"an unknown layer", open_override, "network.conv1.type=nosuch", NNRUN_ERROR_CONFIG},
    {"a plugin that is none", open_with_plugins, "plugins", NNRUN_ERROR_CONFIG},
    {"no such level", open_at_level, "sse9", NNRUN_ERROR_ARGUMENT},
    {"no such level to find", find_level, "sse9", NNRUN_ERROR_ARGUMENT},
    {"a torn text", open_text, "input = [1, 28", NNRUN_ERROR_CONFIG},
    {"no bytes", open_nothing, "nothing", NNRUN_ERROR_CONFIG},
    {"a folder without a run to look at", run_checkpoint, "folder", NNRUN_ERROR_DATA},
    {"a run to look at that is not there", run_checkpoint, "nowhere", NNRUN_ERROR_DATA},
    {"a file instead of a run", run_checkpoint, "small.cfg", NNRUN_ERROR_DATA},
    {"an empty path of a run", run_checkpoint, "", NNRUN_ERROR_ARGUMENT},
    {"an override that changes a shape", override_shape, "network.conv1.filters=5", NNRUN_ERROR_DATA},
    {"an empty path of a picture", prepare, "", NNRUN_ERROR_ARGUMENT},
    {"no picture", prepare, "small.cfg", NNRUN_ERROR_DATA},
    {"a picture that is not there", prepare, "missing.png", NNRUN_ERROR_DATA},
    {"a torn picture", prepare, "torn.pgm", NNRUN_ERROR_DATA},
    {"a large PNG", prepare, "large.png", NNRUN_ERROR_DATA},
    {"a PNG larger than wanted", prepare_small, "one.png", NNRUN_ERROR_DATA},
    {"bytes of another kind", prepare_upload, "GIF89a", NNRUN_ERROR_DATA},
    {"two channels", prepare_two_channels, "aabbccd", NNRUN_ERROR_ARGUMENT},
    {"no pictures", read_pictures, "small.cfg", NNRUN_ERROR_DATA},
    {"bytes that are no picture", read_bytes, "text", NNRUN_ERROR_DATA},
    {"no bytes", read_bytes, NULL, NNRUN_ERROR_DATA},
    {"labels", read_pictures, "digits/t10k-labels-idx1-ubyte.gz", NNRUN_ERROR_DATA},
    {"pictures that end early", read_pictures, "torn.idx", NNRUN_ERROR_DATA},
    {"a picture after the only one", read_past, "one.pgm", NNRUN_ERROR_ARGUMENT},
    {"digits with no room, or after the only picture", read_digits, "one.pgm", NNRUN_ERROR_ARGUMENT},
    {"a picture after the last", read_past, "digits/t10k-images-idx3-ubyte.gz", NNRUN_ERROR_ARGUMENT},
    {"a row with a word", read_table, "seven", NNRUN_ERROR_DATA},
    {"a row that is too long", read_table, "7,7", NNRUN_ERROR_DATA},
    {"a pixel that is none", read_table, "256", NNRUN_ERROR_DATA},
    {"NaN in a row", read_table, "nan", NNRUN_ERROR_DATA},
    {"no rows", read_rows, "one.png", NNRUN_ERROR_DATA},
    {"a table with more lines than are allowed", read_limited, "a,b,c\n\n\n\n", NNRUN_ERROR_ARGUMENT},
    {"rows that are not there", read_rows, "missing.csv", NNRUN_ERROR_DATA},
    {"no path of rows", read_rows, NULL, NNRUN_ERROR_ARGUMENT},
    {"an empty path of pictures", read_pictures, "", NNRUN_ERROR_ARGUMENT},
    {"no path of pictures", read_pictures, NULL, NNRUN_ERROR_ARGUMENT},
    {"a folder to save in that is not there", save, "nowhere/model.safetensors", NNRUN_ERROR_FAILED},
    {"a folder to save over", save, "folder", NNRUN_ERROR_FAILED},
    {"no path to save", save, NULL, NNRUN_ERROR_ARGUMENT},
    {"an empty path to save", save, "", NNRUN_ERROR_ARGUMENT},
    {"a test that is stopped", stopped_test, "the test was stopped", NNRUN_ERROR_FAILED},
    {"training into a run", train_into, "run", NNRUN_ERROR_ARGUMENT},
    {"training below a file", train_into, "small.cfg/run", NNRUN_ERROR_FAILED},
    {"training a checkpoint", train_checkpoint, "other", NNRUN_ERROR_ARGUMENT},
    {"no data", test_and_train, "data.directory=\"nowhere\"", NNRUN_ERROR_DATA},
    {"resuming a folder without a run", resume, "folder", NNRUN_ERROR_DATA},
    {"resuming what is not there", resume, "nowhere", NNRUN_ERROR_DATA},
    {"resuming nothing", resume, NULL, NNRUN_ERROR_ARGUMENT},
    {"resuming an empty path", resume, "", NNRUN_ERROR_ARGUMENT},
    {"resuming into another folder", resume_elsewhere, "run", NNRUN_ERROR_ARGUMENT},
    {"resuming with another seed", resume_override, "train.seed=7", NNRUN_ERROR_ARGUMENT},
    {"mistakes into a folder that is used", mistakes_into, "run", NNRUN_ERROR_ARGUMENT},
    {"mistakes into a file", mistakes_into, "one.pgm", NNRUN_ERROR_FAILED},
    {"training into a folder without a name", train_into, "", NNRUN_ERROR_ARGUMENT},
    {"nnrun_options without a size", size_of_open, "small.cfg", NNRUN_ERROR_ARGUMENT},
    {"nnrun_prepare_options without a size", size_of_prepare, "one.pgm", NNRUN_ERROR_ARGUMENT},
    {"a comparison with a test that was not to be compared", compare_without, NULL, NNRUN_ERROR_ARGUMENT},
    {"nnrun_test_options without a size", size_of_test, NULL, NNRUN_ERROR_ARGUMENT},
    {"nnrun_train_options without a size", size_of_train, "other", NNRUN_ERROR_ARGUMENT},
    {"nnrun_options with a reserved member", reserved_of_open, "small.cfg", NNRUN_ERROR_ARGUMENT},
    {"nnrun_prepare_options with a reserved member", reserved_of_prepare, "one.pgm", NNRUN_ERROR_ARGUMENT},
    {"nnrun_train_options with a reserved member", reserved_of_train, "other", NNRUN_ERROR_ARGUMENT},
    {"an option of a later version", newer_open, "small.cfg", NNRUN_ERROR_ARGUMENT},
    {"unknown flags", unknown_flags, NULL, NNRUN_ERROR_ARGUMENT},
};

static int descriptors(void)
{
    DIR *all = opendir("/proc/self/fd");
    int n = 0;

    while (all && readdir(all))
        n++;
    if (all)
        closedir(all);
    return n;
}

/* What has been written to standard output and error. */
static off_t printed(void)
{
    struct stat out = {0}, err = {0};

    fflush(stdout);
    fflush(stderr);
    fstat(STDOUT_FILENO, &out);
    fstat(STDERR_FILENO, &err);
    return out.st_size + err.st_size;
}

/* An error that has been filled in says all that the header promises. */
static void check_text(const char *name, const nnrun_error *error)
{
    const nnrun_message *first = nnrun_error_message(error, 0);

    if (!error->text || !*error->text || error->text[strlen(error->text) - 1] == '\n')
        fault(name, "no text, or one that ends a line");
    if (error->count == 0 || !first || nnrun_error_message(error, error->count))
        fault(name, "the number of messages is wrong");
    if (first &&
        (first->code != error->code || first->line != error->line || first->advice_at > strlen(first->text)))
        fault(name, "the first message is another");
}

/* Twice with the same structure, which must not leak what it held; the second time over it. */
static void try(const struct call *call)
{
    const int before = descriptors();
    const off_t said = printed();
    nnrun_error error = NNRUN_ERROR_INIT;

    for (int i = 0; i < 2; i++) {
        const int code = call->call(call->with, &error);
        if (code != call->code || error.code != code) {
            fprintf(report, "%s: code %d, in the structure %d, expected %d: %s\n", call->name, code,
                    (int)error.code, call->code, error.text ? error.text : "");
            faults++;
        } else {
            check_text(call->name, &error);
        }
    }
    nnrun_error_clear(&error);
    if (error.code || error.text || error.count || error.size != sizeof error)
        fault(call->name, "something is left in a cleared structure");
    if (descriptors() != before)
        fault(call->name, "a descriptor is left open");
    if (printed() != said)
        fault(call->name, "something was printed");
}

/* ---- facts -------------------------------------------------------------------------------------------- */

static int says(const char *text, const char *wanted)
{
    return text && strcmp(text, wanted) == 0;
}

static const nnrun_message *message_about(const nnrun_error *error, const char *key)
{
    for (uint32_t i = 0; i < error->count; i++)
        if (says(nnrun_error_message(error, i)->key, key))
            return nnrun_error_message(error, i);
    return NULL;
}

/* The three mistakes of several.cfg. */
static void check_facts(void)
{
    static const struct {
        const char *key;
        int line;
    } wanted[] = {{"network.conv1.kernel", 4}, {"train.batch", 6}, {"train.optimizer.rate", 7}};
    nnrun_error error = NNRUN_ERROR_INIT;
    size_t lines = 1;

    open_path("several.cfg", &error);
    if (error.count != COUNT(wanted) || error.left_out != 0)
        fault("facts", "not as many messages as mistakes");
    for (size_t i = 0; i < COUNT(wanted); i++) {
        const nnrun_message *message = message_about(&error, wanted[i].key);
        if (!message || message->line != wanted[i].line || !says(message->file, "several.cfg") ||
            !message->expected || !*message->expected || message->code != NNRUN_ERROR_CONFIG)
            fault(wanted[i].key, message ? message->text : "no message about it");
        else if (!strstr(error.text, message->text))
            fault(wanted[i].key, "its message is not in the text");
    }
    for (const char *c = error.text; c && (c = strchr(c, '\n')); c++)
        lines++;
    if (lines != error.count)
        fault("facts", "the text has not a line for each message");
    if (!says(error.file, "several.cfg") || error.line != 4 || !says(error.key, "network.conv1.kernel"))
        fault("facts", "not those of the first message");
    nnrun_error_clear(&error);
    open_override("network.conv1.type=nosuch", &error);
    if (nnrun_error_message(&error, 0)->advice != NNRUN_ADVICE_NO_SUCH_LAYER)
        fault("facts", "no advice for a layer that is not there");
    nnrun_error_clear(&error);
    train_into("run", &error);
    if (nnrun_error_message(&error, 0)->advice != NNRUN_ADVICE_RUN_EXISTS || !says(error.file, "run"))
        fault("facts", "no advice for a folder with a run");
    nnrun_error_clear(&error);
}

/* What is wrong with a file names it, apart from the text, too. */
static void check_files(void)
{
    static const struct {
        int (*call)(const char *path, nnrun_error *error);
        const char *path;
    } files[] = {{open_path, "missing.cfg"},
                 {open_path, "torn.safetensors"},
                 {open_path, "syntax.cfg"},
                 {open_path, "run"},
                 {open_path, "one.pgm"},
                 {open_as_checkpoint, "small.cfg"},
                 {open_as_config, "run/best.safetensors"},
                 {prepare, "missing.png"},
                 {prepare, "small.cfg"},
                 {prepare, "empty"},
                 {prepare, "torn.pgm"},
                 {prepare, "large.png"},
                 {prepare, "torn.idx"},
                 {read_rows, "one.png"},
                 {read_pictures, "small.cfg"},
                 {read_pictures, "torn.idx"},
                 {read_pictures, "digits/t10k-labels-idx1-ubyte.gz"},
                 {save, "nowhere/it"},
                 {run_checkpoint, "folder"},
                 {run_checkpoint, "nowhere"},
                 {train_into, "run"},
                 {mistakes_into, "run"},
                 {resume, "folder"},
                 {resume, "nowhere"}};
    nnrun_error error = NNRUN_ERROR_INIT;

    for (size_t i = 0; i < COUNT(files); i++) {
        files[i].call(files[i].path, &error);
        if (!says(error.file, files[i].path))
            fault(files[i].path, "is not named");
    }
    prepare("small.cfg", &error);
    if (strcmp(error.text, "small.cfg is not a picture; expected PNG, JPEG, PGM or PPM") != 0)
        fault("files", error.text);
    train_into("small.cfg/run", &error);
    if (!says(error.file, "small.cfg"))
        fault("files", "the file in the way of a run is not named");
    resume_override("train.seed=7", &error);
    if (!says(error.key, "train.seed"))
        fault("files", "the key that may not change is not named");
    nnrun_error_clear(&error);
}

/* A structure that the library fills may be zeroed: it is taken for one of the first release. */
static void check_zeroed(void)
{
    static uint8_t sample[1 << 16];
    nnrun_error error = {0};
    nnrun_training training = {0};
    nnrun_prepared prepared = {0};

    if (nnrun_train(config, NULL, &training, &error) != NNRUN_OK || !training.run || !training.test)
        fault("zeroed", "a training is not told of");
    nnrun_training_clear(&training);
    if (training.run || training.test)
        fault("zeroed", "something is left in a cleared training");
    if (nnrun_prepare_pixels(model, (const uint8_t *)"", 1, 1, 1, NULL, sample, &prepared, &error) ||
        !prepared.empty)
        fault("zeroed", "what was prepared is not told of");
    for (int i = 0; i < 2; i++) {
        if (nnrun_open("missing.cfg", NULL, &error) || error.code != NNRUN_ERROR_CONFIG || !error.text)
            fault("zeroed", "an error is not told of");
        check_text("zeroed", &error);
    }
    nnrun_error_clear(&error);
    if (error.code || error.text)
        fault("zeroed", "something is left in a cleared error");
}

/* A call may be given no structure, or one that is too small: it fails as it does, and that is all. */
static void check_without(void)
{
    nnrun_error unset = {0};

    unset.size = sizeof unset.size;
    if (nnrun_open("missing.cfg", NULL, NULL) || nnrun_open("missing.cfg", NULL, &unset))
        fault("without", "a missing file is opened");
    if (unset.code || unset.text || unset.held)
        fault("without", "a structure that is too small is written to");
    nnrun_error_clear(NULL);
    nnrun_close(NULL);
    nnrun_context_destroy(NULL);
    nnrun_pictures_close(NULL);
    nnrun_evaluation_free(NULL);
    nnrun_training_clear(NULL);
    nnrun_free(NULL);
    if (nnrun_error_message(&unset, 0) || nnrun_describe_layer(model, 1000000) ||
        nnrun_describe_tensor(model, 1000000) || nnrun_class_name(model, 1000000))
        fault("without", "there is something past the last");
}

/* How many samples a model is tested on that stands in no run folder; 0 after a failure, as without an override. */
static uint64_t test_moved(const char *path, const char *override, nnrun_error *error)
{
    nnrun_options options = NNRUN_OPTIONS_INIT;
    nnrun_evaluation *evaluation = NULL;
    nnrun_model *moved;
    uint64_t count = 0;

    options.overrides = &override;
    options.override_count = override ? 1 : 0;
    moved = nnrun_open(path, &options, error);
    if (moved)
        evaluation = nnrun_test(moved, NULL, error);
    if (evaluation)
        count = evaluation->count;
    nnrun_evaluation_free(evaluation);
    nnrun_close(moved);
    return count;
}

static void check_moved(void)
{
    static const char path[] = "folder/moved.safetensors";
    nnrun_error error = NNRUN_ERROR_INIT;

    if (nnrun_save(model, path, &error) != NNRUN_OK)
        fault("moved", error.text);
    if (test_moved(path, NULL, &error) != 0 || error.code != NNRUN_ERROR_DATA)
        fault("moved", "its data are known");
    if (test_moved(path, "data.directory=digits", &error) == 0)
        fault("moved", error.text);
    nnrun_error_clear(&error);
    remove(path);
}

/* A program of a later header that sets nothing of what is new. */
static void check_newer(void)
{
    struct {
        nnrun_options options;
        size_t newer[4];
    } both = {NNRUN_OPTIONS_INIT, {0}};
    const char *folder = getenv("NNRUN_PLUGIN_PATH");
    nnrun_error error = NNRUN_ERROR_INIT;

    both.options.size = sizeof both;
    both.options.plugin_folders = &folder;
    both.options.plugin_folder_count = folder ? 1 : 0; /* of a library that is not installed */
    if (end_open(nnrun_open("run/best.safetensors", &both.options, &error), &error) != NNRUN_OK)
        fault("newer", error.text ? error.text : "failed without a text");
    nnrun_error_clear(&error);
}

int main(void)
{
    nnrun_error error = NNRUN_ERROR_INIT;
    nnrun_model *opened[] = {nnrun_open("run/best.safetensors", NULL, &error),
                             nnrun_open("small.cfg", NULL, &error)};
    const int kept = dup(STDOUT_FILENO);

    report = kept < 0 ? NULL : fdopen(kept, "w");
    if (!opened[0] || !opened[1] || !report || !freopen("printed", "w", stdout) ||
        dup2(STDOUT_FILENO, STDERR_FILENO) < 0)
        return 99;
    model = opened[0];
    config = opened[1];
    for (size_t i = 0; i < COUNT(calls); i++)
        try(&calls[i]);
    check_facts();
    check_files();
    check_zeroed();
    check_missing();
    check_without();
    check_moved();
    check_newer();
    fprintf(report, "%zu calls failed, %d faults\n", COUNT(calls), faults);
    nnrun_close(opened[0]);
    nnrun_close(opened[1]);
    return fclose(report) != 0 || faults ? 1 : 0;
}
