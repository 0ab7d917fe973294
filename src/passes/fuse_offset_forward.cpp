// Without padding.  Before:  Convolution(ScaleShift(x; w, s); W, b)
//                   After:   Convolution(x; W w per input channel, b + W s)
// With padding.     Before:  Convolution(ScaleShift(Input; w, s); W, b)
//                   After:   Convolution(ScaleShift(Input; s / w); W w per input channel, b)
// At a padded border the net sees zeros behind the offset, so there an offset has to stay before the layer.

#include <algorithm>

#include "ops/ops.h"
#include "passes/passes.h"

namespace mo::passes {

namespace {

bool is_unpadded(const Node& node) {
  for (const char* name : {"pads_begin", "pads_end"})
    for (const std::int64_t pad : node.attributes.integers(name))
      if (pad != 0) return false;
  return true;
}

/// The offsets for each channel; empty when the blob has another extent.
std::vector<double> per_channel(const Node& affine, const Tensor& blob, std::int64_t channels) {
  if (blob.size() == 1 && blob.shape().size() <= 1)
    return std::vector<double>(static_cast<std::size_t>(channels), blob.values().front());
  if (blob.shape() == Shape{channels} && affine.attributes.integer("axis") == 1) return blob.values();
  return {};
}

/// b + the sum of W s over input channels and kernel; weights are [outputs, channels / group, kernel...].
void add_offset(Node& target, const std::vector<double>& offsets) {
  const Tensor& weights = *target.blob("weights");
  const std::int64_t outputs = weights.shape()[0];
  const std::int64_t part = weights.shape()[1];
  const std::int64_t kernel = weights.size() / (outputs * part);
  const std::int64_t group = target.attributes.integer("group");
  const Tensor* old = target.blob("biases");
  std::vector<double> biases =
      old == nullptr ? std::vector<double>(static_cast<std::size_t>(outputs), 0.0) : old->values();
  std::vector<double> row(static_cast<std::size_t>(part * kernel));
  for (std::int64_t o = 0; o < outputs; ++o) {
    weights.read(o * part * kernel, std::span(row));
    const std::int64_t first = o / (outputs / group) * part;
    for (std::int64_t i = 0; i < part * kernel; ++i)
      biases[static_cast<std::size_t>(o)] +=
          row[static_cast<std::size_t>(i)] * offsets[static_cast<std::size_t>(first + i / kernel)];
  }
  target.set_blob("biases", Tensor::of(Shape{outputs}, std::move(biases)));
}

/// (s / w) when no factor is 0 and both have the same extent.
bool divide_offsets(Node& affine) {
  const std::vector<double> factors = affine.blob("weights")->values();
  std::vector<double> offsets = affine.blob("biases")->values();
  const Shape shape = affine.blob("biases")->shape();
  if (factors.size() != offsets.size() && factors.size() != 1) return false;
  if (std::ranges::find(factors, 0.0) != factors.end()) return false;
  for (std::size_t i = 0; i < offsets.size(); ++i) offsets[i] /= factors[factors.size() == 1 ? 0 : i];
  affine.set_blob("biases", Tensor::of(shape, std::move(offsets)));
  return true;
}

/// Takes the factor off `affine` into a ScaleShift of its own behind it, for the next pass to fuse.
void split_factor(Graph& graph, NodeId id) {
  const Tensor factors = *graph.node(id).blob("weights");
  if (!divide_offsets(graph.node(id))) return;
  const Attributes attributes = graph.node(id).attributes;
  const std::string name = graph.node(id).name + "/factor";
  graph.node(id).erase_blob("weights");
  graph.output({id, 0}).names.clear();  // that value is another now
  graph.output({id, 0}).origins.clear();
  const std::vector<Use> uses = graph.output({id, 0}).uses;
  const NodeId factor = graph.add(op::scale_shift, name, {{id, 0}}, attributes, {{"weights", factors}});
  for (const Use& use : uses) graph.set_input(use.node, use.input, {factor, 0});
  graph.take_over(id, factor);
}

}  // namespace

void fuse_offset_forward(Graph& graph) {
  std::vector<NodeId> order = graph.topological_order();
  std::ranges::reverse(order);
  for (const NodeId id : order) {
    Node& affine = graph.node(id);
    if (affine.op != &op::scale_shift || affine.blob("biases") == nullptr || !affine.can_be_fused) continue;
    const Value y{id, 0};
    const Shape& shape = graph.shape(y);
    const auto& uses = graph.output(y).uses;
    if (uses.empty() || graph.is_output(y) || shape.size() < 3 || shape[1] <= 0) continue;
    const bool convolutions = std::ranges::all_of(uses, [&](const Use& use) {
      const Node& target = graph.node(use.node);
      return target.op == &op::convolution && target.can_be_fused && target.blob("weights") != nullptr;
    });
    if (!convolutions) continue;
    const std::vector<double> offsets = per_channel(affine, *affine.blob("biases"), shape[1]);
    const bool unpadded =
        std::ranges::all_of(uses, [&](const Use& use) { return is_unpadded(graph.node(use.node)); });
    const bool has_factor = affine.blob("weights") != nullptr;
    if (offsets.empty() || !unpadded) {
      if (has_factor && graph.node(affine.inputs[0].node).op == &op::input) split_factor(graph, id);
      continue;
    }
    for (const Use& use : uses) {
      add_offset(graph.node(use.node), offsets);
      graph.take_over(id, use.node);
    }
    affine.erase_blob("biases");
    if (!has_factor) {
      const Value x = affine.inputs[0];
      graph.output(y).names.clear();
      graph.output(y).origins.clear();
      graph.replace(y, x);
      graph.erase(id);
    }
  }
}

}  // namespace mo::passes
