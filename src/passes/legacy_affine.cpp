// What legacy IR calls ScaleShift, and how the original named what it made of BatchNorm and Scale: it saw a
// factor (Mul) and an offset (Add), which it merged, fused or turned into layers.
// Names.     BatchNorm -> Mul_, Add_;  Scale "s" -> s/Mul_, s/Add_
// Powers.    Before:  ScaleShift(x; weights, biases)
//            After:   Power when there is but one number each, else ScaleShift; <mul>/FusedPower_ ...

#include <optional>

#include "ops/ops.h"
#include "passes/passes.h"

namespace mo::passes {

namespace {

void name_parts(Graph& graph, const std::string& mul, const std::string& add) {
  for (const NodeId id : graph.topological_order()) {
    Node& node = graph.node(id);
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

void legacy_powers(Graph& graph) {
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
    }
    graph.rename(id, name);
  }
}

}  // namespace mo::passes
