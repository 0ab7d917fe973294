#include <cmath>

#include "ir/legacy/reading.h"
#include "ir/legacy/spelling.h"
#include "ir/opset/lowering.h"
#include "onnx/lowering.h"
#include "ops/ops.h"
#include "ops/resampling.h"
#include "ops/shapes.h"

namespace mo::op {

namespace {

using ir::opset::Lowering;
using ir::opset::Port;

constexpr std::int64_t largest_side = 1 << 16;
constexpr std::int64_t most_weights = 1 << 27;  // of all pixels of a side for each one of the result's

void infer_size(ShapeContext& c) {
  const Shape& x = c.input(0);
  c.require(x.size() == 4, "its input " + to_string(x) + " is not [N, C, H, W]");
  const std::int64_t height = c.attributes().integer("height");
  const std::int64_t width = c.attributes().integer("width");
  c.require(height > 0 && width > 0 && height <= largest_side && width <= largest_side,
            "its output of height " + std::to_string(height) + " and width " + std::to_string(width) +
                " is not an image");
  c.output(0, {x[0], x[1], height, width});
}

Port emit_interpolate_1(Lowering& l, Port image, const Shape& y, bool align, const std::string& suffix) {
  return l.emit("Interpolate", 1,
                {{"axes", std::vector<std::int64_t>{2, 3}},
                 {"mode", std::string("linear")},
                 {"align_corners", align},
                 {"antialias", false},
                 {"pads_begin", std::vector<std::int64_t>{0}},
                 {"pads_end", std::vector<std::int64_t>{0}}},
                {image, l.integers({y[2], y[3]}, suffix.empty() ? "sizes" : suffix + "/sizes")}, y, suffix);
}

bool keeps_size(const Lowering& l) {
  return l.input_shape(0) == l.output_shape();
}

struct Interpolation {
  const char* mode;
  const char* coordinates;
  const char* nearest = "round_prefer_floor";
  bool antialias = false;
};

Port emit_interpolate_4(Lowering& l, Port image, const Shape& y, const Interpolation& kind,
                        const std::string& suffix = {}) {
  const Shape& x = l.shape(image);
  const std::string prefix = suffix.empty() ? suffix : suffix + "/";
  const std::vector<float> scales{static_cast<float>(y[2]) / static_cast<float>(x[2] > 0 ? x[2] : y[2]),
                                  static_cast<float>(y[3]) / static_cast<float>(x[3] > 0 ? x[3] : y[3])};
  return l.emit("Interpolate", 4,
                {{"mode", std::string(kind.mode)},
                 {"shape_calculation_mode", std::string("sizes")},
                 {"coordinate_transformation_mode", std::string(kind.coordinates)},
                 {"nearest_mode", std::string(kind.nearest)},
                 {"antialias", kind.antialias},
                 {"pads_begin", std::vector<std::int64_t>(4, 0)},
                 {"pads_end", std::vector<std::int64_t>(4, 0)},
                 {"cube_coeff", -0.75F}},
                {image, l.integers({y[2], y[3]}, prefix + "sizes"), l.exact(scales, {2}, prefix + "scales"),
                 l.integers({2, 3}, prefix + "axes")},
                y, suffix);
}

Port emit_interpolate_4(Lowering& l, const Interpolation& kind) {
  return emit_interpolate_4(l, l.input(0), l.output_shape(), kind);
}

void lower_interp(Lowering& l) {
  if (keeps_size(l)) {
    l.output(0, l.input(0));
    return;
  }
  const bool align = l.attributes().boolean("align_corners");
  if (!l.dialect().opset1_only) {
    l.output(0, emit_interpolate_4(l, {"linear_onnx", align ? "align_corners" : "asymmetric"}));
    return;
  }
  l.output(0, emit_interpolate_1(l, l.input(0), l.output_shape(), align, {}));
}

// ---- Resample: FlowNet2's layer.  Output pixel o lies at (o + 0.5) in / out - 0.5; its value is the mean of
// the pixels around, weighted by the kernel's value at their distance.

double triangle(double x) {
  return std::max(0.0, 1.0 - std::abs(x));
}

/// Keys' cubic kernel with a = -0.5.
double cubic(double x) {
  x = std::abs(x);
  if (x <= 1.0) return (1.5 * x - 2.5) * x * x + 1.0;
  return x < 2.0 ? ((-0.5 * x + 2.5) * x - 4.0) * x + 2.0 : 0.0;
}

enum class Kernel : std::uint8_t { nearest, before, linear, cubic };

Kernel kernel_of(const Attributes& attributes) {
  const std::string& type = attributes.text("type");
  if (type.ends_with("NEAREST")) return attributes.get_or("floor", false) ? Kernel::before : Kernel::nearest;
  return type.ends_with("CUBIC") ? Kernel::cubic : Kernel::linear;
}

/// [out, in]: what each input pixel gives to each output pixel along one axis.
std::vector<float> resampling_matrix(std::int64_t in, std::int64_t out, Kernel kernel, bool antialias) {
  std::vector<float> matrix(static_cast<std::size_t>(in * out), 0.0F);
  const double ratio = static_cast<double>(in) / static_cast<double>(out);
  const double stretch = antialias && ratio > 1.0 ? ratio : 1.0;
  const double reach = (kernel == Kernel::cubic ? 2.0 : 1.0) * stretch;
  std::vector<double> weights(static_cast<std::size_t>(in));
  for (std::int64_t o = 0; o < out; ++o) {
    const double center = (static_cast<double>(o) + 0.5) * ratio - 0.5;
    const auto row = static_cast<std::size_t>(o * in);
    if (kernel == Kernel::nearest || kernel == Kernel::before) {
      const std::int64_t wanted = kernel == Kernel::before ? o * in / out : std::llround(center);
      const auto nearest_pixel = std::clamp<std::int64_t>(wanted, 0, in - 1);
      matrix[row + static_cast<std::size_t>(nearest_pixel)] = 1.0F;
      continue;
    }
    const auto first = std::max<std::int64_t>(0, static_cast<std::int64_t>(std::ceil(center - reach)));
    const auto last = std::min<std::int64_t>(in - 1, static_cast<std::int64_t>(std::floor(center + reach)));
    double sum = 0.0;
    for (std::int64_t i = first; i <= last; ++i) {
      const double distance = (static_cast<double>(i) - center) / stretch;
      const double weight = kernel == Kernel::cubic ? cubic(distance) : triangle(distance);
      weights[static_cast<std::size_t>(i)] = weight;
      sum += weight;
    }
    for (std::int64_t i = first; i <= last; ++i)
      matrix[row + static_cast<std::size_t>(i)] =
          static_cast<float>(weights[static_cast<std::size_t>(i)] / sum);
  }
  return matrix;
}

/// The kernel is separable: rows times image times columns.
Port emit_kernel(Lowering& l, Kernel kernel, bool antialias) {
  const Shape& x = l.input_shape(0);
  const Shape& y = l.output_shape();
  return resampling::emit_matrices(l, l.input(0), resampling_matrix(x[2], y[2], kernel, antialias),
                                   resampling_matrix(x[3], y[3], kernel, antialias), y);
}

void infer_resample(ShapeContext& c) {
  const Shape& x = c.input(0);
  infer_size(c);
  c.require(x[2] > 0 && x[3] > 0 && x[2] <= largest_side && x[3] <= largest_side,
            "the size of its input " + to_string(x) + " is not known");
  for (const std::size_t side : {2, 3})  // where the runtime cannot, it is a matrix of both
    c.require(x[side] * c.attributes().integer(side == 2 ? "height" : "width") <= most_weights,
              "its input " + to_string(x) + " is too large");
}

void lower_resample(Lowering& l) {
  if (keeps_size(l)) {
    l.output(0, l.input(0));
    return;
  }
  const Kernel kernel = kernel_of(l.attributes());
  const Shape& x = l.input_shape(0);
  const Shape& y = l.output_shape();
  const bool shrinks = y[2] < x[2] || y[3] < x[3];
  const bool antialias = l.attributes().boolean("antialias") && shrinks;
  if (l.dialect().opset1_only || kernel == Kernel::cubic || antialias)
    l.output(0, emit_kernel(l, kernel, antialias));
  else if (kernel == Kernel::before)
    l.output(0, emit_interpolate_4(l, {"nearest", "asymmetric", "floor"}));
  else if (kernel == Kernel::nearest)
    l.output(0, emit_interpolate_4(l, {"nearest", "half_pixel", "round_prefer_ceil"}));
  else
    l.output(0, emit_interpolate_4(l, {"linear_onnx", "half_pixel"}));
}

/// As the prototxt has it; the size itself is that of the output port.
void spell_interp(ir::legacy::Spelling& s) {
  const Attributes& a = s.attributes();
  const bool by_reference = a.get_or("by_reference", false);
  s.type("Interp");
  s.copy({"align_corners", "pad_beg", "pad_end", "shrink_factor", "zoom_factor"});
  if (by_reference && s.dialect().resizes_by_size) {
    s.copy({"height", "width"});
    return;
  }
  s.attribute("height", a.get_or("given_height", a.integer("height")));
  s.attribute("width", a.get_or("given_width", a.integer("width")));
  const Shape& in = s.input_shape(0);
  const Shape& out = s.output_shape();
  if (by_reference && out[2] * in[3] == out[3] * in[2])
    s.attribute("factor", static_cast<float>(out[2]) / static_cast<float>(in[2]));
}

/// The original of 2020 wrote Interp for LINEAR, whose pixels lie elsewhere: at o in / out.
void spell_resample(ir::legacy::Spelling& s) {
  s.type("Resample");
  s.copy({"antialias", "factor", "height", "type", "width"});
}

void require_image(const ir::legacy::Reading& r) {
  if (r.output_shape().size() != 4) r.fail("its output " + to_string(r.output_shape()) + " is no image");
}

/// The output port has the size, whatever the attributes compute it from.
void read_interp(ir::legacy::Reading& r) {
  require_image(r);
  for (const char* name : {"pad_beg", "pad_end"})
    if (r.integer(name, 0) != 0) r.unsupported(name);
  for (const char* name : {"shrink_factor", "zoom_factor", "pad_beg", "pad_end"})
    r.copy(ir::legacy::Kind::integer, name);
  r.attributes.set("align_corners", r.boolean("align_corners", true));
  r.attributes.set("given_height", r.integer("height", 0));
  r.attributes.set("given_width", r.integer("width", 0));
  r.attributes.set("height", r.output_shape()[2]);
  r.attributes.set("width", r.output_shape()[3]);
  if (r.has("factor")) r.attributes.set("by_reference", true);
}

void read_resample(ir::legacy::Reading& r) {
  require_image(r);
  r.attributes = {{"type", r.text("type", "caffe.ResampleParameter.LINEAR")},
                  {"antialias", r.boolean("antialias", false)},
                  {"factor", r.number("factor", 1.0F)},
                  {"height", r.output_shape()[2]},
                  {"width", r.output_shape()[3]}};
}

struct OnnxResize {
  const char* mode;
  const char* coordinates;
  const char* nearest = "round_prefer_floor";
};

onnx::Value onnx_resize(onnx::Lowering& l, onnx::Value image, const Shape& y, const OnnxResize& kind,
                        const std::string& suffix = {}) {
  const std::string prefix = suffix.empty() ? suffix : suffix + "/";
  onnx::Value absent;
  if (!l.dialect().optional_resize_inputs) absent = l.exact({}, {0}, prefix + "absent");
  // All four sizes are needed; those of the batch and the channels are the input's.
  onnx::Value sizes = l.integers({y[0], y[1], y[2], y[3]}, prefix + "sizes");
  if (y[0] < 0 || y[1] < 0) {
    const onnx::Value shape = l.emit("Shape", {}, {image}, {4}, prefix + "Shape", onnx::DataType::i64);
    sizes =
        l.concat({l.slice(shape, 0, 0, 2, prefix + "Leading"), l.integers({y[2], y[3]}, prefix + "sides")}, 0,
                 {4}, prefix + "Sizes");
  }
  Attributes data{{"mode", std::string(kind.mode)},
                  {"coordinate_transformation_mode", std::string(kind.coordinates)}};
  if (kind.mode == std::string_view("nearest")) data.set("nearest_mode", std::string(kind.nearest));
  return l.emit("Resize", std::move(data), {image, absent, absent, sizes}, y, suffix);
}

/// Linear.  A side of 1 is repeated first: OpenCV 5.0.0 reads beyond the end of it when it interpolates.
onnx::Value onnx_linear(onnx::Lowering& l, onnx::Value image, const Shape& y, const char* coordinates,
                        const std::string& suffix = {}) {
  Shape repeated = l.shape(image);
  for (const std::size_t side : {2U, 3U})
    if (repeated[side] == 1) repeated[side] = y[side];
  if (repeated == l.shape(image)) return onnx_resize(l, image, y, {"linear", coordinates}, suffix);
  const bool last = repeated == y;
  image = onnx_resize(l, image, repeated, {"nearest", "asymmetric"}, last ? suffix : suffix + "Repeated");
  return last ? image : onnx_resize(l, image, y, {"linear", coordinates}, suffix);
}

void onnx_interp(onnx::Lowering& l) {
  if (l.input_shape(0) == l.output_shape()) {
    l.output(0, l.input(0));
    return;
  }
  l.output(0, onnx_linear(l, l.input(0), l.output_shape(),
                          l.attributes().boolean("align_corners") ? "align_corners" : "asymmetric"));
}

void onnx_resample(onnx::Lowering& l) {
  const Shape& x = l.input_shape(0);
  const Shape& y = l.output_shape();
  if (x == y) {
    l.output(0, l.input(0));
    return;
  }
  const Kernel kernel = kernel_of(l.attributes());
  const bool antialias = l.attributes().boolean("antialias") && (y[2] < x[2] || y[3] < x[3]);
  if (kernel != Kernel::cubic && !antialias) {
    if (kernel == Kernel::before)
      l.output(0, onnx_resize(l, l.input(0), y, {"nearest", "asymmetric", "floor"}));
    else if (kernel == Kernel::nearest)
      l.output(0, onnx_resize(l, l.input(0), y, {"nearest", "half_pixel", "round_prefer_ceil"}));
    else
      l.output(0, onnx_linear(l, l.input(0), y, "half_pixel"));
    return;
  }
  l.output(0, resampling::onnx_matrices(l, l.input(0), resampling_matrix(x[2], y[2], kernel, antialias),
                                        resampling_matrix(x[3], y[3], kernel, antialias), y));
}

}  // namespace

namespace resampling {

Port emit_aligned(Lowering& l, Port image, std::int64_t height, std::int64_t width,
                  const std::string& suffix) {
  const Shape& x = l.shape(image);
  const Shape y{x[0], x[1], height, width};
  if (x == y) return image;
  if (l.dialect().opset1_only) return emit_interpolate_1(l, image, y, true, suffix);
  return emit_interpolate_4(l, image, y, {"linear_onnx", "align_corners"}, suffix);
}

Port emit_matrices(Lowering& l, Port image, std::vector<float> rows, std::vector<float> columns,
                   const Shape& output, const std::string& suffix) {
  const Shape& x = l.shape(image);
  const std::string prefix = suffix.empty() ? suffix : suffix + "/";
  const Port left = l.exact(std::move(rows), {1, 1, output[2], x[2]}, prefix + "rows");
  const Port right = l.exact(std::move(columns), {1, 1, output[3], x[3]}, prefix + "columns");
  const Port tall = l.emit("MatMul", 1, {{"transpose_a", false}, {"transpose_b", false}}, {left, image},
                           {x[0], x[1], output[2], x[3]}, prefix + "Rows");
  return l.emit("MatMul", 1, {{"transpose_a", false}, {"transpose_b", true}}, {tall, right}, output, suffix);
}

onnx::Value onnx_aligned(onnx::Lowering& l, onnx::Value image, std::int64_t height, std::int64_t width,
                         const std::string& suffix) {
  const Shape x = l.shape(image);
  const Shape y{x[0], x[1], height, width};
  return x == y ? image : onnx_linear(l, image, y, "align_corners", suffix);
}

onnx::Value onnx_matrices(onnx::Lowering& l, onnx::Value image, std::vector<float> rows,
                          std::vector<float> columns, const Shape& output, const std::string& suffix) {
  const Shape x = l.shape(image);
  const std::string prefix = suffix.empty() ? suffix : suffix + "/";
  const onnx::Value left = l.exact(std::move(rows), {1, 1, output[2], x[2]}, prefix + "rows");
  const onnx::Value right = l.exact(std::move(columns), {1, 1, output[3], x[3]}, prefix + "columns");
  const onnx::Value tall =
      l.emit("MatMul", {}, {left, image}, {x[0], x[1], output[2], x[3]}, prefix + "Rows");
  return l.emit("MatMul", {}, {tall, l.transpose(right, {0, 1, 3, 2}, prefix + "Columns")}, output, suffix);
}

}  // namespace resampling

/// Bilinear resizing.  Attributes: height, width: of the output; align_corners: the corner pixels keep their
/// place, else pixel o of the output lies at o in / out; zoom_factor, shrink_factor, pad_beg, pad_end: for
/// the legacy spelling, neutral.
const OpDef interp = {.name = "Interp",
                      .infer = infer_size,
                      .opset = lower_interp,
                      .legacy = spell_interp,
                      .onnx = onnx_interp,
                      .from_legacy = {{"Interp"}, read_interp}};

/// Resizing with pixel centres at (o + 0.5) in / out - 0.5.  Attributes: height, width: of the output;
/// factor; type (`caffe.ResampleParameter.NEAREST`, LINEAR, CUBIC); antialias: widen the kernel when
/// shrinking; floor: the nearest pixel is that at o in / out, rounded down.
const OpDef resample = {.name = "Resample",
                        .infer = infer_resample,
                        .opset = lower_resample,
                        .legacy = spell_resample,
                        .onnx = onnx_resample,
                        .from_legacy = {{"Resample"}, read_resample}};

}  // namespace mo::op
