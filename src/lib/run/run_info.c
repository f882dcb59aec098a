/* run_info.c: see run_info.h. */
#include "run/run_info.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file_io.h"
#include "base/json_parse.h"
#include "base/json_text.h"
#include "base/memory.h"
#include "run/run_files.h"

enum { INFO_MOST = 1 << 20 };

static const char *const path_keys[MODEL_PATHS] = {"train_images", "train_labels",      "test_images",
                                                   "test_labels",  "validation_images", "validation_labels"};

int run_info_write_text(struct run_folder *run, const char *json, struct error *error)
{
    char *path = run_file_path(run_folder_path(run), RUN_INFO);
    int result = path ? run_folder_check(run, error) : error_memory(error);

    if (result == 0)
        result = file_replace(path, json, strlen(json), error);
    free(path);
    return result;
}

char *run_info_read_text(const char *folder, struct error *error)
{
    char *path = run_file_path(folder, RUN_INFO), *text = NULL;
    size_t size;

    if (path)
        text = file_load(path, INFO_MOST, &size, error);
    else
        error_memory(error);
    free(path);
    return text;
}

int run_info_read(const char *folder, json_t **info, struct error *error)
{
    struct error why = {0};
    char *text = run_info_read_text(folder, &why);
    json_error_t reason;
    bool memory = false;

    *info = text ? json_parse(text, strlen(text), 0, &memory, &reason) : NULL;
    free(text);
    if (error_is_failure(&why))
        return error_move(&why, error);
    error_clear(&why);
    return memory ? error_memory(error) : 0;
}

/* An absolute name for a path that may not exist. */
static char *absolute_path(const char *path)
{
    char *here, *full;

    if (*path == '/')
        return memory_string(path);
    here = getcwd(NULL, 0);
    if (!here)
        return errno == ENOMEM ? NULL : memory_string(path);
    full = memory_format("%s/%s", here, path);
    free(here);
    return full;
}

static int set_string(json_t *object, const char *key, const char *value)
{
    json_t *text = json_text(value);

    if (!text || strcmp(json_string_value(text), value) == 0)
        return json_object_set_new(object, key, text);
    json_decref(text); /* a path that is no UTF-8 cannot stand in JSON: it is left out */
    return 0;
}

static json_t *paths_object(struct model_paths paths)
{
    json_t *list = json_object();

    for (size_t i = 0; list && i < MODEL_PATHS; i++) {
        const char *path = *model_path_at(&paths, i);
        char *full = path ? absolute_path(path) : NULL;

        if (path && (!full || set_string(list, path_keys[i], full) != 0)) {
            json_decref(list);
            list = NULL;
        }
        free(full);
    }
    return list;
}

/* The processor's name, "" if the system does not say. 0, or -1: out of memory. */
static int find_processor(char *name, size_t size)
{
    FILE *file = fopen("/proc/cpuinfo", "re");
    char line[512];

    name[0] = '\0';
    if (!file && errno == ENOMEM)
        return -1;
    while (file && !*name && fgets(line, sizeof line, file))
        if (strncmp(line, "model name", 10) == 0 && strchr(line, ':')) {
            const char *from = strchr(line, ':') + 1;
            from += strspn(from, " ");
            snprintf(name, size, "%.*s", (int)strcspn(from, "\n"), from);
        }
    if (file)
        fclose(file);
    return 0;
}

static int fill_info(json_t *info, const struct model *model, const struct run_info *spec)
{
    char started[32], host[256] = "", processor[256];
    const time_t now = time(NULL);
    char *config = spec->config_path ? absolute_path(spec->config_path) : NULL;
    json_t *paths = paths_object(model->paths);
    struct tm utc;
    int failed = 0;

    if (gethostname(host, sizeof host - 1) != 0)
        host[0] = '\0';
    if (!gmtime_r(&now, &utc) || strftime(started, sizeof started, "%Y-%m-%dT%H:%M:%SZ", &utc) == 0)
        started[0] = '\0';
    failed |= paths ? json_object_set_new(info, "data", paths) : -1;
    failed |= set_string(info, spec->resumed ? "resumed" : "started", started);
    failed |= set_string(info, "host", host);
    failed |= find_processor(processor, sizeof processor);
    failed |= set_string(info, "processor", processor);
    failed |= set_string(info, "isa", plugin_level_names[model->level]);
    failed |= set_string(info, "version", NNRUN_VERSION);
    failed |= json_object_set_new(info, "threads", json_integer((json_int_t)spec->threads));
    failed |= json_object_set_new(info, "samples", json_integer((json_int_t)spec->samples));
    failed |= json_object_set_new(info, "keep", json_integer((json_int_t)model->settings.output.keep));
    failed |= json_object_set_new(info, "report", json_boolean(model->settings.output.report));
    if (spec->config_path)
        failed |= config ? set_string(info, "config", config) : -1;
    free(config);
    return failed ? -1 : 0;
}

int run_info_write(struct run_folder *run, const struct model *model, const struct run_info *spec,
                   struct error *error)
{
    json_t *info = NULL;
    char *text = NULL;
    int result;

    if (spec->resumed && run_info_read(run_folder_path(run), &info, error) != 0)
        return -1;
    if (!json_is_object(info)) {
        json_decref(info);
        info = json_object();
    }
    if (info && fill_info(info, model, spec) == 0)
        text = json_dump_text(info, JSON_INDENT(2) | JSON_SORT_KEYS);
    result = text ? run_info_write_text(run, text, error) : error_memory(error);
    free(text);
    json_decref(info);
    return result;
}

int run_info_paths(const char *folder, struct model_paths *paths, struct error *error)
{
    json_t *info;
    int result = run_info_read(folder, &info, error);
    const json_t *list = json_object_get(info, "data");

    memset(paths, 0, sizeof *paths);
    for (size_t i = 0; i < MODEL_PATHS; i++) {
        const char *path = json_string_value(json_object_get(list, path_keys[i]));
        if (path && !(*model_path_at(paths, i) = memory_string(path)))
            result = error_memory(error);
    }
    json_decref(info);
    return result;
}

int run_info_samples(const char *folder, size_t *samples, struct error *error)
{
    json_t *info;
    const int result = run_info_read(folder, &info, error);
    const json_int_t count = json_integer_value(json_object_get(info, "samples"));

    *samples = count > 0 ? (size_t)count : 0;
    json_decref(info);
    return result;
}

int run_info_output(const char *folder, struct output_settings *output, struct error *error)
{
    json_t *info;
    const int result = run_info_read(folder, &info, error);
    const json_int_t keep = json_integer_value(json_object_get(info, "keep"));
    const json_t *report = json_object_get(info, "report");

    if (keep > 0 && keep <= 1000000)
        output->keep = (int32_t)keep;
    if (json_is_boolean(report))
        output->report = json_is_true(report);
    json_decref(info);
    return result;
}
