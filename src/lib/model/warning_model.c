/* warning_model.c: what is unusual about the settings of a run. */
#include <string.h>
#include <sys/stat.h>

#include "base/file_io.h"
#include "model/warning.h"

/* The largest standard deviation that values from 0 to 1 can have. */
#define MOST_STD 0.5

static bool is_mean(double mean)
{
    return mean >= 0 && mean <= 1;
}

/* 1 leaves values as they are. */
static bool is_std(double std)
{
    return std <= MOST_STD || std == 1;
}

/* What a number of a list may be. */
struct expected {
    const char *what, *range;
    bool (*is)(double);
    double most;
};
static const struct expected a_mean = {"mean", "a number from 0 to 1", is_mean, 1};
static const struct expected a_std = {"standard deviation",
                                      "at most 0.5, or 1 to leave the values as they are", is_std, MOST_STD};

/* Tells of the first number of the list that cannot be. One of pixels from 0 to 255 can be put right. */
static int check_numbers(const struct model *model, const struct warning_listener *to, const char *path,
                         const struct nnrun_reals *numbers, const struct expected *expected)
{
    char place[CONFIG_PLACE_TEXT];

    for (int32_t i = 0; i < numbers->count; i++) {
        const double value = numbers->value[i];

        if (expected->is(value))
            continue;
        config_place_key(model->config, path, place);
        if (value > expected->most && value <= 255 * expected->most)
            return warning_tell(
                model, to, WARNING_MEAN_STD, place,
                "a %s of %g cannot be right: pixels are divided by 255 first; if it is that of "
                "pixels from 0 to 255, write %.4g",
                expected->what, value, value / 255);
        return warning_tell(model, to, WARNING_MEAN_STD, place,
                            "a %s of %g cannot be right: pixels are divided by 255 first; expected %s",
                            expected->what, value, expected->range);
    }
    return 0;
}

static bool same_file(const char *a, const char *b)
{
    struct stat one, other;

    return strcmp(a, b) == 0 || (stat(a, &one) == 0 && stat(b, &other) == 0 && file_is_same(&one, &other));
}

bool warning_tests_training(const struct model *model)
{
    const struct model_paths *paths = &model->paths;

    return paths->train_images && paths->test_images && same_file(paths->train_images, paths->test_images);
}

int warning_tell_tests_training(const struct model *model, const struct warning_listener *to)
{
    char place[CONFIG_PLACE_TEXT];

    return warning_tell(model, to, WARNING_TEST_IS_TRAINING,
                        config_place_key(model->config, "data.test.images", place),
                        "the test samples are training samples, so the test tells nothing about samples "
                        "that the network has not seen; give other files");
}

static int check_paths(const struct model *model, const struct warning_listener *to)
{
    const struct model_paths *paths = &model->paths;
    char place[CONFIG_PLACE_TEXT];

    if (paths->train_images && !paths->test_images)
        return warning_tell(
            model, to, WARNING_NO_TEST, config_place_key(model->config, "data.test", place),
            "there are no test samples, so nothing will tell how well the network does on "
            "samples that it was not trained with; give data.test.images and data.test.labels");
    return warning_tests_training(model) ? warning_tell_tests_training(model, to) : 0;
}

int warning_model(const struct model *model, const struct warning_listener *to, struct error *error)
{
    const struct data_settings *data = &model->settings.data;

    if (warning_override(model, to) != 0 || warning_network(model, to, error) != 0)
        return -1;
    if (data->values == VALUES_PIXELS && (check_numbers(model, to, "data.mean", &data->mean, &a_mean) != 0 ||
                                          check_numbers(model, to, "data.std", &data->std, &a_std) != 0))
        return -1;
    return check_paths(model, to);
}
