#pragma once

#include <optional>
#include <string>

#include "cli/parse.h"
#include "convert.h"
#include "report/record.h"
#include "support/diagnostics.h"

namespace mo::cli {

/// Where `--graph` draws, and how: by the name's ending.
struct GraphOutput {
  enum class Format : std::uint8_t { html, dot, svg, png };
  std::string path;
  Format format = Format::html;
};

/// What `--graph` asks for.  What it lacks is added to `diagnostics` before any work is done.
std::optional<GraphOutput> graph_output(const Arguments& arguments, Diagnostics& diagnostics);

/// Draws the net before and after; problems are added to `diagnostics`.
void write_graph(const GraphOutput& output, const report::Record& record, const ConvertOptions& options,
                 Diagnostics& diagnostics);

}  // namespace mo::cli
