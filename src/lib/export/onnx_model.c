/* onnx_model.c: see onnx_model.h. The numbers of fields are those of ONNX's onnx.proto. */
#include "export/onnx_model.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "export/wire.h"

enum { IR_VERSION = 7, OPSET = 13 };
enum {
    MODEL_IR_VERSION = 1,
    MODEL_PRODUCER = 2,
    MODEL_PRODUCER_VERSION = 3,
    MODEL_GRAPH = 7,
    MODEL_OPSET = 8
};
enum { MODEL_METADATA = 14, METADATA_KEY = 1, METADATA_VALUE = 2 };
enum { OPSET_DOMAIN = 1, OPSET_VERSION = 2 };
enum { GRAPH_NODE = 1, GRAPH_NAME = 2, GRAPH_TENSOR = 5, GRAPH_GIVEN = 11, GRAPH_RESULTS = 12 };
enum { NODE_INPUT = 1, NODE_OUTPUT = 2, NODE_NAME = 3, NODE_TYPE = 4, NODE_ATTRIBUTE = 5 };
enum { ATTRIBUTE_NAME = 1, ATTRIBUTE_F = 2, ATTRIBUTE_I = 3, ATTRIBUTE_LIST = 8, ATTRIBUTE_TYPE = 20 };
enum { TYPE_FLOAT = 1, TYPE_INT = 2, TYPE_INTS = 7 }; /* of attributes */
enum { TENSOR_DIM = 1, TENSOR_TYPE = 2, TENSOR_NAME = 8, TENSOR_RAW = 9 };
enum { ELEMENT_FLOAT = 1, ELEMENT_INT64 = 7 };
enum { VALUE_NAME = 1, VALUE_TYPE = 2, TYPE_TENSOR = 1, TENSOR_ELEMENT = 1, TENSOR_SHAPE = 2 };
enum { SHAPE_DIM = 1, DIM_VALUE = 1, DIM_PARAM = 2 };

/* The name of Reshape's second input. */
static char *shape_name(const struct graph *graph, const struct graph_operator *one)
{
    return memory_format("%s.shape", graph->values[one->output].name);
}

/* ---- operators ----------------------------------------------------------------------------------------- */

static void write_attribute(struct wire *wire, const struct graph_operator *one, unsigned attribute)
{
    static const unsigned kinds[] = {
        [ATTRIBUTE_REAL] = TYPE_FLOAT, [ATTRIBUTE_INT] = TYPE_INT, [ATTRIBUTE_INTS] = TYPE_INTS};
    const struct attribute_type *type = &operator_attributes[attribute];
    const char *at = (const char *)&one->at + type->offset;
    const size_t begun = wire_begin(wire, NODE_ATTRIBUTE);

    wire_text(wire, ATTRIBUTE_NAME, type->name);
    if (type->kind == ATTRIBUTE_REAL)
        wire_float(wire, ATTRIBUTE_F, *(const float *)(const void *)at);
    for (int32_t i = 0; type->kind != ATTRIBUTE_REAL && i < type->count; i++)
        wire_number(wire, type->kind == ATTRIBUTE_INT ? ATTRIBUTE_I : ATTRIBUTE_LIST,
                    (uint64_t)((const int32_t *)(const void *)at)[i]);
    wire_number(wire, ATTRIBUTE_TYPE, kinds[type->kind]);
    wire_end(wire, begun);
}

static void write_operator(struct wire *wire, const struct graph *graph, const struct graph_operator *one)
{
    const char *name = graph->values[one->output].name;
    const size_t begun = wire_begin(wire, GRAPH_NODE);
    size_t inputs = one->input_count;

    while (inputs > 0 && one->inputs[inputs - 1] == GRAPH_NO_VALUE)
        inputs--;
    for (size_t k = 0; k < inputs; k++)
        wire_text(wire, NODE_INPUT,
                  one->inputs[k] == GRAPH_NO_VALUE ? "" : graph->values[one->inputs[k]].name);
    if (one->kind == OPERATOR_RESHAPE) {
        char *shape = shape_name(graph, one);
        wire->failed = wire->failed || !shape;
        wire_text(wire, NODE_INPUT, shape ? shape : "");
        free(shape);
    }
    wire_text(wire, NODE_OUTPUT, name);
    wire_text(wire, NODE_NAME, name);
    wire_text(wire, NODE_TYPE, operator_types[one->kind].name);
    for (unsigned i = 0; i < OPERATOR_ATTRIBUTES; i++)
        if (i != ATTRIBUTE_SHAPE && (one->set >> i & 1))
            write_attribute(wire, one, i);
    wire_end(wire, begun);
}

/* ---- values -------------------------------------------------------------------------------------------- */

static void write_constant(struct wire *wire, const struct graph_value *value)
{
    const size_t begun = wire_begin(wire, GRAPH_TENSOR);
    size_t data;

    for (int32_t i = 0; i < value->shape.rank; i++)
        wire_number(wire, TENSOR_DIM, (uint64_t)value->shape.dim[i]);
    wire_number(wire, TENSOR_TYPE, ELEMENT_FLOAT);
    wire_text(wire, TENSOR_NAME, value->name);
    data = wire_begin(wire, TENSOR_RAW);
    wire_floats(wire, value->numbers, value->values);
    wire_end(wire, data);
    wire_end(wire, begun);
}

