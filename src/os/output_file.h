#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <system_error>

namespace mo::os {

struct NamingFailure;

/// A file that is written before it has its name: nameless, or, where the file system cannot do that, under a
/// temporary one (`.mo-…`) in its folder.  Ended processes leave none behind where the system can do that.
/// What the system refuses is a std::system_error with its code.
class OutputFile {
 public:
  /// `path`: the name that give_names() will give it.
  explicit OutputFile(std::string path);
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;
  ~OutputFile();  ///< removes the file if it got no name

  const std::string& path() const { return path_; }
  void append(std::span<const std::byte> bytes);
  /// Writes at a place, counted in bytes from the start; several threads may do so at a time.
  void write_at(std::uint64_t offset, std::span<const std::byte> bytes) const;
  /// Takes the disk space for `size` bytes ahead.  Does nothing where the file system cannot; throws when the
  /// space is not there.
  void reserve(std::uint64_t size) const;
  /// Waits until the disk has the file's bytes.
  void sync() const;

 private:
  friend std::optional<NamingFailure> give_names(std::span<OutputFile* const> files, bool durable);

  std::string path_;
  std::string temporary_;  ///< the name that the file has, or gets on its way to its own
  std::intptr_t handle_ = -1;
  std::uint64_t end_ = 0;  ///< where append() goes on
  bool nameless_ = false;
};

/// Why files did not get their names.
struct NamingFailure {
  std::error_code error;
  std::size_t file = 0;
  bool named = false;  ///< all have their names, but the disk may not know
};

/// Gives the files, all of one folder, their names in this order, replacing what was there: all of them, or
/// none.  Of two processes that do so in one folder the second waits for the first.  `durable`: returns when
/// the names are on the disk.
std::optional<NamingFailure> give_names(std::span<OutputFile* const> files, bool durable);

}  // namespace mo::os
