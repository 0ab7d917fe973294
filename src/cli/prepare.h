#pragma once

#include <string>

#include "cli/parse.h"
#include "convert.h"

namespace mo::cli {

/// The settings of one conversion with all that the command line adds to them: what `--preprocess auto` finds
/// and what the IR records of the command line.  Problems are added to `diagnostics`.
/// `found`: the line to print about --preprocess, empty where there is none.
ConvertOptions prepare(Arguments arguments, int default_ir_version, Diagnostics& diagnostics,
                       std::string& found);

}  // namespace mo::cli
