#include "os/output_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <utility>

#include "os/windows/deletion.h"
#include "os/windows/system.h"

namespace mo::os {

namespace {

constexpr std::size_t largest_write = std::size_t{1} << 30;  // WriteFile counts in 32 bits

/// A name that no one else takes, short, and such that leftovers of a crash are told.
std::string temporary_name(const std::string& path) {
  const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
  const std::string name =
      fmt::format(".mo-{:x}-{:x}-{:x}", ::GetCurrentProcessId(), now, std::hash<std::string>()(path));
  return narrow((std::filesystem::path(wide(path)).parent_path() / name).native());
}

}  // namespace

/// No file here is nameless, but this one goes with its last handle, however the process ends, until
/// give_names() says otherwise.
OutputFile::OutputFile(std::string path) : path_(std::move(path)), temporary_(temporary_name(path_)) {
  const HANDLE file = ::CreateFileW(wide(temporary_).c_str(), GENERIC_READ | GENERIC_WRITE | DELETE,
                                    FILE_SHARE_DELETE, nullptr, CREATE_NEW, FILE_ATTRIBUTE_NORMAL, nullptr);
  if (file == INVALID_HANDLE_VALUE) fail_with_last_error();
  handle_ = to_integer(file);
  delete_when_closed(file, true);
}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : path_(std::move(other.path_)),
      temporary_(std::move(other.temporary_)),
      handle_(std::exchange(other.handle_, -1)),
      end_(other.end_) {}

OutputFile::~OutputFile() {
  if (handle_ == -1) return;
  delete_when_closed(to_handle(handle_), true);
  ::CloseHandle(to_handle(handle_));
}

void OutputFile::append(std::span<const std::byte> bytes) {
  write_at(end_, bytes);
  end_ += bytes.size();
}

void OutputFile::write_at(std::uint64_t offset, std::span<const std::byte> bytes) const {
  while (!bytes.empty()) {
    OVERLAPPED place{};
    place.Offset = static_cast<DWORD>(offset);
    place.OffsetHigh = static_cast<DWORD>(offset >> 32U);
    DWORD written = 0;
    if (::WriteFile(to_handle(handle_), bytes.data(),
                    static_cast<DWORD>(std::min(bytes.size(), largest_write)), &written, &place) == 0)
      fail_with_last_error();
    bytes = bytes.subspan(written);
    offset += written;
  }
}

void OutputFile::reserve(std::uint64_t size) const {
  FILE_ALLOCATION_INFO wanted{};
  wanted.AllocationSize.QuadPart = static_cast<LONGLONG>(size);
  if (::SetFileInformationByHandle(to_handle(handle_), FileAllocationInfo, &wanted, sizeof wanted) != 0)
    return;
  if (::GetLastError() == ERROR_DISK_FULL) fail_with_last_error();
}

void OutputFile::sync() const {
  if (::FlushFileBuffers(to_handle(handle_)) == 0) fail_with_last_error();
}

}  // namespace mo::os
