/* unit_checkpoint.c: what is written can be read, and whatever else a file holds is refused. */
#include "unit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "checkpoint/safetensors_read.h"
#include "checkpoint/safetensors_write.h"

static const float weight[] = {1.5f, -2.25f, 3e-40f, 0.0f, -0.0f, 7.0f, 1e30f};
static const double history[] = {0.25, -1e-300, 3.0, 1.0 / 3.0, 5.5, 6.5};
static const float rate[] = {0.125f};

/* The odd number of floats puts the doubles where they are not aligned in the file. */
static const struct tensor tensors[] = {
    {"conv1.weight", TENSOR_F32, 7, {7, 1, 1, 1, 1, 1, 1}, weight, sizeof weight},
    {"history", TENSOR_F64, 2, {3, 2}, history, sizeof history},
    {"empty", TENSOR_F32, 3, {5, 0, 2}, NULL, 0},
    {"a rate", TENSOR_F32, 0, {0}, rate, sizeof rate},
};
static const struct metadata metadata[] = {
    {"step", "18446744073709551615"},
    {"config", "name = \"lenet\";\t// \"checksum\":\"00000000\" \\ \xc3\xa9\n"},
    {"empty", ""},
};
enum { TENSORS = sizeof tensors / sizeof tensors[0], METADATA = sizeof metadata / sizeof metadata[0] };

struct bytes {
    unsigned char *at;
    size_t size;
};

static struct bytes load(const char *path)
{
    struct bytes bytes = {NULL, 0};
    struct stat status;
    const int fd = open(path, O_RDONLY);

    if (fd < 0 || fstat(fd, &status) != 0 || !(bytes.at = malloc((size_t)status.st_size + 1)) ||
        read(fd, bytes.at, (size_t)status.st_size) != status.st_size || close(fd) != 0) {
        perror(path);
        exit(99);
    }
    bytes.size = (size_t)status.st_size;
    return bytes;
}

static const char *sample(void)
{
    struct error error UNIT_CLEARED = {0};
    const char *path = unit_path("sample.safetensors");

    if (safetensors_write(path, tensors, TENSORS, metadata, METADATA, &error) != 0) {
        printf("%s\n", error_text(&error));
        exit(99);
    }
    return path;
}

