/* rank_model.c: see rank_model.h. */
#include "train/rank_model.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/file_io.h"
#include "base/memory.h"

/* What rank 0 sends: texts, each with its end, then the checkpoint. */
struct parcel {
    uint64_t text_bytes, file_bytes;
    char *text; /* the checkpoint's label, then the paths, "": none */
    char *file;
};

static int pack(struct parcel *parcel, const struct model *model, struct error *error)
{
    const char *label = safetensors_label(model->file);
    struct model_paths paths = model->paths;
    size_t bytes = strlen(label) + 1, at, size;

    for (size_t i = 0; i < MODEL_PATHS; i++)
        bytes += *model_path_at(&paths, i) ? strlen(*model_path_at(&paths, i)) + 1 : 1;
    parcel->text = memory_array(bytes, 1);
    if (!parcel->text)
        return error_memory(error);
    parcel->text_bytes = bytes;
    at = strlen(label) + 1;
    memcpy(parcel->text, label, at);
    for (size_t i = 0; i < MODEL_PATHS; i++) {
        const char *path = *model_path_at(&paths, i) ? *model_path_at(&paths, i) : "";
        memcpy(parcel->text + at, path, strlen(path) + 1);
        at += strlen(path) + 1;
    }
    parcel->file = file_load(label, SIZE_MAX / 2, &size, error);
    parcel->file_bytes = size;
    return parcel->file ? 0 : -1;
}

/* The bytes come from rank 0, which is believed no more than a file. */
static int unpack(struct model *model, const struct parcel *parcel, const struct model_options *options,
                  struct error *error)
{
    const char *text = parcel->text, *const end = text + parcel->text_bytes;
    const struct model_source source = {
        .bytes = parcel->file, .size = (size_t)parcel->file_bytes, .label = text, .kind = MODEL_CHECKPOINT};
    struct model_paths paths = {0};
    int result;

    if (parcel->text_bytes == 0 || end[-1] != '\0')
        return error_set(error, ERROR_FAILED, "what rank 0 sent of the run is not whole");
    result = model_open(model, &source, options, error);
    for (size_t i = 0; result == 0 && i < MODEL_PATHS; i++) {
        text += strlen(text) + 1;
        if (text >= end)
            result = error_set(error, ERROR_FAILED, "what rank 0 sent of the run is not whole");
        else if (*text && !(*model_path_at(&paths, i) = memory_string(text)))
            result = error_memory(error);
    }
    if (result == 0)
        model_take_paths(model, &paths);
    model_paths_finish(&paths);
    return result;
}

static int make_room(struct parcel *parcel, struct error *error)
{
    if (parcel->text_bytes > SIZE_MAX || parcel->file_bytes > SIZE_MAX ||
        !(parcel->text = memory_array((size_t)parcel->text_bytes, 1)) ||
        !(parcel->file = memory_array((size_t)parcel->file_bytes, 1)))
        return error_memory(error);
    return 0;
}

int rank_model_share(struct model *model, const struct model_options *options, struct ranks *ranks,
                     struct error *error)
{
    const bool gives = ranks_writes(ranks);
    struct parcel parcel = {0};
    uint64_t sizes[2];
    int failed = gives ? pack(&parcel, model, error) : 0;

    failed = ranks_agree(ranks, 0, failed, NULL, error);
    sizes[0] = parcel.text_bytes;
    sizes[1] = parcel.file_bytes;
    if (!failed)
        ranks_broadcast(ranks, sizes, sizeof sizes);
    if (!failed && !gives) {
        parcel.text_bytes = sizes[0];
        parcel.file_bytes = sizes[1];
        failed = make_room(&parcel, error);
    }
    failed = ranks_agree(ranks, 0, failed, NULL, error);
    if (!failed) {
        ranks_broadcast(ranks, parcel.text, (size_t)parcel.text_bytes);
        ranks_broadcast(ranks, parcel.file, (size_t)parcel.file_bytes);
    }
    if (!failed && !ranks_broken(ranks) && !gives)
        failed = unpack(model, &parcel, options, error);
    failed = ranks_agree(ranks, 0, failed, NULL, error);
    free(parcel.text);
    free(parcel.file);
    return failed;
}
