#include <algorithm>

#include "caffe/layer_context.h"
#include "caffe/layers/layers.h"

namespace mo::caffe::layers {

namespace {

/// Blobs: mean, variance, factor that both are divided by (0 stands for "no statistics": then both are 0).
void lower_batch_norm(LayerContext& c) {
  const Shape& x = c.bottom_shape(0);
  if (x.size() < 2) c.fail(code::bad_shape, "its bottom " + to_string(x) + " has no channels");
  if (c.has("batch_norm_param.use_global_stats") && !c.boolean("batch_norm_param.use_global_stats"))
    c.fail_at("batch_norm_param.use_global_stats", code::unsupported_parameter,
              "normalising by the statistics of the batch itself is not supported yet",
              "set use_global_stats: true if the model was trained with running statistics");
  if (c.blob_count() == 0) {  // no caffemodel: shapes alone
    c.top(0, c.emit_value(op::power, {c.bottom(0)}, {{"power", 1.0F}, {"scale", 1.0F}, {"shift", 0.0F}}));
    return;
  }
  std::vector<double> mean = c.vector_blob(0, x[1], "mean").values();
  std::vector<double> variance = c.vector_blob(1, x[1], "variance").values();
  if (c.blob_count() > 2) {
    const double factor = c.vector_blob(2, 1, "scale factor").values().front();
    const double scale = factor == 0.0 ? 0.0 : 1.0 / factor;
    for (double& value : mean) value *= scale;
    for (double& value : variance) value *= scale;
  }
  const Shape channels{static_cast<std::int64_t>(mean.size())};
  c.top(0,
        c.emit_value(op::batch_normalization, {c.bottom(0)}, {{"epsilon", c.number("batch_norm_param.eps")}},
                     {{"mean", Tensor::of(channels, std::move(mean))},
                      {"variance", Tensor::of(channels, std::move(variance))}}));
}

/// Bottom 1 with its dimensions at `axis` of bottom 0, so that the two broadcast.
Value aligned(LayerContext& c, std::int64_t axis_parameter) {
  const Shape& x = c.bottom_shape(0);
  const Shape& factor = c.bottom_shape(1);
  const std::size_t axis = factor.empty() ? 0 : c.resolved_axis(axis_parameter, x.size());
  if (axis + factor.size() > x.size())
    c.fail(code::bad_shape, "its second bottom " + to_string(factor) + " does not fit the first, " +
                                to_string(x) + ", at axis " + std::to_string(axis));
  for (std::size_t i = 0; i < factor.size(); ++i)
    if (factor[i] >= 0 && x[axis + i] >= 0 && factor[i] != x[axis + i])
      c.fail(code::bad_shape, "its second bottom " + to_string(factor) + " does not fit the first, " +
                                  to_string(x) + ", at axis " + std::to_string(axis));
  if (factor.size() == x.size()) return c.bottom(1);
  std::vector<std::int64_t> dims(x.size(), 1);
  std::ranges::copy(factor, dims.begin() + static_cast<std::ptrdiff_t>(axis));
  return c.emit_value(op::reshape, {c.bottom(1)},
                      {{"dim", dims}, {"axis", std::int64_t{0}}, {"num_axes", std::int64_t{-1}}}, {},
                      "aligned");
}

/// `legacy_name`: what the original called the layer that it made of this one, where that is another name.
Attributes eltwise(const char* operation, std::string legacy_name = {}) {
  Attributes attributes{{"operation", std::string(operation)}, {"coeff", std::vector<float>{}}};
  if (!legacy_name.empty()) attributes.set("legacy_name", std::move(legacy_name));
  return attributes;
}

/// The shape of a learned factor: the bottom's dimensions [axis, axis + num_axes).
Shape learned_shape(LayerContext& c, std::size_t axis, std::int64_t num_axes) {
  const Shape& x = c.bottom_shape(0);
  const std::size_t count = num_axes < 0 ? x.size() - axis : static_cast<std::size_t>(num_axes);
  if (num_axes < -1 || axis + count > x.size())
    c.fail(code::bad_shape, "num_axes " + std::to_string(num_axes) + " at axis " + std::to_string(axis) +
                                " is outside its bottom " + to_string(x));
  return {x.begin() + static_cast<std::ptrdiff_t>(axis),
          x.begin() + static_cast<std::ptrdiff_t>(axis + count)};
}

Tensor learned(LayerContext& c, std::size_t index, const Shape& shape, std::string_view what) {
  const Tensor flat = c.vector_blob(index, element_count(shape), what);
  return element_count(shape) > 0 ? flat.reshaped(shape) : flat;
}

/// With one bottom the factor is learned, with two it is the second bottom.
void require_weights(const LayerContext& c) {
  if (c.has_weights() && c.bottom_count() == 1 && c.blob_count() == 0)
    c.fail(code::missing_weights, "the caffemodel has no weights for it",
           "take the caffemodel that belongs to this prototxt; layers are matched by name");
}

void lower_scale(LayerContext& c) {
  require_weights(c);
  const bool bias = c.boolean("scale_param.bias_term");
  const Shape& x = c.bottom_shape(0);
  const std::int64_t axis_parameter = c.integer("scale_param.axis");
  if (c.bottom_count() == 1) {
    const std::size_t axis = c.resolved_axis(axis_parameter, x.size());
    std::vector<Blob> blobs;
    if (c.blob_count() > 0) {
      const Shape shape = learned_shape(c, axis, c.integer("scale_param.num_axes"));
      blobs.push_back({"weights", learned(c, 0, shape, "scale")});
      if (bias) {
        if (c.blob_count() < 2) c.fail(code::missing_weights, "the caffemodel has no bias for it");
        blobs.push_back({"biases", learned(c, 1, shape, "bias")});
      }
    }
    c.top(0, c.emit_value(op::scale_shift, {c.bottom(0)}, {{"axis", static_cast<std::int64_t>(axis)}},
                          std::move(blobs)));
    return;
  }
  const Value factor = aligned(c, axis_parameter);
  if (!bias || c.blob_count() == 0) {
    c.top(0, c.emit_value(op::eltwise, {c.bottom(0), factor}, eltwise("mul", c.name() + "/Mul_")));
    return;
  }
  const Value product =
      c.emit_value(op::eltwise, {c.bottom(0), factor}, eltwise("mul", c.name() + "/Mul_"), {}, "product");
  const std::size_t axis = c.resolved_axis(axis_parameter, x.size());
  const Tensor offsets = learned(c, 0, c.bottom_shape(1), "bias");
  c.top(0, c.emit_value(op::scale_shift, {product}, {{"axis", static_cast<std::int64_t>(axis)}},
                        {{"biases", offsets}}));
}

void lower_bias(LayerContext& c) {
  require_weights(c);
  const Shape& x = c.bottom_shape(0);
  const std::int64_t axis_parameter = c.integer("bias_param.axis");
  if (c.bottom_count() == 2) {
    c.top(0, c.emit_value(op::eltwise, {c.bottom(0), aligned(c, axis_parameter)}, eltwise("sum")));
    return;
  }
  const std::size_t axis = c.resolved_axis(axis_parameter, x.size());
  std::vector<Blob> blobs;
  if (c.blob_count() > 0) {
    const Shape shape = learned_shape(c, axis, c.integer("bias_param.num_axes"));
    blobs.push_back({"biases", learned(c, 0, shape, "bias")});
  }
  c.top(0, c.emit_value(op::scale_shift, {c.bottom(0)}, {{"axis", static_cast<std::int64_t>(axis)}},
                        std::move(blobs)));
}

}  // namespace

const LayerDef batch_norm = {
    .types = {"BatchNorm"},
    .parameters = {{"batch_norm_param.use_global_stats", true}, {"batch_norm_param.eps", 1e-5F}},
    .blobs = {2, 3},
    .bottoms = {1, 1},
    .tops = {1, 1},
    .lower = lower_batch_norm,
};

const LayerDef scale = {
    .types = {"Scale"},
    .parameters = {{"scale_param.axis", std::int64_t{1}},
                   {"scale_param.num_axes", std::int64_t{1}},
                   {"scale_param.bias_term", false}},
    .blobs = {0, 2},
    .bottoms = {1, 2},
    .tops = {1, 1},
    .lower = lower_scale,
};

const LayerDef bias = {
    .types = {"Bias"},
    .parameters = {{"bias_param.axis", std::int64_t{1}}, {"bias_param.num_axes", std::int64_t{1}}},
    .blobs = {0, 1},
    .bottoms = {1, 2},
    .tops = {1, 1},
    .lower = lower_bias,
};

}  // namespace mo::caffe::layers