/* Its bytes are refused in the same words. */
static void refused_from_memory(const char *path, struct error *said)
{
    struct error error UNIT_CLEARED = {0};
    struct stat status;
    struct bytes bytes;
    struct safetensors *file;

    if (stat(path, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size > 1 << 20)
        return;
    bytes = load(path);
    file = safetensors_parse(bytes.at, bytes.size, path, &error);
    CU_ASSERT_PTR_NULL(file);
    CU_ASSERT_EQUAL(error.code, ERROR_DATA);
    CU_ASSERT_STRING_EQUAL(error_text(&error), error_text(said));
    safetensors_free(file);
    free(bytes.at);
}

/* Reads a file that must be refused: the message begins with the path and has `part` in it. */
static void refused(const char *path, const char *part)
{
    struct error error UNIT_CLEARED = {0};
    struct safetensors *file = safetensors_read(path, &error);

    CU_ASSERT_PTR_NULL(file);
    safetensors_free(file);
    if (file)
        return;
    CU_ASSERT_EQUAL(error.code, ERROR_DATA);
    CU_ASSERT_EQUAL(error_count(&error), 1);
    CU_ASSERT_EQUAL(strncmp(error_text(&error), path, strlen(path)), 0);
    if (part && !strstr(error_text(&error), part)) {
        printf("\n  \"%s\" expected in: %s ", part, error_text(&error));
        CU_FAIL("another message");
    }
    refused_from_memory(path, &error);
}

/* What was written is in the file. */
static void whole(const struct safetensors *file)
{
    static const char *const order[] = {"a rate", "conv1.weight", "empty", "history"};

    for (size_t i = 0; i < TENSORS; i++) {
        const struct tensor *found = safetensors_tensor(file, tensors[i].name);

        CU_ASSERT_PTR_NOT_NULL_FATAL(found);
        CU_ASSERT_EQUAL(found->type, tensors[i].type);
        CU_ASSERT_EQUAL(found->rank, tensors[i].rank);
        CU_ASSERT_EQUAL(found->bytes, tensors[i].bytes);
        CU_ASSERT_EQUAL(memcmp(found->dim, tensors[i].dim, found->rank * sizeof found->dim[0]), 0);
        CU_ASSERT(found->bytes == 0 || memcmp(found->data, tensors[i].data, found->bytes) == 0);
        CU_ASSERT_EQUAL((uintptr_t)found->data % 64, 0);
        CU_ASSERT_STRING_EQUAL(safetensors_at(file, i)->name, order[i]);
    }
    CU_ASSERT_PTR_NULL(safetensors_at(file, TENSORS));
    CU_ASSERT_PTR_NULL(safetensors_tensor(file, "conv1"));
    for (size_t i = 0; i < METADATA; i++)
        CU_ASSERT_STRING_EQUAL(safetensors_value(file, metadata[i].key), metadata[i].value);
    CU_ASSERT_PTR_NULL(safetensors_value(file, "steps"));
}

static void round_trip(void)
{
    struct error error UNIT_CLEARED = {0};
    const char *path = sample();
    struct safetensors *file = safetensors_read(path, &error);

    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_STRING_EQUAL(safetensors_label(file), path);
    whole(file);
    safetensors_free(file);
}

/* Wherever they lie: what comes out is aligned. */
static void from_memory(void)
{
    struct error error UNIT_CLEARED = {0};
    struct bytes bytes = load(sample());
    char *odd = malloc(bytes.size + 1);
    struct safetensors *file;

    CU_ASSERT_PTR_NOT_NULL_FATAL(odd);
    memcpy(odd + 1, bytes.at, bytes.size);
    file = safetensors_parse(odd + 1, bytes.size, "a model", &error);
    free(odd);
    free(bytes.at);
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_STRING_EQUAL(safetensors_label(file), "a model");
    whole(file);
    safetensors_free(file);
}

static void beginning(void)
{
    struct bytes bytes = load(sample());
    char text[] = "name = \"{\";";

    CU_ASSERT_TRUE(safetensors_begins(bytes.at, 9));
    CU_ASSERT_FALSE(safetensors_begins(bytes.at, 8));
    CU_ASSERT_FALSE(safetensors_begins("", 0));
    for (size_t i = 0; i + 9 < sizeof text; i++)
        CU_ASSERT_FALSE(safetensors_begins(text + i, sizeof text - 1 - i));
    CU_ASSERT_FALSE(safetensors_begins("configs:{", 9));
    free(bytes.at);
}

static void nothing_in_it(void)
{
    struct error error UNIT_CLEARED = {0};
    const char *path = unit_path("nothing.safetensors");
    struct safetensors *file;

    CU_ASSERT_EQUAL_FATAL(safetensors_write(path, NULL, 0, NULL, 0, &error), 0);
    file = safetensors_read(path, &error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_PTR_NULL(safetensors_at(file, 0));
    safetensors_free(file);
}

static void same_bytes(void)
{
    struct tensor turned[TENSORS];
    struct metadata turned_metadata[METADATA];
    struct error error UNIT_CLEARED = {0};
    const char *other = unit_path("other.safetensors");
    struct bytes a, b;

    for (size_t i = 0; i < TENSORS; i++)
        turned[i] = tensors[TENSORS - 1 - i];
    for (size_t i = 0; i < METADATA; i++)
        turned_metadata[i] = metadata[METADATA - 1 - i];
    CU_ASSERT_EQUAL_FATAL(safetensors_write(other, turned, TENSORS, turned_metadata, METADATA, &error), 0);
    a = load(sample());
    b = load(other);
    CU_ASSERT_EQUAL(a.size, b.size);
    CU_ASSERT(a.size == b.size && memcmp(a.at, b.at, a.size) == 0);
    free(a.at);
    free(b.at);
}

/* The format's own rules, looked at without our reader. */
static void format(void)
{
    struct bytes file = load(sample());
    uint64_t length;
    size_t end;

    memcpy(&length, file.at, sizeof length);
    CU_ASSERT_EQUAL((8 + length) % 64, 0);
    CU_ASSERT_EQUAL_FATAL(8 + length + sizeof weight + sizeof history + sizeof rate, file.size);
    CU_ASSERT_EQUAL(file.at[8], '{');
    for (end = 8 + (size_t)length; file.at[end - 1] == ' ';)
        end--;
    CU_ASSERT_EQUAL(file.at[end - 1], '}');
    CU_ASSERT_EQUAL(memcmp(file.at + 8 + length, rate, sizeof rate), 0);
    file.at[end] = '\0';
    CU_ASSERT_PTR_NOT_NULL(
        strstr((char *)file.at + 8, "\"a rate\":{\"data_offsets\":[0,4],\"dtype\":\"F32\",\"shape\":[]}"));
    CU_ASSERT_PTR_NOT_NULL(strstr(
        (char *)file.at + 8, "\"history\":{\"data_offsets\":[32,80],\"dtype\":\"F64\",\"shape\":[3,2]}}"));
    free(file.at);
}

static void file_mode(void)
{
    const mode_t mask = umask(027);
    struct stat status;

    CU_ASSERT_EQUAL(stat(sample(), &status), 0);
    CU_ASSERT_EQUAL(status.st_mode & 0777, 0640);
    umask(mask);
}

static void truncations(void)
{
    struct bytes file = load(sample());

    for (size_t size = 0; size < file.size; size++)
        refused(unit_file("short.safetensors", file.at, size), NULL);
    file.at[file.size] = 0;
    refused(unit_file("long.safetensors", file.at, file.size + 1),
            "81 bytes of data; the header announces 80");
    free(file.at);
}

static void flipped_bits(void)
{
    struct bytes file = load(sample());
    const char *path = unit_file("flipped.safetensors", file.at, file.size);
    const int fd = open(path, O_WRONLY);
    struct error error UNIT_CLEARED = {0};
    struct safetensors *whole;

    CU_ASSERT_FATAL(fd >= 0);
    for (size_t i = 0; i < file.size; i++) {
        for (int bit = 0; bit < 8; bit++) {
            const unsigned char flipped = (unsigned char)(file.at[i] ^ 1 << bit);

            if (pwrite(fd, &flipped, 1, (off_t)i) != 1)
                CU_FAIL_FATAL("pwrite");
            refused(path, i >= file.size - sizeof history ? "tensor \"history\" does not match" : NULL);
        }
        if (pwrite(fd, &file.at[i], 1, (off_t)i) != 1)
            CU_FAIL_FATAL("pwrite");
    }
    close(fd);
    whole = safetensors_read(path, &error);
    CU_ASSERT_PTR_NOT_NULL(whole);
    safetensors_free(whole);
    free(file.at);
}

/* Lies with honest checksums: of 4 and of 8 zero bytes and of none. */
#define SUM4    "2144df1c"
#define SUM8    "6522df69"
#define OWN     "\"checksum\":\"00000000\""
#define META(x) "\"__metadata__\":{" OWN x "}"
#define A4      META(",\"checksum.a\":\"" SUM4 "\"")
#define A8      META(",\"checksum.a\":\"" SUM8 "\"")
#define AB      META(",\"checksum.a\":\"" SUM4 "\",\"checksum.b\":\"" SUM4 "\"")
#define F32(name, shape, offsets)                                                                            \
    "\"" name "\":{\"dtype\":\"F32\",\"shape\":[" shape "],\"data_offsets\":[" offsets "]}"
#define TENSOR(text) "{" A4 ",\"a\":{" text "}}"

static const struct lie {
    const char *json;
    size_t data;         /* zero bytes behind the header */
    const char *message; /* NULL: no lie */
} lies[] = {
    {"{" A4 "," F32("a", "1", "0,4") "}", 4, NULL},
    {"{" A4 "," F32("a", "1", "0,4") "}    ", 4, NULL},
    {"{" AB "," F32("b", "1", "0,4") "," F32("a", "1", "4,8") "}", 8, NULL},
    {"{" AB "," F32("b", "1", "4,8") "," F32("a", "1", "0,4") "}", 8, NULL},
    {"{ " A4 " , " F32("a", "1, 1", "0, 4") "\n}", 4, NULL},
    {"", 4, "does not begin with '{'"},
    {" {" A4 "," F32("a", "1", "0,4") "}", 4, "does not begin with '{'"},
    {"[" OWN "]", 4, "does not begin with '{'"},
    {"{" A4 "," F32("a", "1", "0,4") "}\n", 4, "ends in something that is not a space"},
    {"{" A4 "," F32("a", "1", "0,4") "} {}", 4, "header: byte "},
    {"{" A4 "," F32("a", "1", "0,4"), 4, "header: byte "},
    {"{" A4 "," F32("a", "1", "0,4") ",}", 4, "header: byte "},
    {"{" F32("a", "1", "0,4") "}", 4, "has no checksum"},
    {"{\"__metadata__\":{\"checksum\":\"0000000\"}," F32("a", "1", "0,4") "}", 4, "has no checksum"},
    {"{" META("") "," F32("a", "1", "0,4") "}", 4, "tensor \"a\" has no checksum"},
    {"{" A8 "," F32("a", "1", "0,4") "}", 4, "tensor \"a\" does not match its checksum"},
    {"{" OWN "," F32("a", "1", "0,4") "}", 4, "__metadata__ is not an object"},
    {"{" META(",\"step\":12") "," F32("a", "1", "0,4") "}", 4, "metadata \"step\" is not a string"},
    {"{" META(",\"step\":null") "," F32("a", "1", "0,4") "}", 4, "metadata \"step\" is not a string"},
    {"{" META(",\"step\":\"1\",\"step\":\"2\"") "," F32("a", "1", "0,4") "}", 4, "duplicate"},
    {"{" AB "," F32("a", "1", "0,4") "," F32("a", "1", "4,8") "}", 8, "duplicate"},
    {"{" A4 "," F32("a\\u0000b", "1", "0,4") "}", 4, "header: byte "},
    {"{" A4 "," F32("a\xff", "1", "0,4") "}", 4, "header: byte "},
    {"{" A4 "," F32("\\n\\u001b[2J\xc2\x9b\xc3\xa9", "1", "0,8") "}", 4,
     "tensor \"??[2J??\xc3\xa9\": offsets"},
    {"{" A4 ",\"a\":[]}", 4, "dtype, shape and data_offsets expected"},
    {TENSOR("\"dtype\":\"F32\",\"shape\":[1]"), 4, "dtype, shape and data_offsets expected"},
    {TENSOR("\"dtype\":\"F32\",\"shape\":[1],\"offsets\":[0,4]"), 4, "data_offsets is not a pair"},
    {TENSOR("\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"x\":1"), 4,
     "dtype, shape and data_offsets expected"},
    {TENSOR("\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[0,4]"), 4,
     "dtype \"BF16\": F32 or F64 expected"},
    {TENSOR("\"dtype\":\"f32\",\"shape\":[1],\"data_offsets\":[0,4]"), 4, "F32 or F64 expected"},
    {TENSOR("\"dtype\":32,\"shape\":[1],\"data_offsets\":[0,4]"), 4, "dtype is not a string"},
    {TENSOR("\"dtype\":\"F32\",\"shape\":1,\"data_offsets\":[0,4]"), 4, "shape is not a list"},
    {"{" A4 "," F32("a", "1,1,1,1,1,1,1,1", "0,4") "}", 4, "at most 7 numbers"},
    {"{" A4 "," F32("a", "-1", "0,4") "}", 4, "dimension 1 is not a whole number >= 0"},
    {"{" A4 "," F32("a", "1,1.0", "0,4") "}", 4, "dimension 2 is not a whole number >= 0"},
    {"{" A4 "," F32("a", "\"1\"", "0,4") "}", 4, "dimension 1 is not a whole number >= 0"},
    {"{" A4 "," F32("a", "99999999999999999999", "0,4") "}", 4, "header: byte "},
    {"{" A4 "," F32("a", "4611686018427387904,4", "0,4") "}", 4, "the size does not fit"},
    {"{" A4 "," F32("a", "4294967296,4294967296", "0,0") "}", 0, "the size does not fit"},
    {"{" A4 "," F32("a", "2", "0,4") "}", 4, "offsets 0 to 4 do not hold the 8 bytes"},
    {"{" A4 "," F32("a", "0", "0,4") "}", 4, "offsets 0 to 4 do not hold the 0 bytes"},
    {"{" A4 "," F32("a", "1", "4,0") "}", 4, "offsets 4 to 0"},
    {"{" A4 "," F32("a", "1", "-4,0") "}", 4, "pair of whole numbers"},
    {"{" A4 "," F32("a", "1", "0,4.0") "}", 4, "pair of whole numbers"},
    {"{" A4 "," F32("a", "1", "0,4e0") "}", 4, "pair of whole numbers"},
    {"{" A4 "," F32("a", "1", "0,4,8") "}", 4, "pair of whole numbers"},
    {"{" A4 "," F32("a", "1", "9223372036854775803,9223372036854775807") "}", 4, "leaves a gap"},
    {"{" A4 "," F32("a", "1", "4,8") "}", 8, "tensor \"a\": leaves a gap"},
    {"{" AB "," F32("a", "1", "0,4") "," F32("b", "1", "8,12") "}", 12, "tensor \"b\": leaves a gap"},
    {"{" AB "," F32("a", "1", "0,4") "," F32("b", "1", "0,4") "}", 4, "overlaps"},
    {"{" AB "," F32("a", "2", "0,8") "," F32("b", "1", "4,8") "}", 8, "tensor \"b\": overlaps"},
    {"{" A4 "," F32("a", "1", "0,4") "}", 8, "8 bytes of data; the header announces 4"},
    {"{" A8 "," F32("a", "2", "0,8") "}", 4, "4 bytes of data; the header announces 8: truncated"},
    {"{" A8 "," F32("a", "1000000000000", "0,4000000000000") "}", 4, "announces 4000000000000: truncated"},
};

/* A file with the header's length and checksum right. */
static const char *honest_file(const char *json, size_t data)
{
    unsigned char file[4096] = {0};
    const uint64_t length = strlen(json);
    char *field;

    memcpy(file, &length, sizeof length);
    memcpy(file + 8, json, (size_t)length);
    field = strstr((char *)file + 8, OWN);
    if (field) {
        char digits[16];

        snprintf(digits, sizeof digits, "%08lx", crc32(0, file, (uInt)(8 + length)));
        memcpy(field + strlen("\"checksum\":\""), digits, 8);
    }
    return unit_file("lie.safetensors", file, 8 + (size_t)length + data);
}

static void header_lies(void)
{
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        const char *path = honest_file(lies[i].json, lies[i].data);
        struct error error UNIT_CLEARED = {0};
        struct safetensors *file;

        if (lies[i].message) {
            refused(path, lies[i].message);
            continue;
        }
        file = safetensors_read(path, &error);
        CU_ASSERT_PTR_NOT_NULL(file);
        if (!file)
            printf("\n  %s ", error_text(&error));
        safetensors_free(file);
    }
}

/* What other programs write. */
#define OTHER(name, dtype, shape, offsets)                                                                   \
    "\"" name "\":{\"dtype\":\"" dtype "\",\"shape\":[" shape "],\"data_offsets\":[" offsets "]}"

static const struct lie others[] = {
    {"{" F32("a", "1", "0,4") "}", 4, NULL},
    {"{" F32("a", "1", "1,5") "," OTHER("b", "BOOL", "1", "0,1") "}", 5, NULL},
    {"{" OTHER("a", "F16", "3", "0,6") "," OTHER("b", "BF16", "1", "6,8") "}", 8, NULL},
    {"{" OTHER("a", "I64", "", "0,8") "," OTHER("b", "F8_E4M3", "2,2", "8,12") "}", 12, NULL},
    {"{\"__metadata__\":{\"format\":\"pt\",\"checksum\":\"00000000\"}," F32("a", "1", "0,4") "}", 4, NULL},
    {"{}", 0, NULL},
    {"", 4, "does not begin with '{'"},
    {"{" F32("a", "1", "0,4") "}\n", 4, "ends in something that is not a space"},
    {"{" F32("a", "1", "0,4") "," F32("a", "1", "0,4") "}", 4, "duplicate"},
    {"{\"__metadata__\":[]," F32("a", "1", "0,4") "}", 4, "__metadata__ is not an object"},
    {"{\"__metadata__\":{\"format\":1}," F32("a", "1", "0,4") "}", 4, "\"format\" is not a string"},
    {"{\"__metadata__\":{\"format\":\"nnrun\"}," F32("a", "1", "0,4") "}", 4, "has no checksum"},
    {"{" OTHER("a", "F16", "1", "0,4") "}", 4, "do not hold the 2 bytes"},
    {"{" OTHER("a", "I64", "1", "8,0") "}", 8, "offsets 8 to 0"},
    {"{" OTHER("a", "I64", "-1", "0,8") "}", 8, "dimension 1 is not a whole number"},
    {"{" OTHER("a", "I64", "1", "0,9223372036854775807") "}", 8, "announces 9223372036854775807: truncated"},
    {"{" OTHER("a", "I64", "1", "0,8") "," F32("b", "1", "4,8") "}", 8, "tensor \"b\": overlaps"},
    {"{" OTHER("a", "I64", "1", "0,8") "," F32("b", "1", "12,16") "}", 16, "tensor \"b\": leaves a gap"},
    {"{" F32("a", "1,1,1,1,1,1,1,1", "0,4") "}", 4, "at most 7 numbers"},
    {"{" F32("a", "1", "0,4") "}", 5, "5 bytes of data; the header announces 4"},
};

static void other_programs(void)
{
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        const char *path = honest_file(others[i].json, others[i].data);
        struct error error UNIT_CLEARED = {0};
        struct safetensors *file = safetensors_read_any(path, NULL, &error);

        const char *message = others[i].message;

        if (!file != (message != NULL) || (!file && !strstr(error_text(&error), message))) {
            CU_FAIL("of another program");
            printf("\n  %zu: %s ", i, error_text(&error));
        }
        if (file) {
            CU_ASSERT(safetensors_is_other(file));
            refused(path, "check");
        }
        safetensors_free(file);
    }
}

