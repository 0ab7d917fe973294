#include <gtest/gtest.h>

#include <limits>

#include "ir/legacy/dialect.h"

namespace mo::ir::legacy {
namespace {

TEST(LegacyNumbers, ArePrintedAsPythonPrintsTheDouble) {
  EXPECT_EQ(format(AttributeValue(0.1F)), "0.10000000149011612");
  EXPECT_EQ(format(AttributeValue(1e-4F)), "9.999999747378752e-05");
  EXPECT_EQ(format(AttributeValue(1e-5F)), "9.999999747378752e-06");
  EXPECT_EQ(format(AttributeValue(2.0F)), "2.0");
  EXPECT_EQ(format(AttributeValue(-0.0F)), "-0.0");
  EXPECT_EQ(format(AttributeValue(0.75F)), "0.75");
  EXPECT_EQ(format(1e16), "1e+16");
  EXPECT_EQ(format(1e15), "1000000000000000.0");
  EXPECT_EQ(format(0.0001), "0.0001");
  EXPECT_EQ(format(0.00001), "1e-05");
  EXPECT_EQ(format(static_cast<double>(std::numeric_limits<float>::lowest())), "-3.4028234663852886e+38");
  EXPECT_EQ(format(std::numeric_limits<double>::infinity()), "inf");
}

TEST(LegacyNumbers, ListsHaveNoSpacesAndBooleansAreNumbers) {
  EXPECT_EQ(format(AttributeValue(std::vector<std::int64_t>{1, 2, -1})), "1,2,-1");
  EXPECT_EQ(format(AttributeValue(std::vector<float>{1.0F, -0.5F})), "1.0,-0.5");
  EXPECT_EQ(format(AttributeValue(std::vector<float>{})), "");
  EXPECT_EQ(format(AttributeValue(true)), "1");
  EXPECT_EQ(format(AttributeValue(false)), "0");
  EXPECT_EQ(format(AttributeValue(std::int64_t{-7})), "-7");
}

TEST(LegacyDialect, KnowsTheVersionsFromTwoToSeven) {
  for (int version = 2; version <= 7; ++version) EXPECT_EQ(dialect(version).version, version);
  EXPECT_THROW(dialect(1), std::invalid_argument);
  EXPECT_THROW(dialect(8), std::invalid_argument);
  EXPECT_THROW(dialect(10), std::invalid_argument);
}

TEST(LegacyDialect, VersionTwoNamesTheAxesOfAWindow) {
  using Pairs = std::vector<std::pair<std::string, AttributeValue>>;
  const auto of = [](const char* name, int version) {
    return window_attributes(name, {3, 5}, dialect(version));
  };
  const auto pair = [](const char* first, const char* second) {
    return Pairs{{first, std::int64_t{3}}, {second, std::int64_t{5}}};
  };
  EXPECT_EQ(of("kernel", 2), pair("kernel-y", "kernel-x"));
  EXPECT_EQ(of("strides", 2), pair("stride-y", "stride-x"));
  EXPECT_EQ(of("pads_begin", 2), pair("pad-y", "pad-x"));
  EXPECT_EQ(of("pads_end", 2), pair("pad-b", "pad-r"));
  EXPECT_EQ(of("kernel", 3), (Pairs{{"kernel", std::vector<std::int64_t>{3, 5}}}));
}

}  // namespace
}  // namespace mo::ir::legacy
