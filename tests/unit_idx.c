/* unit_idx.c: what idx_file and inflate_stream read, and what they refuse with which words. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "data/idx_file.h"
#include "idx_maker.h"
#include "unit.h"

enum { COUNT = 300, SIDE = 5, VALUES = SIDE * SIDE };

static struct bytes images(void)
{
    return idx_images(COUNT, SIDE, SIDE);
}

/* Opens the file and reads all of it in uneven parts; 0 if every sample was right. */
static int read_all(const char *path, struct error *error)
{
    struct idx_file *file = idx_file_open(path, error);
    uint8_t pixels[70 * VALUES];
    int result = file ? 0 : -1;

    for (size_t n = 0; result == 0 && n < idx_file_count(file);) {
        const size_t left = idx_file_count(file) - n, part = left < 70 ? left : 70;
        CU_ASSERT_EQUAL(idx_file_position(file), n);
        result = idx_file_read(file, part, pixels, error);
        for (size_t i = 0; result == 0 && i < part; i++)
            CU_ASSERT(idx_image_right(pixels + i * VALUES, VALUES, (uint32_t)(n + i)));
        n += part;
    }
    idx_file_close(file);
    return result;
}

static void reads(const char *path)
{
    struct error error UNIT_CLEARED = {0};

    CU_ASSERT_EQUAL(read_all(path, &error), 0);
    CU_ASSERT_STRING_EQUAL(error_text(&error), "");
}

/* One line, ERROR_DATA, that begins with the path and holds `words`. */
static void refuses(const char *path, const char *words)
{
    struct error error UNIT_CLEARED = {0};

    CU_ASSERT_EQUAL(read_all(path, &error), -1);
    CU_ASSERT_EQUAL(error.code, ERROR_DATA);
    CU_ASSERT_PTR_NULL(strchr(error_text(&error), '\n'));
    CU_ASSERT_EQUAL(strncmp(error_text(&error), path, strlen(path)), 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(error_text(&error), words));
    if (!strstr(error_text(&error), words))
        printf("\n    wanted: %s\n    got:    %s\n", words, error_text(&error));
}

static void plain_and_gzip(void)
{
    reads(bytes_file("plain", images()));
    reads(bytes_gzip_file("packed.gz", images()));
    reads(bytes_gzip_file("packed-without-suffix", images()));
}

static void every_rank(void)
{
    const struct nnrun_shape want[4] = {{0, {0}}, {1, {3}}, {2, {3, 2}}, {3, {3, 2, 4}}};
    const uint32_t dim[4] = {2, 3, 2, 4};
    const size_t bytes[4] = {1, 3, 6, 24};
    const char *const text[4] = {"1", "3", "3x2", "3x2x4"};
    const uint8_t zeros[48] = {0};

    for (uint8_t rank = 1; rank <= 4; rank++) {
        char shape[IDX_SHAPE_TEXT];
        struct error error UNIT_CLEARED = {0};
        const char *path =
            bytes_file("rank", bytes_join(idx_header(rank, dim), bytes_copy(zeros, 2 * bytes[rank - 1])));
        struct idx_file *file = idx_file_open(path, &error);
        CU_ASSERT_PTR_NOT_NULL_FATAL(file);
        CU_ASSERT_EQUAL(idx_file_count(file), 2);
        CU_ASSERT_EQUAL(idx_file_sample_bytes(file), bytes[rank - 1]);
        CU_ASSERT_EQUAL(idx_file_shape(file).rank, want[rank - 1].rank);
        for (int32_t i = 0; i < want[rank - 1].rank; i++)
            CU_ASSERT_EQUAL(idx_file_shape(file).dim[i], want[rank - 1].dim[i]);
        CU_ASSERT_STRING_EQUAL(idx_shape_text(idx_file_shape(file), shape), text[rank - 1]);
        idx_file_close(file);
    }
}

