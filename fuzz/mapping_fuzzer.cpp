#include <cstddef>
#include <cstdint>
#include <string>

#include "custom/mapping.h"

// Any bytes are a mapping of layers, or refused with a Failure.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string text(reinterpret_cast<const char*>(data), size);
  mo::Diagnostics diagnostics;
  try {
    mo::custom::read_mapping(*mo::MappedFile::in_memory("map.xml", std::move(text)), diagnostics);
    for (const mo::Diagnostic& diagnostic : diagnostics.all()) mo::to_text(diagnostic);
  } catch (const mo::Failure& failure) {
    mo::to_text(failure.diagnostic());
  }
  return 0;
}
