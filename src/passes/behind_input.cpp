#include "passes/behind_input.h"

#include <algorithm>

namespace mo::passes {

Value insert_behind(Graph& graph, Value value, const OpDef& op, const std::string& name,
                    Attributes attributes, std::vector<Blob> blobs) {
  const std::vector<Use> uses = graph.output(value).uses;
  const NodeId id = graph.add(op, name, {value}, std::move(attributes), std::move(blobs));
  for (const Use& use : uses) graph.set_input(use.node, use.input, {id, 0});
  graph.outputs.replace(value, Value{id, 0});
  return {id, 0};
}

const NodeId* find_input(const Graph& graph, const std::string& name) {
  for (const NodeId& id : graph.inputs) {
    const Node& node = graph.node(id);
    const auto& blobs = node.outputs.front().names;
    if (node.name == name || std::ranges::find(blobs, name) != blobs.end()) return &id;
  }
  return nullptr;
}

Value start_of(const Graph& graph, NodeId input) {
  Value value{input, 0};
  while (graph.output(value).uses.size() == 1) {
    const NodeId next = graph.output(value).uses.front().node;
    const Node& node = graph.node(next);
    const bool prepares = node.attributes.has("prepares_input");
    if (!prepares) break;
    value = {next, 0};
  }
  return value;
}

}  // namespace mo::passes
