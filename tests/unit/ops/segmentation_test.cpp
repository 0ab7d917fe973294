#include <gtest/gtest.h>

#include "graph/graph.h"
#include "ops/ops.h"
#include "support/diagnostics.h"

namespace mo {
namespace {

using Integers = std::vector<std::int64_t>;

/// The shape that `op` gives for inputs of these shapes.
Shape shape_of(const OpDef& op, const std::vector<Shape>& inputs, Attributes attributes) {
  Graph graph;
  std::vector<Value> values;
  for (const Shape& shape : inputs) values.push_back({graph.add(op::input, "in", {}, {{"shape", shape}}), 0});
  return graph.shape({graph.add(op, "node", values, std::move(attributes)), 0});
}

const DiagnosticCode* failure_of(const OpDef& op, const std::vector<Shape>& inputs, Attributes attributes) {
  try {
    shape_of(op, inputs, std::move(attributes));
  } catch (const Failure& failure) {
    return failure.diagnostic().code;
  }
  return nullptr;
}

Attributes crop(Integers axis, Integers dim, Integers offset) {
  return {{"axis", std::move(axis)}, {"dim", std::move(dim)}, {"offset", std::move(offset)}};
}

TEST(CropShape, ReplacesTheNamedAxes) {
  EXPECT_EQ(shape_of(op::crop, {{2, 3, 7, 6}}, crop({2, 3}, {5, 4}, {2, 0})), (Shape{2, 3, 5, 4}));
  EXPECT_EQ(shape_of(op::crop, {{2, 3, 7, 6}}, crop({-1}, {6}, {0})), (Shape{2, 3, 7, 6}));
}

TEST(CropShape, RefusesWhatIsOutside) {
  EXPECT_EQ(failure_of(op::crop, {{1, 1, 7, 6}}, crop({2}, {5}, {3})), &code::bad_shape);
  EXPECT_EQ(failure_of(op::crop, {{1, 1, 7, 6}}, crop({2}, {5}, {-1})), &code::bad_shape);
  EXPECT_EQ(failure_of(op::crop, {{1, 1, 7, 6}}, crop({2}, {INT64_MAX}, {INT64_MAX})), &code::bad_shape);
  EXPECT_EQ(failure_of(op::crop, {{1, 1, 7, 6}}, crop({4}, {1}, {0})), &code::bad_shape);
  EXPECT_EQ(failure_of(op::crop, {{1, 1, -1, 6}}, crop({2}, {1}, {0})), &code::bad_shape);
}

Attributes arg_max(std::int64_t top_k, bool values) {
  return {{"top_k", top_k}, {"out_max_val", values}};
}

TEST(ArgMaxShape, WithoutAxisIsThreeAxesOrMore) {
  EXPECT_EQ(shape_of(op::arg_max, {{2, 9}}, arg_max(3, false)), (Shape{2, 1, 3}));
  EXPECT_EQ(shape_of(op::arg_max, {{2, 3, 4, 5}}, arg_max(3, true)), (Shape{2, 2, 3, 1}));
}

TEST(ArgMaxShape, WithAxisKeepsTheOthers) {
  Attributes attributes = arg_max(2, true);
  attributes.set("axis", std::int64_t{-2});
  EXPECT_EQ(shape_of(op::arg_max, {{2, 3, 4, 5}}, attributes), (Shape{2, 3, 2, 5}));
}

TEST(ArgMaxShape, TopKIsWithinTheElements) {
  EXPECT_EQ(failure_of(op::arg_max, {{2, 9}}, arg_max(10, false)), &code::bad_shape);
  EXPECT_EQ(failure_of(op::arg_max, {{2, 9}}, arg_max(0, false)), &code::bad_shape);
  EXPECT_EQ(failure_of(op::arg_max, {{2, -1}}, arg_max(1, false)), &code::bad_shape);
}

TEST(ReductionShape, EndsAtTheAxis) {
  const auto reduce = [](std::int64_t axis) {
    return Attributes{{"operation", std::string("SUM")}, {"axis", axis}, {"coeff", 1.0F}};
  };
  EXPECT_EQ(shape_of(op::reduction, {{2, 3, 4}}, reduce(0)), Shape{});
  EXPECT_EQ(shape_of(op::reduction, {{2, 3, 4}}, reduce(-1)), (Shape{2, 3}));
  EXPECT_EQ(failure_of(op::reduction, {{2, 3, 4}}, reduce(3)), &code::bad_shape);
}

TEST(GatherShape, TheIndicesTakeThePlaceOfTheAxis) {
  EXPECT_EQ(shape_of(op::gather, {{7, 4}, {5, 2}}, {{"axis", std::int64_t{0}}}), (Shape{5, 2, 4}));
  EXPECT_EQ(failure_of(op::gather, {{7, 4}}, {{"axis", std::int64_t{1}}, {"indices", Integers{4}}}),
            &code::bad_shape);
}

TEST(InterpShape, IsTheGivenSize) {
  const auto size = [](std::int64_t height, std::int64_t width) {
    return Attributes{{"height", height}, {"width", width}, {"align_corners", true}};
  };
  EXPECT_EQ(shape_of(op::interp, {{2, 3, 4, 5}}, size(9, 1)), (Shape{2, 3, 9, 1}));
  EXPECT_EQ(failure_of(op::interp, {{2, 3, 4, 5}}, size(0, 1)), &code::bad_shape);
  EXPECT_EQ(failure_of(op::interp, {{2, 3, 4, 5}}, size(INT64_MAX, 1)), &code::bad_shape);
  EXPECT_EQ(failure_of(op::interp, {{2, 3}}, size(1, 1)), &code::bad_shape);
}

/// The numbers of the original converter for FlowNetC's correlation.
TEST(CorrelationShape, CountsDisplacementsAsChannels) {
  const Attributes attributes{
      {"pad", std::int64_t{20}},     {"kernel_size", std::int64_t{1}}, {"max_displacement", std::int64_t{20}},
      {"stride_1", std::int64_t{1}}, {"stride_2", std::int64_t{2}},    {"single_direction", std::int64_t{0}}};
  EXPECT_EQ(shape_of(op::correlation, {{1, 8, 32, 40}, {1, 8, 32, 40}}, attributes), (Shape{1, 441, 32, 40}));
  EXPECT_EQ(failure_of(op::correlation, {{1, 8, 32, 40}, {1, 8, 32, 41}}, attributes), &code::bad_shape);
}

TEST(RecurrentShape, NeedsSequences) {
  const Attributes attributes{{"hidden_size", std::int64_t{4}}};
  EXPECT_EQ(shape_of(op::lstm, {{5, 2, 3}}, attributes), (Shape{5, 2, 4}));
  EXPECT_EQ(failure_of(op::lstm, {{5, 2}}, attributes), &code::bad_shape);
  EXPECT_EQ(failure_of(op::rnn, {{5, -1, 3}}, attributes), &code::bad_shape);
}

}  // namespace
}  // namespace mo
