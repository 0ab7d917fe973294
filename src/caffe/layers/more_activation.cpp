#include <array>

#include "caffe/layer_context.h"
#include "caffe/layers/compose.h"
#include "caffe/layers/layers.h"

// Activations of Caffe's later releases and of forks.

namespace mo::caffe::layers {

namespace {

/// A layer of one bottom that keeps its shape.
LayerDef neuron(std::vector<std::string_view> types, std::vector<Parameter> parameters,
                void (*lower)(LayerContext&), std::string_view example = {}) {
  return {.types = std::move(types),
          .parameters = std::move(parameters),
          .blobs = {0, 0},
          .bottoms = {1, 1},
          .tops = {1, 1},
          .lower = lower,
          .example = {{}, example}};
}

void lower_clip(LayerContext& c) {
  const float min = c.number("clip_param.min");
  const float max = c.number("clip_param.max");
  if (!c.has("clip_param.min") || !c.has("clip_param.max") || !(min <= max))
    c.fail(code::bad_value, "clip_param needs min and max, the first not above the second");
  c.top(0, compose::clamp(c, c.bottom(0), min, max));
}

/// min(max(x + 3, 0), 6) / 6, the piecewise linear sigmoid of MobileNet v3.
Value hard_sigmoid(LayerContext& c, std::string_view suffix) {
  const Value shifted = compose::power(c, c.bottom(0), 1.0F, 1.0F, 3.0F, "shifted");
  const Value cut = compose::clamp(c, shifted, 0.0F, 6.0F, "clamped");
  return compose::power(c, cut, 1.0F, 1.0F / 6.0F, 0.0F, suffix);
}

void lower_mish(LayerContext& c) {
  const Value soft = c.emit_value(op::bnll, {c.bottom(0)}, {}, {}, "softplus");
  const Value gate = c.emit_value(op::tanh, {soft}, {}, {}, "tanh");
  c.top(0, compose::eltwise(c, "mul", {c.bottom(0), gate}));
}

}  // namespace

/// min(max(x, 0), n).
const LayerDef relu6 = neuron({"ReLU6"}, {{"relu6_param.n", 6.0F}}, [](LayerContext& c) {
  c.top(0, compose::clamp(c, c.bottom(0), 0.0F, c.number("relu6_param.n")));
});

const LayerDef clip = neuron({"Clip"}, {{"clip_param.min", 0.0F}, {"clip_param.max", 0.0F}}, lower_clip,
                             "clip_param { min: -1 max: 1 }");

/// x sigmoid(beta x).
const LayerDef swish = neuron({"Swish"}, {{"swish_param.beta", 1.0F}}, [](LayerContext& c) {
  c.top(0, c.emit_value(op::swish, {c.bottom(0)}, {{"beta", c.number("swish_param.beta")}}));
});

/// 1 where x > threshold, else 0.
const LayerDef threshold = neuron({"Threshold"}, {{"threshold_param.threshold", 0.0F}}, [](LayerContext& c) {
  c.top(0,
        c.emit_value(op::threshold, {c.bottom(0)}, {{"threshold", c.number("threshold_param.threshold")}}));
});

/// log(1 + e^x).
const LayerDef bnll =
    neuron({"BNLL"}, {}, [](LayerContext& c) { c.top(0, c.emit_value(op::bnll, {c.bottom(0)})); });

const LayerDef hard_sigmoid_layer =
    neuron({"HSigmoid", "HardSigmoid"}, {}, [](LayerContext& c) { c.top(0, hard_sigmoid(c, {})); });

const LayerDef hard_swish = neuron({"HSwish", "HardSwish"}, {}, [](LayerContext& c) {
  c.top(0, compose::eltwise(c, "mul", {c.bottom(0), hard_sigmoid(c, "gate")}));
});

/// x tanh(log(1 + e^x)).
const LayerDef mish = neuron({"Mish"}, {}, lower_mish);

std::span<const LayerDef* const> more_activation_layers() {
  static constexpr std::array layers{&relu6,      &clip, &swish, &threshold, &bnll, &hard_sigmoid_layer,
                                     &hard_swish, &mish};
  return layers;
}

}  // namespace mo::caffe::layers
