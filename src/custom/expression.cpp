#include "custom/expression.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "custom/expression_functions.h"

namespace mo::custom {

/// Recursive descent; the depth of nesting is bounded, chains of operators are loops.
class ExpressionParser {
 public:
  explicit ExpressionParser(std::string_view text) : text_(text) {
    if (text.size() > max_expression_length) fail("it is longer than 4096 characters");
    result_.text_ = text;
  }

  Expression run() {
    parse_or();
    skip_space();
    if (at_ < text_.size()) fail("nothing can stand here after the end of the expression");
    return std::move(result_);
  }

 private:
  [[noreturn]] void fail(const std::string& what) const { throw SyntaxError(at_, what); }

  void skip_space() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n')) ++at_;
  }

  static bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }

  std::string_view peek_word() {
    skip_space();
    std::size_t end = at_;
    while (end < text_.size() && is_word(text_[end])) ++end;
    return text_.substr(at_, end - at_);
  }

  /// Takes a sign or word if it comes next.
  bool take(std::string_view token) {
    skip_space();
    if (is_word(token[0]) ? peek_word() != token : !text_.substr(at_).starts_with(token)) return false;
    at_ += token.size();
    return true;
  }

  void expect(std::string_view token) {
    if (!take(token)) fail("\"" + std::string(token) + "\" is expected here");
  }

  /// The first of the operators that comes next, or empty.
  std::string_view take_any(std::span<const std::string_view> tokens) {
    for (const std::string_view token : tokens)
      if (take(token)) return token;
    return {};
  }

  void call(std::string_view name, std::size_t count) {
    result_.steps_.push_back({Expression::Action::call, find_function(name), count});
  }

  void constant(ExpressionValue value) {
    result_.steps_.push_back({Expression::Action::constant, result_.constants_.size()});
    result_.constants_.push_back(std::move(value));
  }

  template <class Parse>
  void chain(std::span<const std::string_view> operators, Parse parse) {
    parse();
    for (std::string_view sign; !(sign = take_any(operators)).empty();) {
      parse();
      call(sign, 2);
    }
  }

  void parse_or() {
    if (++depth_ > max_expression_depth) fail("it is nested deeper than 64 levels");
    static constexpr std::string_view signs[] = {"or"};
    chain(signs, [this] { parse_and(); });
    --depth_;
  }

  void parse_and() {
    static constexpr std::string_view signs[] = {"and"};
    chain(signs, [this] { parse_not(); });
  }

  void parse_not() {
    std::size_t nots = 0;
    while (take("not")) ++nots;
    parse_comparison();
    for (; nots > 0; --nots) call("not", 1);
  }

  void parse_comparison() {
    static constexpr std::string_view signs[] = {"==", "!=", "<=", ">=", "<", ">"};
    parse_sum();
    if (const std::string_view sign = take_any(signs); !sign.empty()) {
      parse_sum();
      call(sign, 2);
    }
  }

  void parse_sum() {
    static constexpr std::string_view signs[] = {"+", "-"};
    chain(signs, [this] { parse_product(); });
  }

  void parse_product() {
    static constexpr std::string_view signs[] = {"*", "//", "/", "%"};
    chain(signs, [this] { parse_negative(); });
  }

  void parse_negative() {
    std::size_t signs = 0;
    while (take("-")) ++signs;
    parse_primary();
    for (; signs > 0; --signs) call("negative", 1);
  }

  void parse_primary() {
    skip_space();
    if (at_ == text_.size()) fail("the expression ends too early");
    const char c = text_[at_];
    if (is_digit(c) || c == '.') return parse_number();
    if (c == '\'') return parse_text();
    if (take("(")) {
      parse_or();
      return expect(")");
    }
    if (take("[")) return parse_list();
    if (is_word(c)) return parse_word();
    fail("a number, a name, a list or \"(\" is expected here");
  }

  void parse_number() {
    const char* const first = text_.data() + at_;
    const char* const last = text_.data() + text_.size();
    std::int64_t whole = 0;
    const auto [end, error] = std::from_chars(first, last, whole);
    const bool is_real = end != last && (*end == '.' || *end == 'e' || *end == 'E');
    if (!is_real) {
      if (error != std::errc{}) fail("this whole number is too large");
      at_ += static_cast<std::size_t>(end - first);
      return constant(whole);
    }
    double real = 0;
    const auto [real_end, real_error] = std::from_chars(first, last, real);
    if (real_error != std::errc{}) fail("this is not a number that can be held");
    at_ += static_cast<std::size_t>(real_end - first);
    constant(real);
  }

  void parse_text() {
    const auto end = text_.find('\'', at_ + 1);
    if (end == std::string_view::npos) fail("this text has no closing quote");
    constant(std::string(text_.substr(at_ + 1, end - at_ - 1)));
    at_ = end + 1;
  }

  std::size_t parse_until(std::string_view close) {
    if (take(close)) return 0;
    std::size_t count = 0;
    do {
      parse_or();
      ++count;
    } while (take(","));
    expect(close);
    return count;
  }

  void parse_list() { result_.steps_.push_back({Expression::Action::list, 0, parse_until("]")}); }

  void parse_word() {
    const std::size_t start = at_;
    const std::string word(peek_word());
    at_ += word.size();
    if (word == "true" || word == "false") return constant(word == "true");
    if (take("(")) return parse_call(word, start);
    const auto known =
        std::ranges::find(result_.variables_, word, &std::pair<std::string, std::size_t>::first);
    const auto index = static_cast<std::size_t>(known - result_.variables_.begin());
    if (known == result_.variables_.end()) result_.variables_.emplace_back(word, start);
    result_.steps_.push_back({Expression::Action::variable, index});
  }

  void parse_call(const std::string& name, std::size_t start) {
    const std::size_t index = find_function(name);
    if (index == all_functions().size() || name == "negative") {
      at_ = start;
      fail("there is no function \"" + name + "\"");
    }
    const Function& function = all_functions()[index];
    const std::size_t count = parse_until(")");
    if (count < function.min_arguments || count > function.max_arguments) {
      at_ = start;
      fail("\"" + name + "\" does not take " + std::to_string(count) + " arguments");
    }
    result_.steps_.push_back({Expression::Action::call, index, count});
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  Expression result_;
};

