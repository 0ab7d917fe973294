#include "custom/mapping.h"

#include <gtest/gtest.h>

namespace mo::custom {
namespace {

std::vector<MappedLayer> read(std::string text, Diagnostics& diagnostics) {
  return read_mapping(*MappedFile::in_memory("map.xml", std::move(text)), diagnostics);
}

/// The diagnostic that the text is refused with.
Diagnostic refusal(std::string text) {
  Diagnostics diagnostics;
  try {
    read(std::move(text), diagnostics);
  } catch (const Failure& failure) {
    return failure.diagnostic();
  }
  ADD_FAILURE() << "it is not refused";
  return {};
}

TEST(Mapping, ReadsEntries) {
  Diagnostics diagnostics;
  const auto layers = read(R"(<?xml version="1.0"?>
<!-- a comment -->
<CustomLayers>
  <CustomLayer NativeType="Foo" hasParam="False"/>
  <CustomLayer NativeType="Bar" hasParam="TRUE" protoParamName="bar_param" outputShape="same(0); [1, 2]"/>
</CustomLayers>)",
                           diagnostics);
  ASSERT_EQ(layers.size(), 2U);
  EXPECT_EQ(layers[0].type, "Foo");
  EXPECT_EQ(layers[0].parameter, "");
  EXPECT_TRUE(layers[0].shapes.empty());
  EXPECT_EQ(layers[1].parameter, "bar_param");
  ASSERT_EQ(layers[1].shapes.size(), 2U);
  EXPECT_EQ(layers[1].position.line, 5U);
  EXPECT_TRUE(diagnostics.all().empty());
}

TEST(Mapping, LeavesOutEntriesThatTheOriginalLeftOut) {
  Diagnostics diagnostics;
  const auto layers = read(R"(<x>
<CustomLayer hasParam="false"/>
<CustomLayer NativeType="A" hasParam="perhaps"/>
<CustomLayer NativeType="B" hasParam="true"/>
<CustomLayer NativeType="C" hasParam="false"/>
<CustomLayer NativeType="c" hasParam="false"/>
<Other/>
</x>)",
                           diagnostics);
  ASSERT_EQ(layers.size(), 1U);
  EXPECT_EQ(layers[0].type, "C");
  ASSERT_EQ(diagnostics.all().size(), 5U);
  EXPECT_FALSE(diagnostics.has_errors());
  EXPECT_EQ(diagnostics.all()[0].position.line, 2U);
  EXPECT_EQ(diagnostics.all()[4].position.line, 7U);
}

TEST(Mapping, RefusesWhatIsNoMapping) {
  const Diagnostic cut = refusal("<a>\n<CustomLayer");
  EXPECT_EQ(cut.position.line, 2U);
  EXPECT_EQ(cut.file, "map.xml");
  EXPECT_NE(refusal("<!DOCTYPE a [<!ENTITY b \"c\">]>\n<a>&b;</a>").cause.find("DOCTYPE"), std::string::npos);
  EXPECT_NE(refusal(std::string((1U << 20U) + 1, ' ')).cause.find("larger"), std::string::npos);
  const Diagnostic shape =
      refusal("<a>\n\n<CustomLayer NativeType='A' hasParam='false' outputShape='same(0'/></a>");
  EXPECT_EQ(shape.position.line, 3U);
  EXPECT_NE(shape.cause.find("character 7"), std::string::npos) << shape.cause;
}

TEST(Mapping, SurvivesDeepNesting) {
  std::string deep;
  for (int i = 0; i < 100000; ++i) deep += "<a>";
  for (int i = 0; i < 100000; ++i) deep += "</a>";
  Diagnostics diagnostics;
  EXPECT_TRUE(read(deep, diagnostics).empty());
}

}  // namespace
}  // namespace mo::custom
