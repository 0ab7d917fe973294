#pragma once

#include "graph/graph.h"
#include "ir/model.h"

namespace mo::ir::legacy {

struct EmitOptions {
  int version = 3;  ///< 2 to 7
  bool compress_to_fp16 = false;
  bool keep_order = false;  ///< layers in the order in which the graph was made, not in the original's walk
};

/// Says the graph in layers of a legacy version: one for each node, numbered in a walk from the outputs
/// upwards so that each comes after what it reads. Throws Failure for an op that the version cannot say.
ir::Model emit(const Graph& graph, const EmitOptions& options);

}  // namespace mo::ir::legacy
