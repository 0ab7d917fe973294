#include "ir/legacy/spelling.h"
#include "ir/opset/lowering.h"
#include "onnx/lowering.h"
#include "ops/ops.h"
#include "ops/shapes.h"

namespace mo::op {

namespace {

using ir::opset::Lowering;

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

}  // namespace mo::op
