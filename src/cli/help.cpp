#include "cli/help.h"

#include <fmt/format.h>

#include <algorithm>
#include <mo/version.hpp>
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

/// `text` in lines of at most `width` columns, indented by `column`.
std::string wrapped(std::string_view text) {
  std::string out;
  std::string line;
  const auto flush = [&] {
    out += std::string(column, ' ') + line + "\n";
    line.clear();
  };
  while (!text.empty()) {
    const auto space = text.find(' ');
    const std::string_view word = text.substr(0, space);
    if (!line.empty() && column + line.size() + 1 + word.size() > width) flush();
    line += (line.empty() ? "" : " ") + std::string(word);
    text = space == std::string_view::npos ? std::string_view() : text.substr(space + 1);
  }
  if (!line.empty()) flush();
  return out;
}

std::string entry(const Option& option) {
  std::string help(option.help);
  if (!option.default_value.empty()) help += " Default: " + std::string(option.default_value) + ".";
  const std::string names = "  " + joined_names(option);
  std::string body = wrapped(help);
  if (names.size() + 2 <= column) return names + body.substr(names.size());
  return names + "\n" + body;
}

}  // namespace

std::string help_text(bool all) {
  std::string text =
      "usage: mo --input_model FILE.caffemodel [options]\n\n"
      "Converts a trained Caffe model to an optimised OpenVINO IR (.xml and .bin).\n"
      "mo verify compares an IR with its Caffe net layer by layer: mo verify --help.\n";
  std::string_view group;
  std::vector<Option> options(all_options().begin(), all_options().end());
  if (!all) std::erase_if(options, [](const Option& option) { return option.origin == Origin::later; });
  std::vector<std::string_view> groups;  // in the order in which they begin
  for (const Option& option : options)
    if (std::ranges::find(groups, option.group) == groups.end()) groups.push_back(option.group);
  const auto rank = [&](const Option& option) {
    return std::ranges::find(groups, option.group) - groups.begin();
  };
  std::ranges::stable_sort(options, [&](const Option& a, const Option& b) { return rank(a) < rank(b); });
  for (const Option& option : options) {
    if (option.group != group) text += fmt::format("\n{}:\n", group = option.group);
    text += entry(option);
  }
  if (!all) text += "\nmo --help-all shows also the options of later versions of the original.\n";
  text +=
      "\nExit status: 0 done, 1 the model, 2 the command line, 3 input or output files, 4 a defect of mo.\n";
  return text;
}

std::string version_text() {
  return "Version of Model Optimizer is: " MO_VERSION_TEXT;
}

}  // namespace mo::cli