static void every_type(void)
{
    static const struct {
        const char *bytes;
        size_t size, values, finite;
        double want[3];
    } files[] = {
        {"\0\0\x08\x01\0\0\0\x02\0\xff", 10, 2, 2, {0, 255}},
        {"\0\0\x09\x01\0\0\0\x03\x7f\x80\xff", 11, 3, 3, {127, -128, -1}},
        {"\0\0\x0b\x01\0\0\0\x03\x7f\xff\x80\0\xff\xfe", 14, 3, 3, {32767, -32768, -2}},
        {"\0\0\x0c\x01\0\0\0\x02\x80\0\0\0\0\x01\0\x02", 16, 2, 2, {-2147483648.0, 65538}},
        {"\0\0\x0d\x01\0\0\0\x03\x3f\xc0\0\0\xff\x80\0\0\0\0\0\0", 20, 3, 1, {1.5, -INFINITY, 0}},
        {"\0\0\x0e\x01\0\0\0\x02\x3f\xb9\x99\x99\x99\x99\x99\x9a\x7f\xe0\0\0\0\0\0\0",
         24,
         2,
         1,
         {0.1, 0x1p1023}},
    };

    for (size_t f = 0; f < sizeof files / sizeof files[0]; f++) {
        struct error error UNIT_CLEARED = {0};
        struct idx_file *file = idx_file_open_any(unit_file("typed", files[f].bytes, files[f].size), &error);
        uint8_t bytes[16];
        float floats[3];

        CU_ASSERT_PTR_NOT_NULL_FATAL(file);
        CU_ASSERT_EQUAL(idx_file_type(file), (unsigned char)files[f].bytes[2]);
        CU_ASSERT_EQUAL(idx_file_sample_bytes(file), idx_type_bytes(idx_file_type(file)));
        CU_ASSERT_EQUAL(idx_file_count(file), files[f].values);
        CU_ASSERT_EQUAL(idx_file_read(file, files[f].values, bytes, &error), 0);
        for (size_t i = 0; i < files[f].values; i++)
            CU_ASSERT_EQUAL(idx_value(idx_file_type(file), bytes, i), files[f].want[i]);
        CU_ASSERT_EQUAL(idx_values_floats(idx_file_type(file), bytes, files[f].values, floats),
                        files[f].finite);
        CU_ASSERT_EQUAL(floats[0], (float)files[f].want[0]);
        idx_file_close(file);
    }
}

static void other_types(void)
{
    struct error error UNIT_CLEARED = {0};

    CU_ASSERT_PTR_NULL(idx_file_open_any(unit_file("ten", "\0\0\x0a\x01\0\0\0\x01\0", 9), &error));
    CU_ASSERT_PTR_NOT_NULL(strstr(error_text(&error), "the type is 0x0a; only 0x08, 0x09 and 0x0b to 0x0e"));
    CU_ASSERT_PTR_NULL(idx_file_open_any(unit_file("back", "\x01\x0d\0\0\x01\0\0\0\0\0\0\0", 12), &error));
    CU_ASSERT_PTR_NOT_NULL(
        strstr(error_text(&error), "reversed: it begins with 01 0d 00 00, expected 00 00 0d 01"));
    CU_ASSERT_PTR_NULL(idx_file_open_any(unit_file("few", "\0\0\x0b\x01\0\0\0\x02\0\0\0", 11), &error));
    CU_ASSERT_PTR_NOT_NULL(
        strstr(error_text(&error), "announces 2 labels but ends after 11 bytes, 12 were expected"));
}

static void members_follow_one_another(void)
{
    struct bytes whole = images();
    const size_t cut[] = {1, 4, 15, 16, 17, 1000, whole.size - 1};

    for (size_t i = 0; i < sizeof cut / sizeof cut[0]; i++) {
        struct bytes first = bytes_join(bytes_gzip(whole.data, cut[i]), bytes_gzip("", 0));
        reads(bytes_file("members.gz",
                         bytes_join(first, bytes_gzip(whole.data + cut[i], whole.size - cut[i]))));
    }
    bytes_free(&whole);
}

/* An empty member of `size` bytes, by means of a comment in its header. */
static struct bytes padding(size_t size)
{
    struct bytes empty = bytes_gzip("", 0), head = bytes_copy(empty.data, 10);
    struct bytes tail = bytes_copy(empty.data + 10, empty.size - 10);
    char *comment = calloc(1, size - empty.size);

    CU_ASSERT_PTR_NOT_NULL_FATAL(comment);
    memset(comment, 'c', size - empty.size - 1);
    head.data[3] = 16;
    head = bytes_join(head, bytes_copy(comment, size - empty.size));
    free(comment);
    bytes_free(&empty);
    return bytes_join(head, tail);
}

static void a_member_may_begin_at_any_byte(void)
{
    struct bytes whole = images();

    for (size_t power = 4096; power <= 1 << 20; power *= 2)
        for (size_t size = power - 2; size <= power + 1; size++)
            reads(bytes_file("edge.gz", bytes_join(padding(size), bytes_gzip(whole.data, whole.size))));
    bytes_free(&whole);
}