/* Of a checkpoint of ours checksums are verified. */
static void ours_as_any(void)
{
    static const struct metadata ours[] = {{"format", "nnrun"}};
    const char *path = unit_path("ours.safetensors");
    struct error error UNIT_CLEARED = {0};
    struct safetensors *file;
    struct bytes bytes;

    CU_ASSERT_EQUAL_FATAL(safetensors_write(path, tensors, TENSORS, ours, 1, &error), 0);
    file = safetensors_read_any(path, NULL, &error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT(!safetensors_is_other(file));
    CU_ASSERT_STRING_EQUAL(safetensors_tensor_dtype(file, safetensors_tensor(file, "history")), "F64");
    safetensors_free(file);
    bytes = load(path);
    bytes.at[bytes.size - 1] ^= 1;
    CU_ASSERT_PTR_NULL(
        safetensors_read_any(unit_file("ours.safetensors", bytes.at, bytes.size), NULL, &error));
    CU_ASSERT_PTR_NOT_NULL(strstr(error_text(&error), "does not match its checksum"));
    free(bytes.at);
}

static bool wants_named(void *name, const struct tensor *tensor)
{
    return strcmp(tensor->name, name) == 0;
}

/* The others are hashed and verified as they go by. */
static void chosen_tensors(void)
{
    static const struct metadata ours[] = {{"format", "nnrun"}};
    char name[] = "conv1.weight";
    const struct safetensors_choice choice = {wants_named, name};
    const char *path = unit_path("ours.safetensors");
    struct error error UNIT_CLEARED = {0};
    struct safetensors *all, *some;
    const struct tensor *tensor;
    struct bytes bytes;

    CU_ASSERT_EQUAL_FATAL(safetensors_write(path, tensors, TENSORS, ours, 1, &error), 0);
    all = safetensors_read_any(path, NULL, &error);
    some = safetensors_read_any(path, &choice, &error);
    CU_ASSERT_FATAL(all && some);
    for (size_t i = 0; (tensor = safetensors_at(some, i)); i++) {
        const struct tensor *whole = safetensors_at(all, i);
        CU_ASSERT_STRING_EQUAL(tensor->name, whole->name);
        CU_ASSERT_EQUAL(tensor->bytes, whole->bytes);
        if (strcmp(tensor->name, name) == 0)
            CU_ASSERT(tensor->data && memcmp(tensor->data, whole->data, whole->bytes) == 0)
        else
            CU_ASSERT_PTR_NULL(tensor->data)
    }
    CU_ASSERT_STRING_EQUAL(safetensors_hash(some), safetensors_hash(all));
    safetensors_free(all);
    safetensors_free(some);
    bytes = load(path);
    bytes.at[bytes.size - 1] ^= 1;
    path = unit_file("ours.safetensors", bytes.at, bytes.size);
    CU_ASSERT_PTR_NULL(safetensors_read_any(path, &choice, &error));
    CU_ASSERT_PTR_NOT_NULL(strstr(error_text(&error), "does not match its checksum"));
    free(bytes.at);
}

/* A header of 2 MiB, of a file with as much as that data. */
static struct safetensors *read_long_header(size_t data, struct error *error)
{
    enum { HEADER = 2 << 20 };
    const uint64_t length = HEADER;
    char nothing[] = "";
    const struct safetensors_choice choice = {wants_named, nothing};
    unsigned char *file = malloc(8 + HEADER);
    const char *path;
    int json;

    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    memset(file, ' ', 8 + HEADER);
    memcpy(file, &length, sizeof length);
    json = snprintf((char *)file + 8, HEADER, "{" OTHER("a", "I8", "%zu", "0,%zu") "}", data, data);
    file[8 + json] = ' ';
    path = unit_file("long.safetensors", file, 8 + HEADER);
    free(file);
    CU_ASSERT_EQUAL_FATAL(truncate(path, (off_t)(8 + HEADER + data)), 0);
    return safetensors_read_any(path, &choice, error);
}

static void long_headers(void)
{
    struct error error UNIT_CLEARED = {0};
    struct safetensors *file = read_long_header(24 << 20, &error);

    CU_ASSERT_PTR_NOT_NULL(file);
    safetensors_free(file);
    CU_ASSERT_PTR_NULL(read_long_header(20 << 20, &error));
    CU_ASSERT_PTR_NOT_NULL(strstr(
        error_text(&error), "has a header of 2097152 bytes; at most 2009771 are read of a file of its size"));
}

static void header_lengths(void)
{
    static const struct {
        uint64_t length;
        const char *message;
    } lengths[] = {
        {UINT64_MAX, "a header of 18446744073709551615 bytes; at most 262144"},
        {(uint64_t)1 << 63, "at most 262144"},
        {262145, "at most 262144"},
        {262144, "ends within its header"},
        {93, "ends within its header"},
        {92, "zero byte within the header"},
        {0, "does not begin with '{'"},
    };

    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        unsigned char file[100] = "        {}";

        memcpy(file, &lengths[i].length, 8);
        refused(unit_file("length.safetensors", file, sizeof file), lengths[i].message);
    }
    refused(unit_file("length.safetensors", "1234567", 7), "only 7 bytes long");
    refused(unit_file("length.safetensors", "", 0), "only 0 bytes long");
}

