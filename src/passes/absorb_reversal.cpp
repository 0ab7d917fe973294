// Before:  Convolution(Pooling(reverse(x)); W)
// After:   Convolution(Pooling(x); W with its input channels reversed)
// Through all layers that treat channels alike, flipping what they hold for each channel.

#include <algorithm>
#include <array>

#include "ops/ops.h"
#include "passes/preprocess.h"

namespace mo::passes {

namespace {

enum class Role { blocks, passes, ends };

bool treats_channels_alike(const OpDef* op) {
  static constexpr std::array ops{&op::relu,  &op::elu,   &op::sigmoid, &op::tanh, &op::abs,
                                  &op::exp,   &op::log,   &op::power,   &op::bnll, &op::threshold,
                                  &op::clamp, &op::swish, &op::pooling, &op::lrn};
  return std::ranges::find(ops, op) != ops.end();
}

/// A blob that reversal can turn: of three channels first, or of one number.
bool turns(const Tensor& blob) {
  return blob.size() == 1 || (!blob.shape().empty() && blob.shape()[0] == 3);
}

Role role_of(const Node& node) {
  if (treats_channels_alike(node.op)) return Role::passes;
  if (node.op == &op::convolution) {
    const bool plain = node.blob("weights") != nullptr && node.attributes.integer("group") == 1;
    return plain ? Role::ends : Role::blocks;
  }
  const bool channel_blobs = node.op == &op::prelu || node.op == &op::batch_normalization ||
                             (node.op == &op::scale_shift && node.attributes.integer("axis") == 1);
  if (!channel_blobs || !std::ranges::all_of(node.blobs, [](const Blob& b) { return turns(b.tensor); }))
    return Role::blocks;
  return Role::passes;
}

/// `tensor` with its axis of three reversed: each of `outer` times three blocks.
Tensor reversed(const Tensor& tensor, std::int64_t outer) {
  const auto block = static_cast<std::size_t>(tensor.size() / outer / 3);
  std::vector<double> values = tensor.values();
  for (std::int64_t o = 0; o < outer; ++o) {
    const auto first = values.begin() + o * 3 * static_cast<std::int64_t>(block);
    std::swap_ranges(first, first + static_cast<std::ptrdiff_t>(block),
                     first + 2 * static_cast<std::ptrdiff_t>(block));
  }
  return Tensor::of(tensor.shape(), std::vector<float>(values.begin(), values.end()));
}

void turn(Node& node, Role role) {
  if (role == Role::ends) {
    const Tensor weights = *node.blob("weights");
    node.set_blob("weights", reversed(weights, node.attributes.integer("output")));
    return;
  }
  for (Blob& blob : node.blobs)
    if (blob.tensor.size() > 1) blob.tensor = reversed(blob.tensor, 1);
}

}  // namespace

bool absorb_reversal(Graph& graph, Value value) {
  std::vector<std::pair<NodeId, Role>> turned;
  std::vector<Value> pending{value};
  while (!pending.empty()) {
    const Value at = pending.back();
    pending.pop_back();
    if (graph.is_output(at) || graph.output(at).uses.empty()) return false;
    for (const Use& use : graph.output(at).uses) {
      const Node& node = graph.node(use.node);
      const Role role = node.inputs.size() == 1 ? role_of(node) : Role::blocks;
      if (role == Role::blocks) return false;
      turned.emplace_back(use.node, role);
      if (role == Role::passes) pending.push_back({use.node, 0});
    }
  }
  for (const auto& [id, role] : turned) turn(graph.node(id), role);
  return true;
}

}  // namespace mo::passes
