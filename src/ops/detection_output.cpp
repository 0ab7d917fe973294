#include <limits>

#include "ir/legacy/reading.h"
#include "ir/legacy/spelling.h"
#include "ir/opset/lowering.h"
#include "ops/onnx_detection.h"
#include "ops/ops.h"
#include "ops/shapes.h"

namespace mo::op {

namespace {

using ir::opset::Lowering;
using ir::opset::Port;

constexpr std::int64_t limit = std::int64_t{1} << 31;

/// Numbers per prior: its corners, behind an image id where boxes are in pixels.
std::int64_t prior_size(const Attributes& a) {
  return a.boolean("normalized") ? 4 : 5;
}

std::int64_t locations_per_prior(const Attributes& a) {
  return a.boolean("share_location") ? 1 : a.integer("num_classes");
}

/// Elements of an image in an input [N, X], [N, X, 1, 1] ...; -1 when unknown.
std::int64_t per_image(const Shape& shape) {
  return shapes::product(shape, 1, shape.size());
}

void require_size(ShapeContext& c, const Shape& input, std::int64_t wanted, const char* what) {
  const std::int64_t found = per_image(input);
  if (found >= 0 && wanted >= 0 && found != wanted)
    c.fail("its " + std::string(what) + " " + to_string(input) + " have " + std::to_string(found) +
               " numbers for an image where its priors need " + std::to_string(wanted),
           "check num_classes and share_location, and that each prior layer has as many boxes as its feature "
           "map predicts");
}

constexpr std::int64_t most_classes = std::int64_t{1} << 20;
constexpr std::int64_t most_images = std::int64_t{1} << 20;

void infer(ShapeContext& c) {
  const Attributes& a = c.attributes();
  const std::int64_t classes = a.integer("num_classes");
  const std::int64_t top_k = a.integer("top_k");
  const std::int64_t keep_top_k = a.integer("keep_top_k");
  c.require(classes > 0 && classes < most_classes, "num_classes is missing or out of range");
  c.require(top_k >= -1 && top_k < limit, "nms_param.top_k is out of range");
  c.require(keep_top_k == -1 || (keep_top_k > 0 && keep_top_k < limit), "keep_top_k is out of range");
  c.require(c.input_count() == 3 || c.input_count() == 5,
            "it takes locations, confidences and priors, and either both or none of the refinement's "
            "confidences and locations");
  const Shape& locations = c.input(0);
  const Shape& confidences = c.input(1);
  const Shape& priors = c.input(2);
  c.require(locations.size() >= 2 && confidences.size() >= 2,
            "its locations " + to_string(locations) + " or confidences " + to_string(confidences) +
                " are not lists for each image");
  c.require(priors.size() >= 3 && (priors[1] == 2 || priors[1] == 1 || priors[1] == -1),
            "its priors " + to_string(priors) + " are not [1, 2, priors * 4]");
  const std::int64_t prior_values = shapes::product(priors, 2, priors.size());
  std::int64_t count = -1;
  if (prior_values >= 0) {
    c.require(prior_values % prior_size(a) == 0 && prior_values < limit,
              "its priors " + to_string(priors) + " are not whole boxes");
    count = prior_values / prior_size(a);
    require_size(c, locations, count * 4 * locations_per_prior(a), "locations");
    require_size(c, confidences, count * classes, "confidences");
  }
  const std::int64_t rows = keep_top_k > 0 ? keep_top_k : top_k > 0 ? top_k * classes : count * classes;
  const std::int64_t images = locations[0];
  c.require(images < most_images && (rows < 0 || images < 0 || rows < limit), "it gives too many rows");
  c.output(0, {1, 1, rows < 0 || images < 0 ? -1 : rows * images, 7});
}

/// What the operation wants as rank: lists per image.
Port flattened(Lowering& l, std::size_t index, std::size_t rank, const char* name) {
  const Shape& shape = l.input_shape(index);
  if (shape.size() == rank) return l.input(index);
  Shape out(shape.begin(), shape.begin() + static_cast<std::ptrdiff_t>(rank) - 1);
  std::vector<std::int64_t> dims(rank - 1, 0);
  out.push_back(shapes::product(shape, rank - 1, shape.size()));
  dims.push_back(-1);
  return l.reshape(l.input(index), std::move(dims), std::move(out), name);
}

/// The first row of priors [1, 2, X], which holds the boxes: [1, 1, X].
Port boxes_of(Lowering& l, Port priors) {
  const Shape& shape = l.shape(priors);
  if (shape[1] == 1) return priors;
  const Shape half{shape[0], 1, shape[2]};
  return l.emit_many("Split", 1, {{"num_splits", std::int64_t{2}}}, {priors, l.integer(1, "rows_axis")},
                     {{half, ir::Precision::fp32, {}}, {half, ir::Precision::fp32, {}}}, "prior_rows");
}

/// CORNER_SIZE scales CORNER's offsets by the prior's width and height: so do we, for CORNER to add them.
Port scaled_by_priors(Lowering& l, Port locations, Port priors) {
  const Attributes numpy{{"auto_broadcast", std::string("numpy")}};
  const std::int64_t groups = locations_per_prior(l.attributes());
  const Shape flat = l.shape(locations);
  const std::int64_t count = l.shape(priors)[2] < 0 ? -1 : l.shape(priors)[2] / 4;
  const Port boxes = l.reshape(boxes_of(l, priors), {1, -1, 1, 4}, {1, count, 1, 4}, "prior_boxes");
  const Shape pair{1, count, 1, 2};
  const Port corners =
      l.emit_many("Split", 1, {{"num_splits", std::int64_t{2}}}, {boxes, l.integer(3, "corners_axis")},
                  {{pair, ir::Precision::fp32, {}}, {pair, ir::Precision::fp32, {}}}, "prior_corners");
  const Port size = l.emit("Subtract", 1, numpy, {{corners.layer, 1}, corners}, pair, "prior_sizes");
  const Port sizes =
      l.emit("Concat", 1, {{"axis", std::int64_t{3}}}, {size, size}, {1, count, 1, 4}, "factors");
  const Shape grouped{flat[0], count, groups, 4};
  const Port offsets = l.reshape(locations, {0, -1, groups, 4}, grouped, "offsets");
  const Port scaled = l.emit("Multiply", 1, numpy, {offsets, sizes}, grouped, "scaled_offsets");
  return l.reshape(scaled, {0, -1}, flat, "locations");
}

void lower(Lowering& l) {
  const Attributes& a = l.attributes();
  Port locations = flattened(l, 0, 2, "location_list");
  Port priors = flattened(l, 2, 3, "prior_list");
  std::string code_type = a.text("code_type");
  const std::string corner_size = "caffe.PriorBoxParameter.CORNER_SIZE";
  if (code_type == corner_size) {
    locations = scaled_by_priors(l, locations, priors);
    code_type = "caffe.PriorBoxParameter.CORNER";
  }
  const bool in_target = a.boolean("variance_encoded_in_target");
  if (in_target) priors = boxes_of(l, priors);
  std::int64_t keep_top_k = a.integer("keep_top_k");
  std::int64_t top_k = a.integer("top_k");
  std::int64_t background = a.integer("background_label_id");
  if (l.dialect().opset1_only) {  // engines of that time know no -1
    if (background == -1) background = a.integer("num_classes");
    if (keep_top_k == -1 && l.output_shape()[2] > 0) keep_top_k = l.output_shape()[2] / l.input_shape(0)[0];
    if (top_k == -1 && l.shape(priors)[2] > 0) top_k = l.shape(priors)[2] / prior_size(a);
  }
  std::vector<Port> inputs{locations, flattened(l, 1, 2, "confidence_list"), priors};
  for (std::size_t i = 3; i < l.input_count(); ++i)
    inputs.push_back(flattened(l, i, 2, i == 3 ? "refined_confidence_list" : "refined_location_list"));
  l.output(0, l.emit("DetectionOutput", 1,
                     {{"num_classes", a.integer("num_classes")},
                      {"background_label_id", background},
                      {"top_k", top_k},
                      {"variance_encoded_in_target", in_target},
                      {"keep_top_k", std::vector<std::int64_t>{keep_top_k}},
                      {"code_type", code_type},
                      {"share_location", a.boolean("share_location")},
                      {"nms_threshold", a.number("nms_threshold")},
                      {"confidence_threshold", a.number("confidence_threshold")},
                      {"clip_after_nms", false},
                      {"clip_before_nms", false},
                      {"decrease_label_id", false},
                      {"normalized", a.boolean("normalized")},
                      {"input_height", a.integer("input_height")},
                      {"input_width", a.integer("input_width")},
                      {"objectness_score", a.number("objectness_score")}},
                     inputs, l.output_shape()));
}

void spell(ir::legacy::Spelling& s) {
  const Attributes& a = s.attributes();
  if (s.input_count() > 3) s.needs_version(10, "DetectionOutput with a refinement's inputs");
  const std::int64_t priors = s.input_shape(2).back() / 4;
  const std::int64_t keep = a.integer("keep_top_k");
  s.type("DetectionOutput");
  s.copy({"background_label_id", "code_type", "confidence_threshold", "eta", "nms_threshold", "normalized",
          "share_location", "top_k", "variance_encoded_in_target"});
  for (const char* name : {"input_height", "input_width"})
    if (s.dialect().unset_image_size && !a.get_or("image_size_given", true))
      s.attribute(name, std::int64_t{-1});
    else
      s.copy({name});
  s.attribute("keep_top_k", keep < 0 ? priors : keep);
  s.attribute("num_classes", priors > 0 ? s.input_shape(1).back() / priors : a.integer("num_classes"));
  s.attribute("visualize", std::string(a.boolean("visualize") ? "True" : "False"));
  s.copy({"label_map_file", "name_size_file", "num_test_image", "output_directory", "output_format",
          "output_name_prefix", "save_file", "visualize_threshold", "prob", "resize_mode", "height", "width",
          "height_scale", "width_scale", "pad_mode", "pad_value", "interp_mode"});
}

void read(ir::legacy::Reading& r) {
  if (r.boolean("decrease_label_id", false)) r.unsupported("decrease_label_id");
  for (const char* name : {"clip_before_nms", "clip_after_nms"})
    if (r.boolean(name, false)) r.unsupported(name);
  const std::int64_t height = r.integer("input_height", -1);
  const std::int64_t width = r.integer("input_width", -1);
  const std::string code_type = r.text("code_type", "caffe.PriorBoxParameter.CORNER");
  r.copy_texts({"label_map_file", "name_size_file", "num_test_image", "output_directory", "output_format",
                "output_name_prefix", "save_file", "visualize_threshold", "prob", "resize_mode", "height",
                "width", "height_scale", "width_scale", "pad_mode", "pad_value", "interp_mode"});
  Attributes& a = r.attributes;
  a.set("num_classes", r.integer("num_classes"));
  a.set("background_label_id", r.integer("background_label_id", 0));
  a.set("top_k", r.integer("top_k", -1));
  a.set("keep_top_k", r.integer("keep_top_k", -1));
  a.set("code_type", code_type.starts_with("caffe.") ? code_type : "caffe.PriorBoxParameter." + code_type);
  a.set("share_location", r.boolean("share_location", true));
  a.set("nms_threshold", r.number("nms_threshold"));
  a.set("confidence_threshold", r.number("confidence_threshold", std::numeric_limits<float>::lowest()));
  a.set("eta", r.number("eta", 1.0F));
  a.set("variance_encoded_in_target", r.boolean("variance_encoded_in_target", false));
  a.set("normalized", r.boolean("normalized", true));
  a.set("image_size_given", height != -1 || width != -1);
  a.set("input_height", height == -1 ? std::int64_t{1} : height);
  a.set("input_width", width == -1 ? std::int64_t{1} : width);
  a.set("objectness_score", r.number("objectness_score", 0.0F));
  a.set("visualize", r.boolean("visualize", false));
}

}  // namespace

/// SSD's decoding and non-maximum suppression.  Inputs: locations [N, priors * 4 (* classes)], confidences
/// [N, priors * classes], priors [1, 2, priors * 4]; RefineDet's confidences and locations behind them.
/// Output: [1, 1, N * rows, 7]: image, class, score, corners; a row of image -1 ends the list.
/// Attributes: num_classes, share_location, background_label_id, nms_threshold, top_k (-1: all), eta,
/// code_type (`caffe.PriorBoxParameter.CENTER_SIZE` ...), keep_top_k (-1: all), confidence_threshold,
/// variance_encoded_in_target, normalized, input_height, input_width, objectness_score, visualize; what
/// save_output_param says stands beside them for legacy IR.
const OpDef detection_output = {.name = "DetectionOutput",
                                .infer = infer,
                                .opset = lower,
                                .legacy = spell,
                                .onnx = onnx_detection_output,
                                .from_legacy = {{"DetectionOutput"}, read}};

}  // namespace mo::op
