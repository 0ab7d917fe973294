// Identities.  Before:  a layer whose output is its input: Reshape and Flatten to the same shape, Permute in
// the
//                       same order, Tile once, Concat of one, Slice into one, Pooling of single elements
//              After:   x
// Reshapes.    Before:  Reshape(Reshape(x)), the first used by nothing else; likewise Flatten
//              After:   Reshape(x)

#include <algorithm>

#include "ops/ops.h"
#include "passes/passes.h"

namespace mo::passes {

namespace {

bool reshapes(const Node& node) {
  return node.op == &op::reshape || node.op == &op::flatten;
}

bool is_in_order(const std::vector<std::int64_t>& order) {
  return std::ranges::is_sorted(order);
}

bool takes_single_elements(const Node& node) {
  const Attributes& a = node.attributes;
  if (a.get_or("global", false) || a.get_or("subsampling", false)) return false;
  const auto all = [&](const char* name, std::int64_t wanted) {
    return std::ranges::all_of(a.integers(name), [&](std::int64_t value) { return value == wanted; });
  };
  return all("kernel", 1) && all("strides", 1) && all("pads_begin", 0);
}

bool is_identity(const Graph& graph, const Node& node) {
  if (node.inputs.size() != 1 || node.outputs.size() != 1) return false;
  const Shape& shape = graph.shape(node.inputs[0]);
  if (shape != node.outputs[0].shape) return false;
  // Two unknown dimensions could have changed places.
  if (reshapes(node)) return std::ranges::count_if(shape, [](std::int64_t dim) { return dim < 0; }) <= 1;
  if (node.op == &op::permute) return is_in_order(node.attributes.integers("order"));
  if (node.op == &op::tile) return node.attributes.integer("tiles") == 1;
  if (node.op == &op::pooling) return takes_single_elements(node);
  return node.op == &op::concat || node.op == &op::slice;
}

/// Sizes of `wanted`, where the batch stays free if it is that of `x`.
std::vector<std::int64_t> explicit_dims(const Shape& x, Shape wanted) {
  if (!x.empty() && !wanted.empty() && x[0] == wanted[0]) wanted[0] = 0;
  return wanted;
}

/// Says the second by itself on the input of the first; false, changing nothing, where sizes are not known.
bool join(Graph& graph, NodeId first, NodeId second) {
  Node& node = graph.node(second);
  const Shape wanted = node.outputs[0].shape;
  const Value x = graph.node(first).inputs[0];
  if (element_count(wanted) <= 0 || element_count(graph.shape(x)) <= 0) return false;
  node.op = &op::reshape;
  node.attributes = {{"dim", explicit_dims(graph.shape(x), wanted)},
                     {"axis", std::int64_t{0}},
                     {"num_axes", std::int64_t{-1}}};
  graph.set_input(second, 0, x);
  graph.infer(second);
  return true;
}

}  // namespace

void merge_reshapes(Graph& graph) {
  for (const NodeId id : graph.topological_order()) {
    const Node& second = graph.node(id);
    if (!reshapes(second) || !second.can_be_fused) continue;
    const Value between = second.inputs[0];
    const Node& first = graph.node(between.node);
    if (!reshapes(first) || !first.can_be_fused || graph.only_consumer(between) != &second) continue;
    if (!join(graph, between.node, id)) continue;
    graph.take_over(between.node, id);
    graph.erase(between.node);
  }
}

void remove_identities(Graph& graph) {
  for (const NodeId id : graph.topological_order()) {
    const Node& node = graph.node(id);
    if (!node.can_be_fused || !is_identity(graph, node)) continue;
    const Value x = node.inputs[0];
    // Two outputs of the network stay two, and between an input and an output is a layer.
    if (graph.is_output({id, 0}) && (graph.is_output(x) || graph.node(x.node).op == &op::input)) continue;
    graph.replace({id, 0}, x);
    graph.erase(id);
  }
}

}  // namespace mo::passes
