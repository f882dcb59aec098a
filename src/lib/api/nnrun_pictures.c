/* nnrun_pictures.c: pictures of any size into the samples of a network. */
#include <stdlib.h>
#include <string.h>

#include "api/host.h"
#include "api/public_argument.h"
#include "api/public_error.h"
#include "api/public_model.h"
#include "api/public_struct.h"
#include "base/memory.h"
#include "data/packed_folder.h"
#include "data/picture_file.h"
#include "data/picture_turn.h"

struct nnrun_pictures {
    struct picture_file *file;
    char *name;
    size_t asked;                                     /* pictures so far */
    bool of_path;                                     /* `name` is one */
    enum { PACK_UNKNOWN, PACK_NO, PACK_YES } of_pack; /* whether the file is one of a pack */
};

/* The structure as the first header had it; later members come after these. */
enum { FIRST_SIZE = offsetof(nnrun_prepared, empty) + sizeof(int32_t), ROWS_ARE_COLUMNS = 5 /* of EXIF */ };

/* What one picture becomes and how. */
struct preparation {
    const nnrun_model *model;
    nnrun_prepare_options options;
    const char *name; /* of the picture, in messages */
    uint8_t *sample;
    size_t most, samples; /* of single digits; most is 0: one of the whole */
    bool transpose;       /* samples: first of all */
    nnrun_prepared prepared;
};

static int begin(struct preparation *p, const char *function, const nnrun_model *model,
                 const nnrun_prepare_options *options, const char *name, uint8_t *sample, struct error *error)
{
    *p = (struct preparation){.model = model, .sample = sample};
    if (public_need(function, "model", model, error) != 0 ||
        public_need(function, "sample", sample, error) != 0)
        return -1;
    if (public_struct_take("nnrun_prepare_options", options, &p->options, sizeof p->options, error) != 0 ||
        public_need_zero("nnrun_prepare_options", p->options.reserved, error) != 0)
        return -1;
    p->most = p->options.digits;
    p->name = p->options.name ? p->options.name : name;
    if (model->info.numbers)
        return error_set_at(
            error, ERROR_ARGUMENT, &(struct error_facts){.file = p->name},
            "no picture: the network takes %zu numbers (data.values), as a row of CSV or in an "
            "IDX file",
            model->info.inputs);
    return 0;
}

static void give(nnrun_prepared *to, const struct preparation *p)
{
    if (public_struct_begin(to, FIRST_SIZE))
        public_struct_give(to, &p->prepared, sizeof p->prepared);
}

/* Frees the picture. */
static int prepare(struct preparation *p, struct picture *picture, struct error *error)
{
    struct prepared prepared = {.samples = 0};
    const bool turned = p->transpose && picture->sample;
    const int failed = (turned && picture_turn(picture, ROWS_ARE_COLUMNS, error) != 0) ||
                               prepare_digits(p->name, picture, &p->model->input, p->options.raw != 0,
                                              p->most, p->sample, &prepared, error) != 0
                           ? -1
                           : 0;

    picture_free(picture);
    p->prepared.inverted = !failed && prepared.inverted;
    p->prepared.empty = !failed && prepared.empty;
    p->prepared.digits = failed ? 0 : (int32_t)prepared.digits;
    p->prepared.many = !failed && prepared.many;
    p->prepared.transposed = !failed && turned;
    p->samples = prepared.samples;
    return failed;
}

static int prepare_next(struct preparation *p, struct picture_file *file, struct error *error)
{
    struct picture picture;

    if (p->options.most_pixels > 0)
        picture_file_limit(file, p->options.most_pixels);
    if (picture_file_next(file, &picture, error) != 0) {
        picture_free(&picture);
        return -1;
    }
    return prepare(p, &picture, error);
}

static int prepare_only(struct preparation *p, struct picture_file *file, struct error *error)
{
    const int failed = file ? prepare_next(p, file, error) : -1;

    picture_file_close(file);
    return failed;
}

int nnrun_prepare_file(const nnrun_model *model, const char *path, const nnrun_prepare_options *options,
                       uint8_t *sample, nnrun_prepared *prepared, nnrun_error *error)
{
    struct preparation p;
    struct error own = {0};
    struct host host;

    host_enter(&host);
    if (public_need_path("nnrun_prepare_file", "path", path, &own) == 0 &&
        begin(&p, "nnrun_prepare_file", model, options, path, sample, &own) == 0 &&
        prepare_only(&p, picture_file_open(path, true, &own), &own) == 0)
        give(prepared, &p);
    host_leave(&host);
    return public_error_give(error, &own);
}

int nnrun_prepare_bytes(const nnrun_model *model, const void *bytes, size_t size,
                        const nnrun_prepare_options *options, uint8_t *sample, nnrun_prepared *prepared,
                        nnrun_error *error)
{
    struct preparation p;
    struct error own = {0};
    struct host host;

    host_enter(&host);
    if (begin(&p, "nnrun_prepare_bytes", model, options, "picture", sample, &own) == 0 &&
        prepare_only(&p, picture_file_open_one(p.name, bytes, bytes ? size : 0, &own), &own) == 0)
        give(prepared, &p);
    host_leave(&host);
    return public_error_give(error, &own);
}

/* The caller's pixels stay as they are. */
static int copy_pixels(struct picture *picture, const struct preparation *p, const uint8_t *pixels,
                       const size_t shape[3], struct error *error)
{
    *picture = (struct picture){0};
    if (!pixels || (shape[0] != 1 && shape[0] != 3))
        return error_set_at(error, ERROR_ARGUMENT, &(struct error_facts){.file = p->name},
                            "has %zu channels of pixels; expected 1 or 3", pixels ? shape[0] : 0);
    if (picture_make(picture, p->name, shape[0], shape[1], shape[2], error) != 0)
        return -1;
    memcpy(picture->pixels, pixels, shape[0] * shape[1] * shape[2]);
    return 0;
}

