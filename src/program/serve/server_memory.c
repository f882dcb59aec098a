/* server_memory.c: see server_memory.h. */
#include "serve/server_memory.h"

#include "base/memory.h"
#include "serve/asker.h"
#include "serve/limits.h"

enum {
    OF_PIXEL = 32,        /* bytes while a picture is decoded: two copies of four channels, and libpng's rows,
                              which are long if the picture is one row */
    OF_JSON = 80,         /* of a byte of JSON as a tree */
    OF_ANSWER = 8,        /* of a byte of an answer as a tree and while it becomes text */
    OF_CONNECTION = 4096, /* beside headers and body */
    OF_PROGRAM = 32 << 20, /* with its libraries and stacks */
    LONG_ANSWERS = 4
};

/* Of a question that asks for all there is. */
static size_t longest_answer(const struct question_limits *limits)
{
    const struct question table = {.table = true, .body = "\x1f\x8b", .size = LIMIT_BODY_BYTES}; /* gzip */
    const struct question layers = {.tell_input = true, .tell_layers = true};
    const struct question digits = {.tell_input = true, .all = true};
    const size_t answers[] = {question_answer_bytes(&layers, limits), question_answer_bytes(&digits, limits),
                              question_answer_bytes(&table, limits)};
    size_t most = 0;

    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++)
        most = answers[i] > most ? answers[i] : most;
    return most;
}

size_t server_memory_room(const struct question_limits *limits)
{
    return LIMIT_HELD_BYTES + LONG_ANSWERS * longest_answer(limits);
}

/* Of a thread: its context, samples and outputs, one answer in the making. */
static bool add_thread(size_t *total, const nnrun_info *info, size_t answer)
{
    return size_add(*total, info->context_bytes, total) &&
           size_add_array(total, ASKER_SAMPLES, info->inputs) &&
           size_add_array(total, (size_t)ASKER_SAMPLES * info->outputs, sizeof(float)) &&
           size_add_array(total, ASKER_BATCH * sizeof(float), info->inputs) && /* rows of a table */
           size_add_array(total, OF_ANSWER, answer);
}

size_t server_memory(const nnrun_info *info, unsigned threads, const struct question_limits *limits)
{
    const size_t json = (size_t)OF_JSON * LIMIT_JSON_BYTES, large = OF_PIXEL * limits->pixels;
    const size_t connection = LIMIT_HEADER_BYTES + LIMIT_SMALL_BODY + LIMIT_SHORT_ANSWER + OF_CONNECTION;
    const unsigned all = asker_threads(threads), larges = asker_large_threads(threads);
    size_t total = OF_PROGRAM, thread = 0;
    const bool fits =
        add_thread(&thread, info, longest_answer(limits)) && size_add_array(&total, all, thread) &&
        size_add_array(&total, larges, large > json ? large : json) &&
        size_add_array(&total, all - larges, OF_PIXEL * limits->small) &&
        size_add_array(&total, LIMIT_CONNECTIONS + LIMIT_ENDING, connection) &&
        size_add(total, server_memory_room(limits), &total) && size_add(total, info->model_bytes, &total);

    return fits ? total : SIZE_MAX;
}

int server_memory_check(const nnrun_model *model, unsigned threads, const struct question_limits *limits,
                        struct error *error)
{
    const size_t physical = memory_physical();
    const size_t bytes = server_memory(nnrun_describe(model), threads, limits);

    if (physical == 0 || bytes <= physical)
        return 0;
    return error_set(error, ERROR_CONFIG,
                     "serving takes up to %.1f GB of memory with %u threads, and the machine has %.1f GB%s",
                     (double)bytes / 1e9, asker_threads(threads), (double)physical / 1e9,
                     threads > ASKER_LEAST_THREADS ? "; try fewer --threads" : "");
}
