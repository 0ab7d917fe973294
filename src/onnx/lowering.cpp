#include "onnx/lowering.h"

#include <algorithm>

#include "graph/op.h"
#include "onnx/emission.h"
#include "support/diagnostics.h"

namespace mo::onnx {

namespace {

/// numpy broadcasting; the shapes are known to go together.
Shape broadcast(const Shape& a, const Shape& b) {
  Shape out(std::max(a.size(), b.size()), 1);
  for (std::size_t i = 1; i <= out.size(); ++i) {
    const std::int64_t x = i <= a.size() ? a[a.size() - i] : 1;
    const std::int64_t y = i <= b.size() ? b[b.size() - i] : 1;
    out[out.size() - i] = x == 1 ? y : x == -1 && y != 1 ? y : x;
  }
  return out;
}

}  // namespace

const Dialect& Lowering::dialect() const {
  return emitter_.dialect();
}

Value Lowering::input(std::size_t index) const {
  return emitter_.value(node().inputs.at(index));
}

Values Lowering::inputs() const {
  Values all;
  for (std::size_t i = 0; i < input_count(); ++i) all.push_back(input(i));
  return all;
}

Shape Lowering::shape(Value value) const {
  return emitter_.info(value).shape;
}

Value Lowering::emit(std::string_view type, Attributes attributes, Values inputs, Shape output,
                     std::string_view suffix, DataType data_type) {
  return emit_many(type, std::move(attributes), std::move(inputs), {{{}, std::move(output), data_type}},
                   suffix)
      .front();
}

Values Lowering::emit_many(std::string_view type, Attributes attributes, Values inputs,
                           std::vector<ValueInfo> outputs, std::string_view suffix) {
  onnx::Node made;
  made.name = suffix.empty() ? type : suffix;
  made.type = type;
  made.attributes = std::move(attributes);
  made.inputs = std::move(inputs);
  return emitter_.add_node(std::move(made), std::move(outputs));
}

Value Lowering::constant(Tensor tensor, ElementType stored, Shape shape, std::string_view suffix) {
  return emitter_.add_constant(std::move(tensor), stored, std::move(shape), suffix, node().name);
}

Value Lowering::parameter(Shape shape, DataType data_type) {
  return emitter_.add_value({{}, std::move(shape), data_type});
}

Value Lowering::weights(const Tensor& tensor, Shape shape, std::string_view suffix) {
  if (!emitter_.compress_to_fp16()) return constant(tensor, ElementType::f32, std::move(shape), suffix);
  const std::string compressed = std::string(suffix) + "_compressed";
  return cast(constant(tensor, ElementType::f16, std::move(shape), compressed), DataType::f32, suffix);
}

Value Lowering::exact(std::vector<float> values, Shape shape, std::string_view suffix) {
  Tensor tensor = Tensor::of(shape, std::move(values));
  return constant(std::move(tensor), ElementType::f32, std::move(shape), suffix);
}

Value Lowering::integers(Integers values, std::string_view suffix) {
  Shape shape{static_cast<std::int64_t>(values.size())};
  return integers(std::move(values), std::move(shape), suffix);
}

Value Lowering::integers(Integers values, Shape shape, std::string_view suffix) {
  Tensor tensor = Tensor::of(shape, std::move(values));
  return constant(std::move(tensor), ElementType::i64, std::move(shape), suffix);
}

Value Lowering::integer(std::int64_t value, std::string_view suffix) {
  return constant(Tensor::of(Shape{}, Integers{value}), ElementType::i64, {}, suffix);
}

void Lowering::output(std::size_t index, Value value) {
  emitter_.bind({id_, static_cast<std::uint32_t>(index)}, value);
}

void Lowering::refuse(std::string cause, std::string remedy) const {
  Diagnostic diagnostic;
  diagnostic.code = &code::not_in_onnx;
  diagnostic.layer = node().layer;
  diagnostic.cause = std::move(cause);
  diagnostic.remedy = std::move(remedy);
  throw Failure(std::move(diagnostic));
}

void Lowering::foreign() {
  Values all = inputs();
  for (const Blob& blob : node().blobs) all.push_back(weights(blob.tensor, blob.tensor.shape(), blob.role));
  std::vector<ValueInfo> outputs;
  for (const Output& output : node().outputs) outputs.push_back({{}, output.shape, DataType::f32});
  foreign(own_domain, node().op->name, attributes(), std::move(all), std::move(outputs));
}

void Lowering::foreign(std::string_view domain, std::string_view type, Attributes attributes, Values inputs,
                       std::vector<ValueInfo> outputs) {
  onnx::Node made;
  made.name = type;
  made.type = type;
  made.domain = domain;
  made.attributes = std::move(attributes);
  made.inputs = std::move(inputs);
  const Values values = emitter_.add_node(std::move(made), std::move(outputs));
  for (std::size_t i = 0; i < values.size(); ++i) output(i, values[i]);
  emitter_.note_foreign(std::string(domain) + "." + std::string(type), node().layer);
}

// ---- Operators whose form depends on the opset

Value Lowering::reshape(Value x, Integers dims, Shape output, std::string_view suffix) {
  const Value target = integers(std::move(dims), suffix.empty() ? "dim" : std::string(suffix) + "/dim");
  return emit("Reshape", {}, {x, target}, std::move(output), suffix);
}

Value Lowering::transpose(Value x, const Integers& order, std::string_view suffix) {
  Shape out;
  for (const std::int64_t axis : order) out.push_back(shape(x).at(static_cast<std::size_t>(axis)));
  return emit("Transpose", {{"perm", order}}, {x}, std::move(out), suffix, emitter_.info(x).type);
}

Value Lowering::reduce(std::string_view type, Value x, const Integers& axes, bool keep,
                       std::string_view suffix) {
  Shape out;
  for (std::size_t i = 0; i < shape(x).size(); ++i) {
    const bool reduced = std::ranges::find(axes, static_cast<std::int64_t>(i)) != axes.end();
    if (!reduced || keep) out.push_back(reduced ? 1 : shape(x)[i]);
  }
  const bool as_input = type == "ReduceSum" ? dialect().axes_are_inputs : dialect().reduce_axes_are_inputs;
  Attributes attributes{{"keepdims", keep}};
  Values operands{x};
  if (as_input)
    operands.push_back(integers(axes, (suffix.empty() ? std::string(type) : std::string(suffix)) + "/axes"));
  else
    attributes.set("axes", axes);
  return emit(type, std::move(attributes), std::move(operands), std::move(out), suffix,
              emitter_.info(x).type);
}

Value Lowering::squeeze(Value x, const Integers& axes, std::string_view suffix) {
  Shape out;
  for (std::size_t i = 0; i < shape(x).size(); ++i)
    if (std::ranges::find(axes, static_cast<std::int64_t>(i)) == axes.end()) out.push_back(shape(x)[i]);
  const DataType type = emitter_.info(x).type;
  if (!dialect().axes_are_inputs) return emit("Squeeze", {{"axes", axes}}, {x}, std::move(out), suffix, type);
  const Value places = integers(axes, (suffix.empty() ? "Squeeze" : std::string(suffix)) + "/axes");
  return emit("Squeeze", {}, {x, places}, std::move(out), suffix, type);
}

Value Lowering::unsqueeze(Value x, const Integers& axes, std::string_view suffix) {
  Shape out = shape(x);
  for (const std::int64_t axis : axes) out.insert(out.begin() + axis, 1);
  const DataType type = emitter_.info(x).type;
  if (!dialect().axes_are_inputs)
    return emit("Unsqueeze", {{"axes", axes}}, {x}, std::move(out), suffix, type);
  const Value places = integers(axes, (suffix.empty() ? "Unsqueeze" : std::string(suffix)) + "/axes");
  return emit("Unsqueeze", {}, {x, places}, std::move(out), suffix, type);
}

Values Lowering::split(Value x, std::int64_t axis, const Integers& sizes, std::string_view suffix) {
  std::vector<ValueInfo> outputs;
  for (const std::int64_t size : sizes) {
    Shape out = shape(x);
    out.at(static_cast<std::size_t>(axis)) = size;
    outputs.push_back({{}, std::move(out), emitter_.info(x).type});
  }
  if (!dialect().axes_are_inputs)
    return emit_many("Split", {{"axis", axis}, {"split", sizes}}, {x}, std::move(outputs), suffix);
  const Value parts = integers(sizes, (suffix.empty() ? "" : std::string(suffix) + "/") + "sizes");
  return emit_many("Split", {{"axis", axis}}, {x, parts}, std::move(outputs), suffix);
}

Value Lowering::slice(Value x, std::int64_t axis, std::int64_t begin, std::int64_t end,
                      std::string_view suffix) {
  const std::string prefix = suffix.empty() ? "" : std::string(suffix) + "/";
  Shape out = shape(x);
  out.at(static_cast<std::size_t>(axis)) = end - begin;
  return emit("Slice", {},
              {x, integers({begin}, prefix + "begin"), integers({end}, prefix + "end"),
               integers({axis}, prefix + "axis")},
              std::move(out), suffix, emitter_.info(x).type);
}

Value Lowering::pad(Value x, Integers begin, const Integers& end, std::string_view suffix, float value) {
  const std::string prefix(suffix.empty() ? "Pad" : suffix);
  Shape out = shape(x);
  for (std::size_t i = 0; i < out.size(); ++i)
    if (out[i] >= 0) out[i] += begin.at(i) + end.at(i);
  begin.insert(begin.end(), end.begin(), end.end());
  return emit("Pad", {}, {x, integers(std::move(begin), prefix + "/pads"), scalar(value, prefix + "/value")},
              std::move(out), suffix);
}

Value Lowering::concat(const Values& parts, std::int64_t axis, Shape output, std::string_view suffix) {
  return emit("Concat", {{"axis", axis}}, parts, std::move(output), suffix,
              emitter_.info(parts.front()).type);
}

Value Lowering::softmax(Value x, std::int64_t axis, std::string_view suffix) {
  const Shape in = shape(x);
  const auto rank = static_cast<std::int64_t>(in.size());
  const bool last = std::all_of(in.begin() + axis + 1, in.end(), [](std::int64_t dim) { return dim == 1; });
  if (dialect().softmax_of_one_axis || last) return emit("Softmax", {{"axis", axis}}, {x}, in, suffix);
  Integers order;
  for (std::int64_t i = 0; i < rank; ++i) order.push_back(i);
  std::swap(order[static_cast<std::size_t>(axis)], order.back());
  const Value turned = transpose(x, order, "AxisLast");
  const Value y = emit("Softmax", {{"axis", rank - 1}}, {turned}, shape(turned), "Softmax");
  return transpose(y, order, suffix);
}

Value Lowering::cast(Value x, DataType to, std::string_view suffix) {
  return emit("Cast", {{"to", static_cast<std::int64_t>(to)}}, {x}, shape(x), suffix, to);
}

Value Lowering::binary(std::string_view type, Value a, Value b, std::string_view suffix, DataType data_type) {
  return emit(type, {}, {a, b}, broadcast(shape(a), shape(b)), suffix, data_type);
}

Value Lowering::unary(std::string_view type, Value x, std::string_view suffix) {
  return emit(type, {}, {x}, shape(x), suffix, emitter_.info(x).type);
}

}  // namespace mo::onnx
