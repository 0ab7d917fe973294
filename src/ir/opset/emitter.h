#pragma once

#include "graph/graph.h"
#include "ir/model.h"

namespace mo::ir::opset {

struct EmitOptions {
  int version = 11;  ///< 10 or 11
  bool compress_to_fp16 = false;
};

/// Says the graph in ops of the opset dialect: one or more layers for each node, a Result for each output.
/// Throws Failure for an op that the version cannot say.
ir::Model emit(const Graph& graph, const EmitOptions& options);

}  // namespace mo::ir::opset
