#include "caffe/net.h"

#include <gtest/gtest.h>

#include "caffe/mean_file.h"
#include "net_files.h"

namespace mo::caffe {
namespace {

std::string names(const Net& net) {
  std::string text;
  for (const Layer& layer : net.layers) text += layer.name + " ";
  return text;
}

const DiagnosticCode* failure_code(const NetFiles& files) {
  Diagnostics diagnostics;
  try {
    read_net(files, diagnostics);
  } catch (const Failure& failure) {
    return failure.diagnostic().code;
  }
  return nullptr;
}

TEST(Source, LinesWithAndWithoutTheIndex) {
  const std::string text = "first\r\n\nthird";
  for (const Source& source : {Source{"f", text}, Source::of("f", text)}) {
    EXPECT_EQ(source.line(1), "first");
    EXPECT_EQ(source.line(2), "");
    EXPECT_EQ(source.line(3), "third");
    EXPECT_EQ(source.line(4), "");
    EXPECT_EQ(source.line(0), "");
  }
}

TEST(Net, PhaseRules) {
  const Net net = read_text(R"(
    state { level: 2 stage: "deploy" }
    layer { name: "train" include { phase: TRAIN } }
    layer { name: "test" include { phase: TEST } }
    layer { name: "either" include { phase: TRAIN } include { phase: TEST } }
    layer { name: "not_test" exclude { phase: TEST } }
    layer { name: "not_train" exclude { phase: TRAIN } }
    layer { name: "low" include { max_level: 1 } }
    layer { name: "high" include { min_level: 2 max_level: 2 } }
    layer { name: "staged" include { stage: "deploy" } }
    layer { name: "other" include { stage: "deploy" stage: "x" } }
    layer { name: "no" include { not_stage: "deploy" } }
    layer { name: "yes" include { phase: TEST not_stage: "x" } }
    layer { name: "all" include { } }
    layer { name: "none" exclude { } }
  )");
  EXPECT_EQ(names(net), "test either not_train high staged yes all ");
}

TEST(Net, WeightsGoByNameAndLeftoversAreKnown) {
  const std::string caffemodel =
      net_bytes({layer_bytes("a", "T", {blob_bytes({1}, {1})}), layer_bytes("a", "T", {blob_bytes({1}, {2})}),
                 layer_bytes("gone", "T", {blob_bytes({1}, {3})}), layer_bytes("empty", "ReLU", {})});
  Diagnostics diagnostics;
  const Net net = read_texts(
      "name: 'n' layer { name: 'a' type: 'T' bottom: 'x' top: 'y' } layer { name: 'b' } layer { name: 'a' }",
      caffemodel, diagnostics);
  EXPECT_EQ(net.name, "n");
  ASSERT_EQ(net.layers.size(), 3U);
  EXPECT_TRUE(net.layers[0].in_caffemodel);
  EXPECT_EQ(net.layers[0].blobs.at(0).values(), std::vector<double>{1});  // the first of that name
  EXPECT_EQ(net.layers[2].blobs.size(), 1U);
  EXPECT_FALSE(net.layers[1].in_caffemodel);
  EXPECT_EQ(net.unused_weights, (std::vector<std::string>{"a", "gone"}));
  ASSERT_EQ(diagnostics.all().size(), 1U);
  EXPECT_EQ(diagnostics.all()[0].code, &code::duplicate_layer_name);
  EXPECT_EQ(diagnostics.all()[0].severity, Severity::info);
}

TEST(Net, DefinitionInsideTheCaffemodel) {
  std::string data;
  {
    protozero::pbf_writer layer(data);
    layer.add_string(1, "data");
    layer.add_string(2, "Data");
    layer.add_string(4, "data");
    std::string rule;
    protozero::pbf_writer(rule).add_enum(1, 0);
    layer.add_message(8, rule);  // include { phase: TRAIN }
  }
  std::string pool = layer_bytes("p", "Pooling", {});
  {
    protozero::pbf_writer layer(pool);
    layer.add_string(3, "data");
    layer.add_string(4, "p");
    std::string param;
    {
      protozero::pbf_writer pooling(param);
      pooling.add_enum(1, 1);
      pooling.add_uint32(2, 3);
      pooling.add_bool(12, true);
    }
    layer.add_message(121, param);
  }
  Diagnostics diagnostics;
  const Net net =
      read_texts("", net_bytes({data, pool, layer_bytes("w", "T", {blob_bytes({1}, {5})})}), diagnostics);
  EXPECT_EQ(names(net), "data p w ");  // the only source of "data" stays
  const Message& parameters = *net.layers[1].parameters;
  EXPECT_EQ(parameters.find_path("pooling_param.pool")->text, "AVE");
  EXPECT_EQ(parameters.find_path("pooling_param.kernel_size")->text, "3");
  EXPECT_EQ(parameters.find_path("pooling_param.global_pooling")->text, "true");
  EXPECT_EQ(net.layers[1].bottoms, std::vector<std::string>{"data"});
  EXPECT_EQ(net.layers[2].blobs.at(0).values(), std::vector<double>{5});
  EXPECT_EQ(net.layers[2].parameters->find("blobs"), nullptr);
}

TEST(Net, BinaryV1DefinitionIsUpgraded) {
  std::string layer_v1;
  {
    protozero::pbf_writer layer(layer_v1);
    layer.add_string(2, "a");
    layer.add_string(3, "b");
    layer.add_string(4, "relu");
    layer.add_enum(5, 18);
    layer.add_float(7, 0.1F);
    std::string param;
    protozero::pbf_writer(param).add_float(1, 0.1F);
    layer.add_message(30, param);
  }
  Diagnostics diagnostics;
  const Net net = read_texts("", net_bytes({layer_v1}, 2), diagnostics);
  ASSERT_EQ(net.layers.size(), 1U);
  EXPECT_EQ(net.layers[0].type, "ReLU");
  EXPECT_EQ(net.layers[0].parameters->find_path("relu_param.negative_slope")->text, "0.1");
  EXPECT_EQ(net.layers[0].parameters->find_path("param.lr_mult")->text, "0.1");
}

TEST(Net, FailuresHaveTheirCodes) {
  const TemporaryFile solver("net: \"train.prototxt\"\nbase_lr: 0.1\n");
  const TemporaryFile text("layer { name: 'a' }");
  const TemporaryFile binary(net_bytes({layer_bytes("a", "T", {})}));
  EXPECT_EQ(failure_code({solver.path(), ""}), &code::not_a_net);
  EXPECT_EQ(failure_code({binary.path(), ""}), &code::wrong_file_kind);
  EXPECT_EQ(failure_code({text.path(), text.path()}), &code::wrong_file_kind);
  EXPECT_EQ(failure_code({"/nowhere.prototxt", ""}), &code::file_not_found);
  EXPECT_EQ(failure_code({"", ""}), &code::file_not_found);
  EXPECT_EQ(failure_code({text.path(), binary.path()}), nullptr);
}

TEST(MeanFile, DropsTheLeadingOne) {
  std::string bytes = blob_bytes({1, 3, 2, 1}, {1, 2, 3, 4, 5, 6});
  const TemporaryFile file(bytes);
  const Tensor mean = read_mean_file(file.path());
  EXPECT_EQ(mean.shape(), (Shape{3, 2, 1}));
  EXPECT_EQ(mean.values(), (std::vector<double>{1, 2, 3, 4, 5, 6}));
  const TemporaryFile flat(blob_bytes({6}, {1, 2, 3, 4, 5, 6}));
  EXPECT_THROW(read_mean_file(flat.path()), Failure);
  const TemporaryFile cut(bytes.substr(0, 20));
  EXPECT_THROW(read_mean_file(cut.path()), Failure);
}

}  // namespace
}  // namespace mo::caffe
