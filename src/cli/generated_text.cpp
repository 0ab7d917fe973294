#include <fmt/format.h>

#include <functional>
#include <mo/version.hpp>

#include "cli/help.h"
#include "cli/option_table.h"

namespace mo::cli {

namespace {

std::string replaced(std::string_view text, char from, std::string_view to) {
  std::string out;
  for (const char c : text) {
    if (c == from)
      out += to;
    else
      out += c;
  }
  return out;
}

/// `{a,b}` and `{11..21}` as words; empty for any other value.
std::string choices(const Option& option) {
  const std::string_view value = option.value;
  if (value == "auto") return "auto";
  if (!value.starts_with('{') || !value.ends_with('}')) return {};
  if (const std::size_t dots = value.find(".."); dots != std::string_view::npos) {
    std::string words;
    const int last = std::stoi(std::string(value.substr(dots + 2)));
    for (int i = std::stoi(std::string(value.substr(1, dots - 1))); i <= last; ++i)
      words += (words.empty() ? "" : " ") + std::to_string(i);
    return words;
  }
  return replaced(value.substr(1, value.size() - 2), ',', " ");
}

bool takes_path(const Option& option) {
  return option.value.starts_with("FILE") || option.value.starts_with("DIR");
}

bool needs_value(const Option& option) {
  return !option.is_switch() && !option.value.starts_with("[=");
}

std::string_view origin_text(Origin origin) {
  switch (origin) {
    case Origin::original:
      return "2018";
    case Origin::later:
      return "later";
    case Origin::own:
      return "new";
  }
  return "";
}

std::string options_table() {
  std::string text =
      "| option | value | since | original default | default | what it does | test |\n"
      "|---|---|---|---|---|---|---|\n";
  for (const Option& option : all_options()) {
    std::string names;
    for (const std::string_view name : option.names)
      names += fmt::format("{}`{}`", names.empty() ? "" : ", ", name);
    const std::string value = option.is_switch() ? "" : "`" + replaced(option.value, '|', "\\|") + "`";
    const std::string_view original = option.origin == Origin::own      ? "–"
                                      : option.original_default.empty() ? option.default_value
                                                                        : option.original_default;
    text += fmt::format("| {} | {} | {} | {} | {} | {} | [{}](../tests/{}) |\n", names, value,
                        origin_text(option.origin), original, option.default_value,
                        replaced(option.help, '|', "\\|"), option.test, option.test);
  }
  return text;
}

/// Words of `[=text|json]`, which stand in the same word as the option; empty for any other value.
std::string attached_words(const Option& option) {
  std::string_view value = option.value;
  if (!value.starts_with("[=") || !value.ends_with("]")) return {};
  value.remove_prefix(2);
  value.remove_suffix(1);
  return replaced(value, '|', " ");
}

/// What bash offers as the value of an option: words, files or nothing.
std::string bash_value(const Option& option) {
  std::string words = choices(option);
  if (words.empty()) words = attached_words(option);
  return takes_path(option) ? "_mo_files" : "_mo_words \"" + words + "\"";
}

constexpr std::string_view bash_begin =
    R"(# Completion of mo's options for bash; made by mo --generate mo.bash
_mo_words() {
  mapfile -t COMPREPLY < <(compgen -W "$1" -- "$word")
}

_mo_files() {
  mapfile -t COMPREPLY < <(compgen -f -- "$word")
}

_mo() {
  local word=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD-1]} attached=
  # bash takes --name=value for three words.
  if [[ $word == "=" ]]; then
    attached=1 word=
  elif [[ $option == "=" ]] && ((COMP_CWORD > 1)); then
    attached=1 option=${COMP_WORDS[COMP_CWORD-2]}
  fi
  COMPREPLY=()
)";

std::string bash_completion() {
  std::string names;
  std::string values;
  std::string attached;
  for (const Option& option : all_options()) {
    std::string patterns;
    for (const std::string_view name : option.names) {
      names += (names.empty() ? "" : " ") + std::string(name);
      patterns += (patterns.empty() ? "" : "|") + std::string(name);
    }
    if (option.is_switch()) continue;
    (needs_value(option) ? values : attached) +=
        fmt::format("    {}) {}; return ;;\n", patterns, bash_value(option));
  }
  return std::string(bash_begin) + "  if [[ -n $attached ]]; then\n    case $option in\n" + attached +
         "    esac\n  fi\n  case $option in\n" + values +
         "  esac\n  [[ -n $attached ]] && return\n  _mo_words \"" + names +
         "\"\n  ((COMP_CWORD > 1)) || COMPREPLY+=($(compgen -W verify -- \"$word\"))\n}\n"
         "complete -o filenames -F _mo mo mo.py mo_caffe.py\n";
}

