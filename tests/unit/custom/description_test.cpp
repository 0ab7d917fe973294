#include "custom/description.h"

#include <gtest/gtest.h>

namespace mo::custom {
namespace {

Description read(std::string text) {
  return read_description(*MappedFile::in_memory("layer.toml", std::move(text)));
}

Diagnostic refusal(std::string text) {
  try {
    read(std::move(text));
  } catch (const Failure& failure) {
    return failure.diagnostic();
  }
  ADD_FAILURE() << "it is not refused";
  return {};
}

TEST(Description, ReadsALayer) {
  const Description description = read(R"(
type = ["Crop3", "crop_three"]
bottoms = [1, 2]
blobs = 1
outputs = ["[dim(0, 0), size]"]

[parameters]
size = { path = "crop3_param.size", type = "int" }
ratio = { path = "crop3_param.ratio", type = "float", default = 2 }
steps = { path = "crop3_param.step", type = "floats" }

[layer]
type = "Crop3"
attributes = { size = "size", twice = "2 * ratio", fixed = [1, 2], mode = "'fast'" }
)");
  EXPECT_EQ(description.types, (std::vector<std::string>{"Crop3", "crop_three"}));
  EXPECT_EQ(description.bottoms.max, 2U);
  EXPECT_EQ(description.blobs.min, 1U);
  ASSERT_EQ(description.parameters.size(), 3U);
  EXPECT_TRUE(description.parameters[0].required);  // in the file's order
  EXPECT_EQ(description.parameters[1].default_value, AttributeValue(2.0F));
  EXPECT_FALSE(description.parameters[2].required);
  ASSERT_TRUE(description.layer);
  EXPECT_EQ(description.layer->version, "extension");
  ASSERT_EQ(description.layer->attributes.size(), 4U);
  EXPECT_EQ(description.layer->attributes[2].name, "fixed");
}

TEST(Description, ReadsSteps) {
  const Description description = read(R"(
type = "Swish2"
[[steps]]
name = "gate"
layer = "Sigmoid"
bottoms = "bottom0"
[[steps]]
layer = "Eltwise"
bottoms = ["bottom0", "gate"]
parameters = { "eltwise_param.operation" = "'PROD'" }
)");
  ASSERT_EQ(description.steps.size(), 2U);
  EXPECT_EQ(description.steps[0].name, "gate");
  EXPECT_EQ(description.steps[1].name, "Eltwise");
  ASSERT_EQ(description.steps[1].parameters.size(), 1U);
  EXPECT_EQ(description.steps[1].parameters[0].name, "eltwise_param.operation");
}

TEST(Description, ErrorsHaveTheirPlace) {
  const Diagnostic syntax = refusal("type = \"A\"\nbottoms = = 1\n");
  EXPECT_EQ(syntax.position.line, 2U);
  EXPECT_EQ(syntax.file, "layer.toml");
  const Diagnostic misspelt = refusal("type = \"A\"\nbotoms = 1\n");
  EXPECT_EQ(misspelt.position.line, 2U);
  EXPECT_NE(misspelt.remedy.find("bottoms"), std::string::npos);
  const Diagnostic expression = refusal("type = \"A\"\noutputs = [\"same(0) + \"]\n");
  EXPECT_EQ(expression.position.line, 2U);
  EXPECT_EQ(expression.position.column, 23U);
  const Diagnostic variable = refusal(
      "type = \"A\"\noutputs = [\"[sise]\"]\n[parameters]\nsize = { path = \"a.b\", type = \"int\" }");
  EXPECT_NE(variable.remedy.find("size"), std::string::npos);
  EXPECT_EQ(refusal("type = \"A\"\n[parameters]\nn = { path = \"a.b\", type = \"int\", default = \"x\" }")
                .position.line,
            3U);
  EXPECT_EQ(refusal("type = \"A\"\n[parameters]\nn = { path = \"a.b\", type = \"number\" }").position.line,
            3U);
  EXPECT_EQ(refusal("x = 1").position.line, 1U);
  EXPECT_EQ(refusal("").code, &code::layer_description);
}

TEST(Description, IsBounded) {
  EXPECT_NE(refusal("a = " + std::string(100000, '[')).cause.find("deeper"), std::string::npos);
  std::string dotted = "a";
  for (int i = 0; i < 100000; ++i) dotted += ".a";
  EXPECT_NE(refusal(dotted + " = 1").cause.find("deeper"), std::string::npos);
  EXPECT_NE(refusal(std::string(300000, '#')).cause.find("larger"), std::string::npos);
  EXPECT_NE(refusal("type = \"A\"\nbottoms = 99999999999").cause.find("bottoms"), std::string::npos);
}

}  // namespace
}  // namespace mo::custom
