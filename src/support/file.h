#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "os/input_file.h"

namespace mo {

/// A whole regular file, mapped read-only for as long as the object lives.
class MappedFile {
 public:
  /// Throws Failure: file_not_found, file_not_readable (a folder, no permission, not a regular file) or
  /// empty_file.
  static std::shared_ptr<const MappedFile> open(const std::string& path);

  /// The same interface over bytes in memory, for tests and fuzzers.
  static std::shared_ptr<const MappedFile> in_memory(std::string path, std::string bytes);

  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  const std::string& path() const { return path_; }
  std::span<const std::byte> bytes() const { return bytes_; }
  /// Whether the bytes are those of an open file, which read() can read.
  bool is_open() const { return file_.has_value(); }
  /// Fills `out` from `offset` on by reading, without the mapping.  Throws Failure (file_not_readable), also
  /// when the file became shorter meanwhile.  Precondition: is_open().
  void read(std::size_t offset, std::span<std::byte> out) const;
  std::string_view text() const { return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()}; }

 private:
  MappedFile() = default;

  std::string path_;
  std::string memory_;  ///< holds the bytes when they are not mapped
  std::optional<os::InputFile> file_;
  std::span<const std::byte> bytes_;
};

}  // namespace mo
