#include <cmath>
#include <vector>

#include "ops/onnx_detection.h"

// Regions of interest as the authors of Faster R-CNN wrote them (proposal_layer.py), in ONNX's operators.

namespace mo::op {

namespace {

using onnx::DataType;
using onnx::Lowering;
using onnx::Value;
using onnx::Values;

constexpr float no_score = -1e30F;

/// Centres and sizes (x, y) of Faster R-CNN's anchors: the base square in each ratio, rounded, then enlarged.
struct Anchors {
  std::vector<float> centers;
  std::vector<float> sizes;
};

Anchors anchors_of(const Attributes& a) {
  Anchors anchors;
  const auto base = static_cast<double>(a.integer("base_size"));
  for (const float ratio : a.numbers("ratio")) {
    const double width = std::nearbyint(std::sqrt(base * base / static_cast<double>(ratio)));
    const double height = std::nearbyint(width * static_cast<double>(ratio));
    for (const float scale : a.numbers("scale")) {
      for (const double side : {width, height}) {
        // The corners are (base - 1) / 2 -+ (side scale - 1) / 2, and the centre counts both edge pixels.
        anchors.sizes.push_back(static_cast<float>(side * static_cast<double>(scale)));
        anchors.centers.push_back(static_cast<float>(base / 2));
      }
    }
  }
  return anchors;
}

/// Decoded and clipped corners (x, y) [H W, A, 2] of all boxes.
struct Boxes {
  Value first;
  Value last;
};

Boxes boxes_of(Lowering& l, const Attributes& a, std::int64_t height, std::int64_t width, Value info) {
  const Anchors anchors = anchors_of(a);
  const auto count = static_cast<std::int64_t>(anchors.sizes.size()) / 2;
  const std::int64_t cells = height * width;
  std::vector<float> shifts;
  for (std::int64_t y = 0; y < height; ++y)
    for (std::int64_t x = 0; x < width; ++x)
      for (const std::int64_t at : {x, y})
        shifts.push_back(static_cast<float>(at * a.integer("feat_stride")));
  const Value center = l.binary("Add", l.exact(shifts, {cells, 1, 2}, "cells"),
                                l.exact(anchors.centers, {1, count, 2}, "anchor_centers"), "anchors");
  const Value size = l.exact(anchors.sizes, {1, count, 2}, "anchor_sizes");
  const Value last = l.transpose(l.input(1), {0, 2, 3, 1}, "deltas_last");
  const Values deltas =
      l.split(l.reshape(last, {cells, count, 4}, {cells, count, 4}, "deltas"), 2, {2, 2}, "parts");
  const Value middle = l.binary("Add", l.binary("Mul", deltas[0], size, "shift"), center, "center");
  const Value scaled = l.binary("Mul", l.unary("Exp", deltas[1], "scale"), size, "scaled");
  const Value reach = l.binary("Mul", scaled, l.scalar(0.5F, "half"), "reach");
  const Value edge = l.binary(
      "Sub",
      l.emit("Gather", {{"axis", std::int64_t{0}}}, {info, l.integers({1, 0}, "sides")}, {2}, "image_size"),
      l.scalar(1.0F, "one"), "edge");
  const auto clipped = [&](Value corner, const std::string& name) {
    const Value below = l.emit("Min", {}, {corner, edge}, {cells, count, 2}, name + "/below");
    return l.emit("Max", {}, {below, l.scalar(0.0F, name + "/zero")}, {cells, count, 2}, name);
  };
  return {clipped(l.binary("Sub", middle, reach, "first_unclipped"), "first"),
          clipped(l.binary("Add", middle, reach, "last_unclipped"), "last")};
}

/// The scores [H W A] of the objects, of boxes that are too small at no_score.
Value scores_of(Lowering& l, const Boxes& boxes, Value info, std::int64_t numbers, std::int64_t min_size) {
  const Shape grid = l.shape(boxes.first);
  const std::int64_t cells = grid[0];
  const std::int64_t count = grid[1];
  const Value objects = l.slice(l.input(0), 1, count, 2 * count, "objects");
  const Value scores =
      l.reshape(l.transpose(objects, {0, 2, 3, 1}, "objects_last"), {cells, count}, {cells, count}, "scores");
  const Value size =
      l.binary("Add", l.binary("Sub", boxes.last, boxes.first, "extent"), l.scalar(1.0F, "pixel"), "size");
  const Value scale = l.emit("Gather", {{"axis", std::int64_t{0}}},
                             {info, l.integers({numbers == 4 ? 3 : 2, 2}, "scales")}, {2}, "image_scale");
  const Value least = l.binary("Mul", scale, l.scalar(static_cast<float>(min_size), "min_size"), "least");
  const Value room = l.reduce("ReduceMin", l.binary("Sub", size, least, "margin"), {2}, false, "room");
  const Value small = l.binary("Less", room, l.scalar(0.0F, "none"), "is_small", DataType::boolean);
  const Value counted =
      l.emit("Where", {}, {small, l.scalar(no_score, "no_score"), scores}, {cells, count}, "counted");
  return l.reshape(counted, {-1}, {cells * count}, "score_list");
}

/// Falling numbers [M] above 0 in place of the falling scores [M], and 0 where one is no_score: not every
/// runtime suppresses boxes of negative scores.
Value ranks_of(Lowering& l, Value scores) {
  const Shape shape = l.shape(scores);
  std::vector<float> ranks(static_cast<std::size_t>(shape[0]));
  for (std::size_t i = 0; i < ranks.size(); ++i) ranks[i] = static_cast<float>(ranks.size() - i);
  const Value small =
      l.binary("Less", scores, l.scalar(no_score / 2, "least_score"), "is_left_out", DataType::boolean);
  return l.emit("Where", {},
                {small, l.scalar(0.0F, "no_rank"), l.exact(std::move(ranks), shape, "all_ranks")}, shape,
                "ranks");
}

/// Of the boxes that NonMaxSuppression keeps, [K, 3], the index [K]; that of the best of all where it keeps
/// none, since not every runtime knows lists without elements.
Value kept_index(Lowering& l, Value kept) {
  const Value closed =
      l.concat({kept, l.integers({0, 0, 0}, {1, 3}, "best_box")}, 0, {-1, 3}, "kept_and_best");
  const Value index = l.squeeze(l.slice(closed, 1, 2, 3, "kept_column"), {1}, "kept_list");
  const Value one = l.integers({1}, "one_row");
  const Value count = l.emit("Shape", {}, {index}, {1}, "kept_rows", DataType::i64);
  const Value is_found = l.binary("Less", one, count, "is_found", DataType::boolean);
  const Value end = l.emit("Where", {}, {is_found, l.binary("Sub", count, one, "found", DataType::i64), one},
                           {1}, "row_count", DataType::i64);
  return l.emit("Slice", {}, {index, l.integers({0}, "begin"), end, l.integers({0}, "rows_axis")}, {-1},
                "index", DataType::i64);
}

}  // namespace

/// As many rows as there are regions, as in Caffe; one where there are none.
void onnx_proposal(Lowering& l, const Attributes& a) {
  const Shape& x = l.input_shape(0);
  if (x[0] != 1 || x[2] < 0 || x[3] < 0)
    l.refuse("its input " + to_string(x) + " is not one image of known size",
             "give the size with --input_shape, one image at a time");
  const std::int64_t numbers = element_count(l.input_shape(2));
  if (numbers < 0) l.refuse("the size of its third input is not known", "give it with --input_shape");
  const Value info = l.reshape(l.input(2), {-1}, {numbers}, "image_info");
  const Boxes boxes = boxes_of(l, a, x[2], x[3], info);
  const Value scores = scores_of(l, boxes, info, numbers, a.integer("min_size"));
  const std::int64_t all = l.shape(scores)[0];
  const std::int64_t most = std::min(a.integer("pre_nms_topn"), all);
  const std::int64_t rows = a.integer("post_nms_topn");
  const Shape grid = l.shape(boxes.first);
  const Value list = l.reshape(l.concat({boxes.first, boxes.last}, 2, {grid[0], grid[1], 4}, "corners"),
                               {-1, 4}, {all, 4}, "box_list");
  const Values best =
      l.emit_many("TopK", {{"axis", std::int64_t{0}}}, {scores, l.integers({most}, "pre_nms_topn")},
                  {{{}, {most}, DataType::f32}, {{}, {most}, DataType::i64}}, "best");
  const Value chosen =
      l.emit("Gather", {{"axis", std::int64_t{0}}}, {list, best[1]}, {most, 4}, "best_boxes");
  // Caffe counts both edge pixels of a box; with its far edge moved out by one the areas are the same.
  const Value whole = l.binary("Add", chosen, l.exact({0, 0, 1, 1}, {4}, "edges"), "whole_boxes");
  const Value kept =
      l.emit("NonMaxSuppression", {},
             {l.unsqueeze(whole, {0}, "boxes"), l.unsqueeze(ranks_of(l, best[0]), {0, 1}, "box_ranks"),
              l.integers({rows}, "post_nms_topn"), l.exact({a.number("nms_thresh")}, {1}, "overlap"),
              l.exact({0.5F}, {1}, "least_rank")},
             {-1, 3}, {}, DataType::i64);
  const Value index = kept_index(l, kept);
  const Value regions = l.emit("Gather", {{"axis", std::int64_t{0}}}, {chosen, index}, {-1, 4}, "regions");
  l.output(0, l.pad(regions, {0, 1}, {0, 0}));
  if (!a.boolean("scores")) return;
  const Value region_scores =
      l.emit("Gather", {{"axis", std::int64_t{0}}}, {best[0], index}, {-1}, "region_scores");
  l.output(1, l.unsqueeze(region_scores, {1}, "score_column"));
}

}  // namespace mo::op