static void the_other_name_is_tried(void)
{
    struct error error UNIT_CLEARED = {0};
    char path[600];

    bytes_gzip_file("one.gz", images());
    bytes_file("two", images());
    reads(unit_path("one"));
    reads(unit_path("two.gz"));
    snprintf(path, sizeof path, "%s.gz", unit_path("three"));
    CU_ASSERT_EQUAL(read_all(unit_path("three"), &error), -1);
    CU_ASSERT_EQUAL(error.code, ERROR_DATA);
    CU_ASSERT_PTR_NOT_NULL(strstr(error_text(&error), "there is no such file, nor "));
    CU_ASSERT_PTR_NOT_NULL(strstr(error_text(&error), path));
}

static void names_of_unpackers(void)
{
    struct error error UNIT_CLEARED = {0};

    bytes_file("a.idx3-ubyte", images());
    reads(unit_path("a-idx3-ubyte"));
    reads(unit_path("a-idx3-ubyte.gz"));
    bytes_gzip_file("b-idx3-ubyte.gz", images());
    reads(unit_path("b.idx3-ubyte"));
    bytes_gzip_file("c.idx1-ubyte.gz", images());
    CU_ASSERT_EQUAL_FATAL(mkdir(unit_path("c-idx1-ubyte"), 0700), 0);
    reads(unit_path("c-idx1-ubyte.gz"));
    CU_ASSERT_EQUAL_FATAL(mkdir(unit_path("d.idx1-ubyte"), 0700), 0);
    refuses(unit_path("d-idx1-ubyte"), "there is no such file, nor ");
    bytes_file("e.idx3-ubytes", images());
    bytes_file("f.idx", images());
    CU_ASSERT_EQUAL(read_all(unit_path("e-idx3-ubyte"), &error), -1);
    error_clear(&error);
    CU_ASSERT_EQUAL(read_all(unit_path("f-idx"), &error), -1);
    error_clear(&error);
}

static void what_is_no_file(void)
{
    CU_ASSERT_EQUAL_FATAL(mkdir(unit_path("folder"), 0700), 0);
    refuses(unit_path("folder"), "is a directory");
    CU_ASSERT_EQUAL_FATAL(mkfifo(unit_path("fifo"), 0600), 0);
    refuses(unit_path("fifo"), "is not a regular file");
    refuses("/dev/null", "is not a regular file");
    refuses(unit_file("below", "", 0), "is empty");
    refuses(unit_path("below/a-file"), "cannot be opened: ");
}

static void what_is_no_idx(void)
{
    refuses(unit_file("text", "hello, world", 12), "is text, not an IDX file: a header");
    refuses(unit_file("bytes", "\x80 text", 6),
            "is neither gzip nor an IDX file: it begins with 80 20 74 65");
    refuses(unit_file("zip", "PK\3\4....", 8), "is a ZIP archive, not an IDX file: a header");
    refuses(bytes_gzip_file("png.gz", bytes_copy("\x89PNG\r\n\x1a\n", 8)),
            "is a PNG picture in gzip, not an IDX file");
    refuses(unit_file("short", "\x1f", 1), "is neither gzip nor an IDX file: its length is 1");
    refuses(unit_file("short", "\0\0\x8", 3), "is neither gzip nor an IDX file: its length is 3");
    refuses(bytes_gzip_file("text.gz", bytes_copy("hello, world", 12)), "is text in gzip, not an IDX file");
    refuses(bytes_gzip_file("bytes.gz", bytes_copy("\x80 text", 6)),
            "is gzip data, but no IDX file is in it");
    refuses(bytes_gzip_file("empty.gz", bytes_copy("", 0)),
            "is gzip data, but no IDX file is in it: its length is 0");
    refuses(unit_file("floats", "\0\0\x0d\x01\0\0\0\x01\0\0\0\0", 12), "the type is 0x0d; only 0x08");
    refuses(unit_file("rank0", "\0\0\x08\0", 4), "wrong IDX magic: 0 dimensions");
    refuses(unit_file("rank5", "\0\0\x08\x05", 4), "wrong IDX magic: 5 dimensions");
    refuses(unit_file("cut", "\0\0\x08\x03\0\0\0\x01\0\0", 10), "ends within the IDX header, after 10 bytes");
}

