/* fuzz_csv.c: any bytes as a table. Input: a byte of flags, then the file. */
#include "fuzz.h"
#include "fuzz_sink.h"

enum { FLAG_SIZE = 1, FLAG_SKIP = 2, FLAG_LABEL = 4, FLAG_COLUMN = 24, FLAGS = 32, MOST_INPUT = 1 << 16 };
enum { MOST_MEMORY = 16 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const columns[] = {"first", "last", "none", "b"};
    struct pack_options options = {.test = -1};
    const char *path;

    if (size < 1 || size > MOST_INPUT)
        return 0;
    if (data[0] & FLAG_SIZE)
        options.height = options.width = 2;
    options.skip_broken = data[0] & FLAG_SKIP;
    if (data[0] & FLAG_LABEL)
        options.label = columns[(data[0] & FLAG_COLUMN) / 8];
    path = fuzz_path("table.csv");
    fuzz_put("table.csv", data + 1, size - 1);
    fuzz_source(&pack_csv, &path, 1, &options, MOST_MEMORY);
    return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed)
{
    if (size < 2 || fuzz_draw(&seed, 4) == 0)
        return LLVMFuzzerMutate(data, size, most);
    return 1 + fuzz_change_text(data + 1, size - 1, most - 1, &seed);
}

/* One table under all flags. */
void fuzz_own(void)
{
    static const char table[] = "Xa,b,label\n1,2.5,x\n-3,4e-3,\"y\"\"\"\r\n5,,z\n";
    uint8_t data[sizeof table - 1];

    for (unsigned flags = 0; flags < FLAGS; flags++)
        for (size_t length = 1; length <= sizeof data; length++) {
            for (size_t i = 0; i < length; i++)
                data[i] = (uint8_t)table[i];
            data[0] = (uint8_t)flags;
            LLVMFuzzerTestOneInput(data, length);
        }
}
