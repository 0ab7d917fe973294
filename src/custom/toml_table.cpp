#include "custom/toml_table.h"

#include <algorithm>
#include <sstream>
#include <utility>

#include "support/diagnostics.h"
#include "support/toml_guard.h"

namespace mo::custom {

namespace {

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  for (std::size_t start = 0; start <= text.size();) {
    const auto end = std::min(text.find('\n', start), text.size());
    lines.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return lines;
}

const toml::table& table_in(const toml::value& value, const std::string& file, std::string_view what) {
  if (!value.is_table()) fail_at(place_of(value, file), std::string(what) + " is not a table");
  return value.as_table();
}

}  // namespace

void fail_at(const Place& place, std::string cause, std::string remedy) {
  Diagnostic diagnostic;
  diagnostic.code = &code::layer_description;
  diagnostic.cause = std::move(cause);
  diagnostic.remedy =
      remedy.empty() ? "docs/custom-layers.md shows what a description file can say" : std::move(remedy);
  diagnostic.file = place.file;
  diagnostic.position = place.position;
  diagnostic.source_line = place.source_line;
  throw Failure(std::move(diagnostic));
}

Place place_of(const toml::value& value, const std::string& file) {
  const toml::source_location where = value.location();
  return {file,
          {static_cast<std::uint32_t>(where.line()), static_cast<std::uint32_t>(where.column())},
          where.line_str()};
}

toml::value parse_toml(const MappedFile& file) {
  const std::string text(file.text());
  if (const auto fault = find_toml_fault(text)) fail_at({file.path(), {fault->line, 1}, {}}, fault->cause);
  try {
    std::istringstream stream(text);
    return toml::parse(stream, file.path());
  } catch (const toml::exception& error) {
    const auto line = static_cast<std::uint32_t>(error.location().line());
    const auto column = static_cast<std::uint32_t>(error.location().column());
    std::string why = error.what();  // "toml::parse_key: the cause\n --> file and the line drawn"
    why.erase(std::min(why.find('\n'), why.size()));
    if (const auto colon = why.find(": "); why.starts_with("[error]") || why.starts_with("toml::"))
      why = colon == std::string::npos ? why : why.substr(colon + 2);
    const auto lines = lines_of(text);
    const std::string source(line > 0 && line <= lines.size() ? lines[line - 1] : std::string_view{});
    fail_at({file.path(), {line, column}, source}, "it is not TOML: " + why);
  } catch (const std::exception& error) {
    fail_at({file.path(), {}, {}}, std::string("it is not TOML: ") + error.what());
  }
}

TomlTable::TomlTable(const toml::value& value, const std::string& file, std::string_view what)
    : table_(table_in(value, file, what)), file_(file), what_(what), place_(place_of(value, file)) {}

const toml::value* TomlTable::find(std::string_view key) {
  known_.emplace(key);
  const auto found = table_.find(std::string(key));
  return found == table_.end() ? nullptr : &found->second;
}

const toml::value& TomlTable::need(std::string_view key) {
  const toml::value* value = find(key);
  if (value == nullptr) fail_at(place_, what_ + " has no \"" + std::string(key) + "\"");
  return *value;
}

std::string TomlTable::text(std::string_view key) {
  const toml::value& value = need(key);
  if (!value.is_string()) fail_at(place_of_value(value), std::string(key) + " is not a text in quotes");
  return value.as_string().str;
}

std::string TomlTable::text_or(std::string_view key, std::string fallback) {
  return find(key) == nullptr ? std::move(fallback) : text(key);
}

std::vector<std::string> TomlTable::texts(std::string_view key) {
  const toml::value* value = find(key);
  if (value == nullptr) return {};
  if (value->is_string()) return {value->as_string().str};
  std::vector<std::string> texts;
  if (value->is_array())
    for (const toml::value& element : value->as_array())
      if (element.is_string()) texts.push_back(element.as_string().str);
  if (!value->is_array() || texts.size() != value->as_array().size())
    fail_at(place_of_value(*value), std::string(key) + " is not a text or a list of texts");
  return texts;
}

std::int64_t TomlTable::whole_or(std::string_view key, std::int64_t fallback) {
  const toml::value* value = find(key);
  if (value == nullptr) return fallback;
  if (!value->is_integer()) fail_at(place_of_value(*value), std::string(key) + " is not a whole number");
  return value->as_integer();
}

std::vector<std::int64_t> TomlTable::wholes(std::string_view key) {
  const toml::value* value = find(key);
  if (value == nullptr) return {};
  std::vector<std::int64_t> numbers;
  if (value->is_array())
    for (const toml::value& element : value->as_array())
      if (element.is_integer()) numbers.push_back(element.as_integer());
  if (!value->is_array() || numbers.size() != value->as_array().size())
    fail_at(place_of_value(*value), std::string(key) + " is not a list of whole numbers");
  return numbers;
}

caffe::Count TomlTable::count_or(std::string_view key, caffe::Count fallback) {
  const toml::value* value = find(key);
  if (value == nullptr) return fallback;
  const std::vector<std::int64_t> bounds =
      value->is_integer() ? std::vector<std::int64_t>(2, value->as_integer()) : wholes(key);
  if (bounds.size() != 2 || bounds[0] < 0 || bounds[1] < bounds[0] || bounds[1] > 1024)
    fail_at(place_of_value(*value), std::string(key) + " is not a number up to 1024, or [least, most]");
  return {static_cast<std::size_t>(bounds[0]), static_cast<std::size_t>(bounds[1])};
}

std::vector<std::pair<std::string, const toml::value*>> TomlTable::entries() {
  std::vector<std::pair<std::string, const toml::value*>> entries;
  for (const auto& [name, value] : table_) {
    known_.insert(name);
    entries.emplace_back(name, &value);
  }
  const auto where = [](const auto& entry) {
    const toml::source_location location = entry.second->location();
    return std::tuple(location.line(), location.column(), std::string_view(entry.first));
  };
  std::ranges::sort(entries, {}, where);
  return entries;
}

void TomlTable::finish() const {
  for (const auto& [name, value] : table_) {
    if (known_.contains(name)) continue;
    const std::vector<std::string_view> names(known_.begin(), known_.end());
    const std::string_view near = nearest(name, names);
    fail_at(place_of(value, file_), what_ + " has the key \"" + name + "\", which does not exist",
            near.empty() ? "" : "did you mean \"" + std::string(near) + "\"?");
  }
}

}  // namespace mo::custom
