#include "os/input_file.h"

#include <algorithm>
#include <utility>

#include "os/windows/system.h"

namespace mo::os {

namespace {

constexpr std::size_t largest_read = std::size_t{1} << 30;  // ReadFile counts in 32 bits

InputFile::Kind kind_of(HANDLE file, DWORD attributes) {
  if ((attributes & FILE_ATTRIBUTE_DIRECTORY) != 0) return InputFile::Kind::folder;
  switch (::GetFileType(file)) {
    case FILE_TYPE_DISK:
      return InputFile::Kind::regular;
    case FILE_TYPE_PIPE:
      return InputFile::Kind::pipe;
    default:
      return InputFile::Kind::other;
  }
}

}  // namespace

// Others may do with the file what they like meanwhile, as on other systems.  BACKUP_SEMANTICS opens folders.
InputFile::InputFile(const std::string& path)
    : handle_(to_integer(::CreateFileW(wide(path).c_str(), GENERIC_READ,
                                       FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                                       OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, nullptr))) {
  if (to_handle(handle_) == INVALID_HANDLE_VALUE) fail_with_last_error();
  BY_HANDLE_FILE_INFORMATION facts{};
  const bool known = ::GetFileInformationByHandle(to_handle(handle_), &facts) != 0;
  kind_ = kind_of(to_handle(handle_), known ? facts.dwFileAttributes : 0);
  size_ = (std::uint64_t{facts.nFileSizeHigh} << 32U) | facts.nFileSizeLow;
}

InputFile::InputFile(InputFile&& other) noexcept
    : handle_(std::exchange(other.handle_, to_integer(INVALID_HANDLE_VALUE))),
      kind_(other.kind_),
      size_(other.size_),
      mapped_(std::exchange(other.mapped_, {})) {}

InputFile::~InputFile() {
  if (!mapped_.empty()) ::UnmapViewOfFile(mapped_.data());
  if (to_handle(handle_) != INVALID_HANDLE_VALUE) ::CloseHandle(to_handle(handle_));
}

std::span<const std::byte> InputFile::map() {
  const Handle mapping(::CreateFileMappingW(to_handle(handle_), nullptr, PAGE_READONLY, 0, 0, nullptr));
  if (!mapping.is_open()) fail_with_last_error();
  const void* const address = ::MapViewOfFile(mapping.get(), FILE_MAP_READ, 0, 0, 0);
  if (address == nullptr) fail_with_last_error();
  mapped_ = {static_cast<const std::byte*>(address), size_};
  return mapped_;
}

std::size_t InputFile::read_at(std::uint64_t offset, std::span<std::byte> out) const {
  OVERLAPPED place{};
  place.Offset = static_cast<DWORD>(offset);
  place.OffsetHigh = static_cast<DWORD>(offset >> 32U);
  DWORD got = 0;
  if (::ReadFile(to_handle(handle_), out.data(), static_cast<DWORD>(std::min(out.size(), largest_read)), &got,
                 &place) != 0 ||
      ::GetLastError() == ERROR_HANDLE_EOF)
    return got;
  fail_with_last_error();
}

std::size_t InputFile::read_next(std::span<std::byte> out) const {
  DWORD got = 0;
  if (::ReadFile(to_handle(handle_), out.data(), static_cast<DWORD>(std::min(out.size(), largest_read)), &got,
                 nullptr) != 0 ||
      ::GetLastError() == ERROR_BROKEN_PIPE)
    return got;
  fail_with_last_error();
}

}  // namespace mo::os
