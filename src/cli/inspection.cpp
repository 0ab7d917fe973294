#include "cli/inspection.h"

#include <fmt/format.h>

#include "cli/settings.h"
#include "inspect/summary.h"

namespace mo::cli {

void inspect(const Arguments& arguments, Diagnostics& diagnostics) {
  const std::string form = arguments.value_or("--inspect", "");
  if (!form.empty() && form != "json" && form != "text")
    diagnostics.error(code::command_line, "--inspect=" + form + " is not a form",
                      "write --inspect, or --inspect=json");
  const ConvertOptions options = to_convert_options(arguments, diagnostics);
  if (diagnostics.has_errors()) return;
  inspect::NetSummary summary;
  try {
    const caffe::Net net = caffe::read_net(options.files, diagnostics);
    summary = inspect::summarize(net, options.inputs, diagnostics);
  } catch (const Failure& failure) {
    diagnostics.add(failure.diagnostic());
  }
  fmt::print("{}", form == "json" ? to_json_text(summary, diagnostics) : to_text(summary));
}

}  // namespace mo::cli
