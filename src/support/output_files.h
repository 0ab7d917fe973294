#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mo {

/// A file that comes into being under a temporary name in its own folder and gets its name only when it is
/// whole.
class PendingFile {
 public:
  /// Creates the temporary.  Throws Failure (output_not_writable).
  explicit PendingFile(std::string path);
  PendingFile(PendingFile&& other) noexcept;
  PendingFile& operator=(PendingFile&&) = delete;
  ~PendingFile();  ///< removes the temporary if it was not committed

  int descriptor() const { return descriptor_; }
  const std::string& path() const { return path_; }
  void write(std::string_view text);
  /// The same at a place of the file, counted in bytes from its start.
  void write_at(std::uint64_t offset, std::string_view text);
  /// Takes the disk space for `size` bytes ahead, so that writing them is quicker and cannot run out of it.
  /// Does nothing where the file system cannot.
  void reserve(std::uint64_t size);
  /// Gives the file its name, replacing what was there.
  void commit();

  [[noreturn]] void fail(int error, std::string_view doing) const;

 private:
  std::string path_;
  std::string temporary_;
  int descriptor_ = -1;
};

/// Creates a folder and its parents.  Throws Failure (output_not_writable).
void create_folder(const std::string& path);

}  // namespace mo
