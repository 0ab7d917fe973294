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

void infer(ShapeContext& c) {
  Shape out = c.input(0);
  for (std::size_t i = 1; i < c.input_count(); ++i) out = shapes::broadcast(c, out, c.input(i));
  const auto& coefficients = c.attributes().numbers("coeff");
  c.require(coefficients.empty() || coefficients.size() == c.input_count(),
            "it has " + std::to_string(coefficients.size()) + " coefficients for " +
                std::to_string(c.input_count()) + " inputs");
  c.output(0, std::move(out));
}

/// input i times its coefficient.
Port term(Lowering& l, std::size_t i) {
  const auto& coefficients = l.attributes().numbers("coeff");
  if (coefficients.empty() || coefficients[i] == 1.0F) return l.input(i);
  const std::string suffix = "coeff_" + std::to_string(i);
  return l.emit("Multiply", 1, {{"auto_broadcast", std::string("numpy")}},
                {l.input(i), l.scalar(coefficients[i], suffix)}, l.input_shape(i), suffix + "/Multiply");
}

void lower(Lowering& l) {
  const std::string& operation = l.attributes().text("operation");
  const char* type = operation == "sum" ? "Add" : operation == "mul" ? "Multiply" : "Maximum";
  Port y = term(l, 0);
  for (std::size_t i = 1; i < l.input_count(); ++i) {
    const bool last = i + 1 == l.input_count();
    Shape shape = l.output_shape();
    if (!last) {  // broadcast so far; the checker has seen that the shapes go together
      const Shape& a = l.shape(y);
      const Shape& b = l.input_shape(i);
      shape = a.size() >= b.size() ? a : b;
      for (std::size_t k = 1; k <= std::min(a.size(), b.size()); ++k)
        shape[shape.size() - k] = a[a.size() - k] == 1 ? b[b.size() - k] : a[a.size() - k];
    }
    y = l.emit(type, 1, {{"auto_broadcast", std::string("numpy")}}, {y, term(l, i)}, std::move(shape),
               last ? "" : "partial_" + std::to_string(i));
  }
  l.output(0, y);
}

void spell(ir::legacy::Spelling& s) {
  s.type("Eltwise");
  s.copy({"operation"});
  if (s.dialect().eltwise_coeff && s.attributes().text("operation") == "sum" &&
      !s.attributes().get_or("generated", false))
    s.copy({"coeff"});
}

void read(ir::legacy::Reading& r) {
  std::string operation = r.text("operation", "sum");
  if (operation.empty()) operation = "sum";
  if (operation == "prod") operation = "mul";
  if (operation != "sum" && operation != "mul" && operation != "max") r.unsupported("operation " + operation);
  std::vector<float> coefficients = r.numbers("coeff", std::vector<float>{});
  if (operation != "sum") coefficients.clear();
  r.attributes = {{"operation", operation}, {"coeff", coefficients}};
  if (!r.has("coeff")) r.attributes.set("generated", true);
}

void onnx_eltwise(onnx::Lowering& l) {
  const std::string& operation = l.attributes().text("operation");
  const auto& coefficients = l.attributes().numbers("coeff");
  onnx::Values terms = l.inputs();
  for (std::size_t i = 0; i < coefficients.size(); ++i)
    if (coefficients[i] != 1.0F)
      terms[i] = l.binary("Mul", terms[i], l.scalar(coefficients[i], "coeff_" + std::to_string(i)));
  if (operation == "max" && terms.size() > 1) {
    l.output(0, l.emit("Max", {}, terms, l.output_shape()));
    return;
  }
  onnx::Value y = terms.front();
  for (std::size_t i = 1; i < terms.size(); ++i)
    y = l.binary(operation == "sum" ? "Add" : "Mul", y, terms[i]);
  l.output(0, y);
}

}  // namespace

/// Inputs combined element by element, with numpy broadcasting.  Attributes: operation (`sum`, `mul`, `max`),
/// coeff: factors of the inputs of a sum, or none.
const OpDef eltwise = {.name = "Eltwise",
                       .infer = infer,
                       .opset = lower,
                       .legacy = spell,
                       .onnx = onnx_eltwise,
                       .from_legacy = {{"Eltwise"}, read}};

}  // namespace mo::op
