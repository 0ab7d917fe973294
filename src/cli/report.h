#pragma once

#include <span>
#include <string>

#include "cli/parse.h"
#include "convert.h"
#include "report/conversion.h"
#include "support/diagnostics.h"

namespace mo::cli {

/// Whether `--report` asks for a page.
bool is_page(const Arguments& arguments);

/// What happened, as JSON: version, status, files, inputs, outputs, messages.
std::string report_text(const ConvertResult& result, const Diagnostics& diagnostics);

/// The same, with what is known of the conversion and its layers; `as_page`: in HTML.
std::string report_text(const ConvertResult& result, const Diagnostics& diagnostics,
                        const report::Conversion& conversion, const report::Record& record, bool as_page);

/// What became of one line of a manifest.
struct LineReport {
  std::size_t number;
  std::string text;
  bool was_there;
  const ConvertResult* result;
  const Diagnostics* diagnostics;
};

/// The same for each line: version and models, each with its line.
std::string report_text(std::span<const LineReport> lines);

/// Writes a report; a file that cannot be written is added to `diagnostics`.
void write_report(const std::string& path, const std::string& text, Diagnostics& diagnostics);

/// The layers of the graph with the shapes they give, one a line.
std::string shapes_text(const Graph& graph);

}  // namespace mo::cli
