#include <gtest/gtest.h>

#include "graph/graph.h"
#include "ops/ops.h"
#include "passes/passes.h"

namespace mo {
namespace {

using Doubles = std::vector<double>;
using Integers = std::vector<std::int64_t>;

Value input(Graph& graph, Shape shape) {
  const NodeId id = graph.add(op::input, "data", {}, {{"shape", std::move(shape)}});
  graph.inputs.push_back(id);
  return {id, 0};
}

Value convolution(Graph& graph, const char* name, Value x, std::int64_t outputs, std::int64_t kernel,
                  std::int64_t stride, std::int64_t group = 1) {
  const Shape shape{outputs, graph.shape(x)[1] / group, kernel, kernel};
  Doubles weights(static_cast<std::size_t>(element_count(shape)), 1.0);
  return {graph.add(op::convolution, name, {x},
                    {{"output", outputs},
                     {"group", group},
                     {"kernel", Integers{kernel, kernel}},
                     {"strides", Integers{stride, stride}},
                     {"pads_begin", Integers{kernel / 2, kernel / 2}},
                     {"pads_end", Integers{kernel / 2, kernel / 2}},
                     {"dilations", Integers{1, 1}}},
                    {{"weights", Tensor::of(shape, std::move(weights))}}),
          0};
}

Value relu(Graph& graph, const char* name, Value x) {
  return {graph.add(op::relu, name, {x}, {{"negative_slope", 0.0F}}), 0};
}

Integers strides(const Graph& graph, Value value) {
  return graph.node(value.node).attributes.integers("strides");
}

TEST(MoveStridesUp, ComputesOnlyWhatIsRead) {
  Graph graph;
  const Value first = convolution(graph, "3x3", input(graph, {1, 2, 9, 9}), 4, 3, 1);
  const Value a = convolution(graph, "a", relu(graph, "relu", first), 4, 1, 2);
  graph.outputs = {a};
  passes::move_strides_up(graph);
  EXPECT_EQ(strides(graph, first), (Integers{2, 2}));
  EXPECT_EQ(strides(graph, a), (Integers{1, 1}));
  EXPECT_EQ(graph.shape(first), (Shape{1, 4, 5, 5}));
  EXPECT_EQ(graph.shape(a), (Shape{1, 4, 5, 5}));
}

TEST(MoveStridesUp, PoolsWhereReadersDiffer) {
  Graph graph;
  const Value first = convolution(graph, "3x3", input(graph, {1, 2, 9, 9}), 4, 3, 1);
  const Value strided = relu(graph, "relu", first);
  const Value a = convolution(graph, "a", strided, 4, 1, 2);
  const Value all{graph.add(op::tanh, "tanh", {first}), 0};
  graph.outputs = {a, all};
  passes::move_strides_up(graph);
  EXPECT_EQ(strides(graph, first), (Integers{1, 1}));
  EXPECT_EQ(strides(graph, a), (Integers{1, 1}));
  const Node& pooling = graph.node(graph.node(strided.node).inputs[0].node);
  EXPECT_EQ(pooling.op, &op::pooling);
  EXPECT_EQ(pooling.name, "Pooling_");
  EXPECT_EQ(graph.shape(all), (Shape{1, 4, 9, 9}));
}

TEST(MoveStridesUp, LeavesPaddedPointwiseConvolutionsAndOutputs) {
  Graph graph;
  const Value first = convolution(graph, "3x3", input(graph, {1, 2, 9, 9}), 4, 3, 1);
  const Value a = convolution(graph, "a", first, 4, 1, 2);
  graph.node(a.node).attributes.set("pads_begin", Integers{1, 1});
  graph.infer(a.node);
  graph.outputs = {a};
  passes::move_strides_up(graph);
  EXPECT_EQ(strides(graph, a), (Integers{2, 2}));

  graph.node(a.node).attributes.set("pads_begin", Integers{0, 0});
  graph.infer(a.node);
  graph.outputs = {a, first};  // someone else wants all of it
  passes::move_strides_up(graph);
  EXPECT_EQ(strides(graph, first), (Integers{1, 1}));
  EXPECT_EQ(strides(graph, a), (Integers{2, 2}));
}

TEST(FuseForward, MultipliesTheInputChannelsOfEachGroup) {
  Graph graph;
  const Value x = input(graph, {1, 4, 1, 1});
  const Value scaled{graph.add(op::scale_shift, "s", {x}, {{"axis", std::int64_t{1}}},
                               {{"weights", Tensor::of(Shape{4}, Doubles{2, 3, 5, 7})}}),
                     0};
  const Value conv = convolution(graph, "conv", scaled, 2, 1, 1, 2);
  graph.outputs = {conv};
  passes::fuse_scale_shift_forward(graph);
  EXPECT_FALSE(graph.node(scaled.node).alive);
  EXPECT_EQ(graph.node(conv.node).inputs[0], x);
  EXPECT_EQ(graph.node(conv.node).blob("weights")->values(), (Doubles{2, 3, 5, 7}));
}

TEST(FuseForward, KeepsAnOffsetThatPaddingWouldMiss) {
  Graph graph;
  const Value x = input(graph, {1, 1, 3, 3});
  const Value shifted{graph.add(op::scale_shift, "s", {x}, {{"axis", std::int64_t{1}}},
                                {{"weights", Tensor::of(Shape{1}, Doubles{2})},
                                 {"biases", Tensor::of(Shape{1}, Doubles{1})}}),
                      0};
  graph.outputs = {convolution(graph, "conv", shifted, 1, 3, 1)};
  passes::fuse_scale_shift_forward(graph);
  EXPECT_TRUE(graph.node(shifted.node).alive);
}

TEST(FuseForward, PutsAnOffsetIntoFullyConnected) {
  Graph graph;
  const Value x = input(graph, {1, 2, 1, 2});
  const Value shifted{graph.add(op::scale_shift, "s", {x}, {{"axis", std::int64_t{1}}},
                                {{"weights", Tensor::of(Shape{2}, Doubles{2, 3})},
                                 {"biases", Tensor::of(Shape{2}, Doubles{10, 20})}}),
                      0};
  const Value fc{graph.add(op::fully_connected, "fc", {shifted},
                           {{"out-size", std::int64_t{1}}, {"axis", std::int64_t{1}}, {"transpose", false}},
                           {{"weights", Tensor::of(Shape{1, 4}, Doubles{1, 2, 3, 4})}}),
                 0};
  graph.outputs = {fc};
  passes::fuse_scale_shift_forward(graph);
  EXPECT_EQ(graph.node(fc.node).blob("weights")->values(), (Doubles{2, 4, 9, 12}));
  EXPECT_EQ(graph.node(fc.node).blob("biases")->values(), (Doubles{10 * 3 + 20 * 7}));
}

TEST(LegacyPasses, NameWhatIsMadeOfBatchNormAsTheOriginal) {
  const auto name_in = [](int version) {
    Graph graph;
    const Value x = input(graph, {1, 2, 1, 1});
    const Value y{graph.add(op::batch_normalization, "bn", {x}, {{"epsilon", 0.0F}},
                            {{"mean", Tensor::of(Shape{2}, Doubles{1, -3})},
                             {"variance", Tensor::of(Shape{2}, Doubles{4, 0.25})}}),
                  0};
    graph.outputs = {y};
    passes::run(graph, {.ir_version = version});
    return graph.node(graph.outputs[0].node).name;
  };
  EXPECT_EQ(name_in(3), "Mul_/FusedScaleShift_");
  EXPECT_EQ(name_in(7), "Mul1_/Fused_Mul_/FusedScaleShift_");
  EXPECT_EQ(name_in(11), "bn");
}

TEST(LegacyPasses, SayLrnWithKByAPower) {
  Graph graph;
  const Value y{graph.add(op::lrn, "norm", {input(graph, {1, 2, 3, 3})},
                          {{"alpha", 4.0F},
                           {"beta", 0.5F},
                           {"k", 4.0F},
                           {"local-size", std::int64_t{5}},
                           {"region", std::string("across")}}),
                0};
  graph.outputs = {y};
  passes::run(graph, {.ir_version = 3});
  const Node& power = graph.node(graph.outputs[0].node);
  EXPECT_EQ(power.op, &op::power);
  EXPECT_EQ(power.name, "norm");
  EXPECT_FLOAT_EQ(power.attributes.number("scale"), 0.5F);
  EXPECT_FLOAT_EQ(graph.node(power.inputs[0].node).attributes.number("alpha"), 1.0F);
}

TEST(LegacyPasses, TileWhatIsBroadcast) {
  Graph graph;
  const Value x = input(graph, {1, 2, 3, 4});
  const Value pooled{graph.add(op::pooling, "pool", {x},
                               {{"pool-method", std::string("avg")},
                                {"rounding_type", std::string("ceil")},
                                {"global", true},
                                {"kernel", Integers{3, 4}},
                                {"strides", Integers{1, 1}},
                                {"pads_begin", Integers{0, 0}},
                                {"pads_end", Integers{0, 0}}}),
                     0};
  const Value product{graph.add(op::eltwise, "e", {x, pooled},
                                {{"operation", std::string("mul")}, {"coeff", std::vector<float>{}}}),
                      0};
  graph.outputs = {product};
  passes::legacy_eltwise_broadcast(graph);
  const Node& last = graph.node(graph.node(product.node).inputs[1].node);
  EXPECT_EQ(last.op, &op::tile);
  EXPECT_EQ(last.outputs[0].shape, (Shape{1, 2, 3, 4}));
  EXPECT_EQ(graph.node(last.inputs[0].node).op, &op::tile);
}

}  // namespace
}  // namespace mo
