#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace mo::cli {

/// One option of the command line: the single source of parsing, help and documentation.
struct Option {
  std::vector<std::string_view> names;  ///< the long one first, then the short ones
  std::string_view value;               ///< what `--help` calls its value; empty: a switch
  std::string_view group;               ///< heading in `--help`
  std::string_view default_value;       ///< as shown; empty: none
  std::string_view help;

  std::string_view name() const { return names.front(); }
};

/// All options in the order of `--help`.
std::span<const Option> all_options();

}  // namespace mo::cli
