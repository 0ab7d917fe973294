#include <algorithm>

#include "ir/legacy/reading.h"
#include "ir/legacy/spelling.h"
#include "ir/opset/lowering.h"
#include "onnx/lowering.h"
#include "ops/ops.h"

// FlowNet's Correlation.  No opset has it: it is said in operations that IR v10 has already.

namespace mo::op {

namespace {

using ir::legacy::Kind;
using ir::legacy::same_names;
using ir::opset::Lowering;
using ir::opset::Port;

constexpr std::int64_t limit = std::int64_t{1} << 16;
constexpr std::int64_t most_numbers = std::int64_t{1} << 28;  // of one tensor that is made here

std::int64_t in_range(ShapeContext& c, const char* name, std::int64_t least) {
  const std::int64_t value = c.attributes().integer(name);
  c.require(value >= least && value < limit, std::string(name) + " is out of range");
  return value;
}

/// Room for `size` positions `stride` apart, at least one.
std::int64_t positions(ShapeContext& c, std::int64_t size, std::int64_t stride) {
  c.require(size > 0, "the displacements do not fit its input " + to_string(c.input(0)));
  return (size + stride - 1) / stride;
}

/// How the patches of two images are compared, from the attributes of a Correlation.
struct Displacements {
  explicit Displacements(const Attributes& a)
      : line(a.get_or("one_dimensional", false)),
        kernel(a.integer("kernel_size")),
        stride(a.integer("stride_1")),
        step(a.integer("stride_2")),
        farthest(a.integer("max_displacement")),
        pad(a.integer("pad")),
        radius(farthest / step),
        direction(line ? a.integer("single_direction") : 0),
        across(direction != 0 ? radius + 1 : 2 * radius + 1),
        down(line ? 1 : across),
        first(direction > 0   ? 0
              : direction < 0 ? -across
                              : -radius) {}

  std::int64_t row(std::int64_t index) const { return line ? 0 : (index - radius) * step; }
  std::int64_t column(std::int64_t index) const { return (first + index) * step; }
  /// Rows in which no patch begins, at the top and at the bottom.
  std::int64_t unreached_rows() const { return line ? 0 : farthest; }
  std::int64_t row_pad() const { return line ? 0 : pad; }
  /// Columns that displacements to one side may reach beyond max_displacement.
  std::int64_t beyond() const { return std::max<std::int64_t>(0, -column(0) - farthest); }

