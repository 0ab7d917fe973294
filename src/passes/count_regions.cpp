#include "passes/count_regions.h"

#include <algorithm>

#include "ops/ops.h"

namespace mo::passes {

// Before: Proposal [300, 5] -> ROIPooling [300, C, H, W] -> ...
// After:  Proposal [?, 5]   -> ROIPooling [?, C, H, W]   -> ...
void count_regions(Graph& graph) {
  const std::vector<NodeId> order = graph.topological_order();
  bool changed = false;
  for (const NodeId id : order) {
    Node& node = graph.node(id);
    if (node.op != &op::proposal && node.op != &op::simpler_nms) continue;
    node.attributes.set("rows_as_found", true);
    changed = true;
  }
  if (!changed) return;
  for (const NodeId id : order) graph.infer(id);
}

}  // namespace mo::passes
