#include "cli/abrupt_ends.h"

#include <cstddef>
#include <new>
#include <string>
#include <string_view>

#include "os/process.h"
#include "support/diagnostics.h"

namespace mo::cli {

void end_out_of_memory() {
  static constexpr std::string_view text =
      "[ ERROR ]  the model asks for more memory than there is\n"
      "  what to do: allow more with --max_memory, or convert on a machine that has more\n"
      "  see docs/FAQ.md#too-large\n";
  os::end_now(text, static_cast<int>(Exit::model));
}

void end_when_memory_runs_out() {
  std::set_new_handler(end_out_of_memory);
}

void end_when_an_input_is_truncated(const Arguments& arguments) {
  constexpr std::size_t longest_list = 2000;  // of a message that is bounded
  std::string names;
  for (const char* option :
       {"--input_model", "--input_proto", "--mean_file", "--upgrade_ir", "--check_ir", "--manifest"})
    if (const auto path = arguments.value(option)) names += (names.empty() ? "" : ", ") + *path;
  Diagnostic diagnostic;
  diagnostic.code = &code::file_not_readable;
  diagnostic.file = std::string(std::string_view(names).substr(0, longest_list));
  diagnostic.cause = "a file became shorter while it was read, or its disk failed";
  diagnostic.remedy = "convert again when nothing writes it any more";
  os::end_when_a_mapping_fails(to_text(diagnostic), static_cast<int>(Exit::files));
}

}  // namespace mo::cli
