#include <gtest/gtest.h>

#include "graph/graph.h"
#include "ops/ops.h"
#include "passes/passes.h"

namespace mo {
namespace {

using Doubles = std::vector<double>;

Value add_input(Graph& graph, Shape shape) {
  const NodeId id = graph.add(op::input, "data", {}, {{"shape", std::move(shape)}});
  graph.inputs.push_back(id);
  return {id, 0};
}

Value add_scale_shift(Graph& graph, Value x, const Doubles& weights, const Doubles& biases,
                      std::int64_t axis = 1) {
  std::vector<Blob> blobs;
  const auto blob = [&](const char* role, const Doubles& values) {
    if (!values.empty())
      blobs.push_back({role, Tensor::of(Shape{static_cast<std::int64_t>(values.size())}, values)});
  };
  blob("weights", weights);
  blob("biases", biases);
  return {graph.add(op::scale_shift, "affine", {x}, {{"axis", axis}}, blobs), 0};
}

Value add_convolution(Graph& graph, const OpDef& op, Value x, Shape shape, std::int64_t outputs,
                      std::int64_t group, const Doubles& biases) {
  using Integers = std::vector<std::int64_t>;
  const Attributes attributes{{"output", outputs},
                              {"group", group},
                              {"kernel", Integers{1, 1}},
                              {"strides", Integers{1, 1}},
                              {"pads_begin", Integers{0, 0}},
                              {"pads_end", Integers{0, 0}},
                              {"dilations", Integers{1, 1}}};
  Doubles weights(static_cast<std::size_t>(element_count(shape)));
  for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = static_cast<double>(i + 1);
  std::vector<Blob> blobs{{"weights", Tensor::of(shape, weights)}};
  if (!biases.empty()) blobs.push_back({"biases", Tensor::of(Shape{outputs}, biases)});
  return {graph.add(op, "conv", {x}, attributes, blobs), 0};
}

Doubles blob(const Graph& graph, Value value, std::string_view role) {
  const Tensor* tensor = graph.node(value.node).blob(role);
  return tensor == nullptr ? Doubles{} : tensor->values();
}

TEST(BatchNormalization, BecomesAFactorAndAnOffset) {
  Graph graph;
  const Value x = add_input(graph, {1, 2, 1, 1});
  const Value y{graph.add(op::batch_normalization, "bn", {x}, {{"epsilon", 0.0F}},
                          {{"mean", Tensor::of(Shape{2}, Doubles{1, -3})},
                           {"variance", Tensor::of(Shape{2}, Doubles{4, 0.25})}}),
                0};
  passes::batch_normalization_to_scale_shift(graph);
  EXPECT_EQ(graph.node(y.node).op, &op::scale_shift);
  EXPECT_EQ(blob(graph, y, "weights"), (Doubles{0.5, 2}));
  EXPECT_EQ(blob(graph, y, "biases"), (Doubles{-0.5, 6}));
}

TEST(MergeScaleShifts, ChainsBecomeOne) {
  Graph graph;
  const Value x = add_input(graph, {1, 2});
  const Value a = add_scale_shift(graph, x, {2, 3}, {1, 1});
  const Value b = add_scale_shift(graph, a, {}, {5, 5});
  const Value c = add_scale_shift(graph, b, {10, 100}, {});
  graph.outputs = {c};
  passes::merge_scale_shifts(graph);
  EXPECT_EQ(graph.node(c.node).inputs[0], x);
  EXPECT_EQ(blob(graph, c, "weights"), (Doubles{20, 300}));
  EXPECT_EQ(blob(graph, c, "biases"), (Doubles{60, 600}));
}

TEST(MergeScaleShifts, LeavesWhatIsUsedElsewhere) {
  Graph graph;
  const Value x = add_input(graph, {1, 2});
  const Value a = add_scale_shift(graph, x, {2, 3}, {});
  const Value b = add_scale_shift(graph, a, {4, 5}, {});
  graph.outputs = {a, b};
  passes::merge_scale_shifts(graph);
  EXPECT_EQ(graph.node(b.node).inputs[0], a);
}

TEST(RemoveNeutralScaleShifts, OnlyExactOnesAndZerosGo) {
  Graph graph;
  const Value x = add_input(graph, {1, 2});
  const Value a = add_scale_shift(graph, x, {1, 1}, {0, 0});
  const Value b = add_scale_shift(graph, a, {1, 1}, {0, 1e-30});
  graph.outputs = {b};
  passes::remove_neutral_scale_shifts(graph);
  EXPECT_EQ(graph.node(b.node).inputs[0], x);
  EXPECT_TRUE(blob(graph, b, "weights").empty());
  EXPECT_EQ(blob(graph, b, "biases"), (Doubles{0, 1e-30}));
}

TEST(FuseBackward, ScalesOutputChannelsOfAConvolution) {
  Graph graph;
  const Value x = add_input(graph, {1, 2, 3, 3});
  const Value conv = add_convolution(graph, op::convolution, x, {2, 2, 1, 1}, 2, 1, {1, 1});
  const Value y = add_scale_shift(graph, conv, {10, 100}, {7, 8});
  graph.outputs = {y};
  passes::fuse_scale_shift_backward(graph);
  EXPECT_EQ(graph.outputs[0], conv);
  EXPECT_EQ(blob(graph, conv, "weights"), (Doubles{10, 20, 300, 400}));
  EXPECT_EQ(blob(graph, conv, "biases"), (Doubles{17, 108}));
}

TEST(FuseBackward, KnowsWhichOutputsAGroupOfADeconvolutionFeeds) {
  Graph graph;
  const Value x = add_input(graph, {1, 4, 3, 3});
  // Two groups: inputs 0 and 1 feed outputs 0 and 1, inputs 2 and 3 feed outputs 2 and 3.
  const Value conv = add_convolution(graph, op::deconvolution, x, {4, 2, 1, 1}, 4, 2, {});
  const Value y = add_scale_shift(graph, conv, {1, 10, 100, 1000}, {});
  graph.outputs = {y};
  passes::fuse_scale_shift_backward(graph);
  EXPECT_EQ(blob(graph, conv, "weights"), (Doubles{1, 20, 3, 40, 500, 6000, 700, 8000}));
  EXPECT_TRUE(blob(graph, conv, "biases").empty()) << "no offset, no bias";
}

TEST(FuseBackward, LeavesWhatIsNotPerChannelOrSeenElsewhere) {
  Graph graph;
  const Value x = add_input(graph, {1, 2, 2, 2});
  const Value conv = add_convolution(graph, op::convolution, x, {2, 2, 1, 1}, 2, 1, {});
  const Value rows = add_scale_shift(graph, conv, {5, 6}, {}, 2);
  graph.outputs = {rows};
  passes::fuse_scale_shift_backward(graph);
  EXPECT_EQ(graph.outputs[0], rows) << "a factor along H is not one per channel";

  const Value channels = add_scale_shift(graph, conv, {5, 6}, {});
  graph.outputs = {rows, channels};
  passes::fuse_scale_shift_backward(graph);
  EXPECT_EQ(graph.outputs[1], channels) << "the convolution has a second consumer";
}

}  // namespace
}  // namespace mo
