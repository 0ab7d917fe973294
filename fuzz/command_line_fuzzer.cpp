#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cli/parse.h"
#include "cli/settings.h"
#include "support/diagnostics.h"

// Any words, one a line, are options or problems; nothing is converted.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<std::string> words;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    words.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  mo::Diagnostics diagnostics;
  const mo::cli::Arguments arguments = mo::cli::parse(words, diagnostics);
  mo::cli::to_convert_options(arguments, diagnostics, 11);
  mo::cli::to_upgrade_options(arguments, diagnostics, 11);
  for (const mo::Diagnostic& diagnostic : diagnostics.all()) mo::to_text(diagnostic);
  return 0;
}
