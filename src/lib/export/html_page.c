/* html_page.c: see html_page.h. */
#include "export/html_page.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/memory_file.h"
#include "export/html_graph.h"
#include "export/html_lines.h"

enum {
    MOST_LETTERS = (1 << 29) - 24, /* of a string in a browser */
    LETTERS = 120                  /* in a line */
};

/* JSON within a script element: what could end that is written otherwise. */
static void write_json(FILE *out, const char *text)
{
    for (; *text; text++)
        if (*text == '<')
            fputs("\\u003c", out);
        else
            putc(*text, out);
}

/* ---- floats as base64 ---------------------------------------------------------------------------------- */

struct base64 {
    FILE *out;
    uint32_t bits; /* of the bytes that are not written yet */
    int bytes, column;
};

/* `count` letters of the bits. */
static void write_letters(struct base64 *to, int count)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (int i = 0; i < 4; i++)
        putc(i < count ? letters[to->bits >> (18 - 6 * i) & 63] : '=', to->out);
    to->column += 4;
    if (to->column == LETTERS)
        putc('\n', to->out);
    to->column %= LETTERS;
    to->bits = 0;
    to->bytes = 0;
}

static void write_byte(struct base64 *to, uint32_t byte)
{
    to->bits |= byte << (16 - 8 * to->bytes);
    to->bytes++;
    if (to->bytes == 3)
        write_letters(to, 4);
}

static void write_float(struct base64 *to, float number)
{
    uint32_t bits;

    memcpy(&bits, &number, sizeof bits);
    for (int i = 0; i < 32; i += 8)
        write_byte(to, bits >> i & 255);
}

/* All constants, one after the other. */
static void write_constants(FILE *out, const struct graph *graph)
{
    struct base64 to = {.out = out};

    for (size_t i = 0; i < graph->value_count; i++)
        for (size_t k = 0; graph->values[i].source == GRAPH_CONSTANT && k < graph->values[i].values; k++)
            write_float(&to, graph->values[i].numbers[k]);
    if (to.bytes > 0)
        write_letters(&to, to.bytes + 1);
    if (to.column > 0)
        putc('\n', out);
}

/* A browser takes the text of all constants as one string. */
static int check_size(const struct graph *graph, struct error *error)
{
    size_t floats = 0;

    for (size_t i = 0; i < graph->value_count; i++)
        floats += graph->values[i].source == GRAPH_CONSTANT ? graph->values[i].values : 0;
    if (floats <= MOST_LETTERS / LETTERS * (LETTERS - 2) / 4 * 3 / sizeof(float))
        return 0;
    return error_set(error, ERROR_CONFIG,
                     "as an HTML file it has %zu numbers, but a browser reads at most 512 MB of their text",
                     floats);
}

/* ---- the page ------------------------------------------------------------------------------------------ */

static void write_page(FILE *out, const struct graph *graph, const struct export_facts *facts,
                       const char *graph_json)
{
    for (const char *const *line = html_lines; *line; line++)
        if (strcmp(*line, "#network\n") == 0) {
            fputs("{\"model\":", out);
            write_json(out, facts->network);
            fputs(",\n\"classes\":", out);
            write_json(out, facts->classes ? facts->classes : "null");
            fputs(",\n\"graph\":", out);
            write_json(out, graph_json);
            fputs("}\n", out);
        } else if (strcmp(*line, "#weights\n") == 0) {
            write_constants(out, graph);
        } else {
            fputs(*line, out);
        }
}

void *html_page(const struct graph *graph, const struct export_facts *facts, size_t *size,
                struct error *error)
{
    char *json = check_size(graph, error) == 0 ? html_graph(graph, error) : NULL, *text;
    struct memory_file file;

    if (!json)
        return NULL;
    if (memory_file_open(&file))
        write_page(file.out, graph, facts, json);
    if (!(text = memory_file_close(&file, size)))
        error_memory(error);
    free(json);
    return text;
}

bool html_page_begins(const void *bytes, size_t size)
{
    static const char doctype[] = "<!DOCTYPE html>", maker[] = "<meta name=\"generator\" content=\"nnrun\">";

    return size > sizeof doctype && memcmp(bytes, doctype, sizeof doctype - 1) == 0 &&
           memmem(bytes, size, maker, sizeof maker - 1);
}