/// What zsh offers as the value of an option, behind its description.
std::string zsh_value(const Option& option) {
  if (const std::string words = choices(option); !words.empty()) return ":value:(" + words + ")";
  if (const std::string words = attached_words(option); !words.empty()) return "::value:(" + words + ")";
  if (option.is_switch()) return {};
  return takes_path(option) ? ":path:_files" : ":value: ";
}

std::string zsh_completion() {
  std::string text =
      "#compdef mo mo.py mo_caffe.py\n# Completion of mo's options for zsh; made by mo --generate "
      "_mo\n_arguments";
  for (const Option& option : all_options()) {
    std::string help = replaced(replaced(replaced(option.help, '[', "\\["), ']', "\\]"), '\'', "'\\''");
    for (const std::string_view name : option.names) {
      // `=`: the value in the same word or the next; `=-`: in the same word alone.
      const std::string_view mark = option.is_switch() || !name.starts_with("--") ? ""
                                    : needs_value(option)                         ? "="
                                                                                  : "=-";
      text += fmt::format(" \\\n  '{}{}[{}]{}'", name, mark, help, zsh_value(option));
    }
  }
  return text + " \\\n  '1::command:(verify)'\n";
}

/// Text as roff reads it.
std::string roff(std::string_view text) {
  return replaced(replaced(text, '\\', "\\e"), '-', "\\-");
}

/// In lines of at most 78 characters, as roff wants them; none begins with what roff takes for a request.
std::string roff_lines(std::string_view text) {
  std::string out;
  std::size_t length = 0;
  while (!text.empty()) {
    const std::size_t space = text.find(' ');
    const std::string word = roff(text.substr(0, space));
    const bool breaks = length > 0 && length + 1 + word.size() > 78 && word[0] != '.' && word[0] != '\'';
    if (length > 0) out += breaks ? '\n' : ' ';
    length = breaks || length == 0 ? word.size() : length + 1 + word.size();
    out += word;
    text = space == std::string_view::npos ? std::string_view() : text.substr(space + 1);
  }
  return out + "\n";
}

std::string manual_page() {
  std::string text = ".TH MO 1 \"\" \"mo " MO_VERSION_TEXT
                     "\"\n.SH NAME\nmo \\- converts a trained Caffe model to OpenVINO IR\n"
                     ".SH SYNOPSIS\n.B mo\n\\-\\-input_model FILE.caffemodel [options]\n.br\n.B mo verify\n"
                     "\\-\\-input_model FILE.caffemodel \\-\\-ir FILE.xml [options]\n.SH DESCRIPTION\n";
  text += roff_lines(
      "Reads a .prototxt and a .caffemodel, and writes the topology (.xml), the weights (.bin) and which "
      "layer "
      "became which (.mapping).");
  std::string_view group;
  for (const Option& option : all_options()) {
    if (option.group != group) text += fmt::format(".SH {}\n", group = option.group);
    std::string names;
    for (const std::string_view name : option.names) names += (names.empty() ? "" : ", ") + std::string(name);
    std::string help(option.help);
    if (!option.default_value.empty()) help += " Default: " + std::string(option.default_value) + ".";
    text += fmt::format(".TP\n.B {}{}\n{}", roff(names), option.is_switch() ? "" : " " + roff(option.value),
                        roff_lines(help));
  }
  return text + ".SH EXIT STATUS\n" +
         roff_lines("0 done, 1 the model, 2 the command line, 3 input or output files, 4 a defect of mo.") +
         ".SH ENVIRONMENT\n.TP\n.B MO_CONFIG\nA settings file, as \\-\\-config.\n.TP\n.B MO_IR_VERSION\n"
         "The version of IR that is written by default.\n.TP\n.B NO_COLOR\nNot empty: no colours on a "
         "terminal.\n";
}

}  // namespace

std::optional<std::string> generated_text(std::string_view name) {
  if (name == "options.md") return options_table();
  if (name == "mo.bash") return bash_completion();
  if (name == "_mo") return zsh_completion();
  if (name == "mo.1") return manual_page();
  return std::nullopt;
}

}  // namespace mo::cli
