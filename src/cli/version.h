#pragma once

#include <string>

namespace mo::cli {

/// `mo --version`: the version of this program, on the first line as the original showed its own, then what
/// it writes and reads and the versions of the libraries in it.
std::string version_text();

}  // namespace mo::cli
