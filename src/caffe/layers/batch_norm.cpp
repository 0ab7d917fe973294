#include <array>
#include <cmath>

#include "caffe/layer_context.h"
#include "caffe/layers/layers.h"

// The normalisations of BVLC Caffe, NVCaffe, SegNet, PSPNet and ICNet.

namespace mo::caffe::layers {

namespace {

/// The statistics of the batch that is being run, not of the training.
Value by_own_statistics(LayerContext& c, float eps, std::string_view suffix) {
  c.note(code::batch_statistics, Severity::warning,
         "it normalises by the statistics of the batch at hand, as its prototxt says: each image's result "
         "depends on the other images of its batch",
         "where the model should use the statistics of its training, say use_global_stats: true");
  return c.emit_value(op::mvn, {c.bottom(0)},
                      {{"across_channels", false},
                       {"normalize_variance", true},
                       {"eps", eps},
                       {"across_batch", true},
                       {"eps_inside", true}},
                      {}, suffix);
}

Value by_given_statistics(LayerContext& c, std::vector<double> mean, std::vector<double> variance, float eps,
                          std::string_view suffix) {
  if (mean.size() != variance.size())  // where the number of channels is not known
    c.fail(code::blob_size_mismatch, "its mean has " + std::to_string(mean.size()) +
                                         " elements, its variance " + std::to_string(variance.size()));
  const Shape shape{static_cast<std::int64_t>(mean.size())};
  return c.emit_value(
      op::batch_normalization, {c.bottom(0)}, {{"epsilon", eps}},
      {{"mean", Tensor::of(shape, std::move(mean))}, {"variance", Tensor::of(shape, std::move(variance))}},
      suffix);
}

Value unchanged(LayerContext& c, Value x) {
  return c.emit_value(op::power, {x}, {{"power", 1.0F}, {"scale", 1.0F}, {"shift", 0.0F}});
}

/// weights x + biases per channel, from two blobs of the layer.
Value scaled(LayerContext& c, Value x, std::size_t scale_blob, std::size_t shift_blob) {
  return c.emit_value(op::scale_shift, {x}, {{"axis", std::int64_t{1}}},
                      {{"weights", c.vector_blob(scale_blob, c.channels(), "scale")},
                       {"biases", c.vector_blob(shift_blob, c.channels(), "shift")}});
}

/// Blobs: mean, variance, a number that both are divided by (0 stands for "no statistics": then both are 0);
/// NVCaffe's scale and bias may follow.
void lower_batch_norm(LayerContext& c) {
  const std::int64_t count = c.channels();
  const float eps = c.number("batch_norm_param.eps");
  const bool own =
      c.has("batch_norm_param.use_global_stats") && !c.boolean("batch_norm_param.use_global_stats");
  const bool scale_bias = c.blob_count() == 5;
  if (c.boolean("batch_norm_param.scale_bias") && c.has_weights() && !scale_bias)
    c.fail(code::missing_weights,
           "scale_bias needs 5 blobs, the caffemodel has " + std::to_string(c.blob_count()),
           "take the caffemodel that belongs to this prototxt");
  if (c.blob_count() == 4) c.fail(code::blob_size_mismatch, "it has 4 blobs where 2, 3 or 5 are known");
  const std::string_view suffix = scale_bias ? "normalized" : "";
  const bool eps_inside = c.boolean("batch_norm_param.add_eps_before_sqrt");
  if (own && !eps_inside)
    c.fail_at("batch_norm_param.add_eps_before_sqrt", code::unsupported_parameter,
              "it is supported with the statistics of the training alone",
              "say use_global_stats: true if the model should use them");
  Value y;
  if (own) {
    y = by_own_statistics(c, eps, suffix);
  } else if (c.blob_count() == 0) {  // no caffemodel: shapes alone
    y = unchanged(c, c.bottom(0));
  } else {
    std::vector<double> mean = c.vector_blob(0, count, "mean").values();
    std::vector<double> variance = c.vector_blob(1, count, "variance").values();
    if (c.blob_count() > 2) {
      const double factor = c.vector_blob(2, 1, "scale factor").values().front();
      const double scale = factor == 0.0 ? 0.0 : 1.0 / factor;
      for (double& value : mean) value *= scale;
      for (double& value : variance) value *= scale;
    }
    if (!eps_inside)  // x / (sqrt(variance) + eps), as darknet has it
      for (double& value : variance) value = std::pow(std::sqrt(value) + static_cast<double>(eps), 2);
    y = by_given_statistics(c, std::move(mean), std::move(variance), eps_inside ? eps : 0.0F, suffix);
  }
  c.top(0, scale_bias ? scaled(c, y, 3, 4) : y);
}

/// SegNet's INFERENCE has 2 blobs: scale, shift, with the statistics multiplied in.  Its LEARN computes the
/// statistics.  PSPNet, ICNet: 4 blobs, slope, bias, mean, variance.
void lower_bn(LayerContext& c) {
  const float eps = c.number("bn_param.eps");
  const std::string mode = c.text("bn_param.bn_mode");
  if (c.blob_count() == 0) {
    c.top(0, unchanged(c, c.bottom(0)));
    return;
  }
  if (c.blob_count() == 3) c.fail(code::blob_size_mismatch, "it has 3 blobs where 2 or 4 are known");
  if (c.blob_count() == 4) {
    const Value y =
        by_given_statistics(c, c.vector_blob(2, c.channels(), "mean").values(),
                            c.vector_blob(3, c.channels(), "variance").values(), eps, "normalized");
    c.top(0, scaled(c, y, 0, 1));
  } else if (mode == "INFERENCE" || mode == "1") {
    c.top(0, scaled(c, c.bottom(0), 0, 1));
  } else {
    c.top(0, scaled(c, by_own_statistics(c, eps, "normalized"), 0, 1));
  }
}

}  // namespace

const LayerDef batch_norm = {
    .types = {"BatchNorm"},
    .parameters = {{"batch_norm_param.use_global_stats", true},
                   {"batch_norm_param.eps", 1e-5F},
                   {"batch_norm_param.add_eps_before_sqrt", true},
                   {"batch_norm_param.scale_bias", false}},
    .blobs = {2, 5},
    .bottoms = {1, 1},
    .tops = {1, 1},
    .lower = lower_batch_norm,
    .blob_shapes = [](const LayerContext& c) -> std::vector<Shape> {
      const Shape each{c.channels()};
      if (c.boolean("batch_norm_param.scale_bias")) return {each, each, {1}, each, each};
      return {each, each, {1}};
    },
};

const LayerDef bn = {
    .types = {"BN"},
    .parameters = {{"bn_param.eps", 1e-5F}, {"bn_param.bn_mode", std::string("LEARN")}},
    .blobs = {2, 4},
    .bottoms = {1, 1},
    .tops = {1, 1},
    .lower = lower_bn,
    .blob_shapes =
        [](const LayerContext& c) {  // the mode is SegNet's, other parameters PSPNet's
          const bool pspnet = c.has("bn_param") && !c.has("bn_param.bn_mode");
          return std::vector<Shape>(pspnet ? 4 : 2, Shape{c.channels()});
        },
    .example = {{}, "bn_param { bn_mode: INFERENCE }"},
};

std::span<const LayerDef* const> batch_norm_layers() {
  static constexpr std::array layers{&batch_norm, &bn};
  return layers;
}

}  // namespace mo::caffe::layers
