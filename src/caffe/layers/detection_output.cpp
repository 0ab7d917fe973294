#include <array>
#include <limits>

#include "caffe/layer_context.h"
#include "caffe/layers/layers.h"

namespace mo::caffe::layers {

namespace {

/// SSD's codes by name or number, as the IR calls them.
std::string code_type(const LayerContext& c) {
  constexpr const char* path = "detection_output_param.code_type";
  const std::string given = c.text(path);
  std::size_t number = 1;
  for (const char* name : {"CORNER", "CENTER_SIZE", "CORNER_SIZE"}) {
    if (given == name || given == std::to_string(number))
      return "caffe.PriorBoxParameter." + std::string(name);
    ++number;
  }
  c.fail_at(path, code::bad_value, "\"" + given + "\" is not a code of boxes",
            "write CORNER, CENTER_SIZE or CORNER_SIZE");
}

struct Kept {
  std::string_view path;
  std::string_view attribute;
};

/// What only the training side reads: legacy IR repeats it, nothing computes with it.
constexpr std::array texts{
    Kept{"detection_output_param.save_output_param.output_directory", "output_directory"},
    Kept{"detection_output_param.save_output_param.output_name_prefix", "output_name_prefix"},
    Kept{"detection_output_param.save_output_param.output_format", "output_format"},
    Kept{"detection_output_param.save_output_param.label_map_file", "label_map_file"},
    Kept{"detection_output_param.save_output_param.name_size_file", "name_size_file"},
    Kept{"detection_output_param.save_output_param.num_test_image", "num_test_image"},
    Kept{"detection_output_param.save_output_param.resize_param.prob", "prob"},
    Kept{"detection_output_param.save_output_param.resize_param.resize_mode", "resize_mode"},
    Kept{"detection_output_param.save_output_param.resize_param.height", "height"},
    Kept{"detection_output_param.save_output_param.resize_param.width", "width"},
    Kept{"detection_output_param.save_output_param.resize_param.height_scale", "height_scale"},
    Kept{"detection_output_param.save_output_param.resize_param.width_scale", "width_scale"},
    Kept{"detection_output_param.save_output_param.resize_param.pad_mode", "pad_mode"},
    Kept{"detection_output_param.save_output_param.resize_param.pad_value", "pad_value"},
    Kept{"detection_output_param.save_output_param.resize_param.interp_mode", "interp_mode"},
    Kept{"detection_output_param.save_file", "save_file"},
    Kept{"detection_output_param.visualize_threshold", "visualize_threshold"},
};

std::vector<Parameter> parameters() {
  std::vector<Parameter> list{
      {"detection_output_param.num_classes", std::int64_t{0}},
      {"detection_output_param.share_location", true},
      {"detection_output_param.background_label_id", std::int64_t{0}},
      {"detection_output_param.nms_param.nms_threshold", 0.3F},
      {"detection_output_param.nms_param.top_k", std::int64_t{-1}},
      {"detection_output_param.nms_param.eta", 1.0F},
      {"detection_output_param.code_type", std::string("CORNER")},
      {"detection_output_param.variance_encoded_in_target", false},
      {"detection_output_param.keep_top_k", std::int64_t{-1}},
      {"detection_output_param.confidence_threshold", std::numeric_limits<float>::lowest()},
      {"detection_output_param.visualize", false},
      {"detection_output_param.normalized", true},
      {"detection_output_param.input_height", std::int64_t{1}},
      {"detection_output_param.input_width", std::int64_t{1}},
      {"detection_output_param.objectness_score", 0.0F}};
  for (const Kept& kept : texts) list.push_back({kept.path, std::string()});
  return list;
}

/// Limits on the rows: 0 is no limit for those who write it, although Caffe would keep nothing.
std::int64_t row_limit(const LayerContext& c, std::string_view path) {
  const std::int64_t given = c.integer(path);
  if (given != 0) return given;
  c.note(code::bad_value, Severity::warning,
         std::string(path) + " is 0, which would keep no box; all are kept",
         "leave it out, or write -1, to keep all");
  return -1;
}

void note_training_side(const LayerContext& c) {
  std::string names = c.boolean("detection_output_param.visualize") ? "visualize" : "";
  for (const Kept& kept : texts)
    if (c.has(kept.path)) names += (names.empty() ? "" : ", ") + std::string(kept.attribute);
  if (!names.empty())
    c.note(code::ignored_parameter, Severity::info,
           names + ": Caffe's own output of detections, which no IR makes",
           "write the files or pictures in the application");
}

void lower(LayerContext& c) {
  const float eta = c.number("detection_output_param.nms_param.eta");
  if (eta != 1.0F)
    c.note(code::ignored_parameter, Severity::warning,
           "nms_param.eta lowers the threshold from box to box; no runtime does so, all use nms_threshold",
           "compare the detections with Caffe's; near ones may be kept that Caffe removes");
  note_training_side(c);
  if (c.bottom_count() == 4)
    c.fail(code::wrong_arity, "it has the refinement's confidences as fourth bottom without its locations",
           "give both, or neither");
  Attributes attributes{
      {"num_classes", c.integer("detection_output_param.num_classes")},
      {"share_location", c.boolean("detection_output_param.share_location")},
      {"background_label_id", c.integer("detection_output_param.background_label_id")},
      {"nms_threshold", c.number("detection_output_param.nms_param.nms_threshold")},
      {"top_k", row_limit(c, "detection_output_param.nms_param.top_k")},
      {"eta", eta},
      {"code_type", code_type(c)},
      {"variance_encoded_in_target", c.boolean("detection_output_param.variance_encoded_in_target")},
      {"keep_top_k", row_limit(c, "detection_output_param.keep_top_k")},
      {"confidence_threshold", c.number("detection_output_param.confidence_threshold")},
      {"visualize", c.boolean("detection_output_param.visualize")},
      {"normalized", c.boolean("detection_output_param.normalized")},
      {"input_height", c.integer("detection_output_param.input_height")},
      {"input_width", c.integer("detection_output_param.input_width")},
      {"objectness_score", c.number("detection_output_param.objectness_score")}};
  attributes.set("image_size_given",
                 c.has("detection_output_param.input_height") || c.has("detection_output_param.input_width"));
  for (const Kept& kept : texts)
    if (c.has(kept.path)) attributes.set(kept.attribute, c.text(kept.path));
  std::vector<Value> inputs;
  for (std::size_t i = 0; i < c.bottom_count(); ++i) inputs.push_back(c.bottom(i));
  c.top(0, c.emit_value(op::detection_output, std::move(inputs), std::move(attributes)));
}

}  // namespace

const LayerDef detection_output = {
    .types = {"DetectionOutput"},
    .parameters = parameters(),
    .blobs = {0, 0},
    .bottoms = {3, 5},
    .tops = {1, 1},
    .lower = lower,
    .example = {{{1, 16}, {1, 12}, {1, 2, 16}},
                "detection_output_param { num_classes: 3 nms_param { top_k: 4 } keep_top_k: 4 }"},
};

std::span<const LayerDef* const> detection_output_layers() {
  static constexpr std::array layers{&detection_output};
  return layers;
}

}  // namespace mo::caffe::layers
