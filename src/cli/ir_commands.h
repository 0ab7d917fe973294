#pragma once

#include <string>

#include "cli/parse.h"
#include "support/diagnostics.h"

namespace mo::cli {

/// --check_ir: prints one line for each fault of the IR and one with their number.  Returns the exit status:
/// 0 clean, 1 faults, 3 the file cannot be read.
int check_ir(const std::string& path, bool silent);

}  // namespace mo::cli