static void other_files(void)
{
    const char *pipe = unit_path("pipe"), *huge = unit_file("huge", "", 0);

    refused(unit_path("absent"), "No such file");
    refused(unit_folder(), "is not a regular file");
    CU_ASSERT_EQUAL(mkfifo(pipe, 0600), 0);
    refused(pipe, "is not a regular file");
    /* Holes make a file of any size; it must not be taken for memory. */
    if (truncate(huge, (off_t)1 << 43) == 0)
        refused(huge, "more than this machine's memory");
    unlink(huge);
}

static int write_fails(const struct tensor *some, size_t count, const struct metadata *words,
                       size_t word_count, const char *part)
{
    const char *path = sample();
    struct bytes before = load(path), after;
    struct error error UNIT_CLEARED = {0};
    int same;

    CU_ASSERT_EQUAL(safetensors_write(path, some, count, words, word_count, &error), -1);
    CU_ASSERT_EQUAL(error.code, ERROR_FAILED);
    if (!strstr(error_text(&error), part)) {
        printf("\n  \"%s\" expected in: %s ", part, error_text(&error));
        CU_FAIL("another message");
    }
    after = load(path);
    same = before.size == after.size && memcmp(before.at, after.at, before.size) == 0;
    free(before.at);
    free(after.at);
    return same;
}

