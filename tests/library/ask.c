/* ask.c: a C11 client: prints what nnrun predict --json prints of pictures, asked in batches of bytes or floats.
 *
 *   ask MODEL BATCH bytes|floats|memory ANSWERS PICTURES
 *
 * ANSWERS gets the outputs as they are. memory: the model is opened from its bytes, and asked about bytes. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <nnrun/nnrun.h>

#include "json.h"

enum { BEST = 5 };

static void print(const nnrun_model *model, const char *path, int numbered, size_t index,
                  const float *outputs, const nnrun_prepared *prepared)
{
    nnrun_best_class best[BEST];
    const size_t count = nnrun_best(model, outputs, best, BEST);

    printf("{\"event\":\"predict\",\"file\":\"%s\",\"index\":", path);
    if (numbered)
        printf("%zu", index);
    else
        printf("null");
    printf(",\"class\":%zu", best[0].index);
    json_real(",\"probability\":", (double)best[0].value);
    printf(",\"classes\":[");
    for (size_t i = 0; i < count; i++) {
        printf("%s{\"class\":%zu", i ? "," : "", best[i].index);
        json_real(",\"probability\":", (double)best[i].value);
        json_real(",\"value\":", (double)best[i].value);
        putchar('}');
    }
    printf("],\"empty\":%s}\n", prepared->empty ? "true" : "false");
}

static void ask(nnrun_context *context, const nnrun_info *info, const uint8_t *samples, size_t count,
                int floats, float *outputs)
{
    float *values = malloc(count * info->inputs * sizeof *values);

    if (!values)
        exit(1);
    for (size_t i = 0; i < count * info->inputs; i++)
        values[i] = samples[i];
    if (floats)
        nnrun_predict_floats(context, values, count, outputs);
    else
        nnrun_predict(context, samples, count, outputs);
    free(values);
}

/* One file; 0 or a code. */
static int ask_file(const nnrun_model *model, nnrun_context *context, const char *path, size_t batch,
                    int floats, FILE *answers, nnrun_error *error)
{
    const nnrun_info *info = nnrun_describe(model);
    nnrun_pictures *pictures = nnrun_pictures_open(path, error);
    const size_t count = pictures ? nnrun_pictures_count(pictures) : 0;
    uint8_t *samples = malloc(batch * info->inputs);
    float *outputs = malloc(batch * info->outputs * sizeof *outputs);
    nnrun_prepared *prepared = malloc(batch * sizeof *prepared);
    int failed = pictures && samples && outputs && prepared ? 0 : NNRUN_ERROR_DATA;

    for (size_t i = 0; !failed && i < count; i += batch) {
        const size_t n = count - i < batch ? count - i : batch;
        for (size_t k = 0; !failed && k < n; k++) {
            prepared[k] = (nnrun_prepared)NNRUN_PREPARED_INIT;
            failed =
                nnrun_pictures_next(pictures, model, NULL, samples + k * info->inputs, &prepared[k], error);
        }
        if (failed)
            break;
        ask(context, info, samples, n, floats, outputs);
        for (size_t k = 0; k < n; k++)
            print(model, path, nnrun_pictures_are_samples(pictures), i + k, outputs + k * info->outputs,
                  &prepared[k]);
        if (fwrite(outputs, info->outputs * sizeof *outputs, n, answers) != n)
            failed = NNRUN_ERROR_FAILED;
    }
    free(prepared);
    free(outputs);
    free(samples);
    nnrun_pictures_close(pictures);
    return failed;
}

static nnrun_model *open_bytes(const char *path, nnrun_error *error)
{
    FILE *file = fopen(path, "rb");
    size_t size = 0, room = 1 << 20;
    char *bytes = malloc(room);
    nnrun_model *model = NULL;

    if (file && bytes)
        size = fread(bytes, 1, room, file);
    if (size > 0 && size < room)
        model = nnrun_open_bytes(bytes, size, path, NULL, error);
    if (bytes)
        memset(bytes, 0xff, room); /* it is not needed any more */
    free(bytes);
    if (file)
        fclose(file);
    return model;
}

int main(int argc, char **argv)
{
    nnrun_error error = NNRUN_ERROR_INIT;
    const int memory = argc == 6 && strcmp(argv[3], "memory") == 0;
    nnrun_model *model = argc != 6 ? NULL
                         : memory  ? open_bytes(argv[1], &error)
                                   : nnrun_open(argv[1], NULL, &error);
    nnrun_context *context = model ? nnrun_context_create(model, 0, &error) : NULL;
    FILE *answers = context ? fopen(argv[4], "wb") : NULL;
    int failed = 1;

    if (answers) {
        failed = ask_file(model, context, argv[5], (size_t)atoi(argv[2]), strcmp(argv[3], "floats") == 0,
                          answers, &error);
        failed |= fclose(answers);
    }
    if (error.code)
        fprintf(stderr, "%s\n", error.text);
    nnrun_context_destroy(context);
    nnrun_close(model);
    nnrun_error_clear(&error);
    return failed ? 1 : 0;
}
