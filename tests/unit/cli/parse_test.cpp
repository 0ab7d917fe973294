#include "cli/parse.h"

#include <gtest/gtest.h>

#include "cli/values.h"

namespace mo::cli {
namespace {

Arguments parsed(std::vector<std::string> words) {
  Diagnostics diagnostics;
  Arguments arguments = parse(words, diagnostics);
  EXPECT_FALSE(diagnostics.has_errors()) << to_text(diagnostics.all().front());
  return arguments;
}

std::string refused(std::vector<std::string> words) {
  Diagnostics diagnostics;
  parse(words, diagnostics);
  EXPECT_EQ(diagnostics.exit_status(), 2);
  std::string text;
  for (const Diagnostic& diagnostic : diagnostics.all()) text += to_text(diagnostic);
  return text;
}

TEST(Parse, TakesEveryWayToGiveAValue) {
  EXPECT_EQ(parsed({"--input_model", "a b.caffemodel"}).value("--input_model"), "a b.caffemodel");
  EXPECT_EQ(parsed({"--input_model=x=y"}).value("--input_model"), "x=y");
  EXPECT_EQ(parsed({"-m", "x"}).value("--input_model"), "x");
  EXPECT_EQ(parsed({"-w", "x"}).value("--input_model"), "x");
  EXPECT_EQ(parsed({"-b8"}).value("--batch"), "8");
  EXPECT_EQ(parsed({"-b=8"}).value("--batch"), "8");
  EXPECT_EQ(parsed({"--batch", "-8"}).value("--batch"), "-8") << "a negative number is a value";
}

TEST(Parse, TakesPrefixesThatFitOneOption) {
  EXPECT_EQ(parsed({"--input_m", "x"}).value("--input_model"), "x");
  EXPECT_TRUE(parsed({"--sil"}).has("--silent"));
  EXPECT_EQ(parsed({"--input", "x"}).value("--input"), "x") << "a whole name is no prefix";
  EXPECT_NE(refused({"--input_", "x"}).find("--input_model, --input_shape"), std::string::npos);
}

TEST(Parse, TheLastOfRepeatedOptionsCounts) {
  EXPECT_EQ(parsed({"-b", "1", "-b", "2"}).value("--batch"), "2");
}

TEST(Parse, SuggestsTheNearestOption) {
  EXPECT_NE(refused({"--input_modle", "x"}).find("did you mean --input_model?"), std::string::npos);
}

TEST(Parse, ReportsEveryProblemAtOnce) {
  const std::string text = refused({"stray", "--no_such_thing", "--silent=maybe", "--batch"});
  for (const char* said : {"\"stray\"", "--no_such_thing", "--silent is a switch", "--batch needs a value"})
    EXPECT_NE(text.find(said), std::string::npos) << said << " in\n" << text;
}

TEST(Parse, TheOriginalsAbbreviationsStayClear) {
  EXPECT_TRUE(parsed({"--re"}).has("--reverse_input_channels")) << "not --report, which came later";
  EXPECT_EQ(parsed({"--mean_value", "(1,2,3)"}).value("--mean_values"), "(1,2,3)");
  EXPECT_EQ(parsed({"-ms", "(1,2,3)"}).value("--mean_values"), "(1,2,3)");
  EXPECT_EQ(parsed({"-mf", "x"}).value("--mean_file"), "x");
}

TEST(Parse, SwitchesTakeTrueAndFalse) {
  EXPECT_TRUE(parsed({"--compress_to_fp16"}).is_on("--compress_to_fp16"));
  EXPECT_TRUE(parsed({"--compress_to_fp16=True"}).is_on("--compress_to_fp16"));
  EXPECT_FALSE(parsed({"--compress_to_fp16=False"}).is_on("--compress_to_fp16"));
  EXPECT_FALSE(parsed({"--reverse_input_channels=false"}).is_on("--reverse_input_channels"));
}

std::vector<Shape> shapes_of(std::string_view text) {
  std::vector<Shape> shapes;
  for (const caffe::InputOverride& input : parse_shapes(text)) shapes.push_back(input.shape);
  return shapes;
}

TEST(ParseShapes, TakesBothBracketsAndBlanks) {
  EXPECT_EQ(shapes_of("[1,3,227,227]"), (std::vector<Shape>{{1, 3, 227, 227}}));
  EXPECT_EQ(shapes_of(" ( 1, 3 ) , [2,4] "), (std::vector<Shape>{{1, 3}, {2, 4}}));
}

TEST(ParseShapes, TakesUnknownDimensionsWithAndWithoutBounds) {
  const auto inputs = parse_shapes("[?,3,-1,1..4]");
  ASSERT_EQ(inputs.size(), 1U);
  EXPECT_EQ(inputs[0].shape, (Shape{-1, 3, -1, -1}));
  EXPECT_EQ(inputs[0].partial_shape, "?,3,?,1..4");
  EXPECT_EQ(parse_shapes("[..8,2..]")[0].partial_shape, "..8,2..");
  EXPECT_EQ(parse_shapes("[?,3]")[0].partial_shape, "") << "there is no bound to tell";
  EXPECT_EQ(parse_shapes("[4..4]")[0].shape, Shape{4});
}

TEST(ParseInputs, TakesShapeTypeAndValue) {
  const auto items = parse_inputs("0:a[1,3]{u8}, b->[1 2.5], c:1");
  ASSERT_EQ(items.size(), 3U);
  EXPECT_EQ(items[0].input.name, "0:a");
  EXPECT_EQ(items[0].input.shape, (Shape{1, 3}));
  EXPECT_EQ(items[0].element_type, "u8");
  EXPECT_EQ(*items[1].frozen, (std::vector<double>{1, 2.5}));
  EXPECT_EQ(items[2].input.name, "c:1");
}

TEST(ParseChannelValues, TakesListsAndNames) {
  const auto plain = parse_channel_values("(1,2,3),[4.5]", "--mean_values");
  ASSERT_EQ(plain.size(), 2U);
  EXPECT_EQ(plain[1].values, std::vector<double>{4.5});
  const auto named = parse_channel_values("data[-1, 2e1],info(3)", "--mean_values");
  EXPECT_EQ(named[0].input, "data");
  EXPECT_EQ(named[0].values, (std::vector<double>{-1, 20}));
  for (const char* text : {"1,2,3", "[1,2", "[]", "[a]", "data[1],[2]", "data[1],data[2]", "[1]]", "[nan]"})
    EXPECT_THROW(parse_channel_values(text, "--mean_values"), Failure) << text;
}

TEST(ParseShapes, RefusesWhatIsNoShape) {
  for (const char* text : {"", "1,3", "[1,3", "[]", "[1,,3]", "[0,3]", "[1.5]", "[1,3][2]", "[1,3],", "[a]",
                           "[99999999999999999999]", "[4..2]", "[1...4]"})
    EXPECT_THROW(parse_shapes(text), Failure) << text;
}

}  // namespace
}  // namespace mo::cli
