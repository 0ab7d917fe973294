#pragma once

#include "graph/graph.h"
#include "ops/ops.h"

namespace mo::passes {

/// Puts an op between `value` and all that uses it; gives the op's output.  The names stay with `value`.
Value insert_behind(Graph& graph, Value value, const OpDef& op, const std::string& name,
                    Attributes attributes, std::vector<Blob> blobs = {});

/// The input called `name`, by layer or by blob; nullptr when there is none.
const NodeId* find_input(const Graph& graph, const std::string& name);

/// What the net makes its first computation of: the input, or what converts and transposes it.
Value start_of(const Graph& graph, NodeId input);

}  // namespace mo::passes
