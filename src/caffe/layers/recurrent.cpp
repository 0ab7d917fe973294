#include <algorithm>
#include <array>

#include "caffe/layer_context.h"
#include "caffe/layers/compose.h"
#include "caffe/layers/layers.h"

// Caffe's recurrent layers over bottoms [T, N, ...] with an indicator [T, N] that is 0 where a sequence
// begins.

namespace mo::caffe::layers {

namespace {

constexpr std::int64_t longest_unrolled = 4096;

/// Rows in blocks of `rows_per_gate`, block order[i] becoming block i.
Tensor with_gates_in_order(const Tensor& tensor, std::span<const std::size_t> order) {
  const std::vector<double> values = tensor.values();
  const std::size_t block = values.size() / order.size();
  std::vector<double> out(values.size());
  for (std::size_t i = 0; i < order.size(); ++i)
    std::copy_n(values.begin() + static_cast<std::ptrdiff_t>(order[i] * block), block,
                out.begin() + static_cast<std::ptrdiff_t>(i * block));
  return Tensor::of(tensor.shape(), std::move(out));
}

/// [rows, a] and [rows, b] side by side.
Tensor beside(const Tensor& left, const Tensor& right) {
  const std::int64_t rows = left.shape()[0];
  const std::int64_t a = left.shape()[1];
  const std::int64_t b = right.shape()[1];
  const std::vector<double> from_left = left.values();
  const std::vector<double> from_right = right.values();
  std::vector<double> out;
  out.reserve(from_left.size() + from_right.size());
  for (std::int64_t row = 0; row < rows; ++row) {
    out.insert(out.end(), from_left.begin() + row * a, from_left.begin() + (row + 1) * a);
    out.insert(out.end(), from_right.begin() + row * b, from_right.begin() + (row + 1) * b);
  }
  return Tensor::of({rows, a + b}, std::move(out));
}

struct Cell {
  Value x;  ///< [T, N, D], a static bottom repeated beside each step
  Tensor weights, recurrent, biases;
  std::int64_t hidden = 0;
  std::size_t next_blob = 0;
};

Tensor matrix_blob(LayerContext& c, std::size_t index, std::int64_t rows, std::int64_t columns,
                   std::string_view what) {
  if (index >= c.blob_count())
    c.fail(code::missing_weights, "the caffemodel has " + std::to_string(c.blob_count()) +
                                      " blobs for it, its " + std::string(what) + " are missing");
  return c.vector_blob(index, rows * columns, what).reshaped({rows, columns});
}

/// Blobs: input weights, bias, (weights of the static bottom,) recurrent weights.
Cell read_cell(LayerContext& c, std::int64_t gates) {
  const Shape& x = c.bottom_shape(0);
  const std::int64_t hidden = c.integer("recurrent_param.num_output");
  if (hidden <= 0 || hidden > 1 << 20)
    c.fail_at("recurrent_param.num_output", code::bad_value, "it is out of range");
  if (c.boolean("recurrent_param.expose_hidden"))
    c.fail_at("recurrent_param.expose_hidden", code::unsupported_parameter,
              "states that go in and out of the net are not supported",
              "set expose_hidden: false, and give the net whole sequences");
  if (x.size() < 2 || std::ranges::any_of(x, [](std::int64_t dim) { return dim <= 0; }))
    c.fail(code::bad_shape, "it needs a bottom [T, N, ...] of known size, not " + to_string(x));
  if (c.bottom_shape(1) != Shape{x[0], x[1]})
    c.fail(code::bad_shape,
           "its indicator " + to_string(c.bottom_shape(1)) + " does not fit its bottom " + to_string(x) +
               ": they must agree in T and N",
           "correct time_step and batch_size of the ContinuationIndicator, or --input_shape");
  const std::int64_t rows = gates * hidden;
  std::int64_t width = element_count(Shape(x.begin() + 2, x.end()));
  if (width > 1 << 26) c.fail(code::bad_shape, "its bottom " + to_string(x) + " is too large");
  Cell cell;
  cell.hidden = hidden;
  cell.x = x.size() == 3 ? c.bottom(0) : compose::reshape(c, c.bottom(0), {x[0], x[1], width}, "flat");
  if (!c.has_weights()) return cell;
  cell.weights = matrix_blob(c, 0, rows, width, "input weights");
  cell.biases = matrix_blob(c, 1, rows, 1, "biases").reshaped({rows});
  cell.next_blob = 2;
  if (c.bottom_count() == 3) {
    const Shape& fixed = c.bottom_shape(2);
    const std::int64_t extra = fixed.empty() ? 0 : element_count(Shape(fixed.begin() + 1, fixed.end()));
    if (extra <= 0 || fixed[0] != x[1])
      c.fail(code::bad_shape,
             "its static bottom " + to_string(fixed) + " does not fit a batch of " + std::to_string(x[1]));
    const Value row = compose::reshape(c, c.bottom(2), {1, fixed[0], extra}, "static");
    const Value repeated =
        c.emit_value(op::tile, {row}, {{"axis", std::int64_t{0}}, {"tiles", x[0]}}, {}, "static/repeated");
    cell.x = c.emit_value(op::concat, {cell.x, repeated}, {{"axis", std::int64_t{2}}}, {}, "with_static");
    cell.weights = beside(cell.weights, matrix_blob(c, 2, rows, extra, "static weights"));
    cell.next_blob = 3;
  }
  cell.recurrent = matrix_blob(c, cell.next_blob++, rows, hidden, "recurrent weights");
  return cell;
}

/// True when only the first step begins sequences: then the runtime's own sequence op computes the same.
bool takes_one_sequence(LayerContext& c) {
  const Node& node = c.graph().node(c.bottom(1).node);
  if (node.op != &op::constant) return false;
  const std::vector<double> values = node.blob("custom")->values();
  const std::int64_t batch = c.bottom_shape(1)[1];
  if (!std::all_of(values.begin() + batch, values.end(), [](double value) { return value == 1.0; }))
    return false;
  c.silence(c.bottom(1));  // nothing reads it now, and it is no result
  return true;
}

Value fully_connected(LayerContext& c, Value x, const Tensor& weights, const Tensor* biases,
                      std::string_view suffix) {
  std::vector<Blob> blobs{{"weights", weights}};
  if (biases != nullptr) blobs.push_back({"biases", *biases});
  return c.emit_value(op::fully_connected, {x},
                      {{"out-size", weights.shape()[0]}, {"axis", std::int64_t{2}}, {"transpose", false}},
                      std::move(blobs), suffix);
}

/// `parts` equal pieces along `axis`, or the value itself.
std::vector<Value> pieces(LayerContext& c, Value x, std::int64_t axis, std::int64_t parts,
                          std::string_view suffix) {
  if (parts == 1) return {x};
  const NodeId id =
      c.emit(op::slice, {x}, {{"axis", axis}, {"parts", parts}, {"slice_point", std::vector<std::int64_t>{}}},
             {}, suffix);
  std::vector<Value> out;
  for (std::uint32_t i = 0; i < parts; ++i) out.push_back({id, i});
  return out;
}

/// Step by step, the states multiplied by the indicator: right for any indicator.
class Unrolling {
 public:
  Unrolling(LayerContext& c, const Cell& cell) : c_(c), cell_(cell) {
    const Shape& x = c.graph().shape(cell.x);
    steps_ = x[0];
    if (steps_ > longest_unrolled)
      c.fail(code::too_large, std::to_string(steps_) + " steps are too many to be written one by one",
             "make the indicator constant (ContinuationIndicator), or the sequence shorter");
    inputs_ = pieces(c, fully_connected(c, cell.x, cell.weights, &cell.biases, "input"), 0, steps_, "steps");
    const Value indicator = compose::reshape(c, c.bottom(1), {x[0], x[1], 1}, "indicator");
    kept_ = pieces(c, indicator, 0, steps_, "indicators");
  }

