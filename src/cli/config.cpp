#include "cli/config.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <toml.hpp>
#include <utility>
#include <vector>

#include "cli/values.h"
#include "support/file.h"
#include "support/path.h"
#include "support/toml_guard.h"

namespace mo::cli {

namespace {

/// A setting as the words of a command line would have it.
struct Setting {
  std::string name;
  std::string value;
};

/// `[104, 117.5]` as `[104,117.5]`, `[[1,3,8,8],[1,5]]` as `[1,3,8,8],[1,5]`, strings joined by commas.
std::string text_of(const toml::value& value, int depth = 0) {
  if (depth > 3) fail(code::config_file, "a value has too many brackets", "write it as text in quotes");
  if (value.is_boolean()) return value.as_boolean() ? "True" : "False";
  if (value.is_integer()) return std::to_string(value.as_integer());
  if (value.is_floating()) return fmt::format("{}", value.as_floating());
  if (value.is_string()) return value.as_string().str;
  if (!value.is_array())
    fail(code::config_file, "a value is neither text, number, truth value nor list",
         "write it as text in quotes");
  std::string text;
  bool numbers = false;
  for (const toml::value& element : value.as_array()) {
    numbers = numbers || element.is_integer() || element.is_floating();
    text += (text.empty() ? "" : ",") + text_of(element, depth + 1);
  }
  return numbers ? "[" + text + "]" : text;
}

/// UTF-8 without control characters: what can be quoted in a message.
bool is_text(std::string_view text) {
  int following = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool follows = (byte & 0xC0) == 0x80;
    if (follows != (following > 0)) return false;
    if (follows)
      --following;
    else if (byte >= 0xC0)
      following = byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : 1;
    else if (byte < 0x20 && c != '\t' && c != '\n' && c != '\r')
      return false;
  }
  return following == 0;
}

std::string read_text(const std::string& path) {
  std::string text(MappedFile::open(path)->text());
  if (!is_text(text))
    fail(code::config_file, path + " is not a text file", "give a file of lines name = value, or TOML");
  return text;
}

std::vector<Setting> read_toml(const std::string& path) {
  std::vector<Setting> settings;
  try {
    const std::string content = read_text(path);
    if (const auto fault = find_toml_fault(content))
      fail(code::config_file, fmt::format("{}:{}: {}", path, fault->line, fault->cause),
           "write TOML: input_shape = \"[1,3,227,227]\"");
    std::istringstream text{content};
    const toml::value file = toml::parse(text, path);
    for (const auto& [name, value] : file.as_table()) settings.push_back({name, text_of(value)});
  } catch (const Failure&) {
    throw;
  } catch (const std::exception& error) {
    std::string why = error.what();
    why.erase(std::min(why.find('\n'), why.size()));
    fail(code::config_file, path + ": " + why, "write TOML: input_shape = \"[1,3,227,227]\"");
  }
  std::ranges::sort(settings, {}, &Setting::name);  // the table has no order
  return settings;
}

std::vector<Setting> read_lines(const std::string& path) {
  std::vector<Setting> settings;
  std::istringstream text{read_text(path)};
  std::string line;
  for (int number = 1; std::getline(text, line); ++number) {
    const std::string_view content = trimmed(line);
    if (content.empty() || content.starts_with('#') || content.starts_with(';')) continue;
    const auto equals = content.find('=');
    const bool section =
        content.starts_with('[') && content.ends_with(']') && equals == std::string_view::npos;
    if (section) continue;
    if (equals == std::string_view::npos || equals == 0)
      fail(code::config_file,
           path + ":" + std::to_string(number) + ": \"" + std::string(content) + "\" is not name = value",
           "write, for example, input_shape = [1,3,227,227]");
    std::string_view value = trimmed(content.substr(equals + 1));
    if (value.size() > 1 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front())
      value = value.substr(1, value.size() - 2);
    settings.push_back({std::string(trimmed(content.substr(0, equals))), std::string(value)});
  }
  return settings;
}

}  // namespace

void add_config(const std::string& path, Arguments& arguments, Diagnostics& diagnostics) {
  try {
    if (!path_exists(path))
      fail(code::file_not_found, path + ": there is no such file (--config or MO_CONFIG)", "check the path");
    const bool toml = to_path(path).extension() == ".toml";
    for (auto& [name, value] : toml ? read_toml(path) : read_lines(path)) {
      const std::string dashes = name.starts_with('-') ? "" : name.size() == 1 ? "-" : "--";
      const Arguments one = parse(std::vector{fmt::format("{}{}={}", dashes, name, value)}, diagnostics);
      for (const auto& [option, text] : one.all())
        if (!arguments.has(option)) arguments.set(option, text);
    }
  } catch (const Failure& failure) {
    diagnostics.add(failure.diagnostic());
  }
}

}  // namespace mo::cli