static void reversed_bytes(void)
{
    const uint32_t labels[1] = {0x10270000}, pictures[3] = {0x10270000, 0x1c000000, 0x1c000000};
    const uint32_t beyond[1] = {0xff270000};
    static const char data[10239];

    refuses(unit_file("magic", "\3\x08\0\0\0\0\0\0", 8),
            "its byte order is reversed: it begins with 03 08 00 00, expected 00 00 08 03");
    refuses(bytes_file("labels", bytes_join(idx_header(1, labels), bytes_copy(data, 10000))),
            "its byte order is reversed: it announces 270991360 samples, and 10000 if");
    refuses(bytes_file("torn", bytes_join(idx_header(1, labels), bytes_copy(data, 9999))),
            "announces 270991360 labels but ends after 10007 bytes");
    refuses(bytes_gzip_file("labels.gz", idx_header(1, labels)),
            "its byte order is reversed: it announces 270991360");
    refuses(bytes_file("pictures", idx_header(3, pictures)),
            "its byte order is reversed: it announces 270991360");
    refuses(bytes_file("beyond", bytes_join(idx_header(1, beyond), bytes_copy(data, 10239))),
            "its byte order is reversed: it announces 4280745984 samples, and 10239 if");
}

static void impossible_dimensions(void)
{
    const uint32_t zero[3] = {0, 5, 5}, flat[3] = {5, 0, 5}, large[3] = {0x80000000u, 1, 1};
    const uint32_t over[4] = {0x7fffffff, 0x7fffffff, 0x7fffffff, 0x7fffffff};
    const uint32_t one_over[4] = {0x40000000, 0x40000000, 4, 4}, near[4] = {0x40000000, 0x40000000, 4, 3};

    refuses(bytes_file("zero", idx_header(3, zero)), "announces zero samples");
    refuses(bytes_file("flat", idx_header(3, flat)), "dimension 2 is 0");
    refuses(bytes_file("large", idx_header(3, large)), "dimension 1 is 2147483648");
    refuses(bytes_file("over", idx_header(4, over)),
            "announces 2147483647 samples of 2147483647x2147483647x2147483647: the product");
    refuses(bytes_gzip_file("over.gz", idx_header(4, over)), "the product of its dimensions overflows");
    refuses(bytes_file("one-over", idx_header(4, one_over)), "the product of its dimensions overflows");
    refuses(bytes_file("near", idx_header(4, near)), "but ends after 20 bytes");
}

static void a_small_file_announces_much(void)
{
    const uint32_t dim[3] = {1 << 20, 1 << 10, 1 << 10};

    refuses(bytes_gzip_file("much.gz", idx_header(3, dim)),
            "announces 1048576 samples of 1024x1024, 1099511627792 bytes, more than its ");
    refuses(bytes_file("much", idx_header(3, dim)),
            "announces 1048576 samples of 1024x1024 but ends after 16 bytes");
}

static void fewer_or_more_bytes(void)
{
    struct bytes whole = images();

    refuses(bytes_file("fewer", bytes_copy(whole.data, whole.size - 1)),
            "announces 300 samples of 5x5 but ends after 7515 bytes, 7516 were expected");
    refuses(bytes_gzip_file("fewer.gz", bytes_copy(whole.data, whole.size - 1)),
            "announces 300 samples of 5x5 but ends after 7515 bytes, 7516 were expected");
    refuses(bytes_file("more", bytes_join(bytes_copy(whole.data, whole.size), bytes_copy("", 1))),
            "has more than the 7516 bytes");
    refuses(bytes_gzip_file("more.gz", bytes_join(bytes_copy(whole.data, whole.size), bytes_copy("", 1))),
            "has more than the 7516 bytes");
    refuses(bytes_file("more.gz", bytes_join(bytes_gzip(whole.data, whole.size), bytes_gzip("x", 1))),
            "has more than the 7516 bytes");
    bytes_free(&whole);
}

static void truncated_anywhere(void)
{
    struct bytes plain = images(), whole = bytes_gzip(plain.data, plain.size);

    for (size_t size = 2; size < whole.size; size += size < whole.size - 20 ? 97 : 1)
        refuses(unit_file("cut.gz", whole.data, size), "truncated: the file ends within the gzip data");
    bytes_free(&plain);
    bytes_free(&whole);
}

