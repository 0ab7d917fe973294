// Before:  Convolution(ScaleShift(x; w); W, b), where all that uses the ScaleShift has weights of its own
// After:   Convolution(x; W w per input channel, b)
// The same for Deconvolution and FullyConnected.  An offset goes into FullyConnected alone (b + W s): at the
// border of a convolution the padding would miss it.

#include <algorithm>

#include "ops/ops.h"
#include "passes/passes.h"

namespace mo::passes {

namespace {

/// The factors of a blob for each of `channels`, empty when it has another extent.
std::vector<double> per_channel(const Node& affine, const char* role, std::int64_t channels) {
  const Tensor& blob = *affine.blob(role);
  if (blob.size() == 1 && blob.shape().size() <= 1) {
    std::vector<double> same(static_cast<std::size_t>(channels), blob.values().front());
    return same;
  }
  if (blob.shape() == Shape{channels} && affine.attributes.integer("axis") == 1) return blob.values();
  return {};
}

bool takes_factor(const Node& target) {
  if (target.blob("weights") == nullptr || !target.can_be_fused) return false;
  if (target.op == &op::fully_connected) return target.attributes.integer("axis") == 1;
  return target.op == &op::convolution || target.op == &op::deconvolution;
}

/// One factor for each element of a FullyConnected's flattened input.
std::vector<double> per_element(const Node& target, const std::vector<double>& factors) {
  const std::int64_t inner = target.blob("weights")->size() / target.attributes.integer("out-size");
  const auto repeat = static_cast<std::size_t>(inner) / factors.size();
  std::vector<double> all;
  for (const double factor : factors) all.insert(all.end(), repeat, factor);
  return all;
}

std::size_t input_axis(const Node& fully_connected) {
  return fully_connected.attributes.boolean("transpose") ? 0 : 1;
}

/// Weights with input channel c multiplied by factors[c].
Tensor scaled_weights(const Node& target, const std::vector<double>& factors) {
  const Tensor& weights = *target.blob("weights");
  if (target.op == &op::fully_connected)
    return weights.scaled(input_axis(target), per_element(target, factors));
  if (target.op == &op::deconvolution) return weights.scaled(0, factors);
  // [outputs, channels / group, kernel...]: output o reads the channels of its own group.
  const std::int64_t group = target.attributes.integer("group");
  if (group == 1) return weights.scaled(1, factors);
  const std::int64_t outputs = weights.shape()[0];
  const std::int64_t part = weights.shape()[1];
  std::vector<double> expanded;
  for (std::int64_t o = 0; o < outputs; ++o) {
    const auto first = factors.begin() + o / (outputs / group) * part;
    expanded.insert(expanded.end(), first, first + part);
  }
  const std::int64_t rows = outputs * part;
  return weights.reshaped({rows, weights.size() / rows}).scaled(0, expanded).reshaped(weights.shape());
}

/// b + W s.
void add_offset(Node& target, const std::vector<double>& offsets) {
  const Tensor& weights = *target.blob("weights");
  const auto outputs = static_cast<std::size_t>(target.attributes.integer("out-size"));
  const std::vector<double> elements = per_element(target, offsets);
  const bool transposed = target.attributes.boolean("transpose");
  const Tensor* old = target.blob("biases");
  std::vector<double> biases = old == nullptr ? std::vector<double>(outputs, 0.0) : old->values();
  std::vector<double> row(transposed ? outputs : elements.size());
  const std::size_t rows = transposed ? elements.size() : outputs;
  for (std::size_t r = 0; r < rows; ++r) {
    weights.read(static_cast<std::int64_t>(r * row.size()), std::span(row));
    for (std::size_t i = 0; i < row.size(); ++i)
      biases[transposed ? i : r] += row[i] * elements[transposed ? r : i];
  }
  target.set_blob("biases", Tensor::of(Shape{static_cast<std::int64_t>(outputs)}, std::move(biases)));
}

}  // namespace

void fuse_scale_shift_forward(Graph& graph) {
  std::vector<NodeId> order = graph.topological_order();
  std::ranges::reverse(order);
  for (const NodeId id : order) {
    const Node& affine = graph.node(id);
    if (affine.op != &op::scale_shift || !affine.can_be_fused) continue;
    const Value y{id, 0};
    const Shape& shape = graph.shape(y);
    const auto& uses = graph.output(y).uses;
    if (uses.empty() || graph.is_output(y) || shape.size() < 2 || shape[1] <= 0) continue;
    const bool shifts = affine.blob("biases") != nullptr;
    const bool fits = std::ranges::all_of(uses, [&](const Use& use) {
      const Node& target = graph.node(use.node);
      return takes_factor(target) && (!shifts || target.op == &op::fully_connected);
    });
    if (!fits) continue;
    std::vector<double> factors;
    std::vector<double> offsets;
    if (affine.blob("weights") != nullptr && (factors = per_channel(affine, "weights", shape[1])).empty())
      continue;
    if (shifts && (offsets = per_channel(affine, "biases", shape[1])).empty()) continue;
    for (const Use& use : uses) {
      Node& target = graph.node(use.node);
      if (shifts) add_offset(target, offsets);  // of the weights as they are: the factor comes before it
      if (!factors.empty()) target.set_blob("weights", scaled_weights(target, factors));
      graph.take_over(id, use.node);
    }
    const Value x = affine.inputs[0];
    graph.output(y).names.clear();  // that value is no more
    graph.output(y).origins.clear();
    graph.replace(y, x);
    graph.erase(id);
  }
}

}  // namespace mo::passes
