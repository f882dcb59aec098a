/* onnx_model.h: a graph as an ONNX file. */
#ifndef EXPORT_ONNX_MODEL_H
#define EXPORT_ONNX_MODEL_H

#include "export/export_facts.h"
#include "operators/graph.h"

/* The bytes of a ModelProto, IR version 7, opset 13, the same for equal graphs: *size of them, the caller's. The number of
 * samples is the dimension "batch" of its input and output. NULL after setting error: out of memory, or more than
 * protobuf's 2 GiB or what ONNX Runtime refuses (ERROR_CONFIG). */
void *onnx_model(const struct graph *graph, const struct export_facts *facts, size_t *size,
                 struct error *error);

/* Whether such a file of ours begins with these bytes, of whatever IR version. [any thread] */
bool onnx_model_begins(const void *bytes, size_t size);
#endif
