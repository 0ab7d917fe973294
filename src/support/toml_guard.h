#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mo {

/// Why a text is kept from the TOML parser.
struct TomlFault {
  std::uint32_t line = 1;  ///< 1-based
  std::string cause;
};

/// What toml11 does not survive: text that is not UTF-8 in strings (it reads outside its buffer) and nesting
/// (it recurses on brackets and dotted keys), here of more than 32 levels; nor is it asked for more than 256
/// KiB. Nothing: the text may be parsed.
std::optional<TomlFault> find_toml_fault(std::string_view text);

}  // namespace mo
