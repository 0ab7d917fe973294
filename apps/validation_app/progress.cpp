#include "validation_app/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>

namespace mo::validation {

Progress::Progress(std::size_t total) : total_(total), terminal_(isatty(STDOUT_FILENO) != 0) {}

void Progress::show() const {
  constexpr std::size_t width = 20;
  const double part =
      total_ == 0 ? 1 : static_cast<double>(std::min(done_, total_)) / static_cast<double>(total_);
  const auto dots = static_cast<std::size_t>(part * width);
  fmt::print("{}Progress: [{:<{}}] {:.2f}%", terminal_ ? "\r" : "", std::string(dots, '.'), width,
             part * 100);
  std::fflush(stdout);
}

void Progress::advance(std::size_t count) {
  done_ += count;
  if (terminal_) show();
}

void Progress::finish() {
  done_ = total_;
  show();
  fmt::print(" done\n");
}

}  // namespace mo::validation
