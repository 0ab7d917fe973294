#include <array>
#include <cmath>

#include "caffe/layer_context.h"
#include "caffe/layers/layers.h"

namespace mo::caffe::layers {

namespace {

/// A layer of one bottom and no parameters that is one op.
LayerDef plain(std::vector<std::string_view> types, const OpDef& op) {
  return {.types = std::move(types),
          .parameters = {},
          .blobs = {0, 0},
          .bottoms = {1, 1},
          .tops = {1, 1},
          .lower = [&op](LayerContext& c) { c.top(0, c.emit_value(op, {c.bottom(0)})); }};
}

/// scale x + shift in front of another op, or x itself.
Value scaled(LayerContext& c, float scale, float shift) {
  if (scale == 1.0F && shift == 0.0F) return c.bottom(0);
  return c.emit_value(op::power, {c.bottom(0)}, {{"power", 1.0F}, {"scale", scale}, {"shift", shift}}, {},
                      "scaled");
}

/// Caffe's base: -1 stands for e; anything else must be positive.
double log_of_base(const LayerContext& c, std::string_view path) {
  const float base = c.number(path);
  if (base == -1.0F) return 1.0;
  if (!(base > 0.0F)) c.fail_at(path, code::bad_value, "the base must be positive, or -1 for e");
  return std::log(static_cast<double>(base));
}

void lower_prelu(LayerContext& c) {
  std::vector<Blob> blobs;
  if (c.blob_count() > 0) blobs.push_back({"weights", c.vector_blob(0, 0, "slopes")});
  c.top(0, c.emit_value(op::prelu, {c.bottom(0)},
                        {{"channel_shared", c.boolean("prelu_param.channel_shared")}}, std::move(blobs)));
}

/// base^(scale x + shift) = e^(ln(base) (scale x + shift)).
void lower_exp(LayerContext& c) {
  const double factor = log_of_base(c, "exp_param.base");
  const auto scale = static_cast<float>(factor * c.number("exp_param.scale"));
  const auto shift = static_cast<float>(factor * c.number("exp_param.shift"));
  c.top(0, c.emit_value(op::exp, {scaled(c, scale, shift)}));
}

/// ln(scale x + shift) / ln(base).
void lower_log(LayerContext& c) {
  const double factor = log_of_base(c, "log_param.base");
  if (factor == 0.0) c.fail_at("log_param.base", code::bad_value, "the base of a logarithm cannot be 1");
  const Value x = scaled(c, c.number("log_param.scale"), c.number("log_param.shift"));
  if (factor == 1.0) {
    c.top(0, c.emit_value(op::log, {x}));
    return;
  }
  const Value natural = c.emit_value(op::log, {x}, {}, {}, "natural");
  c.top(0, c.emit_value(op::power, {natural},
                        {{"power", 1.0F}, {"scale", static_cast<float>(1.0 / factor)}, {"shift", 0.0F}}));
}

}  // namespace

const LayerDef relu = {
    .types = {"ReLU"},
    .parameters = {{"relu_param.negative_slope", 0.0F}},
    .blobs = {0, 0},
    .bottoms = {1, 1},
    .tops = {1, 1},
    .lower =
        [](LayerContext& c) {
          c.top(0, c.emit_value(op::relu, {c.bottom(0)},
                                {{"negative_slope", c.number("relu_param.negative_slope")}}));
        },
};

const LayerDef prelu = {
    .types = {"PReLU"},
    .parameters = {{"prelu_param.channel_shared", false}},
    .blobs = {1, 1},
    .bottoms = {1, 1},
    .tops = {1, 1},
    .lower = lower_prelu,
    .blob_shapes = [](const LayerContext& c) -> std::vector<Shape> {
      return {{c.boolean("prelu_param.channel_shared") ? 1 : c.channels()}};
    },
};

const LayerDef elu = {
    .types = {"ELU"},
    .parameters = {{"elu_param.alpha", 1.0F}},
    .blobs = {0, 0},
    .bottoms = {1, 1},
    .tops = {1, 1},
    .lower =
        [](LayerContext& c) {
          c.top(0, c.emit_value(op::elu, {c.bottom(0)}, {{"alpha", c.number("elu_param.alpha")}}));
        },
};

const LayerDef sigmoid = plain({"Sigmoid"}, op::sigmoid);
const LayerDef tanh = plain({"TanH"}, op::tanh);
const LayerDef abs_val = plain({"AbsVal"}, op::abs);

const LayerDef power = {
    .types = {"Power"},
    .parameters = {{"power_param.power", 1.0F}, {"power_param.scale", 1.0F}, {"power_param.shift", 0.0F}},
    .blobs = {0, 0},
    .bottoms = {1, 1},
    .tops = {1, 1},
    .lower =
        [](LayerContext& c) {
          c.top(0, c.emit_value(op::power, {c.bottom(0)},
                                {{"power", c.number("power_param.power")},
                                 {"scale", c.number("power_param.scale")},
                                 {"shift", c.number("power_param.shift")}}));
        },
    .example = {{}, "power_param { power: 2 scale: 3 shift: 1 }"},
};

const LayerDef exp = {
    .types = {"Exp"},
    .parameters = {{"exp_param.base", -1.0F}, {"exp_param.scale", 1.0F}, {"exp_param.shift", 0.0F}},
    .blobs = {0, 0},
    .bottoms = {1, 1},
    .tops = {1, 1},
    .lower = lower_exp,
};

const LayerDef log = {
    .types = {"Log"},
    .parameters = {{"log_param.base", -1.0F}, {"log_param.scale", 1.0F}, {"log_param.shift", 0.0F}},
    .blobs = {0, 0},
    .bottoms = {1, 1},
    .tops = {1, 1},
    .lower = lower_log,
};

std::span<const LayerDef* const> activation_layers() {
  static constexpr std::array layers{&relu, &prelu, &elu, &sigmoid, &tanh, &abs_val, &power, &exp, &log};
  return layers;
}

}  // namespace mo::caffe::layers
