#pragma once

#include <vector>

#include "graph/graph.h"

namespace mo::ir::legacy {

/// The live nodes in the order of legacy IR: a depth-first walk from the outputs (sorted by the name of their
/// layer and top) upwards, each node behind what it reads.  Producers are visited in the order in which they
/// were made.  Inputs that nothing reads come last.
std::vector<NodeId> layer_order(const Graph& graph);

}  // namespace mo::ir::legacy
