#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include "caffe/hdf5_reader.h"
#include "support/diagnostics.h"
#include "support/file.h"

// Any bytes are weights in HDF5, or refused with a Failure.  The library opens files by their true names
// alone, so that a file without one (memfd_create) would never be read.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  static const std::string path =
      std::filesystem::temp_directory_path() / ("weights_" + std::to_string(getpid()) + ".h5");
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  try {
    for (const mo::caffe::WeightLayer& layer : mo::caffe::read_hdf5_weights(mo::MappedFile::open(path)))
      for (const mo::Tensor& blob : layer.blobs) blob.values();
  } catch (const mo::Failure& failure) {
    mo::to_text(failure.diagnostic());
  }
  std::filesystem::remove(path);
  return 0;
}
