#pragma once

#include <span>
#include <string>

#include "convert.h"
#include "support/diagnostics.h"

namespace mo::cli {

/// What happened as JSON: version, status, files, inputs, outputs, messages.
std::string report_text(const ConvertResult& result, const Diagnostics& diagnostics);

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
