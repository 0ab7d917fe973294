#include <gtest/gtest.h>

#include <algorithm>

#include "ir/legacy/emitter.h"
#include "ir/legacy/order.h"
#include "ir/xml_writer.h"
#include "ops/ops.h"
#include "passes/passes.h"
#include "support/diagnostics.h"

namespace mo {
namespace {

using Integers = std::vector<std::int64_t>;
using Floats = std::vector<float>;

/// data -> conv (3x1 kernel, one bias vector) -> relu, pool -> sum of both.
Graph branchy(bool with_biases = true) {
  Graph graph;
  graph.name = "net";
  const NodeId data = graph.add(op::input, "data", {}, {{"shape", Shape{1, 1, 4, 4}}});
  graph.inputs.push_back(data);
  std::vector<Blob> blobs{{"weights", Tensor::of(Shape{2, 1, 3, 1}, Floats{1, 2, 3, 4, 5, 6})}};
  if (with_biases) blobs.push_back({"biases", Tensor::of(Shape{2}, Floats{1, 2})});
  const NodeId conv = graph.add(op::convolution, "conv", {{data, 0}},
                                {{"output", std::int64_t{2}},
                                 {"group", std::int64_t{1}},
                                 {"kernel", Integers{3, 1}},
                                 {"strides", Integers{1, 1}},
                                 {"pads_begin", Integers{1, 0}},
                                 {"pads_end", Integers{1, 0}},
                                 {"dilations", Integers{1, 1}}},
                                blobs);
  const NodeId relu = graph.add(op::relu, "relu", {{conv, 0}}, {{"negative_slope", 0.0F}});
  const NodeId scaled = graph.add(op::relu, "leaky", {{conv, 0}}, {{"negative_slope", 0.1F}});
  const NodeId sum = graph.add(op::eltwise, "sum", {{scaled, 0}, {relu, 0}},
                               {{"operation", std::string("sum")}, {"coeff", Floats{}}});
  graph.output({sum, 0}).names = {"sum"};
  graph.outputs.push_back({sum, 0});
  return graph;
}

const ir::Layer& layer(const ir::Model& model, std::string_view name) {
  return *std::ranges::find(model.layers, name, &ir::Layer::name);
}

ir::TextAttributes data(const Graph& graph, int version, std::string_view name) {
  return layer(ir::legacy::emit(graph, {.version = version}), name).data;
}

std::string text(const ir::TextAttributes& attributes) {
  std::string all;
  for (const auto& [name, value] : attributes) all += name + "=" + value + " ";
  return all;
}

TEST(LegacyEmitter, NumbersOutputPortsBehindInputsAndBlobs) {
  const ir::Model with = ir::legacy::emit(branchy(true), {.version = 3});
  EXPECT_EQ(layer(with, "data").first_output_port(), 0U);
  EXPECT_EQ(layer(with, "conv").first_output_port(), 3U);
  EXPECT_EQ(layer(with, "relu").first_output_port(), 1U);
  EXPECT_EQ(layer(with, "sum").first_output_port(), 2U);
  const ir::Model without = ir::legacy::emit(branchy(false), {.version = 3});
  EXPECT_EQ(layer(without, "conv").first_output_port(), 2U);
}

TEST(LegacyEmitter, WalksFromTheOutputsUpwards) {
  const Graph graph = branchy();
  std::vector<std::string> names;
  for (const NodeId id : ir::legacy::layer_order(graph)) names.push_back(graph.node(id).name);
  EXPECT_EQ(names, (std::vector<std::string>{"data", "conv", "relu", "leaky", "sum"}));
}

TEST(LegacyEmitter, WalksALongChainWithoutRecursion) {
  Graph graph;
  Value x{graph.add(op::input, "data", {}, {{"shape", Shape{1, 1}}}), 0};
  graph.inputs.push_back(x.node);
  for (int i = 0; i < 100000; ++i)
    x = {graph.add(op::relu, "relu" + std::to_string(i), {x}, {{"negative_slope", 0.0F}}), 0};
  graph.outputs.push_back(x);
  EXPECT_EQ(ir::legacy::layer_order(graph).size(), 100001U);
}

TEST(LegacyEmitter, SpellsAConvolutionPerVersion) {
  EXPECT_EQ(
      text(data(branchy(), 2, "conv")),
      "dilation-x=1 dilation-y=1 group=1 kernel-x=1 kernel-y=3 output=2 pad-b=1 pad-r=0 pad-x=0 pad-y=1 "
      "stride-x=1 stride-y=1 ");
  for (const int version : {3, 4, 5, 6, 7})
    EXPECT_EQ(text(data(branchy(), version, "conv")),
              "dilations=1,1 group=1 kernel=3,1 output=2 pads_begin=1,0 pads_end=1,0 strides=1,1 ");
}

TEST(LegacyEmitter, LeavesOutWhatVersionsOnwardsLeaveOut) {
  EXPECT_EQ(text(data(branchy(), 5, "relu")), "negative_slope=0.0 ");
  EXPECT_EQ(text(data(branchy(), 6, "relu")), "");
  EXPECT_EQ(text(data(branchy(), 6, "leaky")), "negative_slope=0.10000000149011612 ");
  EXPECT_EQ(text(data(branchy(), 5, "sum")), "coeff= operation=sum ");
  EXPECT_EQ(text(data(branchy(), 7, "sum")), "operation=sum ");
}

TEST(LegacyEmitter, ReshapeTakesItsTargetFromAConstantSinceVersionFive) {
  Graph graph;
  const NodeId input = graph.add(op::input, "data", {}, {{"shape", Shape{2, 3, 4}}});
  graph.inputs.push_back(input);
  const NodeId reshape =
      graph.add(op::reshape, "reshape", {{input, 0}},
                {{"dim", Integers{0, -1}}, {"axis", std::int64_t{0}}, {"num_axes", std::int64_t{-1}}});
  graph.outputs.push_back({reshape, 0});
  EXPECT_EQ(text(data(graph, 4, "reshape")), "axis=0 dim=0,-1 num_axes=-1 ");
  EXPECT_EQ(text(data(graph, 6, "reshape")), "axis=0 num_axes=-1 ");
  EXPECT_EQ(text(data(graph, 7, "reshape")), "special_zero=True ");

  const ir::Model model = ir::legacy::emit(graph, {.version = 6});
  ASSERT_EQ(model.layers.size(), 3U);
  EXPECT_EQ(model.layers[1].type, "Const");
  EXPECT_EQ(model.layers[1].precision, ir::Precision::i32);
  EXPECT_EQ(model.constants.at(0).stored, ElementType::i32);
  EXPECT_EQ(model.constants.at(0).tensor.values(), (std::vector<double>{0, -1}));
  EXPECT_EQ(layer(model, "reshape").first_output_port(), 2U);
  EXPECT_EQ(ir::legacy::emit(graph, {.version = 5}).constants.at(0).stored, ElementType::f32);
}

TEST(LegacyEmitter, NamesTheLowestVersionThatHasAnOp) {
  Graph graph;
  const NodeId input = graph.add(op::input, "data", {}, {{"shape", Shape{1, 3}}});
  graph.inputs.push_back(input);
  graph.outputs.push_back({graph.add(op::log, "ln", {{input, 0}}), 0});
  EXPECT_NO_THROW(ir::legacy::emit(graph, {.version = 6}));
  try {
    ir::legacy::emit(graph, {.version = 3});
    FAIL() << "v3 has no Log";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.diagnostic().code, &code::not_in_this_version);
    EXPECT_EQ(failure.diagnostic().layer, "ln");
    EXPECT_NE(failure.diagnostic().cause.find("v3"), std::string::npos);
    EXPECT_NE(failure.diagnostic().remedy.find("--ir_version 6"), std::string::npos);
  }
}

TEST(LegacyEmitter, NamesAllThatAVersionLacksAtOnce) {
  Graph graph;
  const NodeId input = graph.add(op::input, "data", {}, {{"shape", Shape{4, 3}}});
  graph.inputs.push_back(input);
  const NodeId first = graph.add(op::log, "first", {{input, 0}});
  const NodeId second = graph.add(op::log, "second", {{first, 0}});
  const Attributes rows{{"axis", std::int64_t{0}}, {"indices", Integers{1, 0}}};
  graph.outputs.push_back({graph.add(op::gather, "rows", {{second, 0}}, rows), 0});
  try {
    ir::legacy::emit(graph, {.version = 3});
    FAIL() << "v3 has no Log";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.diagnostic().cause,
              "IR v3 has no layer for Gather (rows), no layer for Log (first, second)");
    EXPECT_NE(failure.diagnostic().remedy.find("--ir_version 6"), std::string::npos);
  }
}

