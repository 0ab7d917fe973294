#include <array>
#include <cmath>

#include "caffe/layers/layers.h"
#include "caffe/layers/region_proposal.h"
#include "caffe/param_str.h"

namespace mo::caffe::layers {

namespace {

constexpr const char* param_str = "python_param.param_str";

std::vector<ParamEntry> entries(const LayerContext& c) {
  try {
    return parse_param_str(c.text(param_str));
  } catch (const ParamStrError& error) {
    c.fail_at(param_str, code::bad_value,
              std::string(error.what()) + " (character " + std::to_string(error.offset + 1) + ")",
              "write a Python dict or YAML, such as \"'feat_stride': 16\"");
  }
}

double number(const LayerContext& c, const ParamEntry& entry, const ParamScalar& value) {
  if (!value.number || !std::isfinite(*value.number) || std::abs(*value.number) > 1e9)
    c.fail_at(param_str, code::bad_value,
              "the value \"" + value.text + "\" of " + entry.key + " is no number", "write a number");
  return *value.number;
}

double single_number(const LayerContext& c, const ParamEntry& entry) {
  if (entry.is_list) c.fail_at(param_str, code::bad_value, entry.key + " is a list", "write one number");
  return number(c, entry, entry.values.front());
}

std::vector<float> numbers(const LayerContext& c, const ParamEntry& entry) {
  std::vector<float> values;
  for (const ParamScalar& value : entry.values) values.push_back(static_cast<float>(number(c, entry, value)));
  return values;
}

void lower_proposal(LayerContext& c) {
  ProposalParameters parameters;
  for (const ParamEntry& entry : entries(c)) {
    const auto integer = [&] { return static_cast<std::int64_t>(std::llround(single_number(c, entry))); };
    if (entry.key == "feat_stride")
      parameters.feat_stride = integer();
    else if (entry.key == "base_size")
      parameters.base_size = integer();
    else if (entry.key == "min_size")
      parameters.min_size = integer();
    else if (entry.key == "ratios" || entry.key == "ratio")
      parameters.ratio = numbers(c, entry);
    else if (entry.key == "scales" || entry.key == "scale")
      parameters.scale = numbers(c, entry);
    else if (entry.key == "pre_nms_topn")
      parameters.pre_nms_topn = integer();
    else if (entry.key == "post_nms_topn")
      parameters.post_nms_topn = integer();
    else if (entry.key == "nms_thresh")
      parameters.nms_thresh = static_cast<float>(single_number(c, entry));
    else
      c.note(code::ignored_parameter, Severity::warning, "param_str: \"" + entry.key + "\" has no effect",
             "feat_stride, base_size, min_size, ratios, scales, pre_nms_topn, post_nms_topn and nms_thresh "
             "are known");
  }
  if (c.bottom_count() != 3)
    c.fail(code::wrong_arity,
           "it has " + std::to_string(c.bottom_count()) +
               " bottoms where it takes scores, box deltas and im_info",
           "correct the bottom lines of this layer");
  emit_proposal(c, parameters);
}

/// A net of YOLO v2's repository for Caffe has its rearrangement in Python, always by 2.
void lower_reorg(LayerContext& c) {
  c.top(0, c.emit_value(op::reorg_yolo, {c.bottom(0)}, {{"stride", std::int64_t{2}}}));
}

void lower(LayerContext& c) {
  const std::string module = c.text("python_param.module");
  const std::string layer = c.text("python_param.layer");
  if (layer == "ProposalLayer" && module.ends_with("proposal_layer")) return lower_proposal(c);
  if (layer == "darknet_reorg" && c.bottom_count() == 1) return lower_reorg(c);
  if (layer == "SpatialDropoutLayer" && c.bottom_count() == 1)
    return c.top(0, c.bottom(0));  // ENet's, for training
  c.fail(code::unsupported_layer,
         "it is the Python layer " + module + "." + layer + ", whose code is not in the model",
         "replace it by layers of Caffe, describe it as a custom layer, or cut the net before it with "
         "--output; of Python layers only rpn.proposal_layer.ProposalLayer, yolov2.darknet_reorg and "
         "spatial_dropout.SpatialDropoutLayer are known");
}

}  // namespace

const LayerDef python = {
    .types = {"Python"},
    .parameters = {{"python_param.module", std::string()},
                   {"python_param.layer", std::string()},
                   {"python_param.param_str", std::string()}},
    .blobs = {0, any_number},
    .bottoms = {0, any_number},
    .tops = {0, any_number},
    .lower = lower,
    .example = {{{1, 18, 4, 4}, {1, 36, 4, 4}, {1, 3}},
                "python_param { module: 'rpn.proposal_layer' layer: 'ProposalLayer' param_str: "
                "\"'feat_stride': 16\" }"},
};

std::span<const LayerDef* const> python_layers() {
  static constexpr std::array layers{&python};
  return layers;
}

}  // namespace mo::caffe::layers
