#include "support/output_files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <random>
#include <system_error>

#include "support/diagnostics.h"

namespace mo {

namespace {

[[noreturn]] void fail_with(const std::string& path, int error, std::string_view doing) {
  Diagnostic diagnostic;
  diagnostic.code = &code::output_not_writable;
  diagnostic.file = path;
  diagnostic.cause = "cannot " + std::string(doing) + ": " + std::generic_category().message(error);
  diagnostic.remedy = "check the folder's permissions and free space, or choose another with --output_dir";
  throw Failure(std::move(diagnostic));
}

}  // namespace

// Not mkstemp, whose files are private: to give them the usual permissions, the process's mask would have to
// be changed to be known, in all threads.
PendingFile::PendingFile(std::string path) : path_(std::move(path)) {
  std::random_device random;
  do {
    temporary_ = fmt::format("{}.{:08x}", path_, random());
    descriptor_ = ::open(temporary_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  } while (descriptor_ < 0 && errno == EEXIST);
  if (descriptor_ < 0) {
    temporary_.clear();
    fail_with(path_, errno, "create the file");
  }
}

PendingFile::PendingFile(PendingFile&& other) noexcept
    : path_(std::move(other.path_)), temporary_(std::move(other.temporary_)), descriptor_(other.descriptor_) {
  other.descriptor_ = -1;
  other.temporary_.clear();
}

PendingFile::~PendingFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void PendingFile::fail(int error, std::string_view doing) const {
  fail_with(path_, error, doing);
}

void PendingFile::write(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor_, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(errno, "write the file");
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

void PendingFile::write_at(std::uint64_t offset, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::pwrite(descriptor_, text.data(), text.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(errno, "write the file");
    offset += static_cast<std::uint64_t>(written);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

void PendingFile::reserve(std::uint64_t size) {
  constexpr std::uint64_t worth_it = 1 << 20;
  if (size < worth_it) return;
  if (::fallocate(descriptor_, 0, 0, static_cast<off_t>(size)) == 0) return;
  if (errno == ENOSPC || errno == EFBIG || errno == EDQUOT)
    fail(errno, fmt::format("take {} MiB of disk space", (size >> 20) + 1));
}

void PendingFile::commit() {
  if (::close(descriptor_) != 0) {
    descriptor_ = -1;
    fail(errno, "close the file");
  }
  descriptor_ = -1;
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) fail(errno, "give the file its name");
  temporary_.clear();
}

void create_folder(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) fail_with(path, error.value(), "create the folder");
}

}  // namespace mo
