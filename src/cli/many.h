#pragma once

#include "cli/parse.h"

namespace mo::cli {

/// `--manifest`: converts the models of a file, --jobs at a time, and says at the end which failed and why.
/// One that fails stops no other.  Returns the exit status: 0, or that of the first line that failed.
int convert_many(const Arguments& arguments, int default_ir_version, Diagnostics& diagnostics,
                 Severity least);

}  // namespace mo::cli
