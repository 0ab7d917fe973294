// Before:  BatchNormalization(x; mean, variance, epsilon)
// After:   ScaleShift(x; weights = 1 / sqrt(variance + epsilon), biases = -mean weights)

#include <cmath>

#include "ops/ops.h"
#include "passes/passes.h"

namespace mo::passes {

void batch_normalization_to_scale_shift(Graph& graph) {
  for (const NodeId id : graph.topological_order()) {
    Node& node = graph.node(id);
    if (node.op != &op::batch_normalization) continue;
    const double epsilon = node.attributes.number("epsilon");
    const std::vector<double> mean = node.blob("mean")->values();
    const std::vector<double> variance = node.blob("variance")->values();
    const Shape shape = node.blob("mean")->shape();
    std::vector<double> weights(mean.size());
    std::vector<double> biases(mean.size());
    for (std::size_t i = 0; i < mean.size(); ++i) {
      weights[i] = 1.0 / std::sqrt(variance[i] + epsilon);
      biases[i] = -mean[i] * weights[i];
    }
    node.op = &op::scale_shift;
    node.attributes.erase("epsilon");
    node.attributes.set("axis", std::int64_t{1});
    node.blobs = {{"weights", Tensor::of(shape, std::move(weights))},
                  {"biases", Tensor::of(shape, std::move(biases))}};
  }
}

}  // namespace mo::passes
