/* nnrun_save.c: a model as a checkpoint. */
#include "api/host.h"
#include "api/public_argument.h"
#include "api/public_error.h"
#include "api/public_model.h"

static int save(const nnrun_model *model, const char *path, struct error *error)
{
    const struct learned *learned;

    if (public_need("nnrun_save", "model", model, error) != 0 ||
        public_need_path("nnrun_save", "path", path, error) != 0)
        return -1;
    learned = public_model_learned(model, error);
    return learned ? train_state_write(&learned->state, &model->model, path, error) : -1;
}

int nnrun_save(const nnrun_model *model, const char *path, nnrun_error *error)
{
    struct error own = {0};
    struct host host;

    host_enter(&host);
    save(model, path, &own);
    host_leave(&host);
    return public_error_give(error, &own);
}
