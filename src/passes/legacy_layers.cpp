// Single layers that legacy IR says by others.
// LRN.         Before:  LRN(x; alpha, k)            After:  Power(Norm(x; alpha / k); scale = k^-beta)
// Powers.      names of Power in the versions that made it of a product, a sum and a power
// Weights.     Before:  FullyConnected with weights [inputs, outputs]   After:  [outputs, inputs]
// Reshapes.    Before:  Reshape(Reshape(x))         After:  Reshape(x)
// Concats.     Before:  Concat(x)                   After:  x
// Flattening.  Before:  FullyConnected(x)           After:  FullyConnected(Reshape(x; 0, -1))

#include <cmath>

#include "ops/ops.h"
#include "passes/passes.h"

namespace mo::passes {

namespace {

/// Rows and columns exchanged; reads the elements at once, as such weights are rare and small.
Tensor transposed(const Tensor& matrix) {
  const auto rows = static_cast<std::size_t>(matrix.shape()[0]);
  const auto columns = static_cast<std::size_t>(matrix.shape()[1]);
  std::vector<float> in(rows * columns);
  matrix.read(0, std::span(in));
  std::vector<float> out(in.size());
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t c = 0; c < columns; ++c) out[c * rows + r] = in[r * columns + c];
  return Tensor::of(Shape{matrix.shape()[1], matrix.shape()[0]}, std::move(out));
}

/// Whether the net would lose an output if `source` took the place of `copy`: outputs of legacy IR are what
/// nothing reads, and engines refuse a net whose output is its input or a constant.
bool is_needed_as_output(const Graph& graph, Value copy, Value source) {
  return graph.is_output(copy) &&
         (graph.node(source.node).inputs.empty() || graph.output(source).uses.size() > 1);
}

}  // namespace

void legacy_lrn_k(Graph& graph) {
  for (const NodeId id : graph.topological_order()) {
    const Attributes& a = graph.node(id).attributes;
    // Caffe's WITHIN_CHANNEL ignores k.
    if (graph.node(id).op != &op::lrn || a.number("k") == 1.0F || a.text("region") == "same") continue;
    const double k = a.number("k");
    const auto scale = static_cast<float>(std::pow(k, -static_cast<double>(a.number("beta"))));
    const std::string name = graph.node(id).name;
    graph.rename(id, name + "/WithoutK");
    graph.node(id).attributes.set("alpha", static_cast<float>(a.number("alpha") / k));
    graph.node(id).attributes.set("k", 1.0F);
    const NodeId power =
        graph.add(op::power, name, {{id, 0}}, {{"power", 1.0F}, {"scale", scale}, {"shift", 0.0F}});
    graph.replace({id, 0}, {power, 0});
    graph.set_input(power, 0, {id, 0});
  }
}

void legacy_merge_powers(Graph& graph) {
  for (const NodeId id : graph.topological_order()) {
    const Node& node = graph.node(id);
    if (node.op != &op::power || node.name.find('/') != std::string::npos) continue;
    const bool scales = node.attributes.number("scale") != 1.0F;
    const bool shifts = node.attributes.number("shift") != 0.0F;
    const bool powers = node.attributes.number("power") != 1.0F;
    const int parts = int{scales} + int{shifts} + int{powers};
    if (parts == 0 && !is_needed_as_output(graph, {id, 0}, node.inputs[0])) {
      graph.replace({id, 0}, node.inputs[0]);
      graph.erase(id);
    }
    if (parts < 2) continue;
    std::string name = node.name + (scales ? "/mul_" : "/shift_");
    for (int i = 1; i < parts; ++i) name += "/fused_power";
    graph.rename(id, name);
  }
}

void legacy_fully_connected_weights(Graph& graph) {
  for (const NodeId id : graph.topological_order()) {
    Node& node = graph.node(id);
    if (node.op != &op::fully_connected || !node.attributes.boolean("transpose")) continue;
    if (const Tensor* weights = node.blob("weights")) node.set_blob("weights", transposed(*weights));
    node.attributes.set("transpose", false);
  }
}

void legacy_reshape_chains(Graph& graph) {
  for (const NodeId id : graph.topological_order()) {
    Node& second = graph.node(id);
    if (second.op != &op::reshape) continue;
    const Value between = second.inputs[0];
    const Node& first = graph.node(between.node);
    if (first.op != &op::reshape || graph.only_consumer(between) != &second) continue;
    const Shape wanted = second.outputs[0].shape;
    graph.set_input(id, 0, first.inputs[0]);
    // A 0 or -1 now refers to the first's input: keep the text only where it means the same.
    try {
      graph.infer(id);
    } catch (const std::exception&) {
      second.outputs[0].shape.clear();
    }
    if (second.outputs[0].shape != wanted) {
      second.attributes.set("axis", std::int64_t{0});
      second.attributes.set("num_axes", std::int64_t{-1});
      second.attributes.set("dim", wanted);
      graph.infer(id);
    }
    graph.take_over(between.node, id);
    graph.erase(between.node);
  }
}

void legacy_inverse_reshapes(Graph& graph) {
  for (const NodeId id : graph.topological_order()) {
    const Node& second = graph.node(id);
    if (second.op != &op::reshape) continue;
    const Value between = second.inputs[0];
    const Node& first = graph.node(between.node);
    if (first.op != &op::reshape || graph.only_consumer(between) != &second) continue;
    const Value source = first.inputs[0];
    if (graph.shape(source) != second.outputs[0].shape) continue;
    if (is_needed_as_output(graph, {id, 0}, source)) continue;
    graph.replace({id, 0}, source);
    graph.erase(id);
    graph.erase(between.node);
  }
}

void legacy_single_concats(Graph& graph) {
  for (const NodeId id : graph.topological_order()) {
    if (graph.node(id).op != &op::concat || graph.node(id).inputs.size() != 1) continue;
    const Value source = graph.node(id).inputs[0];
    if (is_needed_as_output(graph, {id, 0}, source)) continue;
    graph.replace({id, 0}, source);
    graph.erase(id);
  }
}

void legacy_flatten_fully_connected(Graph& graph) {
  for (const NodeId id : graph.topological_order()) {
    if (graph.node(id).op != &op::fully_connected || graph.node(id).attributes.integer("axis") != 1) continue;
    const NodeId reshape =
        graph.add(op::reshape, graph.node(id).name + "/flatten_fc_input", {graph.node(id).inputs[0]},
                  {{"dim", std::vector<std::int64_t>{0, -1}},
                   {"axis", std::int64_t{0}},
                   {"num_axes", std::int64_t{-1}},
                   {"generated", true}});
    graph.set_input(id, 0, {reshape, 0});
  }
}

}  // namespace mo::passes
