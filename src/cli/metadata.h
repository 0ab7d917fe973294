#pragma once

#include <mo/version.hpp>
#include <string>
#include <utility>
#include <vector>

#include "cli/parse.h"
#include "ir/legacy/dialect.h"
#include "ir/model.h"

namespace mo::cli {

/// The command line as the IR's metadata records it: every option, paths without the user's folders
/// (`DIR/name`), so that the same model gives the same file wherever it lies.
ir::TextAttributes to_metadata(const Arguments& arguments);

struct LegacyMetadata {
  ir::TextAttributes parameters;   ///< by name; the original's options with their defaults
  std::vector<std::string> unset;  ///< names of the original's options that have no value
};

/// The same for legacy IR, which lists every option of the original's release 2018 R5.
LegacyMetadata to_legacy_metadata(const Arguments& arguments);

/// Adds what the IR says of its maker to the settings of a conversion or of an upgrade.
void add_metadata(const Arguments& arguments, auto& options) {
  options.producer = "mo " MO_VERSION_TEXT;
  if (!ir::legacy::is_legacy(options.ir_version)) {
    options.parameters = to_metadata(arguments);
    return;
  }
  LegacyMetadata metadata = to_legacy_metadata(arguments);
  options.parameters = std::move(metadata.parameters);
  options.unset_parameters = std::move(metadata.unset);
}

}  // namespace mo::cli
