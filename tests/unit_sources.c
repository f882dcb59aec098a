/* unit_sources.c: IDX files and CIFAR's as sources of samples: which belong together, with which values, and what is refused. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "idx_maker.h"
#include "pack/channel_order.h"
#include "pack/idx_pairs.h"
#include "pack_collector.h"
#include "unit.h"

/* ---- what tests share ---------------------------------------------------------------------------------- */

static const char *folder_of(const char *name)
{
    const char *path = unit_path(name);

    CU_ASSERT_EQUAL_FATAL(mkdir(path, 0700), 0);
    return path;
}

/* Reads all of it; the collector is finished by the caller. */
static int collect(struct pack_collector *got, const struct pack_format *format, const char *path,
                   char *names, struct error *error)
{
    *got = (struct pack_collector){0};
    CU_ASSERT_EQUAL(format->is(&path, 1, error), error->code ? -1 : 1);
    error_clear(error);
    return pack_collect(got, format, &path, 1, NULL, names, error);
}

static void refuses(const struct pack_format *format, const char *const *paths, size_t count,
                    const struct pack_options *options, const char *words)
{
    struct error error UNIT_CLEARED = {0};
    struct pack_collector got = {0};
    char names[1024];

    CU_ASSERT_EQUAL(pack_collect(&got, format, paths, count, options, names, &error), -1);
    CU_ASSERT_PTR_NULL(strchr(error_text(&error), '\n'));
    CU_ASSERT_PTR_NOT_NULL(strstr(error_text(&error), words));
    if (!strstr(error_text(&error), words))
        printf("\n    wanted: %s\n    got:    %s\n", words, error_text(&error));
    pack_collector_finish(&got);
}

/* ---- IDX ----------------------------------------------------------------------------------------------- */

static void idx_names(void)
{
    static const struct {
        const char *path, *set;
        enum pack_part part;
        enum idx_role role;
    } names[] = {
        {"d/train-images-idx3-ubyte.gz", "", PACK_TRAIN, IDX_ROLE_SAMPLES},
        {"t10k-labels.idx1-ubyte", "", PACK_TEST, IDX_ROLE_LABELS},
        {"emnist-letters-train-images-idx3-ubyte.gz", "emnist-letters", PACK_TRAIN, IDX_ROLE_SAMPLES},
        {"emnist-byclass-test-labels-idx1-ubyte.gz", "emnist-byclass", PACK_TEST, IDX_ROLE_LABELS},
        {"qmnist-test-labels-idx2-int.gz", "qmnist", PACK_TEST, IDX_ROLE_LABELS},
        {"validation-images-idx3-ubyte", "", PACK_VALIDATION, IDX_ROLE_SAMPLES},
        {"x_train", "", PACK_TRAIN, IDX_ROLE_SAMPLES},
        {"y_test", "", PACK_TEST, IDX_ROLE_LABELS},
        {"set-x-train-labels", "set-x", PACK_TRAIN, IDX_ROLE_LABELS},
        {"set-y-train-images", "set-y", PACK_TRAIN, IDX_ROLE_SAMPLES},
        {"some.thing", "some-thing", PACK_UNSPLIT, IDX_ROLE_UNKNOWN},
        {"train/images", "", PACK_UNSPLIT, IDX_ROLE_SAMPLES},
    };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct idx_name name = idx_name_of(names[i].path);
        CU_ASSERT_STRING_EQUAL(name.set, names[i].set);
        CU_ASSERT_EQUAL(name.part, names[i].part);
        CU_ASSERT_EQUAL(name.role, names[i].role);
    }
}

