#pragma once

#include <filesystem>
#include <string_view>

namespace mo {

/// A path that is held as text, which is UTF-8 throughout the program.  (std::filesystem takes a plain text
/// for one of the locale's own encoding, which on Windows is never UTF-8.)
inline std::filesystem::path to_path(std::string_view text) {
  return {std::u8string_view(reinterpret_cast<const char8_t*>(text.data()), text.size())};
}

}  // namespace mo
