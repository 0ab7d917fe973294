#include <algorithm>

#include "ir/legacy/reading.h"
#include "ir/legacy/spelling.h"
#include "ir/opset/lowering.h"
#include "onnx/lowering.h"
#include "ops/ops.h"
#include "ops/shapes.h"

namespace mo::op {

namespace {

using ir::Precision;
using ir::opset::Lowering;
using ir::opset::Port;

const Attributes numpy{{"auto_broadcast", std::string("numpy")}};

void infer(ShapeContext& c) {
  const Shape& x = c.input(0);
  const Attributes& a = c.attributes();
  const std::int64_t top_k = a.integer("top_k");
  c.require(!x.empty(), "its input is a single number");
  const bool flat = !a.has("axis");
  const std::size_t axis = flat ? 1 : shapes::resolved_axis(c, a.integer("axis"), x.size());
  const std::int64_t size = flat ? shapes::product(x, 1, x.size()) : x[axis];
  c.require(size > 0, "the number of elements to choose from is not known");
  c.require(size < (std::int64_t{1} << 24), "positions beyond 2^24 cannot be said in float");
  c.require(top_k > 0 && top_k <= size, "top_k " + std::to_string(top_k) + " is not within 1 and the " +
                                            std::to_string(size) + " elements to choose from");
  if (!flat) {
    Shape out = x;
    out[axis] = top_k;
    c.output(0, std::move(out));
    return;
  }
  Shape out(std::max<std::size_t>(3, x.size()), 1);
  out[0] = x[0];
  out[1] = a.boolean("out_max_val") ? 2 : 1;
  out[2] = top_k;
  c.output(0, std::move(out));
}

struct Choice {
  Port values;
  Port indices;  // as float
};

/// The largest elements of `x` along `axis`.  Of equal ones Caffe takes the last first and TopK the first:
/// it sees the axis backwards.
Choice choose(Lowering& l, Port x, const Shape& shape, std::size_t axis, std::string_view indices_suffix) {
  const std::int64_t size = shape[axis];
  const auto signed_axis = static_cast<std::int64_t>(axis);
  std::vector<std::int64_t> backwards;
  for (std::int64_t i = size - 1; i >= 0; --i) backwards.push_back(i);
  const Port reversed =
      l.emit("Gather", 1, {}, {x, l.integers(backwards, "backwards"), l.integer(signed_axis, "axis")}, shape,
             "Reversed");
  Shape chosen = shape;
  chosen[axis] = l.attributes().integer("top_k");
  Attributes data{{"axis", signed_axis}, {"mode", std::string("max")}, {"sort", std::string("value")}};
  if (!l.dialect().opset1_only) data.set("index_element_type", std::string("i32"));
  const Port top = l.emit_many("TopK", l.dialect().opset1_only ? 1 : 3, data,
                               {reversed, l.integer(l.attributes().integer("top_k"), "k")},
                               {{chosen, Precision::fp32, {}}, {chosen, Precision::i32, {}}}, "TopK");
  const Port position =
      l.emit("Convert", 1, {{"destination_type", std::string("f32")}}, {{top.layer, 1}}, chosen, "Position");
  const Port indices =
      l.emit("Subtract", 1, numpy, {l.scalar(static_cast<float>(size - 1), "last"), position}, chosen,
             indices_suffix);
  return {top, indices};
}

void lower(Lowering& l) {
  const Attributes& a = l.attributes();
  const bool values = a.boolean("out_max_val");
  const Shape& x = l.input_shape(0);
  if (a.has("axis")) {
    const std::int64_t axis = axis_from_start(a.integer("axis"), x);
    const Choice choice = choose(l, l.input(0), x, static_cast<std::size_t>(axis), values ? "Indices" : "");
    l.output(0, values ? choice.values : choice.indices);
    return;
  }
  const Shape flat{x[0], 1, shapes::product(x, 1, x.size())};
  const Port input = l.reshape(l.input(0), {0, 1, -1}, flat, "Flat");
  const bool rank_3 = l.output_shape().size() == 3;
  const Choice choice = choose(l, input, flat, 2, rank_3 && !values ? "" : "Indices");
  Port y = choice.indices;
  if (values)
    y = l.emit("Concat", 1, {{"axis", std::int64_t{1}}}, {choice.indices, choice.values},
               {x[0], 2, a.integer("top_k")}, rank_3 ? "" : "Both");
  if (!rank_3) {
    Shape dims = l.output_shape();
    dims[0] = 0;
    y = l.reshape(y, dims, l.output_shape());
  }
  l.output(0, y);
}

void read(ir::legacy::Reading& r) {
  r.attributes = {{"top_k", r.integer("top_k", 1)}, {"out_max_val", r.boolean("out_max_val", false)}};
  r.copy(ir::legacy::Kind::integer, "axis");
}

/// The same for ONNX, whose TopK takes the first of equal elements too.
onnx::Values onnx_choose(onnx::Lowering& l, onnx::Value x, std::int64_t axis) {
  using onnx::DataType;
  const Shape shape = l.shape(x);
  const std::int64_t size = shape[static_cast<std::size_t>(axis)];
  const std::int64_t top_k = l.attributes().integer("top_k");
  std::vector<std::int64_t> backwards;
  for (std::int64_t i = size - 1; i >= 0; --i) backwards.push_back(i);
  const onnx::Value reversed =
      l.emit("Gather", {{"axis", axis}}, {x, l.integers(backwards, "backwards")}, shape, "Reversed");
  Shape chosen = shape;
  chosen[static_cast<std::size_t>(axis)] = top_k;
  const onnx::Values top = l.emit_many("TopK", {{"axis", axis}}, {reversed, l.integers({top_k}, "k")},
                                       {{{}, chosen, DataType::f32}, {{}, chosen, DataType::i64}});
  const onnx::Value position = l.cast(top[1], DataType::f32, "Position");
  return {top[0], l.binary("Sub", l.scalar(static_cast<float>(size - 1), "last"), position, "Indices")};
}

void onnx_arg_max(onnx::Lowering& l) {
  const Attributes& a = l.attributes();
  const bool values = a.boolean("out_max_val");
  const Shape& x = l.input_shape(0);
  const bool flat = !a.has("axis");
  onnx::Value input = l.input(0);
  const std::int64_t axis = flat ? 2 : axis_from_start(a.integer("axis"), x);
  if (flat) input = l.reshape(input, {0, 1, -1}, {x[0], 1, shapes::product(x, 1, x.size())}, "Flat");
  onnx::Value y;
  if (!values && a.integer("top_k") == 1 && l.dialect().arg_max_of_last) {
    Shape one = l.shape(input);
    one[static_cast<std::size_t>(axis)] = 1;
    const Attributes last{{"axis", axis}, {"keepdims", true}, {"select_last_index", true}};
    y = l.cast(l.emit("ArgMax", last, {input}, one, {}, onnx::DataType::i64), onnx::DataType::f32, "Indices");
  } else {
    const onnx::Values choice = onnx_choose(l, input, axis);
    if (flat && values)
      y = l.concat({choice[1], choice[0]}, 1, {x[0], 2, a.integer("top_k")});
    else
      y = choice[values ? 0 : 1];
  }
  if (flat && l.output_shape().size() != 3) {
    Shape dims = l.output_shape();
    dims[0] = 0;
    y = l.reshape(y, dims, l.output_shape());
  }
  l.output(0, y);
}

}  // namespace

/// Positions of the largest elements, as floats.  Attributes: top_k; axis, or none: over all of an image,
/// which gives [N, 1, top_k, 1 ...]; out_max_val: their values instead, or, without axis, as well: [N, 2,
/// ...].
const OpDef arg_max = {.name = "ArgMax",
                       .infer = infer,
                       .opset = lower,
                       .legacy = ir::legacy::layer("ArgMax", {"axis", "out_max_val", "top_k"}),
                       .onnx = onnx_arg_max,
                       .from_legacy = {{"ArgMax"}, read}};

}  // namespace mo::op
