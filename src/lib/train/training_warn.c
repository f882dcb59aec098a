/* training_warn.c: see training_warn.h. */
#include "train/training_warn.h"

#include <math.h>
#include <stdio.h>

#include "base/text.h"
#include "model/settings_tables.h"
#include "model/warning.h"
#include "train/schedule.h"

int training_warn(struct training *t, const char *name, const char *text, struct error *error)
{
    const struct warning_event event = {.name = name, .text = text, .step = t->state.step};

    if (training_log(t, event_warning_json(&event), error) != 0)
        return -1;
    if (t->spec->listener.warning)
        t->spec->listener.warning(t->spec->listener.arg, &event);
    return 0;
}

/* What a warning of the model needs to become one of the training. */
struct passing {
    struct training *t;
    struct error *error;
};

static int pass_on(void *arg, const struct warning *warning)
{
    const struct passing *passing = arg;

    return training_warn(passing->t, warning->name, warning->text, passing->error);
}

/* ---- a new run ---------------------------------------------------------------------------------------- */

enum { LIST_TEXT = 256, LIST_MOST = 16 };

/* "class 3" or "classes 0, 1, 2" of those that `some` lacks and `all` has. */
static const char *list_missing(const uint64_t some[DATA_LOOK_CLASSES], const uint64_t all[DATA_LOOK_CLASSES],
                                char text[LIST_TEXT])
{
    char list[LIST_TEXT - 16] = "";
    unsigned count = 0;

    for (unsigned c = 0; c < DATA_LOOK_CLASSES; c++)
        if (some[c] == 0 && all[c] > 0 && count++ < LIST_MOST)
            text_add(list, sizeof list, "%s%u", count > 1 ? ", " : "", c);
    snprintf(text, LIST_TEXT, "%s %s%s", count > 1 ? "classes" : "class", list,
             count > LIST_MOST ? ", ..." : "");
    return text;
}

/* Whether `some` of all samples, had they been drawn at random, would hardly ever lack so many of the classes. */
static bool lacks_classes(const uint64_t some[DATA_LOOK_CLASSES], const uint64_t others[DATA_LOOK_CLASSES])
{
    double part = 0, all = 0, missing = 0, by_chance = 0;

    for (unsigned c = 0; c < DATA_LOOK_CLASSES; c++) {
        part += (double)some[c];
        all += (double)(some[c] + others[c]);
    }
    for (unsigned c = 0; c < DATA_LOOK_CLASSES; c++) {
        missing += some[c] == 0 && others[c] > 0;
        if (some[c] + others[c] > 0)
            by_chance += schedule_power(1 - part / all, some[c] + others[c]);
    }
    return missing > by_chance + 3 * sqrt(by_chance) + 0.5;
}

static int tell_of_own(const struct training *t, const struct warning_listener *to, const char *place)
{
    const struct data_look *look = &t->look;
    char missing[LIST_TEXT];

    if (lacks_classes(look->validation, look->training))
        return warning_tell(t->model, to, WARNING_VALIDATION_CLASSES, place,
                            "the validation samples have none of %s: the best weights are chosen without "
                            "them; give other files",
                            list_missing(look->validation, look->training, missing));
    if (lacks_classes(look->training, look->validation))
        return warning_tell(t->model, to, WARNING_VALIDATION_CLASSES, place,
                            "the validation samples have some of %s, but the training samples have none: the "
                            "network cannot learn them; give other files",
                            list_missing(look->training, look->validation, missing));
    return 0;
}

static int tell_of_classes(const struct training *t, const struct warning_listener *to)
{
    const struct data_look *look = &t->look;
    char place[CONFIG_PLACE_TEXT], missing[LIST_TEXT];

    if (!look->counted)
        return 0;
    config_place_key(t->model->config, "data.validation", place);
    if (t->own_validation)
        return tell_of_own(t, to, place);
    if (lacks_classes(look->validation, look->training))
        return warning_tell(
            t->model, to, WARNING_VALIDATION_CLASSES, place,
            "the last %zu samples of the training file, kept for validation, have none of %s: the "
            "best weights are chosen without them; shuffle the file, which may be sorted by class",
            t->validation, list_missing(look->validation, look->training, missing));
    if (lacks_classes(look->training, look->validation))
        return warning_tell(
            t->model, to, WARNING_VALIDATION_CLASSES, place,
            "all samples of %s are among the last %zu of the training file, which are kept for "
            "validation: the network cannot learn them; shuffle the file, which may be sorted by "
            "class",
            list_missing(look->training, look->validation, missing), t->validation);
    return 0;
}

