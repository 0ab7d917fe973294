#include <cmath>
#include <vector>

#include "ops/onnx_detection.h"

// Regions of interest as the authors of Faster R-CNN (proposal_layer.py) and R-FCN (psroi_pooling_layer.cu)
// wrote them, in ONNX's operators.

namespace mo::op {

namespace {

using onnx::DataType;
using onnx::Lowering;
using onnx::Value;
using onnx::Values;

constexpr float no_score = -1e30F;
constexpr std::int64_t most_images = 64;  // they are written one by one

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

namespace {

/// Which of `size` pixels belong to each cell of each region along one axis, divided by their number: [R,
/// cells, size].  `start`, `step`: [R, 1].
Value cell_weights(Lowering& l, Value start, Value step, std::int64_t cells, std::int64_t size,
                   const std::string& name) {
  const std::int64_t regions = l.shape(start)[0];
  const auto counted = [&](std::int64_t from, std::int64_t count) {
    std::vector<float> values;
    for (std::int64_t i = from; i < from + count; ++i) values.push_back(static_cast<float>(i));
    return values;
  };
  const auto border = [&](std::int64_t from, const char* rounding, const std::string& which) {
    const Value index = l.exact(counted(from, cells), {1, cells}, which + "/index");
    const Value at =
        l.binary("Add", l.binary("Mul", step, index, which + "/offset"), start, which + "/exact");
    return l.unsqueeze(l.unary(rounding, at, which + "/rounded"), {2}, which);
  };
  const Value low = border(0, "Floor", name + "/low");
  const Value high = border(1, "Ceil", name + "/high");
  const Value pixels = l.exact(counted(0, size), {1, 1, size}, name + "/pixels");
  const Value before = l.binary("Less", pixels, low, name + "/before", DataType::boolean);
  const Value until = l.binary("Less", pixels, high, name + "/until", DataType::boolean);
  const Value inside =
      l.binary("And", l.unary("Not", before, name + "/from"), until, name + "/inside", DataType::boolean);
  const Value ones = l.cast(inside, DataType::f32, name + "/ones");
  const Value sum = l.reduce("ReduceSum", ones, {2}, true, name + "/sum");
  const Value count =
      l.emit("Max", {}, {sum, l.scalar(1.0F, name + "/one")}, {regions, cells, 1}, name + "/count");
  return l.binary("Div", ones, count, name);
}

/// Means [R, C, group, group] of one image's maps [1, C group group, H, W].  The mean over a cell is a
/// product with the weights of its columns, then one with those of its rows.
Value means_of_cells(Lowering& l, Value maps, Value across, Value down, const std::string& name) {
  const std::int64_t group = l.attributes().integer("group_size");
  const std::int64_t channels = l.attributes().integer("output_dim");
  const Shape shape = l.shape(maps);
  const Shape across_shape = l.shape(across);  // [group, W, R]
  const std::int64_t regions = across_shape[2];
  const std::int64_t lines = channels * group * shape[2];
  const Shape cells{channels, group, group, shape[2], shape[3]};
  Value y = l.transpose(l.reshape(maps, cells, cells, name + "/maps"), {2, 0, 1, 3, 4}, name + "/by_column");
  y = l.reshape(y, {group, lines, shape[3]}, {group, lines, shape[3]}, name + "/lines");
  y = l.emit("MatMul", {}, {y, across}, {group, lines, regions}, name + "/across");
  y = l.reshape(y, {group, channels, group, shape[2], -1}, {group, channels, group, shape[2], regions},
                name + "/cells");
  y = l.reduce("ReduceSum", l.binary("Mul", y, down, name + "/weighted"), {3}, false, name + "/means");
  return l.transpose(y, {3, 1, 2, 0}, name);
}

}  // namespace

void onnx_psroi_pooling(Lowering& l) {
  const Attributes& a = l.attributes();
  const Shape& x = l.input_shape(0);
  const std::int64_t group = a.integer("group_size");
  const std::int64_t regions = l.input_shape(1)[0];
  if (x[0] < 0 || x[0] > most_images || x[2] < 0 || x[3] < 0)
    l.refuse("its input " + to_string(x) + " is not a few images of known size",
             "give the size with --input_shape");
  const Value rois = l.reshape(l.input(1), {-1, 5}, {regions, 5}, "rois");
  const Values columns = l.split(rois, 1, {1, 2, 2}, "columns");
  const auto scaled = [&](Value corner, float more, const std::string& name) {
    const Value up = l.binary("Add", corner, l.scalar(0.5F + more, name + "/half"), name + "/up");
    return l.binary("Mul", l.unary("Floor", up, name + "/whole"),
                    l.scalar(a.number("spatial_scale"), name + "/scale"), name);
  };
  const Value start = scaled(columns[1], 0.0F, "start");
  const Value end = scaled(columns[2], 1.0F, "end");
  const Value extent = l.binary("Sub", end, start, "extent");
  const Value size = l.emit("Max", {}, {extent, l.scalar(0.1F, "least")}, {regions, 2}, "size");
  const Value step = l.binary("Div", size, l.scalar(static_cast<float>(group), "cells"), "step");
  const Values starts = l.split(start, 1, {1, 1}, "starts");
  const Values steps = l.split(step, 1, {1, 1}, "steps");
  const Value columns_of_cells = cell_weights(l, starts[0], steps[0], group, x[3], "across");
  const Value rows_of_cells = cell_weights(l, starts[1], steps[1], group, x[2], "down");
  const Value across = l.transpose(columns_of_cells, {1, 2, 0}, "across_cells");
  const Value down = l.transpose(rows_of_cells, {1, 2, 0}, "down_cells");
  if (x[0] == 1) {
    l.output(0, means_of_cells(l, l.input(0), across, down, "means"));
    return;
  }
  Value sum;  // of each region the means of its own image alone
  for (std::int64_t image = 0; image < x[0]; ++image) {
    const std::string name = "image_" + std::to_string(image);
    const Value means =
        means_of_cells(l, l.slice(l.input(0), 0, image, image + 1, name), across, down, name + "/means");
    const Value is_own = l.binary("Equal", columns[0], l.scalar(static_cast<float>(image), name + "/number"),
                                  name + "/is_own", DataType::boolean);
    const Value factor = l.unsqueeze(l.cast(is_own, DataType::f32, name + "/own"), {2, 3}, name + "/factor");
    const Value own = l.binary("Mul", means, factor, name + "/own_means");
    sum = sum.present() ? l.binary("Add", sum, own, name + "/sum") : own;
  }
  l.output(0, sum);
}

}  // namespace mo::op
