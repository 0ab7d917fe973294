#include <algorithm>
#include <array>

#include "caffe/layer_context.h"
#include "caffe/layers/layers.h"

namespace mo::caffe::layers {

const LayerDef flatten = {
    .types = {"Flatten"},
    .parameters = {{"flatten_param.axis", std::int64_t{1}}, {"flatten_param.end_axis", std::int64_t{-1}}},
    .blobs = {0, 0},
    .bottoms = {1, 1},
    .tops = {1, 1},
    .lower =
        [](LayerContext& c) {
          c.top(0, c.emit_value(op::flatten, {c.bottom(0)},
                                {{"axis", c.integer("flatten_param.axis")},
                                 {"end_axis", c.integer("flatten_param.end_axis")}}));
        },
};

namespace {

/// `dims` without those that copy (0) or are inferred (-1), multiplied; -1 when an unknown size is copied.
std::int64_t known_product(const Shape& dims, const Shape& x) {
  std::int64_t product = 1;
  for (std::size_t i = 1; i < dims.size(); ++i) {
    const std::int64_t dim = i < x.size() && dims[i] == 0 ? x[i] : dims[i];
    if (dim == -1 && dims[i] == 0) return -1;
    if (dim > 0 && __builtin_mul_overflow(product, dim, &product)) return -1;
  }
  return product;
}

/// A Reshape whose first dim repeats the batch that the prototxt declares would refuse, or take apart,
/// another batch.  Where each item keeps its own elements, that dim becomes a copy of the batch.
std::vector<std::int64_t> with_free_batch(const LayerContext& c) {
  std::vector<std::int64_t> dims = c.integers("reshape_param.shape.dim");
  const InputOverrides& overrides = c.overrides();
  const Shape& x = c.bottom_shape(0);
  if (dims.empty() || x.empty() || c.integer("reshape_param.axis") != 0 ||
      c.integer("reshape_param.num_axes") != -1)
    return dims;
  if (overrides.actual_batch == overrides.declared_batch || dims[0] != overrides.declared_batch ||
      dims[0] <= 0 || x[0] != overrides.actual_batch)
    return dims;
  const std::int64_t item = element_count(Shape(x.begin() + 1, x.end()));
  const std::int64_t known = known_product(dims, x);
  const bool inferred = std::find(dims.begin(), dims.end(), -1) != dims.end();
  if (item <= 0 || known <= 0 || (inferred ? item % known != 0 : item != known)) return dims;
  c.note(code::batch_in_reshape, Severity::warning,
         "its first dim " + std::to_string(dims[0]) +
             " is the prototxt's batch; it becomes a copy of the new one",
         "write dim: 0 there to say so yourself");
  dims[0] = 0;
  return dims;
}

}  // namespace

const LayerDef reshape = {
    .types = {"Reshape"},
    .parameters = {{"reshape_param.shape.dim", std::vector<std::int64_t>{}},
                   {"reshape_param.axis", std::int64_t{0}},
                   {"reshape_param.num_axes", std::int64_t{-1}}},
    .blobs = {0, 0},
    .bottoms = {1, 1},
    .tops = {1, 1},
    .lower =
        [](LayerContext& c) {
          c.top(0, c.emit_value(op::reshape, {c.bottom(0)},
                                {{"dim", with_free_batch(c)},
                                 {"axis", c.integer("reshape_param.axis")},
                                 {"num_axes", c.integer("reshape_param.num_axes")}}));
        },
    .example = {{}, "reshape_param { shape { dim: 0 dim: -1 } }"},
};

/// At inference Dropout passes its bottom on.
const LayerDef dropout = {
    .types = {"Dropout"},
    .parameters = {{"dropout_param.dropout_ratio", 0.5F}},
    .blobs = {0, 0},
    .bottoms = {1, 1},
    .tops = {1, 1},
    .lower = [](LayerContext& c) { c.top(0, c.bottom(0)); },
};

std::span<const LayerDef* const> reshaping_layers() {
  static constexpr std::array layers{&flatten, &reshape, &dropout};
  return layers;
}

}  // namespace mo::caffe::layers