int nnrun_prepare_pixels(const nnrun_model *model, const uint8_t *pixels, size_t channels, size_t height,
                         size_t width, const nnrun_prepare_options *options, uint8_t *sample,
                         nnrun_prepared *prepared, nnrun_error *error)
{
    const size_t shape[] = {channels, height, width};
    struct preparation p;
    struct picture picture = {0};
    struct error own = {0};
    struct host host;

    host_enter(&host);
    if (begin(&p, "nnrun_prepare_pixels", model, options, "picture", sample, &own) == 0) {
        if (copy_pixels(&picture, &p, pixels, shape, &own) == 0 && prepare(&p, &picture, &own) == 0)
            give(prepared, &p);
        else
            picture_free(&picture);
    }
    host_leave(&host);
    return public_error_give(error, &own);
}

/* ---- one after the other ------------------------------------------------------------------------------ */

/* Of the path `name`, unless there are bytes. */
static nnrun_pictures *open_pictures(const char *name, const void *bytes, size_t size, struct error *error)
{
    nnrun_pictures *pictures = memory_array(1, sizeof *pictures);

    if (!pictures || !(pictures->name = memory_string(name)))
        error_memory(error);
    else if ((pictures->file = bytes ? picture_file_open_memory(name, bytes, size, error)
                                     : picture_file_open(name, false, error))) {
        pictures->of_path = !bytes;
        return pictures;
    }
    nnrun_pictures_close(pictures);
    return NULL;
}

nnrun_pictures *nnrun_pictures_open(const char *path, nnrun_error *error)
{
    struct error own = {0};
    nnrun_pictures *pictures = NULL;

    if (public_need_path("nnrun_pictures_open", "path", path, &own) == 0)
        pictures = open_pictures(path, NULL, 0, &own);
    public_error_give(error, &own);
    return pictures;
}

nnrun_pictures *nnrun_pictures_open_bytes(const void *bytes, size_t size, const char *name,
                                          nnrun_error *error)
{
    struct error own = {0};
    nnrun_pictures *pictures =
        open_pictures(name ? name : "picture", bytes ? bytes : "", bytes ? size : 0, &own);

    public_error_give(error, &own);
    return pictures;
}

size_t nnrun_pictures_count(const nnrun_pictures *pictures)
{
    return picture_file_count(pictures->file);
}

int nnrun_pictures_are_samples(const nnrun_pictures *pictures)
{
    return picture_file_is_idx(pictures->file);
}

/* Whether samples are to be transposed: those of a pack were, if they had to be. Returns 0 or -1. */
static int settle_transposing(struct preparation *p, nnrun_pictures *pictures, struct error *error)
{
    int is = 0;

    if (!p->model->info.transposed || !picture_file_is_idx(pictures->file))
        return 0;
    if (pictures->of_pack == PACK_UNKNOWN) {
        is = pictures->of_path ? packed_folder_of(pictures->name, NULL, error) : 0;
        pictures->of_pack = is > 0 ? PACK_YES : PACK_NO;
    }
    p->transpose = pictures->of_pack == PACK_NO;
    return is < 0 ? -1 : 0;
}

static int take_next(struct preparation *p, nnrun_pictures *pictures, struct error *error)
{
    if (settle_transposing(p, pictures, error) != 0)
        return -1;
    if (pictures->asked == picture_file_count(pictures->file))
        return error_set_at(error, ERROR_ARGUMENT, &(struct error_facts){.file = p->name},
                            "has no more pictures");
    pictures->asked++;
    return prepare_next(p, pictures->file, error);
}

int nnrun_pictures_next(nnrun_pictures *pictures, const nnrun_model *model,
                        const nnrun_prepare_options *options, uint8_t *sample, nnrun_prepared *prepared,
                        nnrun_error *error)
{
    struct preparation p;
    struct error own = {0};
    struct host host;

    host_enter(&host);
    if (public_need("nnrun_pictures_next", "pictures", pictures, &own) == 0 &&
        begin(&p, "nnrun_pictures_next", model, options, pictures->name, sample, &own) == 0 &&
        take_next(&p, pictures, &own) == 0)
        give(prepared, &p);
    host_leave(&host);
    return public_error_give(error, &own);
}

static int need_room(size_t most, struct error *error)
{
    return most > 0 ? 0
                    : error_set(error, ERROR_ARGUMENT,
                                "nnrun_pictures_next_digits: most is 0; expected at least 1");
}

int nnrun_pictures_next_digits(nnrun_pictures *pictures, const nnrun_model *model,
                               const nnrun_prepare_options *options, uint8_t *samples, size_t most,
                               size_t *count, nnrun_prepared *prepared, nnrun_error *error)
{
    struct preparation p;
    struct error own = {0};
    struct host host;

    host_enter(&host);
    if (public_need("nnrun_pictures_next_digits", "pictures", pictures, &own) == 0 &&
        need_room(most, &own) == 0 && public_need("nnrun_pictures_next_digits", "count", count, &own) == 0 &&
        begin(&p, "nnrun_pictures_next_digits", model, options, pictures->name, samples, &own) == 0) {
        p.most = most;
        if (take_next(&p, pictures, &own) == 0) {
            *count = p.samples;
            give(prepared, &p);
        }
    }
    host_leave(&host);
    return public_error_give(error, &own);
}

void nnrun_pictures_close(nnrun_pictures *pictures)
{
    if (!pictures)
        return;
    picture_file_close(pictures->file);
    free(pictures->name);
    free(pictures);
}
