#include <algorithm>
#include <array>

#include "ir/legacy/reading.h"
#include "ir/legacy/spelling.h"
#include "ir/opset/lowering.h"
#include "onnx/lowering.h"
#include "ops/ops.h"
#include "ops/shapes.h"

// The spatial transformer and the shift that goes with it.

namespace mo::op {

namespace {

using ir::legacy::Kind;
using ir::legacy::same_names;
using ir::opset::Lowering;
using ir::opset::Port;

constexpr std::int64_t limit = std::int64_t{1} << 16;
constexpr std::array thetas{"theta_1_1", "theta_1_2", "theta_1_3", "theta_2_1", "theta_2_2", "theta_2_3"};

std::int64_t fixed_thetas(const Attributes& a) {
  return std::ranges::count_if(thetas, [&](const char* name) { return a.has(name); });
}

void infer_transformer(ShapeContext& c) {
  Shape out = c.input(0);
  c.require(
      out.size() == 4 && std::ranges::all_of(out, [](std::int64_t dim) { return dim > 0 && dim < limit; }),
      "its input " + to_string(out) + " is not an image [N, C, H, W] of known size");
  for (const auto& [name, side] : {std::pair{"output_H", 2U}, std::pair{"output_W", 3U}}) {
    const std::int64_t size = c.attributes().integer(name);
    c.require(size >= 0 && size < limit, std::string(name) + " is out of range");
    if (size > 0) out[side] = size;
  }
  c.require(out[2] * out[3] < std::int64_t{1} << 26, "its output " + to_string(out) + " is too large");
  c.output(0, std::move(out));
}

/// Caffe stops where these are not all numbers of a transformation; legacy IR leaves that to its engine.
template <typename AnyLowering>
void check_theta(const AnyLowering& l) {
  const Shape& theta = l.input_shape(1);
  const std::int64_t fixed = fixed_thetas(l.attributes());
  if (!theta.empty() && theta[0] == l.output_shape()[0] &&
      shapes::product(theta, 1, theta.size()) + fixed == 6)
    return;
  l.refuse("its transformations " + to_string(theta) + " and " + std::to_string(fixed) +
               " fixed numbers are not 6 numbers for each image of " + to_string(l.output_shape()),
           "give as many numbers as are not fixed by theta_1_1 ... theta_2_3");
}

/// The numbers of an image's transformation, the row of the width first.
struct Theta {
  std::int64_t given;         ///< how many come at inference
  std::vector<float> places;  ///< [given, 6]: where those belong
  std::vector<float> fixed;   ///< [6]: the others, at their places
};

Theta theta_of(const Attributes& a) {
  Theta theta{.given = 6 - fixed_thetas(a), .places = {}, .fixed = std::vector<float>(6, 0.0F)};
  theta.places.resize(static_cast<std::size_t>(6 * theta.given), 0.0F);
  std::size_t next = 0;
  for (std::size_t i = 0; i < 6; ++i) {
    const std::size_t to = (i + 3) % 6;
    if (a.has(thetas[i]))
      theta.fixed[to] = a.number(thetas[i]);
    else
      theta.places[6 * next++ + to] = 1.0F;
  }
  return theta;
}

/// [N, 2, 3].
Port emit_theta(Lowering& l) {
  const std::int64_t images = l.output_shape()[0];
  auto [given, places, fixed] = theta_of(l.attributes());
  Port theta;
  if (given > 0) {
    const Port flat = l.reshape(l.input(1), {images, given}, {images, given}, "Given");
    theta = l.emit("MatMul", 1, {{"transpose_a", false}, {"transpose_b", false}},
                   {flat, l.exact(std::move(places), {given, 6}, "places")}, {images, 6}, "Placed");
    if (given < 6)
      theta = l.emit("Add", 1, {{"auto_broadcast", std::string("numpy")}},
                     {theta, l.exact(std::move(fixed), {1, 6}, "fixed")}, {images, 6}, "Theta");
  } else {
    std::vector<float> all;
    for (std::int64_t n = 0; n < images; ++n) all.insert(all.end(), fixed.begin(), fixed.end());
    theta = l.exact(std::move(all), {images, 6}, "theta");
  }
  return l.reshape(theta, {images, 2, 3}, {images, 2, 3}, "Rows");
}

/// [1, H W, 3]: y, x and 1 of each output pixel, where pixel i of n lies at 2 i / n - 1.
std::vector<float> places_of(std::int64_t height, std::int64_t width) {
  const auto place = [](std::int64_t index, std::int64_t size) {
    return static_cast<float>(static_cast<double>(index) / static_cast<double>(size) * 2.0 - 1.0);
  };
  std::vector<float> places;
  places.reserve(static_cast<std::size_t>(3 * height * width));
  for (std::int64_t y = 0; y < height; ++y)
    for (std::int64_t x = 0; x < width; ++x)
      places.insert(places.end(), {place(y, height), place(x, width), 1.0F});
  return places;
}

/// The layer samples at (g + 1) / 2 n, GridSample at ((g + 1) n - 1) / 2: half a pixel, 1 / n, is between.
void lower_transformer(Lowering& l) {
  if (l.dialect().opset1_only)
    l.refuse("IR v10 has no operation that samples at given places, as SpatialTransformer does",
             "write IR v11, or legacy IR (--ir_version 7 or lower)");
  check_theta(l);
  const Shape& x = l.input_shape(0);
  const Shape& out = l.output_shape();
  const std::int64_t pixels = out[2] * out[3];
  const Port places = l.exact(places_of(out[2], out[3]), {1, pixels, 3}, "places_of_pixels");
  const Port moved = l.emit("MatMul", 1, {{"transpose_a", false}, {"transpose_b", true}},
                            {places, emit_theta(l)}, {out[0], pixels, 2}, "Moved");
  const Port half =
      l.exact({1.0F / static_cast<float>(x[3]), 1.0F / static_cast<float>(x[2])}, {1, 1, 2}, "half_pixel");
  const Port shifted = l.emit("Add", 1, {{"auto_broadcast", std::string("numpy")}}, {moved, half},
                              {out[0], pixels, 2}, "Shifted");
  const Shape grid_shape{out[0], out[2], out[3], 2};
  const Port grid = l.reshape(shifted, grid_shape, grid_shape, "Grid");
  l.output(0, l.emit("GridSample", 9,
                     {{"align_corners", false},
                      {"mode", std::string("bilinear")},
                      {"padding_mode", std::string("zeros")}},
                     {l.input(0), grid}, out));
}

/// [N, 3, 2], as emit_theta transposed.
onnx::Value onnx_theta(onnx::Lowering& l) {
  const std::int64_t images = l.output_shape()[0];
  auto [given, places, fixed] = theta_of(l.attributes());
  onnx::Value theta = l.exact(std::move(fixed), {1, 6}, "fixed");
  if (given > 0) {
    const onnx::Value flat = l.reshape(l.input(1), {images, given}, {images, given}, "Given");
    const onnx::Value placed =
        l.emit("MatMul", {}, {flat, l.exact(std::move(places), {given, 6}, "places")}, {images, 6}, "Placed");
    theta = given < 6 ? l.binary("Add", placed, theta, "Theta") : placed;
  }
  const std::int64_t rows = l.shape(theta)[0];  // 1 where all images share a fixed transformation
  return l.transpose(l.reshape(theta, {rows, 2, 3}, {rows, 2, 3}, "Rows"), {0, 2, 1}, "Columns");
}

/// The two pixels beside each place on an axis, [N, P]: their index, and what they count, 0 outside the
/// image.
struct Neighbour {
  onnx::Value index;
  onnx::Value share;
};

std::array<Neighbour, 2> onnx_neighbours(onnx::Lowering& l, onnx::Value place, std::int64_t size,
                                         const std::string& name) {
  using onnx::DataType;
  const onnx::Value one = l.scalar(1.0F, name + "/one");
  const onnx::Value low = l.unary("Floor", place, name + "/low");
  const onnx::Value high = l.binary("Add", low, one, name + "/high");
  const onnx::Value rest = l.binary("Sub", place, low, name + "/rest");
  const auto neighbour = [&](onnx::Value pixel, onnx::Value share, const std::string& which) {
    const Shape shape = l.shape(pixel);
    const onnx::Value last = l.scalar(static_cast<float>(size - 1), which + "/last");
    const onnx::Value below = l.emit("Min", {}, {pixel, last}, shape, which + "/below");
    const onnx::Value inside =
        l.emit("Max", {}, {below, l.scalar(0.0F, which + "/first")}, shape, which + "/clipped");
    const onnx::Value is_inside =
        l.cast(l.binary("Equal", pixel, inside, which + "/is_inside", DataType::boolean), DataType::f32,
               which + "/inside");
    return Neighbour{l.cast(inside, DataType::i64, which + "/index"),
                     l.binary("Mul", share, is_inside, which + "/share")};
  };
  return {neighbour(low, l.binary("Sub", one, rest, name + "/low_part"), name + "/before"),
          neighbour(high, rest, name + "/behind")};
}

/// What GridSample computes, before it was an operator: the four pixels around each place, weighted.  `grid`:
/// [N, P, 2].
onnx::Value onnx_sampled(onnx::Lowering& l, onnx::Value grid) {
  const Shape& x = l.input_shape(0);
  const Shape& out = l.output_shape();
  const std::int64_t pixels = out[2] * out[3];
  const onnx::Value size =
      l.exact({static_cast<float>(x[3]) / 2, static_cast<float>(x[2]) / 2}, {1, 1, 2}, "half_size");
  const onnx::Value from_corner = l.binary("Add", grid, l.scalar(1.0F, "corner"), "FromCorner");
  const onnx::Values places =
      l.split(l.binary("Mul", from_corner, size, "Places"), 2, {1, 1}, "PlacesByAxis");
  const auto columns = onnx_neighbours(l, l.squeeze(places[0], {2}, "Across"), x[3], "across");
  const auto rows = onnx_neighbours(l, l.squeeze(places[1], {2}, "Down"), x[2], "down");
  const Shape flat{x[0], x[1], x[2] * x[3]};
  const Shape sampled{x[0], x[1], pixels};
  const onnx::Value image = l.reshape(l.input(0), flat, flat, "Flat");
  onnx::Value sum;
  for (const auto& [row, part] : {std::pair{rows[0], "upper"}, std::pair{rows[1], "lower"}})
    for (const auto& [column, side] : {std::pair{columns[0], "_left"}, std::pair{columns[1], "_right"}}) {
      const std::string name = std::string(part) + side;
      const onnx::Value start =
          l.binary("Mul", row.index, l.integer(x[3], "width"), name + "/row", onnx::DataType::i64);
      const onnx::Value index = l.binary("Add", start, column.index, name + "/index", onnx::DataType::i64);
      const onnx::Value everywhere =
          l.emit("Expand", {}, {l.unsqueeze(index, {1}, name + "/indices"), l.integers(sampled, "sampled")},
                 sampled, name + "/all_indices", onnx::DataType::i64);
      const onnx::Value found = l.emit("GatherElements", {{"axis", std::int64_t{2}}}, {image, everywhere},
                                       sampled, name + "/pixels");
      const onnx::Value share =
          l.unsqueeze(l.binary("Mul", row.share, column.share, name + "/share"), {1}, name + "/shares");
      const onnx::Value weighted = l.binary("Mul", found, share, name);
      sum = sum.present() ? l.binary("Add", sum, weighted, name + "/sum") : weighted;
    }
  return l.reshape(sum, out, out);
}

void onnx_transformer(onnx::Lowering& l) {
  check_theta(l);
  const Shape& x = l.input_shape(0);
  const Shape& out = l.output_shape();
  const std::int64_t pixels = out[2] * out[3];
  const onnx::Value places = l.exact(places_of(out[2], out[3]), {1, pixels, 3}, "places_of_pixels");
  const onnx::Value theta = onnx_theta(l);
  onnx::Value moved = l.emit("MatMul", {}, {places, theta}, {l.shape(theta)[0], pixels, 2}, "Moved");
  if (l.dialect().grid_sample_mode.empty()) {
    l.output(0, onnx_sampled(l, moved));
    return;
  }
  const onnx::Value half =
      l.exact({1.0F / static_cast<float>(x[3]), 1.0F / static_cast<float>(x[2])}, {1, 1, 2}, "half_pixel");
  moved = l.binary("Add", moved, half, "Shifted");
  const Shape grid{out[0], out[2], out[3], 2};
  l.output(0, l.emit("GridSample",
                     {{"align_corners", false},
                      {"mode", std::string(l.dialect().grid_sample_mode)},
                      {"padding_mode", std::string("zeros")}},
                     {l.input(0), l.reshape(moved, grid, grid, "Grid")}, out));
}

/// The numbers to add; none where Caffe finds no file to read.
template <typename AnyLowering>
const Tensor* shift_of(const AnyLowering& l) {
  const Tensor* shift = l.node().blob("shift");
  if (shift == nullptr && !l.attributes().text("shift_file").empty())
    l.refuse("its file \"" + l.attributes().text("shift_file") + "\" was not read",
             "put the file where the prototxt says, relative to the current folder");
  return shift;
}

void onnx_power_file(onnx::Lowering& l) {
  Shape shape = l.output_shape();
  shape[0] = 1;
  const Tensor* shift = shift_of(l);
  l.output(0, shift == nullptr ? l.input(0) : l.binary("Add", l.input(0), l.weights(*shift, shape, "shift")));
}

void lower_power_file(Lowering& l) {
  const Tensor* shift = shift_of(l);
  if (shift == nullptr) {
    l.output(0, l.input(0));
    return;
  }
  Shape shape = l.output_shape();
  shape[0] = 1;
  l.output(0, l.emit("Add", 1, {{"auto_broadcast", std::string("numpy")}},
                     {l.input(0), l.weights(*shift, shape, "shift")}, l.output_shape()));
}

}  // namespace

/// The input plus the blob `shift`, the numbers of shift_file, [C, H, W] of one image.
const OpDef power_file = {.name = "PowerFile",
                          .infer = shapes::same_as_input,
                          .opset = lower_power_file,
                          .legacy = ir::legacy::layer("PowerFile", {"shift_file"}),
                          .onnx = onnx_power_file,
                          .from_legacy = {{"PowerFile"}, same_names({}, {{"shift_file", Kind::text}})}};

/// Input 0 sampled where the affine transformation in input 1 says.  Attributes: output_H, output_W (0: those
/// of input 0), transform_type, sampler_type, to_compute_dU, theta_1_1 ... theta_2_3 where fixed.
const OpDef spatial_transformer = {
    .name = "SpatialTransformer",
    .infer = infer_transformer,
    .opset = lower_transformer,
    .legacy = ir::legacy::layer(
        "SpatialTransformer", {"output_H", "output_W", "sampler_type", "to_compute_dU", "transform_type",
                               "theta_1_1", "theta_1_2", "theta_1_3", "theta_2_1", "theta_2_2", "theta_2_3"}),
    .onnx = onnx_transformer,
    .from_legacy = {{"SpatialTransformer"},
                    same_names({{"output_H", Kind::integer}, {"output_W", Kind::integer}},
                               {{"sampler_type", Kind::text},
                                {"to_compute_dU", Kind::text},
                                {"transform_type", Kind::text},
                                {"theta_1_1", Kind::number},
                                {"theta_1_2", Kind::number},
                                {"theta_1_3", Kind::number},
                                {"theta_2_1", Kind::number},
                                {"theta_2_2", Kind::number},
                                {"theta_2_3", Kind::number}})}};

}  // namespace mo::op
