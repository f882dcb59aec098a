/* data_look.c: see data_look.h. */
#include "train/data_look.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/idx_numbers.h"
#include "model/warning.h"

enum { LABELS = 4096 }; /* read at once */

static int count_classes(struct data_look *look, struct idx_file *labels, size_t count, struct error *error)
{
    const size_t all = idx_file_count(labels);
    uint8_t some[LABELS];

    for (size_t at = 0; at < all;) {
        const size_t part = all - at < LABELS ? all - at : LABELS;

        if (idx_read_labels(labels, part, some, error) != 0)
            return -1;
        for (size_t i = 0; i < part; i++, at++)
            (at < count ? look->training : look->validation)[some[i]]++;
    }
    look->counted = true;
    return 0;
}

/* Of validation samples with files of their own. */
static int look_at_own(struct data_look *look, const struct model *model, struct error *error)
{
    struct idx_file *labels = idx_file_open(model->paths.validation_labels, error);
    int result = labels ? 0 : -1;

    if (labels && idx_file_sample_bytes(labels) == 1)
        result = count_classes(look, labels, 0, error);
    idx_file_close(labels);
    return result;
}

static int look_at_labels(struct data_look *look, const struct model *model, size_t count,
                          struct error *error)
{
    const struct data_settings *data = &model->settings.data;
    struct idx_file *labels;
    int result = 0;

    /* drawn by class, each class has its share */
    if (model->net->target != NNRUN_CLASS || (data->validation == 0 && !data->own_validation) ||
        data->split == SPLIT_STRATIFIED || !warning_is_on(model, WARNING_VALIDATION_CLASSES))
        return 0;
    labels = idx_file_open_any(model->paths.train_labels, error);
    if (!labels)
        return -1;
    if (idx_file_sample_values(labels) == 1)
        result = count_classes(look, labels, count, error);
    idx_file_close(labels);
    return result == 0 && data->own_validation ? look_at_own(look, model, error) : result;
}

/* Files of samples of the same size. Different ones differ early, so that little is read. */
static int compare(struct data_look *look, struct idx_file *training, struct idx_file *test,
                   struct error *error)
{
    const size_t bytes = idx_file_sample_bytes(training), trained = idx_file_count(training);
    const size_t tested = idx_file_count(test), all = trained < tested ? trained : tested;
    uint8_t *one = memory_array(bytes, 1), *other = memory_array(bytes, 1);
    bool same = true;
    int result = 0;

    if (!one || !other)
        result = error_memory(error);
    for (size_t i = 0; one && other && result == 0 && same && i < all; i++) {
        if (idx_file_read(training, 1, one, error) != 0 || idx_file_read(test, 1, other, error) != 0)
            result = -1;
        else
            same = memcmp(one, other, bytes) == 0;
    }
    look->tests_training = result == 0 && same;
    free(one);
    free(other);
    return result;
}

static int look_at_test(struct data_look *look, const struct model *model, struct error *error)
{
    struct idx_file *training, *test = NULL;
    int result = -1;

    if (!model->paths.test_images || !warning_is_on(model, WARNING_TEST_IS_TRAINING) ||
        warning_tests_training(model))
        return 0;
    training = idx_file_open_any(model->paths.train_images, error);
    if (training)
        test = idx_file_open_any(model->paths.test_images, error);
    if (test)
        result = idx_file_type(training) == idx_file_type(test) &&
                         idx_file_sample_bytes(training) == idx_file_sample_bytes(test)
                     ? compare(look, training, test, error)
                     : 0;
    idx_file_close(training);
    idx_file_close(test);
    return result;
}

int data_look(struct data_look *look, const struct model *model, size_t count, struct error *error)
{
    *look = (struct data_look){0};
    return look_at_labels(look, model, count, error) == 0 ? look_at_test(look, model, error) : -1;
}
