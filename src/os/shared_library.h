#pragma once

#include <string>
#include <string_view>

namespace mo::os {

/// How the names of shared libraries end: `.so`
std::string_view shared_library_ending();

/// A shared library, loaded for as long as the object lives.
class SharedLibrary {
 public:
  /// `path` is absolute.  Throws std::runtime_error that says why it cannot be loaded.
  explicit SharedLibrary(const std::string& path);
  SharedLibrary(const SharedLibrary&) = delete;
  SharedLibrary& operator=(const SharedLibrary&) = delete;
  ~SharedLibrary();

  /// The address of what it exports under this name; null when it does not.
  void* symbol(const char* name) const;

 private:
  void* handle_;
};

}  // namespace mo::os
