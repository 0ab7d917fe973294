#include <algorithm>

#include "ir/legacy/spelling.h"
#include "ir/opset/lowering.h"
#include "onnx/lowering.h"
#include "ops/ops.h"
#include "ops/shapes.h"

namespace mo::op {

namespace {

using ir::opset::Lowering;
using ir::opset::Port;

std::vector<std::int64_t> factors(const Attributes& a) {
  return {a.integer("scale_h"), a.integer("scale_w")};
}

void infer(ShapeContext& c) {
  Shape out = c.input(0);
  c.require(out.size() == 4, "its input " + to_string(out) + " is not [N, C, H, W]");
  const auto scales = factors(c.attributes());
  for (std::size_t i = 0; i < 2; ++i) {
    c.require(scales[i] > 0 && scales[i] < 65536, "its scale is 0 or out of range");
    c.require(out[i + 2] < (std::int64_t{1} << 31), "its input is too large");
    if (out[i + 2] > 0) out[i + 2] *= scales[i];
  }
  c.output(0, std::move(out));
}

/// IR v10's interpolation takes sizes, that of v11 factors, which hold for every size of the input.
void lower(Lowering& l) {
  const auto scales = factors(l.attributes());
  const Shape& out = l.output_shape();
  const std::vector<std::int64_t> axes{2, 3};
  if (l.dialect().opset1_only) {
    l.output(0, l.emit("Interpolate", 1,
                       {{"axes", axes},
                        {"mode", std::string("nearest")},
                        {"align_corners", false},
                        {"antialias", false},
                        {"pads_begin", std::vector<std::int64_t>{0}},
                        {"pads_end", std::vector<std::int64_t>{0}}},
                       {l.input(0), l.integers({out[2], out[3]}, "sizes")}, out));
    return;
  }
  l.output(0, l.emit("Interpolate", 4,
                     {{"mode", std::string("nearest")},
                      {"shape_calculation_mode", std::string("scales")},
                      {"coordinate_transformation_mode", std::string("asymmetric")},
                      {"nearest_mode", std::string("floor")},
                      {"antialias", false},
                      {"pads_begin", std::vector<std::int64_t>(4, 0)},
                      {"pads_end", std::vector<std::int64_t>(4, 0)},
                      {"cube_coeff", -0.75F}},
                     {l.input(0), l.integers({out[2], out[3]}, "sizes"),
                      l.exact({static_cast<float>(scales[0]), static_cast<float>(scales[1])}, {2}, "scales"),
                      l.integers(axes, "axes")},
                     out));
}

void infer_unpooling(ShapeContext& c) {
  const Shape& x = c.input(0);
  c.require(x.size() == 4 && x == c.input(1),
            "its inputs " + to_string(x) + " and " + to_string(c.input(1)) + " are not images of one size");
  const std::int64_t height = c.attributes().integer("height");
  const std::int64_t width = c.attributes().integer("width");
  constexpr std::int64_t limit = 1 << 24;
  c.require(
      height > 0 && width > 0 && height < limit && width < limit && height * width <= limit,
      "its output of " + std::to_string(height) + " x " + std::to_string(width) + " is empty or too large");
  c.require(std::ranges::all_of(x, [](std::int64_t size) { return size > 0; }),
            "the size of its input is unknown");
  c.output(0, {x[0], x[1], height, width});
}

/// Zeros, and among them the numbers where the places say.
void lower_unpooling(Lowering& l) {
  if (l.dialect().opset1_only)
    l.refuse("IR v10 has no operation that puts numbers back to the places of a mask", "write IR v11");
  const Shape& x = l.input_shape(0);
  const Shape& out = l.output_shape();
  const Shape flat{x[0], x[1], x[2] * x[3]};
  const Shape room{x[0], x[1], out[2] * out[3]};
  const Port zeros = l.emit("Broadcast", 1, {{"mode", std::string("numpy")}},
                            {l.scalar(0.0F, "zero"), l.integers(room, "room")}, room, "Zeros");
  const Port places =
      l.emit("Convert", 1, {{"destination_type", std::string("i32")}},
             {l.reshape(l.input(1), {0, 0, -1}, flat, "FlatPlaces")}, flat, "Places", ir::Precision::i32);
  const Port filled = l.emit(
      "ScatterElementsUpdate", 3, {},
      {zeros, places, l.reshape(l.input(0), {0, 0, -1}, flat, "Flat"), l.integer(2, "axis")}, room, "Filled");
  l.output(0, l.reshape(filled, {0, 0, out[2], out[3]}, out));
}

/// Legacy IR has no layer for the nearest pixel but Resample.
void spell(ir::legacy::Spelling& s) {
  const Shape& in = s.input_shape(0);
  const Shape& out = s.output_shape();
  s.type("Resample");
  s.attribute("antialias", std::int64_t{0});
  s.attribute("factor", static_cast<float>(out[2]) / static_cast<float>(in[2]));
  s.attribute("height", out[2]);
  s.attribute("type", std::string("caffe.ResampleParameter.NEAREST"));
  s.attribute("width", out[3]);
}

void onnx_unpooling(onnx::Lowering& l) {
  const Shape& x = l.input_shape(0);
  const Shape& out = l.output_shape();
  const Shape flat{x[0], x[1], x[2] * x[3]};
  const Shape room{x[0], x[1], out[2] * out[3]};
  const onnx::Value zeros =
      l.emit("Expand", {}, {l.scalar(0.0F, "zero"), l.integers(room, "room")}, room, "Zeros");
  const onnx::Value places =
      l.cast(l.reshape(l.input(1), {0, 0, -1}, flat, "FlatPlaces"), onnx::DataType::i64, "Places");
  const onnx::Value filled =
      l.emit("ScatterElements", {{"axis", std::int64_t{2}}},
             {zeros, places, l.reshape(l.input(0), {0, 0, -1}, flat, "Flat")}, room, "Filled");
  l.output(0, l.reshape(filled, {0, 0, out[2], out[3]}, out));
}

void onnx_upsample(onnx::Lowering& l) {
  const auto scales = factors(l.attributes());
  onnx::Value absent;
  if (!l.dialect().optional_resize_inputs) absent = l.exact({}, {0}, "absent");
  const onnx::Value by =
      l.exact({1.0F, 1.0F, static_cast<float>(scales[0]), static_cast<float>(scales[1])}, {4}, "scales");
  l.output(0, l.emit("Resize",
                     {{"mode", std::string("nearest")},
                      {"coordinate_transformation_mode", std::string("asymmetric")},
                      {"nearest_mode", std::string("floor")}},
                     {l.input(0), absent, by}, l.output_shape()));
}

}  // namespace

/// Each pixel of [N, C, H, W] becomes scale_h x scale_w of its kind.
const OpDef upsample = {
    .name = "Upsample", .infer = infer, .opset = lower, .legacy = spell, .onnx = onnx_upsample};

/// The inverse of a max pooling: [N, C, height, width] of zeros but for input 0's numbers, each where input
/// 1, a PoolingPlaces, has its place.  Attributes: height, width.
const OpDef unpooling = {.name = "Unpooling",
                         .infer = infer_unpooling,
                         .opset = lower_unpooling,
                         .legacy = {},
                         .onnx = onnx_unpooling};

}  // namespace mo::op