TEST(LegacyXml, SharesIdenticalBlobs) {
  Graph graph;
  const NodeId input = graph.add(op::input, "data", {}, {{"shape", Shape{1, 2, 1, 1}}});
  graph.inputs.push_back(input);
  Value x{input, 0};
  for (const char* name : {"a", "b"})
    x = {graph.add(op::scale_shift, name, {x}, {{"axis", std::int64_t{1}}},
                   {{"biases", Tensor::of(Shape{2}, Floats{name[0] == 'a' ? 3.0F : 4.0F, 5})}}),
         0};
  graph.outputs.push_back(x);
  ir::Model model = ir::legacy::emit(graph, {.version = 3});
  EXPECT_EQ(lay_out(model.constants), 24U);  // ones once, two offsets
  EXPECT_EQ(model.constants[0].offset, model.constants[2].offset);
  EXPECT_NE(model.constants[1].offset, model.constants[3].offset);
}

TEST(LegacyXml, HasTheOriginalsLayout) {
  Graph graph;
  graph.name = "net";
  const NodeId input = graph.add(op::input, "data", {}, {{"shape", Shape{1, 2}}});
  graph.inputs.push_back(input);
  graph.outputs.push_back({graph.add(op::tanh, "t", {{input, 0}}), 0});
  graph.means.push_back({.input = input, .values = {104.0F, 0.5F}, .images = {}});
  ir::Model model = ir::legacy::emit(graph, {.version = 3});
  model.producer = "x";
  model.parameters = {{"scale_values", "()"}};
  model.unset_parameters = {"batch", "input"};
  const std::string head =
      "<?xml version=\"1.0\" ?>\n"
      "<net batch=\"1\" name=\"net\" version=\"3\">\n"
      "\t<pre-process reference-layer-name=\"data\">\n"
      "\t\t<channel id=\"0\">\n\t\t\t<mean value=\"104.0\"/>\n\t\t</channel>\n"
      "\t\t<channel id=\"1\">\n\t\t\t<mean value=\"0.5\"/>\n\t\t</channel>\n"
      "\t</pre-process>\n"
      "\t<layers>\n"
      "\t\t<layer id=\"0\" name=\"data\" precision=\"FP32\" type=\"Input\">\n"
      "\t\t\t<output>\n\t\t\t\t<port "
      "id=\"0\">\n\t\t\t\t\t<dim>1</dim>\n\t\t\t\t\t<dim>2</dim>\n\t\t\t\t</port>\n"
      "\t\t\t</output>\n\t\t</layer>\n"
      "\t\t<layer id=\"1\" name=\"t\" precision=\"FP32\" type=\"Activation\">\n"
      "\t\t\t<data type=\"tanh\"/>\n";
  const std::string tail =
      "\t<edges>\n\t\t<edge from-layer=\"0\" from-port=\"0\" to-layer=\"1\" to-port=\"0\"/>\n\t</edges>\n"
      "\t<meta_data>\n\t\t<MO_version value=\"x\"/>\n\t\t<cli_parameters>\n\t\t\t<scale_values "
      "value=\"()\"/>\n"
      "\t\t\t<unset unset_cli_parameters=\"batch, input\"/>\n\t\t</cli_parameters>\n\t</meta_data>\n</net>\n";
  const std::string xml = ir::to_xml(model);
  EXPECT_TRUE(xml.starts_with(head)) << xml;
  EXPECT_TRUE(xml.ends_with(tail)) << xml;
  model.version = 7;
  const std::string seven = ir::to_xml(model);
  EXPECT_NE(seven.find("<net name=\"net\" version=\"7\">"), std::string::npos);
  EXPECT_NE(seven.find("<port id=\"1\" precision=\"FP32\">"), std::string::npos);
  EXPECT_EQ(seven.find("precision=\"FP32\" type="), std::string::npos);
}

}  // namespace
}  // namespace mo
