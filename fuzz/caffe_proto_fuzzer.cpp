#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include "custom/caffe_proto.h"
#include "support/diagnostics.h"

// Any bytes are a fork's schema, or refused with a Failure.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::string path =
      std::filesystem::temp_directory_path() / ("schema_" + std::to_string(getpid()) + ".proto");
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  try {
    mo::custom::read_caffe_proto(path);
  } catch (const mo::Failure& failure) {
    mo::to_text(failure.diagnostic());
  }
  std::filesystem::remove(path);
  return 0;
}
