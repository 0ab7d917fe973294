#include "report/takeovers.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "ops/ops.h"

namespace mo::report {
namespace {

using Ids = std::vector<NodeId>;

NodeId relu(Graph& graph, const char* name, Value x) {
  return graph.add(op::relu, name, {x}, {{"negative_slope", 0.0F}});
}

/// An input and a row of ReLUs behind it.
Graph row(std::size_t count) {
  Graph graph;
  NodeId last = graph.add(op::input, "data", {}, {{"shape", Shape{1, 2}}});
  for (std::size_t i = 0; i < count; ++i) last = relu(graph, "relu", {last, 0});
  return graph;
}

TEST(Takeovers, ANodeThatNothingTookOverIsItsOwnHeir) {
  const Graph graph = row(2);
  EXPECT_EQ(heirs(graph), (std::vector<Ids>{{0}, {1}, {2}}));
}

TEST(Takeovers, AreFollowedToTheEnd) {
  Graph graph = row(3);
  graph.take_over(3, 2);
  graph.erase(3);
  graph.take_over(2, 1);
  graph.erase(2);
  EXPECT_EQ(heirs(graph), (std::vector<Ids>{{0}, {1}, {1}, {1}}));
}

TEST(Takeovers, GoToEachOfSeveral) {
  Graph graph = row(1);
  const NodeId left = relu(graph, "left", {1, 0});
  const NodeId right = relu(graph, "right", {1, 0});
  graph.take_over(1, left);
  graph.take_over(1, right);
  graph.replace({1, 0}, {0, 0});
  graph.erase(1);
  Ids found = heirs(graph)[1];
  std::ranges::sort(found);
  EXPECT_EQ(found, (Ids{left, right}));
}

TEST(Takeovers, WhatIsMadeLaterTakesOverWhatItReplaces) {
  Graph graph = row(1);
  const NodeId other = graph.add(op::tanh, "other", {{0, 0}});
  graph.replace({1, 0}, {other, 0});
  graph.erase(1);
  EXPECT_EQ(heirs(graph)[1], (Ids{other}));
}

TEST(Takeovers, WhatIsOnlyLeftOutHasNoHeirs) {
  Graph graph = row(1);
  graph.replace({1, 0}, {0, 0});
  graph.erase(1);
  EXPECT_EQ(heirs(graph)[1], Ids{});
}

}  // namespace
}  // namespace mo::report
