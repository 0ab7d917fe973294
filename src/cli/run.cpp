#include "cli/run.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <new>
#include <string>
#include <vector>

#include "cli/auto_preprocess.h"
#include "cli/config.h"
#include "cli/help.h"
#include "cli/inspection.h"
#include "cli/ir_commands.h"
#include "cli/metadata.h"
#include "cli/next_step.h"
#include "cli/parse.h"
#include "cli/report.h"
#include "cli/settings.h"
#include "cli/verification.h"
#include "convert.h"
#include "ir/legacy/dialect.h"

namespace mo::cli {

namespace {

Severity least_shown(const Arguments& arguments, Diagnostics& diagnostics) {
  if (arguments.is_on("--silent")) return Severity::error;
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

void write_report(const std::string& path, const std::string& text, Diagnostics& diagnostics) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  if (!file.flush())
    diagnostics.error(code::output_not_writable, path + ": the report cannot be written",
                      "check the folder and its permissions");
}

/// `options`: those of a conversion or of an upgrade.
void add_metadata(const Arguments& arguments, auto& options) {
  options.producer = "mo " MO_VERSION;
  if (!ir::legacy::is_legacy(options.ir_version)) {
    options.parameters = to_metadata(arguments);
    return;
  }
  LegacyMetadata metadata = to_legacy_metadata(arguments);
  options.parameters = std::move(metadata.parameters);
  options.unset_parameters = std::move(metadata.unset);
}

int convert_and_report(Arguments& arguments, int default_version, Diagnostics& diagnostics, Severity least) {
  const auto start = std::chrono::steady_clock::now();
  if (arguments.has("--preprocess")) {
    const std::string taken = take_preprocessing(arguments, diagnostics);
    if (!taken.empty()) fmt::print("{}\n", taken);
  }
  ConvertOptions options = to_convert_options(arguments, diagnostics, default_version);
  add_metadata(arguments, options);
  if (arguments.is_on("--print_shapes"))
    options.after_build = [](const Graph& graph) { fmt::print("{}", shapes_text(graph)); };
  const bool inspects = arguments.has("--inspect");
  std::string verifying_program;
  if (arguments.is_on("--verify") && options.write_files) verifying_program = verifier();
  ConvertResult result;
  if (!diagnostics.has_errors() && !inspects) result = convert(options, diagnostics);
  const std::string report =
      inspects ? inspect(arguments, options, diagnostics) : report_text(result, diagnostics);
  if (const auto path = arguments.value("--report")) write_report(*path, report, diagnostics);
  print(diagnostics, least);
  if (diagnostics.has_errors() || inspects) return diagnostics.exit_status();
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  if (!options.write_files) return 0;
  print_success(result, taken.count());
  if (!verifying_program.empty()) {
    fmt::print("\n");
    std::vector<std::string> words = verification_of(options, result);
    if (arguments.is_on("--silent")) words.emplace_back("--silent");
    run_verifier(verifying_program, words);
  }
  if (!arguments.is_on("--silent")) fmt::print("{}", next_step(result, options.ir_version));
  return 0;
}

int upgrade_and_report(const Arguments& arguments, int default_version, Diagnostics& diagnostics,
                       Severity least) {
  const auto start = std::chrono::steady_clock::now();
  UpgradeOptions options = to_upgrade_options(arguments, diagnostics, default_version);
  add_metadata(arguments, options);
  ConvertResult result;
  if (!diagnostics.has_errors()) result = upgrade(options, diagnostics);
  if (const auto path = arguments.value("--report"))
    write_report(*path, report_text(result, diagnostics), diagnostics);
  print(diagnostics, least);
  if (diagnostics.has_errors()) return diagnostics.exit_status();
  print_success(result, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  return 0;
}

}  // namespace

int run(int argc, char** argv) {
  try {
    const std::vector<std::string> words(argv + 1, argv + argc);
    Diagnostics diagnostics;
    if (!words.empty() && words.front() == "verify") run_verifier(verifier(), std::span(words).subspan(1));
    if (words.size() == 2 && words[0] == "--generate") {  // for the makers of packages, and for tests
      const auto text = generated_text(words[1]);
      fmt::print("{}", text.value_or(""));
      return text ? 0 : static_cast<int>(Exit::command_line);
    }
    Arguments arguments = parse(words, diagnostics);
    if (arguments.is_on("--help") || arguments.is_on("--help-all") || words.empty()) {
      fmt::print("{}", help_text(arguments.is_on("--help-all")));
      return 0;
    }
    if (arguments.is_on("--version")) {
      fmt::print("{}\n", version_text());
      return 0;
    }
    if (const auto config = arguments.value("--config"))
      add_config(*config, arguments, diagnostics);
    else if (const char* site = std::getenv("MO_CONFIG"); site != nullptr && *site != '\0')
      add_config(site, arguments, diagnostics);
    const Severity least = least_shown(arguments, diagnostics);
    if (arguments.has("--list_layers")) {
      list_layers(arguments, diagnostics);
      print(diagnostics, least);
      return diagnostics.exit_status();
    }
    if (const auto path = arguments.value("--check_ir"); path && !diagnostics.has_errors())
      return check_ir(*path, arguments.is_on("--silent"));
    int default_version = 0;
    try {
      default_version = default_ir_version(argv[0], std::getenv("MO_IR_VERSION"));
    } catch (const Failure& failure) {
      if (!arguments.has("--ir_version")) diagnostics.add(failure.diagnostic());
    }
    if (arguments.has("--upgrade_ir"))
      return upgrade_and_report(arguments, default_version, diagnostics, least);
    return convert_and_report(arguments, default_version, diagnostics, least);
  } catch (const Failure& failure) {
    fmt::print(stderr, "{}\n", to_text(failure.diagnostic()));
    return static_cast<int>(failure.diagnostic().code->exit);
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
