#include "cli/help.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "cli/option_table.h"

namespace mo::cli {

namespace {

constexpr std::size_t column = 28;
constexpr std::size_t width = 100;

std::string joined_names(const Option& option) {
  std::string names;
  for (const std::string_view name : option.names) names += (names.empty() ? "" : ", ") + std::string(name);
  return option.value.empty() ? names : names + " " + std::string(option.value);
}

/// `text` in lines of at most `width` columns, indented by `indent`.
std::string wrapped(std::string_view text, std::size_t indent) {
  std::string out;
  std::string line;
  const auto flush = [&] {
    out += std::string(indent, ' ') + line + "\n";
    line.clear();
  };
  while (!text.empty()) {
    const auto space = text.find(' ');
    const std::string_view word = text.substr(0, space);
    if (!line.empty() && indent + line.size() + 1 + word.size() > width) flush();
    line += (line.empty() ? "" : " ") + std::string(word);
    text = space == std::string_view::npos ? std::string_view() : text.substr(space + 1);
  }
  if (!line.empty()) flush();
  return out;
}

/// Up to the end of the first sentence, or a semicolon within it.
std::string_view beginning(std::string_view help) {
  for (std::size_t at = 0; at + 1 < help.size(); ++at)
    if ((help[at] == '.' || help[at] == ';') && help[at + 1] == ' ') return help.substr(0, at);
  return help.ends_with('.') ? help.substr(0, help.size() - 1) : help;
}

std::string entry(const Option& option, bool whole) {
  std::string help(whole ? option.help : beginning(option.help));
  if (!whole) help += ".";
  if (whole && !option.default_value.empty()) help += " Default: " + std::string(option.default_value) + ".";
  const std::string names = "  " + joined_names(option);
  std::string body = wrapped(help, column);
  if (names.size() + 2 <= column) return names + body.substr(names.size());
  return names + "\n" + body;
}

/// The options under the headings of their groups, which are in the order in which they begin.
std::string entries(std::vector<Option> options, bool whole) {
  std::vector<std::string_view> groups;
  for (const Option& option : options)
    if (std::ranges::find(groups, option.group) == groups.end()) groups.push_back(option.group);
  const auto rank = [&](const Option& option) {
    return std::ranges::find(groups, option.group) - groups.begin();
  };
  std::ranges::stable_sort(options, [&](const Option& a, const Option& b) { return rank(a) < rank(b); });
  std::string text;
  std::string_view group;
  for (const Option& option : options) {
    if (option.group != group) text += fmt::format("\n{}:\n", group = option.group);
    text += entry(option, whole);
  }
  return text;
}

/// The names of those that the short help leaves out; of the later original's without effect only that they
/// are there.
std::string where_the_rest_is() {
  std::string names;
  for (const Option& option : all_options())
    if (!option.is_common && option.origin != Origin::later)
      names += (names.empty() ? "" : " ") + std::string(option.name());
  return fmt::format(
             "\nThere are {} options in all, and every one of the original is among them: mo --help-all, man "
             "mo, "
             "docs/cli.md\n",
             all_options().size()) +
         wrapped(names, 2);
}

}  // namespace

std::string help_text(bool all) {
  std::string text =
      "usage: mo --input_model FILE.caffemodel [options]\n\n"
      "Converts a trained Caffe model to an optimised OpenVINO IR (.xml and .bin).\n"
      "mo verify compares an IR with its Caffe net layer by layer: mo verify --help.\n";
  std::vector<Option> options(all_options().begin(), all_options().end());
  if (!all) std::erase_if(options, [](const Option& option) { return !option.is_common; });
  text += entries(std::move(options), all);
  if (!all) text += where_the_rest_is();
  return text +
         "\nExit status: 0 done, 1 the model, 2 the command line, 3 input or output files, 4 a defect of "
         "mo.\n";
}

}  // namespace mo::cli