static void idx_folder(void)
{
    struct error error UNIT_CLEARED = {0};
    struct pack_collector got;
    const char *folder = folder_of("mnist");
    char names[1024];

    bytes_gzip_file("mnist/train-images-idx3-ubyte.gz", idx_images(20, 5, 4));
    bytes_file("mnist/train-labels-idx1-ubyte", idx_labels(20, 10));
    bytes_file("mnist/t10k-images.idx3-ubyte", idx_images(7, 5, 4));
    bytes_gzip_file("mnist/t10k-labels-idx1-ubyte.gz", idx_labels(7, 10));
    bytes_file("mnist/t10k-labels-idx1-ubyte", idx_labels(7, 10)); /* unpacked beside it */
    unit_file("mnist/README-idx1-", "no IDX file", 11);
    CU_ASSERT_EQUAL(collect(&got, &pack_idx, folder, names, &error), 0);
    CU_ASSERT_STRING_EQUAL(error_text(&error), "");
    CU_ASSERT_EQUAL_FATAL(got.count, 27);
    CU_ASSERT_EQUAL(got.form.kind, PACK_BYTES);
    CU_ASSERT_EQUAL(got.form.shape.rank, 2);
    CU_ASSERT_EQUAL(got.form.shape.dim[0], 5);
    for (size_t i = 0; i < 27; i++) { /* t10k comes first */
        const uint32_t n = (uint32_t)(i < 7 ? i : i - 7);
        CU_ASSERT_EQUAL(got.parts[i], i < 7 ? PACK_TEST : PACK_TRAIN);
        CU_ASSERT(idx_image_right(got.bytes + i * 20, 20, n));
        CU_ASSERT_EQUAL(got.labels[i], n % 10);
    }
    CU_ASSERT_STRING_EQUAL(names, "0 1 2 3 4 5 6 7 8 9 ");
    CU_ASSERT_EQUAL(got.done, 27);
    CU_ASSERT_PTR_NOT_NULL(strstr(got.places, "train-images-idx3-ubyte.gz[19] "));
    pack_collector_finish(&got);
}

static void idx_files(void)
{
    struct error error UNIT_CLEARED = {0};
    struct pack_collector got = {0};
    char images[600], labels[600], names[1024];
    const char *const both[] = {labels, images};

    snprintf(images, 600, "%s", bytes_file("pictures", idx_images(5, 2, 2)));
    snprintf(labels, 600, "%s", bytes_file("answers", idx_labels(5, 3)));
    CU_ASSERT_EQUAL(pack_idx.is(both, 2, &error), 1);
    CU_ASSERT_EQUAL(pack_collect(&got, &pack_idx, both, 2, NULL, names, &error), 0);
    CU_ASSERT_EQUAL(got.count, 5);
    CU_ASSERT_EQUAL(got.parts[4], PACK_UNSPLIT);
    CU_ASSERT_STRING_EQUAL(names, "0 1 2 ");
    pack_collector_finish(&got);
    CU_ASSERT_EQUAL(pack_collect(&got, &pack_idx, both + 1, 1, NULL, names, &error), 0);
    CU_ASSERT_EQUAL(got.form.label_width, 0);
    pack_collector_finish(&got);
    refuses(&pack_idx, both, 1, NULL, "answers: are labels, and their images are missing");
    snprintf(labels, 600, "%s", bytes_file("answers", idx_labels(6, 3)));
    refuses(&pack_idx, both, 2, NULL, "answers has 6 labels, but ");
}

