#include <cstddef>
#include <cstdint>
#include <string>

#include "ir/check/check.h"
#include "ir/document.h"
#include "support/diagnostics.h"
#include "support/file.h"

// Any bytes are an .xml of IR of any version beside a .bin of 4 KiB, and faults of either are diagnostics.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string bytes(reinterpret_cast<const char*>(data), size);
  mo::Diagnostics diagnostics;
  try {
    const auto file = mo::MappedFile::in_memory("n.xml", std::move(bytes));
    mo::ir::check::all_rules(mo::ir::read_document(*file, diagnostics), 4096, diagnostics);
  } catch (const mo::Failure& failure) {
    mo::to_text(failure.diagnostic());
  }
  for (const mo::Diagnostic& diagnostic : diagnostics.all()) mo::to_text(diagnostic);
  return 0;
}
