#include "support/toml_guard.h"

#include <algorithm>
#include <cstddef>

namespace mo {

namespace {

constexpr std::size_t max_size = 256U << 10U;
constexpr std::size_t max_nesting = 32;

/// Length of the UTF-8 character at the start of `text`; 0 when there is none (RFC 3629: no overlong forms,
/// no surrogates, nothing beyond U+10FFFF).
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  if (first < 0xC2 || first > 0xF4) return 0;
  const std::size_t length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xC0) != 0x80) return 0;
  if (first == 0xE0 && byte(1) < 0xA0) return 0;
  if (first == 0xED && byte(1) > 0x9F) return 0;
  if (first == 0xF0 && byte(1) < 0x90) return 0;
  if (first == 0xF4 && byte(1) > 0x8F) return 0;
  return length;
}

std::optional<TomlFault> find_foreign_bytes(std::string_view text) {
  std::uint32_t line = 1;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '\n') ++line;
    const std::size_t length = character_length(text.substr(at));
    if (length == 0) return TomlFault{line, "it is not UTF-8 text"};
    at += length;
  }
  return std::nullopt;
}

/// The depth of brackets, and of dotted keys, outside strings and comments.
class NestingCheck {
 public:
  explicit NestingCheck(std::string_view text) : text_(text) {}

  std::optional<TomlFault> run() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"' || c == '\'')
        skip_string(c);
      else if (c == '#')
        at_ = std::min(text_.find('\n', at_), text_.size());
      else
        take(c);
      if (depth_ > max_nesting || dots_ > max_nesting)
        return TomlFault{line_, "it is nested deeper than 32 levels"};
    }
    return std::nullopt;
  }

 private:
  void take(char c) {
    if (c == '\n') ++line_;
    if (c == '[' || c == '{') ++depth_;
    if ((c == ']' || c == '}') && depth_ > 0) --depth_;
    if (c == '.') ++dots_;
    if (c == ',' || c == '=' || c == '\n' || c == '[' || c == '{') dots_ = 0;
    ++at_;
  }

  void skip_string(char quote) {
    const bool multiline = text_.substr(at_).starts_with(std::string(3, quote));
    const std::string close(multiline ? 3 : 1, quote);
    at_ += close.size();
    while (at_ < text_.size() && !text_.substr(at_).starts_with(close)) {
      if (text_[at_] == '\n') {
        if (!multiline) return;  // not closed: the parser says so
        ++line_;
      }
      at_ += quote == '"' && text_[at_] == '\\' ? 2 : 1;
    }
    at_ = std::min(at_ + close.size(), text_.size());
  }

  std::string_view text_;
  std::uint32_t line_ = 1;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  std::size_t dots_ = 0;
};

}  // namespace

std::optional<TomlFault> find_toml_fault(std::string_view text) {
  if (text.size() > max_size) return TomlFault{1, "it is larger than 256 KiB"};
  if (auto fault = find_foreign_bytes(text)) return fault;
  return NestingCheck(text).run();
}

}  // namespace mo
