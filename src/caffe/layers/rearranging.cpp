#include <algorithm>
#include <array>
#include <numeric>

#include "caffe/layer_context.h"
#include "caffe/layers/compose.h"
#include "caffe/layers/layers.h"

// Layers that move elements without computing.

namespace mo::caffe::layers {

namespace {

using Integers = std::vector<std::int64_t>;

/// Elements along one axis in the opposite order.
void lower_reverse(LayerContext& c) {
  const std::size_t axis = c.resolved_axis(c.integer("reverse_param.axis"), c.bottom_shape(0).size());
  const std::int64_t size = c.bottom_shape(0)[axis];
  if (size <= 0 || size > 1 << 24)
    c.fail(code::bad_shape, "the size of the axis that it reverses is not known, or too large");
  Integers indices(static_cast<std::size_t>(size));
  std::iota(indices.rbegin(), indices.rend(), 0);
  c.top(0, c.emit_value(op::gather, {c.bottom(0)},
                        {{"axis", static_cast<std::int64_t>(axis)}, {"indices", std::move(indices)}}));
}

/// Blocks of stride x stride pixels become channels, or with `reverse` channels become blocks; the place in
/// the block is the slow part of the channel's number.
void lower_gs_tiling(LayerContext& c) {
  const Shape& x = c.bottom_shape(0);
  const std::int64_t stride = c.integer("gs_tiling_param.stride");
  const bool reverse = c.boolean("gs_tiling_param.reverse");
  if (stride <= 0 || stride > 1 << 12)
    c.fail_at("gs_tiling_param.stride", code::bad_value, "the stride must be positive");
  if (x.size() != 4 || x[1] <= 0 || x[2] <= 0 || x[3] <= 0)
    c.fail(code::bad_shape, "it needs a bottom [N, C, H, W] of known size, not " + to_string(x));
  const bool fits = reverse ? x[1] % (stride * stride) == 0 : x[2] % stride == 0 && x[3] % stride == 0;
  if (!fits)
    c.fail(code::bad_shape,
           "the stride " + std::to_string(stride) + " does not divide its bottom " + to_string(x));
  if (reverse) {
    const std::int64_t channels = x[1] / (stride * stride);
    const Value blocks =
        compose::reshape(c, c.bottom(0), {0, stride, stride, channels, x[2], x[3]}, "blocks");
    const Value moved =
        c.emit_value(op::permute, {blocks}, {{"order", Integers{0, 3, 4, 1, 5, 2}}}, {}, "moved");
    c.top(0, compose::reshape(c, moved, {0, channels, x[2] * stride, x[3] * stride}));
    return;
  }
  const std::int64_t height = x[2] / stride;
  const std::int64_t width = x[3] / stride;
  const Value blocks = compose::reshape(c, c.bottom(0), {0, x[1], height, stride, width, stride}, "blocks");
  const Value moved =
      c.emit_value(op::permute, {blocks}, {{"order", Integers{0, 3, 5, 1, 2, 4}}}, {}, "moved");
  c.top(0, compose::reshape(c, moved, {0, x[1] * stride * stride, height, width}));
}

/// Each window's elements become channels: a grouped convolution whose kernels have a single 1.
void lower_im2col(LayerContext& c) {
  const Shape& x = c.bottom_shape(0);
  if (x.size() != 4 || x[1] <= 0)
    c.fail(code::bad_shape, "it needs a bottom [N, C, H, W], not " + to_string(x));
  const auto pair = [&](const std::string& name, const std::string& stem) -> Integers {
    const std::string prefix = "convolution_param.";
    if (c.has(prefix + stem + "_h") || c.has(prefix + stem + "_w"))
      return {c.integer(prefix + stem + "_h"), c.integer(prefix + stem + "_w")};
    Integers values = c.integers(prefix + name);
    if (values.size() == 1) values.push_back(values.front());
    if (values.size() != 2) c.fail_at(prefix + name, code::bad_value, "give one value for both axes, or two");
    return values;
  };
  const Integers kernel = pair("kernel_size", "kernel");
  if (std::ranges::any_of(kernel, [](std::int64_t k) { return k <= 0 || k > 64; }) || x[1] > 1 << 16)
    c.fail(code::bad_shape, "its kernel or its bottom " + to_string(x) + " is out of range");
  const std::int64_t taps = kernel[0] * kernel[1];
  if (x[1] * taps * taps > 1 << 26)
    c.fail(code::too_large, "windows of " + std::to_string(taps) + " pixels in " + std::to_string(x[1]) +
                                " channels need too many weights");
  std::vector<float> weights(static_cast<std::size_t>(x[1] * taps * taps), 0.0F);
  for (std::int64_t i = 0; i < x[1] * taps; ++i)
    weights[static_cast<std::size_t>(i * taps + i % taps)] = 1.0F;
  const Integers pads = pair("pad", "pad");
  c.top(0,
        c.emit_value(op::convolution, {c.bottom(0)},
                     {{"output", x[1] * taps},
                      {"group", x[1]},
                      {"kernel", kernel},
                      {"strides", pair("stride", "stride")},
                      {"pads_begin", pads},
                      {"pads_end", pads},
                      {"dilations", pair("dilation", "dilation")}},
                     {{"weights", Tensor::of({x[1] * taps, 1, kernel[0], kernel[1]}, std::move(weights))}}));
}

/// Spatial pyramid: the image pooled to 1 x 1, 2 x 2, 4 x 4 ... cells, all in one row.
void lower_spp(LayerContext& c) {
  const Shape& x = c.bottom_shape(0);
  const std::int64_t levels = c.integer("spp_param.pyramid_height");
  const std::string pool = c.text("spp_param.pool");
  const bool max = pool == "MAX" || pool == "0";
  if (!max && pool != "AVE" && pool != "1")
    c.fail_at("spp_param.pool", code::unsupported_parameter, pool + " pooling has no equivalent in the IR",
              "use MAX or AVE");
  if (levels < 1 || levels > 16)
    c.fail_at("spp_param.pyramid_height", code::bad_value, "the pyramid needs 1 to 16 levels");
  if (x.size() != 4 || x[2] <= 0 || x[3] <= 0)
    c.fail(code::bad_shape, "it needs a bottom [N, C, H, W] of known size, not " + to_string(x));
  std::vector<Value> rows;
  for (std::int64_t level = 0; level < levels; ++level) {
    const std::int64_t cells = std::int64_t{1} << level;
    const Integers kernel{(x[2] + cells - 1) / cells, (x[3] + cells - 1) / cells};
    const Integers pads{(kernel[0] * cells - x[2] + 1) / 2, (kernel[1] * cells - x[3] + 1) / 2};
    const std::string number = std::to_string(level);
    const Value pooled = c.emit_value(op::pooling, {c.bottom(0)},
                                      {{"pool-method", std::string(max ? "max" : "avg")},
                                       {"rounding_type", std::string("ceil")},
                                       {"global", false},
                                       {"kernel", kernel},
                                       {"strides", kernel},
                                       {"pads_begin", pads},
                                       {"pads_end", pads}},
                                      {}, levels == 1 ? "" : "pool" + number);
    if (levels == 1) {  // Caffe does not flatten a single level
      c.top(0, pooled);
      return;
    }
    rows.push_back(c.emit_value(op::flatten, {pooled},
                                {{"axis", std::int64_t{1}}, {"end_axis", std::int64_t{-1}}}, {},
                                "flatten" + number));
  }
  c.top(0, c.emit_value(op::concat, std::move(rows), {{"axis", std::int64_t{1}}}));
}

}  // namespace

const LayerDef tile = {
    .types = {"Tile"},
    .parameters = {{"tile_param.axis", std::int64_t{1}}, {"tile_param.tiles", std::int64_t{0}}},
    .blobs = {0, 0},
    .bottoms = {1, 1},
    .tops = {1, 1},
    .lower =
        [](LayerContext& c) {
          c.top(0, c.emit_value(
                       op::tile, {c.bottom(0)},
                       {{"axis", c.integer("tile_param.axis")}, {"tiles", c.integer("tile_param.tiles")}}));
        },
    .example = {{}, "tile_param { tiles: 2 }"},
};

const LayerDef reverse = {
    .types = {"Reverse"},
    .parameters = {{"reverse_param.axis", std::int64_t{0}}},
    .blobs = {0, 0},
    .bottoms = {1, 1},
    .tops = {1, 1},
    .lower = lower_reverse,
};

/// Permute under the name that OCR forks gave it.
const LayerDef transpose_axes = {
    .types = {"Transpose"},
    .parameters = {{"transpose_param.dim", Integers{}}},
    .blobs = {0, 0},
    .bottoms = {1, 1},
    .tops = {1, 1},
    .lower =
        [](LayerContext& c) {
          c.top(0, c.emit_value(op::permute, {c.bottom(0)}, {{"order", c.integers("transpose_param.dim")}}));
        },
    .example = {{}, "transpose_param { dim: 0 dim: 2 dim: 3 dim: 1 }"},
};

const LayerDef gs_tiling = {
    .types = {"GSTiling"},
    .parameters = {{"gs_tiling_param.stride", std::int64_t{0}}, {"gs_tiling_param.reverse", false}},
    .blobs = {0, 0},
    .bottoms = {1, 1},
    .tops = {1, 1},
    .lower = lower_gs_tiling,
    .example = {{}, "gs_tiling_param { stride: 2 }"},
};

const LayerDef im2col = {
    .types = {"Im2col"},
    .parameters = {{"convolution_param.kernel_size", Integers{}},
                   {"convolution_param.kernel_h", std::int64_t{0}},
                   {"convolution_param.kernel_w", std::int64_t{0}},
                   {"convolution_param.stride", Integers{1}},
                   {"convolution_param.stride_h", std::int64_t{1}},
                   {"convolution_param.stride_w", std::int64_t{1}},
                   {"convolution_param.pad", Integers{0}},
                   {"convolution_param.pad_h", std::int64_t{0}},
                   {"convolution_param.pad_w", std::int64_t{0}},
                   {"convolution_param.dilation", Integers{1}}},
    .blobs = {0, 0},
    .bottoms = {1, 1},
    .tops = {1, 1},
    .lower = lower_im2col,
    .example = {{}, "convolution_param { kernel_size: 3 }"},
};

const LayerDef spp = {
    .types = {"SPP"},
    .parameters = {{"spp_param.pyramid_height", std::int64_t{0}}, {"spp_param.pool", std::string("MAX")}},
    .blobs = {0, 0},
    .bottoms = {1, 1},
    .tops = {1, 1},
    .lower = lower_spp,
    .example = {{}, "spp_param { pyramid_height: 2 }"},
};

std::span<const LayerDef* const> rearranging_layers() {
  static constexpr std::array layers{&tile, &reverse, &transpose_axes, &gs_tiling, &im2col, &spp};
  return layers;
}

}  // namespace mo::caffe::layers
