#pragma once

#include <string>

#include "cli/parse.h"
#include "support/diagnostics.h"

namespace mo::cli {

/// Options of a settings file that the command line does not give: TOML when the name ends in .toml, else
/// lines `name = value` (with or without sections, comments behind # or ;).  Names are those of the options
/// without dashes.  Problems are added to `diagnostics`.
void add_config(const std::string& path, Arguments& arguments, Diagnostics& diagnostics);

}  // namespace mo::cli
