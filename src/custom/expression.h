#pragma once

#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "graph/attributes.h"
#include "support/shape.h"

namespace mo::custom {

/// A dimension that is known at run time alone; what is computed from it is unknown too.
struct Unknown {
  friend bool operator==(const Unknown&, const Unknown&) = default;
};

/// Why an expression has no value.  It is a value itself: a branch that is not taken may hold one.
struct Fault {
  std::string why;
  friend bool operator==(const Fault&, const Fault&) = default;
};

using ExpressionValue = std::variant<Unknown, Fault, bool, std::int64_t, double, std::string,
                                     std::vector<std::int64_t>, std::vector<double>>;

/// What an expression can ask for.
struct Scope {
  Attributes variables;
  std::vector<Shape> bottoms;  ///< -1: unknown until run time
  std::vector<Shape> blobs;
};

/// A text that is no expression.
class SyntaxError : public std::runtime_error {
 public:
  SyntaxError(std::size_t offset, const std::string& what) : std::runtime_error(what), offset_(offset) {}
  std::size_t offset() const { return offset_; }  ///< in bytes from the start of the text

 private:
  std::size_t offset_;
};

inline constexpr std::size_t max_expression_length = 4096;
inline constexpr std::size_t max_expression_depth = 64;
inline constexpr std::size_t max_list_length = 1024;

/// A formula over the shapes of a layer's bottoms and blobs and over its parameters:
/// `[dim(0, 0), (dim(0, 1) + 2 * pad - kernel) // stride + 1]`.  docs/custom-layers.md lists what it can say.
/// Both parsing and evaluation are total and bounded: no loops, no recursion on evaluation, no text is run.
class Expression {
 public:
  /// Throws SyntaxError, also for functions that do not exist or take another number of arguments.
  static Expression parse(std::string_view text);

  /// The value, or a Fault: division by zero, overflow, an axis or bottom that is not there, a wrong type.
  ExpressionValue evaluate(const Scope& scope) const;

  const std::string& text() const { return text_; }
  /// Names of the variables, with the offset of their first use.
  std::span<const std::pair<std::string, std::size_t>> variables() const { return variables_; }

 private:
  friend class ExpressionParser;

  enum class Action : std::uint8_t { constant, variable, list, call };
  struct Step {
    Action action;
    std::size_t index;      ///< of the constant, variable or function
    std::size_t count = 0;  ///< how many values it takes from the stack
  };

  std::string text_;
  std::vector<Step> steps_;  // in postfix order
  std::vector<ExpressionValue> constants_;
  std::vector<std::pair<std::string, std::size_t>> variables_;
};

/// `value` as the shape of an output: a list of whole numbers.  A Fault says what is wrong with it; a
/// negative size is one unless `may_be_unknown`.
std::variant<Shape, Fault> to_shape(const ExpressionValue& value, bool may_be_unknown);

/// `value` as an op's attribute.
std::variant<AttributeValue, Fault> to_attribute(const ExpressionValue& value);

ExpressionValue from_attribute(const AttributeValue& value);

}  // namespace mo::custom
