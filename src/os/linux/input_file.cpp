#include "os/input_file.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "os/linux/system.h"

namespace mo::os {

namespace {

InputFile::Kind kind_of(mode_t mode) {
  if (S_ISREG(mode)) return InputFile::Kind::regular;
  if (S_ISDIR(mode)) return InputFile::Kind::folder;
  return S_ISFIFO(mode) ? InputFile::Kind::pipe : InputFile::Kind::other;
}

}  // namespace

// O_NONBLOCK: opening a named pipe must not wait for a writer.
InputFile::InputFile(const std::string& path)
    : handle_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
  struct stat status {};
  if (handle_ < 0) fail();
  if (::fstat(descriptor(handle_), &status) != 0) {
    const int error = errno;
    ::close(descriptor(handle_));
    throw std::system_error(error, std::generic_category());
  }
  kind_ = kind_of(status.st_mode);
  size_ = static_cast<std::uint64_t>(status.st_size);
}

InputFile::InputFile(InputFile&& other) noexcept
    : handle_(std::exchange(other.handle_, -1)),
      kind_(other.kind_),
      size_(other.size_),
      mapped_(std::exchange(other.mapped_, {})) {}

InputFile::~InputFile() {
  if (!mapped_.empty()) ::munmap(const_cast<std::byte*>(mapped_.data()), mapped_.size());
  if (handle_ >= 0) ::close(descriptor(handle_));
}

std::span<const std::byte> InputFile::map() {
  void* const address = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, descriptor(handle_), 0);
  if (address == MAP_FAILED) fail();
  mapped_ = {static_cast<const std::byte*>(address), size_};
  return mapped_;
}

std::size_t InputFile::read_at(std::uint64_t offset, std::span<std::byte> out) const {
  for (;;) {
    const ssize_t got = ::pread(descriptor(handle_), out.data(), out.size(), static_cast<off_t>(offset));
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) fail();
  }
}

std::size_t InputFile::read_next(std::span<std::byte> out) const {
  for (;;) {
    const ssize_t got = ::read(descriptor(handle_), out.data(), out.size());
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno == EAGAIN) {
      struct pollfd wanted {
        .fd = descriptor(handle_), .events = POLLIN, .revents = 0
      };
      ::poll(&wanted, 1, -1);
    } else if (errno != EINTR) {
      fail();
    }
  }
}

}  // namespace mo::os
