/* fuzz_log.c: any bytes as run.json, log.jsonl and log.csv of a run, as report shows them and resume brings them up to
 * date. Input: the three files, separated by lines of "===". */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file_io.h"
#include "base/text.h"
#include "fuzz.h"
#include "report/run_page.h"
#include "run/log_csv.h"
#include "run/run_info.h"
#include "run/run_log.h"

enum { MOST_INPUT = 1 << 16, FILES = 3, STEP = 6 };
#define RUN "run"

static const char config[] = "name = \"it\";\ninput = [1, 4, 4];\n"
                             "network = ( { type = \"dense\"; units = 3; }, { type = \"softmax\"; } );\n"
                             "train: { epochs = 3; batch = 10; };";

/* ---- the run ------------------------------------------------------------------------------------------- */

/* Its step file, of three epochs. */
static void make_run(void)
{
    static bool made;
    const struct model_source source = {.bytes = config, .size = sizeof config - 1, .label = "it"};
    const struct model_options options = fuzz_model_options();
    struct error error = {0};
    struct train_state state = {0};
    struct model model = {0};
    int failed = made ? 0
                      : mkdir(fuzz_path(RUN), 0777) || model_open(&model, &source, &options, &error) ||
                            train_state_init(&state, &model, true, &error);

    for (size_t i = 1; !made && !failed && i <= 3; i++) {
        const double row[HISTORY_COLUMNS] = {(double)i,   (double)i * 2, 1.5, 0.25,
                                             (double)NAN, (double)NAN,   0.01};

        failed = train_state_add_history(&state, row, &error);
    }
    state.step = STEP;
    if (!made && !failed)
        failed = train_state_write(&state, &model, fuzz_path(RUN "/step-000000006.safetensors"), &error);
    if (failed)
        fuzz_fail("no run: %s", error_text(&error));
    train_state_finish(&state);
    model_finish(&model);
    made = true;
}

static void put_files(const struct fuzz_part *parts, size_t count)
{
    static const char *const names[FILES] = {RUN "/run.json", RUN "/log.jsonl", RUN "/log.csv"};

    for (size_t i = 0; i < FILES; i++)
        fuzz_put(names[i], i < count ? parts[i].data : NULL, i < count ? parts[i].size : 0);
}

/* ---- what a report makes of it --------------------------------------------------------------------------- */

/* Text of files stands in it as text. */
static void check_page(const char *page)
{
    const size_t size = strlen(page);
    size_t bytes;

    for (size_t at = 0; at < size; at += bytes) {
        uint32_t code;

        bytes = text_character(page + at, size - at, &code);
        if (bytes == 0 || (code < ' ' && code != '\n' && code != '\t') || (code >= 0x7f && code < 0xa0))
            fuzz_fail("byte %zu of the page is no text", at);
    }
    if (strstr(page, "<script"))
        fuzz_fail("the page runs a script");
}

static void write_page(const struct run_record *record)
{
    struct error error = {0};
    struct html html = {0};

    if (run_page_write(&html, record, NULL, "it is not looked for", &error) != 0 ||
        html_check(&html, &error) != 0)
        fuzz_fail("no page: %s", error_text(&error));
    check_page(html.text);
    html_finish(&html);
}

static void report(const char *folder)
{
    const struct model_options options = fuzz_model_options();
    struct error error = {0};
    struct run_record record;

    if (run_record_open(&record, folder, &options, &error) == 0)
        write_page(&record);
    else if (error.code == ERROR_DATA)
        fuzz_check_error(&error);
    else
        fuzz_fail("code %d: %s", (int)error.code, error_text(&error));
    run_record_close(&record);
}

/* ---- what resume makes of it ---------------------------------------------------------------------------- */

static char *load(const char *name, size_t *size)
{
    struct error error = {0};
    char *text = file_load(fuzz_path(name), 1 << 24, size, &error);

    if (!text)
        fuzz_fail("%s", error_text(&error));
    return text;
}

/* Every line is an event that is not later, and the table is made of them. */
static void check_cut(void)
{
    size_t size, table_size, made_size;
    char *log = load(RUN "/log.jsonl", &size), *table = load(RUN "/log.csv", &table_size);
    char *made = log_csv_table(log, size, &made_size);

    if (size > 0 && log[size - 1] != '\n')
        fuzz_fail("the last line of the log is torn");
    for (char *line = log, *end; (end = memchr(line, '\n', size - (size_t)(line - log))); line = end + 1) {
        json_t *event = json_loadb(line, (size_t)(end - line), 0, NULL);

        if (!json_is_object(event) || json_integer_value(json_object_get(event, "step")) > STEP)
            fuzz_fail("a line stays that should not: %.*s", (int)(end - line), line);
        json_decref(event);
    }
    if (!made || made_size != table_size || memcmp(made, table, table_size) != 0)
        fuzz_fail("the table is not made of the log");
    free(made);
    free(table);
    free(log);
}

static void cut(struct run_folder *run)
{
    const bool is_there = access(fuzz_path(RUN "/log.jsonl"), F_OK) == 0;
    size_t size, again_size;
    struct error error = {0};
    char *log, *again;

    if (run_log_cut(run, STEP, &error) != 0)
        fuzz_fail("the log is not cut: %s", error_text(&error));
    if (!is_there)
        return;
    check_cut();
    log = load(RUN "/log.jsonl", &size);
    if (run_log_cut(run, STEP, &error) != 0)
        fuzz_fail("the log is not cut again: %s", error_text(&error));
    again = load(RUN "/log.jsonl", &again_size);
    if (size != again_size || memcmp(log, again, size) != 0)
        fuzz_fail("cut again, the log is shorter");
    free(again);
    free(log);
}

/* Brings run.json up to date. */
static void write_info(struct run_folder *run)
{
    const struct model_source source = {.bytes = config, .size = sizeof config - 1, .label = "it"};
    const struct model_options options = fuzz_model_options();
    const struct run_info info = {.resumed = true, .threads = 1, .samples = 20};
    struct error error = {0};
    struct model model;
    size_t samples;

    if (model_open(&model, &source, &options, &error) != 0 ||
        run_info_write(run, &model, &info, &error) != 0 ||
        run_info_samples(run_folder_path(run), &samples, &error) != 0 || samples != 20)
        fuzz_fail("run.json is not brought up to date: %s", error_text(&error));
    model_finish(&model);
}

static void resume(const char *folder)
{
    struct output_settings output = {.keep = 3};
    struct model_paths paths;
    struct error error = {0};
    struct run_folder *run = run_folder_open(folder, &error);
    size_t samples;

    if (!run || run_info_samples(folder, &samples, &error) != 0 ||
        run_info_paths(folder, &paths, &error) != 0 || run_info_output(folder, &output, &error) != 0)
        fuzz_fail("it is not resumed: %s", error_text(&error));
    if (output.keep < 1)
        fuzz_fail("%d checkpoints are kept", (int)output.keep);
    model_paths_finish(&paths);
    write_info(run);
    cut(run);
    run_folder_close(run);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_part parts[FILES];

    if (size > MOST_INPUT)
        return 0;
    make_run();
    put_files(parts, fuzz_split(data, size, parts, FILES));
    report(fuzz_path(RUN));
    resume(fuzz_path(RUN));
    return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed)
{
    return fuzz_change_text(data, size, most, &seed);
}

void fuzz_own(void)
{
    LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
}
