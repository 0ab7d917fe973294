#include <algorithm>
#include <array>
#include <limits>

#include "ir/check/check.h"
#include "ir/text_values.h"

namespace mo::ir::check {

namespace {

enum class Kind : std::uint8_t { integer, number, boolean, integers, numbers, text };

constexpr std::int64_t any = std::numeric_limits<std::int64_t>::min();

/// What an attribute of a layer type must be.
struct Rule {
  std::string_view type;
  std::string_view attribute;
  Kind kind;
  bool mandatory = false;
  std::int64_t least = any;       ///< of an integer, or of each in a list
  std::string_view choices = {};  ///< of a text: separated by blanks; case does not count
  int only_version = 0;           ///< 0: all
};

constexpr bool needed = true;

constexpr std::array legacy_rules{
    Rule{"Convolution", "output", Kind::integer, needed, 1},
    Rule{"Convolution", "group", Kind::integer, false, 1},
    Rule{"Deconvolution", "output", Kind::integer, needed, 1},
    Rule{"Deconvolution", "group", Kind::integer, false, 1},
    Rule{"Pooling", "pool-method", Kind::text, false, any, "max avg"},
    Rule{"Pooling", "exclude-pad", Kind::boolean},
    Rule{"Pooling", "rounding_type", Kind::text, false, any, "ceil floor"},
    Rule{"FullyConnected", "out-size", Kind::integer, needed, 1},
    Rule{"InnerProduct", "out-size", Kind::integer, needed, 1},
    Rule{"Norm", "alpha", Kind::number, needed},
    Rule{"Norm", "beta", Kind::number, needed},
    Rule{"Norm", "region", Kind::text, needed},
    Rule{"Norm", "local-size", Kind::integer, false, 1},
    Rule{"LRN", "alpha", Kind::number, needed},
    Rule{"LRN", "beta", Kind::number, needed},
    Rule{"LRN", "region", Kind::text, needed},
    Rule{"Power", "power", Kind::number, needed},
    Rule{"Power", "scale", Kind::number, needed},
    Rule{"Power", "shift", Kind::number, needed},
    Rule{"BatchNormalization", "epsilon", Kind::number, needed},
    Rule{"Clamp", "min", Kind::number, needed},
    Rule{"Clamp", "max", Kind::number, needed},
    Rule{"ReLU", "negative_slope", Kind::number},
    Rule{"PReLU", "channel_shared", Kind::boolean},
    Rule{"SoftMax", "axis", Kind::integer, false, 0},
    Rule{"Concat", "axis", Kind::integer, false, 0},
    Rule{"Slice", "axis", Kind::integer, false, 0},
    Rule{"Split", "axis", Kind::integer, false, 0},
    Rule{"Eltwise", "operation", Kind::text, false, any,
         "sum mul prod max sub div min squared_diff floor_mod pow logical_and logical_or logical_xor less "
         "less_equal greater greater_equal equal not_equal"},
    Rule{"Eltwise", "coeff", Kind::numbers},
    Rule{"Reshape", "dim", Kind::integers, false, -1},
    Rule{"Flatten", "axis", Kind::integer},
    Rule{"Flatten", "end_axis", Kind::integer},
    Rule{"Tile", "axis", Kind::integer},
    Rule{"Tile", "tiles", Kind::integer},
    Rule{"Crop", "axis", Kind::integers, needed, 0},
    Rule{"Crop", "offset", Kind::integers, false, 0},
    Rule{"Crop", "dim", Kind::integers, false, 1},
    Rule{"MVN", "across_channels", Kind::boolean},
    Rule{"MVN", "normalize_variance", Kind::boolean},
    Rule{"GRN", "bias", Kind::number},
    Rule{"Permute", "order", Kind::integers, needed, 0},
    Rule{"Activation", "type", Kind::text, needed},
    Rule{"PriorBox", "min_size", Kind::numbers, needed},
    Rule{"PriorBox", "offset", Kind::number, needed},
    Rule{"DetectionOutput", "num_classes", Kind::integer, needed, 1},
    Rule{"ROIPooling", "pooled_h", Kind::integer, needed, 1},
    Rule{"ROIPooling", "pooled_w", Kind::integer, needed, 1},
    Rule{"ROIPooling", "spatial_scale", Kind::number, needed},
    Rule{"PSROIPooling", "group_size", Kind::integer, needed, 1},
    Rule{"PSROIPooling", "output_dim", Kind::integer, needed, 1},
    Rule{"RegionYolo", "classes", Kind::integer, needed, 1},
    Rule{"ReorgYolo", "stride", Kind::integer, needed, 1},
};

/// Attributes of windows, with how small a value may be.
constexpr std::array<std::pair<std::string_view, std::int64_t>, 5> window_lists{
    {{"kernel", 1}, {"strides", 1}, {"pads_begin", 0}, {"pads_end", 0}, {"dilations", 1}}};
constexpr std::array<std::pair<std::string_view, std::int64_t>, 10> window_axes{{{"kernel-x", 1},
                                                                                 {"kernel-y", 1},
                                                                                 {"stride-x", 0},
                                                                                 {"stride-y", 0},
                                                                                 {"pad-x", 0},
                                                                                 {"pad-y", 0},
                                                                                 {"pad-r", 0},
                                                                                 {"pad-b", 0},
                                                                                 {"dilation-x", 1},
                                                                                 {"dilation-y", 1}}};

constexpr std::array opset_rules{
    Rule{"Parameter", "shape", Kind::text, needed},
    Rule{"Parameter", "element_type", Kind::text, needed},
    Rule{"Const", "shape", Kind::integers, needed, 0},
    Rule{"Const", "element_type", Kind::text, needed, any,
         "f16 f32 f64 bf16 i4 i8 i16 i32 i64 u1 u4 u8 u16 u32 u64 boolean string"},
    Rule{"Const", "offset", Kind::integer, needed, 0},
    Rule{"Const", "size", Kind::integer, needed, 0},
    Rule{"Convert", "destination_type", Kind::text, needed},
    Rule{"Convolution", "strides", Kind::integers, false, 1},
    Rule{"Convolution", "pads_begin", Kind::integers},
    Rule{"Convolution", "pads_end", Kind::integers},
    Rule{"Convolution", "dilations", Kind::integers, needed, 1, {}, 10},
    Rule{"GroupConvolution", "strides", Kind::integers, false, 1},
    Rule{"GroupConvolution", "dilations", Kind::integers, needed, 1, {}, 10},
    Rule{"MaxPool", "kernel", Kind::integers, needed, 1},
    Rule{"MaxPool", "strides", Kind::integers, false, 1},
    Rule{"AvgPool", "kernel", Kind::integers, needed, 1},
    Rule{"AvgPool", "strides", Kind::integers, false, 1},
    Rule{"AvgPool", "exclude-pad", Kind::boolean, needed},
    Rule{"Concat", "axis", Kind::integer, needed},
    Rule{"SoftMax", "axis", Kind::integer, needed},
    Rule{"MatMul", "transpose_a", Kind::boolean},
    Rule{"MatMul", "transpose_b", Kind::boolean},
    Rule{"Clamp", "min", Kind::number, needed},
    Rule{"Clamp", "max", Kind::number, needed},
    Rule{"Elu", "alpha", Kind::number, needed},
    Rule{"LRN", "alpha", Kind::number, needed},
    Rule{"LRN", "beta", Kind::number, needed},
    Rule{"LRN", "bias", Kind::number, needed},
    Rule{"LRN", "size", Kind::integer, needed, 1},
    Rule{"Reshape", "special_zero", Kind::boolean, needed},
    Rule{"DetectionOutput", "background_label_id", Kind::integer},
};

class AttributeRules {
 public:
  AttributeRules(const Document& document, Diagnostics& findings)
      : document_(document), findings_(findings) {}

