// Ops that legacy IR has no layer for, said by several layers that it has.
// FullyConnected(x), axis other than 1       ->  Reshape(FullyConnected(Reshape(x)))
// Convolution(x) over one axis               ->  Reshape(Convolution(Reshape(x))), over two
// MVN(x) over the batch                      ->  Permute, Reshape, MVN, and back
// Swish(x)                                   ->  x * Sigmoid(beta x)
// BNLL(x)                                    ->  ReLU(x) + Log(1 + Exp(-|x|))
// Threshold(x)                               ->  Clamp(1e30 (x - threshold); 0, 1)
// Reduction(x)                               ->  Reshape(FullyConnected(Reshape(x); weights of 1))
// ShuffleChannels(x)                         ->  Reshape(Permute(Reshape(x)))
// Exp(x), where that is no layer             ->  Sigmoid(x) / Sigmoid(-x)

#include <numeric>

#include "ops/ops.h"
#include "passes/passes.h"
#include "support/diagnostic_codes.h"
#include "support/diagnostics.h"

namespace mo::passes {

namespace {

/// Takes the place of one node: adds layers in front, and at last one that has the node's name and consumers.
class Composition {
 public:
  Composition(Graph& graph, NodeId id) : graph_(graph), id_(id) {}

  const Attributes& attributes() const { return graph_.node(id_).attributes; }
  Value input() const { return graph_.node(id_).inputs[0]; }
  const Shape& input_shape() const { return graph_.shape(input()); }
  const Shape& output_shape() const { return graph_.node(id_).outputs[0].shape; }

  Value add(const OpDef& op, const std::string& suffix, std::vector<Value> inputs, Attributes attributes = {},
            std::vector<Blob> blobs = {}) {
    return put(op, graph_.node(id_).name + "/" + suffix, std::move(inputs), std::move(attributes),
               std::move(blobs));
  }
  Value power(const std::string& suffix, Value x, float power, float scale, float shift) {
    return add(op::power, suffix, {x}, {{"power", power}, {"scale", scale}, {"shift", shift}});
  }
  Value reshape(const std::string& suffix, Value x, const Shape& dims) {
    return add(op::reshape, suffix, {x}, reshape_attributes(dims));
  }
  void finish(const OpDef& op, std::vector<Value> inputs, Attributes attributes = {},
              std::vector<Blob> blobs = {}) {
    const std::string name = graph_.node(id_).name;
    graph_.rename(id_, name + "/replaced");
    graph_.replace({id_, 0}, put(op, name, std::move(inputs), std::move(attributes), std::move(blobs)));
    graph_.erase(id_);
  }
  void finish_reshaped(Value x, const Shape& dims) { finish(op::reshape, {x}, reshape_attributes(dims)); }
  /// Element by element: `sum` or `mul`.
  void finish_eltwise(const std::string& operation, Value a, Value b) {
    finish(op::eltwise, {a, b},
           {{"operation", operation}, {"coeff", std::vector<float>{}}, {"generated", true}});
  }

 private:
  static Attributes reshape_attributes(const Shape& dims) {
    return {{"dim", dims}, {"axis", std::int64_t{0}}, {"num_axes", std::int64_t{-1}}, {"generated", true}};
  }
  Value put(const OpDef& op, const std::string& name, std::vector<Value> inputs, Attributes attributes,
            std::vector<Blob> blobs) {
    const NodeId added = graph_.add(op, name, std::move(inputs), std::move(attributes), std::move(blobs));
    graph_.node(added).layer = graph_.node(id_).layer;
    return {added, 0};
  }

