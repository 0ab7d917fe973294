#include "os/output_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <functional>
#include <utility>

#include "os/linux/system.h"

namespace mo::os {

namespace {

std::string folder_of(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

/// A name that no one else takes, short, and such that leftovers of a crash are told.
std::string temporary_name(const std::string& path) {
  const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
  return fmt::format("{}/.mo-{:x}-{:x}-{:x}", folder_of(path), ::getpid(), now,
                     std::hash<std::string>()(path));
}

}  // namespace

OutputFile::OutputFile(std::string path) : path_(std::move(path)), temporary_(temporary_name(path_)) {
  // Without /proc a nameless file could not get a name.
  if (::access("/proc/self/fd", X_OK) == 0)
    handle_ = ::open(folder_of(path_).c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
  nameless_ = handle_ >= 0;
  if (!nameless_) handle_ = ::open(temporary_.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0666);
  if (handle_ < 0) fail();
}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : path_(std::move(other.path_)),
      temporary_(std::move(other.temporary_)),
      handle_(std::exchange(other.handle_, -1)),
      end_(other.end_),
      nameless_(other.nameless_) {}

OutputFile::~OutputFile() {
  if (handle_ < 0) return;
  ::close(descriptor(handle_));
  if (!nameless_) ::unlink(temporary_.c_str());
}

void OutputFile::append(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor(handle_), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail();
    bytes = bytes.subspan(static_cast<std::size_t>(written));
    end_ += static_cast<std::uint64_t>(written);
  }
}

void OutputFile::write_at(std::uint64_t offset, std::span<const std::byte> bytes) const {
  while (!bytes.empty()) {
    const ssize_t written =
        ::pwrite(descriptor(handle_), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail();
    bytes = bytes.subspan(static_cast<std::size_t>(written));
    offset += static_cast<std::uint64_t>(written);
  }
}

void OutputFile::reserve(std::uint64_t size) const {
  if (::fallocate(descriptor(handle_), 0, 0, static_cast<off_t>(size)) == 0) return;
  if (errno == ENOSPC || errno == EFBIG || errno == EDQUOT) fail();
}

void OutputFile::sync() const {
  if (::fdatasync(descriptor(handle_)) != 0) fail();
}

}  // namespace mo::os
