#include "cli/ir_commands.h"

#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <system_error>

#include "ir/check/check.h"
#include "ir/document.h"
#include "support/path.h"

namespace mo::cli {

namespace {

/// `net.xml:12: Convolution "conv1": what is wrong [code]`
std::string line_of(const Diagnostic& finding) {
  std::string text = finding.file;
  if (finding.position.line > 0) text += ":" + std::to_string(finding.position.line);
  text += ": ";
  if (!finding.layer_type.empty()) text += finding.layer_type + " ";
  if (!finding.layer.empty() || !finding.layer_type.empty()) text += "\"" + finding.layer + "\": ";
  return text + finding.cause + " [" + std::string(finding.code->slug) + "]";
}

/// The size of the .bin beside the .xml; nothing where there is none.
std::optional<std::uint64_t> size_of_bin(const std::string& xml) {
  std::error_code error;
  const auto size = std::filesystem::file_size(to_path(xml).replace_extension(".bin"), error);
  return error ? std::nullopt : std::optional<std::uint64_t>(size);
}

}  // namespace

int check_ir(const std::string& path, bool silent) {
  Diagnostics findings;
  std::string summary;
  try {
    const auto file = MappedFile::open(path);
    const ir::Document document = ir::read_document(*file, findings);
    const auto bin_size = size_of_bin(path);
    ir::check::all_rules(document, bin_size, findings);
    summary = fmt::format("IR v{} of {} layers", document.version, document.layers.size());
    if (!bin_size)
      findings.add([&] {
        Diagnostic note = ir::finding(document, code::ir_weights_unchecked, nullptr,
                                      "there is no .bin beside it: the "
                                      "ranges of the weights are not compared with its size");
        note.severity = Severity::warning;
        return note;
      }());
  } catch (const Failure& failure) {
    findings.add(failure.diagnostic());
  }
  for (const Diagnostic& finding : findings.all())
    if (!silent || finding.severity == Severity::error) fmt::print("{}\n", line_of(finding));
  if (!findings.has_errors() && !silent) fmt::print("{}: {}, no faults\n", path, summary);
  if (findings.has_errors() && !silent) fmt::print("{}: {} faults\n", path, findings.error_count());
  return findings.exit_status();
}

}  // namespace mo::cli
