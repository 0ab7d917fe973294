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

std::vector<std::int64_t> axes_from(std::size_t begin, std::size_t rank) {
  std::vector<std::int64_t> axes;
  for (std::size_t i = begin; i < rank; ++i) axes.push_back(static_cast<std::int64_t>(i));
  return axes;
}

// ---- MVN

void infer_mvn(ShapeContext& c) {
  c.require(c.input(0).size() >= 2, "its input " + to_string(c.input(0)) + " has no channels");
  shapes::same_as_input(c);
}

/// The axes whose elements share a mean.
std::vector<std::int64_t> mvn_axes(const Lowering& l) {
  const std::size_t rank = l.input_shape(0).size();
  std::vector<std::int64_t> axes = axes_from(l.attributes().boolean("across_channels") ? 1 : 2, rank);
  if (l.attributes().boolean("across_batch")) axes.insert(axes.begin(), 0);
  return axes;
}

Port mean_over(Lowering& l, Port x, const std::vector<std::int64_t>& axes, std::string_view suffix) {
  Shape shape = l.shape(x);
  for (const std::int64_t axis : axes) shape[static_cast<std::size_t>(axis)] = 1;
  return l.emit("ReduceMean", 1, {{"keep_dims", true}}, {x, l.integers(axes, std::string(suffix) + "/axes")},
                std::move(shape), suffix);
}

/// Readers disagree on the attributes of opset1's MVN, so v10 says it in arithmetic.
void lower_mvn_plainly(Lowering& l) {
  const Attributes& a = l.attributes();
  const bool variance = a.boolean("normalize_variance");
  const std::vector<std::int64_t> axes = mvn_axes(l);
  const Port mean = mean_over(l, l.input(0), axes, "Mean");
  const Port centred =
      l.emit("Subtract", 1, numpy, {l.input(0), mean}, l.output_shape(), variance ? "Centred" : "");
  if (!variance) {
    l.output(0, centred);
    return;
  }
  const Port square = l.emit("Multiply", 1, numpy, {centred, centred}, l.output_shape(), "Square");
  Port deviation = mean_over(l, square, axes, "Variance");
  const Shape small = l.shape(deviation);
  const Port eps = l.scalar(a.number("eps"), "eps");
  if (a.boolean("eps_inside")) deviation = l.emit("Add", 1, numpy, {deviation, eps}, small, "AddEps");
  deviation = l.emit("Power", 1, numpy, {deviation, l.scalar(0.5F, "half")}, small, "Deviation");
  if (!a.boolean("eps_inside")) deviation = l.emit("Add", 1, numpy, {deviation, eps}, small, "AddEps");
  Attributes divide = numpy;
  divide.set("m_pythondiv", true);
  l.output(0, l.emit("Divide", 1, std::move(divide), {centred, deviation}, l.output_shape()));
}

void lower_mvn(Lowering& l) {
  if (l.dialect().opset1_only || mvn_axes(l).empty()) {
    lower_mvn_plainly(l);
    return;
  }
  const Attributes& a = l.attributes();
  l.output(0, l.emit("MVN", 6,
                     {{"eps", a.number("eps")},
                      {"normalize_variance", a.boolean("normalize_variance")},
                      {"eps_mode", std::string(a.boolean("eps_inside") ? "INSIDE_SQRT" : "OUTSIDE_SQRT")}},
                     {l.input(0), l.integers(mvn_axes(l), "axes")}, l.output_shape()));
}

// ---- Reduction

void infer_reduction(ShapeContext& c) {
  const Shape& x = c.input(0);
  const std::size_t axis = shapes::resolved_axis(c, c.attributes().integer("axis"), x.size());
  c.output(0, Shape(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(axis)));
}

void lower_reduction(Lowering& l) {
  const Attributes& a = l.attributes();
  const std::string& operation = a.text("operation");
  const float coefficient = a.number("coeff");
  Port x = l.input(0);
  if (operation == "ASUM") x = l.emit("Abs", 1, {}, {x}, l.input_shape(0), "Abs");
  if (operation == "SUMSQ") x = l.emit("Multiply", 1, numpy, {x, x}, l.input_shape(0), "Square");
  const auto axes = axes_from(l.output_shape().size(), l.input_shape(0).size());
  Port y = l.emit(operation == "MEAN" ? "ReduceMean" : "ReduceSum", 1, {{"keep_dims", false}},
                  {x, l.integers(axes, "axes")}, l.output_shape(), coefficient == 1.0F ? "" : "Sum");
  if (coefficient != 1.0F)
    y = l.emit("Multiply", 1, numpy, {y, l.scalar(coefficient, "coeff")}, l.output_shape());
  l.output(0, y);
}

