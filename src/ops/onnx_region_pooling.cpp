#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "ops/onnx_detection.h"

// Pooling in the cells of regions as Faster R-CNN (roi_pooling_layer.cpp) and R-FCN (psroi_pooling_layer.cu)
// have it, in ONNX's operators.

namespace mo::op {

namespace {

using onnx::DataType;
using onnx::Integers;
using onnx::Lowering;
using onnx::Value;
using onnx::Values;

constexpr std::int64_t most_images = 64;          // they are written one by one
constexpr std::int64_t longest_side = 1LL << 20;  // of maps and of cells, which are listed
constexpr std::int64_t most_maxima = 1LL << 28;   // 1 GiB of them

struct Regions {
  Value image;  // [R, 1]
  Value first;  // corner x, y [R, 2]
  Value last;
};

Regions regions_of(Lowering& l) {
  const std::int64_t count = l.input_shape(1)[0];
  const Values columns = l.split(l.reshape(l.input(1), {-1, 5}, {count, 5}, "rois"), 1, {1, 2, 2}, "columns");
  return {columns[0], columns[1], columns[2]};
}

/// x / divisor, rounded as IEEE 754 wants it; x: [R, 2], divisor: two whole numbers below 4096.  OpenVINO
/// multiplies by the inverse, which is off by one bit for half of all x and then moves the border of a cell
/// by a pixel.  Here the remainder, exact because the parts of the quotient have 12 bits (Veltkamp's
/// splitting), corrects it.
Value quotient(Lowering& l, Value x, const std::vector<float>& divisor, const std::string& name) {
  const Value by = l.exact(divisor, {2}, name + "/divisor");
  const Value about = l.binary("Div", x, by, name + "/about");
  const Value wide = l.binary("Mul", about, l.scalar(4097.0F, name + "/split"), name + "/wide");
  const Value high = l.binary("Sub", wide, l.binary("Sub", wide, about, name + "/rest"), name + "/high");
  const Value low = l.binary("Sub", about, high, name + "/low");
  const Value most = l.binary("Sub", x, l.binary("Mul", high, by, name + "/high_part"), name + "/most");
  const Value remainder =
      l.binary("Sub", most, l.binary("Mul", low, by, name + "/low_part"), name + "/remainder");
  return l.binary("Add", about, l.binary("Div", remainder, by, name + "/correction"), name);
}

std::vector<float> counted(std::int64_t from, std::int64_t count) {
  std::vector<float> values;
  for (std::int64_t i = from; i < from + count; ++i) values.push_back(static_cast<float>(i));
  return values;
}

/// Which of `size` pixels belong to each cell of each region along one axis, divided by their number: [R,
/// cells, size].  `start`, `step`: [R, 1].
Value cell_weights(Lowering& l, Value start, Value step, std::int64_t cells, std::int64_t size,
                   const std::string& name) {
  const std::int64_t regions = l.shape(start)[0];
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
  if (x[0] < 0 || x[0] > most_images || x[2] < 0 || x[3] < 0 || std::max(x[2], x[3]) > longest_side)
    l.refuse("its input " + to_string(x) + " is not a few images of known size",
             "give the size with --input_shape");
  const Regions rois = regions_of(l);
  const auto scaled = [&](Value corner, float more, const std::string& name) {
    const Value up = l.binary("Add", corner, l.scalar(0.5F + more, name + "/half"), name + "/up");
    return l.binary("Mul", l.unary("Floor", up, name + "/whole"),
                    l.scalar(a.number("spatial_scale"), name + "/scale"), name);
  };
  const Value start = scaled(rois.first, 0.0F, "start");
  const Value end = scaled(rois.last, 1.0F, "end");
  const Value extent = l.binary("Sub", end, start, "extent");
  const Value size = l.emit("Max", {}, {extent, l.scalar(0.1F, "least")}, {regions, 2}, "size");
  const Value step = quotient(l, size, {static_cast<float>(group), static_cast<float>(group)}, "step");
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
    const Value is_own = l.binary("Equal", rois.image, l.scalar(static_cast<float>(image), name + "/number"),
                                  name + "/is_own", DataType::boolean);
    const Value factor = l.unsqueeze(l.cast(is_own, DataType::f32, name + "/own"), {2, 3}, name + "/factor");
    const Value own = l.binary("Mul", means, factor, name + "/own_means");
    sum = sum.present() ? l.binary("Add", sum, own, name + "/sum") : own;
  }
  l.output(0, sum);
}

namespace {

/// The borders of the cells of all regions along one axis, and where to look for the maximum between them.
struct Cells {
  Value first;     // [R, cells], i64: in the table, where a maximum of the first pixels of the cell is
  Value second;    // and one of its last pixels: with both, of all
  Value is_empty;  // [R, cells], boolean
};

/// Along an axis: maxima of 1, 2, 4 ... neighbours, each list behind the other; x: [N, C, H, W].
Value table_along(Lowering& l, Value x, std::int64_t axis, const std::string& name) {
  Shape shape = l.shape(x);
  const auto at = static_cast<std::size_t>(axis);
  const std::int64_t size = shape[at];
  Values lists{x};
  std::int64_t all = size;
  for (std::int64_t reach = 2; reach <= size; reach *= 2) {
    const std::int64_t count = size - reach + 1;
    const std::string step = name + "/of_" + std::to_string(reach);
    shape[at] = count;
    lists.push_back(l.emit("Max", {},
                           {l.slice(lists.back(), axis, 0, count, step + "/near"),
                            l.slice(lists.back(), axis, reach / 2, reach / 2 + count, step + "/far")},
                           shape, step));
    all += count;
  }
  shape[at] = all;
  return l.concat(lists, axis, shape, name);
}

/// How many maxima table_along gives.
std::int64_t table_size(std::int64_t size) {
  std::int64_t all = 0;
  for (std::int64_t reach = 1; reach <= size; reach *= 2) all += size - reach + 1;
  return all;
}

/// `start`, `step`: [R, 1], of the regions along an axis of `size` pixels.
Cells cells_along(Lowering& l, Value start, Value step, std::int64_t cells, std::int64_t size,
                  const std::string& name) {
  const Shape shape{l.shape(start)[0], cells};
  const auto border = [&](std::int64_t from, const char* rounding, const std::string& which) {
    const Value index = l.exact(counted(from, cells), {1, cells}, which + "/index");
    const Value offset = l.unary(rounding, l.binary("Mul", step, index, which + "/exact"), which + "/whole");
    const Value free = l.binary("Add", offset, start, which + "/free");
    const Value least = l.emit("Max", {}, {free, l.scalar(0.0F, which + "/zero")}, shape, which + "/least");
    return l.emit("Min", {}, {least, l.scalar(static_cast<float>(size), which + "/size")}, shape, which);
  };
  const Value low = border(0, "Floor", name + "/low");
  const Value high = border(1, "Ceil", name + "/high");
  const Value length = l.binary("Sub", high, low, name + "/length");
  const Value one = l.scalar(1.0F, name + "/one");
  const Value is_empty = l.binary("Less", length, one, name + "/is_empty", DataType::boolean);
  // An empty cell looks up some pixel, and forgets it.
  const auto whole = [&](const char* bound, Value x, Value by, const std::string& which) {
    return l.cast(l.emit(bound, {}, {x, by}, shape, which + "/bounded"), DataType::i64, which);
  };
  const Value begin =
      whole("Min", low, l.scalar(static_cast<float>(size - 1), name + "/last"), name + "/begin");
  const Value end = whole("Max", high, one, name + "/end");
  const Value count = whole("Max", length, one, name + "/count");
  Integers lists{0};
  Integers reaches{1};
  for (std::int64_t i = 1, reach = 1, list = 0; i <= size; ++i) {
    if (i == 2 * reach) list += size - reach + 1, reach *= 2;
    lists.push_back(list);
    reaches.push_back(reach);
  }
  const auto of_length = [&](const Integers& table, const std::string& which) {
    return l.emit("Gather", {{"axis", std::int64_t{0}}}, {l.integers(table, which + "/table"), count}, shape,
                  which, DataType::i64);
  };
  const Value list = of_length(lists, name + "/list");
  const Value behind =
      l.binary("Sub", end, of_length(reaches, name + "/reach"), name + "/behind", DataType::i64);
  return {l.binary("Add", list, begin, name + "/first", DataType::i64),
          l.binary("Add", list, behind, name + "/second", DataType::i64), is_empty};
}

/// round(): halves away from zero.
Value rounded(Lowering& l, Value x, const std::string& name) {
  const Value up =
      l.binary("Add", l.unary("Abs", x, name + "/size"), l.scalar(0.5F, name + "/half"), name + "/up");
  return l.binary("Mul", l.unary("Sign", x, name + "/sign"), l.unary("Floor", up, name + "/whole"), name);
}

/// The runtime's own operator: for maps whose size is free, or too large for the table.
void max_roi_pool(Lowering& l) {
  const Attributes& a = l.attributes();
  onnx::Value regions = l.input(1);
  if (l.input_shape(1).size() != 2) regions = l.reshape(regions, {-1, 5}, {l.input_shape(1)[0], 5}, "rois");
  l.output(0, l.emit("MaxRoiPool",
                     {{"pooled_shape", Integers{a.integer("pooled_h"), a.integer("pooled_w")}},
                      {"spatial_scale", a.number("spatial_scale")}},
                     {l.input(0), regions}, l.output_shape()));
}

bool has_table(const Shape& x, const Shape& y) {
  if (x[1] < 0 || x[2] < 0 || x[3] < 0 || std::max({x[2], x[3], y[2], y[3]}) > longest_side) return false;
  const auto maps = static_cast<double>(std::max<std::int64_t>(x[0], 1)) * static_cast<double>(x[1]);
  return maps * static_cast<double>(table_size(x[2])) * static_cast<double>(table_size(x[3])) <= most_maxima;
}

/// The maxima [N tall wide, C] of all rectangles whose sides are powers of two.
Value table_of(Lowering& l) {
  const Value both = table_along(l, table_along(l, l.input(0), 2, "maxima_down"), 3, "maxima");
  const Shape shape = l.shape(both);
  const std::int64_t rows = shape[0] < 0 ? -1 : shape[0] * shape[2] * shape[3];
  return l.reshape(l.transpose(both, {0, 2, 3, 1}, "maxima_last"), {-1, shape[1]}, {rows, shape[1]},
                   "maxima_list");
}

}  // namespace

/// A rectangle is covered by four of whose maxima the table knows, so that a region needs four look-ups for
/// each of its cells, however large they are.
void onnx_roi_pooling(Lowering& l) {
  const Attributes& a = l.attributes();
  const Shape& x = l.input_shape(0);
  if (!has_table(x, l.output_shape())) {
    max_roi_pool(l);
    return;
  }
  const Shape& y = l.output_shape();
  const Regions rois = regions_of(l);
  const auto pixel = [&](Value corner, const std::string& name) {
    const Value scale = l.scalar(a.number("spatial_scale"), name + "/scale");
    return rounded(l, l.binary("Mul", corner, scale, name + "/scaled"), name);
  };
  const Value start = pixel(rois.first, "start");
  const Value one = l.scalar(1.0F, "one");
  const Value extent =
      l.binary("Add", l.binary("Sub", pixel(rois.last, "end"), start, "distance"), one, "extent");
  const Value size = l.emit("Max", {}, {extent, one}, {y[0], 2}, "size");
  const Value step = quotient(l, size, {static_cast<float>(y[3]), static_cast<float>(y[2])}, "step");
  const Values starts = l.split(start, 1, {1, 1}, "starts");
  const Values steps = l.split(step, 1, {1, 1}, "steps");
  const Cells across = cells_along(l, starts[0], steps[0], y[3], x[3], "across");
  const Cells down = cells_along(l, starts[1], steps[1], y[2], x[2], "down");

  const Value table = table_of(l);
  const Value tall = l.integer(table_size(x[2]), "tall");
  const Value wide = l.integer(table_size(x[3]), "wide");
  const Value image =
      l.binary("Mul", l.cast(rois.image, DataType::i64, "image"), tall, "image_rows", DataType::i64);
  const Shape grid{y[0], y[2], y[3]};
  Values found;
  for (const auto& [row, name] : {std::pair{down.first, "top"}, std::pair{down.second, "bottom"}}) {
    const std::string which(name);
    const Value line = l.binary("Mul", l.binary("Add", image, row, which + "/row", DataType::i64), wide,
                                which + "/line", DataType::i64);
    const Value lines = l.unsqueeze(line, {2}, which);
    for (const auto& [column, side] : {std::pair{across.first, "left"}, std::pair{across.second, "right"}}) {
      const std::string corner = which + "_" + side;
      const Value at = l.binary("Add", lines, l.unsqueeze(column, {1}, corner + "/column"), corner + "/index",
                                DataType::i64);
      found.push_back(
          l.emit("Gather", {{"axis", std::int64_t{0}}}, {table, at}, {y[0], y[2], y[3], x[1]}, corner));
    }
  }
  const Value maxima = l.emit("Max", {}, found, {y[0], y[2], y[3], x[1]}, "all");
  const Value is_empty = l.emit(
      "Or", {}, {l.unsqueeze(down.is_empty, {2}, "no_rows"), l.unsqueeze(across.is_empty, {1}, "no_columns")},
      grid, "is_empty", DataType::boolean);
  const Value filled =
      l.emit("Where", {}, {l.unsqueeze(is_empty, {3}, "empty"), l.scalar(0.0F, "nothing"), maxima},
             {y[0], y[2], y[3], x[1]}, "filled");
  l.output(0, l.transpose(filled, {0, 3, 1, 2}));
}

}  // namespace mo::op
