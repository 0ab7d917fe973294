#include <array>

#include "ir/legacy/reading.h"
#include "ir/legacy/spelling.h"
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
  c.require(x[2] < (std::int64_t{1} << 31) && x[1] < (std::int64_t{1} << 24) &&
                x[1] * hidden < (std::int64_t{1} << 26),  // its initial state is a constant
            "its input " + to_string(x) + " is too large");
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
                       inputs, std::move(outputs), "Sequence");
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

/// Rows of `left` and `right` side by side.
Tensor side_by_side(const Tensor& left, const Tensor& right, std::size_t rows) {
  const std::vector<double> a = left.values();
  const std::vector<double> b = right.values();
  const std::size_t widths[] = {a.size() / rows, b.size() / rows};
  std::vector<float> values;
  values.reserve(a.size() + b.size());
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t i = 0; i < widths[0]; ++i) values.push_back(static_cast<float>(a[row * widths[0] + i]));
    for (std::size_t i = 0; i < widths[1]; ++i) values.push_back(static_cast<float>(b[row * widths[1] + i]));
  }
  return Tensor::of(Shape{static_cast<std::int64_t>(rows), static_cast<std::int64_t>(widths[0] + widths[1])},
                    std::move(values));
}

/// The layer's weights are those of the input and of the state in one; its further outputs are the last
/// states.
void spell(ir::legacy::Spelling& s, std::string_view type, std::int64_t gates, std::string_view activations) {
  if (!s.dialect().sequences) s.needs_version(5);
  const std::int64_t hidden = s.attributes().integer("hidden_size");
  s.type(type);
  s.attribute("activations", std::string(activations));
  s.attribute("axis", std::int64_t{0});
  s.attribute("direction", std::string("Forward"));
  s.attribute("hidden_size", hidden);
  const Tensor* joined = s.node().blob("joined");  // as it lies in the file that was read
  s.blob("weights", joined != nullptr ? *joined
                                      : side_by_side(*s.node().blob("weights"), *s.node().blob("recurrent"),
                                                     static_cast<std::size_t>(gates * hidden)));
  s.copy_blobs({"biases"});
  const Shape state{s.output_shape()[1], hidden};
  s.extra_output(state);
  if (gates == 4) s.extra_output(state);
}

/// Columns `begin` to `end` of a matrix that lies row by row.
Tensor columns(const Tensor& matrix, std::size_t rows, std::size_t begin, std::size_t end) {
  const std::vector<double> all = matrix.values();
  const std::size_t width = all.size() / rows;
  std::vector<float> values;
  values.reserve(rows * (end - begin));
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t i = begin; i < end; ++i) values.push_back(static_cast<float>(all[row * width + i]));
  return Tensor::of(Shape{static_cast<std::int64_t>(rows), static_cast<std::int64_t>(end - begin)},
                    std::move(values));
}

/// Of the forms that the layer has, the one that `spell` writes.
void read(ir::legacy::Reading& r, std::int64_t gates, std::string_view activations) {
  if (r.input_count() != 1) r.unsupported("state at the beginning");
  if (r.integer("axis", 1) != 0) r.unsupported("axis of time other than 0");
  const std::string direction = r.text("direction", "Forward");
  if (direction != "Forward" && direction != "forward") r.unsupported("direction " + direction);
  if (r.text("activations", std::string(activations)) != activations) r.unsupported("choice of activations");
  if (r.number("clip", 0.0F) != 0.0F) r.unsupported("clip");
  const std::int64_t hidden = r.integer("hidden_size");
  const Tensor joined = r.needed_blob("weights");
  const Tensor biases = r.needed_blob("biases");
  const Shape& x = r.input_shape(0);
  if (x.size() != 3 || hidden <= 0 || hidden >= std::int64_t{1} << 24 || x[2] <= 0 ||
      x[2] >= std::int64_t{1} << 31 || joined.size() != gates * hidden * (x[2] + hidden))
    r.fail("its weights do not fit its input " + to_string(x) + " and hidden_size " + std::to_string(hidden));
  const auto rows = static_cast<std::size_t>(gates * hidden);
  const auto width = static_cast<std::size_t>(x[2]);
  r.attributes = {{"hidden_size", hidden}};
  r.blobs = {{"weights", columns(joined, rows, 0, width)},
             {"recurrent", columns(joined, rows, width, width + static_cast<std::size_t>(hidden))},
             {"biases", biases},
             {"joined", joined}};
}

}  // namespace

/// A whole sequence [T, N, D] through an LSTM that starts with zeros.  Attribute: hidden_size (H).  Blobs:
/// weights [4H, D], recurrent [4H, H], biases [4H], their rows in the order forget, input, cell, output.
const OpDef lstm = {
    .name = "LSTMSequence",
    .infer = [](ShapeContext& c) { infer(c, 4); },
    .opset = [](Lowering& l) { lower(l, "LSTMSequence", 4, "sigmoid, tanh, tanh"); },
    .legacy = [](ir::legacy::Spelling& s) { spell(s, "LSTMSequence", 4, "sigmoid,tanh,tanh"); },
    .onnx = [](onnx::Lowering& l) { onnx_sequence(l, "LSTM", 4); },
    .multiply_adds = [](const Graph& graph, const Node& node) { return multiply_adds(graph, node, 4); },
    .from_legacy = {{"LSTMSequence"}, [](ir::legacy::Reading& r) { read(r, 4, "sigmoid,tanh,tanh"); }}};

/// The same with h = tanh(W x + R h + b).  Blobs: weights [H, D], recurrent [H, H], biases [H].
const OpDef rnn = {
    .name = "RNNSequence",
    .infer = [](ShapeContext& c) { infer(c, 1); },
    .opset = [](Lowering& l) { lower(l, "RNNSequence", 1, "tanh"); },
    .legacy = [](ir::legacy::Spelling& s) { spell(s, "RNNSequence", 1, "tanh"); },
    .onnx = [](onnx::Lowering& l) { onnx_sequence(l, "RNN", 1); },
    .multiply_adds = [](const Graph& graph, const Node& node) { return multiply_adds(graph, node, 1); },
    .from_legacy = {{"RNNSequence"}, [](ir::legacy::Reading& r) { read(r, 1, "tanh"); }}};

}  // namespace mo::op
