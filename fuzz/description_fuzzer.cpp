#include <cstddef>
#include <cstdint>
#include <string>

#include "custom/user_layers.h"

// Any text describes a layer, or is refused with a Failure.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string text(reinterpret_cast<const char*>(data), size);
  try {
    const auto description =
        mo::custom::read_description(*mo::MappedFile::in_memory("layer.toml", std::move(text)));
    if (!description.types.empty() && (description.layer || !description.steps.empty()))
      mo::custom::make_described_layer(description);
  } catch (const mo::Failure& failure) {
    mo::to_text(failure.diagnostic());
  }
  return 0;
}