static void unwritable(void)
{
    static char large[300000];
    const struct tensor twice[] = {tensors[0], tensors[1], tensors[0]};
    const struct tensor latin = {"conv\xe9", TENSOR_F32, 0, {0}, rate, sizeof rate};
    const struct tensor meta = {"__metadata__", TENSOR_F32, 0, {0}, rate, sizeof rate};
    const struct metadata own = {"checksum", "1"}, word = {"config", "caf\xe9"}, text = {"config", large};

    memset(large, 'x', sizeof large - 1);
    CU_ASSERT(write_fails(twice, 3, NULL, 0, "two tensors are called \"conv1.weight\""));
    CU_ASSERT(write_fails(&latin, 1, NULL, 0, "is not UTF-8"));
    CU_ASSERT(write_fails(&meta, 1, NULL, 0, "two tensors are called \"__metadata__\""));
    CU_ASSERT(write_fails(tensors, 1, &own, 1, "metadata \"checksum\" is given twice"));
    CU_ASSERT(write_fails(tensors, 1, &word, 1, "metadata \"config\" is not UTF-8"));
    CU_ASSERT(write_fails(tensors, 1, &text, 1, "at most 262144 fit"));
}

/* A limit on the size of files stands in for a full disk, at every byte of the file. */
static void disk_full(void)
{
    const char *path = sample();
    struct bytes file = load(path);
    const struct tensor other = {"other", TENSOR_F32, 1, {7}, weight, sizeof weight};
    struct rlimit old, small;

    signal(SIGXFSZ, SIG_IGN);
    CU_ASSERT_EQUAL_FATAL(getrlimit(RLIMIT_FSIZE, &old), 0);
    small = old;
    for (small.rlim_cur = 0; small.rlim_cur < 192 + sizeof weight; small.rlim_cur += 5) {
        struct error error UNIT_CLEARED = {0};
        struct bytes after;

        CU_ASSERT_EQUAL_FATAL(setrlimit(RLIMIT_FSIZE, &small), 0);
        CU_ASSERT_EQUAL(safetensors_write(path, &other, 1, NULL, 0, &error), -1);
        setrlimit(RLIMIT_FSIZE, &old);
        CU_ASSERT_EQUAL(error.code, ERROR_FAILED);
        CU_ASSERT_PTR_NOT_NULL(strstr(error_text(&error), "cannot write: "));
        after = load(path);
        CU_ASSERT(after.size == file.size && memcmp(after.at, file.at, file.size) == 0);
        free(after.at);
    }
    free(file.at);
}

