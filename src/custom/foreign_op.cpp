#include "custom/foreign_op.h"

#include <algorithm>

#include "ir/legacy/spelling.h"
#include "ir/opset/lowering.h"
#include "onnx/lowering.h"
#include "support/diagnostics.h"

namespace mo::custom {

namespace {

[[noreturn]] void fail(std::string cause, std::string remedy) {
  Diagnostic diagnostic;
  diagnostic.code = &code::expression;
  diagnostic.cause = std::move(cause);
  diagnostic.remedy = std::move(remedy);
  throw Failure(std::move(diagnostic));
}

bool is_hidden(std::string_view name) {
  return name.starts_with('$');
}

Attributes variables_of(const Attributes& attributes) {
  Attributes variables;
  for (const auto& [name, value] : attributes)
    if (!is_hidden(name)) variables.set(name, value);
  for (const auto& [name, value] : attributes)
    if (is_hidden(name)) variables.set(name.substr(1), value);
  return variables;
}

/// Of a node in a graph, for what is written of it.
Scope scope_of(const Node& node, const auto& spelling) {
  Scope scope{.variables = variables_of(node.attributes), .bottoms = {}, .blobs = {}};
  for (std::size_t i = 0; i < node.inputs.size(); ++i) scope.bottoms.push_back(spelling.input_shape(i));
  for (const Blob& blob : node.blobs) scope.blobs.push_back(blob.tensor.shape());
  return scope;
}

Attributes attributes_of(const ForeignLayer& layer, const Node& node, const Scope& scope) {
  Attributes attributes;
  if (layer.copies_attributes)
    for (const auto& [name, value] : node.attributes)
      if (!is_hidden(name)) attributes.set(name, value);
  for (const AttributeRule& rule : layer.attributes) attributes.set(rule.name, evaluate(rule, scope));
  return attributes;
}

void infer(const ForeignLayer& layer, ShapeContext& c) {
  Scope scope{.variables = variables_of(c.attributes()), .bottoms = {}, .blobs = {}};
  bool unknown = false;
  for (std::size_t i = 0; i < c.input_count(); ++i) {
    scope.bottoms.push_back(c.input(i));
    unknown = unknown || std::ranges::any_of(c.input(i), [](std::int64_t size) { return size < 0; });
  }
  for (std::size_t i = 0; const Tensor* blob = c.blob(blob_role(i)); ++i)
    scope.blobs.push_back(blob->shape());
  for (std::size_t i = 0; i < layer.shapes.size(); ++i) {
    auto shape = to_shape(layer.shapes[i].evaluate(scope), unknown);
    if (const auto* fault = std::get_if<Fault>(&shape))
      fail("the shape of output " + std::to_string(i) + ", " + layer.shapes[i].text() + ": " + fault->why,
           "correct the expression, or the shapes of the inputs");
    c.output(i, std::move(std::get<Shape>(shape)));
  }
  if (!layer.shapes.empty()) return;
  if (c.input_count() == 0)
    fail("it has no bottom whose shape its tops could have", "say the shapes of its tops");
  const auto outputs = c.attributes().get_or<std::int64_t>(output_count, 1);
  for (std::int64_t i = 0; i < outputs; ++i) c.output(static_cast<std::size_t>(i), c.input(0));
}

void lower(const ForeignLayer& layer, ir::opset::Lowering& l) {
  const Node& node = l.node();
  std::vector<ir::opset::Port> inputs;
  for (std::size_t i = 0; i < l.input_count(); ++i) inputs.push_back(l.input(i));
  for (const Blob& blob : node.blobs)
    inputs.push_back(l.weights(blob.tensor, blob.tensor.shape(), blob.role));
  std::vector<ir::Port> outputs;
  for (std::size_t i = 0; i < node.outputs.size(); ++i)
    outputs.push_back({l.output_shape(i), ir::Precision::fp32, {}});
  const ir::opset::Port first = l.emit_foreign(
      layer.type, layer.version, attributes_of(layer, node, scope_of(node, l)), inputs, std::move(outputs));
  for (std::size_t i = 0; i < node.outputs.size(); ++i) l.output(i, {first.layer, i});
}

/// A domain of the runtime's extension is one of ONNX too; an extension without one gets ours.
void lower_to_onnx(const ForeignLayer& layer, onnx::Lowering& l) {
  const Node& node = l.node();
  onnx::Values inputs = l.inputs();
  for (const Blob& blob : node.blobs)
    inputs.push_back(l.weights(blob.tensor, blob.tensor.shape(), blob.role));
  std::vector<onnx::ValueInfo> outputs;
  for (const Output& output : node.outputs) outputs.push_back({{}, output.shape, onnx::DataType::f32});
  const std::string_view domain = layer.version == "extension" ? onnx::own_domain : layer.version;
  l.foreign(domain, layer.type, attributes_of(layer, node, scope_of(node, l)), std::move(inputs),
            std::move(outputs));
}

bool is_empty_list(const AttributeValue& value) {
  const auto* wholes = std::get_if<std::vector<std::int64_t>>(&value);
  const auto* reals = std::get_if<std::vector<float>>(&value);
  return (wholes != nullptr && wholes->empty()) || (reals != nullptr && reals->empty());
}

void spell(const ForeignLayer& layer, ir::legacy::Spelling& s) {
  s.type(layer.type);
  for (const auto& [name, value] : attributes_of(layer, s.node(), scope_of(s.node(), s)))
    if (!is_empty_list(value)) s.attribute(name, value);
  for (const Blob& blob : s.node().blobs) s.blob(blob.role, blob.tensor);
}

}  // namespace

std::string hidden(std::string_view name) {
  return "$" + std::string(name);
}

std::string blob_role(std::size_t index) {
  if (index == 0) return "weights";
  return index == 1 ? "biases" : "custom_" + std::to_string(index);
}

AttributeValue evaluate(const AttributeRule& rule, const Scope& scope) {
  if (const auto* literal = std::get_if<AttributeValue>(&rule.value)) return *literal;
  const auto& expression = std::get<Expression>(rule.value);
  auto value = to_attribute(expression.evaluate(scope));
  if (const auto* fault = std::get_if<Fault>(&value))
    fail(rule.name + " = " + expression.text() + ": " + fault->why,
         "correct the expression, or the layer's parameters");
  return std::move(std::get<AttributeValue>(value));
}

OpDef make_foreign_op(std::string_view name, const ForeignLayer& layer) {
  return {.name = name,
          .infer = [layer](ShapeContext& c) { infer(layer, c); },
          .opset = [layer](ir::opset::Lowering& l) { lower(layer, l); },
          .legacy = [layer](ir::legacy::Spelling& s) { spell(layer, s); },
          .onnx = [layer](onnx::Lowering& l) { lower_to_onnx(layer, l); }};
}

}  // namespace mo::custom
