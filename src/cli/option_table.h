#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace mo::cli {

/// Where an option comes from.
enum class Origin {
  original,  ///< the Model Optimizer of 2018
  later,     ///< its later versions
  own,       ///< this program alone
};

/// One option of the command line: the single source of parsing, help, completion and documentation.
struct Option {
  std::vector<std::string_view> names;  ///< the long one first, then the short ones
  std::string_view value;               ///< what `--help` calls its value; empty: a switch
  std::string_view group;               ///< heading in `--help`
  std::string_view default_value;       ///< as shown; empty: none
  std::string_view help;
  Origin origin = Origin::original;
  std::string_view original_default = {};  ///< where the original has another one
  std::string_view test = {};              ///< file below tests/ that checks what it does
  bool is_common = false;                  ///< most conversions need no other: the short help has these

  std::string_view name() const { return names.front(); }
  bool is_switch() const { return value.empty(); }
};

/// Those about inputs, outputs and preprocessing.
std::vector<Option> input_options();
/// Those of the later original that have nothing to change here.
std::vector<Option> accepted_options();

/// All options in the order of `--help`.
std::span<const Option> all_options();

}  // namespace mo::cli
