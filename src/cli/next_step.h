#pragma once

#include <string>

#include "convert.h"

namespace mo::cli {

/// What to do with the IR just written: a few lines for the terminal, with its own names and shapes.
std::string next_step(const ConvertResult& result, int ir_version);

}  // namespace mo::cli
