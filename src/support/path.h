#pragma once

#include <filesystem>
#include <string_view>

namespace mo {

/// A path that is held as text, which is UTF-8 throughout the program.  (std::filesystem takes a plain text
/// for one of the locale's own encoding, which on Windows is never UTF-8.)
inline std::filesystem::path to_path(std::string_view text) {
  return {std::u8string_view(reinterpret_cast<const char8_t*>(text.data()), text.size())};
}

/// Without the ending of a model: `a/net.caffemodel.h5` and `a/net.caffemodel` are both `a/net`.
inline std::filesystem::path without_ending(std::filesystem::path model) {
  if (model.extension() == ".h5" && model.stem().extension() == ".caffemodel") model.replace_extension();
  return model.replace_extension();
}

}  // namespace mo
