#include "os/terminal.h"

#include <unistd.h>

#include <cstdlib>

namespace mo::os {

bool is_terminal(int descriptor) {
  return ::isatty(descriptor) == 1;
}

bool has_colours(int descriptor) {
  const char* const value = std::getenv("TERM");
  const std::string_view name = value == nullptr ? "" : value;
  return is_terminal(descriptor) && !name.empty() && name != "dumb";
}

void write_now(int descriptor, std::string_view text) {
  [[maybe_unused]] const ssize_t ignored = ::write(descriptor, text.data(), text.size());
}

}  // namespace mo::os
