/* command_pack.c: nnrun pack: own data made into IDX files. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/folder_io.h"
#include "base/json_text.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/bar.h"
#include "cli/column.h"
#include "cli/command.h"
#include "cli/pack_config.h"
#include "cli/pack_paths.h"
#include "cli/packed_name.h"
#include "cli/pack_words.h"
#include "cli/say.h"
#include "cli/shell.h"
#include "cli/signals.h"
#include "pack/pack.h"
#include "pack/pack_facts.h"

enum { MOST_LISTED = 40, NAME_COLUMNS = 32 };

/* A pack under way. */
struct session {
    const struct options *options;
    struct signals *signals;
    struct bar bar;
    struct file_replacement config; /* begun as soon as its folder is there; temporary NULL: it is not */
};

static int on_progress(void *context, const char *what, uint64_t done, uint64_t all)
{
    struct session *session = context;

    bar_step(&session->bar, what, done, all);
    return (signals_wanted(session->signals) & NNRUN_STOP) != 0;
}

/* Before anything is read, so that it is known by then that it can be written; in the folder of the pack, once that is made. */
static int begin_config(struct session *session, struct error *error)
{
    const char *path = session->options->pack.config, *slash = strrchr(path, '/');
    char *folder =
        slash ? memory_string_part(path, (size_t)(slash - path) + (slash == path)) : memory_string(".");
    int failed = 0;

    if (!folder)
        return error_memory(error);
    if (!session->config.temporary && folder_exists(folder))
        failed = file_replace_begin(&session->config, path, error);
    free(folder);
    return failed;
}

/* What a config cannot be written of is refused before anything is. */
static int on_ready(void *context, const struct pack_result *result, struct error *error)
{
    struct session *session = context;
    const char *config = session->options->pack.config;
    char *folder;
    int failed;

    if (!config)
        return 0;
    if (result->parts[PACK_TRAIN].samples == 0 || result->form.label_width == 0)
        return error_set(error, ERROR_DATA,
                         "nothing is written: a config needs training samples with labels; leave --config "
                         "out to pack these");
    if (result->form.label_width == 1 && result->order.count < 2)
        return error_set(error, ERROR_DATA,
                         "nothing is written: a config needs two classes, and there is one; leave --config "
                         "out to pack it");
    folder = pack_paths_from(config, session->options->output, error);
    failed = !folder || pack_paths_check_text(folder, error) != 0;
    free(folder);
    return failed ? -1 : begin_config(session, error);
}

/* ---- what is printed ---------------------------------------------------------------------------------- */

static void print_remark(const struct remark *remark)
{
    say(stderr, "nnrun: warning: %s%s%s\n", remark->text, remark->option ? "; use --" : "",
        remark->option ? remark->option : "");
}

static void print_remarks(const struct remarks *remarks)
{
    fflush(stdout);
    for (size_t i = 0; i < remarks->count; i++)
        print_remark(&remarks->list[i]);
    if (remarks->left_out > 0)
        fprintf(stderr, "nnrun: warning: and %llu more\n", (unsigned long long)remarks->left_out);
}

static void print_parts(const struct options *options, const struct pack_result *result)
{
    for (enum pack_part part = PACK_TRAIN; part < PACK_PARTS; part++) {
        const struct pack_part_result *of = &result->parts[part];
        if (of->samples == 0)
            continue;
        say(stdout, "  %-10s  %8zu  %s/%s\n", pack_part_name(part), of->samples, options->output, of->images);
    }
}

static void print_classes(const struct pack_result *result)
{
    int width = (int)strlen("class");

    if (result->order.count == 0 || result->order.count > MOST_LISTED)
        return;
    for (size_t i = 0; i < result->order.count; i++)
        width = column_wider(width, result->order.names[i]);
    width = width < NAME_COLUMNS ? width : NAME_COLUMNS;
    printf("\n  %-*s", width, result->form.label_width > 1 ? "label" : "class");
    for (enum pack_part part = PACK_TRAIN; part < PACK_PARTS; part++)
        if (result->parts[part].samples > 0)
            printf("  %10s", pack_part_name(part));
    putchar('\n');
    for (size_t i = 0; i < result->order.count; i++) {
        fputs("  ", stdout);
        column_left(result->order.names[i], width);
        for (enum pack_part part = PACK_TRAIN; part < PACK_PARTS; part++)
            if (result->parts[part].samples > 0)
                printf("  %10zu", result->parts[part].by_class[i]);
        putchar('\n');
    }
}

/* "pictures, 28x28, grey" */
static void print_shape(const struct pack_form *form, size_t samples)
{
    const struct nnrun_shape *shape = &form->shape;
    const bool picture =
        form->kind == PACK_BYTES && (shape->rank == 2 || (shape->rank == 3 && shape->dim[0] == 3));

    if (picture) {
        printf("picture%s, %dx%d, %s", text_plural(samples), (int)shape->dim[shape->rank - 2],
               (int)shape->dim[shape->rank - 1], shape->rank == 2 ? "grey" : "in colour");
        return;
    }
    printf("sample%s of ", text_plural(samples));
    for (int32_t i = 0; i < shape->rank; i++)
        printf("%s%d", i ? "x" : "", (int)shape->dim[i]);
    printf(" %s", form->kind == PACK_FLOATS ? "numbers" : "bytes");
}

/* "  label: column 4 ("activity"); --label COLUMN takes another one" */
static void print_label(const struct options *options, const struct pack_result *result)
{
    if (result->label_column == 0)
        return;
    printf("  label: column %zu", result->label_column);
    if (result->label_name)
        say(stdout, " (\"%s\")", result->label_name);
    puts(options->pack.label ? "" : "; --label COLUMN takes another one");
}

