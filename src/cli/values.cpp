#include "cli/values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "support/path.h"

namespace mo::cli {

namespace {

constexpr const char* shape_remedy =
    "write the shape as [1,3,227,227], whole positive numbers in brackets; ? is a size not known yet";
constexpr std::int64_t largest_dimension = std::int64_t{1} << 31;

struct Bounds {
  std::int64_t least = 0;
  std::int64_t most = -1;  ///< -1: none
};

/// `3`, `?`, `-1`, `1..4`, `..4`, `1..`
std::optional<Bounds> parse_dimension(std::string_view part) {
  if (part == "?" || part == "-1") return Bounds{};
  const auto dots = part.find("..");
  if (dots == std::string_view::npos) {
    const auto size = whole_number(part);
    if (!size || *size <= 0 || *size >= largest_dimension) return std::nullopt;
    return Bounds{*size, *size};
  }
  Bounds bounds;
  const std::string_view least = trimmed(part.substr(0, dots));
  const std::string_view most = trimmed(part.substr(dots + 2));
  if (!least.empty()) {
    const auto value = whole_number(least);
    if (!value || *value < 0 || *value >= largest_dimension) return std::nullopt;
    bounds.least = *value;
  }
  if (!most.empty()) {
    const auto value = whole_number(most);
    if (!value || *value < std::max<std::int64_t>(bounds.least, 1) || *value >= largest_dimension)
      return std::nullopt;
    bounds.most = *value;
  }
  return bounds;
}

std::string dimension_text(const Bounds& bounds) {
  if (bounds.least == bounds.most) return std::to_string(bounds.least);
  if (bounds.least == 0 && bounds.most < 0) return "?";
  return (bounds.least == 0 ? "" : std::to_string(bounds.least)) + ".." +
         (bounds.most < 0 ? "" : std::to_string(bounds.most));
}

/// The bracket that closes the one at text[0]; npos when there is none.
std::size_t closing(std::string_view text) {
  static constexpr std::string_view open = "[({";
  static constexpr std::string_view close = "])}";
  const auto kind = text.empty() ? std::string_view::npos : open.find(text.front());
  return kind == std::string_view::npos ? kind : text.find(close[kind]);
}

}  // namespace

void fail(const DiagnosticCode& code, std::string cause, std::string remedy) {
  Diagnostic diagnostic;
  diagnostic.code = &code;
  diagnostic.cause = std::move(cause);
  diagnostic.remedy = std::move(remedy);
  throw Failure(std::move(diagnostic));
}

bool path_exists(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(to_path(path), ignored);
}

bool is_folder(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::is_directory(to_path(path), ignored);
}

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  int depth = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? text[i] : ',';
    if (c == '[' || c == '(' || c == '{') ++depth;
    if ((c == ']' || c == ')' || c == '}') && depth > 0) --depth;
    if (i < text.size() && (c != ',' || depth > 0)) continue;
    parts.emplace_back(trimmed(text.substr(begin, i - begin)));
    begin = i + 1;
  }
  return parts;
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<double> number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value))
    return std::nullopt;
  return value;
}

caffe::InputOverride parse_shape(std::string_view inside, std::string_view whole) {
  caffe::InputOverride input;
  bool bounded = false;
  std::string text;
  std::vector<std::string> parts = split(inside);
  if (parts.size() == 1 && inside.find(' ') != std::string_view::npos) {  // `1 3 227 227`
    std::string spaced(trimmed(inside));
    std::ranges::replace(spaced, ' ', ',');
    parts = split(spaced);
    std::erase(parts, std::string());
  }
  for (const std::string& part : parts) {
    const auto bounds = parse_dimension(part);
    if (!bounds)
      fail(code::input_shape_syntax,
           "--input_shape " + std::string(whole) + ": \"" + part + "\" is not a positive size", shape_remedy);
    input.shape.push_back(bounds->least == bounds->most ? bounds->least : -1);
    bounded = bounded || (input.shape.back() < 0 && (bounds->least > 0 || bounds->most > 0));
    text += (text.empty() ? "" : ",") + dimension_text(*bounds);
  }
  if (bounded) input.partial_shape = text;
  return input;
}

