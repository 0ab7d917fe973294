#pragma once

#include "cli/parse.h"
#include "convert.h"

namespace mo::cli {

/// What the command line asks for, checked.  Every problem is added to `diagnostics`.
ConvertOptions to_convert_options(const Arguments& arguments, Diagnostics& diagnostics);

/// `[1,3,227,227]` or `(...)`, several separated by commas.  Throws Failure (input_shape_syntax).
std::vector<Shape> parse_shapes(std::string_view text);

}  // namespace mo::cli