static void write_shape_constant(struct wire *wire, const struct graph *graph,
                                 const struct graph_operator *one)
{
    const size_t begun = wire_begin(wire, GRAPH_TENSOR);
    char *name = shape_name(graph, one);
    size_t data;

    wire_number(wire, TENSOR_DIM, (uint64_t)one->at.shape_count);
    wire_number(wire, TENSOR_TYPE, ELEMENT_INT64);
    wire->failed = wire->failed || !name;
    wire_text(wire, TENSOR_NAME, name ? name : "");
    free(name);
    data = wire_begin(wire, TENSOR_RAW);
    for (int32_t i = 0; i < one->at.shape_count; i++)
        wire_long(wire, one->at.shape[i]);
    wire_end(wire, data);
    wire_end(wire, begun);
}

/* A number of samples, and each sample's shape. */
static void write_shape(struct wire *wire, const struct nnrun_shape *shape)
{
    const size_t begun = wire_begin(wire, TENSOR_SHAPE);
    size_t dim = wire_begin(wire, SHAPE_DIM);

    wire_text(wire, DIM_PARAM, "batch");
    wire_end(wire, dim);
    for (int32_t i = 0; i < shape->rank; i++) {
        dim = wire_begin(wire, SHAPE_DIM);
        wire_number(wire, DIM_VALUE, (uint64_t)shape->dim[i]);
        wire_end(wire, dim);
    }
    wire_end(wire, begun);
}

static void write_end(struct wire *wire, unsigned field, const struct graph_value *value)
{
    const size_t begun = wire_begin(wire, field);
    size_t type, tensor;

    wire_text(wire, VALUE_NAME, value->name);
    type = wire_begin(wire, VALUE_TYPE);
    tensor = wire_begin(wire, TYPE_TENSOR);
    wire_number(wire, TENSOR_ELEMENT, ELEMENT_FLOAT);
    write_shape(wire, &value->shape);
    wire_end(wire, tensor);
    wire_end(wire, type);
    wire_end(wire, begun);
}

/* ---- the model ----------------------------------------------------------------------------------------- */

static void write_graph(struct wire *wire, const struct graph *graph, const char *name)
{
    const size_t begun = wire_begin(wire, MODEL_GRAPH);

    for (size_t i = 0; i < graph->operator_count; i++)
        write_operator(wire, graph, &graph->operators[i]);
    wire_text(wire, GRAPH_NAME, name);
    for (size_t i = 0; i < graph->value_count; i++)
        if (graph->values[i].source == GRAPH_CONSTANT)
            write_constant(wire, &graph->values[i]);
    for (size_t i = 0; i < graph->operator_count; i++)
        if (graph->operators[i].kind == OPERATOR_RESHAPE)
            write_shape_constant(wire, graph, &graph->operators[i]);
    for (size_t i = 0; i < graph->value_count; i++)
        if (graph->values[i].source == GRAPH_INPUT)
            write_end(wire, GRAPH_GIVEN, &graph->values[i]);
    write_end(wire, GRAPH_RESULTS, &graph->values[graph->output]);
    wire_end(wire, begun);
}

static void write_metadata(struct wire *wire, const char *key, const char *value)
{
    const size_t begun = wire_begin(wire, MODEL_METADATA);

    wire_text(wire, METADATA_KEY, key);
    wire_text(wire, METADATA_VALUE, value);
    wire_end(wire, begun);
}

/* ONNX has LRN over an even number of channels, but ONNX Runtime does not compute it. */
static int check_operators(const struct graph *graph, struct error *error)
{
    for (size_t i = 0; i < graph->operator_count; i++) {
        const struct graph_operator *one = &graph->operators[i];
        if (one->kind == OPERATOR_LRN && one->at.size % 2 == 0)
            return error_set_at(
                error, ERROR_CONFIG, &(struct error_facts){.layer = one->layer},
                "layer \"%s\" cannot be exported to ONNX: its LRN is over %d channels, and ONNX "
                "Runtime takes odd numbers alone; it can be exported to C",
                one->layer, (int)one->at.size);
    }
    return 0;
}

void *onnx_model(const struct graph *graph, const struct export_facts *facts, size_t *size,
                 struct error *error)
{
    struct wire wire = {0};
    size_t opset;

    if (check_operators(graph, error) != 0)
        return NULL;
    wire_number(&wire, MODEL_IR_VERSION, IR_VERSION);
    wire_text(&wire, MODEL_PRODUCER, "nnrun");
    wire_text(&wire, MODEL_PRODUCER_VERSION, NNRUN_VERSION);
    write_graph(&wire, graph, facts->name);
    opset = wire_begin(&wire, MODEL_OPSET);
    wire_text(&wire, OPSET_DOMAIN, "");
    wire_number(&wire, OPSET_VERSION, OPSET);
    wire_end(&wire, opset);
    if (facts->classes)
        write_metadata(&wire, "classes", facts->classes);
    *size = wire.size;
    if (!wire.failed && wire.size <= INT32_MAX)
        return wire.bytes;
    if (wire.failed)
        error_memory(error);
    else
        error_set(error, ERROR_CONFIG, "as an ONNX file it has %zu bytes, but such a file has at most 2 GiB",
                  wire.size);
    free(wire.bytes);
    return NULL;
}

bool onnx_model_begins(const void *bytes, size_t size)
{
    static const char producer[] = {MODEL_PRODUCER << 3 | 2, 5, 'n', 'n', 'r', 'u', 'n'};
    const char *begin = bytes;

    return size > 2 + sizeof producer && begin[0] == MODEL_IR_VERSION << 3 &&
           memcmp(begin + 2, producer, sizeof producer) == 0;
}
