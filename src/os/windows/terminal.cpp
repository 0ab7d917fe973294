#include "os/terminal.h"

#include <io.h>

#include "os/windows/system.h"

namespace mo::os {

namespace {

HANDLE handle_of(int descriptor) {
  return reinterpret_cast<HANDLE>(::_get_osfhandle(descriptor));
}

}  // namespace

bool is_terminal(int descriptor) {
  const HANDLE console = handle_of(descriptor);
  DWORD mode = 0;
  return ::GetConsoleMode(console, &mode) != 0 &&
         ::SetConsoleMode(console, mode | ENABLE_PROCESSED_OUTPUT | ENABLE_VIRTUAL_TERMINAL_PROCESSING) != 0;
}

bool has_colours(int descriptor) {
  return is_terminal(descriptor);
}

void write_now(int descriptor, std::string_view text) {
  DWORD written = 0;
  ::WriteFile(handle_of(descriptor), text.data(), static_cast<DWORD>(text.size()), &written, nullptr);
}

}  // namespace mo::os
