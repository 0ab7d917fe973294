#include <fmt/format.h>

#include <functional>

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

/// `{a,b}` as words; empty for any other value.
std::string choices(const Option& option) {
  const std::string_view value = option.value;
  if (value == "auto") return "auto";
  if (!value.starts_with('{') || !value.ends_with('}')) return {};
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

std::string bash_completion() {
  std::string names;
  std::string cases;
  for (const Option& option : all_options()) {
    std::string patterns;
    for (const std::string_view name : option.names) {
      names += (names.empty() ? "" : " ") + std::string(name);
      patterns += (patterns.empty() ? "" : "|") + std::string(name);
    }
    const std::string words = choices(option);
    if (!words.empty())
      cases +=
          fmt::format("    {}) COMPREPLY=($(compgen -W \"{}\" -- \"$word\")); return ;;\n", patterns, words);
    else if (needs_value(option))
      cases += fmt::format("    {}) COMPREPLY=($(compgen -{} -- \"$word\")); return ;;\n", patterns,
                           takes_path(option) ? "f" : "W \"\"");
  }
  return "# Completion of mo's options for bash; made by mo --generate mo.bash\n"
         "_mo() {\n"
         "  local word=${COMP_WORDS[COMP_CWORD]}\n"
         "  case ${COMP_WORDS[COMP_CWORD-1]} in\n" +
         cases + "  esac\n  COMPREPLY=($(compgen -W \"" + names +
         "\" -- \"$word\"))\n}\ncomplete -o filenames -F _mo mo mo.py mo_caffe.py\n";
}

std::string zsh_completion() {
  std::string text =
      "#compdef mo mo.py mo_caffe.py\n# Completion of mo's options for zsh; made by mo --generate "
      "_mo\n_arguments";
  for (const Option& option : all_options()) {
    std::string help = replaced(replaced(replaced(option.help, '[', "\\["), ']', "\\]"), '\'', "'\\''");
    const std::string words = choices(option);
    std::string value;
    if (!words.empty())
      value = ":value:(" + words + ")";
    else if (needs_value(option))
      value = takes_path(option) ? ":path:_files" : ":value: ";
    for (const std::string_view name : option.names)
      text += fmt::format(" \\\n  '{}[{}]{}'", name, help, value);
  }
  return text + "\n";
}

/// Text as roff reads it.
std::string roff(std::string_view text) {
  return replaced(replaced(text, '\\', "\\e"), '-', "\\-");
}

std::string manual_page() {
  std::string text =
      ".TH MO 1\n.SH NAME\nmo \\- converts a trained Caffe model to OpenVINO IR\n.SH SYNOPSIS\n.B mo\n"
      "\\-\\-input_model FILE.caffemodel [options]\n.SH DESCRIPTION\n"
      "Reads a .prototxt and a .caffemodel, and writes the topology (.xml), the weights (.bin) and which "
      "layer\n"
      "became which (.mapping).\n";
  std::string_view group;
  for (const Option& option : all_options()) {
    if (option.group != group) text += fmt::format(".SH {}\n", group = option.group);
    std::string names;
    for (const std::string_view name : option.names) names += (names.empty() ? "" : ", ") + std::string(name);
    std::string help(option.help);
    if (!option.default_value.empty()) help += " Default: " + std::string(option.default_value) + ".";
    text += fmt::format(".TP\n.B {}{}\n{}\n", roff(names), option.is_switch() ? "" : " " + roff(option.value),
                        roff(help));
  }
  return text +
         ".SH EXIT STATUS\n0 done, 1 the model, 2 the command line, 3 input or output files, 4 a defect of "
         "mo.\n";
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
