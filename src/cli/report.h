#pragma once

#include <string>

#include "convert.h"
#include "support/diagnostics.h"

namespace mo::cli {

/// What happened as JSON: version, status, files, inputs, outputs, messages.
std::string report_text(const ConvertResult& result, const Diagnostics& diagnostics);

/// The layers of the graph with the shapes they give, one a line.
std::string shapes_text(const Graph& graph);

}  // namespace mo::cli
