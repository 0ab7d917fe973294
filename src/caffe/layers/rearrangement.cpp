#include <algorithm>
#include <array>

#include "caffe/layer_context.h"
#include "caffe/layers/layers.h"

namespace mo::caffe::layers {

namespace {

/// The axes that a short order leaves out follow in their own order, as SSD's layer has it.
void lower_permute(LayerContext& c) {
  const auto rank = static_cast<std::int64_t>(c.bottom_shape(0).size());
  std::vector<std::int64_t> order = c.integers("permute_param.order");
  for (std::size_t i = 0; i < order.size(); ++i)
    if (order[i] < 0 || order[i] >= rank || std::count(order.begin(), order.end(), order[i]) > 1)
      c.fail_at("permute_param.order", code::bad_value,
                "axis " + std::to_string(order[i]) + " is named twice, or is none of its bottom " +
                    to_string(c.bottom_shape(0)),
                "name each axis once, from 0 on");
  for (std::int64_t axis = 0; axis < rank; ++axis)
    if (std::ranges::find(order, axis) == order.end()) order.push_back(axis);
  if (std::ranges::is_sorted(order)) {
    c.top(0, c.bottom(0));
    return;
  }
  c.top(0, c.emit_value(op::permute, {c.bottom(0)}, {{"order", std::move(order)}}));
}

void lower_shuffle(LayerContext& c) {
  const Shape& x = c.bottom_shape(0);
  const std::int64_t group = c.integer("shuffle_channel_param.group");
  if (x.size() != 4 || x[1] < 0)
    c.fail(code::bad_shape, "its bottom " + to_string(x) + " is not [N, C, H, W]");
  if (group <= 0 || x[1] % group != 0)
    c.fail_at("shuffle_channel_param.group", code::bad_value,
              std::to_string(x[1]) + " channels cannot be cut into " + std::to_string(group) + " groups",
              "give a divisor of the number of channels");
  if (group == 1) {
    c.top(0, c.bottom(0));
    return;
  }
  c.top(0, c.emit_value(op::shuffle_channels, {c.bottom(0)}, {{"group", group}}));
}

}  // namespace

const LayerDef permute = {
    .types = {"Permute"},
    .parameters = {{"permute_param.order", std::vector<std::int64_t>{}}},
    .blobs = {0, 0},
    .bottoms = {1, 1},
    .tops = {1, 1},
    .lower = lower_permute,
    .example = {{}, "permute_param { order: 0 order: 2 order: 3 order: 1 }"},
};

const LayerDef shuffle_channel = {
    .types = {"ShuffleChannel", "ChannelShuffle"},
    .parameters = {{"shuffle_channel_param.group", std::int64_t{1}}},
    .blobs = {0, 0},
    .bottoms = {1, 1},
    .tops = {1, 1},
    .lower = lower_shuffle,
    .example = {{}, "shuffle_channel_param { group: 2 }"},
};

std::span<const LayerDef* const> rearrangement_layers() {
  static constexpr std::array layers{&permute, &shuffle_channel};
  return layers;
}

}  // namespace mo::caffe::layers
