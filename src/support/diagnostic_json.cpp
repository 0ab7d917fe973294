#include "support/diagnostic_json.h"

#include <nlohmann/json.hpp>

namespace mo {

namespace {

std::string_view severity_name(Severity severity) {
  return severity == Severity::error ? "error" : severity == Severity::warning ? "warning" : "info";
}

}  // namespace

nlohmann::ordered_json to_json(const Diagnostic& diagnostic) {
  nlohmann::ordered_json json{{"code", diagnostic.code->slug},
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

nlohmann::ordered_json to_json(const Diagnostics& diagnostics) {
  auto list = nlohmann::ordered_json::array();
  for (const Diagnostic& diagnostic : diagnostics.all()) list.push_back(to_json(diagnostic));
  return list;
}

std::string to_lines(const nlohmann::ordered_json& json) {
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace mo
