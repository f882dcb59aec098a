/* command_predict.c: nnrun predict: what a checkpoint sees in pictures and rows of numbers. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file_io.h"
#include "base/folder_io.h"
#include "base/memory.h"
#include "cli/command.h"
#include "cli/library_error.h"
#include "cli/predict_answers.h"
#include "cli/say.h"
#include "cli/shell.h"

enum { MOST_INPUT = 1 << 29 /* bytes of standard input, as of a picture */ };

/* Of samples that may have rows for columns: what was done is not seen from the answers. */
static void tell_transposed(const struct predict *p, bool turned)
{
    if (p->options->quiet)
        return;
    fflush(stdout);
    say(stderr,
        turned ? "nnrun: %s: transposed, as the network's samples were (data.transposed)\n"
               : "nnrun: %s: not transposed, as nnrun pack wrote it\n",
        p->path);
}

/* ---- pictures ---------------------------------------------------------------------------------------- */

/* Takes picture number `index` up, as a whole or digit by digit. */
static int take_next(struct predict *p, nnrun_pictures *pictures, size_t index, nnrun_error *failure)
{
    nnrun_prepare_options options = NNRUN_PREPARE_OPTIONS_INIT;
    nnrun_prepared prepared = NNRUN_PREPARED_INIT;
    uint8_t *samples = p->samples + p->count * p->info->inputs;
    size_t count = 1;

    options.raw = p->options->raw;
    if ((p->options->all
             ? nnrun_pictures_next_digits(pictures, p->model, &options, samples, NNRUN_MOST_DIGITS, &count,
                                          &prepared, failure)
             : nnrun_pictures_next(pictures, p->model, &options, samples, &prepared, failure)) != 0)
        return -1;
    if (index == 0 && p->numbered && p->info->transposed)
        tell_transposed(p, prepared.transposed != 0);
    for (size_t i = 0; i < count; i++)
        p->pending[p->count++] = (struct pending){index,
                                                  prepared.empty != 0,
                                                  prepared.transposed != 0,
                                                  {.number = p->options->all ? i + 1 : 0,
                                                   .count = (size_t)prepared.digits,
                                                   .many = prepared.many != 0}};
    return 0;
}

/* The answers to those before a picture that cannot be read are printed before the error. */
static int predict_all(struct predict *p, nnrun_pictures *pictures, struct error *error)
{
    for (size_t i = 0; i < nnrun_pictures_count(pictures) && !ferror(stdout); i++) {
        nnrun_error failure = NNRUN_ERROR_INIT;

        if (take_next(p, pictures, i, &failure) != 0) {
            struct error other = {0};
            predict_ask(p, &other);
            error_clear(&other);
            return library_error(error, &failure);
        }
        if (p->count >= PREDICT_AT_ONCE && predict_ask(p, error) != 0)
            return -1;
    }
    return predict_ask(p, error);
}

/* Weights that are no numbers, or too large for the picture, are the checkpoint's bytes. */
static int check_answered(const struct predict *p, struct error *error)
{
    if (p->unanswered == 0)
        return 0;
    if (!p->numbered)
        return error_set(error, ERROR_DATA, "%s: no answer: the network's output is not a finite number",
                         p->path);
    return error_set(error, ERROR_DATA,
                     "%s: no answer to %zu of %zu samples: the network's output is not a finite number",
                     p->path, p->unanswered, p->asked);
}

static int predict_pictures(struct predict *p, struct error *error)
{
    nnrun_error failure = NNRUN_ERROR_INIT;
    nnrun_pictures *pictures = p->input
                                   ? nnrun_pictures_open_bytes(p->input, p->input_size, p->path, &failure)
                                   : nnrun_pictures_open(p->path, &failure);
    int failed;

    if (!pictures && failure.code == NNRUN_ERROR_DATA && !p->input && access(p->path, F_OK) != 0 &&
        errno == ENOENT) {
        nnrun_error_clear(&failure);
        return error_set(
            error, ERROR_DATA,
            "%s: there is no such file; expected a picture (PNG, JPEG, PGM or PPM), or an IDX file of images",
            p->path);
    }
    if (!pictures)
        return library_error(error, &failure);
    p->numbered = nnrun_pictures_are_samples(pictures) != 0;
    failed = predict_all(p, pictures, error);
    nnrun_pictures_close(pictures);
    return failed;
}

