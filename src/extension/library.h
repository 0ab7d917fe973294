#pragma once

#include <memory>
#include <optional>
#include <string>

#include "mo/extension.h"
#include "os/shared_library.h"

namespace mo::extension {

/// A shared object with extensions, loaded for as long as the object lives.
class Library {
 public:
  /// Loads the file and checks its version.  Throws Failure (extension_library).
  static std::shared_ptr<const Library> open(const std::string& path);

  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;

  const std::string& path() const { return path_; }
  /// Its mo_extension_register.
  using Register = std::int32_t (*)(const mo_host*, mo_call*);
  Register entry() const { return entry_; }

 private:
  explicit Library(std::string path) : path_(std::move(path)) {}

  std::string path_;
  std::optional<os::SharedLibrary> loaded_;
  Register entry_ = nullptr;
};

/// A failure of a library as a whole.
[[noreturn]] void fail_library(const std::string& path, std::string cause, std::string remedy = {});

}  // namespace mo::extension