  Graph& graph_;
  NodeId id_;
};

std::int64_t product(const Shape& shape, std::size_t begin, std::size_t end) {
  return element_count(Shape(shape.begin() + static_cast<std::ptrdiff_t>(begin),
                             shape.begin() + static_cast<std::ptrdiff_t>(end)));
}

void compose_fully_connected(Graph& graph, NodeId id) {
  const std::int64_t axis = graph.node(id).attributes.integer("axis");
  const Shape& x = graph.shape(graph.node(id).inputs[0]);
  const auto first = static_cast<std::size_t>(axis_from_start(axis, x));
  if (first == 1) return;
  Composition c(graph, id);
  const Shape y = c.output_shape();
  const Value matrix = c.reshape("matrix", c.input(), {product(x, 0, first), product(x, first, x.size())});
  Attributes attributes = c.attributes();
  attributes.set("axis", std::int64_t{1});
  std::vector<Blob> blobs = graph.node(id).blobs;
  c.finish_reshaped(c.add(op::fully_connected, "rows", {matrix}, std::move(attributes), std::move(blobs)), y);
}

/// Engines compute windows of two and three axes; for Deconvolution too.
void compose_convolution(Graph& graph, NodeId id) {
  Composition c(graph, id);
  const Shape x = c.input_shape();
  if (x.size() != 3) return;
  Attributes attributes = c.attributes();
  for (const char* name : {"kernel", "strides", "pads_begin", "pads_end", "dilations"}) {
    std::vector<std::int64_t> values = attributes.integers(name);
    values.insert(values.begin(), std::string_view(name).starts_with("pads") ? 0 : 1);
    attributes.set(name, std::move(values));
  }
  std::vector<Blob> blobs = graph.node(id).blobs;
  for (Blob& blob : blobs) {
    const Shape& shape = blob.tensor.shape();
    if (shape.size() == 3) blob.tensor = blob.tensor.reshaped({shape[0], shape[1], 1, shape[2]});
  }
  const Shape y = c.output_shape();
  const OpDef& op = *graph.node(id).op;
  const Value image = c.reshape("image", c.input(), {x[0], x[1], 1, x[2]});
  c.finish_reshaped(c.add(op, "rows", {image}, std::move(attributes), std::move(blobs)), y);
}

void compose_mvn(Graph& graph, NodeId id) {
  Composition c(graph, id);
  const Shape x = c.input_shape();
  if (!c.attributes().boolean("across_batch") || x[0] == 1) return;
  Attributes attributes = c.attributes();
  attributes.set("across_batch", false);
  const auto mvn = [&](Value value) { return c.add(op::mvn, "one_image", {value}, attributes); };
  if (attributes.boolean("across_channels")) {
    const Value image = c.reshape("image", c.input(), {1, x[0] * x[1], product(x, 2, x.size()), 1});
    c.finish_reshaped(mvn(image), x);
    return;
  }
  std::vector<std::int64_t> order(x.size());
  std::iota(order.begin(), order.end(), 0);
  std::swap(order[0], order[1]);
  const Value swapped = c.add(op::permute, "channels_first", {c.input()}, {{"order", order}});
  const Shape channels_first = graph.shape(swapped);
  const Value image = c.reshape("image", swapped, {1, x[1], x[0] * product(x, 2, x.size()), 1});
  const Value back = c.reshape("channels", mvn(image), channels_first);
  c.finish(op::permute, {back}, {{"order", order}});
}

void compose_swish(Graph& graph, NodeId id) {
  Composition c(graph, id);
  const float beta = c.attributes().number("beta");
  const Value scaled = beta == 1.0F ? c.input() : c.power("scaled", c.input(), 1.0F, beta, 0.0F);
  const Value gate = c.add(op::sigmoid, "gate", {scaled});
  c.finish_eltwise("mul", c.input(), gate);
}

/// Does not overflow, unlike Log(1 + Exp(x)).
void compose_bnll(Graph& graph, NodeId id) {
  Composition c(graph, id);
  const Value magnitude = c.add(op::abs, "magnitude", {c.input()});
  const Value e = c.add(op::exp, "exp", {c.power("negative", magnitude, 1.0F, -1.0F, 0.0F)});
  const Value log = c.add(op::log, "log", {c.power("plus_one", e, 1.0F, 1.0F, 1.0F)});
  const Value positive = c.add(op::relu, "positive", {c.input()}, {{"negative_slope", 0.0F}});
  c.finish_eltwise("sum", positive, log);
}

/// Subtracts first, so that x = threshold gives 0 exactly.
void compose_threshold(Graph& graph, NodeId id) {
  Composition c(graph, id);
  const Value above = c.power("above", c.input(), 1.0F, 1.0F, -c.attributes().number("threshold"));
  const Value steep = c.power("steep", above, 1.0F, 1e30F, 0.0F);
  c.finish(op::clamp, {steep}, {{"min", 0.0F}, {"max", 1.0F}});
}

constexpr std::int64_t most_ones = std::int64_t{1} << 26;  // 256 MiB of weights

[[noreturn]] void refuse_sum(const Node& node, std::int64_t count) {
  Diagnostic diagnostic;
  diagnostic.code = &code::too_large;
  diagnostic.cause = "as legacy IR says it, a sum of " + std::to_string(count) +
                     " numbers has as many weights, above the limit of " + std::to_string(most_ones);
  diagnostic.remedy = "write IR v10 or later, where it is a layer of its own";
  diagnostic.layer = node.name;
  diagnostic.layer_type = node.op->name;
  throw Failure(std::move(diagnostic));
}

/// A network's output has a dimension at least.
void compose_reduction(Graph& graph, NodeId id) {
  Composition c(graph, id);
  const std::string operation = c.attributes().text("operation");
  const Shape& x = c.input_shape();
  Shape y = c.output_shape();
  const std::int64_t count = product(x, y.size(), x.size());
  if (count > most_ones) refuse_sum(graph.node(id), count);
  Value value = c.input();
  if (operation == "ASUM") value = c.add(op::abs, "magnitude", {value});
  if (operation == "SUMSQ")
    value = c.add(op::eltwise, "square", {value, value},
                  {{"operation", std::string("mul")}, {"coeff", std::vector<float>{}}, {"generated", true}});
  value = c.reshape("matrix", value, {element_count(y), count});
  std::vector<float> ones(static_cast<std::size_t>(count), 1.0F);
  value = c.add(op::fully_connected, "sum", {value},
                {{"out-size", std::int64_t{1}}, {"axis", std::int64_t{1}}, {"transpose", false}},
                {{"weights", Tensor::of(Shape{1, count}, std::move(ones))}});
  float factor = c.attributes().number("coeff");
  if (operation == "MEAN") factor /= static_cast<float>(count);
  if (factor != 1.0F) value = c.power("scaled", value, 1.0F, factor, 0.0F);
  if (y.empty()) y = {1};
  c.finish_reshaped(value, y);
}

/// With the original's names.
void compose_shuffle_channels(Graph& graph, NodeId id) {
  Composition c(graph, id);
  const Shape x = c.input_shape();
  const std::int64_t group = c.attributes().integer("group");
  const std::string name = graph.node(id).name;
  const auto reshape = [&](std::vector<std::int64_t> dims, const char* legacy_name) {
    return Attributes{{"dim", std::move(dims)},
                      {"axis", std::int64_t{0}},
                      {"num_axes", std::int64_t{-1}},
                      {"legacy_name", name + legacy_name}};
  };
  const Value table =
      c.add(op::reshape, "groups", {c.input()}, reshape({0, group, x[1] / group, -1}, "/Reshape_split_"));
  const Value turned =
      c.add(op::permute, "shuffled", {table},
            {{"order", std::vector<std::int64_t>{0, 2, 1, 3}}, {"legacy_name", name + "/Transpose_"}});
  c.finish(op::reshape, {turned}, reshape({0, x[1], x[2], x[3]}, "/Reshape_concat_"));
}

/// e^x = s(x) / s(-x).
void compose_exp(Graph& graph, NodeId id) {
  Composition c(graph, id);
  const Value above = c.add(op::sigmoid, "sigmoid", {c.input()});
  const Value below =
      c.add(op::sigmoid, "sigmoid_negative", {c.power("negative", c.input(), 1.0F, -1.0F, 0.0F)});
  c.finish_eltwise("mul", above, c.power("inverse", below, -1.0F, 1.0F, 0.0F));
}

}  // namespace

void legacy_compositions(Graph& graph) {
  const std::pair<const OpDef*, void (*)(Graph&, NodeId)> rules[] = {
      {&op::fully_connected, compose_fully_connected},
      {&op::convolution, compose_convolution},
      {&op::deconvolution, compose_convolution},
      {&op::mvn, compose_mvn},
      {&op::swish, compose_swish},
      {&op::bnll, compose_bnll},
      {&op::threshold, compose_threshold},
      {&op::reduction, compose_reduction},
      {&op::shuffle_channels, compose_shuffle_channels},
  };
  for (const NodeId id : graph.topological_order())
    for (const auto& [op, compose] : rules)
      if (graph.node(id).alive && graph.node(id).op == op) compose(graph, id);
}

void legacy_exponentials(Graph& graph) {
  for (const NodeId id : graph.topological_order())
    if (graph.node(id).op == &op::exp) compose_exp(graph, id);
}

}  // namespace mo::passes
