/* resumption.c: see resumption.h. */
#include "train/resumption.h"

#include <stdlib.h>
#include <string.h>

#include "model/settings_tables.h"
#include "run/run_info.h"
#include "run/run_model.h"
#include "train/rank_model.h"

/* Why a key may not change in a resumed run. */
static const char *refusal(const char *key)
{
    static const struct {
        const char *key, *why;
    } known[] = {
        {"train.seed", "the random numbers so far came from the old one"},
        {"train.batch", "the steps so far used the old one"},
        {"train.groups", "sums would be rounded differently"},
        {"train.from", "the run has its weights already, and does not read a file again"},
        {"train.from_prefix", "the run has its weights already, and does not read a file again"},
        {"train.from_strict", "the run has its weights already, and does not read a file again"},
        {"output.directory", "a run stays in its folder"},
    };

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(key, known[i].key) == 0)
            return known[i].why;
    return "it would be a different network or different data";
}

/* A run in another folder is a new one anyway. */
static enum error_advice advice_of(const char *key)
{
    return strcmp(key, "output.directory") == 0 ? ADVICE_NONE : ADVICE_NEW_RUN;
}

/* No key of any config, so that nothing could change. */
static bool is_unknown(const char *key)
{
    return !setting_find_path(&settings_schema, key) && !setting_path_within(key, "network");
}

static int check_overrides(const struct model_options *options, struct error *error)
{
    struct config_forbidden key;

    for (size_t i = 0; i < options->override_count; i++) {
        const int forbidden = config_forbids(options->overrides[i], &settings_schema, SETTING_RESUME, &key);
        if (forbidden < 0)
            return error_memory(error);
        if (forbidden && is_unknown(key.path))
            continue; /* the config's own check says so */
        if (forbidden)
            return error_set_at(error, ERROR_ARGUMENT,
                                &(struct error_facts){.key = key.path, .advice = advice_of(key.path)},
                                "%s%s%s%s%scannot change in a resumed run: %s", options->overrides[i],
                                key.left_out || key.within ? ": " : " ", key.left_out ? "leaves out " : "",
                                key.within ? key.path : "",
                                key.left_out ? ", which "
                                : key.within ? " "
                                             : "",
                                refusal(key.path));
    }
    return 0;
}

static int take_output(struct model *model, const char *run, struct error *error)
{
    struct output_settings *output = &model->settings.output, told = *output;

    if (run_info_output(run, &told, error) != 0)
        return -1;
    if (!config_gives(model->config, "output.keep"))
        output->keep = told.keep;
    if (!config_gives(model->config, "output.report"))
        output->report = told.report;
    return 0;
}

/* Paths may change, but not make of a number of samples files of their own. */
static int check_validation(const struct model *model, struct error *error)
{
    static const char key[] = "data.validation";

    if (!config_gives(model->config, key))
        return 0;
    return error_set_at(
        error, ERROR_ARGUMENT, &(struct error_facts){.key = key},
        "%s: cannot change in a resumed run from a number of training samples to files of their own", key);
}

static int open_run(struct resumption *resumption, const char *folder, const struct model_options *options,
                    struct error *error)
{
    if (check_overrides(options, error) != 0)
        return -1;
    resumption->run = run_folder_open(folder, error);
    if (!resumption->run ||
        run_model_open_run(&resumption->model, resumption->run, options, &resumption->warnings, error) != 0)
        return -1;
    return check_validation(&resumption->model, error) == 0
               ? take_output(&resumption->model, run_folder_path(resumption->run), error)
               : -1;
}

int resumption_open(struct resumption *resumption, const char *folder, const struct model_options *options,
                    struct ranks *ranks, struct error *error)
{
    int failed = 0;

    *resumption = (struct resumption){0};
    if (ranks_writes(ranks))
        failed = open_run(resumption, folder, options, error);
    if (ranks_agree(ranks, 0, failed, NULL, error) != 0)
        return -1;
    return ranks ? rank_model_share(&resumption->model, options, ranks, error) : 0;
}

void resumption_close(struct resumption *resumption)
{
    model_finish(&resumption->model);
    run_folder_close(resumption->run);
    free(resumption->warnings);
    *resumption = (struct resumption){0};
}
