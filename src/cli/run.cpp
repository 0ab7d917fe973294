#include "cli/run.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <new>
#include <string>
#include <vector>

#include "cli/help.h"
#include "cli/inspection.h"
#include "cli/metadata.h"
#include "cli/parse.h"
#include "cli/settings.h"
#include "convert.h"

namespace mo::cli {

namespace {

Severity least_shown(const Arguments& arguments, Diagnostics& diagnostics) {
  if (arguments.has("--silent")) return Severity::error;
  const std::string level = arguments.value_or("--log_level", "WARNING");
  if (level == "CRITICAL" || level == "ERROR") return Severity::error;
  if (level == "WARN" || level == "WARNING") return Severity::warning;
  if (level == "INFO" || level == "DEBUG" || level == "NOTSET") return Severity::info;
  diagnostics.error(code::command_line, "--log_level " + level + " is not a level",
                    "choose CRITICAL, ERROR, WARN, WARNING, INFO, DEBUG or NOTSET");
  return Severity::warning;
}

void print(const Diagnostics& diagnostics, Severity least) {
  for (const Diagnostic& diagnostic : diagnostics.all())
    if (diagnostic.severity >= least) fmt::print(stderr, "{}\n", to_text(diagnostic));
}

void print_success(const ConvertResult& result, double seconds) {
  fmt::print(
      "\n[ SUCCESS ] Generated IR model.\n[ SUCCESS ] XML file: {}\n[ SUCCESS ] BIN file: {}\n"
      "[ SUCCESS ] Total execution time: {:.2f} seconds.\n",
      result.xml, result.bin, seconds);
}

int convert_and_report(const Arguments& arguments, Diagnostics& diagnostics, Severity least) {
  const auto start = std::chrono::steady_clock::now();
  ConvertOptions options = to_convert_options(arguments, diagnostics);
  options.parameters = to_metadata(arguments);
  ConvertResult result;
  if (!diagnostics.has_errors()) result = convert(options, diagnostics);
  print(diagnostics, least);
  if (diagnostics.has_errors()) return diagnostics.exit_status();
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  print_success(result, taken.count());
  return 0;
}

}  // namespace

int run(int argc, char** argv) {
  try {
    const std::vector<std::string> words(argv + 1, argv + argc);
    Diagnostics diagnostics;
    const Arguments arguments = parse(words, diagnostics);
    if (arguments.has("--help") || words.empty()) {
      fmt::print("{}", help_text());
      return 0;
    }
    if (arguments.has("--version")) {
      fmt::print("{}\n", version_text());
      return 0;
    }
    const Severity least = least_shown(arguments, diagnostics);
    if (arguments.has("--inspect")) {
      inspect(arguments, diagnostics);
      print(diagnostics, least);
      return diagnostics.exit_status();
    }
    return convert_and_report(arguments, diagnostics, least);
  } catch (const std::bad_alloc&) {
    std::fputs("[ ERROR ]  not enough memory for this model\n", stderr);
    return static_cast<int>(Exit::model);
  } catch (const std::exception& error) {
    fmt::print(stderr,
               "[ ERROR ]  a defect of mo: {}\n  what to do: report it with the model's prototxt\n"
               "  see docs/FAQ.md#internal-error\n",
               error.what());
    return static_cast<int>(Exit::internal);
  }
}

}  // namespace mo::cli
