/* onnx_cases.c: ONNX's own tests of single operators, as onnx_cases.py writes them to standard input, computed by the
 * interpreter of operators. A line of TAP for each; and with an argument, a folder, also a file of C in it, NAME.c, with a
 * driver that has the samples, NAME_main.c.
 *
 * Outputs are right to 1e-5 of the largest. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "export/c_source.h"
#include "operators/graph_shapes.h"
#include "operators/reference.h"

enum { MOST_INPUTS = 8, MOST_WORD = 128 };

struct tensor {
    struct nnrun_shape shape; /* without the samples, if it has these */
    size_t samples, values;   /* values of a sample, or of the constant */
    float *numbers;
};

struct example {
    char name[MOST_WORD];
    struct graph *graph;
    struct tensor x[MOST_INPUTS], y;
    size_t given[MOST_INPUTS]; /* values of the graph */
    size_t inputs;
};

static struct error error;

static void expect(bool right, const char *what)
{
    if (right)
        return;
    printf("Bail out! %s: %s\n", what, error_text(&error));
    exit(99);
}

static void read_word(char word[MOST_WORD])
{
    if (scanf("%127s", word) != 1)
        word[0] = '\0';
}

static long read_long(void)
{
    long number;

    expect(scanf("%ld", &number) == 1, "a whole number is missing");
    return number;
}

static struct tensor read_tensor(bool with_samples)
{
    struct tensor tensor = {.samples = 1, .values = 1};
    const long rank = read_long();

    for (long i = 0; i < rank; i++) {
        const long dim = read_long();
        if (i == 0 && with_samples) {
            tensor.samples = (size_t)dim;
            continue;
        }
        expect(tensor.shape.rank < NNRUN_MAX_RANK, "there are too many dimensions");
        tensor.shape.dim[tensor.shape.rank++] = (int32_t)dim;
        tensor.values *= (size_t)dim;
    }
    tensor.numbers = memory_array(tensor.samples * tensor.values, sizeof *tensor.numbers);
    expect(tensor.numbers, "there is no memory");
    for (size_t i = 0; i < tensor.samples * tensor.values; i++)
        expect(scanf("%f", &tensor.numbers[i]) == 1, "a number is missing");
    return tensor;
}

static void read_input(struct example *now, const char *word)
{
    const size_t i = now->inputs++;

    expect(i < MOST_INPUTS, "there are too many inputs");
    now->given[i] = GRAPH_NO_VALUE;
    if (strcmp(word, "none") == 0)
        return;
    now->x[i] = read_tensor(word[0] == 'x');
    now->given[i] = word[0] == 'x' ? graph_add_input(now->graph, "x", &now->x[i].shape, &error)
                                   : graph_add_constant(now->graph, "w", &now->x[i].shape, now->x[i].numbers,
                                                        false, &error);
    expect(now->given[i] != GRAPH_NO_VALUE, "an input cannot be added");
}

static void read_attribute(struct example *now, const char *word)
{
    struct graph_operator *one = &now->graph->operators[0];
    enum operator_attribute attribute;
    char name[MOST_WORD];
    char *to;

    read_word(name);
    attribute = operator_find_attribute(name);
    expect(attribute < OPERATOR_ATTRIBUTES, name);
    to = (char *)&one->at + operator_attributes[attribute].offset;
    one->set |= (uint32_t)1 << attribute;
    if (strcmp(word, "real") == 0) {
        expect(scanf("%f", (float *)(void *)to) == 1, name);
        return;
    }
    const long count = strcmp(word, "ints") == 0 ? read_long() : 1;
    expect(count <= OPERATOR_MOST_NUMBERS, name);
    for (long i = 0; i < count; i++)
        ((int32_t *)(void *)to)[i] = (int32_t)read_long();
    if (attribute == ATTRIBUTE_SHAPE)
        one->at.shape_count = (int32_t)count;
}

/* False at the end. The word after the case is left in `word`. */
static bool read_example(struct example *now, char word[MOST_WORD])
{
    *now = (struct example){.graph = graph_create(&error)};
    expect(now->graph, "there is no graph");
    if (strcmp(word, "case") != 0)
        return false;
    read_word(now->name);
    for (read_word(word); strcmp(word, "operator") != 0; read_word(word))
        read_input(now, word);
    read_word(word);
    now->graph->output =
        graph_add_operator(now->graph, "layer", operator_find(word), now->given, now->inputs, &error);
    expect(now->graph->output != GRAPH_NO_VALUE, word);
    for (read_word(word); strcmp(word, "y") != 0; read_word(word))
        read_attribute(now, word);
    now->y = read_tensor(true);
    read_word(word);
    return true;
}

static void free_example(struct example *now)
{
    for (size_t i = 0; i < now->inputs; i++)
        free(now->x[i].numbers);
    free(now->y.numbers);
    graph_destroy(now->graph);
}

static bool is_shaped_right(const struct example *now)
{
    const struct nnrun_shape *shape = &now->graph->values[now->graph->output].shape;

    return shape->rank == now->y.shape.rank &&
           memcmp(shape->dim, now->y.shape.dim, (size_t)shape->rank * sizeof *shape->dim) == 0;
}

