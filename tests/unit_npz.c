/* unit_npz.c: NumPy's files as a source of samples: those that NumPy wrote, tests/npz/make.py, and damaged ones. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file_io.h"
#include "pack/npy_header.h"
#include "pack_collector.h"
#include "unit.h"

enum { MOST_FILE = 65536 };

/* Of tests/npz. */
static const char *file_of(const char *name)
{
    static char paths[4][600];
    static unsigned next;
    const char *source = getenv("NNRUN_SOURCE");
    char *path = paths[next++ % 4];

    snprintf(path, 600, "%s/tests/npz/%s", source ? source : "..", name);
    return path;
}

static int collect(struct pack_collector *got, const char *name, char *names, struct error *error)
{
    const char *path = file_of(name);

    *got = (struct pack_collector){0};
    CU_ASSERT_EQUAL(pack_npz.is(&path, 1, error), 1);
    return pack_collect(got, &pack_npz, &path, 1, NULL, names, error);
}

static void refuses_path(const char *path, const char *words)
{
    struct error error UNIT_CLEARED = {0};
    struct pack_collector got = {0};
    char names[1024];

    CU_ASSERT_EQUAL(pack_collect(&got, &pack_npz, &path, 1, NULL, names, &error), -1);
    CU_ASSERT_EQUAL(error.code, ERROR_DATA);
    CU_ASSERT_EQUAL(strncmp(error_text(&error), path, strlen(path)), 0);
    CU_ASSERT_PTR_NULL(strchr(error_text(&error), '\n'));
    CU_ASSERT_PTR_NOT_NULL(strstr(error_text(&error), words));
    if (!strstr(error_text(&error), words))
        printf("\n    wanted: %s\n    got:    %s\n", words, error_text(&error));
    pack_collector_finish(&got);
}

static void refuses(const char *name, const char *words)
{
    refuses_path(file_of(name), words);
}

/* ---- what NumPy writes --------------------------------------------------------------------------------- */

/* MedMNIST's parts, 6 + 3 + 4 samples; value i is i % 251 before channels move. */
static void is_med(const char *file, struct nnrun_shape shape, size_t width, uint32_t classes)
{
    struct error error UNIT_CLEARED = {0};
    const size_t channels = shape.rank == 3 ? 3 : 1;
    struct pack_collector got;
    char names[1024];

    CU_ASSERT_EQUAL(collect(&got, file, names, &error), 0);
    CU_ASSERT_STRING_EQUAL(error_text(&error), "");
    CU_ASSERT_EQUAL_FATAL(got.count, 13);
    CU_ASSERT_EQUAL(got.form.kind, PACK_BYTES);
    CU_ASSERT_EQUAL_FATAL(got.form.shape.rank, shape.rank);
    CU_ASSERT_EQUAL_FATAL(got.form.label_width, width);
    for (int32_t i = 0; i < shape.rank; i++)
        CU_ASSERT_EQUAL(got.form.shape.dim[i], shape.dim[i]);
    for (size_t i = 0; i < got.count; i++) {
        const size_t area = got.values / channels;
        CU_ASSERT_EQUAL(got.parts[i], i < 6 ? PACK_TRAIN : i < 9 ? PACK_VALIDATION : PACK_TEST);
        for (size_t k = 0; k < got.values; k++)
            CU_ASSERT_EQUAL(got.bytes[i * got.values + k],
                            (i * got.values + k % area * channels + k / area) % 251);
        for (size_t k = 0; k < width; k++)
            CU_ASSERT_EQUAL(got.labels[i * width + k], (i * width + k) % classes);
    }
    CU_ASSERT_STRING_EQUAL(names, "0 1 2 ");
    CU_ASSERT(got.done == 13 && got.all == 13);
    CU_ASSERT_PTR_NOT_NULL(strstr(got.places, "train_images[5] val_images[0] "));
    pack_collector_finish(&got);
}

static void medical(void)
{
    is_med("grey.npz", (struct nnrun_shape){2, {5, 4}}, 1, 3);
    is_med("rgb.npz", (struct nnrun_shape){3, {3, 2, 3}}, 1, 3);
    is_med("several.npz", (struct nnrun_shape){2, {5, 4}}, 3, 2);
    is_med("zip64.npz", (struct nnrun_shape){2, {5, 4}}, 1, 3);
}

