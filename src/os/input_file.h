#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace mo::os {

/// A file open for reading.  What the system refuses is a std::system_error with its code.
class InputFile {
 public:
  enum class Kind { regular, folder, pipe, other };

  /// Opens without waiting: a pipe may have no writer yet.
  explicit InputFile(const std::string& path);
  InputFile(InputFile&& other) noexcept;
  InputFile& operator=(InputFile&&) = delete;
  ~InputFile();

  Kind kind() const { return kind_; }
  std::uint64_t size() const { return size_; }  ///< bytes of a regular file
  /// The whole regular file, which is not empty, read-only, for as long as this object lives.
  std::span<const std::byte> map();
  /// Reads from a place of a regular file on; returns how many bytes it got, 0 at the end.
  std::size_t read_at(std::uint64_t offset, std::span<std::byte> out) const;
  /// Waits for what comes next through a pipe; 0 when its writers have closed it.
  std::size_t read_next(std::span<std::byte> out) const;

 private:
  std::intptr_t handle_;
  Kind kind_ = Kind::other;
  std::uint64_t size_ = 0;
  std::span<const std::byte> mapped_;
};

}  // namespace mo::os
