#include "graph/graph.h"

#include <gtest/gtest.h>

#include "ops/ops.h"
#include "support/diagnostics.h"

namespace mo {
namespace {

Value add_input(Graph& graph, const std::string& name, Shape shape) {
  const NodeId id = graph.add(op::input, name, {}, {{"shape", std::move(shape)}});
  graph.inputs.push_back(id);
  return {id, 0};
}

Value add_relu(Graph& graph, const std::string& name, Value x) {
  return {graph.add(op::relu, name, {x}, {{"negative_slope", 0.0F}}), 0};
}

TEST(Graph, InfersShapesWhenANodeIsAdded) {
  Graph graph;
  const Value x = add_input(graph, "data", {2, 3, 4, 5});
  EXPECT_EQ(graph.shape(add_relu(graph, "relu", x)), (Shape{2, 3, 4, 5}));
}

TEST(Graph, StaysAsItWasWhenAShapeMakesNoSense) {
  Graph graph;
  const Value a = add_input(graph, "a", {1, 3});
  const Value b = add_input(graph, "b", {1, 4});
  const Attributes sum{{"operation", std::string("sum")}, {"coeff", std::vector<float>{}}};
  EXPECT_THROW(graph.add(op::eltwise, "sum", {a, b}, sum), Failure);
  EXPECT_EQ(graph.capacity(), 2U);
  EXPECT_TRUE(graph.output(a).uses.empty());
  EXPECT_FALSE(graph.takes("sum"));
}

TEST(Graph, GivesRepeatedNamesSuffixes) {
  Graph graph;
  const Value x = add_input(graph, "x", {1});
  EXPECT_EQ(graph.node(add_relu(graph, "r", x).node).name, "r");
  EXPECT_EQ(graph.node(add_relu(graph, "r_1", x).node).name, "r_1");
  EXPECT_EQ(graph.node(add_relu(graph, "r", x).node).name, "r_2");
}

TEST(Graph, ReplaceMovesUsesNamesAndOutputs) {
  Graph graph;
  const Value x = add_input(graph, "x", {1});
  const Value a = add_relu(graph, "a", x);
  const Value b = add_relu(graph, "b", a);
  graph.output(a).names = {"blob"};
  graph.outputs = {a, b};
  graph.replace(a, x);
  EXPECT_EQ(graph.node(b.node).inputs[0], x);
  EXPECT_EQ(graph.outputs[0], x);
  EXPECT_EQ(graph.output(x).names, std::vector<std::string>{"blob"});
  EXPECT_TRUE(graph.output(a).uses.empty());
  graph.erase(a.node);
  EXPECT_EQ(graph.topological_order(), (std::vector<NodeId>{x.node, b.node}));
}

TEST(Graph, RefusesToEraseWhatIsUsed) {
  Graph graph;
  const Value x = add_input(graph, "x", {1});
  add_relu(graph, "a", x);
  EXPECT_THROW(graph.erase(x.node), std::logic_error);
}

TEST(Graph, KnowsTheOnlyConsumer) {
  Graph graph;
  const Value x = add_input(graph, "x", {1});
  const Value a = add_relu(graph, "a", x);
  EXPECT_EQ(graph.only_consumer(x), &graph.node(a.node));
  graph.outputs = {x};
  EXPECT_EQ(graph.only_consumer(x), nullptr) << "a network output is used by the application";
  graph.outputs.clear();
  add_relu(graph, "b", x);
  EXPECT_EQ(graph.only_consumer(x), nullptr);
}

TEST(Graph, OrdersNodesThatWereRewiredBackwards) {
  Graph graph;
  const Value x = add_input(graph, "x", {1});
  const Value a = add_relu(graph, "a", x);
  const Value b = add_relu(graph, "b", x);
  graph.set_input(a.node, 0, b);
  EXPECT_EQ(graph.topological_order(), (std::vector<NodeId>{x.node, b.node, a.node}));
}

TEST(Graph, ErasesWhatNoOutputNeedsAndNamesTheInputsThatWent) {
  Graph graph;
  const Value x = add_input(graph, "x", {1});
  const Value y = add_input(graph, "y", {1});
  const Value a = add_relu(graph, "a", x);
  add_relu(graph, "dead", add_relu(graph, "also_dead", y));
  graph.outputs = {a};
  EXPECT_EQ(graph.erase_dead(), std::vector<std::string>{"y"});
  EXPECT_EQ(graph.topological_order(), (std::vector<NodeId>{x.node, a.node}));
  EXPECT_EQ(graph.inputs, std::vector<NodeId>{x.node});
}

TEST(Graph, IsNotRecursive) {
  Graph graph;
  Value x = add_input(graph, "x", {1});
  for (int i = 0; i < 200000; ++i) x = add_relu(graph, "r", x);
  graph.outputs = {x};
  EXPECT_TRUE(graph.erase_dead().empty());
  EXPECT_EQ(graph.topological_order().size(), 200001U);
}

}  // namespace
}  // namespace mo
