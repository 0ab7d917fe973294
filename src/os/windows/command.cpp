#include "os/command.h"

#include <array>

#include "os/windows/child.h"
#include "os/windows/system.h"

namespace mo::os {

namespace {

/// A file that a child can inherit and that goes with its last handle.
class TemporaryFile {
 public:
  TemporaryFile() : file_(create()) {
    if (!file_.is_open()) fail_with_last_error();
  }
  HANDLE get() const { return file_.get(); }

  void put(std::string_view text) {
    DWORD written = 0;
    if (::WriteFile(get(), text.data(), static_cast<DWORD>(text.size()), &written, nullptr) == 0)
      fail_with_last_error();
    rewind();
  }

  std::string text() {
    rewind();
    std::string all;
    std::array<char, 1 << 12> buffer{};
    DWORD got = 0;
    while (::ReadFile(get(), buffer.data(), static_cast<DWORD>(buffer.size()), &got, nullptr) != 0 && got > 0)
      all.append(buffer.data(), got);
    return all;
  }

 private:
  static HANDLE create() {
    std::array<wchar_t, MAX_PATH + 1> folder{};
    std::array<wchar_t, MAX_PATH + 1> path{};
    if (::GetTempPathW(static_cast<DWORD>(folder.size()), folder.data()) == 0 ||
        ::GetTempFileNameW(folder.data(), L"mo", 0, path.data()) == 0)
      return INVALID_HANDLE_VALUE;
    SECURITY_ATTRIBUTES inherited{sizeof inherited, nullptr, TRUE};
    return ::CreateFileW(path.data(), GENERIC_READ | GENERIC_WRITE, 0, &inherited, CREATE_ALWAYS,
                         FILE_ATTRIBUTE_TEMPORARY | FILE_FLAG_DELETE_ON_CLOSE, nullptr);
  }

  void rewind() { ::SetFilePointer(get(), 0, nullptr, FILE_BEGIN); }

  Handle file_;
};

}  // namespace

bool has_program(std::string_view name) {
  return ::SearchPathW(nullptr, wide(name).c_str(), L".exe", 0, nullptr, nullptr) != 0;
}

CommandResult run_command(const std::string& name, std::span<const std::string> words,
                          std::string_view input) {
  TemporaryFile in;
  TemporaryFile out;
  TemporaryFile errors;
  in.put(input);
  const int status = run_child(name, words, {in.get(), out.get(), errors.get()});
  return {status, out.text(), errors.text()};
}

}  // namespace mo::os
