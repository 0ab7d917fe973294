#include "os/windows/child.h"

namespace mo::os {

namespace {

/// As CommandLineToArgvW and the C library of Windows take it apart again: a backslash is itself unless a
/// quotation mark follows.
std::wstring quoted(std::wstring_view word) {
  std::wstring text = L"\"";
  std::size_t backslashes = 0;
  for (const wchar_t c : word) {
    if (c == L'"') text.append(backslashes + 1, L'\\');
    backslashes = c == L'\\' ? backslashes + 1 : 0;
    text += c;
  }
  return text.append(backslashes, L'\\').append(1, L'"');
}

}  // namespace

int run_child(const std::string& program, std::span<const std::string> words, const Streams& streams) {
  std::wstring line = quoted(wide(program));
  for (const std::string& word : words) line.append(L" ").append(quoted(wide(word)));
  STARTUPINFOW start{};
  start.cb = sizeof start;
  start.dwFlags = STARTF_USESTDHANDLES;
  start.hStdInput = streams.in;
  start.hStdOutput = streams.out;
  start.hStdError = streams.errors;
  PROCESS_INFORMATION child{};
  if (::CreateProcessW(nullptr, line.data(), nullptr, nullptr, TRUE, 0, nullptr, nullptr, &start, &child) ==
      0)
    fail_with_last_error();
  const Handle thread(child.hThread);
  const Handle process(child.hProcess);
  ::WaitForSingleObject(process.get(), INFINITE);
  DWORD status = 0;
  ::GetExitCodeProcess(process.get(), &status);
  return static_cast<int>(status);
}

}  // namespace mo::os
