// Constants.  Before:  an op whose inputs are all Const
//             After:   Const with what the op gives
// Shapes.     Before:  PriorBox and its like, which depend on the shapes of their inputs alone
//             After:   Const with the boxes; what only fed them is gone

#include <algorithm>

#include "evaluate/evaluate.h"
#include "ops/ops.h"
#include "passes/passes.h"

namespace mo::passes {

namespace {

constexpr std::int64_t most_elements = std::int64_t{1} << 24;
constexpr double most_multiply_adds = 1e9;  // about a second

bool is_constant(const Graph& graph, Value value) {
  return graph.node(value.node).op == &op::constant;
}

bool is_moderate(const Shape& shape) {
  const std::int64_t count = element_count(shape);
  return count >= 0 && count <= most_elements;
}

/// Known shapes, and no more work than a conversion should take.
bool is_moderate(const Graph& graph, const Node& node, const evaluate::Rule& rule) {
  for (const Value& input : node.inputs) {
    const Shape& shape = graph.shape(input);
    if (!rule.shapes_alone && !is_moderate(shape)) return false;
    if (std::ranges::any_of(shape.begin() + 1, shape.end(), [](std::int64_t dim) { return dim < 0; }))
      return false;
  }
  for (const Output& output : node.outputs)
    if (!is_moderate(output.shape)) return false;
  return !node.op->multiply_adds || node.op->multiply_adds(graph, node) <= most_multiply_adds;
}

bool gives_an_output(const Graph& graph, NodeId id) {
  return std::ranges::any_of(graph.outputs, [id](const Value& value) { return value.node == id; });
}

std::vector<float> numbers(const Graph& graph, Value constant) {
  const Tensor& tensor = *graph.node(constant.node).blob("custom");
  std::vector<float> values(static_cast<std::size_t>(tensor.size()));
  tensor.read(0, values);
  return values;
}

void fold(Graph& graph, NodeId id, const evaluate::Rule& rule) {
  evaluate::Arguments arguments{graph, graph.node(id), {}};
  if (!rule.shapes_alone)
    for (const Value& input : graph.node(id).inputs) arguments.inputs.push_back(numbers(graph, input));
  evaluate::Results results = rule.compute(arguments);
  const std::string name = graph.node(id).name;
  const std::string layer = graph.node(id).layer;
  NodeId first = id;
  for (std::uint32_t i = 0; i < results.size(); ++i) {
    Tensor values = Tensor::of(graph.shape({id, i}), std::move(results[i]));
    const NodeId constant =
        graph.add(op::constant, name, {}, {{"exact", true}}, {{"custom", std::move(values)}});
    graph.node(constant).layer = layer;
    graph.replace({id, i}, {constant, 0});
    if (i == 0) first = constant;
  }
  graph.erase(id);
  graph.rename(first, name);
}

/// Folds the nodes that `wanted` says; what nothing needs any more goes.
template <typename Wanted>
void fold_where(Graph& graph, Wanted wanted) {
  bool any = false;
  for (const NodeId id : graph.topological_order()) {
    const Node& node = graph.node(id);
    if (node.inputs.empty() || node.op == &op::constant || gives_an_output(graph, id)) continue;
    const evaluate::Rule* rule = evaluate::rule(*node.op);
    if (rule == nullptr || !wanted(node, *rule) || !is_moderate(graph, node, *rule)) continue;
    fold(graph, id, *rule);
    any = true;
  }
  if (any) graph.erase_dead();
}

}  // namespace

void fold_constants(Graph& graph) {
  fold_where(graph, [&](const Node& node, const evaluate::Rule&) {
    return std::ranges::all_of(node.inputs, [&](const Value& input) { return is_constant(graph, input); });
  });
}

void fold_shapes(Graph& graph) {
  fold_where(graph, [](const Node&, const evaluate::Rule& rule) { return rule.shapes_alone; });
}

}  // namespace mo::passes
