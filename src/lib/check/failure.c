/* failure.c: see failure.h. */
#include "check/failure.h"

#include <stdio.h>
#include <string.h>

#include "net/plugin.h"

enum { PLACE_TEXT = PART_TEXT + 64 };

/* The words of each kind: %p the part, %l the place, %i its index alone, %f the function, %0 %1 %2 the figures
 * with so many significant digits. */
#define DIFFERENCE ": %l is %0, not %1"
static const struct {
    const char *words;
    int digits;
} kinds[FAILURE_KINDS] = {
    [FAILURE_GRADIENT] = {"gradient by %p is wrong: by %l it is %0 by differences, %1 by backward", 6},
    [FAILURE_LOSS_GRADIENT] =
        {"gradient of the loss by %p is wrong: by number %i it is %0 by differences, %1 by backward", 6},
    [FAILURE_KINKS] = {"gradient by %p cannot be compared: forward has a kink on each of %0 directions", 9},
    [FAILURE_PORTABLE] = {"differs from portable by %0 of the largest element of %p, more than %1", 2},
    [FAILURE_LEVEL_BITS] = {"the bits are not those of the level below" DIFFERENCE, 9},
    [FAILURE_LEVEL_BITS_ADDING] =
        {"the bits are not those of the level below, adding to a gradient" DIFFERENCE, 9},
    [FAILURE_ARITHMETIC] = {"leaves the thread with a different rounding or treatment of denormals", 0},
    [FAILURE_NOT_FINITE] = {"%p[%i] is not finite, or was not written", 0},
    [FAILURE_IN_FRONT] = {"%f writes before %p", 0},
    [FAILURE_BEHIND] = {"%f writes after the end of %p", 0},
    [FAILURE_READ_ONLY] = {"%f changes %p, which it may only read", 0},
    [FAILURE_WRITES] = {"%f writes to %p", 0},
    [FAILURE_INSTANCE] = {"%f changes its instance", 0},
    [FAILURE_NOT_ADDED] = {"backward does not add to dw: %l was %0, the gradient is %1, it became %2", 9},
    [FAILURE_HEEDS_FIRST] = {"backward depends on `first` without flag NNRUN_STORES: %p differs", 0},
    [FAILURE_IDLE_LANES] = {"backward must leave zero in lanes from count = %0 on: %l is %1", 9},
    [FAILURE_REPETITION] = {"two equal calls give different results" DIFFERENCE, 9},
    [FAILURE_OLD_MEMORY] =
        {"the result depends on what y, dx, keep, derived or scratch held before the call" DIFFERENCE, 9},
    [FAILURE_READS_X] = {"backward reads x without flag NNRUN_READS_X" DIFFERENCE, 9},
    [FAILURE_READS_Y] = {"backward reads y without flag NNRUN_READS_Y" DIFFERENCE, 9},
    [FAILURE_IN_PLACE] = {"flag NNRUN_IN_PLACE, but the result differs in place" DIFFERENCE, 9},
    [FAILURE_ONE_X] = {"the result differs if one buffer is several inputs" DIFFERENCE, 9},
    [FAILURE_ADDED_TO_ZERO] = {"adding to zero gives a different gradient from the first call" DIFFERENCE, 9},
    [FAILURE_UNWANTED_DX] = {"the result differs if a dx is not wanted" DIFFERENCE, 9},
    [FAILURE_EVALUATION] = {"evaluation and training give different results" DIFFERENCE, 9},
    [FAILURE_MIXES] = {"a lane depends on another without flag NNRUN_MIXES_LANES" DIFFERENCE, 9},
    [FAILURE_MIXES_EVALUATED] = {"in evaluation a lane depends on another" DIFFERENCE, 9},
    [FAILURE_COUNT] = {"a lane that counts depends on count" DIFFERENCE, 9},
    [FAILURE_COUNT_EVALUATED] = {"in evaluation a lane depends on count" DIFFERENCE, 9},
    [FAILURE_READS_IDLE] = {"a lane that counts depends on one from count on" DIFFERENCE, 9},
    [FAILURE_IDLE_EFFECT] = {"lanes from count on have an effect" DIFFERENCE, 9},
    [FAILURE_DERIVED_REPETITION] = {"two equal calls of make for part %0 give different bytes: byte %i of %p",
                                    4},
    [FAILURE_DERIVED_MEMORY] =
        {"what make writes for part %0 depends on what %p held before: byte %i differs", 4},
    [FAILURE_DERIVED_OVERLAP] = {"parts %0 and %1 of make both write byte %i of %p", 4},
    [FAILURE_DERIVED_GAP] = {"no part of make writes byte %i of %p", 0},
    [FAILURE_DERIVED_LEVELS] = {"make does not write the bytes of the level below: byte %i of %p differs", 0},
    [FAILURE_HIDDEN_NAN] = {"a NaN in %l does not show in y", 0},
    [FAILURE_ONE_BITS] = {"forward for one sample does not give the bits of a slice" DIFFERENCE, 9},
    [FAILURE_ONE_MEMORY] =
        {"for one sample the result depends on what y, scratch or the end of x held before the call" DIFFERENCE,
         9},
    [FAILURE_ONE_MAKE] = {"make for one sample does not write byte %i of %p, or it depends on what was there "
                          "or on the order of the parts",
                          0},
    [FAILURE_OPERATORS] = {"the operators that it describes do not compute what forward does" DIFFERENCE, 9},
    [FAILURE_TRAIT_LINEAR] = {"trait NNRUN_LINEAR, but from its values at x and -2x, %l at 0 is %0, not %1",
                              6},
    [FAILURE_TRAIT_ELEMENTWISE] =
        {"trait NNRUN_ELEMENTWISE, but one value of x changes %l, too: it is %0, it was %1", 6},
    [FAILURE_TRAIT_SIGN] = {"trait NNRUN_KEEPS_SIGN, but %l is %0, and no x is negative", 6},
    [FAILURE_TRAIT_NOT_NEGATIVE] = {"trait NNRUN_NOT_NEGATIVE, but %l is %0", 6},
    [FAILURE_TRAIT_DISTRIBUTION] =
        {"trait NNRUN_DISTRIBUTION, but from %l on the values of the sample sum to %0", 6},
    [FAILURE_TRAIT_LOGITS] = {"trait NNRUN_TAKES_LOGITS, but %l is %0, outside 0 to 1", 6},
    [FAILURE_USES_INEXACT] = {"uses %p, whose last bits differ from one C library to another; nnrun/math.h "
                              "has functions that give the same everywhere",
                              0},
    [FAILURE_USES_RANDOM] = {"uses %p; random numbers come with the slice, so that a run can be repeated", 0},
    [FAILURE_USES_CLOCK] = {"uses %p; a result must not depend on the time", 0},
    [FAILURE_USES_MEMORY] = {"uses %p; a plugin allocates nothing: plan asks for keep_bytes, scratch_bytes",
                             0},
    [FAILURE_USES_FILES] = {"uses %p; a plugin opens no file", 0},
    [FAILURE_USES_THREADS] = {"uses %p; a plugin starts no thread or process, and waits for none", 0},
    [FAILURE_USES_ENVIRONMENT] = {"uses %p; a result depends on the settings and the slice alone", 0},
    [FAILURE_USES_EXIT] = {"uses %p; a plugin does not end the process", 0},
    [FAILURE_VARIABLES] =
        {"keeps variables (%p) from call to call; use scratch_bytes, keep_bytes or the instance, and make "
         "tables const",
         0},
    [FAILURE_PLAN_TENSORS] =
        {"planned for evaluation alone, its output or its tensors differ from those planned for training", 0},
    [FAILURE_PLAN_BITS] =
        {"planned for evaluation alone, it gives a different result from that planned for training" DIFFERENCE,
         9},
    [FAILURE_PLAN_BROKEN] = {"%p", 0},
    [FAILURE_DESCRIPTION] = {"%p", 0},
};

