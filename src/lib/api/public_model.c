/* public_model.c: what a model has learned: weights, and what is made of them. */
#include "api/public_model.h"

#include <stdlib.h>
#include <string.h>

#include "api/host.h"
#include "base/memory.h"

static int list_tensors(struct learned *learned, const struct net *net, struct error *error)
{
    learned->tensors = memory_array(net->tensor_count, sizeof *learned->tensors);
    if (!learned->tensors)
        return error_memory(error);
    for (size_t i = 0; i < net->tensor_count; i++) {
        const struct net_tensor *tensor = &net->tensors[i];
        const bool averaged = tensor->made.role == NNRUN_STATE;
        nnrun_tensor_info *told = &learned->tensors[i];

        *told = (nnrun_tensor_info){.name = tensor->name,
                                    .rank = (uint32_t)tensor->made.shape.rank,
                                    .averaged = averaged,
                                    .count = tensor->count,
                                    .values = (averaged ? learned->state.states : learned->state.weights) +
                                              tensor->offset};
        memcpy(told->dim, tensor->made.shape.dim, sizeof told->dim);
    }
    return 0;
}

static void drop(struct learned *learned)
{
    predictor_destroy(learned->predictor);
    train_state_finish(&learned->state);
    free(learned->tensors);
    learned->predictor = NULL;
    learned->tensors = NULL;
}

/* The state may have been loaded. */
static int learn(struct learned *learned, const struct model *model, struct error *error)
{
    const int failed = learned->state.weights ? 0 : train_state_init(&learned->state, model, false, error);

    if (!failed && list_tensors(learned, model->net, error) == 0 &&
        (learned->predictor = predictor_create(model, &learned->state, error)))
        return 0;
    drop(learned);
    return -1;
}

const struct learned *public_model_learned(const nnrun_model *model, struct error *error)
{
    struct learned *learned = model->learned;
    struct host host;
    bool there;

    pthread_mutex_lock(&learned->mutex);
    if (!learned->there) {
        host_enter(&host);
        learned->there = learn(learned, &model->model, error) == 0;
        host_leave(&host);
    }
    there = learned->there;
    pthread_mutex_unlock(&learned->mutex);
    return there ? learned : NULL;
}

int public_model_learn(nnrun_model *model, struct error *error)
{
    model->learned = memory_array(1, sizeof *model->learned);
    if (!model->learned)
        return error_memory(error);
    pthread_mutex_init(&model->learned->mutex, NULL);
    if (!model->model.file)
        return 0;
    if (train_state_load(&model->learned->state, &model->model, model->model.file, false, error) != 0)
        return -1;
    model_release_file(&model->model); /* first: derived weights may be as large again, and more */
    return public_model_learned(model, error) ? 0 : -1;
}

void public_model_forget(nnrun_model *model)
{
    if (model->learned) {
        drop(model->learned);
        pthread_mutex_destroy(&model->learned->mutex);
    }
    free(model->learned);
    model->learned = NULL;
}