/* ---- rows -------------------------------------------------------------------------------------------- */

/* A row that is lost would be missed by nobody. */
static void tell_beginning(const struct predict *p, const nnrun_rows *rows)
{
    if (p->info->transposed)
        tell_transposed(p, true);
    if (!nnrun_rows_header_counts(rows))
        return;
    fflush(stdout);
    say(stderr,
        "nnrun: warning: %s: the first row counts 0, 1, 2 and so on, and was taken as a header; use --no-header to "
        "take it as a sample\n",
        p->path);
}

static void warn_of_scale(const struct predict *p, const nnrun_rows *rows)
{
    if (!nnrun_rows_are_scaled(rows))
        return;
    fflush(stdout);
    say(stderr,
        "nnrun: warning: %s: all values are from 0 to 1, but the network takes pixels from 0 to 255; multiply them by "
        "255\n",
        p->path);
}

/* The answers to those before a row that cannot be read are printed before the error. */
static int predict_all_rows(struct predict *p, nnrun_rows *rows, struct error *error)
{
    for (size_t i = 0; !ferror(stdout); i++) {
        nnrun_error failure = NNRUN_ERROR_INIT;
        int32_t there;

        const int result = nnrun_rows_next(rows, p->rows + p->count * p->info->inputs, &there, &failure);
        if (i == 0)
            tell_beginning(p, rows);
        if (result != 0) {
            struct error other = {0};
            predict_ask(p, &other);
            error_clear(&other);
            return library_error(error, &failure);
        }
        if (!there)
            break;
        p->pending[p->count++] = (struct pending){.index = i, .turned = p->info->transposed != 0};
        if (p->count == PREDICT_AT_ONCE && predict_ask(p, error) != 0)
            return -1;
    }
    return predict_ask(p, error);
}

static int predict_rows(struct predict *p, struct error *error)
{
    nnrun_error failure = NNRUN_ERROR_INIT;
    nnrun_rows *rows = p->input ? nnrun_rows_open_bytes(p->model, p->input, p->input_size, p->path, &failure)
                                : nnrun_rows_open(p->model, p->path, &failure);
    int failed;

    if (!rows)
        return library_error(error, &failure);
    p->numbered = true;
    nnrun_rows_set_header(rows, p->options->header      ? NNRUN_HEADER_YES
                                : p->options->no_header ? NNRUN_HEADER_NO
                                                        : NNRUN_HEADER_LOOK);
    failed = predict_all_rows(p, rows, error);
    if (!failed)
        warn_of_scale(p, rows);
    nnrun_rows_close(rows);
    return failed;
}

/* ---- files ------------------------------------------------------------------------------------------- */

/* Sets of_rows. Returns 0 or -1. */
static int is_rows(struct predict *p, struct error *error)
{
    nnrun_error failure = NNRUN_ERROR_INIT;
    const int table = p->info->numbers ? 1
                      : p->input       ? nnrun_bytes_are_table(p->input, p->input_size, &failure)
                                       : nnrun_file_is_table(p->path, &failure);

    p->of_rows = table == 1;
    return table < 0 ? library_error(error, &failure) : 0;
}

static bool is_pipe(const char *path)
{
    struct stat status;

    return strcmp(path, "-") != 0 && stat(path, &status) == 0 && S_ISFIFO(status.st_mode);
}

/* What can be read but once, standard input and pipes, is read whole: only then it is known what it is. Returns 0 or -1. */
static int load_stream(struct predict *p, struct error *error)
{
    const bool named = strcmp(p->path, "-") != 0;
    const int fd = named ? file_open(p->path, O_RDONLY) : STDIN_FILENO;

    if (fd < 0)
        return file_read_failed(p->path, ERROR_DATA, error);
    p->input = file_load_open(fd, p->path, MOST_INPUT, &p->input_size, error);
    if (named)
        close(fd);
    return p->input ? 0 : -1;
}

