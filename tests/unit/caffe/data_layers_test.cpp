#include <gtest/gtest.h>

#include "caffe/build_graph.h"
#include "caffe/net.h"
#include "support/diagnostics.h"

namespace mo::caffe {
namespace {

struct Built {
  Diagnostics diagnostics;
  Graph graph;
};

Built build(const std::string& prototxt) {
  Built built;
  const Net net = read_net(MappedFile::in_memory("net.prototxt", prototxt), nullptr, built.diagnostics);
  built.graph = build_graph(net, {}, {}, built.diagnostics);
  return built;
}

const std::string image = R"(input: "data" input_shape { dim: 1 dim: 3 dim: 8 dim: 8 })";

TEST(DataLayers, ALabelThatOnlyTheLossReadsIsNoInput) {
  const Built built = build(image + R"(
    layer { name: "target" type: "MemoryData" top: "label" top: "unused" }
    layer { name: "act" type: "Sigmoid" bottom: "data" top: "out" }
    layer { name: "loss" type: "EuclideanLoss" bottom: "out" bottom: "label" top: "loss" })");
  EXPECT_FALSE(built.diagnostics.has_errors());
  EXPECT_EQ(built.graph.inputs.size(), 1U);
}

TEST(DataLayers, WhatInferenceReadsNeedsAShape) {
  const Built built = build(R"(
    layer { name: "source" type: "Data" top: "data" top: "label" }
    layer { name: "act" type: "Sigmoid" bottom: "data" top: "out" })");
  ASSERT_TRUE(built.diagnostics.has_errors());
  EXPECT_EQ(built.diagnostics.all()[0].code, &code::input_without_shape);
}

TEST(DataLayers, AnUnknownTypeWithoutBottomsIsAnInput) {
  const Built built = build(R"(
    layer { name: "source" type: "MyReader" top: "data" transform_param { crop_size: 8 } }
    layer { name: "act" type: "Sigmoid" bottom: "data" top: "out" })");
  EXPECT_FALSE(built.diagnostics.has_errors());
  ASSERT_EQ(built.graph.inputs.size(), 1U);
  EXPECT_EQ(built.graph.shape({built.graph.inputs[0], 0}), (Shape{1, 3, 8, 8}));
}

TEST(PoolingMask, OfAnAverageIsRefusedWhereItIsReadAndNotBefore) {
  const std::string pool = image + R"(
    layer { name: "pool" type: "Pooling" bottom: "data" top: "out" top: "mask"
            pooling_param { pool: AVE kernel_size: 2 stride: 2 } })";
  EXPECT_FALSE(build(pool).diagnostics.has_errors());
  const Built read = build(pool + R"(layer { name: "act" type: "Sigmoid" bottom: "mask" top: "y" })");
  ASSERT_TRUE(read.diagnostics.has_errors());
  EXPECT_EQ(read.diagnostics.all()[0].code, &code::unsupported_parameter);
}

}  // namespace
}  // namespace mo::caffe
