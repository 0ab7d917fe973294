#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace mo {

/// A file that comes into being without a name, or, where the file system cannot do that, under a temporary
/// one (`.mo-…`) in its own folder.  publish() gives it its name when it is whole; until then nothing of
/// it is seen, and a nameless file vanishes with the process, however that ends.
class PendingFile {
 public:
  /// A symbolic link is followed: the file that it leads to is replaced.  Throws Failure
  /// (output_not_writable), also when something else than a regular file has the name.
  explicit PendingFile(std::string path);
  PendingFile(PendingFile&& other) noexcept;
  PendingFile& operator=(PendingFile&&) = delete;
  ~PendingFile();  ///< removes the temporary if it was not published

  int descriptor() const { return descriptor_; }
  const std::string& path() const { return path_; }
  /// The name that the file has, or gets on its way to path().
  const std::string& temporary() const { return temporary_; }
  bool is_nameless() const { return nameless_; }
  void write(std::string_view text);
  /// The same at a place of the file, counted in bytes from its start.
  void write_at(std::uint64_t offset, std::string_view text);
  /// Takes the disk space for `size` bytes ahead, so that writing them is quicker and cannot run out of it.
  /// Does nothing where the file system cannot.
  void reserve(std::uint64_t size);
  /// Waits until the disk has the file's bytes.
  void sync() const;

  [[noreturn]] void fail(int error, std::string_view doing) const;

 private:
  friend void publish(std::initializer_list<PendingFile*> files, bool durable);

  std::string path_;
  std::string temporary_;
  int descriptor_ = -1;
  bool nameless_ = false;
};

/// Gives the files, all of one folder, their names in this order, replacing what was there: all of them or,
/// when that fails (Failure, output_not_writable), none.  Killing the process does not stop it half-way, and
/// of two processes that publish into one folder the second waits for the first.  `durable`: the bytes are
/// on the disk before the names are, and the names when this returns, so that not even a power cut leaves a
/// name without its bytes.
void publish(std::initializer_list<PendingFile*> files, bool durable);

/// Writes a file of its own; into the thing itself where `path` is a pipe or a device.  Throws Failure
/// (output_not_writable).
void write_file(const std::string& path, std::string_view text);

/// Throws Failure (output_not_writable) when an output would take the place of an input; empty paths are
/// none.
void refuse_to_replace(const std::vector<std::string>& inputs, const std::vector<std::string>& outputs);

/// Creates a folder and its parents.  Throws Failure (output_not_writable).
void create_folder(const std::string& path);

}  // namespace mo
