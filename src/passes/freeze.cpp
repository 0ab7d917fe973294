#include "passes/freeze.h"

#include "ops/ops.h"
#include "passes/behind_input.h"

namespace mo::passes {

namespace {

void freeze(Graph& graph, NodeId id, const FrozenInput& frozen, Diagnostics& diagnostics) {
  Node& node = graph.node(id);
  const Shape shape = graph.shape({id, 0});
  const std::int64_t wanted = element_count(shape);
  if (wanted != static_cast<std::int64_t>(frozen.values.size()))
    return diagnostics.error(code::freeze_value,
                             "--freeze_placeholder_with_value: " + std::to_string(frozen.values.size()) +
                                 " values for the input \"" + frozen.name + "\" of shape " + to_string(shape),
                             wanted < 0
                                 ? "give its shape with --input_shape"
                                 : "give " + std::to_string(wanted) + " values, separated by spaces: \"" +
                                       frozen.name + "->[0.1 1.2]\"");
  node.op = &op::constant;
  node.attributes = {{"exact", true}};
  node.set_blob("custom", Tensor::of(shape, std::vector<float>(frozen.values.begin(), frozen.values.end())));
  std::erase(graph.inputs, id);
}

}  // namespace

void freeze_inputs(Graph& graph, const std::vector<FrozenInput>& frozen, Diagnostics& diagnostics) {
  for (const FrozenInput& input : frozen) {
    if (const NodeId* id = find_input(graph, input.name)) {
      freeze(graph, *id, input, diagnostics);
      continue;
    }
    std::vector<std::string_view> names;
    for (const NodeId id : graph.inputs) names.push_back(graph.node(id).name);
    const std::string_view near = nearest(input.name, names);
    diagnostics.error(
        code::unknown_node,
        "--freeze_placeholder_with_value: \"" + input.name + "\" is not an input of the net",
        near.empty() ? "name one of the net's inputs" : "did you mean \"" + std::string(near) + "\"?");
  }
}

}  // namespace mo::passes
