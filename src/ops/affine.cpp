#include <algorithm>

#include "ir/legacy/reading.h"
#include "ir/legacy/spelling.h"
#include "ir/opset/lowering.h"
#include "onnx/lowering.h"
#include "ops/ops.h"
#include "ops/shapes.h"

namespace mo::op {

namespace {

using ir::opset::Lowering;
using ir::opset::Port;

const Attributes numpy{{"auto_broadcast", std::string("numpy")}};

/// The blobs cover the input's dimensions from `axis` on, one by one.
void infer_scale_shift(ShapeContext& c) {
  const Shape& x = c.input(0);
  const auto axis = static_cast<std::size_t>(c.attributes().integer("axis"));
  for (const char* role : {"weights", "biases"}) {
    const Tensor* blob = c.blob(role);
    if (blob == nullptr) continue;
    for (std::size_t i = 0; i < blob->shape().size(); ++i) {
      const std::int64_t dim = blob->shape()[i];
      if (axis + i >= x.size() || (x[axis + i] > 0 && x[axis + i] != dim))
        c.fail("its " + std::string(role) + " of shape " + to_string(blob->shape()) +
                   " do not fit an input of " + to_string(x) + " at axis " + std::to_string(axis),
               "check axis and num_axes, and that prototxt and caffemodel belong together");
    }
  }
  shapes::same_as_input(c);
}

void lower_scale_shift(Lowering& l) {
  const auto axis = static_cast<std::size_t>(l.attributes().integer("axis"));
  const auto aligned = [&](const Tensor& blob) {
    Shape shape(l.output_shape().size(), 1);
    for (std::size_t i = 0; i < blob.shape().size(); ++i) shape[axis + i] = blob.shape()[i];
    return shape;
  };
  const auto constant = [&](const Tensor& blob, const char* role) {
    if (!blob.shape().empty()) return l.weights(blob, aligned(blob), role);
    return l.scalar(static_cast<float>(blob.values().front()),
                    role);  // a parameter of the layer, not weights
  };
  Port y = l.input(0);
  if (const Tensor* weights = l.node().blob("weights"))
    y = l.emit("Multiply", 1, numpy, {y, constant(*weights, "weights")}, l.output_shape());
  if (const Tensor* biases = l.node().blob("biases"))
    y = l.emit("Add", 1, numpy, {y, constant(*biases, "biases")}, l.output_shape());
  l.output(0, y);
}

/// The layer's blobs are called after what they are not: `biases` is the mean, `weights` the variance.
void spell_batch_normalization(ir::legacy::Spelling& s) {
  s.type("BatchNormalization");
  s.copy({"epsilon"});
  s.blob("biases", *s.node().blob("mean"));
  s.blob("weights", *s.node().blob("variance"));
}

/// Legacy ScaleShift has one factor and one offset for each channel, both always.
void spell_scale_shift(ir::legacy::Spelling& s) {
  const std::int64_t channels = s.output_shape().size() > 1 ? s.output_shape()[1] : 1;
  s.type("ScaleShift");
  for (const char* role : {"weights", "biases"}) {
    const Tensor* tensor = s.node().blob(role);
    if (tensor == nullptr) {
      const double neutral = role == std::string_view("weights") ? 1.0 : 0.0;
      s.blob(role,
             Tensor::of(Shape{channels}, std::vector<double>(static_cast<std::size_t>(channels), neutral)));
    } else if (tensor->size() == channels && (tensor->size() == 1 || s.attributes().integer("axis") == 1)) {
      s.blob(role, tensor->reshaped({channels}));
    } else if (tensor->size() == 1) {
      s.blob(role, Tensor::of(Shape{channels}, std::vector<double>(static_cast<std::size_t>(channels),
                                                                   tensor->values().front())));
    } else {
      s.needs_version(10, "ScaleShift other than one factor and one offset for each channel");
    }
  }
}

void read_batch_normalization(ir::legacy::Reading& r) {
  r.attributes.set("epsilon", r.number("epsilon"));
  r.blobs = {{"mean", r.needed_blob("biases")}, {"variance", r.needed_blob("weights")}};
}

void read_scale_shift(ir::legacy::Reading& r) {
  r.attributes.set("axis", std::int64_t{r.output_shape().size() > 1 ? 1 : 0});
}

/// The blobs under the dimensions of the input from `axis` on.
void onnx_scale_shift(onnx::Lowering& l) {
  const auto axis = static_cast<std::size_t>(l.attributes().integer("axis"));
  onnx::Value y = l.input(0);
  const auto apply = [&](const char* type, const char* role) {
    const Tensor* blob = l.node().blob(role);
    if (blob == nullptr) return;
    Shape shape(l.output_shape().size(), 1);
    std::ranges::copy(blob->shape(), shape.begin() + static_cast<std::ptrdiff_t>(axis));
    y = l.binary(type, y, l.weights(*blob, shape, role));
  };
  apply("Mul", "weights");
  apply("Add", "biases");
  l.output(0, y);
}

}  // namespace

/// (x - mean) / sqrt(variance + eps) per channel: the legacy layer, which a pass turns into ScaleShift for
/// all else. Attribute: eps.  Blobs: mean [C], variance [C].
const OpDef batch_normalization = {
    .name = "BatchNormalization",
    .infer =
        [](ShapeContext& c) {
          const Shape& x = c.input(0);
          c.require(x.size() >= 2, "its input " + to_string(x) + " has no channels");
          for (const char* role : {"mean", "variance"}) {
            const std::int64_t size = c.blob(role)->size();
            if (x[1] > 0 && size != x[1])
              c.fail("its " + std::string(role) + " has " + std::to_string(size) +
                         " elements for an input of " + std::to_string(x[1]) + " channels",
                     "check that prototxt and caffemodel belong together");
          }
          shapes::same_as_input(c);
        },
    .opset = {},
    .legacy = spell_batch_normalization,
    .from_legacy = {{"BatchNormalization"}, read_batch_normalization}};

/// weights x + biases, broadcast over the dimensions of x from `axis` on that the blobs do not have.
/// Attribute: axis >= 0.  Blobs: weights, biases; each may be absent.
const OpDef scale_shift = {.name = "ScaleShift",
                           .infer = infer_scale_shift,
                           .opset = lower_scale_shift,
                           .legacy = spell_scale_shift,
                           .onnx = onnx_scale_shift,
                           .from_legacy = {{"ScaleShift"}, read_scale_shift}};

}  // namespace mo::op
