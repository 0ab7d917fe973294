#include "cli/quoted_command.h"

#include <algorithm>
#include <string_view>

namespace mo::cli {

namespace {

/// As a shell would take it, near enough to be recognised.
std::string quoted(const std::string& word) {
  const bool plain = !word.empty() && word.find_first_of(" \t\n\"'$&|;<>()*?`\\") == std::string::npos;
  return plain ? word : "'" + word + "'";
}

/// Whether `cause` has `word` as a word of its own.
bool names(std::string_view cause, std::string_view word) {
  const auto inside = [](char c) {
    return c == '-' || c == '_' || std::isalnum(static_cast<unsigned char>(c)) != 0;
  };
  for (std::size_t at = cause.find(word); at != std::string_view::npos; at = cause.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || !inside(cause[at - 1])) && (end == cause.size() || !inside(cause[end]))) return true;
  }
  return false;
}

struct Place {
  std::size_t word = 0;
  std::size_t offset = 0;  ///< within it
};

/// What the caret points at; nothing where no word is named.
bool find(std::string_view cause, std::span<const std::string> words, Place& place) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i];
    const std::string_view name = word.substr(0, word.find('='));
    if (name.size() < 2 || !names(cause, name)) continue;
    if (!name.starts_with('-') && cause.find("\"" + words[i] + "\"") == std::string_view::npos) continue;
    place = {i, 0};
    const auto quotes = [&](std::string_view value) {
      return !value.empty() &&
             cause.find(std::string(name) + " " + std::string(value)) != std::string_view::npos;
    };
    if (name.size() < word.size()) {
      if (quotes(word.substr(name.size() + 1)) || cause.starts_with(word)) place.offset = name.size() + 1;
    } else if (i + 1 < words.size() && quotes(words[i + 1])) {
      ++place.word;
    }
    return true;
  }
  return false;
}

}  // namespace

Diagnostic with_command_line(Diagnostic diagnostic, std::span<const std::string> words) {
  if (diagnostic.code == nullptr || diagnostic.code->exit != Exit::command_line || !diagnostic.file.empty() ||
      !diagnostic.source_line.empty() || diagnostic.severity != Severity::error)
    return diagnostic;
  Place place;
  if (!find(diagnostic.cause, words, place)) return diagnostic;
  std::string line = "mo";
  for (std::size_t i = 0; i < words.size(); ++i) {
    line += ' ';
    if (i == place.word)
      diagnostic.position.column = static_cast<std::uint32_t>(line.size() + 1 + place.offset);
    line += quoted(words[i]);
  }
  std::ranges::replace(line, '\n', ' ');
  diagnostic.source_line = std::move(line);
  return diagnostic;
}

}  // namespace mo::cli