/* Value i is i % 251, by a factor and less something. */
static void is_rows(const char *file, size_t count, size_t values, float factor, float less,
                    const char *classes)
{
    struct error error UNIT_CLEARED = {0};
    struct pack_collector got;
    char names[1024];

    CU_ASSERT_EQUAL(collect(&got, file, names, &error), 0);
    CU_ASSERT_STRING_EQUAL(error_text(&error), "");
    CU_ASSERT_EQUAL_FATAL(got.count, count);
    CU_ASSERT(got.form.kind == PACK_FLOATS && got.form.shape.rank == 1 && got.values == values);
    for (size_t i = 0; i < count * values; i++) {
        float value;
        memcpy(&value, got.bytes + 4 * i, sizeof value);
        CU_ASSERT_EQUAL(value, (float)i * factor - less);
    }
    CU_ASSERT_STRING_EQUAL(names, classes);
    pack_collector_finish(&got);
}

static void numbers(void)
{
    struct error error UNIT_CLEARED = {0};
    struct pack_collector got;
    char names[1024];

    is_rows("keras.npz", 10, 3, 0.25f, 0, "0 1 2 ");
    is_rows("half.npz", 4, 3, 0.25f, 0, "0 1 2 ");
    is_rows("wide.npz", 2, 3, 1, 2, "-1 7 ");
    CU_ASSERT_EQUAL(collect(&got, "half.npz", names, &error), 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(got.remarks, "array_left_out(): the array weights.npy was left out"));
    pack_collector_finish(&got);
    CU_ASSERT_EQUAL(collect(&got, "channels.npz", names, &error), 0);
    CU_ASSERT(got.form.shape.rank == 3 && got.form.shape.dim[0] == 3 && got.form.shape.dim[2] == 5);
    CU_ASSERT(got.form.label_width == 0 && got.bytes[61] == 61);
    pack_collector_finish(&got);
}

static void pairs_of_files(void)
{
    struct error error UNIT_CLEARED = {0};
    struct pack_collector got = {0};
    const char *const paths[] = {file_of("lone-imgs.npz"), file_of("lone-labels.npz")};
    char names[1024];

    CU_ASSERT_EQUAL(pack_npz.is(paths, 2, &error), 1);
    CU_ASSERT_EQUAL(pack_collect(&got, &pack_npz, paths, 2, NULL, names, &error), 0);
    CU_ASSERT(got.count == 4 && got.labels[3] == 1 && got.bytes[7] == 7);
    pack_collector_finish(&got);
}

static void refused(void)
{
    refuses("fortran.npz", "fortran.npz: x.npy is in Fortran's order; save it with");
    refuses("big.npz", "x.npy holds big-endian numbers (>i2), expected little-endian ones");
    refuses("text.npz", "y.npy holds texts, expected numbers");
    refuses("nan.npz", "x.npy: sample 1 has the value nan, expected a finite 32-bit number");
    refuses("counts.npz", "y.npy has 5 labels, but x.npy has 4 samples");
    refuses("names.npz", "has no arrays whose names tell samples and labels, such as train_images");
    refuses("two.npz", "images.npy seems to be of the same kind and part as x.npy");
    refuses("bomb.npz", "x.npy has samples of more than 16 MB");
    refuses("lone-labels.npz", "arr_0.npy are labels, and their samples are missing");
}

/* ---- damaged archives ---------------------------------------------------------------------------------- */

static char *load(const char *name, size_t *size)
{
    struct error error = {0};
    char *bytes = file_load(file_of(name), MOST_FILE, size, &error);

    CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
    return bytes;
}

static void cut(void)
{
    size_t size;
    char *bytes = load("grey.npz", &size);

    for (size_t length = 4; length < size; length++)
        refuses_path(unit_file("cut.npz", bytes, length), "is not a whole ZIP archive: its end is missing");
    free(bytes);
}

/* Where `words` is in the bytes. */
static char *find(char *bytes, size_t size, const char *words, size_t length)
{
    for (size_t i = 0; i + length <= size; i++)
        if (memcmp(bytes + i, words, length) == 0)
            return bytes + i;
    CU_FAIL_FATAL("it is not there");
    return NULL;
}

/* The file with one byte of the first entry of its list changed. */
static void changed(const char *name, size_t at, char byte, const char *words)
{
    size_t size;
    char *bytes = load(name, &size), *entry = find(bytes, size, "PK\1\2", 4), before = entry[at];

    entry[at] = byte;
    refuses_path(unit_file("changed.npz", bytes, size), words);
    entry[at] = before;
    free(bytes);
}

