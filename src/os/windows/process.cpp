#include "os/process.h"

#include <fcntl.h>
#include <io.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <system_error>

#include "os/terminal.h"
#include "os/windows/child.h"
#include "os/windows/system.h"
// Behind the system's own header.
#include <shellapi.h>

namespace mo::os {

namespace {

/// What the handler of exceptions needs: it is a function without an object.
struct LastWords {
  std::string text;
  int status = 0;
};

LastWords& last_words() {
  static LastWords words;
  return words;
}

LONG WINAPI say_them(EXCEPTION_POINTERS* exception) {
  if (exception->ExceptionRecord->ExceptionCode == EXCEPTION_IN_PAGE_ERROR)
    end_now(last_words().text, last_words().status);
  return EXCEPTION_CONTINUE_SEARCH;
}

}  // namespace

std::vector<std::string> start(int /*argc*/, char** /*argv*/) {
  ::SetConsoleOutputCP(CP_UTF8);
  // Lines end as they do in files of other systems.
  ::_setmode(standard_output, _O_BINARY);
  ::_setmode(standard_error, _O_BINARY);
  int count = 0;
  const std::unique_ptr<LPWSTR, decltype(&::LocalFree)> words(
      ::CommandLineToArgvW(::GetCommandLineW(), &count), ::LocalFree);
  std::vector<std::string> arguments;
  for (int i = 0; i < count; ++i) arguments.push_back(narrow(words.get()[i]));
  return arguments;
}

std::string environment(const char* name) {
  std::wstring value(32768, L'\0');  // as long as one can be
  const DWORD size =
      ::GetEnvironmentVariableW(wide(name).c_str(), value.data(), static_cast<DWORD>(value.size()));
  return narrow(value.substr(0, size));
}

std::string program_path() {
  std::wstring path(32768, L'\0');
  const DWORD size = ::GetModuleFileNameW(nullptr, path.data(), static_cast<DWORD>(path.size()));
  return narrow(path.substr(0, size));
}

std::string program_beside(const std::string& name) {
  return narrow(std::filesystem::path(wide(program_path())).replace_filename(name + ".exe").native());
}

bool can_run(const std::string& program) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(wide(program), ignored);
}

/// The other program runs in a process of its own, which this one waits for.
void replace_by(const std::string& program, std::span<const std::string> words) {
  std::fflush(nullptr);
  try {
    const int status = run_child(program, words,
                                 {::GetStdHandle(STD_INPUT_HANDLE), ::GetStdHandle(STD_OUTPUT_HANDLE),
                                  ::GetStdHandle(STD_ERROR_HANDLE)});
    ::ExitProcess(static_cast<UINT>(status));
  } catch (const std::system_error&) {  // the caller says it
  }
}

void end_now(std::string_view text, int status) {
  write_now(standard_error, text);
  ::TerminateProcess(::GetCurrentProcess(), static_cast<UINT>(status));
  std::abort();  // it does not come back
}

void end_when_a_mapping_fails(std::string_view text, int status) {
  last_words() = {std::string(text), status};
  ::AddVectoredExceptionHandler(1, say_them);
}

}  // namespace mo::os