static void idx_types(void)
{
    static const char shorts[] = "\0\0\x0b\x02\0\0\0\x02\0\0\0\x02\x01\0\xff\xff\0\x03\0\x04";
    static const char floats[] = "\0\0\x0d\x02\0\0\0\x03\0\0\0\x01\x3f\xc0\0\0\x7f\xc0\0\0\xbf\x80\0\0";
    static const char several[] = "\0\0\x08\x02\0\0\0\x02\0\0\0\x03\0\1\1\1\0\0";
    static const char qmnist[] = "\0\0\x0c\x02\0\0\0\x02\0\0\0\x08"
                                 "\0\0\0\5\0\0\0\0\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\4\0\0\0\6\0\0\0\7"
                                 "\0\0\0\3\0\0\0\0\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\4\0\0\0\6\0\0\0\7";
    struct error error UNIT_CLEARED = {0};
    struct pack_collector got = {0};
    char names[1024], other[600];
    const char *path = unit_file("x-idx2-short", shorts, sizeof shorts - 1), *both[2] = {other, NULL};
    float values[4];

    CU_ASSERT_EQUAL(collect(&got, &pack_idx, path, names, &error), 0);
    CU_ASSERT_EQUAL(got.form.kind, PACK_FLOATS);
    CU_ASSERT_EQUAL_FATAL(got.count, 2);
    memcpy(values, got.bytes, sizeof values);
    CU_ASSERT(values[0] == 256 && values[1] == -1 && values[2] == 3 && values[3] == 4);
    pack_collector_finish(&got);

    path = unit_file("x-idx2-float", floats, sizeof floats - 1);
    refuses(&pack_idx, &path, 1, NULL, "x-idx2-float: value 0 of sample 1 is NaN, or infinite");
    got.skip_broken = true;
    CU_ASSERT_EQUAL(pack_collect(&got, &pack_idx, &path, 1, NULL, names, &error), 0);
    CU_ASSERT_EQUAL(got.count, 2);
    CU_ASSERT_EQUAL(got.broken, 1);
    pack_collector_finish(&got);

    snprintf(other, sizeof other, "%s", bytes_file("images", idx_images(2, 2, 2)));
    both[1] = unit_file("labels", several, sizeof several - 1);
    CU_ASSERT_EQUAL(pack_collect(&got, &pack_idx, both, 2, NULL, names, &error), 0);
    CU_ASSERT_EQUAL(got.form.label_width, 3);
    CU_ASSERT(got.labels[0] == 0 && got.labels[1] == 1 && got.labels[3] == 1 && got.labels[5] == 0);
    CU_ASSERT_STRING_EQUAL(names, "0 1 2 ");
    pack_collector_finish(&got);

    both[1] = unit_file("labels", qmnist, sizeof qmnist - 1);
    CU_ASSERT_EQUAL(pack_collect(&got, &pack_idx, both, 2, NULL, names, &error), 0);
    CU_ASSERT_STRING_EQUAL(names, "5 3 ");
    CU_ASSERT_EQUAL(got.form.label_width, 1);
    CU_ASSERT_EQUAL(strncmp(got.remarks, "first_label_column(): the labels have 8 columns", 47), 0);
    pack_collector_finish(&got);
}

static void idx_colours(void)
{
    /* Two pictures of 4x1 pixels, channels last. */
    static const char last[] = "\0\0\x08\x04\0\0\0\1\0\0\0\4\0\0\0\1\0\0\0\3\1\2\3\4\5\6\7\10\11\12\13\14";
    static const uint8_t want[12] = {1, 4, 7, 10, 2, 5, 8, 11, 3, 6, 9, 12};
    struct error error UNIT_CLEARED = {0};
    struct pack_collector got = {0};
    char names[1024];
    const char *path = unit_file("colours-idx4-ubyte", last, sizeof last - 1);

    CU_ASSERT_EQUAL(collect(&got, &pack_idx, path, names, &error), 0);
    CU_ASSERT_EQUAL_FATAL(got.form.shape.rank, 3);
    CU_ASSERT(got.form.shape.dim[0] == 3 && got.form.shape.dim[1] == 4 && got.form.shape.dim[2] == 1);
    CU_ASSERT_EQUAL(memcmp(got.bytes, want, sizeof want), 0);
    pack_collector_finish(&got);
}

