/* c_answers.c: what an exported C file answers samples from standard input, which are those of an IDX file without its head:
 * bytes, or with -DFLOATS big-endian floats; with -DSAMPLES="FILE" those in that file. A line each: what predict returned,
 * and the outputs. The file's network is called net, and its memory is filled with ones, whatever bits a float has then. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define NET_DECLARATIONS
#include EXPORTED

static FILE *samples;

#ifdef FLOATS
static int answer(float *output, void *memory)
{
    static unsigned char bytes[4 * NET_INPUTS];
    static float input[NET_INPUTS];

    if (fread(bytes, 4, NET_INPUTS, samples) != NET_INPUTS)
        return -2;
    for (int i = 0; i < NET_INPUTS; i++) {
        const uint32_t bits = (uint32_t)bytes[4 * i] << 24 | (uint32_t)bytes[4 * i + 1] << 16 |
                              (uint32_t)bytes[4 * i + 2] << 8 | bytes[4 * i + 3];
        memcpy(&input[i], &bits, sizeof bits);
    }
    return net_predict(input, output, memory);
}
#else
static int answer(float *output, void *memory)
{
    static unsigned char input[NET_INPUTS];

    return fread(input, 1, NET_INPUTS, samples) == NET_INPUTS ? net_predict_bytes(input, output, memory) : -2;
}
#endif

int main(void)
{
    static float output[NET_OUTPUTS + 1], memory[NET_MEMORY / sizeof(float) + 1];
    int best;

#ifdef SAMPLES
    samples = fopen(SAMPLES, "rb");
#else
    samples = stdin;
#endif
    if (!samples) {
        fputs("no samples\n", stderr);
        return 1;
    }
    memory[NET_MEMORY / sizeof(float)] = output[NET_OUTPUTS] = 12345;
    for (;;) {
        memset(memory, 0xff, NET_MEMORY);
        best = answer(output, memory);
        if (best == -2)
            break;
        printf("%d", best);
        for (int i = 0; i < NET_OUTPUTS; i++)
            printf(" %.9g", (double)output[i]);
        putchar('\n');
    }
    if (memory[NET_MEMORY / sizeof(float)] == 12345 && output[NET_OUTPUTS] == 12345)
        return 0;
    fputs("it writes past the end of its memory or its output\n", stderr);
    return 1;
}
