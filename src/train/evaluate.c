/* evaluate.c: see evaluate.h. */
#include "train/evaluate.h"

#include <stdlib.h>

#include "base/memory.h"

size_t evaluate_batch(size_t window)
{
    return window < 1024 ? window : 1024;
}

int evaluate(struct stepper *stepper, struct samples *samples, size_t first, size_t count, size_t batch,
             struct evaluation *result, struct error *error)
{
    const struct samples_walk walk = {.first = first, .count = count};
    struct step_sums sums = {0};
    uint32_t *said = result->confusion ? memory_array(batch, sizeof *said) : NULL;
    struct batch now;
    int failed = -1;

    result->count = 0;
    if (result->confusion && !said)
        return error_memory(error);
    if (samples_start(samples, &walk, error) != 0)
        goto done;
    while ((failed = samples_next(samples, batch, &now, error)) == 0 && now.count > 0) {
        stepper_evaluate(stepper, &now, &sums, said, NULL);
        result->count += now.count;
        for (size_t i = 0; said && i < now.count; i++)
            result->confusion[now.labels[i][0] * result->classes + said[i]]++;
    }
    if (failed)
        goto done;
    result->right = sums.right;
    result->loss = result->count ? sums.loss / (double)result->count : 0;
    result->accuracy = result->count ? (double)sums.right / (double)result->count : 0;
done:
    free(said);
    return failed ? -1 : 0;
}
