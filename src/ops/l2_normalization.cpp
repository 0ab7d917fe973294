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

constexpr std::int64_t most_channels = 1 << 20;

void infer(ShapeContext& c) {
  const Shape& x = c.input(0);
  c.require(x.size() >= 2, "its input " + to_string(x) + " has no channels");
  if (const Tensor* scale = c.blob("weights")) {
    const bool shared = c.attributes().boolean("channel_shared");
    if (shared ? scale->size() != 1 : x[1] > 0 && scale->size() != x[1])
      c.fail("its scale has " + std::to_string(scale->size()) + " elements where " +
                 (shared ? std::string("one is") : std::to_string(x[1]) + " are") + " needed",
             "check channel_shared, and that prototxt and caffemodel belong together");
  }
  shapes::same_as_input(c);
}

void lower(Lowering& l) {
  const Attributes& a = l.attributes();
  const std::size_t rank = l.output_shape().size();
  std::vector<std::int64_t> axes{1};
  if (a.boolean("across_spatial"))
    for (std::size_t i = 2; i < rank; ++i) axes.push_back(static_cast<std::int64_t>(i));
  const Tensor* scale = l.node().blob("weights");
  const Port unit =
      l.emit("NormalizeL2", 1, {{"eps", a.number("eps")}, {"eps_mode", std::string("add")}},
             {l.input(0), l.integers(axes, "axes")}, l.output_shape(), scale == nullptr ? "" : "unit_length");
  if (scale == nullptr) {
    l.output(0, unit);
    return;
  }
  Shape shape(rank, 1);
  Tensor factors = *scale;
  const std::int64_t channels = l.output_shape()[1];
  if (l.dialect().opset1_only && scale->size() == 1 && channels > 0 && channels <= most_channels) {
    // Engines of v10's time fuse the two wrongly where one factor serves all channels.
    factors = Tensor::of({channels},
                         std::vector<double>(static_cast<std::size_t>(channels), scale->values().front()));
  }
  shape[1] = factors.size();
  l.output(0, l.emit("Multiply", 1, {{"auto_broadcast", std::string("numpy")}},
                     {unit, l.weights(factors, shape, "scale")}, l.output_shape()));
}

/// Legacy Normalize always has its factors.
void spell(ir::legacy::Spelling& s) {
  s.type("Normalize");
  s.copy({"across_spatial", "channel_shared", "eps"});
  s.copy_blobs({"weights"});
  if (s.node().blob("weights") != nullptr) return;
  const std::int64_t size = s.attributes().boolean("channel_shared") ? 1 : s.output_shape().at(1);
  s.blob("weights", Tensor::of(Shape{size}, std::vector<float>(static_cast<std::size_t>(size), 1.0F)));
}

void read(ir::legacy::Reading& r) {
  r.needed_blob("weights");
  r.attributes = {{"across_spatial", r.boolean("across_spatial", false)},
                  {"channel_shared", r.boolean("channel_shared", false)},
                  {"eps", r.number("eps", 1e-10F)}};
}

void onnx_normalize(onnx::Lowering& l) {
  const std::size_t rank = l.output_shape().size();
  onnx::Integers axes{1};
  if (l.attributes().boolean("across_spatial"))
    for (std::size_t i = 2; i < rank; ++i) axes.push_back(static_cast<std::int64_t>(i));
  const onnx::Value x = l.input(0);
  onnx::Value length = l.reduce("ReduceSum", l.binary("Mul", x, x, "Squares"), axes, true, "Sum");
  length = l.binary("Add", length, l.scalar(l.attributes().number("eps"), "eps"));
  onnx::Value y = l.binary("Div", x, l.unary("Sqrt", length));
  if (const Tensor* scale = l.node().blob("weights")) {
    Shape shape(rank, 1);
    shape[1] = scale->size();
    y = l.binary("Mul", y, l.weights(*scale, shape, "scale"));
  }
  l.output(0, y);
}

}  // namespace

/// SSD's weights x / sqrt(eps + sum x^2), the sum over the channels of a pixel or (across_spatial) over the
/// image. Attributes: across_spatial, channel_shared, eps.  Blob: weights, [C] or (channel_shared) [1].
const OpDef normalize = {.name = "Normalize",
                         .infer = infer,
                         .opset = lower,
                         .legacy = spell,
                         .onnx = onnx_normalize,
                         .from_legacy = {{"Normalize"}, read}};

}  // namespace mo::op
