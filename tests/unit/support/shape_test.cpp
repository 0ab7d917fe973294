#include "support/shape.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace mo {
namespace {

TEST(Shape, CountsElements) {
  EXPECT_EQ(element_count({}), 1);
  EXPECT_EQ(element_count({2, 3, 4}), 24);
  EXPECT_EQ(element_count({2, 0, 4}), 0);
  EXPECT_EQ(element_count({2, -1, 4}), -1);
}

TEST(Shape, OverflowIsAnError) {
  EXPECT_EQ(element_count({std::int64_t{1} << 31, std::int64_t{1} << 31}), std::int64_t{1} << 62);
  EXPECT_THROW(element_count({std::int64_t{1} << 32, std::int64_t{1} << 31}), std::overflow_error);
}

TEST(Shape, SpellsUnknownDimensions) {
  EXPECT_EQ(to_string(Shape{1, -1, 224}), "[1, ?, 224]");
  EXPECT_EQ(to_string(Shape{}), "[]");
}

}  // namespace
}  // namespace mo