/// Of one image: a pass brings the others to that form.
void spell_mvn(ir::legacy::Spelling& s) {
  s.type("MVN");
  s.copy({"across_channels", "eps", "normalize_variance"});
}

/// Old engines add eps to the variance, not to its root as Caffe does.
void read_mvn(ir::legacy::Reading& r) {
  r.attributes = {{"across_channels", r.boolean("across_channels", false)},
                  {"across_batch", false},
                  {"normalize_variance", r.boolean("normalize_variance", true)},
                  {"eps", r.number("eps", 1e-9F)},
                  {"eps_inside", true}};
}

void onnx_mvn(onnx::Lowering& l) {
  const Attributes& a = l.attributes();
  onnx::Integers axes = axes_from(a.boolean("across_channels") ? 1 : 2, l.input_shape(0).size());
  if (a.boolean("across_batch")) axes.insert(axes.begin(), 0);
  const onnx::Value mean = axes.empty() ? l.input(0) : l.reduce("ReduceMean", l.input(0), axes, true, "Mean");
  const onnx::Value centred = l.binary("Sub", l.input(0), mean, "Centred");
  if (!a.boolean("normalize_variance")) {
    l.output(0, centred);
    return;
  }
  onnx::Value deviation = l.binary("Mul", centred, centred, "Square");
  if (!axes.empty()) deviation = l.reduce("ReduceMean", deviation, axes, true, "Variance");
  const onnx::Value eps = l.scalar(a.number("eps"), "eps");
  if (a.boolean("eps_inside")) deviation = l.binary("Add", deviation, eps);
  deviation = l.unary("Sqrt", deviation);
  if (!a.boolean("eps_inside")) deviation = l.binary("Add", deviation, eps);
  l.output(0, l.binary("Div", centred, deviation));
}

void onnx_grn(onnx::Lowering& l) {
  const onnx::Value x = l.input(0);
  onnx::Value length = l.reduce("ReduceSum", l.binary("Mul", x, x, "Squares"), {1}, true, "Sum");
  length = l.binary("Add", length, l.scalar(l.attributes().number("bias"), "bias"));
  l.output(0, l.binary("Div", x, l.unary("Sqrt", length)));
}

void onnx_reduction(onnx::Lowering& l) {
  const Attributes& a = l.attributes();
  const std::string& operation = a.text("operation");
  // Not ReduceL1, whose axes OpenVINO's reader loses before opset 18.
  const onnx::Value x = operation == "ASUM" ? l.unary("Abs", l.input(0)) : l.input(0);
  const char* type = operation == "MEAN"    ? "ReduceMean"
                     : operation == "SUMSQ" ? "ReduceSumSquare"
                                            : "ReduceSum";
  const float coefficient = a.number("coeff");
  onnx::Value y = l.reduce(type, x, axes_from(l.output_shape().size(), l.input_shape(0).size()), false);
  if (coefficient != 1.0F) y = l.binary("Mul", y, l.scalar(coefficient, "coeff"));
  l.output(0, y);
}

}  // namespace

/// (x - mean) / (sqrt(variance) + eps) over the spatial axes.  Attributes: across_channels, across_batch:
/// these axes as well; normalize_variance: false only subtracts the mean; eps; eps_inside: it is added to the
/// variance instead.
const OpDef mvn = {.name = "MVN",
                   .infer = infer_mvn,
                   .opset = lower_mvn,
                   .legacy = spell_mvn,
                   .onnx = onnx_mvn,
                   .from_legacy = {{"MVN"}, read_mvn}};

/// Global response normalisation, x / sqrt(bias + sum x^2) over the channels.  Attribute: bias.
const OpDef grn = {.name = "GRN",
                   .infer = infer_mvn,
                   .opset =
                       [](Lowering& l) {
                         l.output(0, l.emit("GRN", 1, {{"bias", l.attributes().number("bias")}}, {l.input(0)},
                                            l.output_shape()));
                       },
                   .legacy = ir::legacy::layer("GRN", {"bias"}),
                   .onnx = onnx_grn,
                   .from_legacy = {{"GRN"}, [](ir::legacy::Reading& r) {
                                     r.attributes.set("bias", r.number("bias", 0.0F));
                                   }}};

/// All axes from `axis` on become one number.  Attributes: operation (`SUM`, `ASUM`, `SUMSQ`, `MEAN`), axis,
/// coeff: a factor of the result.
const OpDef reduction = {.name = "Reduction",
                         .infer = infer_reduction,
                         .opset = lower_reduction,
                         .legacy = {},
                         .onnx = onnx_reduction};

}  // namespace mo::op
