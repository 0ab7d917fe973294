// Merging.   Before:  ScaleShift(ScaleShift(x; w1, b1); w2, b2), the first used by nothing else
//            After:   ScaleShift(x; w1 w2, b1 w2 + b2)
// Neutral.   Before:  ScaleShift with weights of 1, or biases of 0
//            After:   without them; without both, nothing

#include <algorithm>

#include "ops/ops.h"
#include "passes/passes.h"

namespace mo::passes {

namespace {

bool same_extent(const Node& a, const Node& b) {
  if (a.attributes.integer("axis") != b.attributes.integer("axis")) return false;
  const Shape* extent = nullptr;
  for (const Node* node : {&a, &b}) {
    for (const Blob& blob : node->blobs) {
      if (extent != nullptr && *extent != blob.tensor.shape()) return false;
      extent = &blob.tensor.shape();
    }
  }
  return extent != nullptr;
}

std::vector<double> values_or(const Node& node, std::string_view role, double fallback, std::size_t size) {
  const Tensor* blob = node.blob(role);
  return blob == nullptr ? std::vector<double>(size, fallback) : blob->values();
}

/// The legacy name of one part of a merged pair: after the first that has such a part.
void merge_part_name(const Node& first, Node& second, const char* part, const char* role,
                     const char* suffix) {
  const Node& named = first.blob(role) != nullptr ? first : second;
  if (!named.attributes.has(part)) return;
  std::string name = named.attributes.text(part);
  if (!name.ends_with(suffix)) name += suffix;
  second.attributes.set(part, std::move(name));
}

/// Puts the merged numbers into `second` and takes `first` out of the graph.
void merge(Graph& graph, NodeId first_id, NodeId second_id) {
  Node& first = graph.node(first_id);
  Node& second = graph.node(second_id);
  const Shape shape = (first.blobs.empty() ? second : first).blobs.front().tensor.shape();
  const auto size = static_cast<std::size_t>(element_count(shape));
  const bool has_weights = first.blob("weights") != nullptr || second.blob("weights") != nullptr;
  const bool has_biases = first.blob("biases") != nullptr || second.blob("biases") != nullptr;
  std::vector<double> weights = values_or(first, "weights", 1.0, size);
  std::vector<double> biases = values_or(first, "biases", 0.0, size);
  const std::vector<double> factors = values_or(second, "weights", 1.0, size);
  const std::vector<double> offsets = values_or(second, "biases", 0.0, size);
  for (std::size_t i = 0; i < size; ++i) {
    weights[i] *= factors[i];
    biases[i] = biases[i] * factors[i] + offsets[i];
  }
  merge_part_name(first, second, "mul_name", "weights", "/Fused_Mul_");
  merge_part_name(first, second, "add_name", "biases", "/Fused_Add_");
  if (has_weights) second.set_blob("weights", Tensor::of(shape, std::move(weights)));
  if (has_biases) second.set_blob("biases", Tensor::of(shape, std::move(biases)));
  graph.set_input(second_id, 0, first.inputs[0]);
  graph.take_over(first_id, second_id);
  graph.erase(first_id);
}

bool all_equal(const Tensor* blob, double value) {
  if (blob == nullptr) return true;
  const std::vector<double> values = blob->values();
  return std::ranges::all_of(values, [value](double x) { return x == value; });
}

}  // namespace

void merge_scale_shifts(Graph& graph) {
  for (const NodeId id : graph.topological_order()) {
    const Node& second = graph.node(id);
    if (second.op != &op::scale_shift || !second.can_be_fused) continue;
    const Value x = second.inputs[0];
    const Node& first = graph.node(x.node);
    if (first.op == &op::scale_shift && first.can_be_fused && graph.only_consumer(x) == &second &&
        same_extent(first, second))
      merge(graph, x.node, id);
  }
}

void remove_neutral_scale_shifts(Graph& graph) {
  for (const NodeId id : graph.topological_order()) {
    Node& node = graph.node(id);
    if (node.op != &op::scale_shift) continue;
    if (all_equal(node.blob("weights"), 1.0)) node.erase_blob("weights");
    if (all_equal(node.blob("biases"), 0.0)) node.erase_blob("biases");
    if (!node.blobs.empty()) continue;
    graph.replace({id, 0}, node.inputs[0]);
    graph.erase(id);
  }
}

}  // namespace mo::passes
