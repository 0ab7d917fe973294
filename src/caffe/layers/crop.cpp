#include <array>

#include "caffe/layer_context.h"
#include "caffe/layers/layers.h"

namespace mo::caffe::layers {

namespace {

using Integers = std::vector<std::int64_t>;

/// All axes from `axis` on become as large as those of the second bottom; where they begin: offset, none (0),
/// one for all, or one for each.
void lower_crop(LayerContext& c) {
  const Shape& x = c.bottom_shape(0);
  const std::size_t begin = c.resolved_axis(c.integer("crop_param.axis"), x.size());
  const std::size_t count = x.size() - begin;
  Integers dims = c.integers("crop_param.dimsize");
  if (c.bottom_count() == 2) {
    const Shape& reference = c.bottom_shape(1);
    if (reference.size() != x.size())
      c.fail(code::bad_shape, "its bottoms " + to_string(x) + " and " + to_string(reference) +
                                  " differ in their number of axes");
    dims.assign(reference.begin() + static_cast<std::ptrdiff_t>(begin), reference.end());
  } else if (dims.size() != count) {
    c.fail_at("crop_param.dimsize", code::bad_value,
              "without a second bottom it needs the size of each of the " + std::to_string(count) +
                  " axes that it crops");
  }
  Integers offsets = c.integers("crop_param.offset");
  if (offsets.empty()) offsets = {0};
  if (offsets.size() == 1) offsets.resize(count, offsets.front());
  if (offsets.size() != count)
    c.fail_at("crop_param.offset", code::bad_value,
              std::to_string(offsets.size()) + " offsets for " + std::to_string(count) + " axes",
              "give none, one for all axes from axis on, or one for each");
  Integers axes;
  for (std::size_t i = begin; i < x.size(); ++i) axes.push_back(static_cast<std::int64_t>(i));
  std::vector<Value> bottoms{c.bottom(0)};
  if (c.bottom_count() == 2) bottoms.push_back(c.bottom(1));
  c.top(0, c.emit_value(op::crop, std::move(bottoms), {{"axis", axes}, {"dim", dims}, {"offset", offsets}}));
}

/// crop_size elements go from both ends of each axis.
void lower_crop_center(LayerContext& c) {
  const Shape& x = c.bottom_shape(0);
  const Integers margins = c.integers("crop_center_param.crop_size");
  if (margins.size() > x.size())
    c.fail_at("crop_center_param.crop_size", code::bad_value,
              std::to_string(margins.size()) + " sizes for a bottom of shape " + to_string(x));
  Integers axes;
  Integers dims;
  Integers offsets;
  for (std::size_t i = 0; i < margins.size(); ++i) {
    if (margins[i] == 0) continue;
    if (margins[i] < 0 || (x[i] >= 0 && margins[i] >= (x[i] + 1) / 2))
      c.fail_at("crop_center_param.crop_size", code::bad_shape,
                std::to_string(margins[i]) + " from both ends of axis " + std::to_string(i) +
                    " leave nothing of its bottom " + to_string(x));
    axes.push_back(static_cast<std::int64_t>(i));
    offsets.push_back(margins[i]);
    dims.push_back(x[i] - 2 * margins[i]);
  }
  c.top(0, c.emit_value(op::crop, {c.bottom(0)}, {{"axis", axes}, {"dim", dims}, {"offset", offsets}}));
}

}  // namespace

const LayerDef crop = {
    .types = {"Crop"},
    .parameters = {{"crop_param.axis", std::int64_t{2}},
                   {"crop_param.offset", Integers{}},
                   {"crop_param.dimsize", Integers{}}},
    .blobs = {0, 0},
    .bottoms = {1, 2},
    .tops = {1, 1},
    .lower = lower_crop,
    .example = {{{1, 4, 8, 8}, {1, 4, 6, 6}}, "crop_param { axis: 2 offset: 1 }"},
};

const LayerDef crop_center = {
    .types = {"CropCenter"},
    .parameters = {{"crop_center_param.crop_size", Integers{}}},
    .blobs = {0, 0},
    .bottoms = {1, 1},
    .tops = {1, 1},
    .lower = lower_crop_center,
};

std::span<const LayerDef* const> crop_layers() {
  static constexpr std::array layers{&crop, &crop_center};
  return layers;
}

}  // namespace mo::caffe::layers