  void run() {
    for (const DocumentLayer& layer : document_.layers) {
      if (document_.is_legacy())
        check_legacy(layer);
      else
        check_opset(layer);
    }
  }

 private:
  void report(const DocumentLayer& layer, std::string cause) {
    findings_.add(finding(document_, code::ir_attribute, &layer, std::move(cause)));
  }
  void check(const DocumentLayer& layer, const Rule& rule);
  void check_window(const DocumentLayer& layer);
  void check_axis(const DocumentLayer& layer);
  void check_crop(const DocumentLayer& layer);
  void check_legacy(const DocumentLayer& layer);
  void check_opset(const DocumentLayer& layer);

  const Document& document_;
  Diagnostics& findings_;
};

bool is_choice(std::string_view value, std::string_view choices) {
  while (!choices.empty()) {
    const auto blank = std::min(choices.find(' '), choices.size());
    if (same_type(value, choices.substr(0, blank))) return true;
    choices.remove_prefix(std::min(blank + 1, choices.size()));
  }
  return false;
}

bool fits(const Rule& rule, std::string_view text) {
  const auto in_range = [&](std::int64_t value) { return value >= rule.least; };
  switch (rule.kind) {
    case Kind::integer: {
      const auto value = to_integer(text);
      return value && in_range(*value);
    }
    case Kind::number:
      return to_number(text).has_value();
    case Kind::boolean:
      return to_boolean(text).has_value();
    case Kind::integers: {
      const auto values = to_integers(text);
      return values && std::ranges::all_of(*values, in_range);
    }
    case Kind::numbers:
      return to_numbers(text).has_value();
    case Kind::text:
      return rule.choices.empty() || text.empty() || is_choice(text, rule.choices);
  }
  return true;
}

void AttributeRules::check(const DocumentLayer& layer, const Rule& rule) {
  const std::string* text = layer.find(rule.attribute);
  if (text == nullptr) {
    if (rule.mandatory) report(layer, "it has no attribute " + std::string(rule.attribute));
  } else if (!fits(rule, *text)) {
    report(layer, std::string(rule.attribute) + "=\"" + *text + "\" is not a value that it can have");
  }
}

void AttributeRules::check_window(const DocumentLayer& layer) {
  const bool lists = layer.find("kernel") != nullptr;
  if (!lists && layer.find("kernel-x") == nullptr)
    return report(layer, "it has no attribute " + std::string(document_.version > 2 ? "kernel" : "kernel-x"));
  if (!lists) {
    for (const auto& [name, least] : window_axes)
      check(layer, {layer.type, name, Kind::integer, name.starts_with("kernel"), least});
    return;
  }
  const auto kernel = to_integers(*layer.find("kernel"));
  for (const auto& [name, least] : window_lists) {
    check(layer, {layer.type, name, Kind::integers, false, least});
    const std::string* text = layer.find(name);
    const auto values = text == nullptr ? std::nullopt : to_integers(*text);
    if (values && kernel && values->size() != kernel->size())
      report(layer, std::string(name) + "=\"" + *text + "\" does not have as many values as kernel");
  }
}

/// Axes lie within the rank.
void AttributeRules::check_axis(const DocumentLayer& layer) {
  const std::string* text = layer.find("axis");
  const auto axis = text == nullptr ? std::optional<std::int64_t>(1) : to_integer(*text);
  if (!axis || layer.inputs.empty()) return;
  const auto rank = static_cast<std::int64_t>(layer.inputs.front().dims.size());
  if (*axis >= rank || *axis < -rank)
    report(layer,
           "axis " + std::to_string(*axis) + " is outside its input " + to_string(layer.inputs.front().dims));
}

void AttributeRules::check_crop(const DocumentLayer& layer) {
  const auto list = [&](const char* name) {
    const std::string* text = layer.find(name);
    return text == nullptr ? std::nullopt : to_integers(*text);
  };
  const auto axes = list("axis");
  const auto offsets = list("offset");
  const auto dims = list("dim");
  if (!axes || layer.inputs.empty()) return;
  if ((offsets && offsets->size() != axes->size()) || (dims && dims->size() != axes->size()))
    return report(layer, "axis, offset and dim do not have as many values");
  const Shape& x = layer.inputs.front().dims;
  for (std::size_t i = 0; i < axes->size(); ++i) {
    const std::int64_t axis = (*axes)[i];
    if (axis < 0 || axis >= static_cast<std::int64_t>(x.size())) {
      report(layer, "axis " + std::to_string(axis) + " is outside its input " + to_string(x));
      continue;
    }
    const std::int64_t size = x[static_cast<std::size_t>(axis)];
    const std::int64_t offset = offsets ? (*offsets)[i] : 0;
    if (dims && (offset > size || (*dims)[i] > size - offset))
      report(layer,
             "it takes more of axis " + std::to_string(axis) + " than its input " + to_string(x) + " has");
  }
}

void AttributeRules::check_legacy(const DocumentLayer& layer) {
  for (const Rule& rule : legacy_rules)
    if (same_type(layer.type, rule.type)) check(layer, rule);
  const auto is = [&](std::string_view type) { return same_type(layer.type, type); };
  const std::string* pool = layer.find("kernel_size");  // the old spelling of Caffe's own
  if ((is("Convolution") || is("Deconvolution") || is("Pooling")) && pool == nullptr) check_window(layer);
  if (is("Concat") || is("Slice") || is("Split") || is("SoftMax")) check_axis(layer);
  if (is("Crop")) check_crop(layer);
  if ((is("Slice") || is("Split")) && layer.inputs.size() != 1) report(layer, "it has not one input");
  if (is("Eltwise")) {
    const std::string* text = layer.find("coeff");
    const auto coefficients = text == nullptr ? std::nullopt : to_numbers(*text);
    if (coefficients && !coefficients->empty() && coefficients->size() != layer.inputs.size())
      report(layer, "coeff has " + std::to_string(coefficients->size()) + " values for " +
                        std::to_string(layer.inputs.size()) + " inputs");
  }
  if (is("Reshape")) {
    const std::string* text = layer.find("dim");
    const auto dims = text == nullptr ? std::nullopt : to_integers(*text);
    if (dims && std::ranges::count(*dims, -1) > 1) report(layer, "dim has more than one -1");
  }
}

void AttributeRules::check_opset(const DocumentLayer& layer) {
  if (!layer.version.empty()) {
    const bool known = layer.version.starts_with("opset");
    const auto number = known ? to_integer(std::string_view(layer.version).substr(5)) : std::nullopt;
    if (known && (!number || *number < 1 || *number > 16))
      report(layer, "its operation set \"" + layer.version + "\" is not opset1 to opset16");
  }
  for (const Rule& rule : opset_rules)
    if (layer.type == rule.type && (rule.only_version == 0 || rule.only_version == document_.version))
      check(layer, rule);
}

}  // namespace

void attribute_rules(const Document& document, Diagnostics& findings) {
  AttributeRules(document, findings).run();
}

}  // namespace mo::ir::check
