/* class_weights.c: see class_weights.h. */
#include "train/class_weights.h"

#include "data/idx_file.h"

enum { LABELS = 4096 }; /* read at once */

/* Samples to train on of each class: all but those at the end, or of an index those that it ends with, ascending. */
static int count_each(uint64_t samples_of[CLASS_WEIGHTS_MOST], struct idx_file *labels, const uint32_t *index,
                      size_t count, struct error *error)
{
    const size_t all = idx_file_count(labels);
    size_t next = count;
    uint8_t some[LABELS];

    for (size_t at = 0; at < all;) {
        const size_t part = all - at < LABELS ? all - at : LABELS;

        if (idx_file_read(labels, part, some, error) != 0)
            return -1;
        for (size_t i = 0; i < part; i++, at++) {
            const bool back = index ? next < all && index[next] == at : at >= count;
            next += back;
            samples_of[some[i]] += !back;
        }
    }
    return 0;
}

static int balance(float weights[CLASS_WEIGHTS_MOST], const struct model *model,
                   const struct samples *samples, size_t count, struct error *error)
{
    struct idx_file *labels = idx_file_open(model->paths.train_labels, error);
    uint64_t samples_of[CLASS_WEIGHTS_MOST] = {0};
    size_t there = 0;
    int result = -1;

    if (labels)
        result = count_each(samples_of, labels, samples_index(samples), count, error);
    idx_file_close(labels);
    for (size_t c = 0; c < CLASS_WEIGHTS_MOST; c++)
        there += samples_of[c] > 0;
    for (size_t c = 0; c < CLASS_WEIGHTS_MOST; c++)
        weights[c] = samples_of[c] ? (float)((double)count / ((double)there * (double)samples_of[c])) : 1.0f;
    return result;
}

int class_weights_make(float weights[CLASS_WEIGHTS_MOST], const struct model *model,
                       const struct samples *samples, size_t count, struct error *error)
{
    const struct setting_numbers *wanted = &model->settings.train.class_weights;

    if (wanted->word == CLASS_WEIGHTS_BALANCED)
        return balance(weights, model, samples, count, error) == 0 ? 1 : -1;
    if (wanted->count == 1) /* the same for all, which the mean divides by again */
        return 0;
    for (int32_t c = 0; c < wanted->count; c++)
        weights[c] = (float)wanted->value[c];
    return 1;
}