static void print_summary(const struct options *options, const struct pack_result *result)
{
    size_t all = 0;

    for (enum pack_part part = PACK_TRAIN; part < PACK_PARTS; part++)
        all += result->parts[part].samples;
    say(stdout, "%s%s: %s, %zu ", options->subjects[0], options->subject_count > 1 ? " ..." : "",
        result->format, all);
    print_shape(&result->form, all);
    if (result->order.count > 0)
        printf(", %zu %s", result->order.count,
               result->form.label_width > 1 ? (result->order.count == 1 ? "label" : "labels")
               : result->order.count == 1   ? "class"
                                            : "classes");
    putchar('\n');
    print_label(options, result);
    if (result->prepare && strcmp(result->prepare, "digit") == 0)
        puts("  digits as MNIST's: other pictures are centred, too; data.prepare=stretch only resizes them");
    if (result->transposed)
        puts(pack_config_has_pictures(result)
                 ? "  transposed; nnrun predict and nnrun serve take pictures as they are"
                 : "  transposed; nnrun predict and nnrun serve transpose other samples of the source, too");
    print_parts(options, result);
    print_classes(result);
}

/* A folder in runs/ that is free, as that of an older run says nothing of these data. Owned by the caller; NULL: no
 * memory. */
static char *free_run(const char *name)
{
    char *run = memory_format("runs/%s", name);

    for (unsigned i = 2; run && access(run, F_OK) == 0; i++) {
        free(run);
        run = memory_format("runs/%s-%u", name, i);
    }
    return run;
}

static void print_commands(const struct options *options, const struct pack_result *result, const char *name,
                           const char *run)
{
    char word[SHELL_WORD], config[SHELL_WORD];
    const char *at = shell_word(run, word);
    const bool is_usual = strcmp(run + strlen("runs/"), name) == 0;

    puts("\nnext:");
    say(stdout, "  nnrun %s%s%s\n", shell_word(options->pack.config, config), is_usual ? "" : " -o ",
        is_usual ? "" : at);
    if (result->parts[PACK_TEST].samples > 0 && pack_config_validates(result))
        say(stdout, "  nnrun test %s/best.safetensors\n", at);
    say(stdout, "  nnrun report %s\n", at);
}

static int print_next(const struct options *options, const struct pack_result *result, struct error *error)
{
    char *name = options->pack.config ? packed_name(options->pack.config) : NULL;
    char *run = name ? free_run(name) : NULL;

    if (run)
        print_commands(options, result, name, run);
    else if (!options->pack.config && result->parts[PACK_TRAIN].labels[0])
        puts("\nnext: --config FILE.cfg, with --force, also writes a config for these data");
    free(name);
    free(run);
    return options->pack.config && !run ? error_memory(error) : 0;
}

static char *result_json(const struct options *options, const struct pack_spec *spec,
                         const struct pack_result *result)
{
    json_t *object = json_pack("{s:s, s:o}", "event", "pack", "folder", json_text(options->output));
    json_t *facts = pack_facts(spec, result);
    const int failed = json_object_update(object, facts);

    json_decref(facts);
    return json_line(json_whole(object, failed), 9);
}

/* ---- the command -------------------------------------------------------------------------------------- */

static int check(const struct options *options, struct error *error)
{
    if (options->subject_count == 0)
        return error_set(error, ERROR_ARGUMENT,
                         "expected a SOURCE: a folder of pictures; \"nnrun pack --help\" shows how");
    if (!options->output)
        return error_set(error, ERROR_ARGUMENT, "expected -o DIR, a folder to write into");
    const struct pack_paths paths = {.config = options->pack.config,
                                     .output = options->output,
                                     .sources = options->subjects,
                                     .source_count = options->subject_count,
                                     .over = options->pack.force};
    return paths.config ? pack_paths_check(&paths, error) : 0;
}

static int finish(struct session *session, const struct pack_spec *spec, const struct pack_result *result,
                  struct error *error)
{
    const struct options *options = session->options;

    if (session->config.temporary &&
        pack_config_write(&session->config, options->output, options->pack.force, result, error) != 0)
        return -1;
    if (options->json) {
        char *line = result_json(options, spec, result);

        return line ? command_print_json(line) : error_memory(error);
    }
    if (!options->quiet)
        print_summary(options, result);
    print_remarks(&result->remarks);
    return options->quiet ? 0 : print_next(options, result, error);
}

static int run(const struct options *options, struct signals *signals, struct error *error)
{
    struct session session = {.options = options, .signals = signals};
    struct pack_result result = {.format = ""};
    struct pack_spec spec;
    int failed, status = STATUS_OK;

    if (check(options, error) != 0 || pack_words_read(options, &spec, error) != 0 ||
        (options->pack.config && begin_config(&session, error) != 0))
        return command_failed(options, error);
    spec.progress = on_progress;
    spec.ready = on_ready;
    spec.context = &session;
    bar_init(&session.bar, !options->quiet && !options->json);
    failed = pack_run(&spec, &result, error);
    bar_clear(&session.bar);
    if (!failed)
        failed = finish(&session, &spec, &result, error);
    if (failed && result.stopped) {
        fprintf(stderr, "nnrun: interrupted by %s; nothing was written\n", signals_name(signals));
        error_clear(error);
        status = STATUS_INTERRUPTED;
    } else if (failed) {
        if (!options->json)
            print_remarks(&result.remarks);
        status = command_failed(options, error);
    }
    if (session.config.temporary)
        file_replace_abandon(&session.config);
    pack_result_finish(&result);
    return status;
}

int command_pack(const struct options *options)
{
    struct error error = {0};
    struct signals signals;
    int status;

    if (signals_begin(&signals, &error) != 0)
        return command_failed(options, &error);
    status = run(options, &signals, &error);
    signals_end(&signals);
    return status;
}
