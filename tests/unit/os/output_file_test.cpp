#include "os/output_file.h"

#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <utility>

#include "support/temporary_folder.h"

namespace mo::os {
namespace {

TEST(OutputFile, IsNotSeenBeforeItHasItsName) {
  const TemporaryFolder folder;
  {
    OutputFile file(folder.file("a"));
    file.append(bytes("abc"));
    EXPECT_FALSE(std::filesystem::exists(folder.path() / "a"));
  }
  EXPECT_TRUE(folder.content().empty()) << "nothing is left of it";
}

TEST(OutputFile, AppendsAndWritesAtPlaces) {
  const TemporaryFolder folder;
  OutputFile file(folder.file("a"));
  file.append(bytes("abc"));
  OutputFile moved(std::move(file));
  moved.append(bytes("def"));
  moved.write_at(1, bytes("BC"));
  const std::array files{&moved};
  EXPECT_FALSE(give_names(files, false));
  EXPECT_EQ(folder.content(), (TemporaryFolder::Content{{"a", "aBCdef"}}));
}

TEST(OutputFile, FilesTakeThePlacesOfOlderOnes) {
  const TemporaryFolder folder({{"a", "old a"}, {"c", "another"}});
  OutputFile a(folder.file("a"));
  OutputFile b(folder.file("b"));
  a.append(bytes("a"));
  b.append(bytes("b"));
  const std::array files{&a, &b};
  EXPECT_FALSE(give_names(files, true));
  EXPECT_EQ(folder.content(), (TemporaryFolder::Content{{"a", "a"}, {"b", "b"}, {"c", "another"}}));
}

TEST(OutputFile, SaysWhyThereCanBeNone) {
  const TemporaryFolder folder;
  EXPECT_THROW(OutputFile(folder.file("nowhere/a")), std::system_error);
}

}  // namespace
}  // namespace mo::os
