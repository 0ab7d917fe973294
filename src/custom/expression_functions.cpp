#include "custom/expression_functions.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>

namespace mo::custom {

namespace {

using Arguments = std::span<const ExpressionValue>;
using Wholes = std::vector<std::int64_t>;
using Reals = std::vector<double>;

const std::int64_t* whole(const ExpressionValue& value) {
  return std::get_if<std::int64_t>(&value);
}

std::optional<double> number(const ExpressionValue& value) {
  if (const auto* integer = whole(value)) return static_cast<double>(*integer);
  if (const auto* real = std::get_if<double>(&value)) return *real;
  return std::nullopt;
}

Fault no_numbers() {
  return {"an operator or function has something other than numbers"};
}
Fault overflow() {
  return {"a number becomes too large"};
}

ExpressionValue checked(double real) {
  if (!std::isfinite(real)) return overflow();
  return real;
}

/// Whole numbers stay whole; a real on one side makes the result real.
template <bool (*on_whole)(std::int64_t, std::int64_t, std::int64_t&), double (*on_real)(double, double)>
ExpressionValue arithmetic(Arguments a, const Scope&) {
  const auto* left = whole(a[0]);
  const auto* right = whole(a[1]);
  if (left != nullptr && right != nullptr) {
    std::int64_t result = 0;
    if (on_whole(*left, *right, result)) return overflow();
    return result;
  }
  const auto x = number(a[0]);
  const auto y = number(a[1]);
  if (!x || !y) return no_numbers();
  return checked(on_real(*x, *y));
}

bool add_overflows(std::int64_t a, std::int64_t b, std::int64_t& result) {
  return __builtin_add_overflow(a, b, &result);
}
bool subtract_overflows(std::int64_t a, std::int64_t b, std::int64_t& result) {
  return __builtin_sub_overflow(a, b, &result);
}
bool multiply_overflows(std::int64_t a, std::int64_t b, std::int64_t& result) {
  return __builtin_mul_overflow(a, b, &result);
}
bool least(std::int64_t a, std::int64_t b, std::int64_t& result) {
  result = std::min(a, b);
  return false;
}
bool greatest(std::int64_t a, std::int64_t b, std::int64_t& result) {
  result = std::max(a, b);
  return false;
}

/// For two to max_arguments values, from the left.
template <ExpressionValue (*combine)(Arguments, const Scope&)>
ExpressionValue fold(Arguments a, const Scope& scope) {
  ExpressionValue result = a[0];
  for (const ExpressionValue& next : a.subspan(1)) {
    const ExpressionValue pair[] = {std::move(result), next};
    result = combine(Arguments(pair), scope);
    if (std::holds_alternative<Fault>(result)) return result;
  }
  return result;
}

constexpr auto add = arithmetic<add_overflows, [](double x, double y) { return x + y; }>;
constexpr auto subtract = arithmetic<subtract_overflows, [](double x, double y) { return x - y; }>;
constexpr auto multiply = arithmetic<multiply_overflows, [](double x, double y) { return x * y; }>;
constexpr auto smaller = arithmetic<least, [](double x, double y) { return std::min(x, y); }>;
constexpr auto larger = arithmetic<greatest, [](double x, double y) { return std::max(x, y); }>;

ExpressionValue divide(Arguments a, const Scope&) {
  const auto x = number(a[0]);
  const auto y = number(a[1]);
  if (!x || !y) return no_numbers();
  if (*y == 0.0) return Fault{"it divides by zero"};
  return checked(*x / *y);
}

/// Rounds down, as the remainder of % goes with it: both have the divisor's sign.
template <bool remainder>
ExpressionValue divide_whole(Arguments a, const Scope&) {
  const auto* x = whole(a[0]);
  const auto* y = whole(a[1]);
  if (x == nullptr || y == nullptr) return Fault{"// and % take whole numbers"};
  if (*y == 0) return Fault{"it divides by zero"};
  if (*y == -1) {  // the one quotient that can overflow
    std::int64_t negated = 0;
    if (remainder) return std::int64_t{0};
    if (__builtin_sub_overflow(std::int64_t{0}, *x, &negated)) return overflow();
    return negated;
  }
  const std::int64_t rest = *x % *y;
  const bool down = rest != 0 && (rest < 0) != (*y < 0);
  if (remainder) return down ? rest + *y : rest;
  return *x / *y - (down ? 1 : 0);
}

ExpressionValue negative(Arguments a, const Scope& scope) {
  const ExpressionValue pair[] = {std::int64_t{0}, a[0]};
  return subtract(Arguments(pair), scope);
}

template <double (*rounding)(double)>
ExpressionValue rounded(Arguments a, const Scope&) {
  if (whole(a[0]) != nullptr) return a[0];
  const auto x = number(a[0]);
  if (!x) return no_numbers();
  const double result = rounding(*x);
  if (!(std::abs(result) < 9e18)) return overflow();
  return static_cast<std::int64_t>(result);
}

ExpressionValue magnitude(Arguments a, const Scope& scope) {
  const auto x = number(a[0]);
  if (!x) return no_numbers();
  return *x < 0 ? negative(a, scope) : a[0];
}

template <auto compare>
ExpressionValue ordered(Arguments a, const Scope&) {
  const auto x = number(a[0]);
  const auto y = number(a[1]);
  if (!x || !y) return no_numbers();
  return compare(*x, *y);
}

template <bool wanted>
ExpressionValue equality(Arguments a, const Scope&) {
  const auto x = number(a[0]);
  const auto y = number(a[1]);
  if (x && y) return (*x == *y) == wanted;
  if (a[0].index() != a[1].index()) return Fault{"it compares values of different types"};
  return (a[0] == a[1]) == wanted;
}

template <bool conjunction>
ExpressionValue logical(Arguments a, const Scope&) {
  const bool* x = std::get_if<bool>(&a[0]);
  const bool* y = std::get_if<bool>(&a[1]);
  if (x == nullptr || y == nullptr) return Fault{"and, or take truth values"};
  return conjunction ? *x && *y : *x || *y;
}

ExpressionValue logical_not(Arguments a, const Scope&) {
  const bool* x = std::get_if<bool>(&a[0]);
  if (x == nullptr) return Fault{"not takes a truth value"};
  return !*x;
}

ExpressionValue choose(Arguments a, const Scope&) {
  if (const bool* condition = std::get_if<bool>(&a[0])) return *condition ? a[1] : a[2];
  if (std::holds_alternative<Fault>(a[0]) || std::holds_alternative<Unknown>(a[0])) return a[0];
  return Fault{"the condition of if is not a truth value"};
}

// ---- Shapes

std::variant<const Shape*, Fault> shape_at(const std::vector<Shape>& shapes, const ExpressionValue& index,
                                           const char* what) {
  const auto* i = whole(index);
  if (i == nullptr) return Fault{"the number of a " + std::string(what) + " is not a whole number"};
  if (*i < 0 || static_cast<std::uint64_t>(*i) >= shapes.size())
    return Fault{"there is no " + std::string(what) + " " + std::to_string(*i)};
  return &shapes[static_cast<std::size_t>(*i)];
}

/// An axis, or the end of a range of axes, counted from the end when negative.
std::optional<std::size_t> axis_in(const ExpressionValue& value, std::size_t rank, bool as_end) {
  const auto* axis = whole(value);
  if (axis == nullptr) return std::nullopt;
  const auto limit = static_cast<std::int64_t>(rank);
  const std::int64_t from_front = *axis < 0 && *axis >= -limit ? *axis + limit : *axis;
  if (from_front < 0 || from_front > limit || (from_front == limit && !as_end)) return std::nullopt;
  return static_cast<std::size_t>(from_front);
}

ExpressionValue dimension(const std::vector<Shape>& shapes, Arguments a, const char* what) {
  const auto found = shape_at(shapes, a[0], what);
  if (const auto* fault = std::get_if<Fault>(&found)) return *fault;
  const Shape& shape = *std::get<const Shape*>(found);
  const auto axis = axis_in(a[1], shape.size(), false);
  if (!axis) return Fault{"an axis is outside the shape " + to_string(shape)};
  if (shape[*axis] < 0) return Unknown{};
  return shape[*axis];
}

ExpressionValue dim(Arguments a, const Scope& scope) {
  return dimension(scope.bottoms, a, "bottom");
}
ExpressionValue blob_dim(Arguments a, const Scope& scope) {
  return dimension(scope.blobs, a, "blob");
}

ExpressionValue shape(Arguments a, const Scope& scope) {
  const auto found = shape_at(scope.bottoms, a[0], "bottom");
  if (const auto* fault = std::get_if<Fault>(&found)) return *fault;
  const Shape& sizes = *std::get<const Shape*>(found);
  return Wholes(sizes.begin(), sizes.end());
}

ExpressionValue rank(Arguments a, const Scope& scope) {
  const auto found = shape_at(scope.bottoms, a[0], "bottom");
  if (const auto* fault = std::get_if<Fault>(&found)) return *fault;
  return static_cast<std::int64_t>(std::get<const Shape*>(found)->size());
}

/// Product of the sizes from an axis up to another one, which is not counted; without it up to the last.
ExpressionValue count(Arguments a, const Scope& scope) {
  const auto found = shape_at(scope.bottoms, a[0], "bottom");
  if (const auto* fault = std::get_if<Fault>(&found)) return *fault;
  const Shape& sizes = *std::get<const Shape*>(found);
  const auto first = axis_in(a[1], sizes.size(), true);
  const auto last = a.size() > 2 ? axis_in(a[2], sizes.size(), true) : std::optional(sizes.size());
  if (!first || !last || *first > *last) return Fault{"an axis is outside the shape " + to_string(sizes)};
  std::int64_t result = 1;
  for (std::size_t i = *first; i < *last; ++i) {
    if (sizes[i] < 0) return Unknown{};
    if (__builtin_mul_overflow(result, sizes[i], &result)) return overflow();
  }
  return result;
}

// ---- Lists

std::vector<ExpressionValue> elements_of(const ExpressionValue& value) {
  std::vector<ExpressionValue> elements;
  if (const auto* wholes = std::get_if<Wholes>(&value)) elements.assign(wholes->begin(), wholes->end());
  if (const auto* reals = std::get_if<Reals>(&value)) elements.assign(reals->begin(), reals->end());
  return elements;
}

bool is_list(const ExpressionValue& value) {
  return std::holds_alternative<Wholes>(value) || std::holds_alternative<Reals>(value);
}

Fault no_list() {
  return {"a function that takes a list has something else"};
}

template <ExpressionValue (*combine)(Arguments, const Scope&), int start>
ExpressionValue over_list(Arguments a, const Scope& scope) {
  if (!is_list(a[0])) return no_list();
  std::vector<ExpressionValue> elements = elements_of(a[0]);
  elements.insert(elements.begin(), std::int64_t{start});
  return fold<combine>(elements, scope);
}

ExpressionValue length(Arguments a, const Scope&) {
  if (!is_list(a[0])) return no_list();
  return static_cast<std::int64_t>(elements_of(a[0]).size());
}

ExpressionValue at(Arguments a, const Scope&) {
  if (!is_list(a[0])) return no_list();
  std::vector<ExpressionValue> elements = elements_of(a[0]);
  const auto index = axis_in(a[1], elements.size(), false);
  if (!index) return Fault{"a list has no element of that number"};
  return elements[*index];
}

ExpressionValue slice(Arguments a, const Scope&) {
  if (!is_list(a[0])) return no_list();
  const std::vector<ExpressionValue> elements = elements_of(a[0]);
  const auto first = axis_in(a[1], elements.size(), true);
  const auto last = a.size() > 2 ? axis_in(a[2], elements.size(), true) : std::optional(elements.size());
  if (!first || !last || *first > *last) return Fault{"a slice is outside its list"};
  return make_list(std::span(elements).subspan(*first, *last - *first));
}

ExpressionValue concat(Arguments a, const Scope&) {
  std::vector<ExpressionValue> all;
  for (const ExpressionValue& list : a) {
    if (!is_list(list)) return no_list();
    for (ExpressionValue& element : elements_of(list)) all.push_back(std::move(element));
  }
  return make_list(all);
}

constexpr std::size_t several = 64;

constexpr Function functions[] = {
    {"or", 2, 2, logical<false>},
    {"and", 2, 2, logical<true>},
    {"not", 1, 1, logical_not},
    {"==", 2, 2, equality<true>},
    {"!=", 2, 2, equality<false>},
    {"<=", 2, 2, ordered<std::less_equal<double>{}>},
    {">=", 2, 2, ordered<std::greater_equal<double>{}>},
    {"<", 2, 2, ordered<std::less<double>{}>},
    {">", 2, 2, ordered<std::greater<double>{}>},
    {"+", 2, 2, add},
    {"-", 2, 2, subtract},
    {"*", 2, 2, multiply},
    {"/", 2, 2, divide},
    {"//", 2, 2, divide_whole<false>},
    {"%", 2, 2, divide_whole<true>},
    {"negative", 1, 1, negative},
    {"if", 3, 3, choose, true},
    {"floor", 1, 1, rounded<[](double x) { return std::floor(x); }>},
    {"ceil", 1, 1, rounded<[](double x) { return std::ceil(x); }>},
    {"round", 1, 1, rounded<[](double x) { return std::round(x); }>},
    {"abs", 1, 1, magnitude},
    {"min", 1, several, fold<smaller>},
    {"max", 1, several, fold<larger>},
    {"dim", 2, 2, dim},
    {"shape", 1, 1, shape},
    {"same", 1, 1, shape},
    {"rank", 1, 1, rank},
    {"count", 2, 3, count},
    {"bottoms", 0, 0,
     [](Arguments, const Scope& s) -> ExpressionValue {
       return static_cast<std::int64_t>(s.bottoms.size());
     }},
    {"blobs", 0, 0,
     [](Arguments, const Scope& s) -> ExpressionValue { return static_cast<std::int64_t>(s.blobs.size()); }},
    {"blob_dim", 2, 2, blob_dim},
    {"sum", 1, 1, over_list<add, 0>},
    {"product", 1, 1, over_list<multiply, 1>},
    {"length", 1, 1, length},
    {"at", 2, 2, at},
    {"slice", 2, 3, slice},
    {"concat", 1, several, concat},
};

}  // namespace

std::span<const Function> all_functions() {
  return functions;
}

std::size_t find_function(std::string_view name) {
  return static_cast<std::size_t>(std::ranges::find(functions, name, &Function::name) - functions);
}

ExpressionValue make_list(std::span<const ExpressionValue> elements) {
  if (elements.size() > max_list_length) return Fault{"a list has more than 1024 elements"};
  Wholes wholes;
  Reals reals;
  bool is_whole = true;
  for (const ExpressionValue& element : elements) {
    if (std::holds_alternative<Fault>(element)) return element;
    const bool unknown = std::holds_alternative<Unknown>(element);
    const auto value = unknown ? std::optional(-1.0) : number(element);
    if (!value) return Fault{"a list has elements other than numbers"};
    is_whole = is_whole && (unknown || whole(element) != nullptr);
    wholes.push_back(unknown ? -1 : is_whole ? *whole(element) : 0);
    reals.push_back(*value);
  }
  if (is_whole) return wholes;
  return reals;
}

}  // namespace mo::custom
