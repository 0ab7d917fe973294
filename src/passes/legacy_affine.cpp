// What legacy IR calls ScaleShift, and how the original named what it made of BatchNorm and Scale: it saw a
// factor (Mul) and an offset (Add), which it merged, fused or turned into layers.
// Names.     BatchNorm -> Mul_, Add_;  Scale "s" -> s/Mul_, s/Add_
// Axes.      Before:  ScaleShift over other axes than the channels
//            After:   Reshape(ScaleShift over channels(Reshape(x)))
// Powers.    Before:  ScaleShift(x; weights, biases)
//            After:   Power when there is but one number each, else ScaleShift; <mul>/FusedPower_ ...

#include <algorithm>
#include <optional>

#include "ops/ops.h"
#include "passes/passes.h"

namespace mo::passes {

namespace {

void name_parts(Graph& graph, const std::string& mul, const std::string& add) {
  for (const NodeId id : graph.topological_order()) {
    Node& node = graph.node(id);
    // A repeated layer name: the original counts on from the number of layers so far.
    if (node.name.starts_with(node.layer + "_") && node.name.size() <= node.layer.size() + 7 &&
        std::all_of(node.name.begin() + static_cast<std::ptrdiff_t>(node.layer.size()) + 1, node.name.end(),
                    [](char c) { return c >= '0' && c <= '9'; }))
      graph.rename(id, node.layer + std::to_string(id + 1));
    if (node.op == &op::batch_normalization) {
      node.attributes.set("mul_name", mul);
      node.attributes.set("add_name", add);
    } else if (node.op == &op::scale_shift) {
      const bool bias_alone = node.blob("weights") == nullptr;
      node.attributes.set("mul_name", node.name + "/Mul_");
      node.attributes.set("add_name", bias_alone ? node.name : node.name + "/Add_");
    }
  }
}

std::optional<float> single(const Tensor* blob, float neutral) {
  if (blob == nullptr) return neutral;
  if (blob->size() != 1) return std::nullopt;
  return static_cast<float>(blob->values().front());
}

}  // namespace

void legacy_name_parts(Graph& graph) {
  name_parts(graph, "Mul_", "Add_");
}

void legacy_name_parts_v7(Graph& graph) {
  name_parts(graph, "Mul1_/Fused_Mul_", "Add1_/Fused_Add_");
}

void legacy_scale_axes(Graph& graph) {
  for (const NodeId id : graph.topological_order()) {
    const Node& node = graph.node(id);
    if (node.op != &op::scale_shift || node.blobs.empty()) continue;
    const Shape x = node.outputs[0].shape;
    const auto axis = static_cast<std::size_t>(node.attributes.integer("axis"));
    const Shape extent = node.blobs.front().tensor.shape();
    const std::int64_t size = element_count(extent);
    const bool alike =
        std::ranges::all_of(node.blobs, [&](const Blob& blob) { return blob.tensor.shape() == extent; });
    if (!alike || std::ranges::count(x, -1) > 0 || size == 1 || (axis == 1 && extent.size() == 1)) continue;
    const auto part = [&](std::size_t begin, std::size_t end) {
      return element_count(Shape(x.begin() + static_cast<std::ptrdiff_t>(begin),
                                 x.begin() + static_cast<std::ptrdiff_t>(end)));
    };
    const auto reshape = [&](const std::string& suffix, Value value, const Shape& dims) {
      return Value{graph.add(op::reshape, graph.node(id).name + suffix, {value},
                             {{"dim", dims},
                              {"axis", std::int64_t{0}},
                              {"num_axes", std::int64_t{-1}},
                              {"generated", true}}),
                   0};
    };
    const Shape channels{part(0, axis), size, part(axis + extent.size(), x.size()), 1};
    graph.set_input(id, 0, reshape("/Reshape_channels_", graph.node(id).inputs[0], channels));
    graph.node(id).attributes.set("axis", std::int64_t{1});
    for (Blob& blob : graph.node(id).blobs) blob.tensor = blob.tensor.reshaped({size});
    graph.infer(id);
    const Value back = reshape("/Reshape_back_", {id, 0}, x);
    graph.replace({id, 0}, back);
    graph.set_input(back.node, 0, {id, 0});
  }
}

namespace {

void make_powers(Graph& graph, bool single_prefix) {
  for (const NodeId id : graph.topological_order()) {
    Node& node = graph.node(id);
    if (node.op != &op::scale_shift) continue;
    const bool multiplies = node.blob("weights") != nullptr;
    const bool adds = node.blob("biases") != nullptr;
    const std::string part = multiplies || !adds ? "mul_name" : "add_name";
    std::string name = node.attributes.get_or(part, node.name);
    const auto scale = single(node.blob("weights"), 1.0F);
    const auto shift = single(node.blob("biases"), 0.0F);
    if (scale && shift) {
      node.op = &op::power;
      node.blobs.clear();
      node.attributes = {{"power", 1.0F}, {"scale", *scale}, {"shift", *shift}};
      if (multiplies && adds) name += "/FusedPower_";
    } else if (multiplies && adds) {
      name += "/FusedScaleShift_";
    } else if (single_prefix) {
      name.insert(0, "ScaleShift/");
    }
    graph.rename(id, name);
  }
}

}  // namespace

void legacy_powers(Graph& graph) {
  make_powers(graph, false);
}

void legacy_powers_v7(Graph& graph) {
  make_powers(graph, true);
}

}  // namespace mo::passes
