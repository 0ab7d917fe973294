#include "cli/parse.h"

#include <algorithm>
#include <cctype>

#include "support/letter_case.h"

namespace mo::cli {

std::optional<std::string> Arguments::value(std::string_view name) const {
  const auto it = values_.find(std::string(name));
  if (it == values_.end()) return std::nullopt;
  return it->second;
}

std::string Arguments::value_or(std::string_view name, std::string_view fallback) const {
  return value(name).value_or(std::string(fallback));
}

bool Arguments::is_on(std::string_view name) const {
  return value_or(name, "False") == "True";
}

namespace {

/// `[=True|False]`, `[=text|json]`: only in the same word.
bool has_optional_value(const Option& option) {
  return option.value.starts_with("[=");
}

/// `[=text|json]`: the words that it takes; the first stands for none.
bool has_optional_word(const Option& option) {
  return has_optional_value(option) && !option.value.starts_with("[=True");
}

/// True and False as argparse's options of the later original read them.
std::optional<bool> truth(std::string_view word) {
  const std::string text = lower_case(word);
  if (text == "true" || text == "yes" || text == "1") return true;
  if (text == "false" || text == "no" || text == "0") return false;
  return std::nullopt;
}

/// A word is a value, not an option, when it does not start with `-`, is `-` alone, or is a negative number.
bool is_value(std::string_view word) {
  return !word.starts_with('-') || word.size() == 1 || std::isdigit(static_cast<unsigned char>(word[1])) ||
         word[1] == '.';
}

/// An option found on the command line, and the value written in the same word, if any.
struct Match {
  const Option* option = nullptr;
  std::optional<std::string> attached;
};

class Parser {
 public:
  Parser(std::span<const std::string> words, Diagnostics& diagnostics)
      : words_(words), diagnostics_(diagnostics) {}

  Arguments run() {
    while (at_ < words_.size()) {
      const std::string& word = words_[at_++];
      if (is_value(word))
        diagnostics_.error(code::command_line, "\"" + word + "\" belongs to no option",
                           "put the option's name before it, as in --input_model " + word);
      else if (const Match match = find(word); match.option != nullptr)
        take_value(match, word);
    }
    return std::move(arguments_);
  }

 private:
  Match find(const std::string& word);
  Match find_by_prefix(std::string_view name, std::optional<std::string> attached);
  void report_unknown(std::string_view name);
  void take_value(const Match& match, const std::string& word);

  std::span<const std::string> words_;
  Diagnostics& diagnostics_;
  Arguments arguments_;
  std::size_t at_ = 0;
};

const Option* exact(std::string_view name) {
  for (const Option& option : all_options())
    if (std::ranges::find(option.names, name) != option.names.end()) return &option;
  return nullptr;
}

Match Parser::find(const std::string& word) {
  std::string_view name = word;
  std::optional<std::string> attached;
  if (const auto equals = name.find('='); equals != std::string_view::npos && name.starts_with("-")) {
    attached = std::string(name.substr(equals + 1));
    name = name.substr(0, equals);
  }
  if (const Option* option = exact(name)) return {option, attached};
  if (name.starts_with("--")) return find_by_prefix(name, attached);
  // `-b8`: a short name with its value in the same word; the longest name that fits counts.
  Match best;
  std::size_t length = 0;
  for (const Option& option : all_options())
    for (const std::string_view known : option.names)
      if (!known.starts_with("--") && !option.is_switch() && word.starts_with(known) &&
          known.size() > length) {
        best = {&option, word.substr(known.size())};
        length = known.size();
      }
  if (best.option == nullptr) report_unknown(name);
  return best;
}

Match Parser::find_by_prefix(std::string_view name, std::optional<std::string> attached) {
  std::vector<const Option*> candidates;
  for (const Option& option : all_options())
    if (std::ranges::any_of(option.names, [&](std::string_view known) { return known.starts_with(name); }))
      candidates.push_back(&option);
  if (candidates.size() > 1) {  // old scripts' abbreviations stay as clear as they were
    std::vector<const Option*> old = candidates;
    std::erase_if(old, [](const Option* option) { return option->origin != Origin::original; });
    if (old.size() == 1) candidates = old;
  }
  if (candidates.size() == 1) return {candidates.front(), std::move(attached)};
  if (candidates.empty()) {
    report_unknown(name);
    return {};
  }
  std::string names;
  for (const Option* option : candidates) names += (names.empty() ? "" : ", ") + std::string(option->name());
  diagnostics_.error(code::command_line, "\"" + std::string(name) + "\" could be any of " + names,
                     "write more of the name");
  return {};
}

void Parser::report_unknown(std::string_view name) {
  std::vector<std::string_view> names;
  for (const Option& option : all_options()) names.push_back(option.name());
  const std::string_view near = nearest(name, names);
  diagnostics_.error(
      code::unknown_option, "unknown option \"" + std::string(name) + "\"",
      near.empty() ? "see mo --help for all options" : "did you mean " + std::string(near) + "?");
  while (at_ < words_.size() && is_value(words_[at_])) ++at_;  // its values, as far as one can tell
}

void Parser::take_value(const Match& match, const std::string& word) {
  const Option& option = *match.option;
  if (has_optional_word(option)) {
    const std::string_view words = option.value.substr(2);
    arguments_.set(option.name(), match.attached.value_or(std::string(words.substr(0, words.find('|')))));
    return;
  }
  if (option.is_switch() || has_optional_value(option)) {
    const auto on = truth(match.attached.value_or("True"));
    if (!on)
      diagnostics_.error(
          code::command_line,
          std::string(option.name()) + " is a switch and takes no value \"" + *match.attached + "\"",
          "write " + std::string(option.name()) + " alone, or with =True or =False");
    arguments_.set(option.name(), on.value_or(false) ? "True" : "False");
    return;
  }
  if (match.attached) {
    arguments_.set(option.name(), *match.attached);
  } else if (at_ < words_.size() && is_value(words_[at_])) {
    arguments_.set(option.name(), words_[at_++]);
  } else {
    diagnostics_.error(code::command_line, word + " needs a value, " + std::string(option.value),
                       "write " + std::string(option.name()) + " " + std::string(option.value));
  }
}

}  // namespace

Arguments parse(std::span<const std::string> words, Diagnostics& diagnostics) {
  return Parser(words, diagnostics).run();
}

}  // namespace mo::cli
