#include <cmath>

#include "ir/legacy/reading.h"
#include "ir/legacy/spelling.h"
#include "ir/opset/lowering.h"
#include "onnx/lowering.h"
#include "ops/ops.h"
#include "ops/shapes.h"

namespace mo::op {

namespace {

using ir::legacy::Kind;
using ir::legacy::Reading;
using ir::legacy::same_names;
using ir::legacy::Spelling;
using ir::opset::Lowering;
using ir::opset::Port;

const Attributes numpy{{"auto_broadcast", std::string("numpy")}};

/// An op of one input and no attributes that the opsets and ONNX call the same.
OpDef unary(std::string_view name, const char* type, std::function<void(Spelling&)> legacy,
            std::vector<std::string_view> legacy_types) {
  return {.name = name,
          .infer = shapes::same_as_input,
          .opset = [type](Lowering& l) { l.output(0, l.emit(type, 1, {}, {l.input(0)}, l.output_shape())); },
          .legacy = std::move(legacy),
          .onnx = [type](onnx::Lowering& l) { l.output(0, l.unary(type, l.input(0))); },
          .from_legacy = {std::move(legacy_types), same_names({})}};
}

void lower_relu(Lowering& l) {
  const float slope = l.attributes().number("negative_slope");
  if (slope == 0.0F)
    l.output(0, l.emit("ReLU", 1, {}, {l.input(0)}, l.output_shape()));
  else
    l.output(0,
             l.emit("PReLU", 1, {}, {l.input(0), l.exact({slope}, {1}, "negative_slope")}, l.output_shape()));
}

void infer_prelu(ShapeContext& c) {
  const Shape& x = c.input(0);
  const Tensor* weights = c.blob("weights");
  c.require(x.size() >= 2, "its input " + to_string(x) + " has no channels");
  if (weights != nullptr && weights->size() != 1 && x[1] > 0 && weights->size() != x[1])
    c.fail("it has " + std::to_string(weights->size()) + " slopes for an input of " + std::to_string(x[1]) +
           " channels");
  shapes::same_as_input(c);
}

void lower_prelu(Lowering& l) {
  const Tensor& slopes = *l.node().blob("weights");
  l.output(0, l.emit("PReLU", 1, {}, {l.input(0), l.weights(slopes, {slopes.size()}, "weights")},
                     l.output_shape()));
}

/// (scale x + shift)^power, without the steps that do nothing.
void lower_power(Lowering& l) {
  const float power = l.attributes().number("power");
  const float scale = l.attributes().number("scale");
  const float shift = l.attributes().number("shift");
  Port y = l.input(0);
  if (scale != 1.0F) y = l.emit("Multiply", 1, numpy, {y, l.scalar(scale, "scale")}, l.output_shape());
  if (shift != 0.0F) y = l.emit("Add", 1, numpy, {y, l.scalar(shift, "shift")}, l.output_shape());
  if (power != 1.0F) y = l.emit("Power", 1, numpy, {y, l.scalar(power, "power")}, l.output_shape());
  l.output(0, y);
}

/// log(1 + e^x); what opset1 alone can say is max(x, 0) + log(1 + e^-|x|), which does not overflow either.
void lower_bnll(Lowering& l) {
  const Shape& shape = l.output_shape();
  const Port x = l.input(0);
  if (!l.dialect().opset1_only) {
    l.output(0, l.emit("SoftPlus", 4, {}, {x}, shape));
    return;
  }
  const Port magnitude = l.emit("Abs", 1, {}, {x}, shape);
  const Port negative = l.emit("Negative", 1, {}, {magnitude}, shape);
  const Port e = l.emit("Exp", 1, {}, {negative}, shape);
  const Port sum = l.emit("Add", 1, numpy, {e, l.scalar(1.0F, "one")}, shape, "AddOne");
  const Port log = l.emit("Log", 1, {}, {sum}, shape);
  const Port positive = l.emit("ReLU", 1, {}, {x}, shape);
  l.output(0, l.emit("Add", 1, numpy, {positive, log}, shape));
}

/// 1 where x > threshold, else 0.
void lower_threshold(Lowering& l) {
  const Shape& shape = l.output_shape();
  const float threshold = l.attributes().number("threshold");
  if (!l.dialect().opset1_only) {
    const Port above = l.emit("Greater", 1, numpy, {l.input(0), l.scalar(threshold, "threshold")}, shape, {},
                              ir::Precision::boolean);
    l.output(0, l.emit("Convert", 1, {{"destination_type", std::string("f32")}}, {above}, shape));
    return;
  }
  const Port shifted =
      l.emit("Add", 1, numpy, {l.input(0), l.scalar(-threshold, "threshold")}, shape, "Subtract");
  const Port steep = l.emit("Multiply", 1, numpy, {shifted, l.scalar(1e30F, "steepness")}, shape);
  l.output(0, l.emit("Clamp", 1, {{"min", 0.0F}, {"max", 1.0F}}, {steep}, shape));
}

void lower_swish(Lowering& l) {
  const Shape& shape = l.output_shape();
  const float beta = l.attributes().number("beta");
  Port gate = l.input(0);
  if (beta != 1.0F) gate = l.emit("Multiply", 1, numpy, {gate, l.scalar(beta, "beta")}, shape, "Scaled");
  gate = l.emit("Sigmoid", 1, {}, {gate}, shape);
  l.output(0, l.emit("Multiply", 1, numpy, {l.input(0), gate}, shape));
}

/// A kind of the legacy layer Activation.
std::function<void(Spelling&)> activation(std::string_view kind) {
  return [kind](Spelling& s) {
    s.type("Activation");
    s.attribute("type", std::string(kind));
  };
}

void spell_relu(Spelling& s) {
  s.type("ReLU");
  if (s.dialect().relu_slope || s.attributes().number("negative_slope") != 0.0F) s.copy({"negative_slope"});
}

/// `channel_shared` says what the slopes are, not what the prototxt says.
void spell_prelu(Spelling& s) {
  const Tensor* slopes = s.node().blob("weights");
  s.type("PReLU");
  s.attribute("channel_shared", slopes != nullptr && slopes->size() != s.output_shape().at(1));
  s.copy_blobs({"weights"});
}

/// Before Abs was a layer, ReLU said it: |x| = max(x, 0) - min(x, 0).
void spell_abs(Spelling& s) {
  s.type(s.dialect().exponentials ? "Abs" : "ReLU");
  if (!s.dialect().exponentials) s.attribute("negative_slope", -1.0F);
}

void spell_elu(Spelling& s) {
  activation("elu")(s);
  s.copy({"alpha"});
}

void read_relu(Reading& r) {
  r.attributes.set("negative_slope", r.number("negative_slope", 0.0F));
}

void read_prelu(Reading& r) {
  r.needed_blob("weights");
}

void read_elu(Reading& r) {
  r.attributes.set("alpha", r.number("alpha", 1.0F));
}

/// ReLU6 of the versions that had it.
void read_clamp(Reading& r) {
  const bool relu6 = r.has("type");
  r.attributes.set("min", r.number("min", relu6 ? std::optional(0.0F) : std::nullopt));
  r.attributes.set("max", r.number("max", relu6 ? std::optional(6.0F) : std::nullopt));
}

void onnx_relu(onnx::Lowering& l) {
  const float slope = l.attributes().number("negative_slope");
  if (slope == 0.0F)
    l.output(0, l.unary("Relu", l.input(0)));
  else
    l.output(0, l.emit("LeakyRelu", {{"alpha", slope}}, {l.input(0)}, l.output_shape()));
}

/// The slopes stand at the channels of the input: [C, 1, 1 ...].
void onnx_prelu(onnx::Lowering& l) {
  const Tensor& slopes = *l.node().blob("weights");
  Shape shape(l.output_shape().size() - 1, 1);
  shape.front() = slopes.size();
  l.output(0, l.binary("PRelu", l.input(0), l.weights(slopes, shape, "weights")));
}

void onnx_power(onnx::Lowering& l) {
  const float power = l.attributes().number("power");
  const float scale = l.attributes().number("scale");
  const float shift = l.attributes().number("shift");
  onnx::Value y = l.input(0);
  if (scale != 1.0F) y = l.binary("Mul", y, l.scalar(scale, "scale"));
  if (shift != 0.0F) y = l.binary("Add", y, l.scalar(shift, "shift"));
  if (power != 1.0F) y = l.binary("Pow", y, l.scalar(power, "power"));
  l.output(0, y);
}

void onnx_threshold(onnx::Lowering& l) {
  const onnx::Value threshold = l.scalar(l.attributes().number("threshold"), "threshold");
  const onnx::Value above = l.binary("Greater", l.input(0), threshold, {}, onnx::DataType::boolean);
  l.output(0, l.cast(above, onnx::DataType::f32));
}

void onnx_clamp(onnx::Lowering& l) {
  const onnx::Value least = l.scalar(l.attributes().number("min"), "min");
  const onnx::Value most = l.scalar(l.attributes().number("max"), "max");
  l.output(0, l.emit("Clip", {}, {l.input(0), least, most}, l.output_shape()));
}

void onnx_swish(onnx::Lowering& l) {
  const float beta = l.attributes().number("beta");
  onnx::Value gate = l.input(0);
  if (beta != 1.0F) gate = l.binary("Mul", gate, l.scalar(beta, "beta"), "Scaled");
  l.output(0, l.binary("Mul", l.input(0), l.unary("Sigmoid", gate)));
}

}  // namespace

/// max(x, 0) + negative_slope min(x, 0).
const OpDef relu = {.name = "ReLU",
                    .infer = shapes::same_as_input,
                    .opset = lower_relu,
                    .legacy = spell_relu,
                    .onnx = onnx_relu,
                    .from_legacy = {{"ReLU", "Activation/relu"}, read_relu}};

/// As ReLU with learned slopes.  Blob: weights, one for each channel or one for all.
const OpDef prelu = {.name = "PReLU",
                     .infer = infer_prelu,
                     .opset = lower_prelu,
                     .legacy = spell_prelu,
                     .onnx = onnx_prelu,
                     .from_legacy = {{"PReLU", "Activation/prelu"}, read_prelu}};

/// x where positive, else alpha (e^x - 1).
const OpDef elu = {.name = "Elu",
                   .infer = shapes::same_as_input,
                   .opset =
                       [](Lowering& l) {
                         l.output(0, l.emit("Elu", 1, {{"alpha", l.attributes().number("alpha")}},
                                            {l.input(0)}, l.output_shape()));
                       },
                   .legacy = spell_elu,
                   .onnx =
                       [](onnx::Lowering& l) {
                         const Attributes alpha{{"alpha", l.attributes().number("alpha")}};
                         l.output(0, l.emit("Elu", alpha, {l.input(0)}, l.output_shape()));
                       },
                   .from_legacy = {{"ELU", "Activation/elu"}, read_elu}};

const OpDef sigmoid = unary("Sigmoid", "Sigmoid", activation("sigmoid"), {"Sigmoid", "Activation/sigmoid"});
const OpDef tanh = unary("TanH", "Tanh", activation("tanh"), {"TanH", "Activation/tanh"});
const OpDef abs = unary("AbsVal", "Abs", spell_abs, {"Abs"});
const OpDef exp = unary("Exp", "Exp",
                        [](Spelling& s) {
                          if (!s.dialect().exponentials) s.needs_version(6);
                          activation("exp")(s);
                        },
                        {"Exp", "Activation/exp"});
const OpDef log = unary("Log", "Log", ir::legacy::layer("Log", {}, 6), {"Log"});

/// (shift + scale x)^power.
const OpDef power = {
    .name = "Power",
    .infer = shapes::same_as_input,
    .opset = lower_power,
    .legacy = ir::legacy::layer("Power", {"power", "scale", "shift"}),
    .onnx = onnx_power,
    .from_legacy = {{"Power"},
                    same_names({{"power", Kind::number}, {"scale", Kind::number}, {"shift", Kind::number}})}};

const OpDef bnll = {.name = "BNLL",
                    .infer = shapes::same_as_input,
                    .opset = lower_bnll,
                    .legacy = {},
                    .onnx = [](onnx::Lowering& l) { l.output(0, l.unary("Softplus", l.input(0))); }};

const OpDef threshold = {.name = "Threshold",
                         .infer = shapes::same_as_input,
                         .opset = lower_threshold,
                         .legacy = {},
                         .onnx = onnx_threshold};

/// min(max(x, min), max).
const OpDef clamp = {
    .name = "Clamp",
    .infer = shapes::same_as_input,
    .opset =
        [](Lowering& l) {
          l.output(0, l.emit("Clamp", 1,
                             {{"min", l.attributes().number("min")}, {"max", l.attributes().number("max")}},
                             {l.input(0)}, l.output_shape()));
        },
    .legacy = ir::legacy::layer("Clamp", {"min", "max"}),
    .onnx = onnx_clamp,
    .from_legacy = {{"Clamp", "Activation/clamp", "Activation/relu6"}, read_clamp}};

/// x sigmoid(beta x).
const OpDef swish = {
    .name = "Swish", .infer = shapes::same_as_input, .opset = lower_swish, .legacy = {}, .onnx = onnx_swish};

}  // namespace mo::op