/* Channels of an array, with the number of each value; alpha is that of PNG. */
static void channels(void)
{
    static const struct {
        size_t dimension[3];
        bool bytes;
        int32_t rank, shape[3];
        bool last, alpha, doubtful;
    } cases[] = {
        {{28, 28, 3}, true, 3, {3, 28, 28}, true, false, false},
        {{28, 28, 1}, true, 2, {28, 28}, true, false, false},
        {{28, 28, 4}, true, 3, {3, 28, 28}, true, true, false},
        {{28, 28, 2}, true, 2, {28, 28}, true, true, false},
        {{28, 28, 4}, false, 3, {4, 28, 28}, true, false, false},
        {{28, 28, 2}, false, 3, {2, 28, 28}, true, false, false},
        {{3, 28, 28}, true, 3, {3, 28, 28}, false, false, false},
        {{1, 28, 28}, true, 2, {28, 28}, false, false, false},
        {{4, 28, 28}, true, 3, {4, 28, 28}, false, false, false},
        {{2, 28, 28}, false, 3, {2, 28, 28}, false, false, false},
        {{3, 8, 4}, true, 3, {3, 8, 4}, false, false, false},
        {{2, 3, 3}, true, 3, {3, 2, 3}, true, false, false},
        {{64, 64, 13}, true, 3, {64, 64, 13}, false, false, true},
        {{13, 64, 64}, true, 3, {13, 64, 64}, false, false, false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct channel_order order = channel_order_of(cases[i].dimension, cases[i].bytes);
        const struct nnrun_shape shape = channel_order_shape(&order);
        CU_ASSERT(order.last == cases[i].last && order.alpha == cases[i].alpha);
        CU_ASSERT_EQUAL(order.doubtful, cases[i].doubtful);
        CU_ASSERT_EQUAL(shape.rank, cases[i].rank);
        for (int32_t k = 0; k < shape.rank; k++)
            CU_ASSERT_EQUAL(shape.dim[k], cases[i].shape[k]);
    }
}

static void opacity(void)
{
    static const size_t dimension[3] = {5, 1, 4};
    /* Opaque but for two: the border's colour is below them. */
    static const char rgba[] = "\0\0\x08\x04\0\0\0\1\0\0\0\5\0\0\0\1\0\0\0\4"
                               "\x0a\x14\x1e\xff\x0a\x14\x1e\xff\x50\x5a\x64\0\x50\x5a\x64\0\x0a\x14\x1e\xff";
    const struct channel_order order = channel_order_of(dimension, true);
    struct error error UNIT_CLEARED = {0};
    struct pack_collector got = {0};
    char names[1024];
    uint8_t to[20];
    const char *path = unit_file("rgba-idx4-ubyte", rgba, sizeof rgba - 1);
    const uint8_t *flat = channel_order_take(&order, rgba + 20, to, 1);

    for (size_t i = 0; i < 15; i++)
        CU_ASSERT_EQUAL(flat[i], 10 * (i / 5 + 1));
    CU_ASSERT_EQUAL(collect(&got, &pack_idx, path, names, &error), 0);
    CU_ASSERT(got.form.shape.rank == 3 && got.form.shape.dim[0] == 3 && got.form.shape.dim[1] == 5);
    CU_ASSERT_EQUAL(memcmp(got.bytes, flat, 15), 0);
    CU_ASSERT_PTR_NOT_NULL(
        strstr(got.remarks, "alpha(): the last of the 4 channels was taken as the opacity"));
    pack_collector_finish(&got);
}

static void emnist(void)
{
    struct error error UNIT_CLEARED = {0};
    struct pack_collector got;
    const char *folder = folder_of("emnist");
    char names[1024];

    bytes_gzip_file("emnist/emnist-letters-train-images-idx3-ubyte.gz", idx_images(4, 28, 28));
    bytes_file("emnist/emnist-letters-train-labels-idx1-ubyte", bytes_copy("\0\0\x8\1\0\0\0\4\1\2\1\3", 12));
    unit_file("emnist/emnist-letters-mapping.txt", "1 65 97\n2 66 98\r\n", 17);
    CU_ASSERT_EQUAL(collect(&got, &pack_idx, folder, names, &error), 0);
    CU_ASSERT_STRING_EQUAL(error_text(&error), "");
    CU_ASSERT_STRING_EQUAL(names, "A B 3 ");
    CU_ASSERT_PTR_NOT_NULL(
        strstr(got.remarks, "transposed(transpose to turn them): the pictures are EMNIST's"));
    pack_collector_finish(&got);
    unit_file("emnist/emnist-letters-mapping.txt", "1 65 97\n1 66\n", 13);
    refuses(&pack_idx, &folder, 1, NULL,
            "emnist-letters-mapping.txt:2: expected a label, from 0 to 255, and");
    bytes_file("emnist/emnist-digits-train-images-idx3-ubyte", idx_images(4, 28, 28));
    bytes_file("emnist/emnist-digits-train-labels-idx1-ubyte", idx_labels(4, 2));
    CU_ASSERT_EQUAL(pack_idx.is(&folder, 1, &error), -1);
    CU_ASSERT_PTR_NOT_NULL(
        strstr(error_text(&error), "has several data sets, as \"emnist-digits\" and \"emnist-letters\""));
}

static void other_folders(void)
{
    struct error error UNIT_CLEARED = {0};
    const char *folder = folder_of("empty");

    CU_ASSERT_EQUAL(pack_idx.is(&folder, 1, &error), 0);
    CU_ASSERT_EQUAL(pack_cifar.is(&folder, 1, &error), 0);
    unit_file("empty/idx-ubyte", "12345", 5);
    CU_ASSERT_EQUAL(pack_idx.is(&folder, 1, &error), 0);
    folder = unit_file("text.csv", "1,2\n", 4);
    CU_ASSERT_EQUAL(pack_idx.is(&folder, 1, &error), 0);
    CU_ASSERT_EQUAL(pack_cifar.is(&folder, 1, &error), 0);
}

/* ---- CIFAR --------------------------------------------------------------------------------------------- */

/* Record i has the labels i % 10, or i % 20 and i % 100, and bytes i, i + 1 and so on. */
static const char *cifar_file(const char *name, size_t records, size_t labels, size_t cut)
{
    const size_t record = 3072 + labels;
    uint8_t *bytes = malloc(records * record);
    const char *path;

    CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
    for (size_t i = 0; i < records; i++) {
        uint8_t *at = bytes + i * record;
        at[0] = (uint8_t)(labels == 1 ? i % 10 : i % 20);
        if (labels == 2)
            at[1] = (uint8_t)(i % 100);
        for (size_t k = 0; k < 3072; k++)
            at[labels + k] = (uint8_t)(i + k);
    }
    path = unit_file(name, bytes, records * record - cut);
    free(bytes);
    return path;
}

static void cifar_10(void)
{
    struct error error UNIT_CLEARED = {0};
    struct pack_collector got;
    const char *folder = folder_of("cifar-10");
    const struct pack_options coarse = {.label = "Coarse"};
    char names[1024];

    cifar_file("cifar-10/data_batch_1.bin", 25, 1, 0);
    cifar_file("cifar-10/data_batch_2.bin", 5, 1, 0);
    cifar_file("cifar-10/test_batch.bin", 12, 1, 0);
    CU_ASSERT_EQUAL(collect(&got, &pack_cifar, folder, names, &error), 0);
    CU_ASSERT_STRING_EQUAL(error_text(&error), "");
    CU_ASSERT_EQUAL_FATAL(got.count, 42);
    CU_ASSERT(got.form.kind == PACK_BYTES && got.form.shape.rank == 3 && got.form.shape.dim[0] == 3);
    CU_ASSERT(got.parts[0] == PACK_TRAIN && got.parts[29] == PACK_TRAIN && got.parts[30] == PACK_TEST);
    CU_ASSERT(got.labels[13] == 3 && got.bytes[13 * 3072 + 5] == 18 &&
              got.bytes[31 * 3072 + 3071] == (uint8_t)3072);
    CU_ASSERT_STRING_EQUAL(names, "0 1 2 3 4 5 6 7 8 9 ");
    pack_collector_finish(&got);
    unit_file("cifar-10/batches.meta.txt",
              "airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n", 62);
    CU_ASSERT_EQUAL(collect(&got, &pack_cifar, folder, names, &error), 0);
    CU_ASSERT_STRING_EQUAL(names, "airplane automobile bird cat deer dog frog horse ship truck ");
    pack_collector_finish(&got);
    refuses(&pack_cifar, &folder, 1, &coarse, "is of CIFAR-10, which has one label for each picture");
    unit_file("cifar-10/batches.meta.txt", "airplane\n", 9);
    refuses(&pack_cifar, &folder, 1, NULL,
            "batches.meta.txt has 1 name, expected one for each of 10 classes");
}

static void cifar_10_wrong(void)
{
    char folder[600], *at = folder, record[3073];

    snprintf(folder, sizeof folder, "%s", folder_of("cifar-wrong"));
    cifar_file("cifar-wrong/data_batch_1.bin", 5, 1, 1);
    refuses(&pack_cifar, (const char *const *)&at, 1, NULL,
            "data_batch_1.bin is not a file of CIFAR-10: its size, 15364 bytes, is not a multiple of 3073");
    cifar_file("cifar-wrong/data_batch_1.bin", 5, 1, 0);
    unit_file("cifar-wrong/test_batch.bin", "\1", 1);
    refuses(&pack_cifar, (const char *const *)&at, 1, NULL,
            "test_batch.bin is not a file of CIFAR-10: its size, 1 byte, is");
    unit_file("cifar-wrong/test_batch.bin", "", 0);
    refuses(&pack_cifar, (const char *const *)&at, 1, NULL, "test_batch.bin is empty");
    memset(record, 10, sizeof record);
    unit_file("cifar-wrong/test_batch.bin", record, sizeof record);
    refuses(&pack_cifar, (const char *const *)&at, 1, NULL,
            "test_batch.bin is not a file of CIFAR-10: a label is above 9");
}

static void cifar_100(void)
{
    struct error error UNIT_CLEARED = {0};
    struct pack_collector got;
    const struct pack_options coarse = {.label = "Coarse"};
    const char *path = cifar_file("train.bin", 110, 2, 0);
    char names[1024];

    CU_ASSERT_EQUAL(collect(&got, &pack_cifar, path, names, &error), 0);
    CU_ASSERT_EQUAL_FATAL(got.count, 110);
    CU_ASSERT(got.labels[99] == 99 && got.labels[109] == 9 && got.parts[0] == PACK_UNSPLIT);
    CU_ASSERT_EQUAL(got.bytes[3 * 3072 + 1], 4);
    pack_collector_finish(&got);
    CU_ASSERT_EQUAL(pack_collect(&got, &pack_cifar, &path, 1, &coarse, names, &error), 0);
    CU_ASSERT(got.labels[99] == 19 && got.labels[109] == 9);
    pack_collector_finish(&got);
    refuses(&pack_cifar, &path, 1, &(struct pack_options){.label = "course"},
            "has no label \"course\"; the labels of CIFAR-100 are \"fine\" and \"coarse\"");
}

static void cifar_wrong(void)
{
    struct error error UNIT_CLEARED = {0};
    struct pack_collector got = {.skip_broken = true};
    const char *path = cifar_file("wrong.bin", 40, 1, 0);
    char names[1024];
    FILE *file = fopen(path, "r+");

    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_EQUAL(fseek(file, 30 * 3073, SEEK_SET), 0); /* behind those that are looked at */
    CU_ASSERT_EQUAL(fputc(10, file), 10);
    CU_ASSERT_EQUAL(fclose(file), 0);
    refuses(&pack_cifar, &path, 1, NULL, "wrong.bin: sample 30 has the label 10, expected 0 to 9");
    CU_ASSERT_EQUAL(pack_collect(&got, &pack_cifar, &path, 1, NULL, names, &error), 0);
    CU_ASSERT_EQUAL(got.count, 39);
    pack_collector_finish(&got);
    path = cifar_file("other.bin", 3, 1, 1);
    CU_ASSERT_EQUAL(pack_cifar.is(&path, 1, &error), 0);
}

static const struct unit_test tests[] = {
    {"names of IDX files tell set, part and role", idx_names},
    {"a folder of IDX files is read, with packed and unpacked files, by parts", idx_folder},
    {"IDX files named one by one are images and labels by name or rank", idx_files},
    {"IDX of other types become floats; several labels, and QMNIST's, are read", idx_types},
    {"pictures with channels last are turned", idx_colours},
    {"channels are first or last by their number, grey or in colours, with alpha or without", channels},
    {"alpha is laid over a ground, as that of PNG", opacity},
    {"EMNIST's names become characters, its transposition is told, and several sets are refused", emnist},
    {"other folders and files are not taken for IDX or CIFAR", other_folders},
    {"CIFAR-10 is read with its names, and other names and labels are refused", cifar_10},
    {"of a file that is not CIFAR-10's, the one thing that is wrong is said", cifar_10_wrong},
    {"CIFAR-100 is read with fine or coarse labels", cifar_100},
    {"a wrong label in CIFAR is refused, or passed over", cifar_wrong},
};

UNIT_MAIN("sources", tests)