std::vector<caffe::InputOverride> parse_shapes(std::string_view text) {
  const std::string_view whole = text;
  std::vector<caffe::InputOverride> shapes;
  text = trimmed(text);
  while (true) {
    const auto end = text.starts_with('{') ? std::string_view::npos : closing(text);
    if (end == std::string_view::npos)
      fail(code::input_shape_syntax, "--input_shape " + std::string(whole) + " is not a shape in brackets",
           shape_remedy);
    shapes.push_back(parse_shape(text.substr(1, end - 1), whole));
    text = trimmed(text.substr(end + 1));
    if (text.empty()) return shapes;
    if (!text.starts_with(','))
      fail(code::input_shape_syntax,
           "--input_shape " + std::string(whole) + " has no comma between two shapes", shape_remedy);
    text = trimmed(text.substr(1));
  }
}

namespace {

/// `[1 2.5 3]`, or one number without brackets; True and False are 1 and 0.
std::vector<double> parse_frozen_values(std::string_view text, std::string_view whole) {
  text = trimmed(text);
  if (const auto end = closing(text); end == text.size() - 1 && !text.empty())
    text = text.substr(1, text.size() - 2);
  std::string spaced(text);
  std::ranges::replace(spaced, ',', ' ');
  std::vector<double> values;
  std::string_view rest = trimmed(spaced);
  while (!rest.empty()) {
    const auto space = std::min(rest.find(' '), rest.size());
    const std::string_view word = rest.substr(0, space);
    const auto value = word == "True"    ? std::optional(1.0)
                       : word == "False" ? std::optional(0.0)
                                         : number(word);
    if (!value)
      fail(code::freeze_value,
           "--freeze_placeholder_with_value " + std::string(whole) + ": \"" + std::string(word) +
               "\" is not a number",
           "write the values in brackets, separated by spaces: \"data->[0.1 1.2]\"");
    values.push_back(*value);
    rest = trimmed(rest.substr(space));
  }
  if (values.empty())
    fail(code::freeze_value, "--freeze_placeholder_with_value " + std::string(whole) + " has no value",
         "write, for example, \"data->[0.1 1.2]\"");
  return values;
}

std::string checked_type(std::string type, std::string_view whole) {
  static constexpr std::array known{"f32", "f16", "i32", "i64", "u8"};
  static constexpr std::array aliases{std::pair{"FP32", "f32"},    std::pair{"FP16", "f16"},
                                      std::pair{"float", "f32"},   std::pair{"half", "f16"},
                                      std::pair{"float32", "f32"}, std::pair{"int32", "i32"},
                                      std::pair{"uint8", "u8"}};
  for (const auto& [alias, name] : aliases)
    if (type == alias) type = name;
  if (std::ranges::find(known, type) == known.end())
    fail(code::command_line, "--input " + std::string(whole) + ": {" + type + "} is not a type of inputs",
         "choose one of f32, f16, i32, i64, u8");
  return type;
}

InputItem parse_input(std::string_view text) {
  const std::string_view whole = text;
  InputItem item;
  if (const auto arrow = text.find("->"); arrow != std::string_view::npos) {
    item.frozen = parse_frozen_values(text.substr(arrow + 2), whole);
    text = trimmed(text.substr(0, arrow));
  }
  if (text.ends_with('}')) {
    const auto open = text.rfind('{');
    if (open == std::string_view::npos)
      fail(code::command_line, "--input " + std::string(whole) + " has no { before }", "write name{f32}");
    item.element_type =
        checked_type(std::string(trimmed(text.substr(open + 1, text.size() - open - 2))), whole);
    text = trimmed(text.substr(0, open));
  }
  if (text.ends_with(']') || text.ends_with(')')) {
    const auto open = text.rfind(text.back() == ']' ? '[' : '(');
    if (open != std::string_view::npos) {
      item.input = parse_shape(text.substr(open + 1, text.size() - open - 2), whole);
      text = trimmed(text.substr(0, open));
    }
  }
  item.input.name = text;
  if (text.empty())
    fail(code::command_line, "--input " + std::string(whole) + " has an empty name",
         "separate the names by single commas: --input data,rois");
  return item;
}

}  // namespace

