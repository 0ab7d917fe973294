#pragma once

#include "cli/parse.h"
#include "ir/model.h"

namespace mo::cli {

/// The command line as the IR's metadata records it: every option, paths without the user's folders
/// (`DIR/name`), so that the same model gives the same file wherever it lies.
ir::TextAttributes to_metadata(const Arguments& arguments);

}  // namespace mo::cli
