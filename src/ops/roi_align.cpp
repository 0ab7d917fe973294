#include "ir/opset/lowering.h"
#include "onnx/lowering.h"
#include "ops/ops.h"
#include "ops/shapes.h"

// Mask R-CNN's pooling of regions (He et al. 2017, arXiv:1703.06870), as Caffe2's roi_align_op.cu computes
// it: region corners in the feature map's coordinates without rounding, bilinear samples in each cell, their
// mean.

namespace mo::op {

namespace {

constexpr std::int64_t limit = std::int64_t{1} << 31;

void infer_roi_align(ShapeContext& c) {
  const Attributes& a = c.attributes();
  const Shape& regions = c.input(1);
  c.require(c.input(0).size() == 4, "its input " + to_string(c.input(0)) + " is not [N, C, H, W]");
  c.require(regions.size() >= 2 && shapes::product(regions, 1, regions.size()) == 5,
            "its regions " + to_string(regions) + " are not [R, 5]: image and corners of each");
  c.require(a.number("spatial_scale") > 0.0F, "spatial_scale is not positive");
  const std::int64_t height = a.integer("pooled_h");
  const std::int64_t width = a.integer("pooled_w");
  c.require(height > 0 && height < limit && width > 0 && width < limit,
            "pooled_h or pooled_w is 0 or out of range");
  const std::int64_t ratio = a.integer("sampling_ratio");
  c.require(ratio >= 0 && ratio < limit, "sampling_ratio is out of range");
  c.output(0, {regions[0], c.input(0)[1], height, width});
}

void lower_roi_align(ir::opset::Lowering& l) {
  const Attributes& a = l.attributes();
  const std::int64_t count = l.input_shape(1)[0];
  ir::opset::Port regions = l.input(1);
  if (l.input_shape(1).size() != 2) regions = l.reshape(regions, {0, -1}, {count, 5}, "rois");
  const ir::opset::Port image =
      l.emit_many("VariadicSplit", 1, {}, {regions, l.integer(1, "axis"), l.integers({1, 4}, "lengths")},
                  {{{count, 1}, ir::Precision::fp32, {}}, {{count, 4}, ir::Precision::fp32, {}}}, "parts");
  const ir::opset::Port flat =
      l.emit("Squeeze", 1, {}, {image, l.integers({1}, "squeezed_axis")}, {count}, "image");
  const ir::opset::Port index = l.emit("Convert", 1, {{"destination_type", std::string("i32")}}, {flat},
                                       {count}, "image_index", ir::Precision::i32);
  l.output(0, l.emit("ROIAlign", 3,
                     {{"pooled_h", a.integer("pooled_h")},
                      {"pooled_w", a.integer("pooled_w")},
                      {"sampling_ratio", a.integer("sampling_ratio")},
                      {"spatial_scale", a.number("spatial_scale")},
                      {"mode", std::string("avg")}},
                     {l.input(0), {image.layer, 1}, index}, l.output_shape()));
}

void onnx_roi_align(onnx::Lowering& l) {
  const Attributes& a = l.attributes();
  const std::int64_t count = l.input_shape(1)[0];
  onnx::Value regions = l.input(1);
  if (l.input_shape(1).size() != 2) regions = l.reshape(regions, {-1, 5}, {count, 5}, "rois");
  const onnx::Values parts = l.split(regions, 1, {1, 4}, "parts");
  const onnx::Value index = l.cast(l.squeeze(parts[0], {1}, "image"), onnx::DataType::i64, "image_index");
  Attributes data = {{"mode", std::string("avg")},
                     {"output_height", a.integer("pooled_h")},
                     {"output_width", a.integer("pooled_w")},
                     {"sampling_ratio", a.integer("sampling_ratio")},
                     {"spatial_scale", a.number("spatial_scale")}};
  if (l.dialect().roi_align_has_modes)
    data.set("coordinate_transformation_mode", std::string("output_half_pixel"));
  l.output(0, l.emit("RoiAlign", std::move(data), {l.input(0), parts[1], index}, l.output_shape()));
}

}  // namespace

/// The mean of bilinear samples in each cell of a pooled_h x pooled_w grid over each region,
/// [R, C, pooled_h, pooled_w].  Attributes: pooled_h, pooled_w, spatial_scale; sampling_ratio: samples along
/// each side of a cell, 0 for as many as it has pixels, rounded up.
const OpDef roi_align = {.name = "ROIAlign",
                         .infer = infer_roi_align,
                         .opset = lower_roi_align,
                         .legacy = {},
                         .onnx = onnx_roi_align};

}  // namespace mo::op
