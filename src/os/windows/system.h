#pragma once

// Every Windows source includes the system's header through this one.
#ifndef NOMINMAX
#define NOMINMAX
#endif
#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace mo::os {

/// The system speaks UTF-16, the program UTF-8.
std::wstring wide(std::string_view utf8);
std::string narrow(std::wstring_view utf16);

/// Throws std::system_error with the calling thread's last error.
[[noreturn]] void fail_with_last_error();

inline HANDLE to_handle(std::intptr_t handle) {
  return reinterpret_cast<HANDLE>(handle);
}

inline std::intptr_t to_integer(HANDLE handle) {
  return reinterpret_cast<std::intptr_t>(handle);
}

/// Closes the handle when it goes.
class Handle {
 public:
  explicit Handle(HANDLE handle) : handle_(handle) {}
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() {
    if (is_open()) ::CloseHandle(handle_);
  }
  bool is_open() const { return handle_ != nullptr && handle_ != INVALID_HANDLE_VALUE; }
  HANDLE get() const { return handle_; }

 private:
  HANDLE handle_;
};

}  // namespace mo::os
