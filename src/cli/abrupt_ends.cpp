#include "cli/abrupt_ends.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstddef>
#include <new>
#include <string>
#include <string_view>

#include "support/diagnostics.h"

namespace mo::cli {

namespace {

// A signal handler sees nothing but what lies in static storage.
std::array<char, 4096> message;
std::size_t message_size = 0;

extern "C" void print_and_end(int /*signal*/) {
  const ssize_t ignored = ::write(STDERR_FILENO, message.data(), message_size);
  static_cast<void>(ignored);
  ::_exit(static_cast<int>(Exit::files));
}

}  // namespace

void end_out_of_memory() {
  static constexpr std::string_view text =
      "[ ERROR ]  the model asks for more memory than there is\n"
      "  what to do: allow more with --max_memory, or convert on a machine that has more\n"
      "  see docs/FAQ.md#too-large\n";
  const ssize_t ignored = ::write(STDERR_FILENO, text.data(), text.size());
  static_cast<void>(ignored);
  ::_exit(static_cast<int>(Exit::model));
}

void end_when_memory_runs_out() {
  std::set_new_handler(end_out_of_memory);
}

void end_when_an_input_is_truncated(const Arguments& arguments) {
  std::string names;
  for (const char* option :
       {"--input_model", "--input_proto", "--mean_file", "--upgrade_ir", "--check_ir", "--manifest"})
    if (const auto path = arguments.value(option)) names += (names.empty() ? "" : ", ") + *path;
  Diagnostic diagnostic;
  diagnostic.code = &code::file_not_readable;
  diagnostic.file = std::string(std::string_view(names).substr(0, message.size() / 2));
  diagnostic.cause = "a file became shorter while it was read, or its disk failed";
  diagnostic.remedy = "convert again when nothing writes it any more";
  const std::string text = to_text(diagnostic);
  message_size = std::min(text.size(), message.size());
  std::copy_n(text.begin(), message_size, message.begin());
  struct sigaction action {};
  action.sa_handler = print_and_end;
  ::sigaction(SIGBUS, &action, nullptr);
}

}  // namespace mo::cli
