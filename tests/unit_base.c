/* unit_base.c: random numbers, checked memory, files and the thread pool. */
#include "unit.h"

#include <math.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "base/file_io.h"
#include "base/half.h"
#include "base/memory.h"
#include "base/memory_file.h"
#include "base/sha256.h"
#include "base/text.h"
#include "base/thread_pool.h"
#include "base/random_lanes.h"
#include "net/plugin.h"

/* ---- random.h ----------------------------------------------------------------------------------- */

/* The vectors that Random123 comes with: kat_vectors, philox4x32 with 10 rounds. */
static void known_answers(void)
{
    static const struct {
        uint32_t counter[4];
        struct random_key key;
        uint32_t out[4];
    } known[] = {
        {{0, 0, 0, 0}, {{0, 0}}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
         {{0xffffffff, 0xffffffff}},
         {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
         {{0xa4093822, 0x299f31d0}},
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        uint32_t out[4];
        random_block(known[i].key, known[i].counter, out);
        CU_ASSERT_EQUAL(memcmp(out, known[i].out, sizeof out), 0);
    }
}

static bool same_key(struct random_key a, struct random_key b)
{
    return a.word[0] == b.word[0] && a.word[1] == b.word[1];
}

static void keys_differ(void)
{
    const struct random_key key = random_key(1, RANDOM_INIT, "conv1.weight");

    CU_ASSERT(same_key(key, random_key(1, RANDOM_INIT, "conv1.weight")));
    CU_ASSERT(!same_key(key, random_key(2, RANDOM_INIT, "conv1.weight")));
    CU_ASSERT(!same_key(key, random_key((uint64_t)1 << 32 | 1, RANDOM_INIT, "conv1.weight")));
    CU_ASSERT(!same_key(key, random_key(1, RANDOM_LAYER, "conv1.weight")));
    CU_ASSERT(!same_key(key, random_key(1, RANDOM_INIT, "conv2.weight")));
    CU_ASSERT(same_key(random_key(1, RANDOM_INIT, NULL), random_key(1, RANDOM_INIT, "")));
}

static void unit_range(void)
{
    CU_ASSERT_EQUAL(random_unit(0), 0.0f);
    CU_ASSERT_EQUAL(random_unit(0xff), 0.0f);
    CU_ASSERT_EQUAL(random_unit(0x100), 0x1p-24f);
    CU_ASSERT_EQUAL(random_unit(0x80000000), 0.5f);
    CU_ASSERT_EQUAL(random_unit(0xffffffff), 1.0f - 0x1p-24f);
}

static bool is_permutation(const uint32_t *order, uint32_t count)
{
    unsigned char *seen = memory_array(count, 1);
    bool good = seen != NULL;

    for (uint32_t i = 0; good && i < count; i++) {
        good = order[i] < count && !seen[order[i]];
        if (good)
            seen[order[i]] = 1;
    }
    free(seen);
    return good;
}

static void permutations(void)
{
    static const uint32_t counts[] = {1, 2, 3, 17, 1000, 65536};
    static uint32_t order[65536], other[65536];
    const struct random_key key = random_key(7, RANDOM_SHUFFLE, NULL),
                            second = random_key(8, RANDOM_SHUFFLE, NULL);

    random_permutation(key, 0, 0, order, 0);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        random_permutation(key, 3, 4, order, counts[i]);
        CU_ASSERT(is_permutation(order, counts[i]));
    }
    random_permutation(key, 3, 4, other, 65536);
    CU_ASSERT_EQUAL(memcmp(order, other, sizeof order), 0);
    random_permutation(key, 4, 4, other, 65536);
    CU_ASSERT_NOT_EQUAL(memcmp(order, other, sizeof order), 0);
    random_permutation(key, 3, 5, other, 65536);
    CU_ASSERT_NOT_EQUAL(memcmp(order, other, sizeof order), 0);
    random_permutation(second, 3, 4, other, 65536);
    CU_ASSERT_NOT_EQUAL(memcmp(order, other, sizeof order), 0);
}

/* Words of every count, and nothing behind them, as one block after the other gives them. */
static void lanes_draw_the_same(void)
{
    enum { MOST = 21 };
    const struct random_key key = random_key(3, RANDOM_LAYER, "dropout1");
    const uint32_t last[2] = {0xfffffffe, 9}, first = 0xffffffff;
    static _Alignas(64) uint16_t words[(MOST + 1) * NNRUN_LANES];
    uint32_t sample[NNRUN_LANES], out[4];
    struct error error UNIT_CLEARED = {0};
    const int level = plugin_level(getenv("NNRUN_ISA"), &error);

    for (uint32_t lane = 0; lane < NNRUN_LANES; lane++)
        sample[lane] = lane % 3 ? 0x7fffffffu * lane : lane;
    for (int l = 0; l <= level; l++)
        for (size_t count = 0; count <= MOST; count++) {
            memset(words, 0x5a, sizeof words);
            random_lanes((unsigned)l)(key, first, sample, last, count, words);
            for (uint32_t i = 0; i < (count + 1) * NNRUN_LANES; i++) {
                const uint32_t word = i / NNRUN_LANES, lane = i % NNRUN_LANES;
                random_block(key, (const uint32_t[4]){first + word / 8, sample[lane], last[0], last[1]}, out);
                uint16_t wanted = 0x5a5a;
                if (word < count)
                    wanted = (uint16_t)(out[word % 8 / 2] >> (word % 2 * 16));
                if (words[i] != wanted)
                    CU_FAIL_FATAL("a word differs");
            }
        }
}

/* Chi-squared over the 24 orders of 4: 23 degrees of freedom, above 50 with a chance below 0.001. A fixed
 * seed: it cannot fail by bad luck. */
static void permutations_are_fair(void)
{
    enum { DRAWS = 24000 };
    unsigned seen[256] = {0}, orders = 0;
    double sum = 0;

    for (uint32_t i = 0; i < DRAWS; i++) {
        uint32_t order[4];
        random_permutation(random_key(1, RANDOM_SHUFFLE, NULL), i, 0, order, 4);
        seen[order[0] << 6 | order[1] << 4 | order[2] << 2 | order[3]]++;
    }
    for (size_t i = 0; i < 256; i++)
        if (seen[i]) {
            const double off = (double)seen[i] - DRAWS / 24.0;
            orders++;
            sum += off * off / (DRAWS / 24.0);
        }
    CU_ASSERT_EQUAL(orders, 24);
    CU_ASSERT(sum < 50);
}

/* ---- memory.h ----------------------------------------------------------------------------------- */

static void sizes_overflow(void)
{
    size_t result = 123;

    CU_ASSERT(!size_multiply(SIZE_MAX, 2, &result));
    CU_ASSERT(!size_multiply(SIZE_MAX / 2 + 1, 2, &result));
    CU_ASSERT(!size_add(SIZE_MAX, 1, &result));
    CU_ASSERT(!size_add(1, SIZE_MAX, &result));
    CU_ASSERT_EQUAL(result, 123);
    CU_ASSERT(size_multiply(SIZE_MAX / 2, 2, &result) && result == SIZE_MAX - 1);
    CU_ASSERT(size_multiply(SIZE_MAX, 1, &result) && result == SIZE_MAX);
    CU_ASSERT(size_multiply(SIZE_MAX, 0, &result) && result == 0);
    CU_ASSERT(size_multiply(0, SIZE_MAX, &result) && result == 0);
    CU_ASSERT(size_add(SIZE_MAX - 1, 1, &result) && result == SIZE_MAX);
}

static void arrays(void)
{
    unsigned char *array = memory_array(1000, 3), *nothing = memory_array(0, 8);
    bool zero = array != NULL;

    CU_ASSERT_EQUAL((uintptr_t)array % 64, 0);
    for (size_t i = 0; zero && i < 3000; i++)
        zero = array[i] == 0;
    CU_ASSERT(zero);
    CU_ASSERT_PTR_NOT_NULL(nothing);
    CU_ASSERT_PTR_NULL(memory_array(SIZE_MAX / 2, 3));
    CU_ASSERT_PTR_NULL(memory_array(SIZE_MAX, 1)); /* fits, but not with its padding */
    free(array);
    free(nothing);

    array = memory_resize(NULL, 4, 2);
    CU_ASSERT_PTR_NOT_NULL_FATAL(array);
    memcpy(array, "1234567", 8);
    CU_ASSERT_PTR_NULL(memory_resize(array, SIZE_MAX / 2, 3));
    CU_ASSERT_STRING_EQUAL(array, "1234567"); /* still there */
    nothing = memory_resize(array, 1000, 2);
    CU_ASSERT_PTR_NOT_NULL_FATAL(nothing);
    CU_ASSERT_STRING_EQUAL(nothing, "1234567");
    free(nothing);
}

static void strings(void)
{
    char *text = memory_string("layer"), *part = memory_string_part("layer", 3),
         *whole = memory_string_part("ab", 9);
    char *made = memory_format("%s-%d", "step", 12), *empty = memory_format("%s", "");

    CU_ASSERT_STRING_EQUAL(text, "layer");
    CU_ASSERT_STRING_EQUAL(part, "lay");
    CU_ASSERT_STRING_EQUAL(whole, "ab");
    CU_ASSERT_STRING_EQUAL(made, "step-12");
    CU_ASSERT_STRING_EQUAL(empty, "");
    free(text);
    free(part);
    free(whole);
    free(made);
    free(empty);
}

static void only_text_stays(void)
{
    static const struct {
        const char *from, *to;
    } cases[] = {
        {"", ""},
        {"plain ~ text", "plain ~ text"},
        {"\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80", "\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80"},
        {"\x1b[31m\t\n\r\x7f", "?[31m????"},
        {"\xc2\x9b"
         "0m\xc2\xa0",
         "??0m\xc2\xa0"}, /* C1 in two bytes; a blank */
        {"\x9b"
         "0m \xff\xfe",
         "?0m ??"},    /* no first bytes */
        {"\xc3", "?"}, /* cut off */
        {"\xe2\x82"
         "a\xf0\x9f\x98",
         "??a???"},
        {"\xc0\xaf \xe0\x80\xaf", "?? ???"},           /* overlong */
        {"\xed\xa0\x80 \xf4\x90\x80\x80", "??? ????"}, /* a surrogate; beyond the last */
        {"\xe2\x80\xa8 \xe2\x80\xae \xe2\x81\xa6 \xe2\x80\xa6", "??? ??? ??? \xe2\x80\xa6"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[64];
        snprintf(text, sizeof text, "%s", cases[i].from);
        text_make_printable(text);
        CU_ASSERT_STRING_EQUAL(text, cases[i].to);
    }
}

/* ---- pool.h ------------------------------------------------------------------------------------- */

enum { MOST_PARTS = 1000, WANTED_CSR = 0x9fc0, STICKY = 0x3f };

struct count {
    atomic_uint runs[MOST_PARTS];
    atomic_uint wrong_thread, wrong_float;
    unsigned threads;
    unsigned plain[MOST_PARTS]; /* not atomic: the pool must order it */
};

static void count_part(void *arg, unsigned i, unsigned thread)
{
    struct count *count = arg;

    atomic_fetch_add(&count->runs[i], 1);
    count->plain[i]++;
    if (thread >= count->threads)
        atomic_fetch_add(&count->wrong_thread, 1);
#if defined(__x86_64__)
    if ((_mm_getcsr() & ~(unsigned)STICKY) != WANTED_CSR)
        atomic_fetch_add(&count->wrong_float, 1);
#endif
}

static void each_part_once(void)
{
    static const unsigned threads[] = {1, 2, 3, 4, 9}, parts[] = {0, 1, 2, 7, 8, MOST_PARTS};
    enum { ROUNDS = 50 };

    for (size_t t = 0; t < sizeof threads / sizeof threads[0]; t++) {
        struct error error UNIT_CLEARED = {0};
        struct thread_pool *pool = thread_pool_create(threads[t], &error);
        CU_ASSERT_PTR_NOT_NULL_FATAL(pool);
        CU_ASSERT_EQUAL(thread_pool_threads(pool), threads[t]);
        for (size_t p = 0; p < sizeof parts / sizeof parts[0]; p++) {
            struct count count = {.threads = threads[t]};
            unsigned wrong = 0;
            for (unsigned round = 0; round < ROUNDS; round++)
                thread_pool_run(pool, parts[p], count_part, &count);
            for (unsigned i = 0; i < MOST_PARTS; i++) {
                const unsigned expected = i < parts[p] ? ROUNDS : 0;
                wrong += atomic_load(&count.runs[i]) != expected || count.plain[i] != expected;
            }
            CU_ASSERT_EQUAL(wrong, 0);
            CU_ASSERT_EQUAL(atomic_load(&count.wrong_thread), 0);
            CU_ASSERT_EQUAL(atomic_load(&count.wrong_float), 0);
        }
        CU_ASSERT(!thread_pool_float_changed(pool));
        thread_pool_destroy(pool);
    }
    thread_pool_destroy(NULL);
    CU_ASSERT(thread_pool_processors() >= 1);
}

#if defined(__x86_64__) || defined(__aarch64__)
struct product {
    float one, other, result;
};

static void multiply(void *arg, unsigned i, unsigned thread)
{
    struct product *products = arg;
    volatile float one = products[i].one, other = products[i].other;

    (void)thread;
    products[i].result = one * other;
}

static void underflow_is_noticed(void)
{
    enum { PARTS = 64 };

    for (unsigned threads = 1; threads <= 3; threads++) {
        struct error error UNIT_CLEARED = {0};
        struct thread_pool *pool = thread_pool_create(threads, &error);
        struct product products[PARTS];
        CU_ASSERT_PTR_NOT_NULL_FATAL(pool);
        for (unsigned i = 0; i < PARTS; i++)
            products[i] = (struct product){0x1p-63f, -0x1p-63f, 1};
        thread_pool_run(pool, PARTS, multiply, products);
        CU_ASSERT(products[PARTS - 1].result == -0x1p-126f);
        CU_ASSERT(!thread_pool_underflowed(pool));
        for (unsigned i = 0; i < PARTS; i++) {
            products[i].other = 0x1p-64f;
            thread_pool_run(pool, PARTS, multiply, products);
            CU_ASSERT(products[i].result == 0);
            CU_ASSERT(thread_pool_underflowed(pool));
            CU_ASSERT(!thread_pool_underflowed(pool)); /* said once */
            products[i].other = 1;
            thread_pool_run(pool, PARTS, multiply, products);
            CU_ASSERT(!thread_pool_underflowed(pool)); /* of the parts since */
        }
        thread_pool_destroy(pool);
    }
}
#endif

#if defined(__x86_64__)
static void change_float(void *arg, unsigned i, unsigned thread)
{
    (void)arg, (void)thread;
    if (i == 3)
        _mm_setcsr(0x1f80);
}

/* A part that changes it is noticed, the next part finds it set again, the caller keeps its own. */
static void float_is_set_again(void)
{
    for (unsigned threads = 1; threads <= 3; threads++) {
        struct error error UNIT_CLEARED = {0};
        struct thread_pool *pool = thread_pool_create(threads, &error);
        struct count count = {.threads = threads};
        const unsigned own = 0x1f80;
        CU_ASSERT_PTR_NOT_NULL_FATAL(pool);
        _mm_setcsr(own);
        thread_pool_run(pool, 8, change_float, NULL);
        CU_ASSERT_EQUAL(_mm_getcsr() & ~(unsigned)STICKY, own);
        CU_ASSERT(thread_pool_float_changed(pool));
        CU_ASSERT(!thread_pool_float_changed(pool)); /* said once */
        thread_pool_run(pool, MOST_PARTS, count_part, &count);
        CU_ASSERT_EQUAL(atomic_load(&count.wrong_float), 0);
        CU_ASSERT(!thread_pool_float_changed(pool));
        thread_pool_destroy(pool);
    }
}
#endif

/* What keeps a file from being loaded, without its path. */
static const char *refused(const char *path, size_t most, enum error_code code)
{
    static struct error error = {0};
    size_t size;

    error_clear(&error);
    CU_ASSERT_PTR_NULL(file_load(path, most, &size, &error));
    CU_ASSERT_EQUAL(error.code, code);
    CU_ASSERT_EQUAL_FATAL(strncmp(error_text(&error), path, strlen(path)), 0);
    return error_text(&error) + strlen(path);
}

static void odd_files(void)
{
    static const char shrinks[] = "/sys/devices/system/cpu/online"; /* is said to have a page */
    struct error error UNIT_CLEARED = {0};
    struct stat status;
    size_t size = 7;
    char *text = file_load(unit_file("whole", "abc", 3), 3, &size, &error);

    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    CU_ASSERT(size == 3 && strcmp(text, "abc") == 0);
    free(text);
    CU_ASSERT_STRING_EQUAL(refused(unit_path("whole"), 2, ERROR_DATA),
                           " is 3 bytes long; at most 2 are read");
    CU_ASSERT_STRING_EQUAL(refused(unit_path("none"), 9, ERROR_DATA), ": No such file or directory");
    CU_ASSERT_STRING_EQUAL(refused(unit_folder(), 9, ERROR_DATA), " is not a regular file");
    CU_ASSERT_FATAL(mkfifo(unit_path("pipe"), 0600) == 0);
    CU_ASSERT_STRING_EQUAL(refused(unit_path("pipe"), 9, ERROR_DATA), " is not a regular file");
    if (stat(shrinks, &status) == 0 && status.st_size > 64)
        CU_ASSERT_STRING_EQUAL(refused(shrinks, 1 << 16, ERROR_FAILED), ": became shorter while it was read");
}

/* Pieces that fill a buffer exactly, and more and less. */
static void streams_into_memory(void)
{
    struct memory_file file;
    size_t size = 0, written = 0;
    char *text;

    CU_ASSERT_FATAL(memory_file_open(&file) != NULL);
    for (size_t piece = 0; piece < 5000; piece += 7)
        for (size_t i = 0; i < piece; i++)
            written += putc('a' + (int)(written % 26), file.out) != EOF;
    CU_ASSERT_FATAL((text = memory_file_close(&file, &size)) != NULL);
    CU_ASSERT(size == written && strlen(text) == size);
    for (size_t i = 0; i < size; i++)
        CU_ASSERT_FATAL(text[i] == 'a' + (int)(i % 26));
    free(text);
    CU_ASSERT(memory_file_open(&file) && (text = memory_file_close(&file, NULL)) && *text == '\0');
    free(text);
}

/* As much as no memory holds. */
static void a_stream_tells_of_too_little_memory(void)
{
    struct memory_file file;

    CU_ASSERT_FATAL(memory_file_open(&file) != NULL);
    fputs("some", file.out);
    CU_ASSERT(fflush(file.out) == 0);
    file.size = SIZE_MAX - 2;
    fputs("more", file.out);
    CU_ASSERT(fflush(file.out) != 0);
    file.size = 4;
    fputs("and what has room again", file.out);
    CU_ASSERT(memory_file_close(&file, NULL) == NULL);
}

/* FIPS 180-4's examples, and whatever pieces the bytes come in. */
static void hashes(void)
{
    static const struct {
        const char *text, *hash;
    } known[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
        {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrst"
         "nopqrstu",
         "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
    };

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        for (size_t piece = 1; piece < 130; piece += 7) {
            const size_t length = strlen(known[i].text);
            char text[SHA256_TEXT];
            struct sha256 sum;

            sha256_begin(&sum);
            for (size_t at = 0; at < length; at += piece)
                sha256_add(&sum, known[i].text + at, length - at < piece ? length - at : piece);
            sha256_end(&sum, text);
            CU_ASSERT_STRING_EQUAL(text, known[i].hash);
        }
}

/* All 65536 of each, by the definition. */
static void halves(void)
{
    for (uint32_t half = 0; half < 65536; half++) {
        const int exponent = (int)(half >> 10 & 31), digits = (int)(half & 1023);
        const double size = exponent == 0 ? ldexp(digits, -24) : ldexp(1024 + digits, exponent - 25);
        const float value = half_to_float((uint16_t)half), brain = half_brain_to_float((uint16_t)half);
        uint32_t bits;

        CU_ASSERT(exponent == 31 ? (digits ? isnan(value) : isinf(value)) : fabs((double)value) == size);
        CU_ASSERT(!signbit(value) == !(half & 0x8000));
        memcpy(&bits, &brain, sizeof bits);
        CU_ASSERT_EQUAL(bits, half << 16);
    }
}

static const struct unit_test tests[] = {
    {"Philox gives the published numbers", known_answers},
    {"a key depends on seed, purpose and name", keys_differ},
    {"uniform numbers lie in [0, 1) on multiples of 2^-24", unit_range},
    {"a permutation holds each index once and differs by key and counters", permutations},
    {"all orders are equally likely", permutations_are_fair},
    {"16 samples at once draw what each would alone, at every code level", lanes_draw_the_same},
    {"sizes that overflow are refused and leave the result alone", sizes_overflow},
    {"arrays are zeroed, aligned, refused if too large, kept if resizing fails", arrays},
    {"strings are copied and bounded", strings},
    {"a stream into memory holds all that was written", streams_into_memory},
    {"... and tells if some of it had no room", a_stream_tells_of_too_little_memory},
    {"SHA-256 gives the published sums, whatever pieces the bytes come in", hashes},
    {"each 16-bit float is the 32-bit one of its value", halves},
    {"of any bytes what is no text becomes question marks, byte by byte", only_text_stays},
    {"a file is loaded whole, or it is said what keeps it from that; a pipe is not waited for", odd_files},
    {"a pool runs each part once, whatever the numbers of threads and parts", each_part_once},
#if defined(__x86_64__) || defined(__aarch64__)
    {"a pool says once if a result of any part is too small for a normal float", underflow_is_noticed},
#endif
#if defined(__x86_64__)
    {"a part that changes the arithmetic is noticed and it is set again", float_is_set_again},
#endif
};
UNIT_MAIN("base", tests)
