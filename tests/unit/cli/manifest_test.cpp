#include "cli/manifest.h"

#include <gtest/gtest.h>

#include "support/diagnostics.h"

namespace mo::cli {
namespace {

using Words = std::vector<std::string>;

TEST(SplitWords, SeparatesAsAShellDoes) {
  EXPECT_EQ(split_words("a  b\tc\r"), (Words{"a", "b", "c"}));
  EXPECT_EQ(split_words("'a b' \"c d\" e\\ f"), (Words{"a b", "c d", "e f"}));
  EXPECT_EQ(split_words("x'y z'\"w\""), (Words{"xy zw"}));
  EXPECT_EQ(split_words("'a\\b' \"a\\\"b\""), (Words{"a\\b", "a\"b"}));
  EXPECT_EQ(split_words("'' a"), (Words{"", "a"}));
  EXPECT_EQ(split_words("a#b # c 'd"), (Words{"a#b"}));
  EXPECT_EQ(split_words("a\\"), (Words{"a\\"}));
}

TEST(SplitWords, RefusesAQuoteThatDoesNotEnd) {
  for (const char* line : {"'a", "a \"b", "\"a\\\""}) EXPECT_THROW(split_words(line), Failure) << line;
}

}  // namespace
}  // namespace mo::cli
