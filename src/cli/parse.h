#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "cli/option_table.h"
#include "support/diagnostics.h"

namespace mo::cli {

/// Values by the option's first name; switches have the value True or False.
class Arguments {
 public:
  bool has(std::string_view name) const { return values_.contains(std::string(name)); }
  std::optional<std::string> value(std::string_view name) const;
  std::string value_or(std::string_view name, std::string_view fallback) const;
  /// A switch that is given and not `=False`.
  bool is_on(std::string_view name) const;
  void set(std::string_view name, std::string value) { values_[std::string(name)] = std::move(value); }
  const std::map<std::string, std::string>& all() const { return values_; }

 private:
  std::map<std::string, std::string> values_;
};

/// Reads a command line as Python's argparse does: `--name value`, `--name=value`, `-n value`, `-nvalue`,
/// unambiguous prefixes of long names, where the original's options come first; the last of repeated options
/// counts.  Every problem is added to `diagnostics`.
Arguments parse(std::span<const std::string> words, Diagnostics& diagnostics);

}  // namespace mo::cli
