#include "caffe/param_str.h"

#include <gtest/gtest.h>

namespace mo::caffe {
namespace {

std::vector<double> numbers(const ParamEntry& entry) {
  std::vector<double> values;
  for (const ParamScalar& value : entry.values) values.push_back(value.number.value_or(-999));
  return values;
}

std::size_t error_offset(std::string_view text) {
  try {
    parse_param_str(text);
  } catch (const ParamStrError& error) {
    return error.offset;
  }
  return 12345;
}

TEST(ParamStr, ReadsYamlWithAQuotedKey) {
  const auto entries = parse_param_str("'feat_stride': 16");
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_EQ(entries[0].key, "feat_stride");
  EXPECT_FALSE(entries[0].is_list);
  EXPECT_EQ(numbers(entries[0]), (std::vector<double>{16}));
}

TEST(ParamStr, ReadsADictWithListsAndTuples) {
  const auto entries =
      parse_param_str("{'scales': [8, 16,], \"ratios\": (0.5, 1, 2), 'name': 'a b', x: -1e-3}");
  ASSERT_EQ(entries.size(), 4u);
  EXPECT_TRUE(entries[0].is_list);
  EXPECT_EQ(numbers(entries[0]), (std::vector<double>{8, 16}));
  EXPECT_EQ(numbers(entries[1]), (std::vector<double>{0.5, 1, 2}));
  EXPECT_EQ(entries[2].values.front().text, "a b");
  EXPECT_FALSE(entries[2].values.front().number);
  EXPECT_EQ(numbers(entries[3]), (std::vector<double>{-1e-3}));
}

TEST(ParamStr, ReadsBlocksTagsAndComments) {
  const auto entries = parse_param_str(
      "---\nfeat_stride: 16 # of conv5\nscales:\n  - 4\n  - -8\nratios: !!python/tuple [1, 2]\nflag: True\n");
  ASSERT_EQ(entries.size(), 4u);
  EXPECT_EQ(numbers(entries[1]), (std::vector<double>{4, -8}));
  EXPECT_EQ(numbers(entries[2]), (std::vector<double>{1, 2}));
  EXPECT_EQ(entries[3].values.front().text, "True");
}

TEST(ParamStr, IsEmptyWhereNothingIsSaid) {
  EXPECT_TRUE(parse_param_str("").empty());
  EXPECT_TRUE(parse_param_str(" \n# nothing\n").empty());
  EXPECT_TRUE(parse_param_str("{}").empty());
}

TEST(ParamStr, SaysWhereItCannotBeRead) {
  EXPECT_EQ(error_offset("{'a': 1"), 7u);
  EXPECT_EQ(error_offset("'a': [1, 2"), 10u);
  EXPECT_EQ(error_offset("'a 1"), 0u);
  EXPECT_EQ(error_offset("a 1"), 2u);
  EXPECT_EQ(error_offset("{'a': 1} b"), 9u);
  EXPECT_EQ(error_offset("a: [[1]]"), 4u);
  EXPECT_EQ(error_offset("a:"), 2u);
  EXPECT_EQ(error_offset("a:\n  b: 1"), 6u);
  EXPECT_EQ(error_offset(std::string(70000, '[')), 65536u);
}

}  // namespace
}  // namespace mo::caffe
