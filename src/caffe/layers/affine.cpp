#include <algorithm>
#include <array>

#include "caffe/layer_context.h"
#include "caffe/layers/layers.h"

namespace mo::caffe::layers {

namespace {

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
Shape learned_shape(const LayerContext& c, std::size_t axis, std::int64_t num_axes) {
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

const LayerDef scale = {
    .types = {"Scale"},
    .parameters = {{"scale_param.axis", std::int64_t{1}},
                   {"scale_param.num_axes", std::int64_t{1}},
                   {"scale_param.bias_term", false}},
    .blobs = {0, 2},
    .bottoms = {1, 2},
    .tops = {1, 1},
    .lower = lower_scale,
    .blob_shapes = [](const LayerContext& c) -> std::vector<Shape> {
      const bool has_bias = c.boolean("scale_param.bias_term");
      if (c.bottom_count() == 2)
        return has_bias ? std::vector<Shape>{c.bottom_shape(1)} : std::vector<Shape>{};
      const std::size_t axis = c.resolved_axis(c.integer("scale_param.axis"), c.bottom_shape(0).size());
      std::vector<Shape> shapes(has_bias ? 2 : 1, learned_shape(c, axis, c.integer("scale_param.num_axes")));
      return shapes;
    },
    .example = {{}, "scale_param { bias_term: true }"},
};

const LayerDef bias = {
    .types = {"Bias"},
    .parameters = {{"bias_param.axis", std::int64_t{1}}, {"bias_param.num_axes", std::int64_t{1}}},
    .blobs = {0, 1},
    .bottoms = {1, 2},
    .tops = {1, 1},
    .lower = lower_bias,
    .blob_shapes = [](const LayerContext& c) -> std::vector<Shape> {
      if (c.bottom_count() == 2) return {};
      const std::size_t axis = c.resolved_axis(c.integer("bias_param.axis"), c.bottom_shape(0).size());
      return {learned_shape(c, axis, c.integer("bias_param.num_axes"))};
    },
};

std::span<const LayerDef* const> affine_layers() {
  static constexpr std::array layers{&scale, &bias};
  return layers;
}

}  // namespace mo::caffe::layers
