#include <algorithm>

#include "ir/legacy/reading.h"
#include "ir/legacy/spelling.h"
#include "ir/opset/lowering.h"
#include "onnx/lowering.h"
#include "ops/ops.h"
#include "ops/prior_boxes.h"
#include "ops/shapes.h"

namespace mo::op {

namespace {

using ir::opset::Lowering;
using ir::opset::Port;

constexpr std::int64_t largest_side = std::int64_t{1} << 31;
constexpr std::int64_t most_constant_boxes = std::int64_t{1} << 24;

bool all_positive(const std::vector<float>& values) {
  return std::ranges::all_of(values, [](float value) { return value > 0.0F; });
}

/// [1, 2, 4 H W boxes] of a feature map [N, C, H, W] and an image.
void infer_grid(ShapeContext& c, std::size_t boxes) {
  const Shape& layer = c.input(0);
  const Shape& image = c.input(1);
  c.require(layer.size() == 4 && image.size() == 4,
            "its inputs " + to_string(layer) + " and " + to_string(image) + " are not two images");
  c.require(boxes > 0 && boxes < 65536, "it has no boxes, or too many");
  c.require(layer[2] < largest_side && layer[3] < largest_side, "its input is too large");
  const Attributes& a = c.attributes();
  for (const char* name : {"step", "step_h", "step_w"})
    c.require(a.get_or(name, 0.0F) >= 0.0F, std::string(name) + " is negative");
  for (const char* name : {"img_h", "img_w"})
    c.require(a.get_or(name, std::int64_t{1}) > 0, std::string(name) + " is not positive");
  std::int64_t values = -1;
  if (layer[2] > 0 && layer[3] > 0) {
    const std::int64_t cells = layer[2] * layer[3];
    c.require(cells < (std::int64_t{1} << 44), "its input is too large");
    values = cells * static_cast<std::int64_t>(boxes) * 4;
  }
  c.output(0, {1, 2, values});
}

void infer_prior_box(ShapeContext& c) {
  const Attributes& a = c.attributes();
  const auto& min_sizes = a.numbers("min_size");
  const auto& max_sizes = a.numbers("max_size");
  c.require(!min_sizes.empty() && all_positive(min_sizes), "its min_size is missing or not positive");
  c.require(max_sizes.empty() || max_sizes.size() == min_sizes.size(),
            "it has " + std::to_string(max_sizes.size()) + " max_size for " +
                std::to_string(min_sizes.size()) + " min_size");
  for (std::size_t i = 0; i < max_sizes.size(); ++i)
    c.require(max_sizes[i] > min_sizes[i], "a max_size is not larger than its min_size");
  c.require(all_positive(a.numbers("aspect_ratio")), "an aspect_ratio is not positive");
  c.require(min_sizes.size() < 4096 && a.numbers("aspect_ratio").size() < 4096, "it has too many boxes");
  const std::size_t ratios = prior_aspect_ratios(a.numbers("aspect_ratio"), a.boolean("flip")).size();
  infer_grid(c, ratios * min_sizes.size() + max_sizes.size());
}

void infer_clustered(ShapeContext& c) {
  const auto& widths = c.attributes().numbers("width");
  const auto& heights = c.attributes().numbers("height");
  c.require(!widths.empty() && widths.size() == heights.size(),
            "it has " + std::to_string(widths.size()) + " widths and " + std::to_string(heights.size()) +
                " heights");
  c.require(all_positive(widths) && all_positive(heights), "a width or height is not positive");
  infer_grid(c, widths.size());
}

/// Height and width of an input as a value, so that the network can be reshaped.
Port spatial_size(Lowering& l, std::size_t index, const std::string& name) {
  const auto rank = static_cast<std::int64_t>(l.input_shape(index).size());
  const Port shape = l.emit("ShapeOf", 1, {}, {l.input(index)}, {rank}, name + "/shape", ir::Precision::i64);
  const std::vector<std::int64_t> zero{0};
  return l.emit("StridedSlice", 1,
                {{"begin_mask", zero},
                 {"end_mask", zero},
                 {"new_axis_mask", zero},
                 {"shrink_axis_mask", zero},
                 {"ellipsis_mask", zero}},
                {shape, l.integers({2}, name + "/begin"), l.integers({4}, name + "/end"),
                 l.integers({1}, name + "/stride")},
                {2}, name, ir::Precision::i64);
}

Port image_size(Lowering& l) {
  const Attributes& a = l.attributes();
  if (!a.has("img_h")) return spatial_size(l, 1, "image");
  return l.integers({a.integer("img_h"), a.integer("img_w")}, "image");
}

/// The opset's operation has one step for both axes, and an offset only where it has a step.
bool fits_operation(const Attributes& a) {
  const auto [step_h, step_w] = prior_box_steps(a);
  return step_h == step_w && (step_h > 0.0F || a.number("offset") == 0.5F);
}

/// Engines of v10's time convert the operation only where both sizes are those of blobs.
bool is_size_of_blob(const Lowering& l) {
  return !l.dialect().opset1_only || !l.attributes().has("img_h");
}

bool can_be_constant(const Attributes& a, const Shape& image, const Shape& output) {
  const bool known = output[2] > 0 && (a.has("img_h") || (image[2] > 0 && image[3] > 0));
  return known && output[2] / 4 <= most_constant_boxes;
}

void lower_constant(Lowering& l, std::vector<BoxSize> sizes) {
  const Attributes& a = l.attributes();
  const Shape& image = l.input_shape(1);
  if (!can_be_constant(a, image, l.output_shape())) {
    Diagnostic diagnostic;
    diagnostic.code = &code::unsupported_parameter;
    diagnostic.layer = l.node().layer;
    diagnostic.cause =
        "IR v10 and v11 have one step for both axes, no offset without a step, and v10 no image size of its "
        "own; its boxes cannot be computed beforehand for an input of " +
        to_string(image);
    diagnostic.remedy = "give the input's size with --input_shape";
    throw Failure(std::move(diagnostic));
  }
  const PriorBoxGrid grid = prior_box_grid(a, l.input_shape(0), image, std::move(sizes));
  l.output(0, l.exact(prior_box_values(grid), l.output_shape(), "boxes"));
}

Port with_batch(Lowering& l, Port boxes) {
  return l.emit("Unsqueeze", 1, {}, {boxes, l.integers({0}, "batch_axis")}, l.output_shape());
}

void lower_prior_box(Lowering& l) {
  const Attributes& a = l.attributes();
  if (!fits_operation(a) || !is_size_of_blob(l)) {
    lower_constant(l, prior_box_sizes(a));
    return;
  }
  const Port boxes = l.emit("PriorBox", 1,
                            {{"min_size", a.numbers("min_size")},
                             {"max_size", a.numbers("max_size")},
                             {"aspect_ratio", a.numbers("aspect_ratio")},
                             {"flip", a.boolean("flip")},
                             {"clip", a.boolean("clip")},
                             {"step", prior_box_steps(a).first},
                             {"offset", a.number("offset")},
                             {"variance", prior_box_variances(a)},
                             {"scale_all_sizes", true}},
                            {spatial_size(l, 0, "layer"), image_size(l)}, {2, l.output_shape()[2]}, "boxes");
  l.output(0, with_batch(l, boxes));
}

void lower_clustered(Lowering& l) {
  const Attributes& a = l.attributes();
  if (!is_size_of_blob(l)) {
    lower_constant(l, clustered_box_sizes(a));
    return;
  }
  const auto [step_h, step_w] = prior_box_steps(a);
  const Port boxes = l.emit("PriorBoxClustered", 1,
                            {{"width", a.numbers("width")},
                             {"height", a.numbers("height")},
                             {"clip", a.boolean("clip")},
                             {"step_w", step_w},
                             {"step_h", step_h},
                             {"offset", a.number("offset")},
                             {"variance", prior_box_variances(a)}},
                            {spatial_size(l, 0, "layer"), image_size(l)}, {2, l.output_shape()[2]}, "boxes");
  l.output(0, with_batch(l, boxes));
}

void spell_prior_box(ir::legacy::Spelling& s) {
  s.type("PriorBox");
  s.copy({"aspect_ratio", "clip", "flip", "max_size", "min_size", "offset", "step", "step_h", "step_w",
          "img_h", "img_w", "variance"});
  if (s.dialect().box_densities)
    for (const char* name : {"density", "fixed_ratio", "fixed_size"}) s.attribute(name, std::vector<float>{});
}

/// Of a single variance engines write the first quarter alone, so that there are always four.
void spell_clustered(ir::legacy::Spelling& s) {
  s.type("PriorBoxClustered");
  s.copy({"clip", "flip", "height", "width", "offset", "step", "step_h", "step_w", "img_h", "img_w"});
  s.attribute("variance", prior_box_variances(s.attributes()));
}

/// What both kinds have.  An engine takes 0 for a step or size that is not given.
void read_grid(ir::legacy::Reading& r) {
  using ir::legacy::Kind;
  r.attributes.set("clip", r.boolean("clip", false));
  r.attributes.set("flip", r.boolean("flip", false));
  r.attributes.set("offset", r.number("offset", 0.5F));
  r.copy(Kind::numbers, "variance");
  for (const char* name : {"step", "step_h", "step_w"}) r.copy(Kind::number, name);
  if (r.integer("img_h", 0) > 0 && r.integer("img_w", 0) > 0)
    for (const char* name : {"img_h", "img_w"}) r.copy(Kind::integer, name);
}

void read_prior_box(ir::legacy::Reading& r) {
  for (const char* name : {"fixed_size", "fixed_ratio", "density"})
    if (!r.numbers(name, std::vector<float>{}).empty()) r.unsupported(name);
  if (!r.boolean("scale_all_sizes", true)) r.unsupported("scale_all_sizes");
  read_grid(r);
  r.attributes.set("min_size", r.numbers("min_size"));
  r.attributes.set("max_size", r.numbers("max_size", std::vector<float>{}));
  r.attributes.set("aspect_ratio", r.numbers("aspect_ratio", std::vector<float>{}));
}

void read_clustered(ir::legacy::Reading& r) {
  read_grid(r);
  r.attributes.set("width", r.numbers("width"));
  r.attributes.set("height", r.numbers("height"));
}

/// ONNX has no operator for boxes: they are a constant.
void onnx_boxes(onnx::Lowering& l, std::vector<BoxSize> sizes) {
  const Attributes& a = l.attributes();
  if (!can_be_constant(a, l.input_shape(1), l.output_shape()))
    l.refuse("its boxes cannot be computed beforehand for inputs of " + to_string(l.input_shape(0)) +
                 " and " + to_string(l.input_shape(1)),
             "give the input's size with --input_shape");
  const PriorBoxGrid grid = prior_box_grid(a, l.input_shape(0), l.input_shape(1), std::move(sizes));
  l.output(0, l.exact(prior_box_values(grid), l.output_shape(), "boxes"));
}

}  // namespace

/// SSD's boxes around every cell of input 0 [N, C, H, W] of an image, input 1: [1, 2, boxes * 4], corners and
/// variances.  Attributes: min_size, max_size, aspect_ratio, flip, clip, offset; where given: variance (1 or
/// 4), step or step_h and step_w (pixels), img_h and img_w (instead of the image's own size).
const OpDef prior_box = {.name = "PriorBox",
                         .infer = infer_prior_box,
                         .opset = lower_prior_box,
                         .legacy = spell_prior_box,
                         .onnx = [](onnx::Lowering& l) { onnx_boxes(l, prior_box_sizes(l.attributes())); },
                         .from_legacy = {{"PriorBox"}, read_prior_box}};

/// The same with boxes of given width and height (lists of one length).
const OpDef prior_box_clustered = {
    .name = "PriorBoxClustered",
    .infer = infer_clustered,
    .opset = lower_clustered,
    .legacy = spell_clustered,
    .onnx = [](onnx::Lowering& l) { onnx_boxes(l, clustered_box_sizes(l.attributes())); },
    .from_legacy = {{"PriorBoxClustered"}, read_clustered}};

}  // namespace mo::op
