#include "caffe/param_str.h"

#include <charconv>

namespace mo::caffe {

namespace {

constexpr std::size_t longest = std::size_t{64} << 10;

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  std::vector<ParamEntry> parse() {
    std::vector<ParamEntry> entries;
    skip_blanks();
    if (take("---")) skip_blanks();  // YAML's start of a document
    const bool braced = take("{");
    for (;;) {
      skip_separators();
      if (braced && take("}")) break;
      if (at_end()) {
        if (braced) fail("the closing } is missing");
        return entries;
      }
      entries.push_back(entry());
    }
    skip_blanks();
    if (!at_end()) fail("there is more behind the closing }");
    return entries;
  }

 private:
  bool at_end() const { return position_ == text_.size(); }
  char peek(std::size_t ahead = 0) const {
    return position_ + ahead < text_.size() ? text_[position_ + ahead] : '\0';
  }
  bool take(std::string_view token) {
    if (!text_.substr(position_).starts_with(token)) return false;
    position_ += token.size();
    return true;
  }
  [[noreturn]] void fail(const std::string& what) const { throw ParamStrError(position_, what); }

  /// Blanks and comments.
  void skip_blanks() {
    while (!at_end()) {
      if (peek() == '#') {
        while (!at_end() && peek() != '\n') ++position_;
      } else if (is_blank(peek())) {
        ++position_;
      } else {
        return;
      }
    }
  }
  void skip_separators() {
    do skip_blanks();
    while (take(","));
  }
  /// A YAML tag: `!!python/tuple`.
  void skip_tag() {
    if (peek() != '!') return;
    while (!at_end() && !is_blank(peek()) && peek() != '[') ++position_;
    skip_blanks();
  }
  bool at_block_item() const { return peek() == '-' && (is_blank(peek(1)) || peek(1) == '\0'); }

  ParamEntry entry() {
    ParamEntry result;
    const ParamScalar key = scalar();
    result.key = key.text;
    skip_blanks();
    if (!take(":")) fail("a : is missing behind \"" + key.text + "\"");
    skip_blanks();
    skip_tag();
    if (take("[")) {
      list(result, ']');
    } else if (take("(")) {
      list(result, ')');
    } else if (at_block_item()) {
      block_list(result);
    } else {
      result.values.push_back(scalar());
    }
    return result;
  }

  void list(ParamEntry& result, char closing) {
    result.is_list = true;
    for (;;) {
      skip_separators();
      if (peek() == closing) break;
      if (at_end()) fail("a list is not closed");
      result.values.push_back(scalar());
    }
    ++position_;
  }

  void block_list(ParamEntry& result) {
    result.is_list = true;
    while (at_block_item()) {
      ++position_;
      skip_blanks();
      result.values.push_back(scalar());
      skip_blanks();
    }
  }

  ParamScalar scalar() {
    const char quote = peek();
    if (quote == '"' || quote == '\'') {
      const std::size_t end = text_.find(quote, position_ + 1);
      if (end == std::string_view::npos) fail("a text is not closed");
      ParamScalar result{std::string(text_.substr(position_ + 1, end - position_ - 1)), std::nullopt};
      position_ = end + 1;
      return result;
    }
    constexpr std::string_view ends = " \t\r\n,:#[](){}'\"";
    const std::size_t end = std::min(text_.find_first_of(ends, position_), text_.size());
    if (end == position_) fail("a value is missing");
    ParamScalar result{std::string(text_.substr(position_, end - position_)), std::nullopt};
    position_ = end;
    result.number = number(result.text);
    return result;
  }

  static std::optional<double> number(std::string_view text) {
    if (text.starts_with('+')) text.remove_prefix(1);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
  }

  std::string_view text_;
  std::size_t position_ = 0;
};

}  // namespace

std::vector<ParamEntry> parse_param_str(std::string_view text) {
  if (text.size() > longest) throw ParamStrError(longest, "it is longer than 64 KiB");
  return Parser(text).parse();
}

}  // namespace mo::caffe
