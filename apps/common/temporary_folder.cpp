#include "common/temporary_folder.h"

#include <stdlib.h>

#include <system_error>

#include "cli/values.h"

namespace mo::apps {

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "mo-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr)
    cli::fail(code::output_not_writable, pattern + ": no temporary folder can be made",
              "let the environment's TMPDIR name a folder that you may write to");
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace mo::apps
