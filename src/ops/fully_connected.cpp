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

void infer(ShapeContext& c) {
  const Shape& x = c.input(0);
  const std::size_t axis = shapes::resolved_axis(c, c.attributes().integer("axis"), x.size());
  const std::int64_t outputs = c.attributes().integer("out-size");
  c.require(outputs > 0, "num_output is 0");
  const std::int64_t inner = shapes::product(x, axis, x.size());
  const Tensor* weights = c.blob("weights");
  const std::int64_t needed = inner > 0 ? element_count({inner, outputs}) : -1;
  if (weights != nullptr && needed > 0 && weights->size() != needed)
    c.fail("its weights have " + std::to_string(weights->size()) + " elements, but an input of " +
               to_string(x) + " and num_output " + std::to_string(outputs) + " need " +
               std::to_string(needed),
           "the size of the input is fixed by these weights: give the shape the model was trained with");
  Shape out(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(axis));
  out.push_back(outputs);
  c.output(0, std::move(out));
}

void lower(Lowering& l) {
  const Shape& x = l.input_shape(0);
  const std::size_t axis = l.output_shape().size() - 1;
  const bool transpose = l.attributes().boolean("transpose");
  const std::int64_t outputs = l.attributes().integer("out-size");
  const Tensor& weights = *l.node().blob("weights");
  const std::int64_t inner = weights.size() / outputs;

  Port input = l.input(0);
  if (x.size() != axis + 1 || axis == 0) {
    std::vector<std::int64_t> dims(axis, 0);  // copy what is before the axis: the batch stays free
    dims.push_back(-1);
    Shape flat(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(axis));
    flat.push_back(inner);
    if (axis == 0) flat = {1, inner}, dims = {1, -1};  // MatMul wants a matrix
    input = l.reshape(input, dims, flat, "Reshape");
  }
  const Shape matrix = transpose ? Shape{inner, outputs} : Shape{outputs, inner};
  const Port blob = l.weights(weights, matrix, "weights");
  const Tensor* biases = l.node().blob("biases");
  Shape product = l.output_shape();
  if (axis == 0) product = {1, outputs};
  const bool last = biases == nullptr && axis != 0;
  Port y = l.emit("MatMul", 1, {{"transpose_a", false}, {"transpose_b", !transpose}}, {input, blob}, product,
                  last ? "" : "WithoutBiases");
  if (axis == 0) y = l.reshape(y, {-1}, l.output_shape(), biases == nullptr ? "" : "Vector");
  if (biases != nullptr) {
    Shape shape(l.output_shape().size(), 1);
    shape.back() = outputs;
    y = l.emit("Add", 1, {{"auto_broadcast", std::string("numpy")}}, {y, l.weights(*biases, shape, "biases")},
               l.output_shape());
  }
  l.output(0, y);
}

/// Legacy weights are [outputs, inputs], and the axis is 1.
void spell(ir::legacy::Spelling& s) {
  const std::int64_t outputs = s.attributes().integer("out-size");
  s.type("FullyConnected");
  s.copy({"out-size"});
  s.copy_blobs({"weights", "biases"});
  if (!s.dialect().fc_flattens && s.node().blob("biases") == nullptr)  // v7 always has them
    s.blob("biases", Tensor::of(Shape{outputs}, std::vector<float>(static_cast<std::size_t>(outputs), 0.0F)));
}

void read(ir::legacy::Reading& r) {
  r.needed_blob("weights");
  r.attributes = {{"out-size", r.integer("out-size")}, {"axis", std::int64_t{1}}, {"transpose", false}};
}

/// A matrix times the weights: Gemm; inputs of further axes take MatMul, which keeps them.
void onnx_fully_connected(onnx::Lowering& l) {
  const Shape& x = l.input_shape(0);
  const std::size_t axis = l.output_shape().size() - 1;
  const bool transpose = l.attributes().boolean("transpose");
  const std::int64_t outputs = l.attributes().integer("out-size");
  const std::int64_t inner = l.node().blob("weights")->size() / outputs;
  const Tensor* biases = l.node().blob("biases");
  onnx::Value input = l.input(0);
  onnx::Value weights = l.weights(*l.node().blob("weights"),
                                  transpose ? Shape{inner, outputs} : Shape{outputs, inner}, "weights");
  if (axis <= 1) {
    const Shape matrix{axis == 0 ? 1 : x[0], inner};
    if (x.size() != 2 || axis == 0)
      input = l.emit("Flatten", {{"axis", static_cast<std::int64_t>(axis)}}, {input}, matrix);
    onnx::Values operands{input, weights};
    if (biases != nullptr) operands.push_back(l.weights(*biases, {outputs}, "biases"));
    onnx::Value y = l.emit("Gemm", {{"transB", !transpose}}, std::move(operands), {matrix[0], outputs});
    if (axis == 0) y = l.reshape(y, {-1}, l.output_shape(), "Vector");
    l.output(0, y);
    return;
  }
  if (x.size() != axis + 1) {
    onnx::Integers dims(axis, 0);
    dims.push_back(-1);
    Shape flat(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(axis));
    flat.push_back(inner);
    input = l.reshape(input, std::move(dims), std::move(flat), "Flat");
  }
  if (!transpose) weights = l.transpose(weights, {1, 0}, "Transposed");
  onnx::Value y = l.emit("MatMul", {}, {input, weights}, l.output_shape());
  if (biases != nullptr) y = l.binary("Add", y, l.weights(*biases, {outputs}, "biases"));
  l.output(0, y);
}

}  // namespace

/// Caffe's InnerProduct.  Attributes: out-size; axis: all dimensions from it on are one vector; transpose:
/// the weights are [inputs, outputs] instead of [outputs, inputs].  Blobs: weights, biases [outputs].
const OpDef fully_connected = {
    .name = "FullyConnected",
    .infer = infer,
    .opset = lower,
    .legacy = spell,
    .onnx = onnx_fully_connected,
    .multiply_adds =
        [](const Graph& graph, const Node& node) {
          return static_cast<double>(element_count(graph.shape(node.inputs[0]))) *
                 static_cast<double>(node.attributes.integer("out-size"));
        },
    .from_legacy = {{"FullyConnected", "InnerProduct"}, read},
};

}  // namespace mo::op
