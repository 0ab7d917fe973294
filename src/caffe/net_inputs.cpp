#include "caffe/net_inputs.h"

#include <algorithm>
#include <charconv>

namespace mo::caffe {

namespace {

struct DeclaredInput {
  std::string layer;
  std::string top;
  Shape declared;
  Shape shape;  ///< after --input_shape
};

Shape declared_shape(const Layer& layer, std::size_t top) {
  const auto shapes = layer.parameters->all_path("input_param.shape");
  if (shapes.empty()) return {};
  const Field* field = shapes[std::min(top, shapes.size() - 1)];
  Shape shape;
  if (field->message == nullptr) return shape;
  for (const Field* dim : field->message->all("dim")) {
    std::int64_t value = -1;
    std::from_chars(dim->text.data(), dim->text.data() + dim->text.size(), value);
    shape.push_back(value == 0 ? -1 : value);
  }
  return shape;
}

std::vector<DeclaredInput> declared_inputs(const Net& net, const InputOverrides& overrides) {
  std::vector<DeclaredInput> inputs;
  for (const Layer& layer : net.layers) {
    if (!layer.bottoms.empty()) continue;
    for (std::size_t i = 0; i < layer.tops.size(); ++i) {
      DeclaredInput input{layer.name, layer.tops[i], declared_shape(layer, i), {}};
      input.shape = input.declared;
      for (const InputOverride& given : overrides.inputs)
        if ((given.name.empty() || given.name == input.top || (i == 0 && given.name == layer.name)) &&
            !given.shape.empty())
          input.shape = given.shape;
      inputs.push_back(std::move(input));
    }
  }
  return inputs;
}

/// The batch is the first dimension of the image, the first input of four dimensions if there is one.
const DeclaredInput& image(const std::vector<DeclaredInput>& inputs) {
  const auto found = std::ranges::find_if(inputs, [](const auto& input) { return input.shape.size() == 4; });
  return found == inputs.end() ? inputs.front() : *found;
}

}  // namespace

void settle_inputs(const Net& net, InputOverrides& overrides, Diagnostics& diagnostics) {
  const std::vector<DeclaredInput> inputs = declared_inputs(net, overrides);
  if (inputs.empty()) return;
  const DeclaredInput& main = image(inputs);
  overrides.declared_batch = main.declared.empty() ? 0 : main.declared[0];
  overrides.actual_batch = overrides.batch > 0 ? overrides.batch : main.shape.empty() ? 0 : main.shape[0];
  const bool data_layers = std::ranges::any_of(net.layers, [](const Layer& layer) {
    return layer.bottoms.empty() && layer.type != "Input" && layer.type != "GlobalInput";
  });
  const bool for_any = std::ranges::any_of(
      overrides.inputs, [](const auto& given) { return given.name.empty() && !given.shape.empty(); });
  if (inputs.size() > 1 && for_any && !data_layers)
    diagnostics.error(code::input_shape_count,
                      "--input_shape has one shape, but the net has " + std::to_string(inputs.size()) +
                          " inputs, among them \"" + inputs[0].top + "\" and \"" + inputs[1].top + "\"",
                      "name the input that it is for: --input " + inputs[0].top);
  if (overrides.batch <= 0 || main.shape.empty()) return;
  for (const DeclaredInput& input : inputs) {
    if (input.shape.empty() || input.shape[0] <= 1 || input.shape[0] == main.shape[0]) continue;
    diagnostics.error(code::batch_not_applicable,
                      "--batch: the first dimension of the input \"" + input.top + "\" of shape " +
                          to_string(input.shape) + " is not a batch",
                      "give the shapes of all inputs with --input and --input_shape instead of --batch");
  }
}

void check_all_inputs_named(const Graph& graph, const std::vector<InputOverride>& named,
                            Diagnostics& diagnostics) {
  if (named.empty() || named.front().name.empty()) return;
  std::string missing;
  for (const NodeId id : graph.inputs) {
    const Node& node = graph.node(id);
    const auto& blobs = node.outputs.front().names;
    const bool is_named = std::ranges::any_of(named, [&](const InputOverride& input) {
      return input.name == node.name || input.name == node.layer ||
             std::ranges::find(blobs, input.name) != blobs.end();
    });
    if (!is_named) missing += (missing.empty() ? "" : ", ") + node.name;
  }
  if (!missing.empty())
    diagnostics.error(code::other_inputs_needed,
                      "--input does not name all inputs that the outputs need; missing: " + missing,
                      "name them too, or cut the net elsewhere with --input and --output");
}

}  // namespace mo::caffe
