#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mo::apps {

/// One option of an application: the single source of parsing and help.
struct AppOption {
  std::string_view name;   ///< without dashes
  std::string_view value;  ///< what the help calls its value; empty: a switch
  std::string_view help;
};

/// Values by the option's name; switches have the value `true` or `false`.
class AppArguments {
 public:
  bool has(const std::string& name) const { return values_.contains(name); }
  std::string value_or(const std::string& name, const std::string& fallback) const;
  bool is_on(const std::string& name) const { return value_or(name, "false") == "true"; }
  void set(std::string_view name, std::string value) { values_[std::string(name)] = std::move(value); }

 private:
  std::map<std::string, std::string> values_;
};

/// Reads `--name value`, `-name value`, `-name=value`, and of switches `-name` and `-name true`, as the
/// samples of the Inference Engine did.  Throws Failure (unknown_option, command_line) at the first word that
/// fits nothing.
AppArguments parse_options(std::span<const std::string> words, std::span<const AppOption> known);

/// A line for each option, its name behind `dashes`.
std::string options_text(std::span<const AppOption> known, std::string_view dashes);

/// Of an option that has to be a whole number from `least` on; nothing when it is not given.  Throws Failure
/// (command_line).
std::optional<int> number_option(const AppArguments& arguments, const std::string& name, int least);

}  // namespace mo::apps
