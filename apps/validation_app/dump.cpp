#include "validation_app/dump.h"

#include <fmt/format.h>

#include "cli/values.h"

namespace mo::validation {

Dump::Dump(bool wanted) {
  if (!wanted) return;
  for (int number = 0; path_.empty() || cli::path_exists(path_); ++number)
    path_ = fmt::format("dumpfile{:04}.csv", number);
  file_.open(path_);
}

void Dump::line(const std::string& text) {
  if (wanted()) file_ << text << '\n';
}

void Dump::finish() {
  if (!wanted()) return;
  if (!file_.flush())
    cli::fail(code::output_not_writable, path_ + ": the file cannot be written",
              "start it in a folder that you may write to");
  fmt::print("Results of each image: {}\n", path_);
}

}  // namespace mo::validation
