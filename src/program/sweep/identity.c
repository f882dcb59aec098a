/* identity.c: see identity.h. */
#include "sweep/identity.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file_io.h"
#include "base/memory.h"
#include "setting/setting.h"

enum { LINE = 512, FILE_PART = 1 << 16 };

/* A part of the text that is summed: its end is told from the next one's beginning. */
static void add_text(struct sha256 *sum, const char *text)
{
    sha256_add(sum, text, strlen(text) + 1);
}

static void add_line(struct sha256 *sum, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add_line(struct sha256 *sum, const char *format, ...)
{
    char line[LINE];
    va_list args;

    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    add_text(sum, line);
}

static void add_reals(struct sha256 *sum, const double *values, int32_t count)
{
    for (int32_t i = 0; i < count; i++)
        add_line(sum, "%.17g", values[i]);
}

/* The value, of its kind: whole, and exact. */
static void add_value(struct sha256 *sum, const struct nnrun_setting *setting, const void *instance)
{
    const void *at = (const char *)instance + setting->offset;
    const struct setting_texts *texts = at;
    const struct setting_numbers *numbers = at;
    const struct nnrun_ints *ints = at;
    const struct nnrun_reals *reals = at;

    switch ((enum nnrun_kind)setting->kind) {
    case NNRUN_INT:
    case NNRUN_BOOL:
    case NNRUN_CHOICE:
        add_line(sum, "%" PRId32, *(const int32_t *)at);
        break;
    case NNRUN_REAL:
        add_reals(sum, at, 1);
        break;
    case NNRUN_STRING:
        if (!(setting->flags & SETTING_LIST))
            add_text(sum, *(const char *const *)at ? *(const char *const *)at : "");
        else
            for (int32_t i = 0; i < texts->count; i++)
                add_text(sum, texts->value[i]);
        break;
    case NNRUN_INTS:
        for (int32_t i = 0; i < ints->count; i++)
            add_line(sum, "%" PRId32, ints->value[i]);
        break;
    case NNRUN_REALS:
        if (!(setting->flags & SETTING_WORD)) {
            add_reals(sum, reals->value, reals->count);
        } else {
            add_line(sum, "%" PRId32, numbers->word);
            add_reals(sum, numbers->value, numbers->count);
        }
        break;
    }
}

static void add_table(struct sha256 *sum, const char *path, const struct nnrun_setting *table, size_t count,
                      const void *instance)
{
    for (size_t i = 0; i < count; i++) {
        const bool seed = strcmp(path, "train") == 0 && strcmp(table[i].name, "seed") == 0;
        if (seed || (table[i].flags & SETTING_APART))
            continue;
        add_line(sum, "%s.%s", path, table[i].name);
        add_value(sum, &table[i], instance);
    }
}

static void add_node(struct sha256 *sum, const struct net_node *node)
{
    const struct nnrun_layer *layer = &node->plugin->layer;

    add_text(sum, node->type);
    add_text(sum, node->name);
    add_text(sum, node->from ? node->from : "");
    add_line(sum, "%d %.17g", (int)node->frozen, node->rate);
    for (size_t i = 0; i < node->input_count; i++)
        add_line(sum, "input %zu", node->inputs[i]);
    add_table(sum, "", layer->settings, layer->setting_count, node->instance);
}

/* ---- files ---------------------------------------------------------------------------------------------- */

/* Returns 0, 1 if it was to stop, or -1 with errno. */
static int sum_all(const struct identity_files *files, int fd, unsigned char *part, char text[SHA256_TEXT])
{
    struct sha256 sum;
    ssize_t size;

    sha256_begin(&sum);
    while ((size = read(fd, part, FILE_PART)) != 0) {
        if (size < 0 && errno != EINTR)
            return -1;
        if (files->stop && files->stop(files->arg))
            return 1;
        if (size > 0)
            sha256_add(&sum, part, (size_t)size);
    }
    sha256_end(&sum, text);
    return 0;
}

/* Of a regular file: a device may have no end. Returns 0, 1 if it was to stop, or -1. */
static int sum_file(const struct identity_files *files, const char *path, char text[SHA256_TEXT],
                    struct error *error)
{
    unsigned char *part = memory_array(FILE_PART, 1);
    struct stat status;
    int fd, result = -1;
    bool opened;

    if (!part)
        return error_memory(error);
    fd = file_open(path, O_RDONLY | O_NOCTTY | O_NONBLOCK);
    opened = fd >= 0 && fstat(fd, &status) == 0;
    if (opened && !S_ISREG(status.st_mode))
        error_set_at(error, ERROR_DATA, &(struct error_facts){.file = path}, "is not a regular file");
    else if (!opened || (result = sum_all(files, fd, part, text)) < 0)
        file_read_failed(path, ERROR_DATA, error);
    if (fd >= 0)
        close(fd);
    free(part);
    return result;
}

/* The sum of a file, which is kept. Returns 0, 1 if it was to stop, or -1. */
static int add_file(struct identity_files *files, struct sha256 *sum, const char *path, struct error *error)
{
    struct identity_file *grown, *file;
    int result;

    for (size_t i = 0; i < files->count; i++)
        if (strcmp(files->files[i].path, path) == 0) {
            add_text(sum, files->files[i].sum);
            return 0;
        }
    grown = memory_resize(files->files, files->count + 1, sizeof *grown);
    if (!grown)
        return error_memory(error);
    files->files = grown;
    file = &grown[files->count];
    file->path = memory_string(path);
    if (!file->path)
        return error_memory(error);
    files->count++;
    result = sum_file(files, path, file->sum, error);
    if (result == 0)
        add_text(sum, file->sum);
    else
        free(grown[--files->count].path);
    return result;
}

void identity_files_finish(struct identity_files *files)
{
    for (size_t i = 0; i < files->count; i++)
        free(files->files[i].path);
    free(files->files);
    *files = (struct identity_files){0};
}

int identity_of(const struct model *model, struct identity_files *files, struct sha256 *sum,
                struct error *error)
{
    struct model_paths paths = model->paths; /* looked at alone */
    struct settings_group group;
    int result = 0;

    if (model_need_data(model, MODEL_TRAINING, error) != 0)
        return -1;
    sha256_begin(sum);
    add_text(sum, NNRUN_VERSION);
    for (size_t i = 0; settings_group(&model->settings, i, &group); i++)
        add_table(sum, group.path, group.table, group.count, group.instance);
    for (size_t i = 0; i < model->net->node_count; i++)
        add_node(sum, &model->net->nodes[i]);
    for (size_t i = 0; i < MODEL_PATHS && result == 0; i++) {
        const char *path = *model_path_at(&paths, i);
        add_line(sum, "file %zu", i);
        if (path)
            result = add_file(files, sum, path, error);
    }
    return result == 0 && model->from ? add_file(files, sum, model->from, error) : result;
}

void identity_name(const struct sha256 *sum, int32_t seed, char name[IDENTITY_NAME])
{
    struct sha256 whole = *sum;
    char text[SHA256_TEXT];

    add_line(&whole, "seed %" PRId32, seed);
    sha256_end(&whole, text);
    snprintf(name, IDENTITY_NAME, "%.12s", text);
}
