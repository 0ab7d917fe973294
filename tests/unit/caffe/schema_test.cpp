#include "caffe/schema/schema.h"

#include <gtest/gtest.h>

#include <array>

#include "caffe/schema/check_fields.h"
#include "net_files.h"

namespace mo::caffe::schema {
namespace {

using namespace std::string_view_literals;

TEST(Schema, EveryTypeIsKnown) {
  constexpr std::array scalars{"int32"sv,  "int64"sv, "uint32"sv, "uint64"sv, "float"sv,
                               "double"sv, "bool"sv,  "string"sv, "bytes"sv};
  for (const Table& table : {bvlc_net(), bvlc_layers(), bvlc_data_and_loss(), bvlc_legacy(),
                             fork_ssd_nvidia(), fork_segnet(), fork_pspnet(), fork_others()}) {
    for (const MessageDef& message : table.messages) {
      for (const FieldDef& field : message.fields) {
        EXPECT_TRUE(std::ranges::find(scalars, field.type) != scalars.end() || is_message(field.type) ||
                    find_enum(field.type))
            << message.name << "." << field.name;
      }
    }
  }
}

TEST(Schema, NumbersOfWellKnownFields) {
  EXPECT_EQ(find_field("LayerParameter", "convolution_param")->number, 106U);
  EXPECT_EQ(find_field("V1LayerParameter", "convolution_param")->number, 10U);
  EXPECT_EQ(find_field("ConvolutionParameter", "dilation")->flags & repeated, repeated);
  EXPECT_EQ(find_field("ConvolutionParameter", "weight_filler")->flags & ignored, ignored);
  EXPECT_EQ(find_field("LayerParameter", "prior_box_param")->number, 203U);
  EXPECT_NE(find_field("LayerParameter", "psroi_pooling_param"), nullptr);
  EXPECT_EQ(find_field("LayerParameter", "nonsense_param"), nullptr);
}

std::vector<Diagnostic> check(const std::string& parameters, std::vector<std::string_view> extra = {},
                              bool judge_effect = false) {
  const Net net = read_text("layer { name: 'l' type: 'Convolution' " + parameters + " }");
  Diagnostics diagnostics;
  check_fields(net.layers.at(0), *net.source, extra, judge_effect, diagnostics);
  return {diagnostics.all().begin(), diagnostics.all().end()};
}

TEST(CheckFields, KnownFieldsPassInSilence) {
  EXPECT_TRUE(check("convolution_param { num_output: 1 kernel_size: 3 weight_filler { type: 'xavier' } } "
                    "param { lr_mult: 1 } include { phase: TEST }")
                  .empty());
}

TEST(CheckFields, NearNamesAreMisspelt) {
  const auto found = check("convolution_param { kernal_size: 3 }");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].code, &code::misspelt_field);
  EXPECT_EQ(found[0].severity, Severity::error);
  EXPECT_EQ(found[0].remedy, "did you mean \"kernel_size\"?");
  EXPECT_EQ(found[0].layer, "l");
  EXPECT_EQ(found[0].position.line, 1U);
  EXPECT_FALSE(found[0].source_line.empty());
  EXPECT_EQ(check("convolution_parm { }").at(0).code, &code::misspelt_field);
}

TEST(CheckFields, OtherNamesAreAForksOwn) {
  const auto found = check("convolution_param { magic: 3 pad_l: 1 } my_own_param { a: 1 }");
  ASSERT_EQ(found.size(), 3U);
  for (const Diagnostic& diagnostic : found) {
    EXPECT_EQ(diagnostic.code, &code::unknown_field);
    EXPECT_EQ(diagnostic.severity, Severity::warning);
  }
  EXPECT_TRUE(check("my_own_param { a: 1 }", {"my_own_param"}).empty());
  EXPECT_TRUE(check("my_own_param { a: 1 }", {"my_own_param.a"}).empty());
  EXPECT_EQ(check("my_own_param { a: 1 b: 1 }", {"my_own_param.a"}).size(), 1U);
  EXPECT_TRUE(check("convolution_param { magic: 3 }", {"convolution_param.magic"}).empty());
}

TEST(CheckFields, ParametersThatTheLayerDoesNotReadAreSaid) {
  const auto found =
      check("convolution_param { num_output: 1 group: 2 engine: CAFFE weight_filler { } } phase: TEST",
            {"convolution_param.num_output"}, true);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].code, &code::ignored_parameter);
  EXPECT_EQ(found[0].severity, Severity::warning);
  EXPECT_NE(found[0].cause.find("convolution_param.group"), std::string::npos);
  EXPECT_TRUE(check("convolution_param { group: 2 }", {}, false).empty());
}

TEST(CheckFields, ParametersOfAnotherTypeAreSaidOnce) {
  const auto found =
      check("pooling_param { kernel_size: 3 stride: 2 } relu_param { engine: CAFFE }", {}, true);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].code, &code::ignored_parameter);
  EXPECT_EQ(found[0].severity, Severity::info);
  EXPECT_NE(found[0].cause.find("\"pooling_param\""), std::string::npos);
}

TEST(CheckFields, WhatServesTrainingIsNotJudged) {
  EXPECT_TRUE(check("include { phase: TEST } loss_param { ignore_label: 255 } param { lr_mult: 1 }", {}, true)
                  .empty());
}

TEST(CheckFields, WhatLiesBelowAHonouredFieldIsHonoured) {
  EXPECT_TRUE(check("input_param { shape { dim: 1 } }", {"input_param.shape.dim"}, true).empty());
  EXPECT_TRUE(check("input_param { shape { dim: 1 } }", {"input_param.shape"}, true).empty());
}

TEST(CheckFields, MessagesAndValuesAreNotInterchangeable) {
  EXPECT_EQ(check("convolution_param: 3").at(0).code, &code::bad_value);
  EXPECT_EQ(check("convolution_param { num_output { } }").at(0).code, &code::bad_value);
}

}  // namespace
}  // namespace mo::caffe::schema
