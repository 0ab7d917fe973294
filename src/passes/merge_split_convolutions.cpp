// Before:  Concat(Convolution(Slice(x).0), ..., Convolution(Slice(x).n)), all alike, along the channels
// After:   Convolution with n groups (x), weights and biases one behind the other

#include <algorithm>
#include <array>

#include "ops/ops.h"
#include "passes/passes.h"

namespace mo::passes {

namespace {

bool is_along_channels(const Node& node, std::size_t rank) {
  const std::int64_t axis = node.attributes.integer("axis");
  return (axis < 0 ? axis + static_cast<std::int64_t>(rank) : axis) == 1;
}

bool alike(const Node& a, const Node& b) {
  static constexpr std::array windows{"kernel", "strides", "pads_begin", "pads_end", "dilations"};
  return a.attributes.integer("group") == b.attributes.integer("group") &&
         a.blob("weights")->shape() == b.blob("weights")->shape() &&
         std::ranges::all_of(windows, [&](const char* name) {
           return a.attributes.integers(name) == b.attributes.integers(name);
         });
}

/// The convolutions between a Slice and this Concat, in order; empty when it is anything else.
std::vector<NodeId> branches(Graph& graph, NodeId concat) {
  const Node& join = graph.node(concat);
  if (join.inputs.size() < 2 || !join.can_be_fused ||
      !is_along_channels(join, graph.shape({concat, 0}).size()))
    return {};
  std::vector<NodeId> found;
  for (const Value y : join.inputs) {
    const Node& convolution = graph.node(y.node);
    if (convolution.op != &op::convolution || !convolution.can_be_fused ||
        convolution.blob("weights") == nullptr || graph.only_consumer(y) != &join)
      return {};
    const Value x = convolution.inputs[0];
    if (x !=
            Value{graph.node(join.inputs[0].node).inputs[0].node, static_cast<std::uint32_t>(found.size())} ||
        graph.only_consumer(x) != &convolution || !alike(convolution, graph.node(join.inputs[0].node)))
      return {};
    found.push_back(y.node);
  }
  const NodeId slice = graph.node(found.front()).inputs[0].node;
  const Node& split = graph.node(slice);
  if (split.op != &op::slice || !split.can_be_fused || split.outputs.size() != found.size() ||
      !is_along_channels(split, graph.shape({slice, 0}).size()))
    return {};
  return found;
}

/// The blobs of that role behind each other, zeros for one that is not there; `each`: elements of one.
std::vector<float> stacked(const Graph& graph, const std::vector<NodeId>& nodes, const char* role,
                           std::int64_t each) {
  std::vector<float> values(nodes.size() * static_cast<std::size_t>(each), 0.0F);
  std::span<float> left(values);
  for (const NodeId id : nodes) {
    if (const Tensor* blob = graph.node(id).blob(role))
      blob->read(0, left.first(static_cast<std::size_t>(each)));
    left = left.subspan(static_cast<std::size_t>(each));
  }
  return values;
}

void merge(Graph& graph, NodeId concat, const std::vector<NodeId>& nodes) {
  const Node& first = graph.node(nodes.front());
  const auto count = static_cast<std::int64_t>(nodes.size());
  const std::int64_t outputs = first.attributes.integer("output");
  Attributes attributes = first.attributes;
  attributes.set("output", outputs * count);
  attributes.set("group", attributes.integer("group") * count);
  const Tensor& weights = *first.blob("weights");
  Shape shape = weights.shape();
  shape[0] *= count;
  std::vector<Blob> blobs{{"weights", Tensor::of(shape, stacked(graph, nodes, "weights", weights.size()))}};
  const auto has_biases = [&](NodeId id) { return graph.node(id).blob("biases") != nullptr; };
  if (std::ranges::any_of(nodes, has_biases))
    blobs.push_back({"biases", Tensor::of(Shape{outputs * count}, stacked(graph, nodes, "biases", outputs))});
  const NodeId slice = first.inputs[0].node;
  const std::string name = graph.node(concat).name;
  const NodeId merged = graph.add(op::convolution, name, {graph.node(slice).inputs[0]}, std::move(attributes),
                                  std::move(blobs));
  graph.replace({concat, 0}, {merged, 0});
  graph.erase(concat);
  for (const NodeId id : nodes) {
    graph.take_over(id, merged);
    graph.erase(id);
  }
  graph.take_over(slice, merged);
  graph.erase(slice);
  graph.rename(merged, name);
}

}  // namespace

void merge_split_convolutions(Graph& graph) {
  for (const NodeId id : graph.topological_order()) {
    if (!graph.node(id).alive || graph.node(id).op != &op::concat) continue;
    if (const std::vector<NodeId> nodes = branches(graph, id); !nodes.empty()) merge(graph, id, nodes);
  }
}

}  // namespace mo::passes
