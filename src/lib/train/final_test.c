/* final_test.c: see final_test.h. */
#include "train/final_test.h"

#include "run/run_checkpoints.h"
#include "train/training_warn.h"

/* What only steps need: a checkpoint of it and its weights may be as large. All steps are saved by now. */
static void leave_learning(struct training *t)
{
    executor_destroy(t->executor);
    t->executor = NULL;
    optimizer_finish(&t->state.optimizer);
}

/* Puts the best weights in place of the last. Returns 0, -1, or 1 if best.safetensors is gone, or of another
 * epoch than the state says: a killed run left it, and was then resumed with other settings. */
static int load_best(struct training *t, struct error *error)
{
    struct safetensors *file;
    int result;

    if (!t->run)
        return 0;
    if (run_checkpoints_best(run_folder_path(t->run), &file, error) != 0)
        return -1;
    if (!file)
        return 1;
    result = train_state_load_weights(&t->state, t->model, file, t->state.best_epoch, error);
    safetensors_free(file);
    return result;
}

/* The rank that writes has them, and gives them to the others. */
static int take_best(struct training *t, struct error *error)
{
    struct ranks *ranks = t->spec->ranks;
    const int other = load_best(t, error);
    unsigned bits = other > 0 ? RANKS_OTHER_BEST : 0;

    if (ranks_agree(ranks, bits, other < 0, &bits, error) != 0)
        return -1;
    if (bits & RANKS_OTHER_BEST)
        return 1;
    ranks_broadcast(ranks, t->state.weights, t->model->net->weights * sizeof(float));
    ranks_broadcast(ranks, t->state.states, t->model->net->states * sizeof(float));
    derived_weights_forget(&t->derived);
    return 0;
}

int final_test_run(struct training *t, struct evaluation *result, struct error *error)
{
    struct test_event event = {.model = t->model, .checkpoint = "last", .epoch = t->state.epoch};

    if (!t->test)
        return 0;
    leave_learning(t);
    if (t->state.best_epoch > 0) {
        const int other = take_best(t, error);
        if (other < 0)
            return -1;
        if (other) {
            if (training_warn(
                    t, NULL,
                    "there is no best.safetensors of this run's best epoch; the last weights are tested",
                    error) != 0)
                return -1;
        } else {
            event.checkpoint = "best";
            event.epoch = t->state.best_epoch;
        }
    }
    if (evaluation_init(result, t->model->net, t->test, t->spec->mistakes, error) != 0 ||
        training_evaluate(t, t->test, 0, samples_count(t->test), result, error) != 0)
        return -1;
    event.result = *result;
    if (training_log(t, event_test_json(&event, t->state.step), error) != 0)
        return -1;
    if (t->spec->listener.test)
        t->spec->listener.test(t->spec->listener.arg, &event, t->state.step);
    return training_check_loss(t, result->loss, "the test samples", error);
}
