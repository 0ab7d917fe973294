#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "cli/values.h"

namespace mo::cli {

namespace {

constexpr const char* remedy = "write nchw, [n,c,h,w], or data(nchw) with the input's name";

/// `nchw`, `n...c` or `[n,c,h,w]`, in capital letters as IR has them.
passes::Layout parse_layout(std::string_view text, const std::string& whole) {
  text = trimmed(text);
  passes::Layout layout;
  if (text.starts_with('[') && text.ends_with(']')) {
    layout = split(text.substr(1, text.size() - 2));
  } else {
    while (!text.empty()) {
      std::size_t size = text.starts_with("...") ? 3 : 1;
      while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) ++size;  // UTF-8
      layout.emplace_back(text.substr(0, size));
      text.remove_prefix(size);
    }
  }
  for (std::string& dimension : layout) {
    std::ranges::transform(dimension, dimension.begin(),
                           [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    const bool word = !dimension.empty() && std::ranges::all_of(dimension, [](unsigned char c) {
      return std::isalnum(c) || c == '_';
    });
    if (!word && dimension != "?" && dimension != "...")
      fail(code::layout_syntax, fmt::format("{}: \"{}\" is not a dimension", whole, dimension), remedy);
  }
  if (layout.empty()) fail(code::layout_syntax, whole + " has an empty layout", remedy);
  return layout;
}

}  // namespace

std::vector<passes::InputForm> parse_layouts(std::string_view text, std::string_view option) {
  const std::string whole = std::string(option) + " " + std::string(text);
  std::vector<passes::InputForm> forms;
  for (const std::string& part : split(text)) {
    std::string_view layout = part;
    passes::InputForm form;
    if (layout.ends_with(')')) {
      const auto open = layout.find('(');
      if (open == std::string_view::npos) fail(code::layout_syntax, whole + " has no ( before )", remedy);
      form.input = trimmed(layout.substr(0, open));
      layout = layout.substr(open + 1, layout.size() - open - 2);
    }
    const auto arrow = layout.find("->");
    if (arrow != std::string_view::npos && option != "--layout")
      fail(code::layout_syntax, whole + " has two layouts", "use --layout for both, or write one here");
    const passes::Layout first = parse_layout(layout.substr(0, arrow), whole);
    if (option == "--target_layout")
      form.fed_layout = first;
    else
      form.net_layout = first;
    if (arrow != std::string_view::npos) form.fed_layout = parse_layout(layout.substr(arrow + 2), whole);
    forms.push_back(std::move(form));
  }
  return forms;
}

}  // namespace mo::cli