/* The largest difference of an output, of the largest output. */
static double compute(const struct example *now)
{
    struct reference *reference = reference_create(now->graph, &error);
    double largest = 0, apart = 0;

    expect(reference, "there is no memory");
    for (size_t n = 0; n < now->y.samples; n++) {
        for (size_t i = 0; i < now->inputs; i++) {
            const size_t value = now->given[i];
            for (size_t k = 0; value != GRAPH_NO_VALUE && now->graph->values[value].source == GRAPH_INPUT &&
                               k < now->x[i].values;
                 k++)
                reference_value(reference, value)[k] = (double)now->x[i].numbers[n * now->x[i].values + k];
        }
        reference_run(reference);
        for (size_t k = 0; k < now->y.values; k++) {
            const double wanted = (double)now->y.numbers[n * now->y.values + k];
            const double found = reference_value(reference, now->graph->output)[k];
            largest = fmax(largest, fabs(wanted));
            if (!(fabs(wanted - found) <= apart))
                apart = fabs(wanted - found);
        }
    }
    reference_destroy(reference);
    return largest > 0 ? apart / largest : apart;
}

/* ---- as C ---------------------------------------------------------------------------------------------- */

static void write_list(FILE *file, const char *name, const struct tensor *tensor)
{
    fprintf(file, "static const float %s[] = {", name);
    for (size_t i = 0; i < tensor->samples * tensor->values; i++)
        fprintf(file, "%a,", (double)tensor->numbers[i]);
    fprintf(file, "};\n");
}

/* A program that ends with 0 if the file answers rightly. */
static void write_main(const struct example *now, const char *path)
{
    const struct c_names names = c_source_names(now->name);
    FILE *file = fopen(path, "w");

    expect(file, path);
    fprintf(file, "#include \"%s.c\"\n#include <math.h>\n#include <string.h>\n", now->name);
    write_list(file, "x", &now->x[0]);
    write_list(file, "y", &now->y);
    fprintf(file,
            "int main(void)\n{\n"
            "    static float output[%s_OUTPUTS], memory[%s_MEMORY / sizeof(float)];\n"
            "    float largest = 0, apart = 0;\n"
            "    for (int n = 0; n < %zu; n++) {\n"
            "        memset(memory, 0xff, sizeof memory);\n"
            "        %s_predict(x + n * %s_INPUTS, output, memory);\n"
            "        for (int i = 0; i < %s_OUTPUTS; i++) {\n"
            "            largest = fmaxf(largest, fabsf(y[n * %s_OUTPUTS + i]));\n"
            "            if (!(fabsf(output[i] - y[n * %s_OUTPUTS + i]) <= apart))\n"
            "                apart = fabsf(output[i] - y[n * %s_OUTPUTS + i]);\n"
            "        }\n"
            "    }\n"
            "    return apart <= 1e-5f * (largest > 0 ? largest : 1) ? 0 : 1;\n}\n",
            names.capitals, names.capitals, now->y.samples, names.plain, names.capitals, names.capitals,
            names.capitals, names.capitals, names.capitals);
    expect(fclose(file) == 0, path);
}

/* Nothing of what has several inputs that are samples. */
static void write_c(const struct example *now, const char *folder)
{
    const struct export_facts facts = {.name = now->name, .about = now->name};
    char path[512];
    size_t size, samples = 0;
    FILE *file;
    void *text;

    for (size_t i = 0; i < now->inputs; i++)
        samples += now->given[i] != GRAPH_NO_VALUE && now->graph->values[now->given[i]].source == GRAPH_INPUT;
    if (samples != 1)
        return;
    text = c_source(now->graph, &facts, &size, &error);
    expect(text, now->name);
    snprintf(path, sizeof path, "%s/%s.c", folder, now->name);
    file = fopen(path, "w");
    expect(file && fwrite(text, 1, size, file) == size && fclose(file) == 0, path);
    free(text);
    snprintf(path, sizeof path, "%s/%s_main.c", folder, now->name);
    write_main(now, path);
}

int main(int argc, char **argv)
{
    struct example now;
    char word[MOST_WORD];
    size_t count = 0;

    for (read_word(word); read_example(&now, word); free_example(&now)) {
        const bool shaped = graph_shapes(now.graph, 0, &error) == 0 && is_shaped_right(&now);
        const double apart = shaped ? compute(&now) : 0;
        printf("%s %zu - %s\n", shaped && apart <= 1e-5 ? "ok" : "not ok", ++count, now.name);
        if (!shaped)
            printf("# %s\n", error.code != ERROR_NONE ? error_text(&error) : "another shape");
        else if (!(apart <= 1e-5))
            printf("# %g of the largest apart\n", apart);
        error_clear(&error);
        if (shaped && argc > 1)
            write_c(&now, argv[1]);
    }
    graph_destroy(now.graph);
    printf("1..%zu\n", count);
    return 0;
}
