/* npz_arrays.c: see npz_arrays.h. */
#include "pack/npz_arrays.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

int npz_array_failed(const struct npz_array *array, struct error *error)
{
    error_prefix(error, "%s%s", array->file, zip_name_joint(error_text(error)));
    return error_in_file(error, array->path);
}

static int fail_array(const struct npz_array *array, const char *reason, struct error *error)
{
    return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = array->path}, "%s%s%s", array->file,
                        zip_name_joint(reason), reason);
}

/* ---- headers ------------------------------------------------------------------------------------------- */

/* Reads up to the values, which the archive's size must bear out. */
static int read_header(struct npz_array *array, struct zip_file *zip, struct error *error)
{
    uint8_t begin[NPY_BEGIN];
    char *rest;
    size_t text = 0, left, bytes;
    uint64_t size;
    int result;

    if (zip_file_enter(zip, array->entry, &size, error) != 0)
        return -1;
    if (size < NPY_BEGIN)
        return fail_array(array, "is not a NumPy array", error);
    if (zip_file_read(zip, begin, sizeof begin, error) != 0)
        return -1;
    if (npy_begin_read(begin, &array->before, &text, error) != 0)
        return npz_array_failed(array, error);
    if (array->before > size)
        return fail_array(array, "ends within its header", error);
    left = array->before - NPY_BEGIN;
    rest = malloc(text + 2);
    if (!rest)
        return error_memory(error);
    memcpy(rest, begin + 10, 2); /* of the text, in version 1 */
    result = zip_file_read(zip, rest + 2, left, error);
    if (result == 0 && npy_text_read(&array->header, rest + 2 - (text - left), text, error) != 0)
        result = npz_array_failed(array, error);
    free(rest);
    if (result != 0)
        return -1;
    array->count = array->header.rank > 0 ? array->header.dimension[0] : 1;
    array->values = 1;
    bytes = array->header.value_bytes;
    for (size_t i = 1; i < array->header.rank; i++)
        if (!size_multiply(array->values, array->header.dimension[i], &array->values))
            return fail_array(array, "announces more values than there can be", error);
    if (!size_multiply(bytes, array->values, &bytes) || !size_multiply(bytes, array->count, &bytes) ||
        !size_add(bytes, array->before, &bytes) || bytes != size)
        return fail_array(array, "has a different number of bytes than its shape takes", error);
    return 0;
}

/* Adds those that an archive lists. */
static int add_files(struct npz_arrays *arrays, const struct zip_file *zip, const char *path,
                     struct error *error)
{
    const size_t count = zip_file_count(zip);
    struct npz_array *list = memory_resize(arrays->list, arrays->count + count + 1, sizeof *list);

    if (!list)
        return error_memory(error);
    arrays->list = list;
    for (size_t i = 0; i < count; i++) {
        const char *name = zip_file_name(zip, i);
        const size_t length = strlen(name);
        if (length < 5 || strcmp(name + length - 4, ".npy") != 0)
            continue;
        list[arrays->count] = (struct npz_array){.path = path, .entry = i, .file = memory_string(name)};
        if (!list[arrays->count++].file)
            return error_memory(error);
    }
    return 0;
}

/* "train_images.npy" without its end; an only array called "arr_0" is what its file's name says. */
static int name_arrays(struct npz_array *arrays, size_t count, struct error *error)
{
    for (size_t i = 0; i < count; i++) {
        char *stem = memory_string_part(arrays[i].file, strlen(arrays[i].file) - 4);
        if (!stem)
            return error_memory(error);
        arrays[i].name = idx_name_of(stem);
        free(stem);
        if (count == 1 && arrays[i].name.role == IDX_ROLE_UNKNOWN)
            arrays[i].name = idx_name_of(arrays[i].path);
    }
    return 0;
}

static int find_in(struct npz_arrays *arrays, const char *path, struct error *error)
{
    struct zip_file *zip = zip_file_open(path, error);
    const size_t first = arrays->count;
    int result = zip ? add_files(arrays, zip, path, error) : -1;

    if (result == 0)
        result = name_arrays(arrays->list + first, arrays->count - first, error);
    for (size_t i = first; result == 0 && i < arrays->count; i++)
        if (arrays->list[i].name.role != IDX_ROLE_UNKNOWN)
            result = read_header(&arrays->list[i], zip, error);
    zip_file_close(zip);
    return result;
}

/* ---- pairs --------------------------------------------------------------------------------------------- */

