/* fuzz_pixels.c: any bytes as the JSON of a picture that nnrun serve is asked about, made ready for a network. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "model/model.h"
#include "serve/pixels_json.h"
#include "serve/question.h"

/* What was read, written as such JSON, is read as the same. */
static void check_again(const struct pixels *pixels)
{
    const size_t count = pixels->channels * pixels->height * pixels->width, room = 128 + 4 * count;
    char *text = malloc(room);
    struct error error = {0};
    struct pixels again;
    size_t used;

    if (!text)
        fuzz_fail("no memory");
    used = (size_t)snprintf(text, room, "{\"channels\":%zu,\"height\":%zu,\"width\":%zu,\"pixels\":[",
                            pixels->channels, pixels->height, pixels->width);
    for (size_t i = 0; i < count; i++)
        used += (size_t)snprintf(text + used, room - used, i ? ",%u" : "%u", pixels->values[i]);
    used += (size_t)snprintf(text + used, room - used, "]}");
    if (pixels_json_read(&again, "again", text, used, &error) != 0)
        fuzz_fail("%s", error_text(&error));
    if (again.channels != pixels->channels || again.height != pixels->height ||
        again.width != pixels->width || memcmp(again.values, pixels->values, count) != 0)
        fuzz_fail("the same pixels are read as others");
    free(again.values);
    free(text);
}

static const nnrun_model *open_model(void)
{
    static const char config[] = "input = [1, 4, 4];\n"
                                 "network = ( { type = \"dense\"; units = 3; }, { type = \"softmax\"; } );\n"
                                 "train: { epochs = 1; batch = 16; };";
    static nnrun_model *model;
    const struct model_options options = fuzz_model_options();
    nnrun_options open = NNRUN_OPTIONS_INIT;

    open.plugin_folders = options.plugin_folders;
    open.plugin_folder_count = options.plugin_folder_count;
    if (!model)
        model = nnrun_open_bytes(config, sizeof config - 1, "it", &open, NULL);
    if (!model)
        fuzz_fail("no model");
    return model;
}

/* What the body is refused for is said in JSON, in a line. `good`: it is such a picture. */
static void prepare(const void *body, size_t size, bool good)
{
    uint8_t sample[16];
    struct question question = {.body = body, .size = size, .json = true, .sample = sample};
    json_t *answer;
    const char *said;

    if (question_prepare(&question, open_model()) == 0) {
        if (!good)
            fuzz_fail("a picture that cannot be read is taken");
        return;
    }
    answer = question.answer ? json_loads(question.answer, 0, NULL) : NULL;
    said = json_string_value(json_object_get(answer, "error"));
    if (question.status != QUESTION_BAD || !said)
        fuzz_fail("status %d: %s", question.status, question.answer ? question.answer : "nothing");
    fuzz_check_line(said);
    json_decref(answer);
    free(question.answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_copy(data, size);
    struct error error = {0};
    struct pixels pixels;

    if (pixels_json_read(&pixels, "body", text, size, &error) == 0) {
        if (pixels.channels != 1 && pixels.channels != 3)
            fuzz_fail("%zu channels", pixels.channels);
        if (pixels.height > 0 && pixels.width > 0)
            check_again(&pixels);
        prepare(text, size, true);
    } else {
        if (error.code != ERROR_DATA)
            fuzz_fail("code %d", (int)error.code);
        fuzz_check_error(&error);
        prepare(text, size, false);
    }
    free(pixels.values);
    free(text);
    return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed)
{
    return fuzz_change_text(data, size, most, &seed);
}

void fuzz_own(void)
{
    LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
}
