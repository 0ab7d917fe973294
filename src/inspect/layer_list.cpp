#include "inspect/layer_list.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "support/diagnostic_json.h"

namespace mo::inspect {

namespace {

using Json = nlohmann::ordered_json;

template <class T>
std::string joined(const T& values, std::string_view separator) {
  std::string text;
  for (const auto& value : values) text += (text.empty() ? "" : separator.data()) + fmt::format("{}", value);
  return text;
}

std::string parameter_text(const caffe::Parameter& parameter) {
  const std::string value = default_text(parameter.default_value);
  return std::string(parameter.path) + (value.empty() ? "" : ": " + value);
}

Json count(const caffe::Count& count) {
  return {{"min", count.min}, {"max", count.max == caffe::any_number ? Json(nullptr) : Json(count.max)}};
}

std::string outcome_text(const std::vector<std::string>& types, const std::string& problem) {
  if (!problem.empty()) return "refused: " + problem;
  return types.empty() ? "nothing" : joined(types, ", ");
}

}  // namespace

std::string default_text(const AttributeValue& value) {
  struct Printer {
    std::string operator()(bool v) const { return v ? "true" : "false"; }
    std::string operator()(std::int64_t v) const { return std::to_string(v); }
    std::string operator()(float v) const { return fmt::format("{}", v); }
    std::string operator()(const std::string& v) const { return v; }
    std::string operator()(const std::vector<std::int64_t>& v) const { return joined(v, ", "); }
    std::string operator()(const std::vector<float>& v) const { return joined(v, ", "); }
  };
  return std::visit(Printer{}, value);
}

std::string layer_list_text() {
  std::string text;
  for (const caffe::LayerDef* definition : caffe::all_layers()) {
    const Outcome outcome = outcome_of(*definition);
    text += joined(definition->types, ", ") + "\n";
    for (const caffe::Parameter& parameter : definition->parameters)
      text += "    " + parameter_text(parameter) + "\n";
    if (outcome.is_input) {
      text += "  an input\n";
      continue;
    }
    text += "  IR v10, v11: " + outcome_text(outcome.opset, outcome.opset_problem) + "\n";
    text += "  legacy IR:   " + outcome_text(outcome.legacy, outcome.legacy_problem) + "\n";
    text += "  ONNX:        " + outcome_text(outcome.onnx, outcome.onnx_problem) + "\n";
  }
  return text;
}

std::string layer_list_json() {
  Json list = Json::array();
  for (const caffe::LayerDef* definition : caffe::all_layers()) {
    const Outcome outcome = outcome_of(*definition);
    Json json{{"types", definition->types}};
    json["parameters"] = Json::array();
    for (const caffe::Parameter& parameter : definition->parameters)
      json["parameters"].push_back(
          {{"path", parameter.path}, {"default", default_text(parameter.default_value)}});
    json["blobs"] = count(definition->blobs);
    json["bottoms"] = count(definition->bottoms);
    json["tops"] = count(definition->tops);
    json["is_input"] = outcome.is_input;
    json["opset"] = {{"layers", outcome.opset}, {"problem", outcome.opset_problem}};
    json["legacy"] = {{"layers", outcome.legacy}, {"problem", outcome.legacy_problem}};
    json["onnx"] = {{"layers", outcome.onnx}, {"problem", outcome.onnx_problem}};
    list.push_back(std::move(json));
  }
  return to_lines(list);
}

}  // namespace mo::inspect
