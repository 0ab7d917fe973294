#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "custom/expression.h"

namespace mo::custom {

/// An operator or function of the expressions.  Arguments are never a Fault or Unknown unless it is `lazy`.
struct Function {
  std::string_view name;
  std::size_t min_arguments;
  std::size_t max_arguments;
  ExpressionValue (*apply)(std::span<const ExpressionValue> arguments, const Scope& scope);
  bool lazy = false;
};

/// The operators stand under their signs; unary minus is `negative`.
std::span<const Function> all_functions();

/// Index into all_functions() or its size.
std::size_t find_function(std::string_view name);

/// A list of the values, which are numbers, or Unknown for a size.
ExpressionValue make_list(std::span<const ExpressionValue> elements);

}  // namespace mo::custom
