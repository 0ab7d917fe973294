#include "ir/legacy/reading.h"
#include "ir/legacy/spelling.h"
#include "ir/opset/lowering.h"
#include "onnx/lowering.h"
#include "ops/ops.h"
#include "ops/shapes.h"

namespace mo::op {

namespace {

using ir::opset::Lowering;

void lower_lrn(Lowering& l) {
  const Attributes& a = l.attributes();
  std::vector<std::int64_t> axes{1};
  float bias = a.number("k");
  if (a.text("region") == "same") {  // WITHIN_CHANNEL: Caffe's layer ignores k here
    axes.clear();
    for (std::size_t i = 2; i < l.input_shape(0).size(); ++i) axes.push_back(static_cast<std::int64_t>(i));
    bias = 1.0F;
  }
  l.output(0, l.emit("LRN", 1,
                     {{"alpha", a.number("alpha")},
                      {"beta", a.number("beta")},
                      {"bias", bias},
                      {"size", a.integer("local-size")}},
                     {l.input(0), l.integers(axes, "axes")}, l.output_shape()));
}

void infer_softmax(ShapeContext& c) {
  shapes::resolved_axis(c, c.attributes().integer("axis"), c.input(0).size());
  shapes::same_as_input(c);
}

void lower_softmax(Lowering& l) {
  const std::int64_t axis = axis_from_start(l.attributes().integer("axis"), l.input_shape(0));
  l.output(0, l.emit("SoftMax", 1, {{"axis", axis}}, {l.input(0)}, l.output_shape()));
}

void spell_softmax(ir::legacy::Spelling& s) {
  s.type("SoftMax");
  s.attribute("axis", axis_from_start(s.attributes().integer("axis"), s.input_shape(0)));
}

/// Readers take local_size for local-size, and every other region than `across` for `same`.
void read_lrn(ir::legacy::Reading& r) {
  std::string region = r.text("region");
  for (char& c : region)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  r.attributes = {{"alpha", r.number("alpha")},
                  {"beta", r.number("beta")},
                  {"k", r.number("k", 1.0F)},
                  {"local-size", r.integer(r.has("local-size") ? "local-size" : "local_size")},
                  {"region", std::string(region == "across" ? "across" : "same")}};
}

void read_softmax(ir::legacy::Reading& r) {
  r.attributes.set("axis", r.integer("axis", 1));
}

/// Within a channel: the squares' mean over the window, its pad included.
void onnx_lrn(onnx::Lowering& l) {
  const Attributes& a = l.attributes();
  const std::int64_t size = a.integer("local-size");
  if (a.text("region") != "same") {
    l.output(0, l.emit("LRN",
                       {{"alpha", a.number("alpha")},
                        {"beta", a.number("beta")},
                        {"bias", a.number("k")},
                        {"size", size}},
                       {l.input(0)}, l.output_shape()));
    return;
  }
  const std::size_t spatial = l.output_shape().size() - 2;
  const onnx::Value x = l.input(0);
  onnx::Value y = l.binary("Mul", x, x, "Squares");
  y = l.emit("AveragePool",
             {{"kernel_shape", onnx::Integers(spatial, size)},
              {"strides", onnx::Integers(spatial, 1)},
              {"pads", onnx::Integers(2 * spatial, (size - 1) / 2)},
              {"count_include_pad", true}},
             {y}, l.output_shape());
  y = l.binary("Mul", y, l.scalar(a.number("alpha"), "alpha"), "Scaled");
  y = l.binary("Add", y, l.scalar(1.0F, "one"));
  y = l.binary("Pow", y, l.scalar(a.number("beta"), "beta"));
  l.output(0, l.binary("Div", x, y));
}

void onnx_softmax(onnx::Lowering& l) {
  const std::int64_t axis = axis_from_start(l.attributes().integer("axis"), l.input_shape(0));
  l.output(0, l.softmax(l.input(0), axis));
}

}  // namespace

/// Local response normalisation: x / (k + alpha / n sum x^2)^beta over local-size neighbours.
/// Attributes: alpha, beta, k, local-size, region (`across` channels, or `same` channel).
const OpDef lrn = {.name = "LRN",
                   .infer =
                       [](ShapeContext& c) {
                         c.require(c.input(0).size() >= 3,
                                   "its input " + to_string(c.input(0)) + " is not an image");
                         const std::int64_t size = c.attributes().integer("local-size");
                         c.require(size > 0 && size % 2 == 1, "local_size must be odd");
                         shapes::same_as_input(c);
                       },
                   .opset = lower_lrn,
                   // k is 1 here: a pass moves another one into alpha and a Power
                   .legacy = ir::legacy::layer("Norm", {"alpha", "beta", "local-size", "region"}),
                   .onnx = onnx_lrn,
                   .from_legacy = {{"Norm", "LRN"}, read_lrn}};

/// Attribute: axis, negative from the end.
const OpDef softmax = {.name = "SoftMax",
                       .infer = infer_softmax,
                       .opset = lower_softmax,
                       .legacy = spell_softmax,
                       .onnx = onnx_softmax,
                       .from_legacy = {{"SoftMax"}, read_softmax}};

}  // namespace mo::op
