#pragma once

#include "cli/parse.h"
#include "convert.h"

namespace mo::cli {

/// What the command line asks for, checked.  Every problem is added to `diagnostics`.
ConvertOptions to_convert_options(const Arguments& arguments, Diagnostics& diagnostics);

}  // namespace mo::cli
