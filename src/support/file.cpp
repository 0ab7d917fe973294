#include "support/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "support/diagnostics.h"
#include "support/suggestion.h"

namespace mo {
namespace {

[[noreturn]] void fail(const DiagnosticCode& code, const std::string& path, std::string cause,
                       std::string remedy) {
  Diagnostic diagnostic;
  diagnostic.code = &code;
  diagnostic.cause = std::move(cause);
  diagnostic.remedy = std::move(remedy);
  diagnostic.file = path;
  throw Failure(std::move(diagnostic));
}

[[noreturn]] void fail_errno(const std::string& path, int error) {
  if (error == ENOENT || error == ENOTDIR) {
    fail(code::file_not_found, path, "there is no such file",
         file_suggestion(path, "check the path; it is taken from the current folder"));
  }
  fail(code::file_not_readable, path, fmt::format("the file cannot be read: {}", std::strerror(error)),
       error == EACCES ? "give yourself the right to read it" : "");
}

constexpr std::size_t largest_through_pipe = std::size_t{2} << 30;  // as much as protobuf can say

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int number() const { return number_; }
  int release() { return std::exchange(number_, -1); }

 private:
  int number_;
};

/// All that comes through a pipe until its writers have closed it.
std::string read_pipe(const Descriptor& pipe, const std::string& path) {
  std::string bytes;
  std::size_t size = 0;
  for (;;) {
    bytes.resize(size + (std::size_t{1} << 16));
    const ssize_t got = ::read(pipe.number(), bytes.data() + size, bytes.size() - size);
    if (got == 0) break;
    if (got > 0) {
      size += static_cast<std::size_t>(got);
      if (size > largest_through_pipe)
        fail(code::file_not_readable, path, "more than 2 GiB came through this pipe",
             "save it as a file first");
    } else if (errno == EAGAIN) {
      struct pollfd wanted {
        .fd = pipe.number(), .events = POLLIN, .revents = 0
      };
      ::poll(&wanted, 1, -1);
    } else if (errno != EINTR) {
      fail_errno(path, errno);
    }
  }
  bytes.resize(size);
  return bytes;
}

}  // namespace

std::shared_ptr<const MappedFile> MappedFile::open(const std::string& path) {
  // O_NONBLOCK: opening a named pipe must not wait for a writer.
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.number() < 0) fail_errno(path, errno);
  struct stat status {};
  if (::fstat(file.number(), &status) != 0) fail_errno(path, errno);
  if (S_ISDIR(status.st_mode)) {
    fail(code::file_not_readable, path, "this is a folder, not a file",
         "give the path of the file inside it");
  }
  if (S_ISFIFO(status.st_mode)) {
    std::string bytes = read_pipe(file, path);
    if (bytes.empty())
      fail(code::empty_file, path, "nothing came through this pipe", "write the file into it");
    return in_memory(path, std::move(bytes));
  }
  if (!S_ISREG(status.st_mode)) {
    fail(code::file_not_readable, path, "this is not a regular file", "save its content as a file first");
  }
  if (status.st_size == 0) {
    fail(code::empty_file, path, "the file is empty", "download or save it again");
  }
  const auto size = static_cast<std::size_t>(status.st_size);
  void* address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.number(), 0);
  if (address == MAP_FAILED) fail_errno(path, errno);
  const std::shared_ptr<MappedFile> mapped(new MappedFile);
  mapped->path_ = path;
  mapped->descriptor_ = file.release();
  mapped->bytes_ = std::span(static_cast<const std::byte*>(address), size);
  return mapped;
}

std::shared_ptr<const MappedFile> MappedFile::in_memory(std::string path, std::string bytes) {
  const std::shared_ptr<MappedFile> file(new MappedFile);
  file->path_ = std::move(path);
  file->memory_ = std::move(bytes);
  file->bytes_ = std::as_bytes(std::span(file->memory_));
  return file;
}

void MappedFile::read(std::size_t offset, std::span<std::byte> out) const {
  while (!out.empty()) {
    const ssize_t got = ::pread(descriptor_, out.data(), out.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail_errno(path_, errno);
    if (got == 0)
      fail(code::file_not_readable, path_, "the file became shorter while it was read",
           "convert again when nothing writes it any more");
    out = out.subspan(static_cast<std::size_t>(got));
    offset += static_cast<std::size_t>(got);
  }
}

MappedFile::~MappedFile() {
  if (descriptor_ < 0) return;
  ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
  ::close(descriptor_);
}

}  // namespace mo
