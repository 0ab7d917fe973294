#include <algorithm>
#include <cmath>

#include "ir/legacy/reading.h"
#include "ir/legacy/spelling.h"
#include "ir/opset/lowering.h"
#include "onnx/lowering.h"
#include "ops/ops.h"
#include "ops/resampling.h"
#include "ops/shapes.h"

// Layers of FlowNet beside Correlation.  No opset has them: they are said in operations that IR v10 has
// already.

namespace mo::op {

namespace {

using ir::legacy::Kind;
using ir::legacy::same_names;
using ir::opset::Lowering;
using ir::opset::Port;

constexpr std::int64_t limit = std::int64_t{1} << 16;
constexpr std::int64_t most_numbers = std::int64_t{1} << 28;  // of one tensor that is made here

void require_image(ShapeContext& c, std::size_t index) {
  const Shape& x = c.input(index);
  c.require(x.size() == 4 && std::ranges::all_of(x, [](std::int64_t dim) { return dim > 0 && dim < limit; }),
            "its input " + to_string(x) + " is not an image [N, C, H, W] of known size");
}

void require_images(ShapeContext& c) {
  for (std::size_t i = 0; i < c.input_count(); ++i) require_image(c, i);
}

std::int64_t in_range(ShapeContext& c, const char* name, std::int64_t least) {
  const std::int64_t value = c.attributes().integer(name);
  c.require(value >= least && value < limit, std::string(name) + " is out of range");
  return value;
}

/// The size is that of the reference, which itself is not accumulated; else the given one where both its
/// sides are longer than those of all inputs; else that of the largest.
void infer_accum(ShapeContext& c) {
  require_images(c);
  const bool reference = c.attributes().integer("have_reference") != 0;
  const std::size_t summed = c.input_count() - (reference ? 1 : 0);
  c.require(summed > 0, "it has only a reference");
  Shape out{c.input(0)[0], 0, 0, 0};
  for (std::size_t i = 0; i < summed; ++i) {
    c.require(c.input(i)[0] == out[0], "its inputs have different batch sizes");
    out[1] += c.input(i)[1];
    out[2] = std::max(out[2], c.input(i)[2]);
    out[3] = std::max(out[3], c.input(i)[3]);
  }
  if (reference) {
    c.output(0, {out[0], out[1], c.input(summed)[2], c.input(summed)[3]});
    return;
  }
  std::int64_t height = in_range(c, "top_height", 0);
  std::int64_t width = in_range(c, "top_width", 0);
  if (const std::int64_t divisor = in_range(c, "size_divisible_by", 0); divisor > 0) {
    height = (out[2] + divisor - 1) / divisor * divisor;
    width = (out[3] + divisor - 1) / divisor * divisor;
  }
  if (height > out[2] && width > out[3]) {
    out[2] = height;
    out[3] = width;
  }
  c.output(0, std::move(out));
}

/// Each input enlarged so that corners lie on corners, one behind the other.
void lower_accum(Lowering& l) {
  const bool reference = l.attributes().integer("have_reference") != 0;
  const Shape& out = l.output_shape();
  std::vector<Port> parts;
  for (std::size_t i = 0; i < l.input_count() - (reference ? 1 : 0); ++i)
    parts.push_back(resampling::emit_aligned(l, l.input(i), out[2], out[3], "Resize" + std::to_string(i)));
  l.output(0, parts.size() == 1 ? parts[0] : l.emit("Concat", 1, {{"axis", std::int64_t{1}}}, parts, out));
}

void onnx_accum(onnx::Lowering& l) {
  const bool reference = l.attributes().integer("have_reference") != 0;
  const Shape& out = l.output_shape();
  onnx::Values parts;
  for (std::size_t i = 0; i < l.input_count() - (reference ? 1 : 0); ++i)
    parts.push_back(resampling::onnx_aligned(l, l.input(i), out[2], out[3], "Resize" + std::to_string(i)));
  l.output(0, parts.size() == 1 ? parts[0] : l.concat(parts, 1, out));
}

/// Both sizes of the crop, or none.
void infer_augmentation(ShapeContext& c) {
  require_images(c);
  Shape out = c.input(0);
  const std::int64_t height = in_range(c, "crop_height", 0);
  const std::int64_t width = in_range(c, "crop_width", 0);
  if (height > 0 && width > 0) {
    c.require(height <= out[2] && width <= out[3], "its crop of " + std::to_string(height) + " x " +
                                                       std::to_string(width) + " is larger than its input " +
                                                       to_string(out));
    c.require(height * out[2] < most_numbers && width * out[3] < most_numbers, "its crop is too large");
    out[2] = height;
    out[3] = width;
  }
  c.output(0, std::move(out));
}

/// [out, in]: the middle of an axis as the layer samples it: pixel o lies at o + (in - out) / 2, but never
/// closer to the end than 0.05 of a pixel.
std::vector<float> middle(std::int64_t in, std::int64_t out) {
  std::vector<float> matrix(static_cast<std::size_t>(in * out), 0.0F);
  for (std::int64_t o = 0; o < out; ++o) {
    const double wanted = static_cast<double>(o) + static_cast<double>(in - out) / 2;
    const double at = std::max(0.0, std::min(wanted, static_cast<double>(in) - 1.05));
    const auto before = static_cast<std::int64_t>(std::floor(at));
    const double rest = at - static_cast<double>(before);
    const auto place = static_cast<std::size_t>(o * in + before);
    matrix[place] = static_cast<float>(1.0 - rest);
    if (before + 1 < in) matrix[place + 1] = static_cast<float>(rest);
  }
  return matrix;
}

/// Means: [C] where one number counts for a channel.
std::vector<float> channel_means(const std::vector<double>& pixels, std::int64_t channels) {
  std::vector<float> means(static_cast<std::size_t>(channels));
  const std::size_t area = pixels.size() / means.size();
  for (std::size_t i = 0; i < means.size(); ++i) {
    double sum = 0.0;
    for (std::size_t k = 0; k < area; ++k) sum += pixels[i * area + k];
    means[i] = static_cast<float>(sum / static_cast<double>(area));
  }
  return means;
}

/// The numbers to subtract and their shape; empty when there are none.
template <typename AnyLowering>
std::pair<std::vector<float>, Shape> mean_of(const AnyLowering& l) {
  const Attributes& a = l.attributes();
  const Shape& out = l.output_shape();
  const bool per_pixel = a.integer("mean_per_pixel") != 0;
  if (a.integer("recompute_mean") > 0) {
    const Tensor* pixels = l.node().blob("custom_1");
    const Tensor* channels = l.node().blob("custom_2");
    if (pixels == nullptr || channels == nullptr)
      l.refuse("its means are not in the weights", "give the .caffemodel in which training has left them");
    const std::vector<double> numbers = (per_pixel ? pixels : channels)->values();
    if (numbers.empty() || static_cast<std::int64_t>(numbers.size()) % out[1] != 0)
      l.refuse("its means have " + std::to_string(numbers.size()) + " numbers for " + std::to_string(out[1]) +
                   " channels",
               "give the .caffemodel that belongs to this net");
    if (static_cast<std::int64_t>(numbers.size()) == out[1] * out[2] * out[3])
      return {{numbers.begin(), numbers.end()}, {1, out[1], out[2], out[3]}};
    return {channel_means(numbers, out[1]), {1, out[1], 1, 1}};
  }
  const std::vector<float> given = a.get_or("mean", std::vector<float>{});
  if (given.size() == 3 && out[1] == 3 && !per_pixel) return {given, {1, 3, 1, 1}};
  return {};
}

/// Whether the layer crops; refuses what it draws at random.
template <typename AnyLowering>
bool crops(const AnyLowering& l) {
  const Attributes& a = l.attributes();
  if (a.integer("augment_during_test") != 0)
    l.refuse("augment_during_test draws random numbers at each inference", "remove it from the prototxt");
  return a.integer("crop_height") > 0 && a.integer("crop_width") > 0;
}

void lower_augmentation(Lowering& l) {
  const Shape& x = l.input_shape(0);
  const Shape& out = l.output_shape();
  Port y = l.input(0);
  const bool is_cropped = crops(l);
  auto [mean, shape] = mean_of(l);
  if (is_cropped)
    y = resampling::emit_matrices(l, y, middle(x[2], out[2]), middle(x[3], out[3]), out,
                                  mean.empty() ? "" : "Crop");
  if (!mean.empty())
    y = l.emit("Subtract", 1, {{"auto_broadcast", std::string("numpy")}},
               {y, l.exact(std::move(mean), shape, "mean")}, out);
  l.output(0, y);
}

void onnx_augmentation(onnx::Lowering& l) {
  const Shape& x = l.input_shape(0);
  const Shape& out = l.output_shape();
  onnx::Value y = l.input(0);
  const bool is_cropped = crops(l);
  auto [mean, shape] = mean_of(l);
  if (is_cropped)
    y = resampling::onnx_matrices(l, y, middle(x[2], out[2]), middle(x[3], out[3]), out,
                                  mean.empty() ? "" : "Crop");
  if (!mean.empty()) y = l.binary("Sub", y, l.exact(std::move(mean), shape, "mean"));
  l.output(0, y);
}

void spell_augmentation(ir::legacy::Spelling& s) {
  s.type("DataAugmentation");
  s.copy({"augment_during_test", "bottomheight", "bottomwidth", "crop_height", "crop_width", "max_multiplier",
          "mean_per_pixel", "mode", "num", "recompute_mean", "write_augmented", "write_mean", "mean",
          "chromatic_eigvec"});
  for (const Blob& blob : s.node().blobs) s.blob(blob.role, blob.tensor);
}

}  // namespace

/// Attributes: top_height, top_width, size_divisible_by, have_reference.
const OpDef accum = {
    .name = "Accum",
    .infer = infer_accum,
    .opset = lower_accum,
    .legacy = ir::legacy::layer("Accum", {"have_reference", "size_divisible_by", "top_height", "top_width"}),
    .onnx = onnx_accum,
    .from_legacy = {{"Accum"},
                    same_names({{"have_reference", Kind::integer},
                                {"size_divisible_by", Kind::integer},
                                {"top_height", Kind::integer},
                                {"top_width", Kind::integer}})}};

/// At inference a crop to crop_height, crop_width and the subtraction of a mean.
const OpDef data_augmentation = {.name = "DataAugmentation",
                                 .infer = infer_augmentation,
                                 .opset = lower_augmentation,
                                 .legacy = spell_augmentation,
                                 .onnx = onnx_augmentation,
                                 .from_legacy = {{"DataAugmentation"},
                                                 same_names({{"crop_height", Kind::integer},
                                                             {"crop_width", Kind::integer},
                                                             {"augment_during_test", Kind::integer},
                                                             {"mean_per_pixel", Kind::integer},
                                                             {"recompute_mean", Kind::integer}},
                                                            {{"bottomheight", Kind::integer},
                                                             {"bottomwidth", Kind::integer},
                                                             {"max_multiplier", Kind::number},
                                                             {"mode", Kind::text},
                                                             {"num", Kind::integer},
                                                             {"write_augmented", Kind::text},
                                                             {"write_mean", Kind::text},
                                                             {"mean", Kind::numbers},
                                                             {"chromatic_eigvec", Kind::numbers}})}};

}  // namespace mo::op
