#include "caffe/prototxt_reader.h"

#include <gtest/gtest.h>

#include <chrono>

namespace mo::caffe {
namespace {

Message parse(std::string text) {
  return parse_prototxt(Source{"net.prototxt", std::move(text)});
}

Diagnostic failure_of(std::string text) {
  try {
    parse(text);
  } catch (const Failure& failure) {
    return failure.diagnostic();
  }
  ADD_FAILURE() << "accepted: " << text.substr(0, 80);
  return {};
}

std::string value(const std::string& text) {
  const Message message = parse("v: " + text);
  return message.fields.at(0).text;
}

TEST(Prototxt, KeepsFieldsInOrderWithPositions) {
  const Message net = parse("name: \"n\"\nlayer {\n  type: 'X' # why\n  x_param { a: 1, b: 2; a: 3 }\n}\n");
  ASSERT_EQ(net.fields.size(), 2U);
  const Message& layer = *net.fields[1].message;
  EXPECT_EQ(net.fields[1].position.line, 2U);
  EXPECT_EQ(layer.position.column, 7U);
  EXPECT_EQ(layer.find("type")->position.line, 3U);
  EXPECT_EQ(layer.find("type")->position.column, 3U);
  EXPECT_EQ(layer.find_path("x_param.a")->text, "3");
  EXPECT_EQ(net.all_path("layer.x_param.a").size(), 2U);
  EXPECT_EQ(net.find_path("layer.x_param.c"), nullptr);
}

TEST(Prototxt, AcceptsAllFormsOfMessages) {
  for (const char* text :
       {"m { a: 1 }", "m: { a: 1 }", "m < a: 1 >", "m: <a:1>;", "m [{ a: 1 }]", "m: [{ a: 1 }, <b: 2>]",
        "\xef\xbb\xbfm{a:1}", "m\r\n{\r\na:1\r\n}\r\n", "m#c\n{a:1}#end"}) {
    EXPECT_EQ(parse(text).find_path("m.a")->text, "1") << text;
  }
}

TEST(Prototxt, ListsBecomeRepeatedFields) {
  const Message message = parse("dim: [1, 2,3] dim: 4 empty: [] s: ['a', \"b\" \"c\"]");
  EXPECT_EQ(message.all("dim").size(), 4U);
  EXPECT_EQ(message.all("dim")[2]->text, "3");
  EXPECT_EQ(message.all("empty").size(), 0U);
  EXPECT_EQ(message.all("s")[1]->text, "bc");
}

TEST(Prototxt, NumbersComeOutPlain) {
  EXPECT_EQ(value("0x1F"), "31");
  EXPECT_EQ(value("010"), "8");
  EXPECT_EQ(value("1.5f"), "1.5");
  EXPECT_EQ(value("- 3"), "-3");
  EXPECT_EQ(value(".5"), ".5");
  EXPECT_EQ(value("1e-5F"), "1e-5");
  EXPECT_EQ(value("-inf"), "-inf");
  EXPECT_EQ(value("0"), "0");
  EXPECT_EQ(value("0.25"), "0.25");
  EXPECT_EQ(value("True"), "True");
}

TEST(Prototxt, StringsAreUnescaped) {
  EXPECT_EQ(value(R"("a\n\t\\\"\x41\101\u00e9\U0001F600")"), "a\n\t\\\"AA\xc3\xa9\xf0\x9f\x98\x80");
  EXPECT_EQ(value(R"('it\'s' " \"ok\"")"), "it's \"ok\"");
  EXPECT_EQ(value(R"("\0")"), std::string(1, '\0'));
}

TEST(Prototxt, SyntaxErrorsHavePlaceAndLine) {
  const Diagnostic missing = failure_of("layer {\n  name \"x\"\n}");
  EXPECT_EQ(missing.code, &code::prototxt_syntax);
  EXPECT_EQ(missing.position.line, 2U);
  EXPECT_EQ(missing.position.column, 8U);
  EXPECT_EQ(missing.source_line, "  name \"x\"");
  EXPECT_EQ(missing.file, "net.prototxt");

  const Diagnostic open = failure_of("a: 1\nlayer {\n  b: 1\n");
  EXPECT_EQ(open.position.line, 2U);
  EXPECT_NE(open.cause.find("never closed"), std::string::npos);

  EXPECT_EQ(failure_of("a: 1\n}").position.line, 2U);
  EXPECT_EQ(failure_of("a: \"x\nb: 1").position.column, 4U);
  EXPECT_EQ(failure_of("a: 3x3").position.column, 4U);
  EXPECT_EQ(failure_of("layer { x: 1 >").position.column, 14U);
  for (const char* text : {"a:", "a", "a: [1", "a: [1 2]", "a: \"\\q\"", "a: 1e", "a: 0x", "a: 09", "a: -",
                           "a: $", "a: 1.2.3", "a: \"\\xz\"", "a: \"\\U7fffffff\"", "a: 'abc\\"}) {
    EXPECT_EQ(failure_of(text).code, &code::prototxt_syntax) << text;
  }
}

TEST(Prototxt, DepthIsLimited) {
  std::string deep;
  for (int i = 0; i < 1000000; ++i) deep += "a{";
  EXPECT_NE(failure_of(deep).cause.find("64"), std::string::npos);
  std::string fine;
  for (int i = 0; i < 60; ++i) fine += "a{";
  parse(fine + std::string(60, '}'));
}

TEST(Prototxt, WrongKindsOfFileAreNamed) {
  const auto cause = [](std::string text) {
    const Diagnostic diagnostic = failure_of(std::move(text));
    EXPECT_EQ(diagnostic.code, &code::wrong_file_kind);
    return diagnostic.cause;
  };
  EXPECT_NE(cause("\n<!DOCTYPE html><html>").find("web page"), std::string::npos);
  EXPECT_NE(cause("version https://git-lfs.github.com/spec/v1\noid sha256:0\n").find("git-lfs"),
            std::string::npos);
  EXPECT_NE(cause(std::string("\x0a\x05LeNet\xa2\x06\x05\0\0", 12)).find("binary"), std::string::npos);
  EXPECT_NE(cause("\x89HDF\r\n\x1a\n").find("HDF5"), std::string::npos);
  EXPECT_NE(cause("PK\x03\x04").find("archive"), std::string::npos);
}

TEST(Prototxt, TimeIsLinear) {
  std::string text;
  for (int i = 0; i < 200000; ++i) text += "layer { name: \"l\" type: \"ReLU\" bottom: \"a\" top: \"b\" }\n";
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(parse(text).fields.size(), 200000U);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

}  // namespace
}  // namespace mo::caffe
