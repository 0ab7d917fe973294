#include <pthread.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "caffe/hdf5_reader.h"
#include "caffe/hdf5_transfer.h"
#include "support/diagnostics.h"
#include "support/file.h"

// Of the sanitizers, where the target is built with them.
extern "C" void __sanitizer_set_death_callback(void (*callback)()) __attribute__((weak));

namespace {

void die_silently() {
  if (__sanitizer_set_death_callback != nullptr) __sanitizer_set_death_callback(nullptr);
}

}  // namespace

// Any bytes are weights in HDF5, or refused with a Failure, also where libhdf5 crashes on them.  The library
// opens files by their true names alone, so that a file without one (memfd_create) would never be read. What
// it has survived in its own process is read once more in this one, for what it covers here.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  // libhdf5's crashes are expected in its own process: they leave no artifact.
  [[maybe_unused]] static const int silent = pthread_atfork(nullptr, nullptr, die_silently);
  [[maybe_unused]] static const std::string begun = mo::caffe::hdf5_version();  // once, not in each process
  static const std::string path =
      std::filesystem::temp_directory_path() / ("weights_" + std::to_string(getpid()) + ".h5");
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  std::ofstream(path, std::ios::binary) << bytes;
  const auto file = mo::MappedFile::open(path);
  try {
    mo::caffe::read_hdf5_weights(file);
    for (const mo::caffe::WeightLayer& layer : mo::caffe::read_hdf5_weights_here(file))
      for (const mo::Tensor& blob : layer.blobs) blob.values();
  } catch (const mo::Failure& failure) {
    mo::to_text(failure.diagnostic());
  }
  mo::caffe::unpack(bytes, file);
  std::filesystem::remove(path);
  return 0;
}
