/* unit_html_page.c: the page of a network holds its graph and its constants to the bit, and nothing in it ends the script. What
 * the page computes of them is in export_html.sh. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "export/html_page.h"
#include "operators/graph_shapes.h"
#include "unit.h"

static const float weights[] = {1, -0.0f, 0x1p-149f, INFINITY, -1.5f, 3.4028235e38f};
static const float biases[] = {0.1f};

/* y = Gemm(Elu(x), weights, biases) of 6 values, without the bias if there is none. */
static struct graph *make_graph(bool biased)
{
    const struct nnrun_shape x = {.rank = 1, .dim = {6}}, w = {.rank = 2, .dim = {1, 6}},
                             b = {.rank = 1, .dim = {1}};
    struct error error UNIT_CLEARED = {0};
    struct graph *graph = graph_create(&error);
    size_t inputs[3];

    CU_ASSERT_PTR_NOT_NULL_FATAL(graph);
    inputs[0] = graph_add_input(graph, "input", &x, &error);
    inputs[1] = graph_add_constant(graph, "w", &w, weights, false, &error);
    inputs[2] = biased ? graph_add_constant(graph, "b", &b, biases, false, &error) : GRAPH_NO_VALUE;
    inputs[0] = graph_add_operator(graph, "elu", OPERATOR_ELU, inputs, 1, &error);
    graph->operators[0].at.alpha = 0.1f;
    graph->output = graph_add_operator(graph, "dense", OPERATOR_GEMM, inputs, 3, &error);
    graph->operators[1].at.trans_b = 1;
    CU_ASSERT_EQUAL_FATAL(graph_shapes(graph, 0, &error), 0);
    return graph;
}

static char *make_page(bool biased, const char *network)
{
    const struct export_facts facts = {.network = network};
    struct error error UNIT_CLEARED = {0};
    struct graph *graph = make_graph(biased);
    size_t size;
    char *page = html_page(graph, &facts, &size, &error);

    CU_ASSERT_PTR_NOT_NULL_FATAL(page);
    CU_ASSERT_EQUAL(size, strlen(page));
    graph_destroy(graph);
    return page;
}

/* What is in the script element of that name, for the caller to free. */
static char *part_of(const char *page, const char *id)
{
    char tag[64];
    const char *begin, *end;

    snprintf(tag, sizeof tag, " id=\"%s\">\n", id);
    begin = strstr(page, tag);
    CU_ASSERT_PTR_NOT_NULL_FATAL(begin);
    begin += strlen(tag);
    end = strstr(begin, "</script>");
    CU_ASSERT_PTR_NOT_NULL_FATAL(end);
    return strndup(begin, (size_t)(end - begin));
}

/* Returns how many bytes there are. */
static size_t decode(const char *text, unsigned char *bytes)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned held = 0;
    size_t bits = 0, count = 0;

    for (; *text; text++) {
        const char *letter = strchr(letters, *text);
        if (!letter)
            continue;
        held = held << 6 | (unsigned)(letter - letters);
        bits += 6;
        if (bits < 8)
            continue;
        bits -= 8;
        bytes[count++] = (unsigned char)(held >> bits);
    }
    return count;
}

static void constants(void)
{
    for (int biased = 0; biased < 2; biased++) {
        char *page = make_page(biased, "{}"), *text = part_of(page, "weights");
        unsigned char bytes[64] = {0}, wanted[64];
        const size_t size = sizeof weights + (biased ? sizeof biases : 0);

        memcpy(wanted, weights, sizeof weights);
        memcpy(wanted + sizeof weights, biases, sizeof biases);
        for (size_t i = 0; i < size; i += 4) { /* the lowest byte first, whatever this machine has */
            uint32_t bits;
            memcpy(&bits, wanted + i, 4);
            for (size_t k = 0; k < 4; k++)
                wanted[i + k] = (unsigned char)(bits >> 8 * k);
        }
        CU_ASSERT_EQUAL(decode(text, bytes), size);
        CU_ASSERT_EQUAL(memcmp(bytes, wanted, size), 0);
        CU_ASSERT_EQUAL(text[strlen(text) - 1], '\n');
        free(text);
        free(page);
    }
}

static void graphs(void)
{
    static const char with[] =
        "{\"input\":0,\"output\":4,\"values\":[{\"shape\":[6]},{\"shape\":[1,6],\"at\":0},"
        "{\"shape\":[1],\"at\":6},{\"shape\":[6]},{\"shape\":[1]}],\"operators\":[{\"type\":\"Elu\",\"inputs\":[0],"
        "\"output\":3,\"alpha\":0.1},{\"type\":\"Gemm\",\"inputs\":[3,1,2],\"output\":4,\"alpha\":1,\"beta\":1,"
        "\"transA\":0,\"transB\":1}]}";
    char *page = make_page(true, "{}"), *text = part_of(page, "network");
    json_t *told = json_loads(text, 0, NULL), *wanted = json_loads(with, JSON_DECODE_INT_AS_REAL, NULL);
    json_t *graph = json_object_get(told, "graph");
    const json_t *alpha = json_object_get(json_array_get(json_object_get(graph, "operators"), 0), "alpha");

    CU_ASSERT_PTR_NOT_NULL_FATAL(told);
    CU_ASSERT_PTR_NOT_NULL_FATAL(wanted);
    CU_ASSERT_EQUAL((float)json_real_value(alpha), 0.1f);
    json_decref(told);
    told = json_loads(strstr(text, "{\"input\""), JSON_DECODE_INT_AS_REAL | JSON_DISABLE_EOF_CHECK, NULL);
    json_object_set_new(json_array_get(json_object_get(told, "operators"), 0), "alpha", json_real(0.1));
    CU_ASSERT_TRUE(json_equal(told, wanted));
    json_decref(told);
    json_decref(wanted);
    free(text);
    free(page);
    page = make_page(false, "{}");
    CU_ASSERT_PTR_NOT_NULL(strstr(page, "\"inputs\":[2,1,null]"));
    free(page);
}

static void texts(void)
{
    char *page = make_page(true, "{\"name\":\"</script><!--<script>\"}"), *text = part_of(page, "network");
    json_t *told = json_loads(text, 0, NULL);

    CU_ASSERT_PTR_NULL(strchr(text, '<'));
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(json_object_get(told, "model"), "name")),
                           "</script><!--<script>");
    CU_ASSERT_TRUE(json_is_null(json_object_get(told, "classes")));
    json_decref(told);
    free(text);
    free(page);
}

static const struct unit_test tests[] = {
    {"constants are in the page to the bit, in little-endian order", constants},
    {"so is the graph, with all attributes", graphs},
    {"a text in the page cannot end its script", texts},
};

UNIT_MAIN("html_page", tests)
