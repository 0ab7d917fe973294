#include <array>

#include "ir/opset/lowering.h"
#include "onnx/lowering.h"
#include "ops/ops.h"
#include "ops/shapes.h"

namespace mo::op {

namespace {

using ir::opset::Lowering;
using ir::opset::Port;

/// Blobs of `gates` rows for each hidden unit.
void infer(ShapeContext& c, std::int64_t gates) {
  const Shape& x = c.input(0);
  c.require(x.size() == 3, "its input " + to_string(x) + " is not [T, N, D]");
  const std::int64_t hidden = c.attributes().integer("hidden_size");
  c.require(hidden > 0 && hidden < (std::int64_t{1} << 24), "num_output is 0 or out of range");
  c.require(x[0] > 0 && x[1] > 0 && x[2] > 0, "the size of its input " + to_string(x) + " is not known");
  c.require(x[2] < (std::int64_t{1} << 31), "its input " + to_string(x) + " is too large");
  const auto check = [&](const char* role, std::int64_t size) {
    const Tensor* blob = c.blob(role);
    if (blob != nullptr && blob->size() != size)
      c.fail("its " + std::string(role) + " have " + std::to_string(blob->size()) + " elements where " +
                 std::to_string(size) + " are needed for an input of " + to_string(x),
             "check that prototxt and caffemodel belong together");
  };
  check("weights", gates * hidden * x[2]);
  check("recurrent", gates * hidden * hidden);
  check("biases", gates * hidden);
  c.output(0, {x[0], x[1], hidden});
}

/// Each step: the gates of the input and of the state before.
double multiply_adds(const Graph& graph, const Node& node, std::int64_t gates) {
  const Shape& x = graph.shape(node.inputs[0]);
  const auto hidden = static_cast<double>(node.attributes.integer("hidden_size"));
  return static_cast<double>(x[0] * x[1]) * static_cast<double>(gates) * hidden *
         (static_cast<double>(x[2]) + hidden);
}

/// The runtime's sequences have the batch first and an axis for directions.
void lower(Lowering& l, const char* type, std::int64_t gates, const char* activations) {
  const Shape& x = l.input_shape(0);
  const std::int64_t steps = x[0];
  const std::int64_t batch = x[1];
  const std::int64_t hidden = l.attributes().integer("hidden_size");
  const bool lstm = gates == 4;
  const Port sequence = l.emit("Transpose", 1, {}, {l.input(0), l.integers({1, 0, 2}, "batch_first")},
                               {batch, steps, x[2]}, "BatchFirst");
  const auto zeros = [&](const char* suffix) {
    return l.exact(std::vector<float>(static_cast<std::size_t>(batch * hidden), 0.0F), {batch, 1, hidden},
                   suffix);
  };
  std::vector<Port> inputs{sequence, zeros("initial_hidden")};
  if (lstm) inputs.push_back(zeros("initial_cell"));
  inputs.push_back(l.integers(std::vector<std::int64_t>(static_cast<std::size_t>(batch), steps), "lengths"));
  inputs.push_back(l.weights(*l.node().blob("weights"), {1, gates * hidden, x[2]}, "weights"));
  inputs.push_back(l.weights(*l.node().blob("recurrent"), {1, gates * hidden, hidden}, "recurrent"));
  inputs.push_back(l.weights(*l.node().blob("biases"), {1, gates * hidden}, "biases"));
  std::vector<ir::Port> outputs{{{batch, 1, steps, hidden}, ir::Precision::fp32, {}},
                                {{batch, 1, hidden}, ir::Precision::fp32, {}}};
  if (lstm) outputs.push_back(outputs.back());
  Port y = l.emit_many(type, 5,
                       {{"direction", std::string("forward")},
                        {"hidden_size", hidden},
                        {"activations", std::string(activations)},
                        {"activations_alpha", std::vector<float>{}},
                        {"activations_beta", std::vector<float>{}},
                        {"clip", 0.0F}},
                       std::move(inputs), std::move(outputs), "Sequence");
  y = l.reshape(y, {0, steps, hidden}, {batch, steps, hidden}, "OneDirection");
  l.output(0, l.emit("Transpose", 1, {}, {y, l.integers({1, 0, 2}, "time_first")}, l.output_shape()));
}

/// Rows in the order input, output, forget, cell, as ONNX has them, out of forget, input, cell, output.
Tensor in_order_of_onnx(const Tensor& tensor) {
  constexpr std::array<std::size_t, 4> order{1, 3, 0, 2};
  const std::vector<double> values = tensor.values();
  const std::size_t block = values.size() / order.size();
  std::vector<float> out;
  out.reserve(values.size());
  for (const std::size_t gate : order)
    for (std::size_t i = gate * block; i < (gate + 1) * block; ++i)
      out.push_back(static_cast<float>(values[i]));
  return Tensor::of(tensor.shape(), std::move(out));
}

/// LSTM or RNN: one direction, and a second bias of zeros.
void onnx_sequence(onnx::Lowering& l, const char* type, std::int64_t gates) {
  const Shape& x = l.input_shape(0);
  const std::int64_t hidden = l.attributes().integer("hidden_size");
  const auto blob = [&](const char* role) {
    const Tensor& tensor = *l.node().blob(role);
    return gates == 4 ? in_order_of_onnx(tensor) : tensor;
  };
  const onnx::Value weights = l.weights(blob("weights"), {1, gates * hidden, x[2]}, "weights");
  const onnx::Value recurrent = l.weights(blob("recurrent"), {1, gates * hidden, hidden}, "recurrent");
  const onnx::Value biases = l.weights(blob("biases"), {1, gates * hidden}, "biases");
  const onnx::Value zeros = l.exact(std::vector<float>(static_cast<std::size_t>(gates * hidden), 0.0F),
                                    {1, gates * hidden}, "zeros");
  const onnx::Value both = l.concat({biases, zeros}, 1, {1, 2 * gates * hidden}, "Biases");
  const onnx::Value y = l.emit(type, {{"hidden_size", hidden}}, {l.input(0), weights, recurrent, both},
                               {x[0], 1, x[1], hidden}, "Sequence");
  l.output(0, l.squeeze(y, {1}));
}

}  // namespace

/// A whole sequence [T, N, D] through an LSTM that starts with zeros.  Attribute: hidden_size (H).  Blobs:
/// weights [4H, D], recurrent [4H, H], biases [4H], their rows in the order forget, input, cell, output.
const OpDef lstm = {
    .name = "LSTMSequence",
    .infer = [](ShapeContext& c) { infer(c, 4); },
    .opset = [](Lowering& l) { lower(l, "LSTMSequence", 4, "sigmoid, tanh, tanh"); },
    .legacy = {},
    .onnx = [](onnx::Lowering& l) { onnx_sequence(l, "LSTM", 4); },
    .multiply_adds = [](const Graph& graph, const Node& node) { return multiply_adds(graph, node, 4); }};

/// The same with h = tanh(W x + R h + b).  Blobs: weights [H, D], recurrent [H, H], biases [H].
const OpDef rnn = {
    .name = "RNNSequence",
    .infer = [](ShapeContext& c) { infer(c, 1); },
    .opset = [](Lowering& l) { lower(l, "RNNSequence", 1, "tanh"); },
    .legacy = {},
    .onnx = [](onnx::Lowering& l) { onnx_sequence(l, "RNN", 1); },
    .multiply_adds = [](const Graph& graph, const Node& node) { return multiply_adds(graph, node, 1); }};

}  // namespace mo::op