static void wrong_list(void)
{
    changed("rgb.npz", 8, 1, "train_images.npy is encrypted");
    changed("rgb.npz", 10, 12, "train_images.npy is packed by bzip2, expected deflate");
    changed("rgb.npz", 16, 0x55, "train_images.npy: its checksum is wrong");
    changed("rgb.npz", 22, 0x7f, "train_images.npy announces more packed bytes than the archive has");
    changed("rgb.npz", 20, 0,
            "train_images.npy announces a different number of bytes than its packed ones can hold");
    changed("rgb.npz", 42, 1, "train_images.npy is not what the archive's list says of it");
    changed("grey.npz", 27, 0x7f,
            "train_images.npy announces a different number of bytes than its packed ones can hold");
    changed("grey.npz", 24, '\xf0', "train_images.npy has a different number of bytes than its shape takes");
    changed("grey.npz", 20, 5, "train_images.npy: its packed data end early");
    changed("grey.npz", 46, 't' + 1, "urain_images.npy is not what the archive's list says of it");
    changed("grey.npz", 28, 100,
            "has a file without a name, or with one above 255 bytes or with a zero byte");
    changed("grey.npz", 32, 100, "is a damaged ZIP archive: its list of files ends early");
    changed("grey.npz", 46, '\0',
            "has a file without a name, or with one above 255 bytes or with a zero byte");
}

/* Any byte changed: refused, or the same samples. */
static void any_byte(void)
{
    struct error error UNIT_CLEARED = {0};
    struct pack_collector right, got;
    char names[1024];
    size_t size, read = 0;
    char *bytes = load("grey.npz", &size);

    CU_ASSERT_EQUAL_FATAL(collect(&right, "grey.npz", names, &error), 0);
    for (size_t i = 0; i < size; i++) {
        const char *path;
        bytes[i] ^= 0x11;
        path = unit_file("any.npz", bytes, size);
        got = (struct pack_collector){0};
        if (pack_collect(&got, &pack_npz, &path, 1, NULL, names, &error) == 0) {
            read++;
            CU_ASSERT(got.count == 0 || memcmp(got.bytes, right.bytes, got.count * got.sample_bytes) == 0 ||
                      got.sample_bytes != right.sample_bytes || got.count != right.count);
        } else
            CU_ASSERT_NOT_EQUAL(error.code, ERROR_MEMORY);
        error_clear(&error);
        pack_collector_finish(&got);
        bytes[i] ^= 0x11;
    }
    CU_ASSERT(read < size / 2);
    pack_collector_finish(&right);
    free(bytes);
}

static void wrong_zip64(void)
{
    size_t size;
    char *bytes = load("zip64.npz", &size), *end = find(bytes, size, "PK\6\6", 4),
         *at = find(bytes, size, "PK\6\7", 4);

    at[8] ^= 1;
    refuses_path(unit_file("z.npz", bytes, size), "its end for sizes above 4 GB is missing");
    at[8] ^= 1;
    end[55] = 0x7f;
    refuses_path(unit_file("z.npz", bytes, size), "its list of files is not where its end says");
    end[55] = 0;
    end[39] = 0x7f;
    refuses_path(unit_file("z.npz", bytes, size),
                 "has more than 1000 files, or names and remarks of more than 1 MB");
    end[39] = 0;
    end[32] = 7;
    refuses_path(unit_file("z.npz", bytes, size), "is a damaged ZIP archive: its list of files ends early");
    end[32] = 5;
    refuses_path(unit_file("z.npz", bytes, size), "its list has more files than its end says");
    free(bytes);
}

/* ---- headers ------------------------------------------------------------------------------------------- */

static void header_is(const char *text, const char *words)
{
    struct error error UNIT_CLEARED = {0};
    struct npy_header header;
    const int result = npy_text_read(&header, text, strlen(text), &error);

    CU_ASSERT_EQUAL(result, *words ? -1 : 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(error_text(&error), words));
    if (result == 0)
        CU_ASSERT(header.rank <= NPY_MOST_RANK && header.value_bytes <= 8);
}

