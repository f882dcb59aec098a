/* nnrun_evaluation.c: what a model made of a data set. */
#include <stddef.h>
#include <stdlib.h>

#include "api/host.h"
#include "api/public_argument.h"
#include "api/public_error.h"
#include "api/public_evaluation.h"
#include "api/public_struct.h"
#include "base/memory.h"
#include "train/mcnemar.h"

/* The structure as the first header had it; later members come after these. */
enum { FIRST_COMPARISON = offsetof(nnrun_comparison, p) + sizeof(double) };

static const struct public_evaluation *all_of(const nnrun_evaluation *evaluation)
{
    return (const struct public_evaluation *)(const void *)evaluation;
}

const struct evaluation *public_evaluation_result(const nnrun_evaluation *evaluation)
{
    return &all_of(evaluation)->result;
}

static nnrun_class_figures figures_of(const struct evaluation *result, size_t class)
{
    const struct class_figures figures = evaluation_class(result, class);

    return (nnrun_class_figures){.samples = figures.samples,
                                 .said = figures.predicted,
                                 .right = figures.right,
                                 .recall = figures.recall,
                                 .precision = figures.precision};
}

static nnrun_mistake mistake_of(const struct mistake *mistake)
{
    return (nnrun_mistake){.sample = mistake->sample,
                           .label = mistake->label,
                           .said = mistake->predicted,
                           .confidence = mistake->confidence,
                           .pixels = mistake->pixels};
}

int public_evaluation_tell(struct public_evaluation *evaluation, const struct evaluation *result)
{
    const struct evaluation_interval interval = evaluation_interval(result->right, result->count);

    *evaluation = (struct public_evaluation){
        .told = {.count = result->count,
                 .right = result->right,
                 .accuracy = result->accuracy,
                 .low = interval.low,
                 .high = interval.high,
                 .loss = result->loss},
        .result = *result,
        .figures = memory_array(result->classes, sizeof *evaluation->figures),
        .mistakes = memory_array(result->mistakes.count, sizeof *evaluation->mistakes)};
    if (!evaluation->figures || !evaluation->mistakes)
        return -1;
    evaluation->told.classes = result->classes;
    evaluation->told.confusion = result->confusion;
    evaluation->told.mistakes = result->mistakes.count;
    for (size_t i = 0; i < result->classes; i++)
        evaluation->figures[i] = figures_of(result, i);
    for (size_t i = 0; i < result->mistakes.count; i++)
        evaluation->mistakes[i] = mistake_of(&result->mistakes.list[i]);
    return 0;
}

void public_evaluation_drop(struct public_evaluation *evaluation)
{
    free(evaluation->figures);
    free(evaluation->mistakes);
}

nnrun_evaluation *public_evaluation_take(struct evaluation *result)
{
    struct public_evaluation *evaluation = memory_array(1, sizeof *evaluation);

    if (evaluation && public_evaluation_tell(evaluation, result) == 0) {
        *result = (struct evaluation){0};
        return &evaluation->told;
    }
    if (evaluation)
        public_evaluation_drop(evaluation);
    free(evaluation);
    return NULL;
}

void nnrun_evaluation_free(nnrun_evaluation *evaluation)
{
    struct public_evaluation *all = (struct public_evaluation *)(void *)evaluation;

    if (!all)
        return;
    public_evaluation_drop(all);
    evaluation_finish(&all->result);
    free(all);
}

uint64_t nnrun_evaluation_unanswered(const nnrun_evaluation *evaluation)
{
    return all_of(evaluation)->result.unanswered;
}

double nnrun_evaluation_balanced_accuracy(const nnrun_evaluation *evaluation)
{
    struct host host;
    double accuracy;

    host_enter(&host); /* who may round another way */
    accuracy = evaluation_balanced_accuracy(&all_of(evaluation)->result);
    host_leave(&host);
    return accuracy;
}

size_t nnrun_evaluation_areas(const nnrun_evaluation *evaluation)
{
    return all_of(evaluation)->result.areas.count;
}

double nnrun_evaluation_area(const nnrun_evaluation *evaluation, size_t i)
{
    const struct areas *areas = &all_of(evaluation)->result.areas;

    return i < areas->count ? areas->area[i] : areas->mean;
}

const nnrun_class_figures *nnrun_evaluation_class(const nnrun_evaluation *evaluation, size_t i)
{
    return i < evaluation->classes ? &all_of(evaluation)->figures[i] : NULL;
}

const nnrun_mistake *nnrun_evaluation_mistake(const nnrun_evaluation *evaluation, size_t i)
{
    return i < evaluation->mistakes ? &all_of(evaluation)->mistakes[i] : NULL;
}

int nnrun_evaluation_write_mistakes(const nnrun_evaluation *evaluation, const char *folder,
                                    nnrun_error *error)
{
    static const char function[] = "nnrun_evaluation_write_mistakes";
    struct error own = {0};

    if (public_need(function, "evaluation", evaluation, &own) != 0 ||
        public_need_path(function, "folder", folder, &own) != 0)
        return public_error_give(error, &own);

    const struct evaluation *result = public_evaluation_result(evaluation);
    if (result->classes == 0)
        error_set_at(&own, ERROR_DATA, &(struct error_facts){.file = folder},
                     "not made: the samples have no single label, so none is confused with another");
    else
        mistakes_write(&result->mistakes, folder, &result->shape, &own);
    return public_error_give(error, &own);
}

int nnrun_evaluation_compare(const nnrun_evaluation *first, const nnrun_evaluation *second,
                             nnrun_comparison *comparison, nnrun_error *error)
{
    static const char function[] = "nnrun_evaluation_compare";
    struct error own = {0};
    struct mcnemar result = {0};

    if (public_need(function, "first", first, &own) == 0 &&
        public_need(function, "second", second, &own) == 0 &&
        public_need(function, "comparison", comparison, &own) == 0) {
        const struct evaluation *a = public_evaluation_result(first), *b = public_evaluation_result(second);
        if (!a->verdicts || !b->verdicts)
            error_set(&own, ERROR_ARGUMENT, "%s: both evaluations must come from nnrun_test with `compare`",
                      function);
        else
            mcnemar_compare(&result, a, b, &own);
    }
    if (public_struct_begin(comparison, FIRST_COMPARISON)) {
        const nnrun_comparison told = {.both = result.both,
                                       .only_first = result.only_first,
                                       .only_second = result.only_second,
                                       .neither = result.neither,
                                       .p = result.p};
        public_struct_give(comparison, &told, sizeof told);
    }
    return public_error_give(error, &own);
}

int nnrun_check_mistakes_folder(const char *folder, nnrun_error *error)
{
    struct error own = {0};

    if (public_need_path("nnrun_check_mistakes_folder", "folder", folder, &own) == 0)
        mistakes_check_folder(folder, &own);
    return public_error_give(error, &own);
}
