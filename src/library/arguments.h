#pragma once

#include <mo/converter.hpp>

#include "cli/parse.h"

namespace mo::library {

/// The options as the program's command line would have them, so that both mean the same and leave the same
/// trace in the IR.
cli::Arguments to_arguments(const ConvertModelOptions& options);
cli::Arguments to_arguments(const UpgradeIrOptions& options);

}  // namespace mo::library
