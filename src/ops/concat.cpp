#include "ir/legacy/reading.h"
#include "ir/legacy/spelling.h"
#include "ir/opset/lowering.h"
#include "onnx/lowering.h"
#include "ops/ops.h"
#include "ops/shapes.h"

namespace mo::op {

namespace {

using ir::opset::Lowering;

void infer_concat(ShapeContext& c) {
  Shape out = c.input(0);
  const std::size_t axis = shapes::resolved_axis(c, c.attributes().integer("axis"), out.size());
  for (std::size_t i = 1; i < c.input_count(); ++i) {
    const Shape& x = c.input(i);
    c.require(x.size() == out.size(),
              "inputs of shapes " + to_string(out) + " and " + to_string(x) + " have different ranks");
    for (std::size_t k = 0; k < x.size(); ++k) {
      if (k == axis) {
        out[k] = out[k] < 0 || x[k] < 0 ? -1 : out[k] + x[k];
      } else if (out[k] < 0) {
        out[k] = x[k];
      } else if (x[k] >= 0 && x[k] != out[k]) {
        c.fail("inputs of shapes " + to_string(c.input(0)) + " and " + to_string(x) +
               " differ elsewhere than on axis " + std::to_string(axis));
      }
    }
  }
  c.output(0, std::move(out));
}

void lower_concat(Lowering& l) {
  const std::int64_t axis = axis_from_start(l.attributes().integer("axis"), l.output_shape());
  std::vector<ir::opset::Port> inputs;
  for (std::size_t i = 0; i < l.input_count(); ++i) inputs.push_back(l.input(i));
  l.output(0, l.emit("Concat", 1, {{"axis", axis}}, inputs, l.output_shape()));
}

void infer_slice(ShapeContext& c) {
  const Shape& x = c.input(0);
  const std::size_t axis = shapes::resolved_axis(c, c.attributes().integer("axis"), x.size());
  const auto& points = c.attributes().integers("slice_point");
  const std::int64_t parts = c.attributes().integer("parts");
  c.require(parts > 0, "it has no top");
  const std::int64_t size = x[axis];
  if (!points.empty()) {
    c.require(
        points.size() + 1 == static_cast<std::size_t>(parts),
        "it has " + std::to_string(points.size()) + " slice points for " + std::to_string(parts) + " tops");
    c.require(size >= 0, "the size of the sliced axis is not known");
  } else if (size >= 0 && size % parts != 0) {
    c.fail("an axis of size " + std::to_string(size) + " cannot be cut into " + std::to_string(parts) +
           " equal parts");
  }
  std::int64_t begin = 0;
  for (std::size_t i = 0; i < static_cast<std::size_t>(parts); ++i) {
    Shape out = x;
    if (points.empty()) {
      out[axis] = size < 0 ? -1 : size / parts;
    } else {
      const std::int64_t end = i < points.size() ? points[i] : size;
      c.require(end > begin && end <= size,
                "its slice points do not rise within an axis of size " + std::to_string(size));
      out[axis] = end - begin;
      begin = end;
    }
    c.output(i, std::move(out));
  }
}

void lower_slice(Lowering& l) {
  const std::int64_t axis = axis_from_start(l.attributes().integer("axis"), l.input_shape(0));
  const std::size_t parts = l.node().outputs.size();
  std::vector<ir::Port> outputs;
  std::vector<std::int64_t> lengths;
  for (std::size_t i = 0; i < parts; ++i) {
    outputs.push_back({l.output_shape(i), ir::Precision::fp32, {}});
    lengths.push_back(l.output_shape(i)[static_cast<std::size_t>(axis)]);
  }
  const auto first =
      l.emit_many("VariadicSplit", 1, {},
                  {l.input(0), l.integer(axis, "axis"), l.integers(lengths, "lengths")}, std::move(outputs));
  for (std::size_t i = 0; i < parts; ++i) l.output(i, {first.layer, i});
}

void spell_concat(ir::legacy::Spelling& s) {
  s.type("Concat");
  s.attribute("axis", axis_from_start(s.attributes().integer("axis"), s.input_shape(0)));
}

/// The sizes of the parts are those of the output ports.
void spell_slice(ir::legacy::Spelling& s) {
  s.type(s.dialect().split_layer && !s.attributes().integers("slice_point").empty() ? "Split" : "Slice");
  s.attribute("axis", axis_from_start(s.attributes().integer("axis"), s.input_shape(0)));
}

void read_concat(ir::legacy::Reading& r) {
  r.attributes.set("axis", r.integer("axis", 1));
}

/// Where to cut is said by the output ports alone.
void read_slice(ir::legacy::Reading& r) {
  const std::int64_t axis = r.integer("axis", 1);
  std::vector<std::int64_t> points;
  bool equal = r.type() == "Slice" || !r.dialect().split_layer;
  std::int64_t end = 0;
  for (std::size_t i = 0; i < r.output_count(); ++i) {
    const Shape& part = r.output_shape(i);
    if (axis < 0 || axis >= static_cast<std::int64_t>(part.size())) r.fail("its axis is outside its outputs");
    const auto at = static_cast<std::size_t>(axis);
    equal = equal && part[at] == r.output_shape(0)[at];
    if (__builtin_add_overflow(end, part[at], &end)) r.fail("its outputs are too large");
    if (i + 1 < r.output_count()) points.push_back(end);
  }
  r.attributes = {{"axis", axis},
                  {"slice_point", equal ? std::vector<std::int64_t>{} : points},
                  {"parts", static_cast<std::int64_t>(r.output_count())}};
}

void onnx_concat(onnx::Lowering& l) {
  const std::int64_t axis = axis_from_start(l.attributes().integer("axis"), l.output_shape());
  l.output(0, l.concat(l.inputs(), axis, l.output_shape()));
}

void onnx_slice(onnx::Lowering& l) {
  const std::int64_t axis = axis_from_start(l.attributes().integer("axis"), l.input_shape(0));
  const std::size_t parts = l.node().outputs.size();
  std::vector<std::int64_t> sizes;
  for (std::size_t i = 0; i < parts; ++i) sizes.push_back(l.output_shape(i)[static_cast<std::size_t>(axis)]);
  if (sizes.front() < 0)
    l.refuse("its input " + to_string(l.input_shape(0)) + " is cut along an axis of unknown size",
             "give the size with --input_shape");
  const onnx::Values outputs = l.split(l.input(0), axis, sizes);
  for (std::size_t i = 0; i < parts; ++i) l.output(i, outputs[i]);
}

}  // namespace

/// Attribute: axis, negative from the end.
const OpDef concat = {.name = "Concat",
                      .infer = infer_concat,
                      .opset = lower_concat,
                      .legacy = spell_concat,
                      .onnx = onnx_concat,
                      .from_legacy = {{"Concat"}, read_concat}};

/// Attributes: axis, parts (number of outputs), slice_point: where to cut, or none for equal parts.
const OpDef slice = {.name = "Slice",
                     .infer = infer_slice,
                     .opset = lower_slice,
                     .legacy = spell_slice,
                     .onnx = onnx_slice,
                     .from_legacy = {{"Slice", "Split"}, read_slice}};

}  // namespace mo::op
