#include "cli/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "ops/op.h"

namespace mo::cli {

namespace {

using Json = nlohmann::ordered_json;

std::string_view severity_name(Severity severity) {
  return severity == Severity::error ? "error" : severity == Severity::warning ? "warning" : "info";
}

Json terminals(const std::vector<Terminal>& all) {
  Json list = Json::array();
  for (const Terminal& terminal : all) list.push_back({{"name", terminal.name}, {"shape", terminal.shape}});
  return list;
}

Json message(const Diagnostic& diagnostic) {
  Json json{{"code", diagnostic.code->slug},
            {"severity", severity_name(diagnostic.severity)},
            {"cause", diagnostic.cause}};
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) json[name] = value;
  };
  add("remedy", diagnostic.remedy);
  add("layer", diagnostic.layer);
  add("layer_type", diagnostic.layer_type);
  add("file", diagnostic.file);
  add("field", diagnostic.field);
  if (diagnostic.position.line > 0) {
    json["line"] = diagnostic.position.line;
    json["column"] = diagnostic.position.column;
  }
  if (diagnostic.byte_offset >= 0) json["byte_offset"] = diagnostic.byte_offset;
  return json;
}

}  // namespace

std::string report_text(const ConvertResult& result, const Diagnostics& diagnostics) {
  Json json{{"version", MO_VERSION}, {"status", diagnostics.exit_status()}};
  json["files"] = Json::object();
  if (!diagnostics.has_errors() && !result.xml.empty())
    json["files"] = {{"xml", result.xml}, {"bin", result.bin}, {"mapping", result.mapping}};
  json["inputs"] = terminals(result.inputs);
  json["outputs"] = terminals(result.outputs);
  json["messages"] = Json::array();
  for (const Diagnostic& diagnostic : diagnostics.all()) json["messages"].push_back(message(diagnostic));
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
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