static int tell_of_constants(const struct training *t, const struct warning_listener *to)
{
    const char *what = t->model->net->input.rank == 1 ? "feature" : "channel";
    char place[CONFIG_PLACE_TEXT], others[64] = "";

    if (t->constant == 0)
        return 0;
    if (t->constant > 1)
        snprintf(others, sizeof others, " and %zu other%s", t->constant - 1, t->constant > 2 ? "s" : "");
    return warning_tell(
        t->model, to, WARNING_CONSTANT_INPUT, config_place_key(t->model->config, "data.normalize", place),
        "%s %zu (the first is 0)%s %s the same in all training samples: the network learns nothing "
        "from %s, and %s divided by 1",
        what, t->first_constant, others, t->constant > 1 ? "are" : "is", t->constant > 1 ? "them" : "it",
        t->constant > 1 ? "they are" : "it is");
}

static int warn_of_new(struct training *t, const struct warning_listener *to, struct error *error)
{
    if (warning_model(t->model, to, error) != 0 || tell_of_classes(t, to) != 0 ||
        tell_of_constants(t, to) != 0)
        return -1;
    return t->look.tests_training ? warning_tell_tests_training(t->model, to) : 0;
}

/* ---- a resumed run ------------------------------------------------------------------------------------ */

static double rate_at(const struct training *t, uint64_t step)
{
    return t->settings->optimizer.rate *
           schedule_factor(&t->settings->schedule, step, t->steps, (uint64_t)t->settings->epochs);
}

/* The rate of the last step, had it been made with these settings, tells whether they are others than it had. A cosine
 * depends on the number of epochs, of which one hardly thinks. */
static int warn_of_resumed(const struct training *t, const struct warning_listener *to)
{
    const struct train_state *state = &t->state;
    char place[CONFIG_PLACE_TEXT];
    double before;

    if (warning_override(t->model, to) != 0)
        return -1;
    if (t->settings->schedule.type != SCHEDULE_COSINE || state->step == 0 || training_is_finished(t) ||
        !config_gives(t->model->config, "train.epochs"))
        return 0;
    before = rate_at(t, state->step - 1);
    if (fabs(before - state->rate) <= 1e-9 * t->settings->optimizer.rate)
        return 0;
    return warning_tell(
        t->model, to, WARNING_RATE_JUMPS, config_place_key(t->model->config, "train.epochs", place),
        "the learning rate jumps from %.3g to %.3g, as the cosine now ends with epoch %d; the loss "
        "may rise at first; to continue with less, lower train.optimizer.rate, now %g",
        state->rate, rate_at(t, state->step), (int)t->settings->epochs, t->settings->optimizer.rate);
}

static void watch_loss(struct training *t)
{
    const struct train_state *state = &t->state;
    const double *history = state->history;

    if (state->epoch > 0)
        loss_watch_resume(&t->loss, history[HISTORY_LOSS],
                          history[(state->epoch - 1) * HISTORY_COLUMNS + HISTORY_LOSS]);
    else if (state->consumed > 0)
        loss_watch_resume(&t->loss, state->sums.loss / (double)state->consumed,
                          state->sums.loss / (double)state->consumed);
    else
        loss_watch_init(&t->loss);
}

int training_warn_at_start(struct training *t, struct error *error)
{
    struct passing passing = {.t = t, .error = error};
    const struct warning_listener to = {.use = pass_on, .arg = &passing};

    watch_loss(t);
    return training_is_resumed(t) ? warn_of_resumed(t, &to) : warn_of_new(t, &to, error);
}

/* ---- steps -------------------------------------------------------------------------------------------- */

/* A tenth of the rate, or what is usual if that is less. */
static double rate_to_try(const struct optimizer_settings *optimizer)
{
    const struct setting_section *section = &settings_sections[SECTION_OPTIMIZER + optimizer->type];
    const double usual = setting_find(section->table, section->count, "rate")->fallback;

    return optimizer->rate / 10 < usual ? optimizer->rate / 10 : usual;
}

int training_warn_of_loss(struct training *t, double sum, size_t samples, struct error *error)
{
    struct passing passing = {.t = t, .error = error};
    const struct warning_listener to = {.use = pass_on, .arg = &passing};
    char place[CONFIG_PLACE_TEXT];

    if (!loss_watch_add(&t->loss, sum, samples))
        return 0;
    return warning_tell(
        t->model, &to, WARNING_LOSS_GROWS, config_place_key(t->model->config, "train.optimizer.rate", place),
        "the loss grows: from %.3g to %.3g, the mean of the last %d steps; the learning rate is "
        "probably too high; try train.optimizer.rate=%.2g",
        t->loss.least, t->loss.last, (int)LOSS_WATCH_STEPS, rate_to_try(&t->settings->optimizer));
}