static int put(struct npz_arrays *arrays, const struct npz_array *array, struct error *error)
{
    const struct npz_array **place;
    struct npz_pair *pair = NULL;

    for (size_t i = 0; i < arrays->pair_count && !pair; i++) {
        const struct npz_pair *one = &arrays->pairs[i];
        const struct npz_array *other = one->samples ? one->samples : one->labels;
        if (other && other->name.part == array->name.part && strcmp(other->name.set, array->name.set) == 0)
            pair = &arrays->pairs[i];
    }
    if (!pair)
        pair = &arrays->pairs[arrays->pair_count++];
    place = array->name.role == IDX_ROLE_LABELS ? &pair->labels : &pair->samples;
    if (*place)
        return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = array->path},
                            "%s seems to be of the same kind and part as %s", array->file, (*place)->file);
    *place = array;
    pair->part = array->name.part;
    return 0;
}

static int check_pair(const struct npz_pair *pair, struct error *error)
{
    if (!pair->samples)
        return pair->labels ? fail_array(pair->labels, "are labels, and their samples are missing", error)
                            : 0;
    if (pair->samples->header.rank < 2 || pair->samples->count == 0 || pair->samples->values == 0)
        return fail_array(pair->samples, "has no samples: expected an array of two to four dimensions",
                          error);
    if (pair->samples->values > NPZ_MOST_SAMPLE / pair->samples->header.value_bytes)
        return fail_array(pair->samples, "has samples of more than 16 MB", error);
    if (!pair->labels)
        return 0;
    if (pair->labels->header.rank < 1 || pair->labels->header.rank > 2 || pair->labels->values < 1 ||
        pair->labels->values > NPZ_MOST_LABELS)
        return fail_array(
            pair->labels,
            "is not an array of labels; expected one label, or a row of 2 to 256, for each sample", error);
    if (pair->labels->count != pair->samples->count)
        return error_set_at(error, ERROR_DATA, &(struct error_facts){.file = pair->labels->path},
                            "%s has %zu label%s, but %s has %zu sample%s", pair->labels->file,
                            pair->labels->count, text_plural(pair->labels->count), pair->samples->file,
                            pair->samples->count, text_plural(pair->samples->count));
    return 0;
}

static void settle_parts(struct npz_arrays *arrays)
{
    for (size_t i = 0; i < arrays->pair_count; i++)
        part_names_add(&arrays->said, arrays->pairs[i].part);
    for (size_t i = 0; i < arrays->pair_count && !part_names_count(&arrays->said); i++)
        arrays->pairs[i].part = PACK_UNSPLIT;
}

static int pair_up(struct npz_arrays *arrays, const char *path, struct error *error)
{
    arrays->pairs = calloc(arrays->count + 1, sizeof *arrays->pairs);
    if (!arrays->pairs)
        return error_memory(error);
    for (size_t i = 0; i < arrays->count; i++) {
        const struct npz_array *array = &arrays->list[i];
        if (array->name.role == IDX_ROLE_UNKNOWN)
            arrays->left_out = arrays->left_out ? arrays->left_out : array;
        else if (put(arrays, array, error) != 0)
            return -1;
    }
    if (arrays->pair_count == 0)
        return error_set_at(
            error, ERROR_DATA, &(struct error_facts){.file = path},
            "has no arrays whose names tell samples and labels, such as train_images and train_labels, "
            "or x_train and y_train");
    for (size_t i = 0; i < arrays->pair_count; i++)
        if (check_pair(&arrays->pairs[i], error) != 0)
            return -1;
    settle_parts(arrays);
    return 0;
}

int npz_arrays_find(struct npz_arrays *arrays, const char *const *paths, size_t count, struct error *error)
{
    *arrays = (struct npz_arrays){0};
    for (size_t i = 0; i < count; i++)
        if (find_in(arrays, paths[i], error) != 0)
            return -1;
    return pair_up(arrays, paths[0], error);
}

void npz_arrays_finish(struct npz_arrays *arrays)
{
    for (size_t i = 0; i < arrays->count; i++)
        free(arrays->list[i].file);
    free(arrays->list);
    free(arrays->pairs);
    *arrays = (struct npz_arrays){0};
}

struct zip_file *npz_array_open(const struct npz_array *array, struct error *error)
{
    struct npz_array again = *array;
    struct zip_file *zip = zip_file_open(array->path, error);

    if (zip && read_header(&again, zip, error) == 0 && again.values == array->values &&
        again.count == array->count)
        return zip;
    if (zip && error->code == ERROR_NONE)
        fail_array(array, "changed while it was read", error);
    zip_file_close(zip);
    return NULL;
}
