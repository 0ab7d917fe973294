#include <array>

#include "caffe/layer_context.h"
#include "caffe/layers/layers.h"

namespace mo::caffe::layers {

namespace {

using Integers = std::vector<std::int64_t>;

/// One value for all axes (of forks: one for each), or the _h and _w forms.
Integers per_axis(const LayerContext& c, const std::string& name, const std::string& stem, std::size_t axes) {
  const std::string h = "pooling_param." + stem + "_h";
  const std::string w = "pooling_param." + stem + "_w";
  if (axes == 2 && (c.has(h) || c.has(w))) return {c.integer(h), c.integer(w)};
  Integers values = c.integers("pooling_param." + name);
  if (values.size() == 1) values.resize(axes, values.front());
  if (values.size() != axes)
    c.fail_at("pooling_param." + name, code::bad_value,
              std::to_string(values.size()) + " values for " + std::to_string(axes) + " spatial axes",
              "give one value for all axes, or one for each");
  return values;
}

/// DenseNet's forks say `ceil_mode: false`, others `round_mode: FLOOR`.
std::string rounding(const LayerContext& c) {
  if (c.has("pooling_param.ceil_mode")) return c.boolean("pooling_param.ceil_mode") ? "ceil" : "floor";
  const std::string mode = c.text("pooling_param.round_mode");
  if (mode == "CEIL" || mode == "0") return "ceil";
  if (mode == "FLOOR" || mode == "1") return "floor";
  c.fail_at("pooling_param.round_mode", code::bad_value, "\"" + mode + "\" is not a rounding",
            "write CEIL or FLOOR");
}

std::string method(const LayerContext& c) {
  const std::string pool = c.text("pooling_param.pool");
  if (pool == "MAX" || pool == "0") return "max";
  if (pool == "AVE" || pool == "1") return "avg";
  if (pool == "STOCHASTIC" || pool == "2")
    c.fail_at("pooling_param.pool", code::unsupported_parameter,
              "stochastic pooling has no equivalent in the IR",
              "at inference it is a weighted average: replace it by AVE if that is good enough, or retrain");
  c.fail_at("pooling_param.pool", code::bad_value, "\"" + pool + "\" is not a pooling method",
            "write MAX or AVE");
}

/// Caffe refuses them; other readers do not.
void note_window_of_global(const LayerContext& c) {
  const auto has_no_effect = [&](const std::string& path) {
    c.note(code::ignored_parameter, Severity::warning,
           path + " has no effect: global_pooling takes all of the input", "remove it, or global_pooling");
  };
  for (const char* path : {"pooling_param.kernel_size", "pooling_param.stride", "pooling_param.pad"})
    if (const Integers given = c.integers(path);
        c.has(path) && given != Integers{std::string_view(path).ends_with("stride")})
      has_no_effect(path);
  for (const char* name : {"kernel_h", "kernel_w"})
    if (c.has("pooling_param." + std::string(name))) has_no_effect("pooling_param." + std::string(name));
}

void lower(LayerContext& c) {
  const Shape& x = c.bottom_shape(0);
  if (x.size() < 3) c.fail(code::bad_shape, "it needs a bottom with spatial axes, not " + to_string(x));
  const std::size_t axes = x.size() - 2;
  Attributes attributes{{"pool-method", method(c)}, {"rounding_type", rounding(c)}};
  const bool global = c.boolean("pooling_param.global_pooling");
  attributes.set("global", global);
  if (global) {
    note_window_of_global(c);
    attributes.set("kernel", Integers(x.begin() + 2, x.end()));
    attributes.set("strides", Integers(axes, 1));
    attributes.set("pads_begin", Integers(axes, 0));
  } else {
    attributes.set("kernel", per_axis(c, "kernel_size", "kernel", axes));
    attributes.set("strides", per_axis(c, "stride", "stride", axes));
    attributes.set("pads_begin", per_axis(c, "pad", "pad", axes));
  }
  attributes.set("pads_end", attributes.integers("pads_begin"));
  if (c.top_count() > 1) {
    if (attributes.text("pool-method") != "max") {
      c.no_top(1, "only a pooling of maxima has a mask");
    } else {
      c.top(1, c.emit_value(op::pooling_places, {c.bottom(0)}, attributes, {}, "mask"));
      c.silence(c.tops()[1]);
    }
  }
  c.top(0, c.emit_value(op::pooling, {c.bottom(0)}, std::move(attributes)));
}

}  // namespace

const LayerDef pooling = {
    .types = {"Pooling", "Pooling3D"},
    .parameters = {{"pooling_param.pool", std::string("MAX")},
                   {"pooling_param.kernel_size", Integers{}},
                   {"pooling_param.kernel_h", std::int64_t{0}},
                   {"pooling_param.kernel_w", std::int64_t{0}},
                   {"pooling_param.stride", Integers{1}},
                   {"pooling_param.stride_h", std::int64_t{1}},
                   {"pooling_param.stride_w", std::int64_t{1}},
                   {"pooling_param.pad", Integers{0}},
                   {"pooling_param.pad_h", std::int64_t{0}},
                   {"pooling_param.pad_w", std::int64_t{0}},
                   {"pooling_param.global_pooling", false},
                   {"pooling_param.ceil_mode", true},
                   {"pooling_param.round_mode", std::string("CEIL")}},
    .blobs = {0, 0},
    .bottoms = {1, 1},
    .tops = {1, 2},
    .lower = lower,
    .example = {{}, "pooling_param { kernel_size: 2 stride: 2 }"},
};

std::span<const LayerDef* const> pooling_layers() {
  static constexpr std::array layers{&pooling};
  return layers;
}

}  // namespace mo::caffe::layers