std::vector<InputItem> parse_inputs(std::string_view text) {
  std::vector<InputItem> items;
  for (const std::string& part : split(text)) items.push_back(parse_input(part));
  return items;
}

std::vector<passes::ChannelValues> parse_channel_values(std::string_view text, std::string_view option) {
  const std::string remedy = "write the values of an input in brackets, " + std::string(option) +
                             " [104,117,123], with its name before them where there are several inputs";
  const auto refuse = [&](const std::string& why) {
    fail(code::mean_scale_syntax, std::string(option) + " " + std::string(text) + ": " + why, remedy);
  };
  std::vector<passes::ChannelValues> result;
  for (const std::string& part : split(text)) {
    const auto open = part.find_last_of("[(");
    if (open == std::string::npos || closing(std::string_view(part).substr(open)) != part.size() - open - 1)
      refuse("\"" + part + "\" is not in brackets");
    passes::ChannelValues values;
    values.input = trimmed(std::string_view(part).substr(0, open));
    for (const std::string& word : split(std::string_view(part).substr(open + 1, part.size() - open - 2))) {
      const auto value = number(word);
      if (!value) refuse("\"" + word + "\" is not a number");
      values.values.push_back(*value);
    }
    if (!result.empty() && result.front().input.empty() != values.input.empty())
      refuse("some values have the name of an input and some have none");
    for (const passes::ChannelValues& earlier : result)
      if (!values.input.empty() && earlier.input == values.input)
        refuse("the input \"" + values.input + "\" occurs twice");
    result.push_back(std::move(values));
  }
  return result;
}

std::vector<passes::FrozenInput> parse_frozen(std::string_view text) {
  std::vector<passes::FrozenInput> frozen;
  for (const std::string& part : split(text)) {
    const auto arrow = part.find("->");
    if (arrow == std::string::npos || arrow == 0)
      fail(code::freeze_value,
           "--freeze_placeholder_with_value " + std::string(text) + ": \"" + part + "\" has no name->value",
           "write, for example, \"data->[0.1 1.2]\"");
    frozen.push_back({std::string(trimmed(std::string_view(part).substr(0, arrow))),
                      parse_frozen_values(std::string_view(part).substr(arrow + 2), text)});
  }
  return frozen;
}

std::pair<std::int64_t, std::int64_t> parse_offsets(std::string_view text) {
  const std::string_view inside = trimmed(text);
  const std::string cause = "--mean_file_offsets " + std::string(text);
  constexpr const char* remedy = "write two whole numbers from 0 on: --mean_file_offsets (2,3)";
  const auto end = closing(inside);
  if (end == std::string_view::npos || end + 1 != inside.size())
    fail(code::mean_file_offsets, cause + " is not in brackets", remedy);
  const std::vector<std::string> parts = split(inside.substr(1, end - 1));
  if (parts.size() != 2) fail(code::mean_file_offsets, cause + " does not have two numbers", remedy);
  const auto x = whole_number(parts[0]);
  const auto y = whole_number(parts[1]);
  if (!x || !y) fail(code::mean_file_offsets, cause + " has a part that is not a whole number", remedy);
  if (*x < 0 || *y < 0) fail(code::mean_file_offsets, cause + " has a negative number", remedy);
  return {*x, *y};
}

}  // namespace mo::cli
