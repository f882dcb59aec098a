/* train_state.c: see train_state.h. */
#include "train/train_state.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

int train_state_make(struct train_state *state, const struct model *model, bool with_optimizer,
                     struct error *error)
{
    *state = (struct train_state){.best = -1};
    state->weights = memory_array(model->net->weights, sizeof *state->weights);
    state->states = memory_array(model->net->states, sizeof *state->states);
    if (!state->weights || !state->states)
        return error_memory(error);
    if (normalization_init(&state->normalization, model, error) != 0)
        return -1;
    if (!with_optimizer)
        return 0;
    return optimizer_init(&state->optimizer, &model->settings.train.optimizer, model->net->learned, error);
}

int train_state_init(struct train_state *state, const struct model *model, bool with_optimizer,
                     struct error *error)
{
    if (train_state_make(state, model, with_optimizer, error) != 0)
        return -1;
    net_initialise(model->net, (uint64_t)model->settings.train.seed, state->weights, state->states);
    return 0;
}

void train_state_finish(struct train_state *state)
{
    optimizer_finish(&state->optimizer);
    normalization_finish(&state->normalization);
    free(state->weights);
    free(state->states);
    free(state->history);
    memset(state, 0, sizeof *state);
}

int train_state_add_history(struct train_state *state, const double row[HISTORY_COLUMNS], struct error *error)
{
    if (state->epoch == state->history_room) {
        const size_t room = state->history_room ? state->history_room * 2 : 16;
        size_t values;
        double *history = size_multiply(room, HISTORY_COLUMNS, &values)
                              ? memory_resize(state->history, values, sizeof *history)
                              : NULL;
        if (!history)
            return error_memory(error);
        state->history = history;
        state->history_room = room;
    }
    memcpy(state->history + state->epoch * HISTORY_COLUMNS, row, sizeof *row * HISTORY_COLUMNS);
    state->epoch++;
    return 0;
}
