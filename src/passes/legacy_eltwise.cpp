// Names.         Before:  Eltwise "s" made of Scale "s" with two bottoms, its factor aligned by a Reshape
//                After:   Eltwise "s/Mul_", the Reshape under the original's name
// Coefficients.  Before:  Eltwise(a, b; coeff 1, -1)          After:  Eltwise(a, ScaleShift(b; -1))
// Broadcast.     Before:  Eltwise(x [N,C,H,W], s [N,C,1,1])   After:  Eltwise(x, Tile(Tile(s; H); W))

#include "ops/ops.h"
#include "passes/passes.h"

namespace mo::passes {

namespace {

/// The Reshape that aligns a factor with what it multiplies; up to v4 there always is one.
void name_factor(Graph& graph, NodeId eltwise, bool always) {
  const Value factor = graph.node(eltwise).inputs[1];
  const Node& made_by = graph.node(factor.node);
  const bool reshaped = made_by.op == &op::reshape && made_by.name.ends_with("/aligned");
  const Value source = reshaped ? made_by.inputs[0] : factor;
  const Attributes attributes{{"dim", graph.shape(factor)},
                              {"axis", std::int64_t{0}},
                              {"num_axes", std::int64_t{-1}},
                              {"generated", true}};
  if (!reshaped && !always) return;
  const std::string name = always ? graph.node(source.node).name + "/Output_0/Data_/Broadcast_"
                                  : graph.node(eltwise).layer + "/Broadcast_";
  if (reshaped) {
    graph.node(factor.node).attributes = attributes;
    graph.rename(factor.node, name);
  } else {
    graph.set_input(eltwise, 1, {graph.add(op::reshape, name, {factor}, attributes), 0});
  }
}

void name_eltwises(Graph& graph, bool always_reshape) {
  for (const NodeId id : graph.topological_order()) {
    if (!graph.node(id).attributes.has("legacy_name")) continue;
    graph.rename(id, graph.node(id).attributes.text("legacy_name"));
    graph.node(id).attributes.set("generated", true);
    if (graph.node(id).op == &op::eltwise && graph.node(id).attributes.text("operation") == "mul")
      name_factor(graph, id, always_reshape);
  }
}

}  // namespace

void legacy_name_eltwises(Graph& graph) {
  name_eltwises(graph, true);
}

void legacy_name_eltwises_v5(Graph& graph) {
  name_eltwises(graph, false);
}

void legacy_eltwise_coefficients(Graph& graph) {
  for (const NodeId id : graph.topological_order()) {
    if (graph.node(id).op != &op::eltwise) continue;
    const std::vector<float> coefficients = graph.node(id).attributes.numbers("coeff");
    for (std::uint32_t i = 0; i < coefficients.size(); ++i) {
      if (coefficients[i] == 1.0F) continue;
      const std::string name = graph.node(id).name + "/coeff_mul";
      const NodeId factor = graph.add(
          op::scale_shift, name, {graph.node(id).inputs[i]}, {{"axis", std::int64_t{0}}, {"mul_name", name}},
          {{"weights", Tensor::of(Shape{}, std::vector<float>{coefficients[i]})}});
      graph.set_input(id, i, {factor, 0});
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
