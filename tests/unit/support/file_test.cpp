#include "support/file.h"

#include <gtest/gtest.h>

#include "support/diagnostics.h"
#include "temporary_file.h"

namespace mo {
namespace {

Diagnostic failure_of(const std::string& path) {
  try {
    MappedFile::open(path);
  } catch (const Failure& failure) {
    return failure.diagnostic();
  }
  ADD_FAILURE() << path << " was opened";
  return {};
}

TEST(MappedFile, MapsTheBytes) {
  const TemporaryFile file(std::string_view("ab\0c", 4));
  EXPECT_EQ(MappedFile::open(file.path())->text(), std::string_view("ab\0c", 4));
}

TEST(MappedFile, SaysWhyItCannot) {
  EXPECT_EQ(failure_of("/nowhere/at/all").code, &code::file_not_found);
  EXPECT_EQ(failure_of("/tmp").code, &code::file_not_readable);
  EXPECT_NE(failure_of("/tmp").cause.find("folder"), std::string::npos);
  EXPECT_EQ(failure_of("/dev/null").code, &code::file_not_readable);
  const TemporaryFile empty("");
  EXPECT_EQ(failure_of(empty.path()).code, &code::empty_file);
  EXPECT_EQ(failure_of(empty.path()).file, empty.path());
}

}  // namespace
}  // namespace mo
