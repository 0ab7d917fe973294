#include "caffe/upgrade.h"

#include <gtest/gtest.h>

#include "net_files.h"

namespace mo::caffe {
namespace {

std::string text_at(const Layer& layer, std::string_view path) {
  const Field* field = layer.parameters->find_path(path);
  return field ? field->text : "(none)";
}

std::string dims(const Layer& layer) {
  std::string text;
  for (const Field* dim : layer.parameters->all_path("input_param.shape.dim")) text += dim->text + " ";
  return text;
}

TEST(Upgrade, V1LayerBecomesV2) {
  const Net net = read_text(R"(
    layers { name: "c" type: CONVOLUTION bottom: "a" top: "b" blobs_lr: 1 blobs_lr: 2 weight_decay: 3 param: "shared"
             convolution_param { num_output: 4 } }
    layers { name: "l" type: SOFTMAX_LOSS bottom: "b" top: "loss" }
    layers { name: "d" type: DATA top: "x" data_param { source: "db" scale: 0.5 crop_size: 227 mirror: true mean_file: "m" } }
  )");
  ASSERT_EQ(net.layers.size(), 3U);
  EXPECT_EQ(net.layers[0].type, "Convolution");
  EXPECT_EQ(text_at(net.layers[0], "convolution_param.num_output"), "4");
  const auto params = net.layers[0].parameters->all("param");
  ASSERT_EQ(params.size(), 2U);
  EXPECT_EQ(params[0]->message->find("name")->text, "shared");
  EXPECT_EQ(params[0]->message->find("lr_mult")->text, "1");
  EXPECT_EQ(params[0]->message->find("decay_mult")->text, "3");
  EXPECT_EQ(params[1]->message->find("lr_mult")->text, "2");
  EXPECT_EQ(net.layers[1].type, "SoftmaxWithLoss");
  EXPECT_EQ(text_at(net.layers[2], "transform_param.scale"), "0.5");
  EXPECT_EQ(text_at(net.layers[2], "transform_param.crop_size"), "227");
  EXPECT_EQ(text_at(net.layers[2], "data_param.scale"), "(none)");
  EXPECT_EQ(text_at(net.layers[2], "data_param.source"), "db");
}

TEST(Upgrade, V0LayersBecomeV2AndPaddingIsMerged) {
  const Net net = read_text(R"(
    input: "data" input_dim: 1 input_dim: 3 input_dim: 8 input_dim: 9
    layers { layer { name: "p" type: "padding" pad: 2 } bottom: "data" top: "padded" }
    layers { layer { name: "c" type: "conv" num_output: 7 kernelsize: 5 biasterm: false
                     weight_filler { type: "gaussian" } blobs_lr: 1. } bottom: "padded" top: "c" }
    layers { layer { name: "n" type: "lrn" local_size: 5 alpha: 0.1 } bottom: "c" top: "n" }
    layers { layer { name: "f" type: "innerproduct" num_output: 10 } bottom: "n" top: "f" }
  )");
  ASSERT_EQ(net.layers.size(), 4U);
  EXPECT_EQ(net.layers[0].type, "Input");
  EXPECT_EQ(dims(net.layers[0]), "1 3 8 9 ");
  const Layer& conv = net.layers[1];
  EXPECT_EQ(conv.name, "c");
  EXPECT_EQ(conv.type, "Convolution");
  EXPECT_EQ(conv.bottoms, std::vector<std::string>{"data"});
  EXPECT_EQ(text_at(conv, "convolution_param.pad"), "2");
  EXPECT_EQ(text_at(conv, "convolution_param.kernel_size"), "5");
  EXPECT_EQ(text_at(conv, "convolution_param.bias_term"), "false");
  EXPECT_EQ(text_at(conv, "convolution_param.weight_filler.type"), "gaussian");
  EXPECT_EQ(text_at(conv, "param.lr_mult"), "1.");
  EXPECT_EQ(text_at(net.layers[2], "lrn_param.alpha"), "0.1");
  EXPECT_EQ(net.layers[3].type, "InnerProduct");
  EXPECT_EQ(text_at(net.layers[3], "inner_product_param.num_output"), "10");
}

TEST(Upgrade, InputsOfAllForms) {
  const std::string relu = "layer { name: 'r' type: 'ReLU' bottom: 'a' top: 'r' }";
  const Net several = read_text("input: 'a' input: 'b' input_dim: [1,3,2,2, 1,5,1,1] " + relu);
  ASSERT_EQ(several.layers.size(), 3U);
  EXPECT_EQ(several.layers[0].name, "a");
  EXPECT_EQ(several.layers[0].tops, std::vector<std::string>{"a"});
  EXPECT_EQ(dims(several.layers[0]), "1 3 2 2 ");
  EXPECT_EQ(dims(several.layers[1]), "1 5 1 1 ");

  const Net shaped =
      read_text(relu + " input: 'a' input_shape { dim: 1 dim: 7 } input: 'b' input_shape { dim: 2 }");
  EXPECT_EQ(shaped.layers[0].type, "Input");
  EXPECT_EQ(dims(shaped.layers[0]), "1 7 ");
  EXPECT_EQ(dims(shaped.layers[1]), "2 ");
  EXPECT_EQ(shaped.layers[2].name, "r");

  const Net bare = read_text("input: 'a' " + relu);
  EXPECT_EQ(dims(bare.layers[0]), "");
  EXPECT_EQ(bare.layers[0].parameters->find("input_param"), nullptr);

  EXPECT_EQ(dims(read_text("input: 'a' input_dim: [1, 24, 2] " + relu).layers[0]), "1 24 2 ");
}

TEST(Upgrade, WrongCountOfInputDimsIsAnError) {
  Diagnostics diagnostics;
  read_texts(
      "input: 'a'\ninput: 'b'\ninput_dim: [1, 2, 3]\nlayer { name: 'r' type: 'ReLU' bottom: 'a' top: 'r' }",
      "", diagnostics);
  ASSERT_EQ(diagnostics.all().size(), 1U);
  EXPECT_EQ(diagnostics.all()[0].code, &code::bad_value);
  EXPECT_EQ(diagnostics.all()[0].position.line, 3U);
}

TEST(Upgrade, MixedGenerationsAreRefused) {
  try {
    read_text("layer { name: 'a' }\nlayers { name: 'b' }");
    FAIL();
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.diagnostic().code, &code::not_a_net);
    EXPECT_EQ(failure.diagnostic().position.line, 2U);
  }
}

}  // namespace
}  // namespace mo::caffe
