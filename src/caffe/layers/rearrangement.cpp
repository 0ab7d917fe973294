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

Value reshaped(LayerContext& c, Value x, std::vector<std::int64_t> dims, std::string_view suffix) {
  return c.emit_value(op::reshape, {x},
                      {{"dim", std::move(dims)}, {"axis", std::int64_t{0}}, {"num_axes", std::int64_t{-1}}},
                      {}, suffix);
}

/// Channels as a table of `group` rows, transposed.
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
  if (x[2] < 0 && x[3] < 0)
    c.fail(code::bad_shape, "height and width of its bottom " + to_string(x) + " are both unknown",
           "give one of them with --input_shape");
  const Value table = reshaped(c, c.bottom(0), {0, group, x[1] / group, -1}, "groups");
  const Value turned =
      c.emit_value(op::permute, {table}, {{"order", std::vector<std::int64_t>{0, 2, 1, 3}}}, {}, "shuffled");
  const Value shuffled = reshaped(c, turned, {0, x[1], x[2], x[3]}, "");
  const auto call = [&](Value value, const char* legacy_name) {
    c.graph().node(value.node).attributes.set("legacy_name", c.name() + legacy_name);
  };
  call(table, "/Reshape_split_");
  call(turned, "/Transpose_");
  call(shuffled, "/Reshape_concat_");
  c.top(0, shuffled);
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