static void damaged(void)
{
    struct bytes plain = images(), whole = bytes_gzip(plain.data, plain.size);
    struct error error UNIT_CLEARED = {0};

    whole.data[whole.size - 8] ^= 1;
    refuses(unit_file("crc.gz", whole.data, whole.size), "the CRC is wrong");
    whole.data[whole.size - 8] ^= 1;
    whole.data[whole.size - 4] ^= 1;
    refuses(unit_file("length.gz", whole.data, whole.size), "the length at the end is wrong");
    whole.data[whole.size - 4] ^= 1;
    whole.data[2] = 9;
    refuses(unit_file("method.gz", whole.data, whole.size), "damaged gzip data: unknown compression method");
    whole.data[2] = 8;
    /* The header's time, extra flags and system say nothing about the contents; every other byte does. */
    for (size_t i = 10; i < whole.size; i += 13) {
        whole.data[i] ^= 0x10;
        const char *path = unit_file("bit.gz", whole.data, whole.size);
        struct idx_file *file = idx_file_open(path, &error);
        uint8_t pixels[COUNT * VALUES];
        CU_ASSERT(!file || idx_file_count(file) != COUNT || idx_file_sample_bytes(file) != VALUES ||
                  idx_file_read(file, COUNT, pixels, &error) != 0);
        idx_file_close(file);
        whole.data[i] ^= 0x10;
    }
    bytes_free(&plain);
    bytes_free(&whole);
}

static void something_behind(void)
{
    const char *const tails[] = {"x", "\x1f", "\x1fx", "hello, world"};
    struct bytes plain = images();

    for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++) {
        struct bytes tail = bytes_copy(tails[i], strlen(tails[i]));
        refuses(bytes_file("tail.gz", bytes_join(bytes_gzip(plain.data, plain.size), tail)),
                "and something else follows");
    }
    refuses(bytes_file("zeros.gz", bytes_join(bytes_gzip(plain.data, plain.size), bytes_copy("\0\0\0", 3))),
            "and something else follows");
    refuses(bytes_file("half.gz", bytes_join(bytes_gzip(plain.data, plain.size), bytes_copy("\x1f\x8b", 2))),
            "truncated");
    bytes_free(&plain);
}

static void read_again(void)
{
    struct bytes bad = images();
    uint8_t pixels[COUNT * VALUES];
    struct error error UNIT_CLEARED = {0};

    bad = bytes_join(bad, bytes_copy("x", 1));
    struct idx_file *file = idx_file_open(bytes_gzip_file("again.gz", bad), &error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    for (int i = 0; i < 3; i++) {
        CU_ASSERT_EQUAL(idx_file_read(file, COUNT - 1, pixels, &error), 0);
        CU_ASSERT(idx_image_right(pixels + 7 * VALUES, VALUES, 7));
        CU_ASSERT_EQUAL(idx_file_read(file, 1, pixels, &error), -1);
        CU_ASSERT(idx_file_position(file) > COUNT);
        CU_ASSERT_EQUAL(idx_file_rewind(file, &error), 0);
        CU_ASSERT_EQUAL(idx_file_position(file), 0);
    }
    idx_file_close(file);
}

static const struct unit_test tests[] = {
    {"plain IDX and gzip are told apart by their bytes", plain_and_gzip},
    {"one to four dimensions are read", every_rank},
    {"values of each type are read, and where the first is not finite is told", every_type},
    {"a file of an unknown type, or of fewer values than announced, is refused", other_types},
    {"gzip members may follow one another, empty ones too", members_follow_one_another},
    {"a gzip member may begin at any byte of the input buffer", a_member_may_begin_at_any_byte},
    {"a missing file is looked for with .gz added or taken off", the_other_name_is_tried},
    {"it is looked for with the names that those who unpack it give it, past folders of such names",
     names_of_unpackers},
    {"directories, fifos and devices are refused without waiting", what_is_no_file},
    {"what is no IDX file of bytes is refused by its first bytes", what_is_no_idx},
    {"a header of reversed bytes is called so", reversed_bytes},
    {"zero, huge and overflowing dimensions are refused", impossible_dimensions},
    {"a small file that announces 2^40 bytes is refused when opened", a_small_file_announces_much},
    {"fewer and more bytes than announced are refused with numbers", fewer_or_more_bytes},
    {"a gzip file cut anywhere is called truncated", truncated_anywhere},
    {"a wrong CRC, a wrong length and any flipped bit are found", damaged},
    {"what follows the last gzip member is refused", something_behind},
    {"a file can be read again, after an error too", read_again},
};

UNIT_MAIN("idx", tests)
