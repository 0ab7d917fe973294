#include <algorithm>

#include "ir/legacy/reading.h"
#include "ir/legacy/spelling.h"
#include "ir/opset/lowering.h"
#include "onnx/lowering.h"
#include "ops/ops.h"
#include "ops/shapes.h"

namespace mo::op {

namespace {

using ir::opset::Lowering;

void infer(ShapeContext& c) {
  Shape out = c.input(0);
  const auto& axes = c.attributes().integers("axis");
  const auto& dims = c.attributes().integers("dim");
  const auto& offsets = c.attributes().integers("offset");
  c.require(axes.size() == dims.size() && axes.size() == offsets.size(),
            "it does not have one size and one offset for each axis");
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const std::size_t axis = shapes::resolved_axis(c, axes[i], out.size());
    const std::int64_t size = out[axis];
    if (size < 0) c.fail("the size of axis " + std::to_string(axis) + " of its input is not known");
    if (offsets[i] < 0 || dims[i] <= 0 || offsets[i] > size || dims[i] > size - offsets[i])
      c.fail("at offset " + std::to_string(offsets[i]) + ", " + std::to_string(dims[i]) +
                 " elements of axis " + std::to_string(axis) + " are not within its input " +
                 to_string(c.input(0)),
             "check offset, and that both inputs have the sizes the net was made for (--input_shape)");
    out[axis] = dims[i];
  }
  c.output(0, std::move(out));
}

/// Only the axes that lose something are named: the batch stays free.
void lower(Lowering& l) {
  const Attributes& a = l.attributes();
  const Shape& x = l.input_shape(0);
  std::vector<std::int64_t> begin(x.size(), 0);
  std::vector<std::int64_t> end(x.size(), 0);
  std::vector<std::int64_t> whole(x.size(), 1);
  for (std::size_t i = 0; i < a.integers("axis").size(); ++i) {
    const auto at = static_cast<std::size_t>(axis_from_start(a.integers("axis")[i], x));
    if (a.integers("dim")[i] == x[at]) continue;
    begin[at] = a.integers("offset")[i];
    end[at] = begin[at] + a.integers("dim")[i];
    whole[at] = 0;
  }
  if (std::ranges::count(whole, 0) == 0) {
    l.output(0, l.input(0));
    return;
  }
  const std::vector<std::int64_t> none(x.size(), 0);
  l.output(0, l.emit("StridedSlice", 1,
                     {{"begin_mask", whole},
                      {"end_mask", whole},
                      {"new_axis_mask", none},
                      {"shrink_axis_mask", none},
                      {"ellipsis_mask", none}},
                     {l.input(0), l.integers(begin, "begin"), l.integers(end, "end"),
                      l.integers(std::vector<std::int64_t>(x.size(), 1), "strides")},
                     l.output_shape()));
}

void read(ir::legacy::Reading& r) {
  const auto axes = r.integers("axis");
  if (r.has("crop_begin") || r.has("crop_end")) r.unsupported("crop_begin");
  std::vector<std::int64_t> dims;  // older files leave them to the second input
  for (const std::int64_t axis : axes) {
    if (axis < 0 || axis >= static_cast<std::int64_t>(r.output_shape().size()))
      r.fail("its axis is outside its output");
    dims.push_back(r.output_shape()[static_cast<std::size_t>(axis)]);
  }
  r.attributes = {{"axis", axes},
                  {"dim", r.integers("dim", dims)},
                  {"offset", r.integers("offset", std::vector<std::int64_t>(axes.size(), 0))}};
}

/// As above, by axes.
void onnx_crop(onnx::Lowering& l) {
  const Attributes& a = l.attributes();
  onnx::Integers axes;
  onnx::Integers begin;
  onnx::Integers end;
  for (std::size_t i = 0; i < a.integers("axis").size(); ++i) {
    const std::int64_t axis = axis_from_start(a.integers("axis")[i], l.input_shape(0));
    if (a.integers("dim")[i] == l.input_shape(0)[static_cast<std::size_t>(axis)]) continue;
    axes.push_back(axis);
    begin.push_back(a.integers("offset")[i]);
    end.push_back(begin.back() + a.integers("dim")[i]);
  }
  if (axes.empty()) {
    l.output(0, l.input(0));
    return;
  }
  l.output(0,
           l.emit("Slice", {},
                  {l.input(0), l.integers(begin, "begin"), l.integers(end, "end"), l.integers(axes, "axes")},
                  l.output_shape()));
}

}  // namespace

/// Part of input 0; input 1, when there, only gave the size.  Attributes: axis, dim, offset: lists, one entry
/// for each axis that is cut.
const OpDef crop = {.name = "Crop",
                    .infer = infer,
                    .opset = lower,
                    .legacy = ir::legacy::layer("Crop", {"axis", "dim", "offset"}),
                    .onnx = onnx_crop,
                    .from_legacy = {{"Crop"}, read}};

}  // namespace mo::op
