#include "cli/parse.h"

#include <gtest/gtest.h>

#include "cli/settings.h"

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
  const std::string text = refused({"stray", "--no_such_thing", "--silent=1", "--batch"});
  for (const char* said : {"\"stray\"", "--no_such_thing", "--silent is a switch", "--batch needs a value"})
    EXPECT_NE(text.find(said), std::string::npos) << said << " in\n" << text;
}

TEST(ParseShapes, TakesBothBracketsAndBlanks) {
  EXPECT_EQ(parse_shapes("[1,3,227,227]"), (std::vector<Shape>{{1, 3, 227, 227}}));
  EXPECT_EQ(parse_shapes(" ( 1, 3 ) , [2,4] "), (std::vector<Shape>{{1, 3}, {2, 4}}));
}

TEST(ParseShapes, RefusesWhatIsNoShape) {
  for (const char* text : {"", "1,3", "[1,3", "[]", "[1,,3]", "[0,3]", "[1.5]", "[1,3][2]", "[1,3],", "[a]",
                           "[99999999999999999999]"})
    EXPECT_THROW(parse_shapes(text), Failure) << text;
}

}  // namespace
}  // namespace mo::cli
