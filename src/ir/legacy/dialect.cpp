#include "ir/legacy/dialect.h"

#include <fmt/format.h>

#include <array>
#include <stdexcept>

namespace mo::ir::legacy {

namespace {

constexpr Dialect v2{.version = 2,
                     .window_lists = false,
                     .layer_precision = true,
                     .flatten_layer = true,
                     .flatten_end_axis = false,
                     .max_excludes_pad = false,
                     .reshape_attribute = true,
                     .reshape_axes = true,
                     .integer_constants = true,
                     .relu_slope = true,
                     .eltwise_coeff = true,
                     .eltwise_broadcasts = false,
                     .split_layer = false,
                     .fc_flattens = true,
                     .fuses_power = false,
                     .exponentials = false,
                     .gathers = false,
                     .sequences = false,
                     .unset_image_size = true,
                     .box_densities = false,
                     .region_variants = false,
                     .resizes_by_size = false};

constexpr Dialect after_v2() {
  Dialect d = v2;
  d.version = 3;
  d.window_lists = true;
  return d;
}
constexpr Dialect v3 = after_v2();

constexpr Dialect after_v3() {
  Dialect d = v3;
  d.version = 4;
  d.gathers = true;
  d.flatten_end_axis = true;
  d.max_excludes_pad = true;
  d.unset_image_size = false;
  return d;
}
constexpr Dialect v4 = after_v3();

constexpr Dialect after_v4() {
  Dialect d = v4;
  d.version = 5;
  d.sequences = true;
  d.reshape_attribute = false;
  d.integer_constants = false;
  d.eltwise_broadcasts = true;
  return d;
}
constexpr Dialect v5 = after_v4();

constexpr Dialect after_v5() {
  Dialect d = v5;
  d.version = 6;
  d.integer_constants = true;
  d.relu_slope = false;
  d.eltwise_coeff = false;
  d.fuses_power = true;
  d.exponentials = true;
  d.box_densities = true;
  return d;
}
constexpr Dialect v6 = after_v5();

constexpr Dialect after_v6() {
  Dialect d = v6;
  d.version = 7;
  d.layer_precision = false;
  d.flatten_layer = false;
  d.reshape_axes = false;
  d.split_layer = true;
  d.fc_flattens = false;
  d.region_variants = true;
  d.resizes_by_size = true;
  return d;
}
constexpr Dialect v7 = after_v6();

template <class T>
std::string joined(const std::vector<T>& values) {
  std::string text;
  for (const T value : values) {
    if (!text.empty()) text += ',';
    text += format(AttributeValue(value));
  }
  return text;
}

struct Formatter {
  std::string operator()(bool value) const { return value ? "1" : "0"; }
  std::string operator()(std::int64_t value) const { return fmt::format("{}", value); }
  std::string operator()(float value) const { return format(static_cast<double>(value)); }
  std::string operator()(const std::string& value) const { return value; }
  std::string operator()(const std::vector<std::int64_t>& values) const { return joined(values); }
  std::string operator()(const std::vector<float>& values) const { return joined(values); }
};

/// The names of v2 for an attribute of lists: that of the first axis (H), that of the second (W).
struct AxisNames {
  std::string_view list, height, width;
};
constexpr std::array axis_names{
    AxisNames{"kernel", "kernel-y", "kernel-x"},
    AxisNames{"strides", "stride-y", "stride-x"},
    AxisNames{"pads_begin", "pad-y", "pad-x"},
    AxisNames{"pads_end", "pad-b", "pad-r"},
    // The original has these two the other way round; Caffe gives both the same value in nearly every net.
    AxisNames{"dilations", "dilation-x", "dilation-y"},
};

}  // namespace

const Dialect& dialect(int version) {
  static constexpr std::array<const Dialect*, 6> all{&v2, &v3, &v4, &v5, &v6, &v7};
  if (!is_legacy(version))
    throw std::invalid_argument("no legacy dialect for IR version " + std::to_string(version));
  return *all[static_cast<std::size_t>(version - lowest_version)];
}

std::string format(double value) {
  std::string text = fmt::format("{}", value);
  if (text.find_first_of(".eni") == std::string::npos) text += ".0";  // not for 1e+16, inf, nan
  return text;
}

std::string format(const AttributeValue& value) {
  return std::visit(Formatter{}, value);
}

std::vector<std::pair<std::string, AttributeValue>> window_attributes(std::string_view name,
                                                                      const std::vector<std::int64_t>& values,
                                                                      const Dialect& dialect) {
  if (!dialect.window_lists && values.size() == 2)
    for (const AxisNames& names : axis_names)
      if (names.list == name)
        return {{std::string(names.height), values[0]}, {std::string(names.width), values[1]}};
  return {{std::string(name), values}};
}

}  // namespace mo::ir::legacy