static void headers(void)
{
    static const char none[] = "its header is not a dictionary of";

    header_is("{'descr': '|u1', 'fortran_order': False, 'shape': (3,), }", "");
    header_is("{\"shape\":(3,4,5,6),\"fortran_order\":False,\"descr\":\"<f4\"}\n", "");
    header_is("{'descr': '<i8', 'fortran_order': False, 'shape': (), }", "");
    header_is("{'descr': '|b1', 'fortran_order': False, 'shape': (3L, 4L), }", "");
    header_is("", none);
    header_is("{}", none);
    header_is("{'descr': '|u1', 'fortran_order': False}", none);
    header_is("{'descr': '|u1', 'descr': '|u1', 'fortran_order': False, 'shape': (3,)}", none);
    header_is("{'descr': '|u1', 'fortran_order': False, 'shape': (3,)} x", none);
    header_is("{'descr': '|u1', 'fortran_order': False, 'shape': (3,)", none);
    header_is("{'descr': '|u1', 'fortran_order': False, 'shape': (-3,)}", none);
    header_is("{'descr': '|u1', 'fortran_order': None, 'shape': (3,)}", none);
    header_is("{'other': '|u1', 'fortran_order': False, 'shape': (3,)}", none);
    header_is("{'descr': '|u1", "holds records of several fields");
    header_is("{'descr': [('a', '<i4')], ", "holds records of several fields");
    header_is("{'descr': '<M8', ", "holds values of type \"<M8\"");
    header_is("{'descr': '<f16', ", "holds values of type \"<f16\"");
    header_is("{'descr': '<c8', ", "holds values of type \"<c8\"");
    header_is("{'descr': '|O', ", "holds Python objects");
    header_is("{'descr': '|u1', 'fortran_order': True, 'shape': (3,)}", "is in Fortran's order");
    header_is("{'shape': (1, 2, 3, 4, 5), ", "has more than 4 dimensions");
    header_is("{'shape': (99999999999999999999999, ", "has a dimension above 2147483647");
}

static void begins(void)
{
    const struct {
        const char *bytes, *words;
    } cases[] = {
        {"\x93NUMPY\1\0\x76\0{'", ""},
        {"\x93NUMPY\2\0\x76\0\0\0", ""},
        {"\x93NUMPX\1\0\x76\0{'", "is not a NumPy array"},
        {"\x93NUMPY\4\0\x76\0{'", "is a NumPy array of version 4, expected 1 to 3"},
        {"\x93NUMPY\1\0\3\0{'", "announces a header of 3 bytes"},
        {"\x93NUMPY\2\0\0\0\1\1", "announces a header of 16842752 bytes, expected 12 to 65536"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error error UNIT_CLEARED = {0};
        size_t before = 0, text = 0;
        const int result = npy_begin_read((const uint8_t *)cases[i].bytes, &before, &text, &error);
        CU_ASSERT_EQUAL(result, *cases[i].words ? -1 : 0);
        CU_ASSERT_PTR_NOT_NULL(strstr(error_text(&error), cases[i].words));
        CU_ASSERT(result != 0 || before == text + (i == 0 ? 10 : 12));
    }
}

static void values(void)
{
    static const struct {
        char kind;
        size_t size;
        const char *bytes;
        double want;
    } cases[] = {
        {'u', 1, "\xff", 255},
        {'b', 1, "\1", 1},
        {'i', 1, "\xff", -1},
        {'i', 2, "\0\x80", -32768},
        {'u', 2, "\1\2", 513},
        {'i', 4, "\0\0\0\x80", -2147483648.0},
        {'u', 4, "\xff\xff\xff\xff", 4294967295.0},
        {'i', 8, "\xfe\xff\xff\xff\xff\xff\xff\xff", -2},
        {'f', 2, "\0\x3c", 1},
        {'f', 2, "\xff\x7b", 65504},
        {'f', 2, "\1\x80", -0x1p-24},
        {'f', 2, "\0\xfc", -INFINITY},
        {'f', 4, "\0\0\xc0\x3f", 1.5},
        {'f', 8, "\x9a\x99\x99\x99\x99\x99\xb9\x3f", 0.1},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct npy_header header = {.kind = cases[i].kind, .value_bytes = cases[i].size};
        CU_ASSERT_EQUAL(npy_value(&header, (const uint8_t *)cases[i].bytes, 0), cases[i].want);
    }
}

static const struct unit_test tests[] = {
    {"MedMNIST's arrays are read, deflated, stored, of version 2 and in ZIP64", medical},
    {"x and y of numbers of any type are read, what else there is is told", numbers},
    {"an array of its own file is what the file's name says", pairs_of_files},
    {"Fortran's order, other types, NaN, other counts and bombs are refused with a word", refused},
    {"an archive cut anywhere is refused", cut},
    {"a list that does not fit its files is refused", wrong_list},
    {"with any byte changed an archive is refused, or its samples are the same", any_byte},
    {"a ZIP64 end that lies is refused", wrong_zip64},
    {"headers of arrays are read strictly", headers},
    {"versions and lengths of headers are checked", begins},
    {"values of each type are exact", values},
};

UNIT_MAIN("npz", tests)
