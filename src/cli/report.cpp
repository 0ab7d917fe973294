#include "cli/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <mo/version.hpp>
#include <nlohmann/json.hpp>

#include "graph/op.h"
#include "report/conversion_report.h"
#include "support/diagnostic_json.h"
#include "support/output_files.h"

namespace mo::cli {

namespace {

using Json = nlohmann::ordered_json;

Json terminals(const std::vector<Terminal>& all) {
  Json list = Json::array();
  for (const Terminal& terminal : all)
    list.push_back(
        {{"name", terminal.name}, {"shape", terminal.shape}, {"element_type", terminal.element_type}});
  return list;
}

void add_outcome(Json& json, const ConvertResult& result, const Diagnostics& diagnostics) {
  json["status"] = diagnostics.exit_status();
  json["files"] = Json::object();
  if (!diagnostics.has_errors() && !result.xml.empty())
    json["files"] = {{"xml", result.xml}, {"bin", result.bin}, {"mapping", result.mapping}};
  if (!diagnostics.has_errors() && !result.onnx.empty()) {
    json["files"] = {{"onnx", result.onnx}};
    if (!result.onnx_weights.empty()) json["files"]["weights"] = result.onnx_weights;
  }
  json["inputs"] = terminals(result.inputs);
  json["outputs"] = terminals(result.outputs);
  json["messages"] = to_json(diagnostics);
}

}  // namespace

std::string report_text(const ConvertResult& result, const Diagnostics& diagnostics) {
  Json json{{"version", MO_VERSION_TEXT}};
  add_outcome(json, result, diagnostics);
  return to_lines(json);
}

bool is_page(const Arguments& arguments) {
  const std::string path = arguments.value_or("--report", "");
  return path.ends_with(".html") || path.ends_with(".htm");
}

std::string report_text(const ConvertResult& result, const Diagnostics& diagnostics,
                        const report::Conversion& conversion, const report::Record& record, bool as_page) {
  Json json{{"version", MO_VERSION_TEXT}};
  add_outcome(json, result, diagnostics);
  report::add_details(json, conversion, record);
  return as_page ? report::report_html(json) : to_lines(json);
}

std::string report_text(std::span<const LineReport> lines) {
  Json models = Json::array();
  for (const LineReport& line : lines) {
    Json model{{"line", line.number}, {"text", line.text}, {"was_there", line.was_there}};
    add_outcome(model, *line.result, *line.diagnostics);
    models.push_back(std::move(model));
  }
  Json json{{"version", MO_VERSION_TEXT}};
  json["models"] = std::move(models);
  return to_lines(json);
}

void write_report(const std::string& path, const std::string& text, Diagnostics& diagnostics) {
  try {
    write_file(path, text);
  } catch (const Failure& failure) {
    diagnostics.add(failure.diagnostic());
  }
}

std::string shapes_text(const Graph& graph) {
  std::string text;
  std::size_t name_width = 4;
  std::size_t op_width = 2;
  for (const NodeId id : graph.topological_order()) {
    name_width = std::max(name_width, std::min<std::size_t>(graph.node(id).name.size(), 40));
    op_width = std::max(op_width, graph.node(id).op->name.size());
  }
  for (const NodeId id : graph.topological_order()) {
    const Node& node = graph.node(id);
    text += fmt::format("{:<{}}  {:<{}} ", node.name, name_width, node.op->name, op_width);
    for (const Output& output : node.outputs) {
      text += " " + to_string(output.shape);
      for (const std::string& name : output.names)
        if (name != node.name) text += " " + name;
    }
    text += "\n";
  }
  return text;
}

}  // namespace mo::cli