Expression Expression::parse(std::string_view text) {
  return ExpressionParser(text).run();
}

namespace {

ExpressionValue apply(const Function& function, std::span<const ExpressionValue> arguments,
                      const Scope& scope) {
  if (!function.lazy) {
    for (const ExpressionValue& argument : arguments)
      if (std::holds_alternative<Fault>(argument)) return argument;
    for (const ExpressionValue& argument : arguments)
      if (std::holds_alternative<Unknown>(argument)) return Unknown{};
  }
  return function.apply(arguments, scope);
}

}  // namespace

ExpressionValue Expression::evaluate(const Scope& scope) const {
  std::vector<ExpressionValue> stack;
  for (const Step& step : steps_) {
    const std::size_t base = stack.size() - step.count;
    const std::span<const ExpressionValue> taken = std::span(stack).subspan(base);
    ExpressionValue value;
    switch (step.action) {
      case Action::constant:
        value = constants_[step.index];
        break;
      case Action::variable: {
        const std::string& name = variables_[step.index].first;
        const AttributeValue* found = scope.variables.find(name);
        value = found == nullptr ? Fault{"there is no parameter \"" + name + "\""} : from_attribute(*found);
        break;
      }
      case Action::list:
        value = make_list(taken);
        break;
      case Action::call:
        value = apply(all_functions()[step.index], taken, scope);
        break;
    }
    stack.resize(base);
    stack.push_back(std::move(value));
  }
  return stack.empty() ? ExpressionValue(Fault{"it is empty"}) : std::move(stack.back());
}

std::variant<Shape, Fault> to_shape(const ExpressionValue& value, bool may_be_unknown) {
  if (const auto* fault = std::get_if<Fault>(&value)) return *fault;
  if (std::holds_alternative<Unknown>(value)) return Fault{"its number of dimensions is not known"};
  const auto* sizes = std::get_if<std::vector<std::int64_t>>(&value);
  if (sizes == nullptr)
    return Fault{"a shape is a list of whole numbers, [1, 2 * n]; // divides to whole ones"};
  Shape shape(sizes->begin(), sizes->end());
  for (std::int64_t& size : shape) {
    if (size >= 0) continue;
    if (!may_be_unknown) return Fault{"it gives the negative size " + std::to_string(size)};
    size = -1;
  }
  return shape;
}

std::variant<AttributeValue, Fault> to_attribute(const ExpressionValue& value) {
  if (const auto* fault = std::get_if<Fault>(&value)) return *fault;
  if (std::holds_alternative<Unknown>(value)) return Fault{"it depends on a size that is not known"};
  if (const auto* truth = std::get_if<bool>(&value)) return AttributeValue(*truth);
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return AttributeValue(*whole);
  if (const auto* real = std::get_if<double>(&value)) return AttributeValue(static_cast<float>(*real));
  if (const auto* text = std::get_if<std::string>(&value)) return AttributeValue(*text);
  if (const auto* wholes = std::get_if<std::vector<std::int64_t>>(&value)) return AttributeValue(*wholes);
  std::vector<float> floats;
  for (const double real : std::get<std::vector<double>>(value)) floats.push_back(static_cast<float>(real));
  return AttributeValue(std::move(floats));
}

ExpressionValue from_attribute(const AttributeValue& value) {
  return std::visit(
      [](const auto& held) -> ExpressionValue {
        using Held = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<Held, float>)
          return static_cast<double>(held);
        else if constexpr (std::is_same_v<Held, std::vector<float>>)
          return std::vector<double>(held.begin(), held.end());
        else
          return held;
      },
      value);
}

}  // namespace mo::custom
