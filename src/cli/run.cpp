#include "cli/run.h"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "cli/abrupt_ends.h"
#include "cli/config.h"
#include "cli/graph_output.h"
#include "cli/help.h"
#include "cli/inspection.h"
#include "cli/ir_commands.h"
#include "cli/many.h"
#include "cli/memory_limit.h"
#include "cli/metadata.h"
#include "cli/next_step.h"
#include "cli/outcome.h"
#include "cli/parse.h"
#include "cli/prepare.h"
#include "cli/progress_bar.h"
#include "cli/quoted_command.h"
#include "cli/report.h"
#include "cli/settings.h"
#include "cli/terminal.h"
#include "cli/verification.h"
#include "cli/version.h"
#include "convert.h"
#include "os/process.h"
#include "os/terminal.h"
#include "support/suggestion.h"

namespace mo::cli {

namespace {

Severity least_shown(const Arguments& arguments, Diagnostics& diagnostics) {
  if (arguments.is_on("--silent")) return Severity::error;
  const std::string level = arguments.value_or("--log_level", "WARNING");
  if (level == "CRITICAL" || level == "ERROR") return Severity::error;
  if (level == "WARN" || level == "WARNING") return Severity::warning;
  if (level == "INFO" || level == "DEBUG" || level == "NOTSET") return Severity::info;
  static constexpr std::array<std::string_view, 7> known{"CRITICAL", "ERROR", "WARN",  "WARNING",
                                                         "INFO",     "DEBUG", "NOTSET"};
  diagnostics.error(code::command_line, "--log_level " + level + " is not a level",
                    suggestion(level, known, "choose CRITICAL, ERROR, WARN, WARNING, INFO, DEBUG or NOTSET"));
  return Severity::warning;
}

/// What decides how messages are shown.
struct Showing {
  Severity least = Severity::warning;
  std::span<const std::string> words;  ///< of the command line
};

void print(const Diagnostics& diagnostics, const Showing& showing) {
  for (const Diagnostic& diagnostic : diagnostics.all())
    if (diagnostic.severity >= showing.least)
      fmt::print(stderr, "{}\n",
                 painted(to_text(with_command_line(diagnostic, showing.words)), os::standard_error));
}

std::string success_text(const ConvertResult& result, double seconds) {
  const std::string time = fmt::format("[ SUCCESS ] Total execution time: {:.2f} seconds.\n", seconds);
  if (result.onnx.empty())
    return fmt::format(
        "\n[ SUCCESS ] Generated IR model.\n[ SUCCESS ] XML file: {}\n[ SUCCESS ] BIN file: {}\n{}",
        result.xml, result.bin, time);
  const std::string weights =
      result.onnx_weights.empty() ? "" : "[ SUCCESS ] Weights file: " + result.onnx_weights + "\n";
  return fmt::format("\n[ SUCCESS ] Generated ONNX model.\n[ SUCCESS ] ONNX file: {}\n{}{}", result.onnx,
                     weights, time);
}

void print_success(const ConvertResult& result, double seconds) {
  fmt::print("{}", painted(success_text(result, seconds), os::standard_output));
}

void print_phases(const Progress& progress) {
  for (const Progress::Phase& phase : progress.phases())
    if (phase.bytes > 0)
      fmt::print(stderr, "[ INFO ]  {}: {:.3f} s, {:.1f} MB\n", phase.name, phase.seconds,
                 static_cast<double>(phase.bytes) / 1e6);
    else
      fmt::print(stderr, "[ INFO ]  {}: {:.3f} s\n", phase.name, phase.seconds);
}

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Tells the recorder what a conversion would make of the net; its messages have been told already.
void look(ConvertOptions options) {
  Diagnostics known;
  options.write_files = false;
  options.progress = nullptr;
  convert(options, known);
}

int convert_and_report(const Arguments& arguments, int default_version, Diagnostics& diagnostics,
                       const Showing& showing) {
  const auto start = Clock::now();
  std::string found;
  ConvertOptions options = prepare(arguments, default_version, diagnostics, found);
  if (!found.empty()) fmt::print("{}\n", found);
  if (arguments.is_on("--print_shapes"))
    options.after_build = [](const Graph& graph) { fmt::print("{}", shapes_text(graph)); };
  const bool inspects = arguments.has("--inspect");
  std::string verifying_program;
  if (arguments.is_on("--verify") && options.write_files) verifying_program = verifier();
  ConvertResult result;
  Progress progress;
  options.progress = &progress;
  report::Recorder recorder;
  const std::optional<GraphOutput> graph = graph_output(arguments, diagnostics);
  if (graph || (arguments.has("--report") && options.write_files)) options.recorder = &recorder;
  if (inspects && is_page(arguments))
    diagnostics.error(code::conflicting_options, "--report with --inspect is JSON",
                      "name it so: --report net.json");
  if (!diagnostics.has_errors() && !inspects) {
    std::optional<ProgressBar> bar;
    if (!arguments.is_on("--silent")) bar.emplace(progress, "MB", os::standard_error);
    result = convert(options, diagnostics);
  }
  const double seconds = seconds_since(start);
  std::string report;
  if (inspects) {
    report = inspect(arguments, options, diagnostics);
    if (graph && !diagnostics.has_errors()) look(options);
  } else if (arguments.has("--report")) {
    report = report_text(result, diagnostics, to_conversion(options, result, progress.phases(), seconds),
                         recorder.record(), is_page(arguments));
  }
  if (const auto path = arguments.value("--report")) write_report(*path, report, diagnostics);
  if (graph) write_graph(*graph, recorder.record(), options, diagnostics);
  print(diagnostics, showing);
  if (showing.least == Severity::info) print_phases(progress);
  if (diagnostics.has_errors() || inspects) return diagnostics.exit_status();
  if (!options.write_files) return 0;
  print_success(result, seconds);
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
                       const Showing& showing) {
  const auto start = Clock::now();
  UpgradeOptions options = to_upgrade_options(arguments, diagnostics, default_version);
  if (arguments.has("--graph") || is_page(arguments))
    diagnostics.error(code::conflicting_options,
                      "--upgrade_ir has no picture and no page, which are of Caffe nets",
                      "leave --graph out, and name the report .json");
  add_metadata(arguments, options);
  ConvertResult result;
  if (!diagnostics.has_errors()) result = upgrade(options, diagnostics);
  if (const auto path = arguments.value("--report"))
    write_report(*path, report_text(result, diagnostics), diagnostics);
  print(diagnostics, showing);
  if (diagnostics.has_errors()) return diagnostics.exit_status();
  print_success(result, seconds_since(start));
  return 0;
}

}  // namespace

int run(int argc, char** argv) {
  end_when_memory_runs_out();
  try {
    const std::vector<std::string> all = os::start(argc, argv);
    const std::span words = std::span(all).subspan(1);
    Diagnostics diagnostics;
    if (!words.empty() && words.front() == "verify") run_verifier(verifier(), words.subspan(1));
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
    else if (const std::string site = os::environment("MO_CONFIG"); !site.empty())
      add_config(site, arguments, diagnostics);
    const Showing showing{least_shown(arguments, diagnostics), words};
    limit_memory(arguments, diagnostics);
    if (arguments.has("--manifest")) std::set_new_handler(nullptr);  // one bad model does not end the others
    end_when_an_input_is_truncated(arguments);
    if (arguments.has("--list_layers")) {
      list_layers(arguments, diagnostics);
      print(diagnostics, showing);
      return diagnostics.exit_status();
    }
    if (const auto path = arguments.value("--check_ir"); path && !diagnostics.has_errors())
      return check_ir(*path, arguments.is_on("--silent"));
    int default_version = 0;
    try {
      default_version = default_ir_version(all[0], os::environment("MO_IR_VERSION"));
    } catch (const Failure& failure) {
      if (!arguments.has("--ir_version")) diagnostics.add(failure.diagnostic());
    }
    if (arguments.has("--manifest")) {
      const int status = convert_many(arguments, default_version, diagnostics, showing.least);
      print(diagnostics, showing);
      return status;
    }
    for (const char* option : {"--jobs", "--resume"})
      if (arguments.has(option))
        diagnostics.error(code::conflicting_options, std::string(option) + " belongs to --manifest",
                          "give the manifest, or leave the option out");
    if (arguments.has("--upgrade_ir"))
      return upgrade_and_report(arguments, default_version, diagnostics, showing);
    return convert_and_report(arguments, default_version, diagnostics, showing);
  } catch (const Failure& failure) {
    fmt::print(stderr, "{}\n", painted(to_text(failure.diagnostic()), os::standard_error));
    return static_cast<int>(failure.diagnostic().code->exit);
  } catch (const std::bad_alloc&) {  // a size beyond the address space, for which no handler is asked
    end_out_of_memory();
  } catch (const std::length_error&) {
    end_out_of_memory();
  } catch (const std::exception& error) {
    fmt::print(stderr,
               "[ ERROR ]  a defect of mo: {}\n  what to do: report it with the model's prototxt\n"
               "  see docs/FAQ.md#internal-error\n",
               error.what());
    return static_cast<int>(Exit::internal);
  }
}

}  // namespace mo::cli