static int predict_file(struct predict *p, const char *path, struct error *error)
{
    char word[SHELL_WORD];

    if (folder_exists(path))
        return error_set(error, ERROR_DATA, "%s is a folder; name the files in it: nnrun predict %s %s/*",
                         path, p->options->subject, shell_word(path, word));
    p->path = path;
    p->asked = p->unanswered = p->count = 0;
    free(p->input);
    p->input = NULL;
    if ((strcmp(path, "-") == 0 || is_pipe(path)) && load_stream(p, error) != 0)
        return -1;
    if (is_rows(p, error) != 0)
        return -1;
    if (!p->of_rows && (p->options->header || p->options->no_header))
        return error_set(error, ERROR_ARGUMENT, "%s is not a table, and so has no header; leave %s out", path,
                         p->options->header ? "--header" : "--no-header");
    if ((p->of_rows ? predict_rows : predict_pictures)(p, error) != 0)
        return -1;
    return check_answered(p, error);
}

/* A file that cannot be read does not keep the others from it, unless lines are counted; an output that cannot be
 * written does. Returns the exit status. */
static int predict_files(struct predict *p)
{
    int status = STATUS_OK;

    for (size_t i = 1; i < p->options->subject_count && !ferror(stdout) && (!p->options->csv || !status);
         i++) {
        struct error error = {0};
        if (predict_file(p, p->options->subjects[i], &error) != 0)
            status = command_failed(p->options, &error);
    }
    return status;
}

static int open_model(struct predict *p, struct error *error)
{
    const nnrun_options open = options_open(p->options, NNRUN_CHECKPOINT);
    nnrun_error failure = NNRUN_ERROR_INIT;
    size_t room, all;

    p->model = nnrun_open(p->options->subject, &open, &failure);
    p->context = p->model ? nnrun_context_create(p->model, 0, &failure) : NULL;
    if (!p->context) {
        library_error(error, &failure);
        return -1;
    }
    p->info = nnrun_describe(p->model);
    if (p->options->all && (p->info->prepare != NNRUN_PREPARE_DIGIT || p->info->channels != 1))
        say(stderr, "nnrun: warning: --all is about digits, but the network's pictures are resized whole "
                    "(data.prepare): each is answered as one\n");
    p->style = picture_text_style();
    room = p->options->all ? PREDICT_ROOM : PREDICT_AT_ONCE;
    p->samples = size_multiply(room, p->info->inputs, &all) ? memory_array(all, 1) : NULL;
    p->rows =
        size_multiply(PREDICT_AT_ONCE, p->info->inputs, &all) ? memory_array(all, sizeof *p->rows) : NULL;
    p->outputs = size_multiply(room, p->info->outputs, &all) ? memory_array(all, sizeof *p->outputs) : NULL;
    return p->samples && p->rows && p->outputs ? predict_begin_csv(p, error) : error_memory(error);
}

/* Words that are settings elsewhere, and options that exclude each other. */
static int check_arguments(const struct options *options, struct error *error)
{
    char word[SHELL_WORD];

    if (options_check_header(options, error) != 0)
        return -1;
    if (options->csv && (options->json || options->all))
        return error_set(error, ERROR_ARGUMENT, "--csv writes one line per picture or row; leave out %s",
                         options->json ? "--json" : "--all");
    if (options->subject_count == 1)
        return error_set(error, ERROR_ARGUMENT,
                         "no picture or table after the checkpoint: nnrun predict %s FILE",
                         shell_word(options->subject, word));
    if (options->subject_count == 0)
        return error_set(error, ERROR_ARGUMENT,
                         "expected CHECKPOINT and FILE...; \"nnrun predict --help\" shows how");
    for (size_t i = 1; i < options->subject_count; i++)
        if (strchr(options->subjects[i], '=') && access(options->subjects[i], F_OK) != 0)
            return error_set(error, ERROR_ARGUMENT,
                             "%s: no such file, and \"nnrun predict\" takes no KEY=VALUE",
                             options->subjects[i]);
    return 0;
}

int command_predict(const struct options *options)
{
    struct predict predict = {.options = options};
    struct error error = {0};
    int result;

    if (check_arguments(options, &error) == 0 && open_model(&predict, &error) == 0)
        result = predict_files(&predict);
    else
        result = command_failed(options, &error);
    nnrun_context_destroy(predict.context);
    free(predict.input);
    free(predict.samples);
    free(predict.rows);
    free(predict.outputs);
    nnrun_close(predict.model);
    return result;
}