  template <class Step>
  Value run(const Step& step, std::string_view suffix) {
    std::vector<Value> outputs;
    for (std::int64_t t = 0; t < steps_; ++t) outputs.push_back(step(*this, static_cast<std::size_t>(t)));
    if (outputs.size() == 1) return outputs.front();
    return c_.emit_value(op::concat, std::move(outputs), {{"axis", std::int64_t{0}}}, {}, suffix);
  }

  /// What goes into the activations of step t, from the hidden state of the step before.
  Value gates(std::size_t t, Value hidden) {
    if (t == 0) return inputs_[0];
    const Value recurrent =
        fully_connected(c_, kept(t, hidden, "hidden"), cell_.recurrent, nullptr, name(t, "recurrent"));
    return compose::eltwise(c_, "sum", {inputs_[t], recurrent}, name(t, "gates"));
  }
  Value kept(std::size_t t, Value state, const char* what) {
    return compose::eltwise(c_, "mul", {state, kept_[t]}, name(t, what));
  }
  static std::string name(std::size_t t, const char* what) { return "step" + std::to_string(t) + "/" + what; }

 private:
  LayerContext& c_;
  const Cell& cell_;
  std::int64_t steps_ = 0;
  std::vector<Value> inputs_;
  std::vector<Value> kept_;
};

/// Without a caffemodel: what the layer gives, whatever its indicator says.
void lower_shape(LayerContext& c, const Cell& cell, const OpDef& op) {
  c.top(0, c.emit_value(op, {cell.x}, {{"hidden_size", cell.hidden}}));
}

/// In the order in which read_cell() takes them.
std::vector<Shape> cell_shapes(const LayerContext& c, std::int64_t gates) {
  const std::int64_t hidden = c.integer("recurrent_param.num_output");
  const auto width = [&](std::size_t bottom, std::ptrdiff_t first) {
    const Shape& x = c.bottom_shape(bottom);
    return element_count(Shape(x.begin() + first, x.end()));
  };
  std::vector<Shape> shapes{{gates * hidden, width(0, 2)}, {gates * hidden}};
  if (c.bottom_count() == 3) shapes.push_back({gates * hidden, width(2, 1)});
  shapes.push_back({gates * hidden, hidden});
  return shapes;
}

void lower_lstm(LayerContext& c) {
  Cell cell = read_cell(c, 4);
  if (!c.has_weights()) return lower_shape(c, cell, op::lstm);
  // Caffe's gates are input, forget, output, cell; the IR's forget, input, cell, output.
  constexpr std::size_t order[] = {1, 0, 3, 2};
  cell.weights = with_gates_in_order(cell.weights, order);
  cell.recurrent = with_gates_in_order(cell.recurrent, order);
  cell.biases = with_gates_in_order(cell.biases, order);
  if (takes_one_sequence(c)) {
    c.top(0,
          c.emit_value(op::lstm, {cell.x}, {{"hidden_size", cell.hidden}},
                       {{"weights", cell.weights}, {"recurrent", cell.recurrent}, {"biases", cell.biases}}));
    return;
  }
  Value hidden;
  Value memory;
  const auto step = [&](Unrolling& u, std::size_t t) {
    const auto name = [t](const char* what) { return Unrolling::name(t, what); };
    const std::vector<Value> parts = pieces(c, u.gates(t, hidden), 2, 4, name("parts"));
    const Value input = c.emit_value(op::sigmoid, {parts[1]}, {}, {}, name("input"));
    const Value candidate = c.emit_value(op::tanh, {parts[2]}, {}, {}, name("candidate"));
    const Value output = c.emit_value(op::sigmoid, {parts[3]}, {}, {}, name("output"));
    Value next = compose::eltwise(c, "mul", {input, candidate}, name("new"));
    if (t > 0) {
      const Value forget = c.emit_value(op::sigmoid, {parts[0]}, {}, {}, name("forget"));
      const Value old = compose::eltwise(c, "mul", {forget, u.kept(t, memory, "memory")}, name("old"));
      next = compose::eltwise(c, "sum", {old, next}, name("cell"));
    }
    memory = next;
    const Value squashed = c.emit_value(op::tanh, {memory}, {}, {}, name("squashed"));
    hidden = compose::eltwise(c, "mul", {output, squashed}, name("state"));
    return hidden;
  };
  c.top(0, Unrolling(c, cell).run(step, ""));
}

/// h = tanh(W x + R h + b), and the top is tanh(W_o h + b_o).
void lower_rnn(LayerContext& c) {
  const Cell cell = read_cell(c, 1);
  if (!c.has_weights()) return lower_shape(c, cell, op::rnn);
  const Tensor output_weights = matrix_blob(c, cell.next_blob, cell.hidden, cell.hidden, "output weights");
  const Tensor output_biases =
      matrix_blob(c, cell.next_blob + 1, cell.hidden, 1, "output biases").reshaped({cell.hidden});
  Value states;
  if (takes_one_sequence(c)) {
    states = c.emit_value(op::rnn, {cell.x}, {{"hidden_size", cell.hidden}},
                          {{"weights", cell.weights}, {"recurrent", cell.recurrent}, {"biases", cell.biases}},
                          "states");
  } else {
    Value hidden;
    const auto step = [&](Unrolling& u, std::size_t t) {
      hidden = c.emit_value(op::tanh, {u.gates(t, hidden)}, {}, {}, Unrolling::name(t, "state"));
      return hidden;
    };
    states = Unrolling(c, cell).run(step, "states");
  }
  const Value y = fully_connected(c, states, output_weights, &output_biases, "output");
  c.top(0, c.emit_value(op::tanh, {y}));
}

std::vector<Shape> lstm_shapes(const LayerContext& c) {
  return cell_shapes(c, 4);
}

std::vector<Shape> rnn_shapes(const LayerContext& c) {
  std::vector<Shape> shapes = cell_shapes(c, 1);
  const std::int64_t hidden = c.integer("recurrent_param.num_output");
  shapes.push_back({hidden, hidden});
  shapes.push_back({hidden});
  return shapes;
}

LayerDef recurrent_layer(std::string_view type, void (*lower)(LayerContext&), std::size_t blobs,
                         std::vector<Shape> (*blob_shapes)(const LayerContext&)) {
  return {.types = {type},
          .parameters = {{"recurrent_param.num_output", std::int64_t{0}},
                         {"recurrent_param.expose_hidden", false}},
          .blobs = {blobs, blobs + 1},
          .bottoms = {2, 3},
          .tops = {1, 1},
          .lower = lower,
          .blob_shapes = blob_shapes,
          .example = {{{5, 1, 3}, {5, 1}}, "recurrent_param { num_output: 2 }"}};
}

}  // namespace

const LayerDef lstm = recurrent_layer("LSTM", lower_lstm, 3, lstm_shapes);
const LayerDef rnn = recurrent_layer("RNN", lower_rnn, 5, rnn_shapes);

std::span<const LayerDef* const> recurrent_layers() {
  static constexpr std::array layers{&lstm, &rnn};
  return layers;
}

}  // namespace mo::caffe::layers
