#include "passes/change_dialect.h"

#include "ops/ops.h"
#include "passes/behind_input.h"
#include "passes/passes.h"

namespace mo::passes {

namespace {

/// A matrix in front of FullyConnected, as v7 wants it.
void flatten_inputs(Graph& graph) {
  for (const NodeId id : graph.topological_order()) {
    if (graph.node(id).op != &op::fully_connected) continue;
    const Value input = graph.node(id).inputs[0];
    if (graph.shape(input).size() == 2) continue;
    const NodeId reshape = graph.add(op::reshape, graph.node(id).name + "/flatten_fc_input", {input},
                                     {{"dim", std::vector<std::int64_t>{0, -1}},
                                      {"axis", std::int64_t{0}},
                                      {"num_axes", std::int64_t{-1}},
                                      {"generated", true}});
    graph.set_input(id, 0, {reshape, 0});
  }
}

/// Factors of operands become Power, which every version has.
void separate_coefficients(Graph& graph) {
  for (const NodeId id : graph.topological_order()) {
    if (graph.node(id).op != &op::eltwise) continue;
    const std::vector<float> coefficients = graph.node(id).attributes.numbers("coeff");
    for (std::uint32_t i = 0; i < coefficients.size(); ++i) {
      if (coefficients[i] == 1.0F) continue;
      const NodeId factor =
          graph.add(op::power, graph.node(id).name + "/coeff_mul", {graph.node(id).inputs[i]},
                    {{"power", 1.0F}, {"scale", coefficients[i]}, {"shift", 0.0F}});
      graph.set_input(id, i, {factor, 0});
    }
    graph.node(id).attributes.set("coeff", std::vector<float>{});
  }
}

}  // namespace

void change_dialect(Graph& graph, int from, int to) {
  if (from == to) return;
  legacy_lrn_k(graph);
  if (to <= 4) legacy_eltwise_broadcast(graph);
  if (to >= 6) separate_coefficients(graph);
  if (to == 7) flatten_inputs(graph);
}

void means_into_layers(Graph& graph) {
  for (const InputMean& mean : graph.means) {
    Tensor offsets;
    if (mean.images.empty()) {
      std::vector<double> values;
      for (const float value : mean.values) values.push_back(-static_cast<double>(value));
      Shape shape{static_cast<std::int64_t>(values.size())};
      offsets = Tensor::of(std::move(shape), std::move(values));
    } else {
      std::vector<float> values;
      for (const Tensor& image : mean.images)
        for (const double value : image.values()) values.push_back(static_cast<float>(-value));
      Shape shape = mean.images.front().shape();
      shape.insert(shape.begin(), static_cast<std::int64_t>(mean.images.size()));
      offsets = Tensor::of(std::move(shape), std::move(values));
    }
    insert_behind(graph, start_of(graph, mean.input), op::scale_shift, graph.node(mean.input).name + "/mean",
                  {{"axis", std::int64_t{1}}}, {{"biases", std::move(offsets)}});
  }
  graph.means.clear();
}

}  // namespace mo::passes