  bool line;  ///< along the rows alone
  std::int64_t kernel, stride, step, farthest, pad;
  std::int64_t radius;     ///< steps to each side
  std::int64_t direction;  ///< 0: both, else to one side alone
  std::int64_t across, down;
  std::int64_t first;  ///< the leftmost displacement, in steps
};

void infer_correlation(ShapeContext& c) {
  const Shape& x = c.input(0);
  c.require(x.size() == 4 && std::ranges::all_of(x, [](std::int64_t dim) { return dim > 0 && dim < limit; }),
            "its input " + to_string(x) + " is not an image [N, C, H, W] of known size");
  c.require(c.input_count() == 2 && c.input(1) == x, "its two inputs have different shapes");
  in_range(c, "pad", 0);
  in_range(c, "max_displacement", 0);
  in_range(c, "kernel_size", 1);
  in_range(c, "stride_1", 1);
  in_range(c, "stride_2", 1);
  const Displacements d(c.attributes());
  c.require(d.kernel % 2 == 1, "kernel_size must be odd");
  const std::int64_t border = d.kernel - 1;
  const std::int64_t height = positions(c, x[2] + 2 * (d.row_pad() - d.unreached_rows()) - border, d.stride);
  const std::int64_t width = positions(c, x[3] + 2 * (d.pad - d.farthest) - border, d.stride);
  c.require(d.across * d.down < limit && d.across * (x[3] + 2 * d.pad) < most_numbers,
            "it has too many displacements");
  c.output(0, {x[0], d.across * d.down, height, width});
}

struct Padding {
  std::int64_t rows = 0, left = 0, right = 0;
};

Port emit_padded(Lowering& l, Port image, const Padding& pad, std::string_view suffix) {
  const Shape& x = l.shape(image);
  if (pad.rows == 0 && pad.left == 0 && pad.right == 0) return image;
  const Shape padded{x[0], x[1], x[2] + 2 * pad.rows, x[3] + pad.left + pad.right};
  const std::string name(suffix);
  return l.emit(
      "Pad", 1, {{"pad_mode", std::string("constant")}},
      {image, l.integers({0, 0, pad.rows, pad.left}, name + "/pads_begin"),
       l.integers({0, 0, pad.rows, pad.right}, name + "/pads_end"), l.scalar(0.0F, name + "/value")},
      padded, suffix);
}

/// from, from + 1, ...
std::vector<std::int64_t> sequence(std::int64_t from, std::int64_t size) {
  std::vector<std::int64_t> numbers(static_cast<std::size_t>(size));
  for (std::int64_t i = 0; i < size; ++i) numbers[static_cast<std::size_t>(i)] = from + i;
  return numbers;
}

Port emit_rows(Lowering& l, Port image, std::int64_t from, std::int64_t size, const std::string& suffix) {
  Shape shape = l.shape(image);
  if (from == 0 && size == shape[2]) return image;
  shape[2] = size;
  return l.emit("Gather", 1, {},
                {image, l.integers(sequence(from, size), suffix + "/rows"), l.integer(2, suffix + "/axis")},
                shape, suffix);
}

/// Products, or distances, of all pixels and their neighbours, averaged over the channels: [N, H, D, W].
Port emit_comparison(Lowering& l, Port pixels, Port neighbours, const std::string& suffix) {
  const Attributes broadcast{{"auto_broadcast", std::string("numpy")}};
  const Shape& x = l.shape(neighbours);
  Port compared;
  if (l.attributes().text("correlation_type").ends_with("SUBTRACT")) {
    compared = l.emit("Subtract", 1, broadcast, {pixels, neighbours}, x, suffix + "/Difference");
    compared = l.emit("Abs", 1, {}, {compared}, x, suffix + "/Distance");
  } else {
    compared = l.emit("Multiply", 1, broadcast, {pixels, neighbours}, x, suffix + "/Product");
  }
  return l.emit("ReduceMean", 1, {{"keep_dims", false}}, {compared, l.integers({1}, suffix + "/channels")},
                {x[0], x[2], x[3], x[4]}, suffix + "/Mean");
}

/// The mean over each patch.
Port emit_patches(Lowering& l, Port x, const Displacements& d) {
  if (d.kernel == 1 && d.stride == 1) return x;
  return l.emit("AvgPool", 1,
                {{"kernel", std::vector<std::int64_t>{d.kernel, d.kernel}},
                 {"strides", std::vector<std::int64_t>{d.stride, d.stride}},
                 {"pads_begin", std::vector<std::int64_t>{0, 0}},
                 {"pads_end", std::vector<std::int64_t>{0, 0}},
                 {"exclude-pad", true},
                 {"rounding_type", std::string("floor")}},
                {x}, l.output_shape());
}

/// Where the columns of all neighbours of a row lie in the padded second image, displacement by displacement.
std::vector<std::int64_t> neighbour_columns(const Displacements& d, std::int64_t width) {
  std::vector<std::int64_t> columns;
  for (std::int64_t i = 0; i < d.across; ++i)
    for (const std::int64_t column : sequence(d.farthest + d.beyond() + d.column(i), width))
      columns.push_back(column);
  return columns;
}

/// Row by row of displacements, so that no more than one row of them is in memory at a time.
void lower_correlation(Lowering& l) {
  const Displacements d(l.attributes());
  const Shape& x = l.input_shape(0);
  const std::int64_t height = x[2] + 2 * (d.row_pad() - d.unreached_rows());
  const std::int64_t width = x[3] + 2 * (d.pad - d.farthest);
  const Port first = emit_padded(l, l.input(0), {d.row_pad(), d.pad, d.pad}, "Pad");
  const Port second = emit_padded(l, l.input(1), {d.row_pad(), d.pad + d.beyond(), d.pad}, "PadSecond");

  const Port rows = emit_rows(l, first, d.unreached_rows(), height, "Rows");
  const Port inner =
      l.emit("Gather", 1, {},
             {rows, l.integers(sequence(d.farthest, width), "inner_columns"), l.integer(3, "columns_axis")},
             {x[0], x[1], height, width}, "Inner");
  const Port pixels = l.reshape(inner, {0, 0, 0, 1, -1}, {x[0], x[1], height, 1, width}, "Pixels");

  const Port flat = l.integers(neighbour_columns(d, width), "columns");
  std::vector<Port> parts;
  for (std::int64_t i = 0; i < d.down; ++i) {
    const std::string suffix = "Row" + std::to_string(i);
    const Port moved = emit_rows(l, second, d.unreached_rows() + d.row(i), height, suffix);
    const Shape gathered{x[0], x[1], height, d.across * width};
    const Port beside =
        l.emit("Gather", 1, {}, {moved, flat, l.integer(3, suffix + "/axis")}, gathered, suffix + "/Beside");
    const Port neighbours = l.reshape(beside, {0, 0, 0, d.across, width},
                                      {x[0], x[1], height, d.across, width}, suffix + "/Neighbours");
    parts.push_back(emit_comparison(l, pixels, neighbours, suffix));
  }
  const std::int64_t channels = d.across * d.down;
  Port all = parts.front();
  if (parts.size() > 1)
    all = l.emit("Concat", 1, {{"axis", std::int64_t{2}}}, parts, {x[0], height, channels, width}, "AllRows");
  all = l.emit("Transpose", 1, {}, {all, l.integers({0, 2, 1, 3}, "order")}, {x[0], channels, height, width},
               "Displacements");
  l.output(0, emit_patches(l, all, d));
}

/// Means [N, H, D, W] of products or distances, as emit_comparison.
onnx::Value onnx_comparison(onnx::Lowering& l, onnx::Value pixels, onnx::Value neighbours,
                            const std::string& suffix) {
  onnx::Value compared;
  if (l.attributes().text("correlation_type").ends_with("SUBTRACT"))
    compared =
        l.unary("Abs", l.binary("Sub", pixels, neighbours, suffix + "/Difference"), suffix + "/Distance");
  else
    compared = l.binary("Mul", pixels, neighbours, suffix + "/Product");
  return l.reduce("ReduceMean", compared, {1}, false, suffix + "/Mean");
}

/// As lower_correlation.
void onnx_correlation(onnx::Lowering& l) {
  const Displacements d(l.attributes());
  const Shape& x = l.input_shape(0);
  const std::int64_t height = x[2] + 2 * (d.row_pad() - d.unreached_rows());
  const std::int64_t width = x[3] + 2 * (d.pad - d.farthest);
  const auto padded = [&](std::size_t input, std::int64_t left, const std::string& suffix) {
    return l.pad(l.input(input), {0, 0, d.row_pad(), left}, {0, 0, d.row_pad(), d.pad}, suffix);
  };
  const auto rows = [&](onnx::Value image, std::int64_t from, const std::string& suffix) {
    return l.slice(image, 2, from, from + height, suffix);
  };
  const onnx::Value second = padded(1, d.pad + d.beyond(), "PadSecond");
  const onnx::Value inner = l.slice(rows(padded(0, d.pad, "Pad"), d.unreached_rows(), "Rows"), 3, d.farthest,
                                    d.farthest + width, "Inner");
  const onnx::Value pixels = l.unsqueeze(inner, {3}, "Pixels");
  const onnx::Value columns = l.integers(neighbour_columns(d, width), "columns");
  onnx::Values parts;
  for (std::int64_t i = 0; i < d.down; ++i) {
    const std::string suffix = "Row" + std::to_string(i);
    const onnx::Value moved = rows(second, d.unreached_rows() + d.row(i), suffix);
    const onnx::Value beside = l.emit("Gather", {{"axis", std::int64_t{3}}}, {moved, columns},
                                      {x[0], x[1], height, d.across * width}, suffix + "/Beside");
    const Shape neighbours{x[0], x[1], height, d.across, width};
    parts.push_back(onnx_comparison(
        l, pixels, l.reshape(beside, neighbours, neighbours, suffix + "/Neighbours"), suffix));
  }
  const std::int64_t channels = d.across * d.down;
  onnx::Value all =
      parts.size() > 1 ? l.concat(parts, 2, {x[0], height, channels, width}, "AllRows") : parts[0];
  all = l.transpose(all, {0, 2, 1, 3}, "Displacements");
  if (d.kernel > 1 || d.stride > 1)  // the mean over each patch
    all = l.emit("AveragePool",
                 {{"kernel_shape", onnx::Integers{d.kernel, d.kernel}},
                  {"strides", onnx::Integers{d.stride, d.stride}},
                  {"pads", onnx::Integers{0, 0, 0, 0}}},
                 {all}, l.output_shape());
  l.output(0, all);
}

}  // namespace

/// Patches of input 0 compared with displaced patches of input 1.  Attributes: pad, kernel_size,
/// max_displacement, stride_1, stride_2, do_abs (without effect), correlation_type (`..MULTIPLY`,
/// `..SUBTRACT`), one_dimensional: along rows alone, and then single_direction: -1 to the left, 1 to the
/// right, 0 both.
const OpDef correlation = {
    .name = "Correlation",
    .infer = infer_correlation,
    .opset = lower_correlation,
    .legacy =
        ir::legacy::layer("Correlation", {"correlation_type", "do_abs", "kernel_size", "max_displacement",
                                          "pad", "single_direction", "stride_1", "stride_2"}),
    .onnx = onnx_correlation,
    .from_legacy = {{"Correlation"},
                    same_names({{"pad", Kind::integer},
                                {"kernel_size", Kind::integer},
                                {"max_displacement", Kind::integer},
                                {"single_direction", Kind::integer},
                                {"stride_1", Kind::integer},
                                {"stride_2", Kind::integer},
                                {"correlation_type", Kind::text}},
                               {{"do_abs", Kind::integer}})}};

}  // namespace mo::op
