#include "common/options.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "cli/values.h"

namespace mo::apps {

namespace {

/// -h and --help are one option, whatever an application calls it.
const AppOption* find(std::span<const AppOption> known, std::string_view name) {
  if (name == "h" || name == "help")
    for (const AppOption& option : known)
      if (option.name == "h" || option.name == "help") return &option;
  const auto option = std::ranges::find(known, name, &AppOption::name);
  return option == known.end() ? nullptr : &*option;
}

[[noreturn]] void refuse_unknown(std::string_view word, std::span<const AppOption> known) {
  std::vector<std::string_view> names;
  for (const AppOption& option : known) names.push_back(option.name);
  const std::string_view near =
      nearest(word.substr(std::min(word.find_first_not_of('-'), word.size())), names);
  cli::fail(code::unknown_option, fmt::format("unknown option \"{}\"", word),
            near.empty() ? "see -h for all options" : fmt::format("did you mean -{}?", near));
}

}  // namespace

std::string AppArguments::value_or(const std::string& name, const std::string& fallback) const {
  const auto value = values_.find(name);
  return value == values_.end() ? fallback : value->second;
}

AppArguments parse_options(std::span<const std::string> words, std::span<const AppOption> known) {
  AppArguments arguments;
  for (std::size_t at = 0; at < words.size(); ++at) {
    const std::string_view word = words[at];
    if (!word.starts_with('-') || word.size() == 1)
      cli::fail(code::command_line, fmt::format("\"{}\" belongs to no option", word),
                "put the option's name before it");
    std::string_view name = word.substr(word.starts_with("--") ? 2 : 1);
    std::optional<std::string> value;
    if (const auto equals = name.find('='); equals != std::string_view::npos) {
      value = std::string(name.substr(equals + 1));
      name = name.substr(0, equals);
    }
    const AppOption* option = find(known, name);
    if (option == nullptr) refuse_unknown(word, known);
    if (option->value.empty()) {
      const bool says =
          !value && at + 1 < words.size() && (words[at + 1] == "true" || words[at + 1] == "false");
      if (says) value = words[++at];
      if (value && *value != "true" && *value != "false")
        cli::fail(code::command_line, fmt::format("{} is a switch and takes no value \"{}\"", word, *value),
                  "write it alone, or with true or false");
      arguments.set(option->name, value.value_or("true"));
      continue;
    }
    if (!value && at + 1 >= words.size())
      cli::fail(code::command_line, fmt::format("{} needs a value, {}", word, option->value),
                fmt::format("write {} {}", word, option->value));
    arguments.set(name, value ? *value : words[++at]);
  }
  return arguments;
}

std::string options_text(std::span<const AppOption> known, std::string_view dashes) {
  std::string text;
  for (const AppOption& option : known)
    text +=
        fmt::format("  {:<22} {}\n", fmt::format("{}{} {}", dashes, option.name, option.value), option.help);
  return text;
}

std::optional<int> number_option(const AppArguments& arguments, const std::string& name, int least) {
  if (!arguments.has(name)) return std::nullopt;
  const std::string text = arguments.value_or(name, "");
  const auto number = cli::whole_number(text);
  if (!number || *number < least || *number > std::numeric_limits<int>::max())
    cli::fail(code::command_line, fmt::format("-{} {} is not a whole number from {} on", name, text, least),
              fmt::format("write, for example, -{} {}", name, std::max(least, 1)));
  return static_cast<int>(*number);
}

}  // namespace mo::apps
