#include "graph/value_list.h"

#include <gtest/gtest.h>

namespace mo {
namespace {

std::vector<Value> all(const ValueList& list) {
  return {list.begin(), list.end()};
}

TEST(ValueList, FindsAndReplacesInPlace) {
  ValueList list{{1, 0}, {2, 0}, {2, 1}, {1, 0}};
  EXPECT_TRUE(list.contains({2, 1}));
  EXPECT_FALSE(list.contains({1, 1}));
  list.replace({1, 0}, {7, 3});
  EXPECT_EQ(all(list), (std::vector<Value>{{7, 3}, {2, 0}, {2, 1}, {7, 3}}));
  EXPECT_FALSE(list.contains({1, 0}));
  EXPECT_TRUE(list.contains({7, 3}));
  list.replace({7, 3}, {2, 0});
  list.replace({2, 0}, {9, 0});
  EXPECT_EQ(all(list), (std::vector<Value>{{9, 0}, {9, 0}, {2, 1}, {9, 0}}));
  list.replace({5, 5}, {6, 6});
  EXPECT_EQ(list.size(), 4U);
  list.clear();
  EXPECT_TRUE(list.empty());
  EXPECT_FALSE(list.contains({9, 0}));
}

}  // namespace
}  // namespace mo