void failure_add(struct failure_list *list, const struct failure *failure)
{
    if (list->count < FAILURE_MOST)
        list->failure[list->count++] = *failure;
}

bool failure_is_gradient(const struct failure *failure)
{
    return failure->kind == FAILURE_GRADIENT || failure->kind == FAILURE_LOSS_GRADIENT;
}

bool failure_is_like(const struct failure *a, const struct failure *b)
{
    return a->kind == b->kind && a->backward == b->backward && a->make == b->make && a->one == b->one &&
           strcmp(a->part.what, b->part.what) == 0 &&
           (a->part.input == b->part.input || !failure_is_gradient(a));
}

void part_text(const struct part *part, char text[PART_TEXT])
{
    if (part->input < 0)
        snprintf(text, PART_TEXT, "%s", part->what);
    else
        snprintf(text, PART_TEXT, "%.*s[%d]", PART_TEXT - 16, part->what, part->input);
}

/* "x[1][3] of lane 5" */
static void write_place(const struct failure *failure, const char *part, char text[PLACE_TEXT])
{
    if (failure->lane == FAILURE_NO_LANE)
        snprintf(text, PLACE_TEXT, "%s[%zu]", part, failure->at);
    else
        snprintf(text, PLACE_TEXT, "%s[%zu] of lane %zu", part, failure->at, failure->lane);
}

/* What a letter behind % in the words of a kind stands for. */
static void write_fact(const struct failure *failure, char letter, char text[PLACE_TEXT])
{
    char part[PART_TEXT];

    part_text(&failure->part, part);
    if (letter == 'p')
        snprintf(text, PLACE_TEXT, "%s", part);
    else if (letter == 'l')
        write_place(failure, part, text);
    else if (letter == 'i')
        snprintf(text, PLACE_TEXT, "%zu", failure->at);
    else if (letter == 'f')
        snprintf(text, PLACE_TEXT, "%s%s",
                 failure->make       ? "make"
                 : failure->backward ? "backward"
                                     : "forward",
                 failure->one ? " for one sample" : "");
    else
        snprintf(text, PLACE_TEXT, "%.*g", kinds[failure->kind].digits, failure->figure[letter - '0']);
}

const char *failure_text(const struct failure *failure, char text[FAILURE_TEXT])
{
    size_t used = 0;
    char fact[PLACE_TEXT];

    if (failure->kind < FAILURE_USES_INEXACT) /* of a call, not of the file */
        used = (size_t)snprintf(text, FAILURE_TEXT, "%s%s: ", plugin_level_names[failure->level],
                                failure->as_loss ? ", as the loss" : "");
    for (const char *at = kinds[failure->kind].words; *at && used + sizeof fact < FAILURE_TEXT; at++) {
        if (*at != '%') {
            text[used++] = *at;
            continue;
        }
        write_fact(failure, *++at, fact);
        used += (size_t)snprintf(text + used, FAILURE_TEXT - used, "%s", fact);
    }
    text[used] = '\0';
    return text;
}
