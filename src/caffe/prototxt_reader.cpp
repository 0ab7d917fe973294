#include "caffe/prototxt_reader.h"

#include <fmt/format.h>

#include "caffe/file_kind.h"
#include "caffe/prototxt_tokens.h"

namespace mo::caffe {
namespace {

// Real nets are four deep.  The limit also bounds the recursion that destroys a Message.
constexpr int deepest = 64;

std::string shown(const Token& token) {
  if (token.kind == Token::Kind::end) return "the end of the file";
  return fmt::format("\"{}\"", token.text.substr(0, 64));
}

class Parser {
 public:
  explicit Parser(std::string_view text) : tokens_(text) {}

  Message parse() {
    Message file;
    file.position = {1, 1};
    while (tokens_.current().kind != Token::Kind::end) parse_field(file, 0);
    return file;
  }

 private:
  bool take(char symbol) {
    if (!tokens_.current().is(symbol)) return false;
    tokens_.advance();
    return true;
  }

  /// `name`, or `[package.extension]`.
  std::string parse_name() {
    const Token token = tokens_.current();
    if (token.kind == Token::Kind::identifier) {
      tokens_.advance();
      return std::string(token.text);
    }
    if (take('[')) {
      std::string name = "[";
      while (!tokens_.current().is(']')) {
        const Token& part = tokens_.current();
        if (part.kind != Token::Kind::identifier && !part.is('.') && !part.is('/')) {
          fail_syntax(part.position, fmt::format("expected the name of an extension, found {}", shown(part)));
        }
        name += part.text;
        tokens_.advance();
      }
      tokens_.advance();
      return name + "]";
    }
    if (token.is('}') || token.is('>')) {
      fail_syntax(token.position, fmt::format("this {} closes nothing", shown(token)),
                  "remove it, or look for a missing opening brace above");
    }
    fail_syntax(token.position, fmt::format("expected the name of a field, found {}", shown(token)));
  }

  void parse_field(Message& into, int depth) {
    Field prototype;
    prototype.position = tokens_.current().position;
    prototype.name = parse_name();
    const bool colon = take(':');
    const Token& next = tokens_.current();
    if (!colon && !next.is('{') && !next.is('<') && !next.is('[')) {
      fail_syntax(next.position,
                  fmt::format(R"(expected ":" or "{{" after "{}", found {})", prototype.name, shown(next)),
                  fmt::format(R"(write "{}: value" or "{} {{ ... }}")", prototype.name, prototype.name));
    }
    if (take('[')) {
      parse_list(into, prototype, depth);
    } else {
      into.fields.push_back(parse_value(prototype, depth));
    }
    if (!take(',')) take(';');
  }

  void parse_list(Message& into, const Field& prototype, int depth) {
    if (take(']')) return;
    do {
      into.fields.push_back(parse_value(prototype, depth));
    } while (take(','));
    if (!take(']')) {
      const Token& token = tokens_.current();
      fail_syntax(token.position, fmt::format(R"(expected "," or "]" in the list of "{}", found {})",
                                              prototype.name, shown(token)));
    }
  }

  Field parse_value(const Field& prototype, int depth) {
    Field field;
    field.name = prototype.name;
    field.position = prototype.position;
    const Token token = tokens_.current();
    switch (token.kind) {
      case Token::Kind::identifier:
        field.kind = Field::Kind::identifier;
        field.text = token.text;
        tokens_.advance();
        return field;
      case Token::Kind::number:
        field.text = plain_number(token);
        tokens_.advance();
        return field;
      case Token::Kind::string:
        field.kind = Field::Kind::string;
        for (; tokens_.current().kind == Token::Kind::string; tokens_.advance())
          field.text += unescape(tokens_.current());
        return field;
      case Token::Kind::symbol:
        if (take('-')) {
          field.text = parse_negative();
          return field;
        }
        if (token.is('{') || token.is('<')) {
          field.kind = Field::Kind::message;
          field.message = parse_message(prototype, depth + 1);
          return field;
        }
        break;
      case Token::Kind::end:
        break;
    }
    fail_syntax(token.position,
                fmt::format("expected a value of \"{}\", found {}", prototype.name, shown(token)));
  }

  std::string parse_negative() {
    const Token token = tokens_.current();
    const bool number = token.kind == Token::Kind::number;
    if (!number && token.kind != Token::Kind::identifier) {
      fail_syntax(token.position, fmt::format("expected a number after \"-\", found {}", shown(token)));
    }
    tokens_.advance();
    return "-" + (number ? plain_number(token) : std::string(token.text));
  }

  std::unique_ptr<Message> parse_message(const Field& prototype, int depth) {
    auto message = std::make_unique<Message>();
    const Token opening = tokens_.current();
    message->position = opening.position;
    if (depth > deepest) {
      fail_syntax(opening.position, fmt::format("messages are nested deeper than {} levels", deepest));
    }
    const char closing = opening.is('{') ? '}' : '>';
    tokens_.advance();
    while (!take(closing)) {
      if (tokens_.current().kind == Token::Kind::end) {
        fail_syntax(opening.position, fmt::format("\"{}\" is opened here and never closed", prototype.name),
                    fmt::format("add the missing \"{}\"; perhaps the file is not complete", closing));
      }
      parse_field(*message, depth);
    }
    return message;
  }

  Tokenizer tokens_;
};

}  // namespace

void require_prototxt(const std::string& file, std::string_view bytes) {
  const FileKind kind = guess_file_kind(bytes);
  if (kind == FileKind::text) return;
  Diagnostic diagnostic;
  diagnostic.code = &code::wrong_file_kind;
  diagnostic.cause = fmt::format("expected a prototxt, but this is {}", describe(kind));
  diagnostic.remedy = remedy(kind);
  diagnostic.file = file;
  throw Failure(std::move(diagnostic));
}

Message parse_prototxt(const Source& source) {
  require_prototxt(source.file, source.text);
  try {
    return Parser(source.text).parse();
  } catch (const Failure& failure) {
    Diagnostic diagnostic = failure.diagnostic();
    diagnostic.file = source.file;
    diagnostic.source_line = source.line(diagnostic.position.line);
    throw Failure(std::move(diagnostic));
  }
}

}  // namespace mo::caffe
