#include "caffe/prototxt_tokens.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>

namespace mo::caffe {
namespace {

// Locale-free character classes.
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_octal(char c) {
  return c >= '0' && c <= '7';
}
int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string printable(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x7f ? fmt::format("'{}'", c) : fmt::format("the byte 0x{:02x}", byte);
}

void append_utf8(std::string& out, std::uint32_t rune) {
  const auto push = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (rune < 0x80) {
    push(rune);
  } else if (rune < 0x800) {
    push(0xc0u | (rune >> 6));
    push(0x80u | (rune & 0x3fu));
  } else if (rune < 0x10000) {
    push(0xe0u | (rune >> 12));
    push(0x80u | ((rune >> 6) & 0x3fu));
    push(0x80u | (rune & 0x3fu));
  } else {
    push(0xf0u | (rune >> 18));
    push(0x80u | ((rune >> 12) & 0x3fu));
    push(0x80u | ((rune >> 6) & 0x3fu));
    push(0x80u | (rune & 0x3fu));
  }
}

/// Reads up to `most` hexadecimal digits at `at`, moving it on; `least` must be there.
std::uint32_t hex_escape(const Token& string, std::size_t& at, int least, int most) {
  std::uint32_t value = 0;
  int digits = 0;
  while (digits < most && at < string.text.size() && hex_value(string.text[at]) >= 0) {
    value = value * 16 + static_cast<std::uint32_t>(hex_value(string.text[at++]));
    ++digits;
  }
  if (digits < least) fail_syntax(string.position, "a hexadecimal escape in this string is too short");
  return value;
}

void append_octal(const Token& string, std::size_t& at, std::string& out) {
  unsigned value = 0;
  for (int digits = 0; digits < 3 && at < string.text.size() && is_octal(string.text[at]); ++digits) {
    value = value * 8 + static_cast<unsigned>(string.text[at++] - '0');
  }
  out += static_cast<char>(value & 0xffu);
}

/// The character that a one-letter escape stands for, or 0.
char simple_escape(char letter) {
  switch (letter) {
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case 'r':
      return '\r';
    case 'a':
      return '\a';
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'v':
      return '\v';
    case '\\':
    case '\'':
    case '"':
    case '?':
      return letter;
    default:
      return 0;
  }
}

}  // namespace

void fail_syntax(Position position, std::string cause, std::string remedy) {
  Diagnostic diagnostic;
  diagnostic.code = &code::prototxt_syntax;
  diagnostic.cause = std::move(cause);
  diagnostic.remedy = std::move(remedy);
  diagnostic.position = position;
  throw Failure(std::move(diagnostic));
}

Tokenizer::Tokenizer(std::string_view text) : text_(text) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (text_.starts_with(byte_order_mark)) line_start_ = at_ = byte_order_mark.size();
  advance();
}

void Tokenizer::skip_blanks() {
  for (; at_ < text_.size(); ++at_) {
    const char c = text_[at_];
    if (c == '\n') {
      ++line_;
      line_start_ = at_ + 1;
    } else if (c == '#') {
      const std::size_t end = text_.find('\n', at_);
      if (end == std::string_view::npos) {
        at_ = text_.size();
        return;
      }
      at_ = end - 1;
    } else if (c != ' ' && c != '\t' && c != '\r' && c != '\v' && c != '\f') {
      return;
    }
  }
}

void Tokenizer::advance() {
  skip_blanks();
  token_.position = {line_, static_cast<std::uint32_t>(at_ - line_start_ + 1)};
  if (at_ == text_.size()) {
    token_.kind = Token::Kind::end;
    token_.text = {};
    return;
  }
  const char c = text_[at_];
  std::size_t end = at_ + 1;
  if (is_letter(c)) {
    token_.kind = Token::Kind::identifier;
    end = identifier_end();
  } else if (is_digit(c) || (c == '.' && end < text_.size() && is_digit(text_[end]))) {
    token_.kind = Token::Kind::number;
    end = number_end();
  } else if (c == '"' || c == '\'') {
    token_.kind = Token::Kind::string;
    end = string_end();
  } else if (std::string_view("{}<>[]:,;-./").find(c) != std::string_view::npos) {
    token_.kind = Token::Kind::symbol;
  } else {
    fail_syntax(token_.position, fmt::format("{} cannot stand here", printable(c)),
                "remove it, or put it into quotes if it belongs to a text value");
  }
  token_.text = text_.substr(at_, end - at_);
  at_ = end;
}

