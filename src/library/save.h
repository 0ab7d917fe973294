#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace mo::library {

/// Writes what convert() gave as files: `path`, which ends in .xml, and .bin and .mapping beside it.  Throws
/// Error.
void save(std::string_view xml, std::span<const std::byte> weights, std::string_view mapping,
          const std::string& path);

}  // namespace mo::library
