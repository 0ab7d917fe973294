#include <gtest/gtest.h>

#include <array>

#include "os/output_file.h"
#include "os/windows/system.h"
#include "support/temporary_folder.h"

namespace mo::os {
namespace {

/// Another program that shares the file with no one.
Handle held(const std::string& path) {
  return Handle(::CreateFileW(wide(path).c_str(), GENERIC_READ, 0, nullptr, OPEN_EXISTING,
                              FILE_ATTRIBUTE_NORMAL, nullptr));
}

class HeldFile : public testing::TestWithParam<const char*> {};

TEST_P(HeldFile, LeavesTheOldSetWhole) {
  const TemporaryFolder::Content old{{"a", "old a"}, {"b", "old b"}, {"c", "old c"}};
  const TemporaryFolder folder(old);
  {
    const Handle other = held(folder.file(GetParam()));
    ASSERT_TRUE(other.is_open());
    OutputFile a(folder.file("a"));
    OutputFile b(folder.file("b"));
    OutputFile c(folder.file("c"));
    for (OutputFile* file : {&a, &b, &c}) file->append(bytes("new"));
    const std::array files{&a, &b, &c};
    const auto failure = give_names(files, false);
    ASSERT_TRUE(failure);
    EXPECT_EQ(files[failure->file]->path(), folder.file(GetParam()));
    EXPECT_FALSE(failure->named);
  }
  EXPECT_EQ(folder.content(), old);
}

INSTANTIATE_TEST_SUITE_P(Files, HeldFile, testing::Values("a", "b", "c"));

}  // namespace
}  // namespace mo::os
