// Power.     Before:  Power(x; power = 1, scale, shift)
//            After:   ScaleShift(x; scale, shift), one number each
// Eltwise.   Before:  Eltwise(x, Const), a product, or a sum with coefficients a and c, where the Const
// varies
//                     along the channels alone
//            After:   ScaleShift(x; Const)           or  ScaleShift(x; a, c Const)
// What is not fused afterwards computes the same in the same steps.

#include <algorithm>
#include <optional>

#include "ops/ops.h"
#include "passes/passes.h"

namespace mo::passes {

namespace {

void set(Node& node, const char* role, double value, double neutral) {
  if (value != neutral) node.set_blob(role, Tensor::of(Shape{}, std::vector<double>{value}));
}

void convert_power(Node& node) {
  if (node.attributes.number("power") != 1.0F) return;
  const double scale = node.attributes.number("scale");
  const double shift = node.attributes.number("shift");
  node.op = &op::scale_shift;
  node.attributes = {{"axis", std::int64_t{0}}};
  set(node, "weights", scale, 1.0);
  set(node, "biases", shift, 0.0);
}

/// The constant as one number or one for each channel of `shape`; nothing when it varies otherwise.
std::optional<Tensor> per_channel(const Tensor& constant, const Shape& shape) {
  if (constant.shape() != shape || shape.size() < 2) return std::nullopt;
  const std::vector<double> values = constant.values();
  if (values.empty()) return std::nullopt;
  const auto channels = static_cast<std::size_t>(shape[1]);
  std::size_t inner = 1;
  for (std::size_t axis = 2; axis < shape.size(); ++axis) inner *= static_cast<std::size_t>(shape[axis]);
  std::vector<double> channel(channels);
  for (std::size_t c = 0; c < channels; ++c) channel[c] = values[c * inner];
  for (std::size_t i = 0; i < values.size(); ++i)
    if (values[i] != channel[i / inner % channels]) return std::nullopt;
  if (std::ranges::all_of(channel, [&](double value) { return value == channel.front(); }))
    return Tensor::of(Shape{}, std::vector<double>{channel.front()});
  return Tensor::of(Shape{shape[1]}, std::move(channel));
}

void convert_eltwise(Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  if (node.inputs.size() != 2 || node.attributes.text("operation") == "max") return;
  const auto is_constant = [&](std::size_t i) { return graph.node(node.inputs[i].node).op == &op::constant; };
  if (is_constant(0) == is_constant(1)) return;
  const std::size_t at = is_constant(0) ? 0 : 1;
  const Value constant = node.inputs[at];
  const Value x = node.inputs[1 - at];
  const Tensor* values = graph.node(constant.node).blob("custom");
  if (values == nullptr || graph.shape(x) != graph.shape({id, 0})) return;
  std::optional<Tensor> extent = per_channel(*values, graph.shape(x));
  if (!extent) return;
  const std::vector<float> coefficients = node.attributes.numbers("coeff");
  const std::int64_t axis = extent->shape().empty() ? 0 : 1;
  std::vector<Blob> blobs;
  if (node.attributes.text("operation") == "mul") {
    blobs.push_back({"weights", *extent});
  } else {
    if (!coefficients.empty()) {
      std::vector<double> offsets = extent->values();
      for (double& offset : offsets) offset *= coefficients[at];
      extent = Tensor::of(extent->shape(), std::move(offsets));
      const double factor = coefficients[1 - at];
      const std::vector<double> factors(static_cast<std::size_t>(extent->size()), factor);
      if (factor != 1.0) blobs.push_back({"weights", Tensor::of(extent->shape(), factors)});
    }
    blobs.push_back({"biases", *extent});
  }
  const std::string name = node.name;
  const NodeId affine = graph.add(op::scale_shift, name, {x}, {{"axis", axis}}, std::move(blobs));
  graph.replace({id, 0}, {affine, 0});
  graph.erase(id);
  graph.rename(affine, name);
  if (graph.output(constant).uses.empty() && !graph.is_output(constant)) graph.erase(constant.node);
}

}  // namespace

void powers_to_scale_shift(Graph& graph) {
  for (const NodeId id : graph.topological_order()) {
    Node& node = graph.node(id);
    if (node.op == &op::power && node.can_be_fused) convert_power(node);
  }
}

void constant_eltwises_to_scale_shift(Graph& graph) {
  for (const NodeId id : graph.topological_order()) {
    const Node& node = graph.node(id);
    if (node.alive && node.op == &op::eltwise && node.can_be_fused) convert_eltwise(graph, id);
  }
}

}  // namespace mo::passes
