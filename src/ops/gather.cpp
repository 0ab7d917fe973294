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
  Shape indices;
  if (c.input_count() > 1) {
    indices = c.input(1);
  } else {
    const auto& chosen = c.attributes().integers("indices");
    indices = {static_cast<std::int64_t>(chosen.size())};
    for (const std::int64_t index : chosen)
      c.require(index >= 0 && (x[axis] < 0 || index < x[axis]),
                "index " + std::to_string(index) + " is outside its input " + to_string(x));
  }
  Shape out(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(axis));
  out.insert(out.end(), indices.begin(), indices.end());
  out.insert(out.end(), x.begin() + static_cast<std::ptrdiff_t>(axis) + 1, x.end());
  c.output(0, std::move(out));
}

void lower(Lowering& l) {
  const std::int64_t axis = axis_from_start(l.attributes().integer("axis"), l.input_shape(0));
  const Port indices = l.input_count() > 1
                           ? l.emit("Convert", 1, {{"destination_type", std::string("i32")}}, {l.input(1)},
                                    l.input_shape(1), "Indices", ir::Precision::i32)
                           : l.integers(l.attributes().integers("indices"), "indices");
  l.output(0, l.emit("Gather", 1, {}, {l.input(0), indices, l.integer(axis, "axis")}, l.output_shape()));
}

void onnx_gather(onnx::Lowering& l) {
  const std::int64_t axis = axis_from_start(l.attributes().integer("axis"), l.input_shape(0));
  const onnx::Value indices = l.input_count() > 1 ? l.cast(l.input(1), onnx::DataType::i64, "Indices")
                                                  : l.integers(l.attributes().integers("indices"), "indices");
  l.output(0, l.emit("Gather", {{"axis", axis}}, {l.input(0), indices}, l.output_shape()));
}

void spell(ir::legacy::Spelling& s) {
  if (!s.dialect().gathers) s.needs_version(4);
  s.type("Gather");
  s.attribute("axis", axis_from_start(s.attributes().integer("axis"), s.input_shape(0)));
  if (s.input_count() == 1) s.constant_input("indices", s.attributes().integers("indices"));
}

void read(ir::legacy::Reading& r) {
  r.attributes = {{"axis", axis_from_start(r.integer("axis", 0), r.input_shape(0))}};
}

}  // namespace

/// Slices of input 0 along an axis, chosen by the whole numbers in input 1 (floats), or, without one, by the
/// attribute indices.  Attributes: axis, indices.
const OpDef gather = {.name = "Gather",
                      .infer = infer,
                      .opset = lower,
                      .legacy = spell,
                      .onnx = onnx_gather,
                      .from_legacy = {{"Gather"}, read}};

}  // namespace mo::op