static void unwritable_folder(void)
{
    struct error error UNIT_CLEARED = {0};
    const char *file = unit_file("file", "", 0);
    char path[600];

    snprintf(path, sizeof path, "%s/x.safetensors", file);
    CU_ASSERT_EQUAL(safetensors_write(path, tensors, 1, NULL, 0, &error), -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(error_text(&error), "Not a directory"));
    CU_ASSERT_EQUAL(safetensors_write(unit_folder(), tensors, 1, NULL, 0, &error), -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(error_text(&error), "cannot replace"));
}

static const struct unit_test tests[] = {
    {"tensors and metadata come back as they went, by name and in its order", round_trip},
    {"from memory, too, wherever the bytes lie", from_memory},
    {"nine bytes tell a checkpoint from a text", beginning},
    {"a file of nothing is a file", nothing_in_it},
    {"the order they are given in changes no byte", same_bytes},
    {"the file is safetensors: length, JSON, spaces, aligned data", format},
    {"the file's mode follows the umask", file_mode},
    {"a file cut at any byte, or one byte longer, is refused", truncations},
    {"each single flipped bit is refused, in data by the tensor's name", flipped_bits},
    {"each lie of a header with good checksums is refused", header_lies},
    {"a file of another program is read without checksums, and each lie in it refused", other_programs},
    {"a checkpoint among such files is verified by its checksums", ours_as_any},
    {"of such a file only chosen tensors are kept, and all are verified", chosen_tensors},
    {"the larger such a file, the longer its header may be", long_headers},
    {"each lie of the header's length is refused", header_lengths},
    {"what is no file, or larger than memory, is refused", other_files},
    {"what the format cannot hold is not written", unwritable},
    {"a full disk leaves the old file as it was", disk_full},
    {"a folder that cannot be written gives the reason", unwritable_folder},
};
UNIT_MAIN("checkpoint", tests)
