#include "cli/inspection.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "convert.h"
#include "inspect/layer_list.h"
#include "support/suggestion.h"

namespace mo::cli {

namespace {

bool is_json(const Arguments& arguments, const std::string& option, Diagnostics& diagnostics) {
  static constexpr std::array<std::string_view, 2> forms{"text", "json"};
  const std::string form = arguments.value_or(option, "");
  if (form != "json" && form != "text")
    diagnostics.error(code::command_line, option + "=" + form + " is neither text nor json",
                      suggestion(form, forms, "write " + option + " or " + option + "=json"));
  return form == "json";
}

}  // namespace

std::string inspect(const Arguments& arguments, const ConvertOptions& options, Diagnostics& diagnostics) {
  const bool json = is_json(arguments, "--inspect", diagnostics);
  inspect::NetSummary summary;
  if (!diagnostics.has_errors()) summary = summarize(options, diagnostics);
  std::string machine_readable = to_json_text(summary, diagnostics);
  if (json)
    fmt::print("{}", machine_readable);
  else if (!summary.layers.empty())
    fmt::print("{}", to_text(summary));
  return machine_readable;
}

void list_layers(const Arguments& arguments, Diagnostics& diagnostics) {
  const bool json = is_json(arguments, "--list_layers", diagnostics);
  if (!diagnostics.has_errors())
    fmt::print("{}", json ? inspect::layer_list_json() : inspect::layer_list_text());
}

}  // namespace mo::cli
