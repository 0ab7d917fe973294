#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "os/output_file.h"

namespace mo {

/// A file that comes into being without its name, which publish() gives it when it is whole; until then
/// nothing of it is seen.  All members throw Failure (output_not_writable).
class PendingFile {
 public:
  /// A symbolic link is followed: the file that it leads to is replaced.  Throws also when something else
  /// than a regular file has the name.
  explicit PendingFile(const std::string& path);

  const std::string& path() const { return file_.path(); }
  void write(std::string_view text);
  /// The same at a place of the file, counted in bytes from its start; several threads may do so at a time.
  void write_at(std::uint64_t offset, std::span<const std::byte> bytes) const;
  /// Takes the disk space for `size` bytes ahead, so that writing them is quicker and cannot run out of it.
  /// Does nothing where the file system cannot.
  void reserve(std::uint64_t size) const;

 private:
  friend void publish(std::initializer_list<PendingFile*> files, bool durable);

  os::OutputFile file_;
};

/// Gives the files, all of one folder, their names in this order, replacing what was there: all of them or,
/// when that fails (Failure, output_not_writable), none.  Killing the process does not stop it half-way (on
/// Windows: may leave no set at all, and never parts of two), and of two processes that publish into one
/// folder the second waits for the first.  `durable`: the bytes are on the disk before the names are, and the
/// names when this returns, so that not even a power cut leaves a name without its bytes.
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
