#pragma once

#include <string>

#include "cli/parse.h"
#include "convert.h"
#include "support/diagnostics.h"

namespace mo::cli {

/// `--inspect`: prints what is known of the net's layers, as a table or as JSON, and returns the JSON.
/// Problems of the net are added to `diagnostics`; nothing is converted.
std::string inspect(const Arguments& arguments, const ConvertOptions& options, Diagnostics& diagnostics);

/// `--list_layers`: prints the layers that are read, as text or as JSON.
void list_layers(const Arguments& arguments, Diagnostics& diagnostics);

}  // namespace mo::cli
