#pragma once

#include <cstdint>
#include <string_view>

#include "cli/parse.h"
#include "support/diagnostics.h"

namespace mo::cli {

/// Bytes in a size such as "800M" or "4G" (also K and T, powers of 1024), or in a plain number of them.
/// Throws Failure (command_line).
std::uint64_t parse_memory(std::string_view text);

/// Bounds the memory of this process by --max_memory, or else by what is available: taking more throws
/// std::bad_alloc.  Mapped files do not count.
void limit_memory(const Arguments& arguments, Diagnostics& diagnostics);

}  // namespace mo::cli
