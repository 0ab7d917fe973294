#include <cstddef>
#include <cstdint>
#include <string>

#include "caffe/mean_file.h"
#include "support/diagnostics.h"

// Any bytes are read as a mean image of three dimensions, or refused with a Failure.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string bytes(reinterpret_cast<const char*>(data), size);
  try {
    const mo::Tensor mean = mo::caffe::read_mean_file(mo::MappedFile::in_memory("mean", std::move(bytes)));
    if (mean.shape().size() != 3 || mean.values().empty()) __builtin_trap();
  } catch (const mo::Failure& failure) {
    mo::to_text(failure.diagnostic());
  }
  return 0;
}
