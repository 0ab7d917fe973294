#pragma once

#include <string>

namespace mo::cli {

/// The text of `mo --help`.
std::string help_text();

/// The version of this program, as `mo --version` shows it.
std::string version_text();

}  // namespace mo::cli
