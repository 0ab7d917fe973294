#pragma once

#include <string>
#include <string_view>

#include "support/diagnostics.h"

namespace mo::caffe {

/// One word of protobuf's text format.
struct Token {
  enum class Kind { end, identifier, number, string, symbol };

  Kind kind = Kind::end;
  std::string_view text;  ///< as written; a string with its quotes, a symbol is one character
  Position position;

  bool is(char symbol) const { return kind == Kind::symbol && text[0] == symbol; }
};

/// Splits text into tokens, skipping blanks and comments.  Columns count bytes.
/// Throws Failure (prototxt_syntax, with position but without file and source line).
class Tokenizer {
 public:
  explicit Tokenizer(std::string_view text);

  const Token& current() const { return token_; }
  void advance();

 private:
  void skip_blanks();
  std::size_t identifier_end() const;
  std::size_t number_end() const;
  std::size_t string_end() const;

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_start_ = 0;
  std::uint32_t line_ = 1;
  Token token_;
};

[[noreturn]] void fail_syntax(Position position, std::string cause, std::string remedy = {});

/// The bytes that a quoted string stands for.  Throws Failure on an escape that protobuf does not know.
std::string unescape(const Token& string);

/// A number as written (hexadecimal, octal, `1.5f`) in plain decimal that std::from_chars reads.
std::string plain_number(const Token& number);

}  // namespace mo::caffe
