#include "ir/legacy/order.h"

#include <algorithm>
#include <string>

namespace mo::ir::legacy {

namespace {

/// A node whose producers are being visited.
struct Frame {
  NodeId node;
  std::vector<NodeId> producers;
  std::size_t next = 0;
};

std::vector<NodeId> producers_of(const Node& node) {
  std::vector<NodeId> producers;
  for (const Value& input : node.inputs) producers.push_back(input.node);
  std::ranges::sort(producers);
  return producers;
}

std::vector<NodeId> sorted_outputs(const Graph& graph) {
  std::vector<std::pair<std::string, NodeId>> keys;
  for (const Value& value : graph.outputs) {
    const auto& names = graph.output(value).names;
    keys.emplace_back(graph.node(value.node).name + "_" + (names.empty() ? "" : names.front()), value.node);
  }
  std::ranges::stable_sort(keys);
  std::vector<NodeId> nodes;
  nodes.reserve(keys.size());
  for (const auto& [key, node] : keys) nodes.push_back(node);
  return nodes;
}

}  // namespace

std::vector<NodeId> layer_order(const Graph& graph) {
  std::vector<NodeId> order;
  std::vector<bool> seen(graph.capacity(), false);
  std::vector<Frame> stack;
  const auto visit = [&](NodeId id) {
    if (seen[id]) return;
    seen[id] = true;
    stack.push_back({id, producers_of(graph.node(id))});
    while (!stack.empty()) {
      Frame& frame = stack.back();
      if (frame.next == frame.producers.size()) {
        order.push_back(frame.node);
        stack.pop_back();
        continue;
      }
      const NodeId producer = frame.producers[frame.next++];
      if (seen[producer]) continue;
      seen[producer] = true;
      stack.push_back({producer, producers_of(graph.node(producer))});
    }
  };
  for (const NodeId id : sorted_outputs(graph)) visit(id);
  for (const NodeId id : graph.inputs) visit(id);
  return order;
}

}  // namespace mo::ir::legacy
