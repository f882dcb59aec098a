/* model_paths.c: see model_paths.h. */
#include "model/model_paths.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

char **model_path_at(struct model_paths *paths, size_t i)
{
    char **const all[MODEL_PATHS] = {&paths->train_images,      &paths->train_labels,
                                     &paths->test_images,       &paths->test_labels,
                                     &paths->validation_images, &paths->validation_labels};

    return all[i];
}

/* Is data.directory an override that came after the key? */
static bool is_moved(config_group *data, const struct data_settings *settings, config_group *group,
                     const char *key)
{
    return *settings->directory && config_is_later(data, "directory", group, key);
}

/* A file that a config may name. */
struct named {
    config_group *group;
    const char *section, *key, *value;
    const char *usual; /* its name in data.directory; NULL: it has none there */
    bool moved;
};

static void name_all(struct config *config, const struct data_settings *data, struct named named[MODEL_PATHS])
{
    config_group *group = config_find(config, config_root(config), "data");
    config_group *train = config_find(config, group, "train"), *test = config_find(config, group, "test");
    config_group *validation = config_find_either(group, "validation");
    const struct named all[MODEL_PATHS] = {
        {train, "train", "images", data->train.images, MODEL_TRAIN_IMAGES, false},
        {train, "train", "labels", data->train.labels, MODEL_TRAIN_LABELS, false},
        {test, "test", "images", data->test.images, MODEL_TEST_IMAGES, false},
        {test, "test", "labels", data->test.labels, MODEL_TEST_LABELS, false},
        {validation, "validation", "images", data->validation_files.images, NULL, false},
        {validation, "validation", "labels", data->validation_files.labels, NULL, false},
    };

    memcpy(named, all, sizeof all);
    for (size_t i = 0; i < MODEL_PATHS; i++)
        named[i].moved = *all[i].value && is_moved(group, data, all[i].group, all[i].key);
}

/* An empty folder moves nothing, though it came after the files: it was not meant. */
static void complain_of_empty(struct config *config, config_group *data, const struct data_settings *settings,
                              const struct named named[MODEL_PATHS])
{
    for (size_t i = 0; i < MODEL_PATHS && !*settings->directory; i++)
        if (*named[i].value && config_is_later(data, "directory", named[i].group, named[i].key)) {
            config_complain(config, data, "data", "directory",
                            "is empty; expected the folder that the data are in, or leave it out to read "
                            "them where data.%s.%s says",
                            named[i].section, named[i].key);
            return;
        }
}

static const char *base_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/* Moved, two files of one name from two folders would be the same. */
static void complain_of_same(struct config *config, config_group *data, const struct named named[], size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (named[k].moved && strcmp(named[k].value, named[i].value) != 0 &&
            strcmp(base_of(named[k].value), base_of(named[i].value)) == 0)
            config_complain(config, data, "data", "directory",
                            "data.%s.%s and data.%s.%s are both called %s, so they cannot be in one folder; "
                            "leave data.directory out and give each of them",
                            named[k].section, named[k].key, named[i].section, named[i].key,
                            base_of(named[i].value));
}

static char *path_in(const struct config *config, config_group *data, const struct data_settings *settings,
                     const char *name)
{
    char *folder = config_path(config, data, "directory", settings->directory);
    char *path = folder ? memory_format("%s/%s", folder, name) : NULL;

    free(folder);
    return path;
}

int model_paths_find(struct model_paths *paths, struct config *config, const struct data_settings *data,
                     struct error *error)
{
    config_group *group = config_find(config, config_root(config), "data");
    struct named named[MODEL_PATHS];

    name_all(config, data, named);
    complain_of_empty(config, group, data, named);
    for (size_t i = 0; i < MODEL_PATHS; i++) {
        char **path = model_path_at(paths, i);

        if (named[i].moved) {
            complain_of_same(config, group, named, i);
            *path = path_in(config, group, data, base_of(named[i].value));
        } else if (*named[i].value) {
            *path = config_path(config, named[i].group, named[i].key, named[i].value);
        } else if (*data->directory && named[i].usual) {
            *path = path_in(config, group, data, named[i].usual);
        } else {
            continue;
        }
        if (!*path)
            return error_memory(error);
    }
    return config_finish(config, error);
}

/* Is `folder` that of the path, but for slashes at its end? */
static bool is_folder_of(const char *folder, const char *path)
{
    const size_t length = (size_t)(base_of(path) - path);
    size_t own = strlen(folder);

    while (own > 1 && folder[own - 1] == '/')
        own--;
    return length > 0 && own == length - 1 && memcmp(folder, path, own) == 0;
}

/* Whether a file is in the folder of the data, as the config names both. */
static bool is_beside_data(config_group *group, const struct named named[], const char *file)
{
    const size_t folder = (size_t)(base_of(file) - file);
    const char *directory;

    for (size_t i = 0; i < MODEL_PATHS; i++)
        if (*named[i].value && (size_t)(base_of(named[i].value) - named[i].value) == folder &&
            memcmp(named[i].value, file, folder) == 0)
            return true;
    return config_replaced(group, "directory", &directory) && directory && is_folder_of(directory, file);
}

char *model_paths_names(struct config *config, const struct data_settings *data, const char *key,
                        const char *file)
{
    config_group *group = config_find(config, config_root(config), "data");
    struct named named[MODEL_PATHS];

    name_all(config, data, named);
    return is_moved(group, data, group, key) && is_beside_data(group, named, file)
               ? path_in(config, group, data, base_of(file))
               : config_path(config, group, key, file);
}

void model_paths_finish(struct model_paths *paths)
{
    for (size_t i = 0; i < MODEL_PATHS; i++)
        free(*model_path_at(paths, i));
    *paths = (struct model_paths){0};
}
