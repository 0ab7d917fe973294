#include "cli/terminal.h"

#include <array>
#include <utility>

#include "os/process.h"
#include "os/terminal.h"

namespace mo::cli {

namespace {

constexpr std::string_view plain = "\x1b[0m";

/// Labels at the beginning of a line, and how they are shown.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> labels{{
    {"[ ERROR ]", "\x1b[1;31m"},
    {"[ WARNING ]", "\x1b[1;33m"},
    {"[ INFO ]", "\x1b[1;34m"},
    {"[ SUCCESS ]", "\x1b[1;32m"},
    {"  what to do:", "\x1b[1m"},
}};

std::string without_controls(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F) c = '?';
  return result;
}

std::string coloured_line(std::string_view line) {
  std::string text = without_controls(line);
  for (const auto& [label, colour] : labels)
    if (line.starts_with(label))
      return std::string(colour).append(label).append(plain).append(text.substr(label.size()));
  const std::size_t first = text.find_first_not_of(" \t");
  if (first != std::string::npos && text.substr(first) == "^")
    return text.substr(0, first) + "\x1b[1;32m^" + std::string(plain);
  return text;
}

}  // namespace

bool takes_colours(int descriptor) {
  return os::has_colours(descriptor) && os::environment("NO_COLOR").empty();
}

std::string coloured(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    result += coloured_line(text.substr(0, end));
    if (end == std::string_view::npos) break;
    result += '\n';
    text.remove_prefix(end + 1);
  }
  return result;
}

std::string painted(std::string text, int descriptor) {
  if (takes_colours(descriptor)) return coloured(text);
  return text;
}

}  // namespace mo::cli
