#include <algorithm>

#include "ir/legacy/reading.h"
#include "ir/legacy/spelling.h"
#include "ops/ops.h"
#include "ops/shapes.h"

// Layers of FlowNet and its kin that only the legacy IR has; the opsets cannot say them.

namespace mo::op {

namespace {

using ir::legacy::Kind;
using ir::legacy::same_names;

constexpr std::int64_t limit = std::int64_t{1} << 16;

void require_image(ShapeContext& c, std::size_t index) {
  const Shape& x = c.input(index);
  c.require(x.size() == 4 && std::ranges::all_of(x, [](std::int64_t dim) { return dim > 0 && dim < limit; }),
            "its input " + to_string(x) + " is not an image [N, C, H, W] of known size");
}

void require_images(ShapeContext& c) {
  for (std::size_t i = 0; i < c.input_count(); ++i) require_image(c, i);
}

std::int64_t in_range(ShapeContext& c, const char* name, std::int64_t least) {
  const std::int64_t value = c.attributes().integer(name);
  c.require(value >= least && value < limit, std::string(name) + " is out of range");
  return value;
}

/// Room for `size` positions `stride` apart, at least one.
std::int64_t positions(ShapeContext& c, std::int64_t size, std::int64_t stride) {
  c.require(size > 0, "the displacements do not fit its input " + to_string(c.input(0)));
  return (size + stride - 1) / stride;
}

/// The old converter and its runtime agree that pad widens the image, but does not heighten it.
void infer_correlation(ShapeContext& c) {
  require_images(c);
  c.require(c.input_count() == 2 && c.input(0) == c.input(1), "its two inputs have different shapes");
  const Shape& x = c.input(0);
  const std::int64_t pad = in_range(c, "pad", 0);
  const std::int64_t displacement = in_range(c, "max_displacement", 0);
  const std::int64_t kernel = in_range(c, "kernel_size", 1);
  const std::int64_t stride_1 = in_range(c, "stride_1", 1);
  const std::int64_t stride_2 = in_range(c, "stride_2", 1);
  c.require(kernel % 2 == 1, "kernel_size must be odd");
  const std::int64_t radius = (kernel - 1) / 2;
  const std::int64_t steps = displacement / stride_2;
  const std::int64_t grid = (c.attributes().integer("single_direction") != 0 ? steps : 2 * steps) + 1;
  const std::int64_t height = positions(c, x[2] - 2 * radius, stride_1);
  const std::int64_t width = positions(c, x[3] + 2 * pad - 2 * (displacement + radius), stride_1);
  c.output(0, {x[0], grid * grid, height, width});
}

/// Channels add up; the size is the given one, the largest of all inputs, or, with a reference, that of the
/// last input, which itself is not accumulated.
void infer_accum(ShapeContext& c) {
  require_images(c);
  const bool reference = c.attributes().integer("have_reference") != 0;
  const std::size_t summed = c.input_count() - (reference ? 1 : 0);
  c.require(summed > 0, "it has only a reference");
  Shape out{c.input(0)[0], 0, 0, 0};
  for (std::size_t i = 0; i < summed; ++i) {
    c.require(c.input(i)[0] == out[0], "its inputs have different batch sizes");
    out[1] += c.input(i)[1];
    out[2] = std::max(out[2], c.input(i)[2]);
    out[3] = std::max(out[3], c.input(i)[3]);
  }
  if (reference) {
    out[2] = c.input(summed)[2];
    out[3] = c.input(summed)[3];
  } else if (const std::int64_t divisor = in_range(c, "size_divisible_by", 0); divisor > 0) {
    out[2] = (out[2] + divisor - 1) / divisor * divisor;
    out[3] = (out[3] + divisor - 1) / divisor * divisor;
  } else if (c.attributes().integer("top_height") > 0 && c.attributes().integer("top_width") > 0) {
    out[2] = in_range(c, "top_height", 1);
    out[3] = in_range(c, "top_width", 1);
  }
  c.output(0, std::move(out));
}

void infer_augmentation(ShapeContext& c) {
  require_images(c);
  Shape out = c.input(0);
  const std::int64_t height = in_range(c, "crop_height", 0);
  const std::int64_t width = in_range(c, "crop_width", 0);
  if (height > 0) out[2] = height;
  if (width > 0) out[3] = width;
  c.output(0, std::move(out));
}

void infer_transformer(ShapeContext& c) {
  require_image(c, 0);
  Shape out = c.input(0);
  const std::int64_t height = in_range(c, "output_H", 0);
  const std::int64_t width = in_range(c, "output_W", 0);
  if (height > 0) out[2] = height;
  if (width > 0) out[3] = width;
  c.output(0, std::move(out));
}

void spell_augmentation(ir::legacy::Spelling& s) {
  s.type("DataAugmentation");
  s.copy({"augment_during_test", "bottomheight", "bottomwidth", "crop_height", "crop_width", "max_multiplier",
          "mean_per_pixel", "mode", "num", "recompute_mean", "write_augmented", "write_mean", "mean",
          "chromatic_eigvec"});
  for (const Blob& blob : s.node().blobs) s.blob(blob.role, blob.tensor);
}

}  // namespace

/// Patches of input 0 compared with displaced patches of input 1.  Attributes: pad, kernel_size,
/// max_displacement, stride_1, stride_2, single_direction, do_abs, correlation_type.
const OpDef correlation = {
    .name = "Correlation",
    .infer = infer_correlation,
    .opset = {},
    .legacy =
        ir::legacy::layer("Correlation", {"correlation_type", "do_abs", "kernel_size", "max_displacement",
                                          "pad", "single_direction", "stride_1", "stride_2"}),
    .from_legacy = {{"Correlation"},
                    same_names({{"pad", Kind::integer},
                                {"kernel_size", Kind::integer},
                                {"max_displacement", Kind::integer},
                                {"single_direction", Kind::integer},
                                {"stride_1", Kind::integer},
                                {"stride_2", Kind::integer}},
                               {{"correlation_type", Kind::text}, {"do_abs", Kind::integer}})}};

/// Attributes: top_height, top_width, size_divisible_by, have_reference.
const OpDef accum = {
    .name = "Accum",
    .infer = infer_accum,
    .opset = {},
    .legacy = ir::legacy::layer("Accum", {"have_reference", "size_divisible_by", "top_height", "top_width"}),
    .from_legacy = {{"Accum"},
                    same_names({{"have_reference", Kind::integer},
                                {"size_divisible_by", Kind::integer},
                                {"top_height", Kind::integer},
                                {"top_width", Kind::integer}})}};

/// At inference a crop to crop_height, crop_width and the subtraction of a mean.
const OpDef data_augmentation = {
    .name = "DataAugmentation",
    .infer = infer_augmentation,
    .opset = {},
    .legacy = spell_augmentation,
    .from_legacy = {{"DataAugmentation"},
                    same_names({{"crop_height", Kind::integer}, {"crop_width", Kind::integer}},
                               {{"augment_during_test", Kind::text},
                                {"bottomheight", Kind::text},
                                {"bottomwidth", Kind::text},
                                {"max_multiplier", Kind::number},
                                {"mean_per_pixel", Kind::text},
                                {"mode", Kind::text},
                                {"num", Kind::text},
                                {"recompute_mean", Kind::text},
                                {"write_augmented", Kind::text},
                                {"write_mean", Kind::text},
                                {"mean", Kind::text},
                                {"chromatic_eigvec", Kind::text}})}};

/// The input plus the numbers of shift_file.
const OpDef power_file = {.name = "PowerFile",
                          .infer = shapes::same_as_input,
                          .opset = {},
                          .legacy = ir::legacy::layer("PowerFile", {"shift_file"}),
                          .from_legacy = {{"PowerFile"}, same_names({}, {{"shift_file", Kind::text}})}};

/// Input 0 sampled where the affine transformation in input 1 says.  Attributes: output_H, output_W (0: those
/// of input 0), transform_type, sampler_type, to_compute_dU, theta_1_1 ... theta_2_3 where fixed.
const OpDef spatial_transformer = {
    .name = "SpatialTransformer",
    .infer = infer_transformer,
    .opset = {},
    .legacy = ir::legacy::layer(
        "SpatialTransformer", {"output_H", "output_W", "sampler_type", "to_compute_dU", "transform_type",
                               "theta_1_1", "theta_1_2", "theta_1_3", "theta_2_1", "theta_2_2", "theta_2_3"}),
    .from_legacy = {{"SpatialTransformer"},
                    same_names({{"output_H", Kind::integer}, {"output_W", Kind::integer}},
                               {{"sampler_type", Kind::text},
                                {"to_compute_dU", Kind::text},
                                {"transform_type", Kind::text},
                                {"theta_1_1", Kind::number},
                                {"theta_1_2", Kind::number},
                                {"theta_1_3", Kind::number},
                                {"theta_2_1", Kind::number},
                                {"theta_2_2", Kind::number},
                                {"theta_2_3", Kind::number}})}};

}  // namespace mo::op
