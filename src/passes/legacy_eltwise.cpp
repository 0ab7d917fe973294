// Coefficients.  Before:  Eltwise(a, b; coeff 1, -1)          After:  Eltwise(a, Power(b; scale -1))
// Broadcast.     Before:  Eltwise(x [N,C,H,W], s [N,C,1,1])   After:  Eltwise(x, Tile(Tile(s; H); W))

#include "ops/ops.h"
#include "passes/passes.h"

namespace mo::passes {

void legacy_eltwise_coefficients(Graph& graph) {
  for (const NodeId id : graph.topological_order()) {
    if (graph.node(id).op != &op::eltwise) continue;
    const std::vector<float> coefficients = graph.node(id).attributes.numbers("coeff");
    for (std::uint32_t i = 0; i < coefficients.size(); ++i) {
      if (coefficients[i] == 1.0F) continue;
      const NodeId power =
          graph.add(op::power, graph.node(id).name + "/coeff_mul", {graph.node(id).inputs[i]},
                    {{"power", std::int64_t{1}}, {"scale", coefficients[i]}, {"shift", std::int64_t{0}}});
      graph.set_input(id, i, {power, 0});
    }
    graph.node(id).attributes.set("coeff", std::vector<float>{});
  }
}

void legacy_eltwise_broadcast(Graph& graph) {
  for (const NodeId id : graph.topological_order()) {
    if (graph.node(id).op != &op::eltwise) continue;
    const Shape target = graph.node(id).outputs[0].shape;
    for (std::uint32_t i = 0; i < graph.node(id).inputs.size(); ++i) {
      Value operand = graph.node(id).inputs[i];
      if (graph.shape(operand).size() != target.size()) continue;
      for (std::size_t axis = 0; axis < target.size(); ++axis) {
        if (graph.shape(operand)[axis] == target[axis]) continue;
        operand = {graph.add(op::tile, graph.node(id).name + "/Broadcast/", {operand},
                             {{"axis", static_cast<std::int64_t>(axis)}, {"tiles", target[axis]}}),
                   0};
      }
      if (operand != graph.node(id).inputs[i]) graph.set_input(id, i, operand);
    }
  }
}

}  // namespace mo::passes
