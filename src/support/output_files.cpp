#include "support/output_files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <system_error>
#include <utility>

#include "support/diagnostics.h"

namespace mo {

namespace {

[[noreturn]] void refuse(const std::string& path, std::string cause, std::string remedy) {
  Diagnostic diagnostic;
  diagnostic.code = &code::output_not_writable;
  diagnostic.file = path;
  diagnostic.cause = std::move(cause);
  diagnostic.remedy = std::move(remedy);
  throw Failure(std::move(diagnostic));
}

[[noreturn]] void fail_with(const std::string& path, int error, std::string_view doing) {
  refuse(path, "cannot " + std::string(doing) + ": " + std::generic_category().message(error),
         "check the folder's permissions and free space, or choose another with --output_dir");
}

/// Where a link leads; the path itself when it is none or leads nowhere.
std::string followed(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_symlink(path, error)) return path;
  const auto target = std::filesystem::canonical(path, error);
  return error ? path : target.string();
}

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

PendingFile::PendingFile(std::string path) : path_(followed(path)), temporary_(temporary_name(path_)) {
  struct stat status {};
  if (::stat(path_.c_str(), &status) == 0 && !S_ISREG(status.st_mode))
    refuse(path_, S_ISDIR(status.st_mode) ? "a folder has this name" : "this is not a regular file",
           "remove it, or choose another name with --model_name or another folder with --output_dir");
  // Without /proc a nameless file could not get a name.
  if (::access("/proc/self/fd", X_OK) == 0)
    descriptor_ = ::open(folder_of(path_).c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
  nameless_ = descriptor_ >= 0;
  if (!nameless_) descriptor_ = ::open(temporary_.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0666);
  if (descriptor_ < 0) fail_with(path_, errno, "create the file");
}

PendingFile::PendingFile(PendingFile&& other) noexcept
    : path_(std::move(other.path_)),
      temporary_(std::move(other.temporary_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      nameless_(other.nameless_) {}

PendingFile::~PendingFile() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  if (!nameless_) ::unlink(temporary_.c_str());
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

void PendingFile::sync() const {
  if (::fdatasync(descriptor_) != 0) fail(errno, "bring the file to the disk");
}

void write_file(const std::string& path, std::string_view text) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) {
    std::ofstream file(path, std::ios::binary);
    file << text;
    if (!file.flush()) fail_with(path, errno, "write the file");
    return;
  }
  PendingFile file(path);
  file.write(text);
  publish({&file}, false);
}

void refuse_to_replace(const std::vector<std::string>& inputs, const std::vector<std::string>& outputs) {
  for (const std::string& output : outputs) {
    for (const std::string& input : inputs) {
      std::error_code ignored;
      if (input.empty() || !std::filesystem::equivalent(input, output, ignored)) continue;
      refuse(output, "this output would take the place of the input " + input,
             "name another folder with --output_dir, or another name with --model_name");
    }
  }
}

void create_folder(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) fail_with(path, error.value(), "create the folder");
}

}  // namespace mo
