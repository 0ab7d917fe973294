#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "caffe/hdf5_reader.h"
#include "support/diagnostics.h"
#include "support/file.h"

// Any bytes are weights in HDF5, or refused with a Failure; the library reads them from a file in memory.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  static const int descriptor = ::memfd_create("weights", MFD_CLOEXEC);
  static const std::string path = "/proc/self/fd/" + std::to_string(descriptor);
  if (::ftruncate(descriptor, static_cast<off_t>(size)) != 0 ||
      ::pwrite(descriptor, data, size, 0) != static_cast<ssize_t>(size))
    return 0;
  try {
    for (const mo::caffe::WeightLayer& layer : mo::caffe::read_hdf5_weights(mo::MappedFile::open(path)))
      for (const mo::Tensor& blob : layer.blobs) blob.values();
  } catch (const mo::Failure& failure) {
    mo::to_text(failure.diagnostic());
  }
  return 0;
}
