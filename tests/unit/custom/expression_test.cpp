#include "custom/expression.h"

#include <gtest/gtest.h>

#include <limits>

namespace mo::custom {
namespace {

using Wholes = std::vector<std::int64_t>;
using Reals = std::vector<double>;

Scope scope() {
  return {.variables = {{"kernel", std::int64_t{3}},
                        {"scale", 0.5F},
                        {"anchors", std::vector<float>{1.5F, 2.0F}},
                        {"softmax", true},
                        {"mode", std::string("max")}},
          .bottoms = {{1, 64, 13, 26}, {-1, 5}},
          .blobs = {{8, 64}}};
}

ExpressionValue value(std::string_view text) {
  return Expression::parse(text).evaluate(scope());
}

std::string fault(std::string_view text) {
  const ExpressionValue got = value(text);
  const auto* found = std::get_if<Fault>(&got);
  return found == nullptr ? "no fault" : found->why;
}

std::size_t error_offset(std::string_view text) {
  try {
    Expression::parse(text);
  } catch (const SyntaxError& error) {
    return error.offset();
  }
  return std::string::npos;
}

TEST(Expression, Arithmetic) {
  EXPECT_EQ(value("1 + 2 * 3 - 4"), ExpressionValue(std::int64_t{3}));
  EXPECT_EQ(value("(1 + 2) * -3"), ExpressionValue(std::int64_t{-9}));
  EXPECT_EQ(value("7 // 2"), ExpressionValue(std::int64_t{3}));
  EXPECT_EQ(value("-7 // 2"), ExpressionValue(std::int64_t{-4}));
  EXPECT_EQ(value("-7 % 2"), ExpressionValue(std::int64_t{1}));
  EXPECT_EQ(value("7 / 2"), ExpressionValue(3.5));
  EXPECT_EQ(value("1 - 1 - 1"), ExpressionValue(std::int64_t{-1}));
  EXPECT_EQ(value("--2"), ExpressionValue(std::int64_t{2}));
  EXPECT_EQ(value("ceil(7 / 2) + floor(1.5e0) + round(2.5)"), ExpressionValue(std::int64_t{8}));
  EXPECT_EQ(value("min(3, 1, 2) + max(3, kernel + 1)"), ExpressionValue(std::int64_t{5}));
}

TEST(Expression, ConditionsTakeOneBranchOnly) {
  EXPECT_EQ(value("if(softmax and not (1 > 2), 10, 1 // 0)"), ExpressionValue(std::int64_t{10}));
  EXPECT_EQ(value("if(mode == 'max' or false, 1, 2)"), ExpressionValue(std::int64_t{1}));
  EXPECT_EQ(fault("if(false, 10, 1 // 0)"), "it divides by zero");
  EXPECT_EQ(fault("if(1, 2, 3)"), "the condition of if is not a truth value");
}

TEST(Expression, ShapesAndBlobs) {
  EXPECT_EQ(value("same(0)"), ExpressionValue(Wholes{1, 64, 13, 26}));
  EXPECT_EQ(value("[dim(0, 0), dim(0, -1), count(0, 1), count(0, 1, -1), rank(0)]"),
            ExpressionValue(Wholes{1, 26, 64 * 13 * 26, 64 * 13, 4}));
  EXPECT_EQ(value("blob_dim(0, 0) + bottoms() + blobs()"), ExpressionValue(std::int64_t{11}));
  EXPECT_EQ(value("[(dim(0, 2) + 2 * 1 - kernel) // 2 + 1]"), ExpressionValue(Wholes{7}));
}

TEST(Expression, WhatIsUnknownStaysUnknown) {
  EXPECT_EQ(value("dim(1, 0) * 2"), ExpressionValue(Unknown{}));
  EXPECT_EQ(value("[dim(1, 0) * 2, dim(1, 1)]"), ExpressionValue(Wholes{-1, 5}));
  EXPECT_EQ(value("count(1, 0)"), ExpressionValue(Unknown{}));
  EXPECT_EQ(std::get<Shape>(to_shape(value("[dim(1, 0), 2]"), true)), (Shape{-1, 2}));
  EXPECT_TRUE(std::holds_alternative<Fault>(to_attribute(value("dim(1, 0)"))));
}

TEST(Expression, Lists) {
  EXPECT_EQ(value("anchors"), ExpressionValue(Reals{1.5, 2.0}));
  EXPECT_EQ(value("concat([1, 2], slice(shape(0), 2), [length(anchors)])"),
            ExpressionValue(Wholes{1, 2, 13, 26, 2}));
  EXPECT_EQ(value("sum([1, 2, 3]) + product([2, 3]) + at([7, 8], -1)"), ExpressionValue(std::int64_t{20}));
  EXPECT_EQ(value("[]"), ExpressionValue(Wholes{}));
  EXPECT_EQ(value("[1, 2.5]"), ExpressionValue(Reals{1.0, 2.5}));
}

TEST(Expression, SenselessValuesAreFaults) {
  EXPECT_EQ(fault("1 // 0"), "it divides by zero");
  EXPECT_EQ(fault("1 % 0"), "it divides by zero");
  EXPECT_EQ(fault("1 / 0"), "it divides by zero");
  EXPECT_EQ(fault("9223372036854775807 + 1"), "a number becomes too large");
  EXPECT_EQ(fault("9223372036854775807 * 2"), "a number becomes too large");
  EXPECT_EQ(fault("(-9223372036854775807 - 1) // -1"), "a number becomes too large");
  EXPECT_EQ(fault("-(-9223372036854775807 - 1)"), "a number becomes too large");
  EXPECT_EQ(value("(-9223372036854775807 - 1) % -1"), ExpressionValue(std::int64_t{0}));
  EXPECT_EQ(fault("floor(1e300)"), "a number becomes too large");
  EXPECT_EQ(fault("1e300 * 1e300"), "a number becomes too large");
  EXPECT_EQ(fault("dim(7, 0)"), "there is no bottom 7");
  EXPECT_EQ(fault("dim(0, 4)"), "an axis is outside the shape [1, 64, 13, 26]");
  EXPECT_EQ(fault("dim(0, -5)"), "an axis is outside the shape [1, 64, 13, 26]");
  EXPECT_EQ(fault("count(0, 3, 1)"), "an axis is outside the shape [1, 64, 13, 26]");
  EXPECT_EQ(fault("nothing"), "there is no parameter \"nothing\"");
  EXPECT_EQ(fault("'a' + 1"), "an operator or function has something other than numbers");
  EXPECT_EQ(fault("at([1], 1)"), "a list has no element of that number");
  EXPECT_EQ(std::get<Fault>(to_shape(value("[1 - 3]"), false)).why, "it gives the negative size -2");
  EXPECT_TRUE(std::holds_alternative<Fault>(to_shape(value("[1.5]"), false)));
  EXPECT_TRUE(std::holds_alternative<Fault>(to_shape(value("3"), false)));
}

TEST(Expression, SyntaxErrorsHaveTheirPlace) {
  EXPECT_EQ(error_offset(""), 0U);
  EXPECT_EQ(error_offset("1 +"), 3U);
  EXPECT_EQ(error_offset("(1"), 2U);
  EXPECT_EQ(error_offset("1 2"), 2U);
  EXPECT_EQ(error_offset("1 + system('ls')"), 4U);
  EXPECT_EQ(error_offset("dim(0)"), 0U);
  EXPECT_EQ(error_offset("'open"), 0U);
  EXPECT_EQ(error_offset("[1, "), 4U);
  EXPECT_EQ(error_offset("99999999999999999999"), 0U);
  EXPECT_EQ(error_offset("negative(1)"), 0U);
  EXPECT_EQ(error_offset("1 + 2"), std::string::npos);
}

TEST(Expression, IsBounded) {
  EXPECT_NE(error_offset(std::string(100, '(') + "1" + std::string(100, ')')), std::string::npos);
  EXPECT_NE(error_offset(std::string(5000, ' ')), std::string::npos);
  EXPECT_EQ(value(std::string(60, '(') + "1" + std::string(60, ')')), ExpressionValue(std::int64_t{1}));
  std::string chain = "1";
  for (int i = 0; i < 1000; ++i) chain += "+1";
  EXPECT_EQ(value(chain), ExpressionValue(std::int64_t{1001}));
  EXPECT_EQ(value(std::string(3000, '-') + "1"), ExpressionValue(std::int64_t{1}));
  std::string list = "[1";
  for (int i = 1; i < 520; ++i) list += ",1";
  list += "]";
  EXPECT_EQ(value("length(" + list + ")"), ExpressionValue(std::int64_t{520}));
  EXPECT_EQ(fault("concat(" + list + "," + list + ")"), "a list has more than 1024 elements");
}

}  // namespace
}  // namespace mo::custom
