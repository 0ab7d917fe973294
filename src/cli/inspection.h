#pragma once

#include "cli/parse.h"
#include "support/diagnostics.h"

namespace mo::cli {

/// `--inspect`: prints what is known of the net's layers, as a table or as JSON.  Problems of the net are
/// added to `diagnostics`; nothing is written.
void inspect(const Arguments& arguments, Diagnostics& diagnostics);

}  // namespace mo::cli
