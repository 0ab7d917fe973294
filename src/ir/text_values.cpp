#include "ir/text_values.h"

#include <charconv>
#include <system_error>

namespace mo::ir {

namespace {

constexpr std::size_t longest_list = std::size_t{1} << 20;

template <class T>
std::optional<T> parsed(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with('+')) text.remove_prefix(1);
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

template <class T, class Parse>
std::optional<std::vector<T>> list(std::string_view text, Parse parse) {
  std::vector<T> values;
  if (trimmed(text).empty()) return values;
  while (true) {
    const auto comma = text.find(',');
    const auto value = parse(text.substr(0, comma));
    if (!value || values.size() == longest_list) return std::nullopt;
    values.push_back(static_cast<T>(*value));
    if (comma == std::string_view::npos) return values;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

std::optional<std::int64_t> to_integer(std::string_view text) {
  return parsed<std::int64_t>(text);
}

std::optional<std::uint64_t> to_unsigned(std::string_view text) {
  return parsed<std::uint64_t>(text);
}

std::optional<double> to_number(std::string_view text) {
  return parsed<double>(text);
}

std::optional<bool> to_boolean(std::string_view text) {
  text = trimmed(text);
  if (text == "1" || text == "true" || text == "True") return true;
  if (text == "0" || text == "false" || text == "False") return false;
  return std::nullopt;
}

std::optional<std::vector<std::int64_t>> to_integers(std::string_view text) {
  return list<std::int64_t>(text, to_integer);
}

std::optional<std::vector<float>> to_numbers(std::string_view text) {
  return list<float>(text, to_number);
}

}  // namespace mo::ir
