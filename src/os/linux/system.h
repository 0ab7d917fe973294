#pragma once

#include <cerrno>
#include <cstdint>
#include <system_error>

namespace mo::os {

/// Throws the system's last error.
[[noreturn]] inline void fail() {
  throw std::system_error(errno, std::generic_category());
}

/// A handle is a file descriptor here.
inline int descriptor(std::intptr_t handle) {
  return static_cast<int>(handle);
}

}  // namespace mo::os