std::size_t Tokenizer::identifier_end() const {
  std::size_t end = at_;
  while (end < text_.size() && (is_letter(text_[end]) || is_digit(text_[end]))) ++end;
  return end;
}

std::size_t Tokenizer::number_end() const {
  std::size_t end = at_;
  const auto skip_digits = [&] {
    while (end < text_.size() && is_digit(text_[end])) ++end;
  };
  const auto next_is = [&](char small, char large) {
    return end < text_.size() && (text_[end] == small || text_[end] == large);
  };
  if (text_[at_] == '0' && at_ + 1 < text_.size() && (text_[at_ + 1] == 'x' || text_[at_ + 1] == 'X')) {
    end += 2;
    while (end < text_.size() && hex_value(text_[end]) >= 0) ++end;
  } else {
    skip_digits();
    if (next_is('.', '.')) {
      ++end;
      skip_digits();
    }
    if (next_is('e', 'E')) {
      ++end;
      if (next_is('+', '-')) ++end;
      skip_digits();
    }
    if (next_is('f', 'F')) ++end;
  }
  // `3x3` and `1.2.3` are no two values.
  if (end < text_.size() && (is_letter(text_[end]) || is_digit(text_[end]) || text_[end] == '.')) {
    while (end < text_.size() && (is_letter(text_[end]) || is_digit(text_[end]) || text_[end] == '.')) ++end;
    fail_syntax(
        token_.position,
        fmt::format("\"{}\" is not a number", text_.substr(at_, std::min<std::size_t>(end - at_, 64))),
        "write a number, or put the value into quotes if the field is a text");
  }
  return end;
}

std::size_t Tokenizer::string_end() const {
  const char quote = text_[at_];
  std::size_t end = at_ + 1;
  while (end < text_.size() && text_[end] != quote && text_[end] != '\n') {
    end += text_[end] == '\\' ? 2 : 1;
  }
  if (end >= text_.size() || text_[end] != quote) {
    fail_syntax(token_.position, "the text that begins here is not closed on its line",
                fmt::format("close it with {}", quote));
  }
  return end + 1;
}

std::string unescape(const Token& string) {
  const std::string_view text = string.text.substr(0, string.text.size() - 1);
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 1; at < text.size();) {
    if (text[at] != '\\') {
      out += text[at++];
      continue;
    }
    const char letter = text[++at];  // string_end() saw to it that something follows
    if (is_octal(letter)) {
      append_octal(string, at, out);
      continue;
    }
    ++at;
    if (letter == 'x' || letter == 'X') {
      out += static_cast<char>(hex_escape(string, at, 1, 2));
    } else if (letter == 'u') {
      append_utf8(out, hex_escape(string, at, 4, 4));
    } else if (letter == 'U') {
      const std::uint32_t rune = hex_escape(string, at, 8, 8);
      if (rune > 0x10ffff) fail_syntax(string.position, "this string has an escape beyond Unicode");
      append_utf8(out, rune);
    } else if (const char meant = simple_escape(letter)) {
      out += meant;
    } else {
      fail_syntax(string.position,
                  fmt::format("this string has an unknown escape: a backslash before {}", printable(letter)),
                  "write \\\\ for a backslash");
    }
  }
  return out;
}

std::string plain_number(const Token& number) {
  std::string_view text = number.text;
  const bool hexadecimal = text.size() > 1 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
  const bool octal =
      text.size() > 1 && text[0] == '0' && text.find_first_not_of("0123456789") == std::string_view::npos;
  if (hexadecimal || octal) {
    const std::string_view digits = text.substr(hexadecimal ? 2 : 1);
    std::uint64_t value = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), value, hexadecimal ? 16 : 8);
    if (error != std::errc{} || end != digits.data() + digits.size()) {
      fail_syntax(number.position,
                  fmt::format("\"{}\" is not {} number of 64 bits", text.substr(0, 64),
                              hexadecimal ? "a hexadecimal" : "an octal (it begins with 0)"));
    }
    return std::to_string(value);
  }
  if (text.back() == 'f' || text.back() == 'F') text.remove_suffix(1);
  const char last = text.back();
  if (!is_digit(last) && last != '.') {
    fail_syntax(number.position,
                fmt::format("\"{}\" is not a number: its exponent is missing", text.substr(0, 64)));
  }
  return std::string(text);
}

}  // namespace mo::caffe
