/* model_paths.c: see model_paths.h. */
#include "model/model_paths.h"

#include <stdlib.h>

#include "base/memory.h"

char **model_path_at(struct model_paths *paths, size_t i)
{
    char **const all[MODEL_PATHS] = {&paths->train_images,      &paths->train_labels,
                                     &paths->test_images,       &paths->test_labels,
                                     &paths->validation_images, &paths->validation_labels};

    return all[i];
}

int model_paths_find(struct model_paths *paths, struct config *config, const struct data_settings *data,
                     struct error *error)
{
    config_group *group = config_find(config, config_root(config), "data");
    config_group *train = config_find(config, group, "train"), *test = config_find(config, group, "test");
    config_group *validation = config_find_either(group, "validation");
    const struct {
        config_group *group;
        const char *key, *value, *usual;
    } from[MODEL_PATHS] = {
        {train, "images", data->train.images, MODEL_TRAIN_IMAGES},
        {train, "labels", data->train.labels, MODEL_TRAIN_LABELS},
        {test, "images", data->test.images, MODEL_TEST_IMAGES},
        {test, "labels", data->test.labels, MODEL_TEST_LABELS},
        {validation, "images", data->validation_files.images, NULL},
        {validation, "labels", data->validation_files.labels, NULL},
    };

    for (size_t i = 0; i < MODEL_PATHS; i++) {
        char **path = model_path_at(paths, i);

        if (*from[i].value) {
            *path = config_path(config, from[i].group, from[i].key, from[i].value);
        } else if (*data->directory && from[i].usual) {
            char *folder = config_path(config, group, "directory", data->directory);
            *path = folder ? memory_format("%s/%s", folder, from[i].usual) : NULL;
            free(folder);
        } else {
            continue;
        }
        if (!*path)
            return error_memory(error);
    }
    return 0;
}

void model_paths_finish(struct model_paths *paths)
{
    for (size_t i = 0; i < MODEL_PATHS; i++)
        free(*model_path_at(paths, i));
    *paths = (struct model_paths){0};
}
