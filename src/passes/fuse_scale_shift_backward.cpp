// Before:  ScaleShift(Convolution(x; W, b); w, s), the convolution used by nothing else
// After:   Convolution(x; w W per output channel, w b + s)
// The same for Deconvolution and FullyConnected.

#include "ops/ops.h"
#include "passes/passes.h"

namespace mo::passes {

namespace {

std::int64_t output_channels(const Node& node) {
  return node.attributes.integer(node.op == &op::fully_connected ? "out-size" : "output");
}

/// A factor for each output channel, from a blob with one element a channel or one for all; empty when it is
/// neither.
std::vector<double> per_channel(const Tensor& blob, std::int64_t channels) {
  std::vector<double> values;
  if (blob.size() == channels)
    values = blob.values();
  else if (blob.size() == 1)
    values.assign(static_cast<std::size_t>(channels), blob.values().front());
  return values;
}

bool fits(const Graph& graph, const Node& target, const Node& affine, Value between) {
  if (target.op != &op::convolution && target.op != &op::deconvolution && target.op != &op::fully_connected)
    return false;
  if (target.blob("weights") == nullptr || !target.can_be_fused) return false;
  const std::size_t channel_axis = target.op == &op::fully_connected ? graph.shape(between).size() - 1 : 1;
  const std::int64_t channels = output_channels(target);
  for (const Blob& blob : affine.blobs) {
    const bool scalar = blob.tensor.size() == 1 && blob.tensor.shape().size() <= 1;
    const bool vector = blob.tensor.shape() == Shape{channels} &&
                        affine.attributes.integer("axis") == static_cast<std::int64_t>(channel_axis);
    if (!scalar && !vector) return false;
  }
  return true;
}

/// Weights with output channel o multiplied by factors[o].
Tensor scaled_weights(const Node& target, const std::vector<double>& factors) {
  const Tensor& weights = *target.blob("weights");
  if (target.op == &op::fully_connected)
    return weights.scaled(target.attributes.boolean("transpose") ? 1 : 0, factors);
  if (target.op == &op::convolution) return weights.scaled(0, factors);
  // Deconvolution weights are [inputs, outputs / group, kernel...]: input i feeds the outputs of its own
  // group.
  const std::int64_t inputs = weights.shape()[0];
  const std::int64_t group = target.attributes.integer("group");
  const std::int64_t group_outputs = weights.shape()[1];
  std::vector<double> expanded;
  for (std::int64_t i = 0; i < inputs; ++i) {
    const std::int64_t first = i / (inputs / group) * group_outputs;
    expanded.insert(expanded.end(), factors.begin() + first, factors.begin() + first + group_outputs);
  }
  const std::int64_t rows = inputs * group_outputs;
  return weights.reshaped({rows, weights.size() / rows}).scaled(0, expanded).reshaped(weights.shape());
}

void fuse(Node& target, const Node& affine) {
  const std::int64_t channels = output_channels(target);
  const Tensor* old_biases = target.blob("biases");
  std::vector<double> biases = old_biases == nullptr
                                   ? std::vector<double>(static_cast<std::size_t>(channels), 0.0)
                                   : old_biases->values();
  bool has_biases = old_biases != nullptr;
  if (const Tensor* weights = affine.blob("weights")) {
    const std::vector<double> factors = per_channel(*weights, channels);
    target.set_blob("weights", scaled_weights(target, factors));
    for (std::size_t i = 0; i < biases.size(); ++i) biases[i] *= factors[i];
  }
  if (const Tensor* shift = affine.blob("biases")) {
    const std::vector<double> offsets = per_channel(*shift, channels);
    for (std::size_t i = 0; i < biases.size(); ++i) biases[i] += offsets[i];
    has_biases = true;
  }
  if (has_biases) target.set_blob("biases", Tensor::of(Shape{channels}, std::move(biases)));
}

}  // namespace

void fuse_scale_shift_backward(Graph& graph) {
  for (const NodeId id : graph.topological_order()) {
    const Node& affine = graph.node(id);
    if (affine.op != &op::scale_shift || !affine.can_be_fused) continue;
    const Value between = affine.inputs[0];
    Node& target = graph.node(between.node);
    if (graph.only_consumer(between) != &affine || !fits(graph, target, affine, between)) continue;
    fuse(target, affine);
    graph.take_over(id, between.node);
    graph.output(between).names.clear();  // that value is no more
    graph.output(between).origins.clear();
    graph.replace({id, 0}, between);
    graph.erase(id);
  }
}

}  // namespace mo::passes
