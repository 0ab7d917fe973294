#pragma once

#include "graph/graph.h"
#include "onnx/dialect.h"
#include "onnx/model.h"
#include "support/diagnostics.h"

namespace mo::onnx {

struct EmitOptions {
  int opset = default_opset;
  bool compress_to_fp16 = false;
};

/// Says the graph in ONNX operators: one or more nodes for each of its own.  Values are called as Caffe's
/// blobs, nodes as its layers.  Ops that ONNX has no operators for become nodes of a domain of their own,
/// with a warning. Throws Failure for a net that cannot be said.
Model emit(const Graph& graph, const EmitOptions& options, Diagnostics& diagnostics);

}  // namespace mo::onnx
