/* memory_need.c: see memory_need.h. */
#include "train/memory_need.h"

#include "base/memory.h"
#include "model/model_fit.h"

int memory_need_check(const struct model *model, const struct executor_spec *specs, size_t count,
                      size_t copies, size_t more, struct error *error)
{
    size_t all = more, part;
    bool fits = size_multiply(model->net->weights, sizeof(float), &part) &&
                size_add_array(&all, copies, part) && size_add(all, model->net->derived_bytes, &all);

    for (size_t i = 0; fits && i < count; i++)
        fits = executor_bytes(&specs[i], &part) && size_add(all, part, &all);
    return model_check_memory(model, fits ? all : SIZE_MAX, error);
}
