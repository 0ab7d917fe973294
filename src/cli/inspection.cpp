#include "cli/inspection.h"

#include <fmt/format.h>

#include "convert.h"

namespace mo::cli {

namespace {

bool is_json(const Arguments& arguments, const std::string& option, Diagnostics& diagnostics) {
  const std::string form = arguments.value_or(option, "");
  if (form != "json" && form != "text")
    diagnostics.error(code::command_line, option + "=" + form + " is neither text nor json",
                      "write " + option + " or " + option + "=json");
  return form == "json";
}

}  // namespace

std::string inspect(const Arguments& arguments, const ConvertOptions& options, Diagnostics& diagnostics) {
  const bool json = is_json(arguments, "--inspect", diagnostics);
  inspect::NetSummary summary;
  if (!diagnostics.has_errors()) summary = summarize(options, diagnostics);
  const std::string machine_readable = to_json_text(summary, diagnostics);
  fmt::print("{}", json ? machine_readable : to_text(summary));
  return machine_readable;
}

}  // namespace mo::cli
