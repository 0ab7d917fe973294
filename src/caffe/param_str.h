#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace mo::caffe {

/// A number, word or quoted text.
struct ParamScalar {
  std::string text;
  std::optional<double> number;  ///< when the text is one, unquoted
};

/// One `key: value` of a Python layer's param_str.
struct ParamEntry {
  std::string key;
  std::vector<ParamScalar> values;  ///< one, unless a list
  bool is_list = false;
};

struct ParamStrError : std::runtime_error {
  ParamStrError(std::size_t where, const std::string& what) : std::runtime_error(what), offset(where) {}
  std::size_t offset;
};

/// Reads the mapping in a `param_str`: a Python dict literal (braces may be missing) or flat YAML, whose
/// values are scalars or lists of scalars.  Throws ParamStrError, also for texts of more than 64 KiB.
std::vector<ParamEntry> parse_param_str(std::string_view text);

}  // namespace mo::caffe
