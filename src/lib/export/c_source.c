/* c_source.c: see c_source.h. */
#include "export/c_source.h"

#include <limits.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/memory_file.h"
#include "base/random.h"
#include "export/c_writer.h"
#include "operators/reference.h"

enum { MOST_NAME = 40, MOST_SAMPLES = 8, MOST_NUMBERS = 8192 /* of samples for the test */ };

struct c_names c_source_names(const char *name)
{
    struct c_names found = {.plain = ""};
    size_t length = 0;

    if (!((name[0] >= 'a' && name[0] <= 'z') || (name[0] >= 'A' && name[0] <= 'Z')))
        length = (size_t)snprintf(found.plain, sizeof found.plain, "net_");
    for (size_t i = 0; name[i] && i < MOST_NAME; i++) {
        const char c = name[i];
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        found.plain[length++] = (char)(letter ? c : '_');
    }
    for (size_t i = 0; i < length; i++) {
        const char c = found.plain[i];
        found.capitals[i] = (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    }
    return found;
}

/* What the functions that write the file need besides. */
struct file {
    const char *capitals;
    const struct export_facts *facts;
    size_t inputs, outputs;
    size_t samples;
    float *drawn, *answers; /* [samples][inputs] and [samples][outputs] */
};

/* ---- the functions of the network ---------------------------------------------------------------------- */

static void write_place(struct c_writer *w, size_t value)
{
    const ptrdiff_t at = w->stages->place[value];

    if (at == C_INPUT_PLACE)
        fprintf(w->out, "input");
    else if (at == C_OUTPUT_PLACE)
        fprintf(w->out, "output");
    else
        fprintf(w->out, "memory + %td", at);
}

static void write_call(struct c_writer *w, const struct c_stage *stage)
{
    const struct graph_operator *one = stage->main ? stage->main : stage->chain[0];
    const enum operator_family family = operator_types[one->kind].family;

    fprintf(w->out, "    %s_layer_%s(", w->name, stage->name);
    if (stage->main && (family == FAMILY_BROADCAST || family == FAMILY_JOINED)) {
        for (size_t k = 0; k < one->input_count; k++)
            if (c_value(w, one->inputs[k])->source != GRAPH_CONSTANT) {
                write_place(w, w->stages->holder[one->inputs[k]]);
                fprintf(w->out, ", ");
            }
    } else {
        write_place(w, stage->x);
        fprintf(w->out, ", ");
    }
    write_place(w, stage->y);
    if (stage->scratch)
        fprintf(w->out, ", memory + %td", stage->scratch_at);
    fprintf(w->out, ");\n");
}

static void write_run(struct c_writer *w, size_t outputs)
{
    fprintf(w->out,
            "\n/* All layers. */\n"
            "static int %s_run(const float *input, float *output, float *memory)\n{\n    int best = 0;\n\n",
            w->name);
    for (size_t i = 0; i < w->stages->count; i++)
        write_call(w, &w->stages->stages[i]);
    w->depth = 1;
    if (w->stages->output == w->stages->input) {
        c_line(w, "for (int i = 0; i < %zu; i++)", outputs);
        c_line(w, "    output[i] = input[i];");
    }
    c_line(w, "(void)memory;");
    c_open(w, "for (int i = 0; i < %zu; i++)", outputs);
    c_line(w, "if (output[i] != output[i])");
    c_line(w, "    return -1;");
    c_line(w, "best = output[i] > output[best] ? i : best;");
    c_close(w);
    c_line(w, outputs == 1 ? "return output[best] > 0.5f;" : "return best;");
    w->depth = 0;
    fprintf(w->out, "}\n");
}

static void write_predict(struct c_writer *w, const struct file *file)
{
    fprintf(w->out, "\n#ifdef %s_STATIC\nstatic float %s_own[%s_MEMORY / sizeof(float)];\n#endif\n",
            file->capitals, w->name, file->capitals);
    for (int bytes = 0; bytes <= file->facts->bytes; bytes++) {
        fprintf(w->out, "\nint %s_predict%s(const %s *input, float *output, void *memory)\n{\n", w->name,
                bytes ? "_bytes" : "", bytes ? "unsigned char" : "float");
        fprintf(w->out, "    float *floats = (float *)memory;\n");
        fprintf(w->out, "#ifdef %s_STATIC\n    if (!floats)\n        floats = %s_own;\n#endif\n",
                file->capitals, w->name);
        if (bytes) {
            fprintf(w->out,
                    "    for (int i = 0; i < %zu; i++)\n        floats[%td + i] = (float)input[i];\n"
                    "    return %s_run(floats + %td, output, floats);\n}\n",
                    file->inputs, w->stages->bytes_at, w->name, w->stages->bytes_at);
        } else {
            fprintf(w->out, "    return %s_run(input, output, floats);\n}\n", w->name);
        }
    }
}

/* ---- the rest of the file ------------------------------------------------------------------------------ */

/* The text as a comment, which it neither ends nor begins. */
static void write_about(struct c_writer *w, const char *about)
{
    fprintf(w->out, "/* ");
    for (const char *c = about; *c; c++) {
        const char before = c > about ? c[-1] : ' ';

        if (*c == '\n')
            fprintf(w->out, "\n *%s", c[1] && c[1] != '\n' ? " " : "");
        else
            fprintf(w->out, "%s%c", (*c == '/' && before == '*') || (*c == '*' && before == '/') ? " " : "",
                    *c);
    }
    fprintf(w->out, " */\n");
}

static void write_declarations(struct c_writer *w, const struct file *file)
{
    const char *const capitals = file->capitals;
    const size_t memory = w->stages->memory ? w->stages->memory : 1;

    fprintf(w->out, "#ifndef %s_INPUTS\n", capitals);
    fprintf(w->out, "#define %s_INPUTS  %zu /* ", capitals, file->inputs);
    c_write_shape(w, &c_value(w, w->stages->input)->shape);
    fprintf(w->out, " */\n#define %s_OUTPUTS %zu\n", capitals, file->outputs);
    fprintf(w->out, "#define %s_MEMORY  %zu /* bytes */\n\n", capitals, memory * sizeof(float));
    fprintf(w->out, "#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n");
    fprintf(
        w->out,
        "/* Computes %s_OUTPUTS values of output from %s_INPUTS of input, in %s_MEMORY bytes of memory that is aligned\n"
        " * for floats; what it holds matters neither before nor after. With %s_STATIC defined memory may be NULL: then it\n"
        " * is a static buffer, and one call at a time is allowed. Returns the place of the largest output, the first of\n"
        " * equals, of a single one whether it is above 1/2, or -1 if one is not a number. */\n",
        capitals, capitals, capitals, capitals);
    fprintf(w->out, "int %s_predict(const float *input, float *output, void *memory);\n", w->name);
    if (file->facts->bytes)
        fprintf(w->out,
                "\n/* The same of bytes, as pictures have them. */\n"
                "int %s_predict_bytes(const unsigned char *input, float *output, void *memory);\n",
                w->name);
    fprintf(w->out, "\n#ifdef __cplusplus\n}\n#endif\n#endif\n\n");
}

static bool needs_math(const struct graph *graph)
{
    static const bool of[OPERATOR_KINDS] = {
        [OPERATOR_ABS] = true,     [OPERATOR_ELU] = true,      [OPERATOR_ERF] = true,
        [OPERATOR_EXP] = true,     [OPERATOR_LOG] = true,      [OPERATOR_LRN] = true,
        [OPERATOR_POW] = true,     [OPERATOR_SELU] = true,     [OPERATOR_SIGMOID] = true,
        [OPERATOR_SOFTMAX] = true, [OPERATOR_SOFTPLUS] = true, [OPERATOR_SOFTSIGN] = true,
        [OPERATOR_SQRT] = true,    [OPERATOR_TANH] = true,     [OPERATOR_HARD_SIGMOID] = true};

    for (size_t i = 0; i < graph->operator_count; i++)
        if (of[graph->operators[i].kind])
            return true;
    return false;
}

/* ---- the test ------------------------------------------------------------------------------------------- */

/* What the network was trained for: any pixel, or a number by the mean and the deviation of its feature or channel. */
static float draw_value(const struct export_facts *facts, size_t i, uint32_t word)
{
    const struct lanes_scaling *scaling = &facts->scaling;
    const double unit = sqrt(3) * ((double)(word >> 8) * 0x1p-23 - 1); /* mean 0, deviation 1 */
    float value = (float)unit;

    if (facts->bytes)
        return (float)(word >> 24);
    if (scaling->channels > 0) {
        const size_t c = i / scaling->area;
        value = (float)((unit - (double)scaling->shift[c]) / (double)scaling->scale[c]);
    }
    return isfinite(value) ? value : (float)unit;
}

/* Draws sample n, and computes the answer. False if that is not of finite numbers. */
static bool draw_sample(struct file *file, struct reference *reference, size_t input, size_t output, size_t n)
{
    const struct random_key key = random_key(n, RANDOM_CHECK, "samples");
    double *x = reference_value(reference, input);
    float *drawn = file->drawn + file->samples * file->inputs,
          *answer = file->answers + file->samples * file->outputs;
    uint32_t words[4];
    bool finite = true;

    for (size_t i = 0; i < file->inputs; i++) {
        random_block_at(key, i, words);
        drawn[i] = draw_value(file->facts, i, words[0]);
        x[i] = (double)drawn[i];
    }
    reference_run(reference);
    for (size_t i = 0; i < file->outputs; i++) {
        answer[i] = (float)reference_value(reference, output)[i];
        finite = finite && isfinite(answer[i]);
    }
    return finite;
}

/* Draws samples and computes the answers; none if the network has none for what is drawn. Returns 0 or -1. */
static int draw_samples(struct file *file, const struct graph *graph, size_t input, struct error *error)
{
    const size_t room = MOST_NUMBERS / file->inputs, some = room < MOST_SAMPLES ? room : MOST_SAMPLES;
    const size_t most = some > 0 ? some : 1;
    struct reference *reference = reference_create(graph, error);

    file->drawn = memory_array(most * file->inputs, sizeof *file->drawn);
    file->answers = memory_array(most * file->outputs, sizeof *file->answers);
    if (!reference || !file->drawn || !file->answers) {
        reference_destroy(reference);
        return error_memory(error);
    }
    for (size_t n = 0; n < most; n++)
        file->samples += draw_sample(file, reference, input, graph->output, n);
    reference_destroy(reference);
    return 0;
}

static void write_samples(struct c_writer *w, const struct file *file)
{
    if (!file->facts->bytes) {
        c_write_numbers(w, "inputs", file->drawn, file->samples * file->inputs);
        return;
    }
    fprintf(w->out, "    static const unsigned char inputs[%zu] = {", file->samples * file->inputs);
    for (size_t i = 0; i < file->samples * file->inputs; i++)
        fprintf(w->out, "%s%.0f,", i % 24 ? " " : "\n        ", (double)file->drawn[i]);
    fprintf(w->out, "\n    };\n");
}

/* A program that holds the file against the answers, if there are any. */
static void write_test(struct c_writer *w, const struct file *file)
{
    if (file->samples == 0)
        return;
    fprintf(w->out,
            "\n#ifdef %s_TEST\n#include <stdio.h>\n\n"
            "/* Whether it answers drawn samples as the network's definition does. */\nint main(void)\n{\n",
            file->capitals);
    w->depth = 1;
    write_samples(w, file);
    c_write_numbers(w, "answers", file->answers, file->samples * file->outputs);
    c_line(w, "static float memory[%s_MEMORY / sizeof(float)], output[%s_OUTPUTS];", file->capitals,
           file->capitals);
    c_line(w, "float largest = 0.0f, apart = 0.0f;");
    c_open(w, "for (int n = 0; n < %zu; n++)", file->samples);
    c_line(w, "%s_predict%s(inputs + n * %s_INPUTS, output, memory);", w->name,
           file->facts->bytes ? "_bytes" : "", file->capitals);
    c_open(w, "for (int i = 0; i < %s_OUTPUTS; i++)", file->capitals);
    c_line(w, "const float wanted = answers[n * %s_OUTPUTS + i], difference = output[i] - wanted;",
           file->capitals);
    c_line(w, "largest = wanted > largest ? wanted : -wanted > largest ? -wanted : largest;");
    c_line(w, "apart = difference > apart ? difference : -difference > apart ? -difference : apart;");
    c_line(w, "apart = difference != difference ? 1e30f : apart;");
    c_close(w);
    c_close(w);
    c_line(w, "printf(\"%s: %zu samples, outputs at most %%g apart: %%s\\n\", (double)apart,", w->name,
           file->samples);
    c_line(w, "       apart <= 1e-5f * largest ? \"right\" : \"wrong\");");
    c_line(w, "return apart <= 1e-5f * largest ? 0 : 1;");
    w->depth = 0;
    fprintf(w->out, "}\n#endif\n");
}

/* ---- all of it ------------------------------------------------------------------------------------------ */

static void write_file(struct c_writer *w, const struct file *file)
{
    write_about(w, file->facts->about);
    write_declarations(w, file);
    fprintf(w->out, "#ifndef %s_DECLARATIONS /* defined: what comes before is all that is wanted */\n",
            file->capitals);
    fprintf(w->out, "#include <stddef.h>\n%s", needs_math(w->stages->graph) ? "#include <math.h>\n" : "");
    for (size_t i = 0; i < w->stages->count; i++)
        c_write_stage(w, &w->stages->stages[i]);
    write_run(w, file->outputs);
    write_predict(w, file);
    write_test(w, file);
    fprintf(w->out, "#endif\n");
}

static int check_sizes(const struct graph *graph, struct error *error)
{
    for (size_t i = 0; i < graph->value_count; i++)
        if (graph->values[i].values > INT_MAX / 4)
            return error_set(error, ERROR_CONFIG, "%s has too many values for C", graph->values[i].name);
    return 0;
}

static char *write_text(const struct file *file, const struct c_names *names, const struct c_stages *stages,
                        size_t *size, struct error *error)
{
    struct memory_file memory;
    struct c_writer w = {.out = memory_file_open(&memory), .name = names->plain, .stages = stages};
    char *text;

    if (w.out)
        write_file(&w, file);
    text = memory_file_close(&memory, size);
    if (!text || w.no_memory)
        error_memory(error);
    else if (w.infinite)
        error_set(error, ERROR_CONFIG, "%zu numbers of the network are NaN or infinite, which C cannot write",
                  w.infinite);
    if (text && !w.no_memory && !w.infinite)
        return text;
    free(text);
    return NULL;
}

static char *make_text(const struct graph *graph, const struct export_facts *facts, size_t *size,
                       struct error *error)
{
    const struct c_names names = c_source_names(facts->name);
    struct file file = {.capitals = names.capitals, .facts = facts};
    struct c_stages stages;
    char *text = NULL;

    if (check_sizes(graph, error) != 0 || c_stages_make(&stages, graph, error) != 0)
        return NULL;
    file.inputs = graph->values[stages.input].values;
    file.outputs = graph->values[graph->output].values;
    if (draw_samples(&file, graph, stages.input, error) == 0)
        text = write_text(&file, &names, &stages, size, error);
    free(file.drawn);
    free(file.answers);
    c_stages_free(&stages);
    return text;
}

void *c_source(const struct graph *graph, const struct export_facts *facts, size_t *size, struct error *error)
{
    const locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    char *text;
    locale_t old;

    if (plain == (locale_t)0) {
        error_memory(error);
        return NULL;
    }
    old = uselocale(plain);
    text = make_text(graph, facts, size, error);
    uselocale(old);
    freelocale(plain);
    return text;
}
